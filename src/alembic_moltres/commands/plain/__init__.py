"""Our values and changes as a plain Alembic script writes them.

writer.py        types, expressions, defaults, and the imports they need
columns.py       columns
constraints.py   constraints, indexes, whole tables
named_types.py   CREATE and DROP of named types and sequences
statements.py    the calls of `op` for a change
operations.py    the lines of an operation, with its types and sequences
alter_table.py   the calls of `op` for changes inside a table; block.py: their batches
alter_column.py  the calls for an altered column
copy_table.py    a table that is copied, as on SQLite
fallback.py      our own SQL, where Alembic has no equivalent
"""
