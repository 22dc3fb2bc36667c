"""One metric a file: sufficient statistics as SQL expressions, interval, one-sentence definition."""
