"""Scripts as source text, and what they do when they run.

source          a script's source, and edits of it
moltres_calls   where it calls this package
live_names      where it uses SQLAlchemy objects of the application
freezer         replaces these by values
template        `script.py.mako`, with the constants below the functions
runs            the operations of its calls
effects         what each line changes: tables, rows, or objects kept as SQL text
renamed_items   what a script renames or drops
replays         replays of edited scripts
"""
