() => {
  // What a reader with weak eyes, a screen reader or a thumb would miss on the page as it stands.
  const parts = (colour) => {
    const found = (colour.match(/[\d.]+/g) || []).map(Number);
    if (found.length < 3) return null;
    const scale = colour.startsWith("color(srgb") ? 255 : 1;
    return [...found.slice(0, 3).map((x) => x * scale), found[3] ?? 1];
  };
  const over = (top, below) =>
    [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat([1]);
  const brightness = (colour) => {
    const [red, green, blue] = colour
      .slice(0, 3)
      .map((x) => x / 255)
      .map((x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [high, low] = [brightness(one), brightness(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const lineage = (element) => {
    const found = [];
    for (let at = element; at; at = at.parentElement) found.push(at);
    return found;
  };
  const ground = (element) =>
    lineage(element)
      .map((at) => parts(getComputedStyle(at).backgroundColor))
      .filter((colour) => colour && colour[3] > 0)
      .reverse()
      .reduce((below, colour) => over(colour, below), [255, 255, 255, 1]);
  const seen = (element) => {
    const box = element.getBoundingClientRect();
    const inside = box.right > 0 && box.width > 1 && box.height > 1;
    return inside && getComputedStyle(element).visibility !== "hidden";
  };
  const problems = [];

  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const text = words.currentNode.textContent.trim();
    const element = words.currentNode.parentElement;
    const skipped = "script, style, noscript, [aria-hidden=true], [disabled], .role-mark";
    if (!text || element.closest(skipped) || !seen(element)) continue;
    const style = getComputedStyle(element);
    const opacity = lineage(element).reduce((x, at) => x * getComputedStyle(at).opacity, 1);
    const svg = element.closest("svg");
    const ink = parts(svg ? style.fill : style.color);
    if (!ink || opacity === 0) continue;
    ink[3] *= opacity;
    const below = ground(svg || element);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 600);
    const found = contrast(over(ink, below), below);
    if (found < (isLarge ? 3 : 4.5)) problems.push(`pale ${found.toFixed(2)}: ${text}`);
  }

  const named = (element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("[aria-hidden=true], [role=img]").forEach((at) => at.remove());
    const ids = (element.getAttribute("aria-labelledby") || "").split(" ").filter(Boolean);
    return (
      element.getAttribute("aria-label") ||
      ids.map((id) => document.getElementById(id)?.textContent || "").join(" ").trim() ||
      copy.textContent.trim() ||
      element.closest("label")?.textContent.trim() ||
      (element.id && document.querySelector(`label[for="${CSS.escape(element.id)}"]`)?.textContent)
    );
  };
  const controls = "main :is(button, a[href], input, textarea, summary, [role=combobox])";
  for (const element of document.querySelectorAll(controls)) {
    if (!seen(element)) continue;
    const name = named(element);
    if (!name) problems.push(`nameless: ${element.outerHTML.slice(0, 120)}`);
    const box = (element.closest("label") || element).getBoundingClientRect();
    const isInline = element.closest("p, h1, h2, h3, h4");
    if (innerWidth < 700 && !isInline && Math.min(box.width, box.height) < 24)
      problems.push(`small ${Math.round(box.width)}x${Math.round(box.height)}: ${name}`);
  }
  for (const chart of document.querySelectorAll("[data-testid=stVegaLiteChart]"))
    if (!chart.getAttribute("aria-label")) problems.push("a chart without words");
  return [...new Set(problems)];
}
