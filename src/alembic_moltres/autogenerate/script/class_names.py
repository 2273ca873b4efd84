"""The mapped class of each table, for the name of its constant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import InvalidRequestError

from ... import sqla_compat

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.orm import Mapper


def class_names(tables: Iterable[sa.Table]) -> dict[sa.Table, str]:
    """Return the name of the class that each table is mapped to, if there is one.

    If several classes share one table (single-table inheritance) it is the base class; if they are
    unrelated, the first by name.

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
    """Yield every mapper; none if the ORM is not imported.

    A registry with a class that could not be mapped yields none; its tables are named after
    themselves.
    """
    for registry in sqla_compat.registries():
        with suppress(InvalidRequestError):
            yield from registry.mappers
