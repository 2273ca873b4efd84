"""Changes as values: of all tables, and inside one.

Each knows its call in a script, its log message, its lines in a summary, the data that it loses,
its reverse, and how to apply itself to tables. Not here: how a change is detected, or carried out.

base                 the base class, and the tables that changes are applied to
columns              adds, drops, alters, renames a column
column_text          the text of an altered column
constraints          adds or drops a constraint
indexes              creates or drops an index
alter_table          the changes inside one table; its comment, options and generated names
tables               creates, drops, renames a table; the foreign keys of cycles
enums_and_sequences  creates, drops, alters enum types and sequences
domains              alters a domain
rename_type          renames an enum type or a domain
"""
