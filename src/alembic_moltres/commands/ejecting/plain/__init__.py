"""Our values and changes as a plain Alembic script writes them.

writer        types, expressions, defaults, and the imports they need
columns       columns
constraints   constraints, indexes, whole tables
named_types   CREATE and DROP of named types and sequences
statements    the calls of `op` for a change
operations    the lines of an operation, with its types and sequences
alter_table   the calls of `op` for changes inside a table; block: their batches
alter_column  the calls for an altered column
copy_table    a table that is copied, as on SQLite
fallback      our own SQL, where Alembic has no equivalent
"""
