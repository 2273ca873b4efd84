"""Values and changes as a plain Alembic script writes them, without this package.

writer.py        types, expressions, defaults; what has to be imported
columns.py       columns
constraints.py   constraints, indexes, whole tables
named_types.py   CREATE and DROP of named types and sequences
statements.py    the calls of `op` for a change
operations.py    the lines for an operation, and the types that go with it
alter_table.py   the calls of `op` for the changes inside a table; block.py: the batches they are in
alter_column.py  those for an altered column
copy_table.py    a table that is copied
fallback.py      the SQL of this package's own operation, under a test of the dialect's name
"""
