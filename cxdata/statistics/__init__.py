"""Pure formulas: numpy in, numbers out. No tables, no SQL, no dates of today.

What a metric finisher applies to many cells takes arrays and returns arrays of the same shape; a
cell without data is NaN, never zero and never a warning. One estimator a file, with its source.
"""
