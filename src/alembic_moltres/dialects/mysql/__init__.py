"""MySQL and MariaDB: `information_schema` is read, and temporary tables are probed.

impl                                           what the rest of the package asks of it
catalogue, show_create                         what the server says, as rows
rows                                           one form for both sides
values, type_spellings                         the values of rows
signatures                                     the signatures of rows
reflection                                     the database's tables: rows, values, signatures
expected, expected_rows                        the models' tables: probes, rows, signatures
probes                                         scratch tables
unconfirmed                                    what is compared where it cannot be probed
alter_table, alter_columns, pending_columns    altering in one statement
options                                        a table's options
default_names, type_aliases                    what a server makes of no name, and of a type's text
"""

from .impl import MySQLImpl

IMPL = MySQLImpl
