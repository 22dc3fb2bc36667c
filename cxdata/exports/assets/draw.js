for (const place of document.querySelectorAll("[data-spec]")) {
  const spec = JSON.parse(document.getElementById(place.dataset.spec).textContent);
  window.draw(place, spec, { ast: true, actions: false, renderer: "svg" });
}
