"""Changes as values: of all tables, and inside one.

Each knows its call in a script, its log message and its lines in a summary, what of the rows it
loses, its reverse, and how to apply itself to tables.
Not here: how a change is detected, or carried out.

base.py                 the base of all
columns.py              a column added, dropped, altered, renamed
column_text.py          what changes of an altered one, as text
constraints.py          a constraint added or dropped
indexes.py              an index created or dropped
alter_table.py          the changes inside one table; its comment and options
generated_names.py      names that a database gave and keeps
tables.py               a table created, dropped, renamed; the foreign keys of cycles
enums_and_sequences.py  enum types and sequences, objects outside the tables
domains.py              domains, too
"""
