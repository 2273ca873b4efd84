"""DuckDB: its catalogue is read, temporary tables are probed; it is altered as far as possible.

impl                          the interface for the rest of the package
errors                        kinds of errors, by message
alembic_impl                  Alembic's impl, since it ships none; reserved words
catalogue, rows               the database's catalogue as rows
values, type_spellings        the values of rows
signatures                    the signatures of rows
reflection                    the database's tables: rows, values, signatures
expected, compiled_columns    the models' tables: probes, rows, signatures
probes                        scratch tables
alter_table, obstacles        altering, one action a statement; the dependents that block it
create_table                  refuses what DuckDB does not support
enum_types                    CREATE and DROP of enum types
stored_objects                views
"""

from .impl import DuckDBImpl

IMPL = DuckDBImpl
