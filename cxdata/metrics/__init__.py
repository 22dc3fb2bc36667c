"""One metric a file: sufficient statistics as SQL, interval method, one-sentence definition."""
