"""What people enter in the product: views, stories, decisions, marks, goals, and who changed them.

It lives in a SQL database of its own, so that it survives restarts and is shared by processes, and
so that the curated tables stay what their sources say.
"""
