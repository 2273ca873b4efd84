"""The values: a table and everything that belongs to it, as a script contains it.

Pure: no SQLAlchemy, no Alembic, no connection.

tables, columns, constraints, indexes   what a table is made of
named_types                             enum types and domains
generated                               computed columns, identities, sequences
expressions, names                      SQL text; names with quoting or a convention
nul_names                               refuses NUL in names
dialects                                the names of the shipped dialects
base                                    the base of all values
item_text                               the text of an item for a person
constructors, sqlalchemy_arguments      the helper functions that scripts call
argument_kinds                          the kinds of their arguments
"""

from .base import FrozenMapping, Value
from .columns import ColumnDef, Default
from .constraints import (
    CheckConstraint,
    Constraint,
    ExcludeConstraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from .constructors import (
    check,
    column,
    computed,
    ddl,
    decimal,
    exclude,
    foreign_key,
    identity,
    index,
    json,
    primary_key,
    sequence,
    unique,
    uuid,
)
from .expressions import SQL, Now, sql
from .generated import Computed, Identity, Sequence
from .indexes import Index
from .names import conv, quoted_name
from .tables import DDL, TableSchema

__all__ = [
    "DDL",
    "SQL",
    "CheckConstraint",
    "ColumnDef",
    "Computed",
    "Constraint",
    "Default",
    "ExcludeConstraint",
    "ForeignKeyConstraint",
    "FrozenMapping",
    "Identity",
    "Index",
    "Now",
    "PrimaryKeyConstraint",
    "Sequence",
    "TableSchema",
    "UniqueConstraint",
    "Value",
    "check",
    "column",
    "computed",
    "conv",
    "ddl",
    "decimal",
    "exclude",
    "foreign_key",
    "identity",
    "index",
    "json",
    "primary_key",
    "quoted_name",
    "sequence",
    "sql",
    "unique",
    "uuid",
]
