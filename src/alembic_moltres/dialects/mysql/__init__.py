"""MySQL and MariaDB: `information_schema` is read, and temporary tables are probed.

impl                                           the interface for the rest of the package
errors                                         its error codes
executable_comments                            a script's /*! ... */, in a replay
replay_queries                                 a script's SHOW and DESCRIBE, in a replay
catalogue, information_schema                  the server's catalogue as rows
shown_tables, show_create                      its text, for what the catalogue lacks
sql_mode                                       its effect on that text, and on the models'
rows                                           tables in one form, for both sides
values, type_spellings                         the values of rows; types, labels of ENUM and SET
signatures                                     the signatures of rows
reflection                                     the database's tables: rows, values, signatures
expected, expected_columns, expected_rows      the models' tables: probes, DDL of columns, rows
probes                                         scratch tables
foreign_key_indexes                            the indexes that InnoDB creates for foreign keys
foreign_key_index_sql                          drops such an index with --sql
required_indexes                               adjusts changes so that each key keeps one
identity                                       changes of a column to an identity
index_lengths                                  prefix lengths that the server chooses
unstated                                       properties that a model need not state
unconfirmed                                    compares columns that could not be probed
alter_table, alter_columns, collected_columns  altering in one statement
current_columns, column_checks                 properties that altering a column must keep
options                                        a table's options
replayed_charset                               a script's CONVERT TO CHARACTER SET, in a replay
own_charsets                                   columns that a table's character set leaves alone
default_names, type_aliases                    generated names; types in hand-written DDL
facts, change_kinds, column_facts              what a change locks; sizes of tables
locks                                          GET_LOCK for upgrades
scratch                                        lists and drops the objects of a scratch database
stored_objects                                 views, routines, triggers, events, sequences
"""

from .impl import MySQLImpl

IMPL = MySQLImpl
