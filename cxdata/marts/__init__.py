"""customer_month and the summaries, built by SQL where the rows live, month by month."""
