"""The one gate to any row: metric, scope, grain and who asks in, evidence in small frames out."""

import pandas as pd

# Frames here are tens of rows with a few columns of text. Text in Arrow costs so much a column that
# it was a fifth of a page; the same type over Python's own strings means the same in every answer.
pd.set_option("mode.string_storage", "python")
