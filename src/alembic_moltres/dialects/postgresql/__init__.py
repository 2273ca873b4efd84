"""PostgreSQL: its catalogue is read, and temporary tables are probed.

impl                                           the interface for the rest of the package
errors                                         its error codes
catalogue                                      queries of the server's catalogue
replay_queries, replayed_pg_catalog            a script's queries in a replay; their rows
inspected                                      what an inspector tells in a replay
columns, constraints, indexes, named_types     rows as values, and the signatures of both sides
reflection                                     the database's tables
expected, expected_columns, expected_items     the models' tables: probes, then signatures
probe_ddl, probes                              the text that is probed, and scratch tables
unconfirmed                                    the comparison of what cannot be probed
text, type_spellings, sequence_options         parse PostgreSQL's text; its sequence defaults
type_aliases                                   types and defaults in hand-written DDL
alter_table, alter_columns, alter_enum         altering a table, a column, an enum type
alter_domain, rename_type                      altering a domain, renaming a type
types_and_sequences                            reads named types and sequences by their names
kept_properties                                what no model states of a column, an index
identity, column_types, casts, options         parts of an altered column or table
constraint_names, not_null_names, long_names   generated names; names above the limit
dependents                                     changes that a foreign key blocks
do_block, short_ddl                            DO blocks, long ones in `*.sql`; their summaries
type_ddl                                       CREATE and DROP of enum types and domains
locks                                          advisory locks of upgrades
facts, change_kinds, column_facts, type_facts  what a change locks; sizes of tables
scratch                                        lists and drops the objects of a scratch database
dump                                           the DDL of a whole database, from pg_dump
stored_objects                                 views, routines, triggers, types, sequences
"""

from .impl import PostgreSQLImpl

IMPL = PostgreSQLImpl
