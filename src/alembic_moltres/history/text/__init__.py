"""Statements of text: what each does to the catalogue, and what cannot be known of it.

statements.py    which statement it is
create_table.py  CREATE TABLE and DROP TABLE; alter_table.py: ALTER TABLE
columns.py       columns and constraints inside these
indexes.py       CREATE INDEX and DROP INDEX
types.py         named types and sequences
comments.py      COMMENT ON
outcome.py       what a statement was
cursor.py        a place in a statement
"""
