"""How fast the product is, as ratios to what cannot be faster: ``make bench``."""
