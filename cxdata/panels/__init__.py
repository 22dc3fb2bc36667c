"""What a reader sees of figures: a finding with its chart and its table, the same on every surface.

A page's card, a slide and a sheet of a workbook are made from these. Every function takes the desk
and the scope first and then small values only, so that what it returns can be kept.
"""
