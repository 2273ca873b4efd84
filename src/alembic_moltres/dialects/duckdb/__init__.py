"""DuckDB: its catalogue is read, temporary tables are probed, and it is altered as far as it goes.

impl                          what the rest of the package asks of it
alembic_impl                  what Alembic itself asks of it, which ships none
catalogue, rows               what the database says, as rows
values, type_spellings        the values of rows
signatures                    the signatures of rows
reflection                    the database's tables: rows, values, signatures
expected, compiled_columns    the models' tables: probes, rows, signatures
probes                        scratch tables
alter_table, obstacles        altering, one action a statement, and what stands in the way
create_table                  what cannot be created
enum_types                    types with a name of their own
"""

from .impl import DuckDBImpl

IMPL = DuckDBImpl
