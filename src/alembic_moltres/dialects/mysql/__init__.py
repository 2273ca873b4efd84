"""MySQL and MariaDB: `information_schema` is read, and temporary tables are probed.

impl                                           the interface for the rest of the package
errors                                         its error codes
catalogue, show_create                         the server's catalogue and text as rows
sql_mode                                       what a mode changes in these, and in the models' text
rows                                           one form for both sides
values, type_spellings                         the values of rows; types, labels of ENUM and SET
signatures                                     the signatures of rows
reflection                                     the database's tables: rows, values, signatures
expected, expected_rows                        the models' tables: probes, rows, signatures
probes                                         scratch tables
key_indexes                                    the indexes that are made for foreign keys
index_lengths                                  the prefixes that are indexed unasked
unstated                                       what a column has and no model states
unconfirmed                                    the comparison of what cannot be probed
alter_table, alter_columns, pending_columns    altering in one statement
current_columns                                what a column has that a script does not state
options                                        a table's options
default_names, type_aliases                    generated names; types in hand-written DDL
facts, column_facts, sizes                     what a change locks; how large tables are
locks                                          how upgrades wait for one another
scratch                                        what a scratch database has, and emptying it
stored_objects                                 what it has beside tables: views, routines, triggers
"""

from .impl import MySQLImpl

IMPL = MySQLImpl
