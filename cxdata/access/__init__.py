"""Who may see what: the policy of whoever asks, and its key."""
