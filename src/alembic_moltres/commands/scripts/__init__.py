"""Scripts as source text, and what they do when they run.

source          a script's source, and edits of it
moltres_calls   where it calls this package
live_names      where it uses SQLAlchemy objects of the application
runs            the operations of its calls
replays         replays of edited scripts
"""
