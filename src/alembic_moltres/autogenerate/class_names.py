"""Which mapped class a table has, for the name of its constant."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import InvalidRequestError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import sqlalchemy as sa
    from sqlalchemy.orm import Mapper


def class_names(tables: Iterable[sa.Table]) -> dict[sa.Table, str]:
    """Return the name of the class that each table is mapped to; a table without one is left out.

    Of several classes on one table (single-table inheritance) it is the base; of several unrelated
    ones, the first by name.

    >>> import sqlalchemy as sa
    >>> class_names([sa.Table("tags", sa.MetaData())])
    {}
    """
    wanted = set(tables)
    names: dict[sa.Table, str] = {}
    for mapper in _mappers():
        table = mapper.local_table
        if table not in wanted or mapper.single:
            continue
        name = mapper.class_.__name__
        names[table] = min(name, names.get(table, name))
    return names


def _mappers() -> Iterator[Mapper[Any]]:
    """Give every mapper there is; none if nobody has imported the ORM.

    SQLAlchemy has no public list of its registries, only of the mappers in each. A registry with a
    class that could not be mapped has not even that, and its tables are named after themselves.
    """
    mapperlib = sys.modules.get("sqlalchemy.orm.mapper")
    registries: Iterable[Any] = getattr(mapperlib, "_all_registries", tuple)()
    for registry in registries:
        with suppress(InvalidRequestError):
            yield from registry.mappers
