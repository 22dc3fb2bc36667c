"""From sufficient statistics to figures: one kind of figure a file, all cells at once."""
