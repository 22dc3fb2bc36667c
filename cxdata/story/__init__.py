"""From evidence to sentences: what moved, whether it is real, what it is worth."""
