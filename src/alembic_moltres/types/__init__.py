"""Names for types: `VARCHAR(100)`, `postgresql.ARRAY(INTEGER)`, `CUSTOM('geometry')`.

standard                                   the names without a prefix, and `sql.*`
postgresql, mysql, sqlite, oracle, mssql   one table each: the names, the classes, the arguments
duckdb                                     the same of duckdb-engine's types
registration                               what a line of a table does, in both directions
registry                                   the class of each name; the one registry
freeze, thaw                               a SQLAlchemy type to its name and variants, and back
resolve, variants                          a type as one dialect sees it, and as several do
argument_checks                            the values that arguments of types take
custom                                     types that have DDL text only
third_party                                types of packages that bring a dialect
spatial                                    what geoalchemy2's listeners do for its types

Importing this imports no dialect; a dialect's table is read when its prefix or one of its classes
is first seen.
"""

from .custom import CustomType
from .freeze import FrozenType, freeze_type, sqlalchemy_type_to_moltres_type
from .registration import Registration
from .registry import TypeRegistry, register_type
from .thaw import (
    canonical_type_name,
    is_plain,
    moltres_type_to_sqlalchemy_type,
    plain_type,
    thaw_type,
)

__all__ = [
    "CustomType",
    "FrozenType",
    "Registration",
    "TypeRegistry",
    "canonical_type_name",
    "freeze_type",
    "is_plain",
    "moltres_type_to_sqlalchemy_type",
    "plain_type",
    "register_type",
    "sqlalchemy_type_to_moltres_type",
    "thaw_type",
]
