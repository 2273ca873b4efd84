"""geoalchemy2's types, which are kept as their DDL text: what its event listeners do for them.

On PostgreSQL they do nothing that a table's value does not say. On MySQL and MariaDB they add a
SPATIAL index. On SQLite they call SpatiaLite's functions, which no value holds.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

PACKAGE: Final = "geoalchemy2"
WITH_PREFIX: Final = frozenset({"mysql", "mariadb"})
"""The dialects whose index of a geometry is SPATIAL."""
COVERED: Final = WITH_PREFIX | {"postgresql"}
"""The dialects on which a value says all that the listeners do."""


def is_spatial(type_: TypeEngine[Any]) -> bool:
    """Tell whether it is one of geoalchemy2's types."""
    return any(each.__module__.partition(".")[0] == PACKAGE for each in type(type_).__mro__)


def spatial_options(index: sa.Index, dialect: str) -> dict[str, str]:
    """Return the dialect options that the index of a geometry has on a database.

    Args:
        index: the one that geoalchemy2 has attached to the table.
        dialect: the name of the connected dialect.
    """
    columns = [each for each in index.expressions if isinstance(each, sa.Column)]
    if dialect not in WITH_PREFIX or len(columns) != 1 or not is_spatial(columns[0].type):
        return {}
    is_made = getattr(columns[0].type, "spatial_index", False) is True
    return {f"{dialect}_prefix": "SPATIAL"} if is_made else {}


def is_covered(listener: str, table: sa.Table, dialect: str) -> bool:
    """Tell whether a table's value has all that a listener of geoalchemy2 does.

    Args:
        listener: as `event: name`.
        table: that is created.
        dialect: the name of the connected dialect.

    >>> named = "after_create: geoalchemy2.admin.after_create"
    >>> users = sa.Table("users", sa.MetaData())
    >>> is_covered(named, users, "sqlite"), is_covered("after_create: app.f", users, "sqlite")
    (True, False)
    """
    if not listener.partition(": ")[2].startswith(f"{PACKAGE}."):
        return False
    return dialect in COVERED or not any(is_spatial(each.type) for each in table.columns)
