"""The net changes between two times of a range."""

from __future__ import annotations

from collections.abc import Sequence

from ...diff import Change
from ...errors import HistoryError
from ..scripts.renamed_items import RenamedItem
from .changes_between import changes_between
from .net_renames import renames_of, reused_name
from .points import Point, with_names


def net_changes(one: Point, other: Point, every: Sequence[RenamedItem]) -> list[Change]:
    """Return the changes between two points.

    Args:
        one: the first.
        other: a later one.
        every: what the range renames or drops, in order.

    Raises:
        HistoryError: a name is used again, and it is unknown when.
    """
    assert one.tables is not None  # noqa: S101 - both are of a section
    assert other.tables is not None  # noqa: S101
    renamed = every[one.renames : other.renames]
    again = reused_name(one.tables, renamed, other.tables)
    if again is not None:
        item = renamed[again]
        done = again if item.desired is not None else again + 1
        between = Point(one.position, item.tables, one.renames + done)
        if between.tables is None:
            raise HistoryError(
                f"the range drops {item.desired or item.current!r} and uses its name again; end "
                "the range before that, and begin another with it",
                item,
            )
        between = with_names(between)
        return [
            *net_changes(with_names(one), between, every),
            *net_changes(between, with_names(other), every),
        ]
    renames = renames_of(one.tables, renamed, other.tables)
    return changes_between(one.tables, other.tables, renames)
