"""Charts: a frame in, an ``alt.Chart`` out; one kind of chart a file, one look for all."""

# Encodings are written as channels, alt.Y("low:Q"), never as bare strings: for each of those Altair
# hashes its whole schema anew, which takes longer than all the rest of a chart.
