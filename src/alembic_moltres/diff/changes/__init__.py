"""Changes as values: of all tables, and inside one.

Each knows its call in a script, its log message, its lines in a summary, the data that it loses,
its reverse, and how to apply itself to tables. Not here: how a change is detected, or carried out.

base.py                 the base class, and the tables that changes are applied to
columns.py              adds, drops, alters, renames a column
column_text.py          the text of an altered column
constraints.py          adds or drops a constraint
indexes.py              creates or drops an index
alter_table.py          the changes inside one table; its comment and options
generated_names.py      renames generated names
tables.py               creates, drops, renames a table; the foreign keys of cycles
enums_and_sequences.py  creates, drops, alters enum types and sequences
domains.py              alters a domain
"""
