"""Charts: a frame in, an ``alt.Chart`` out; one kind of chart a file, one look for all."""
