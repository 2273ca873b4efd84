"""A time of a range, with its tables."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...history.catalogue.database import Catalogue

END = 1_000_000
"""The number of the end of a script, behind its statements."""


@dataclass(frozen=True, slots=True)
class Point:
    """A time of the range.

    Attributes:
        position: the number of the script, and that of the statement.
        tables: at that time; `None` if some are unknown.
        renames: how many of the range's renames were done before.
    """

    position: tuple[int, int]
    tables: Catalogue | None
    renames: int


def with_names(point: Point) -> Point:
    """Return a point whose constraints have the names that the server gave them.

    They depend on which constraints there were before.
    """
    if point.tables is None:
        return point
    named = point.tables.copy()
    named.tables = {
        key: replace(
            table,
            constraints=tuple(
                replace(each, name=named.name_of(table, each)) for each in table.constraints
            ),
        )
        for key, table in named.tables.items()
    }
    return replace(point, tables=named)
