"""The effect on the catalogue of SQL text.

statements    finds out which statement it is
create_table  CREATE TABLE and DROP TABLE; alter_table: ALTER TABLE
inheritance   INHERIT and NO INHERIT, ATTACH and DETACH PARTITION
columns       the columns and constraints in these
indexes       CREATE INDEX and DROP INDEX
types         named types and sequences; sequence_options: what a sequence has
comments      COMMENT ON
blocks        DO blocks; routines: functions that change tables
dynamic       the text of EXECUTE, and the statement of EXPLAIN ANALYZE
schemas       statements about schemas and other objects on which tables depend
names         the names in any statement, and as the database cuts long ones
cursor        a position in a statement; the kinds of results
"""
