"""From the analysis of figures to what a page shows: frames in, tiles and pictures out.

Every function takes the ticket and the scope first and then small values only, so that ``cache``
can keep what it returns.
"""
