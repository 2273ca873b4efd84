"""Anchors: revisions that hold every table as a value.

operation   `op.moltres_anchor()`
replayed    its effect on a replay
check       its comparison with a database
"""
