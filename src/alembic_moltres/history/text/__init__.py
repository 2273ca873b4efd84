"""The effect on the catalogue of SQL text.

statements.py    finds out which statement it is
create_table.py  CREATE TABLE and DROP TABLE; alter_table.py: ALTER TABLE
columns.py       the columns and constraints in these; charset.py: MySQL's character sets
indexes.py       CREATE INDEX and DROP INDEX
types.py         named types and sequences; sequence_options.py: what a sequence has
comments.py      COMMENT ON
blocks.py        DO blocks
outcome.py       the kinds of results
cursor.py        a position in a statement
"""
