"""Where rows live: a versioned store, a folder, a SQL database or a mix, each one engine."""
