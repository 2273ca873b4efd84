"""Renamed labels of enum types, which defaults follow: PostgreSQL stores a label by its OID.

The comparison sees a label that goes and one that comes, and tables altered between the two. Once
it is known that the one became the other, the label is renamed before the tables are altered, and
what is left to alter is less, often nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ..datatypes import DataType
from .changes.alter_table import AlterTable
from .changes.base import Change
from .changes.columns import AlterColumn, ColumnChange
from .changes.enums_and_sequences import (
    AlterEnum,
    enum_identity,
    relabelled,
    relabelled_table,
    renamed_default,
    renamed_defaults,
)
from .changes.tables import CreateTable, DropTable
from .label_uses import strings_of, uses


def renamed_first(changes: Iterable[Change]) -> list[Change]:
    """Return changes in which labels are renamed before tables are altered.

    >>> from ..schema import column
    >>> old, new = "postgresql.ENUM('a',name='m')", "postgresql.ENUM('b',name='m')"
    >>> both = "postgresql.ENUM('b','a',name='m')"
    >>> default = AlterColumn(column("x", both, default="a"), column("x", both, default="b"))
    >>> (one,) = renamed_first(
    ...     [
    ...         AlterEnum(old, both),
    ...         AlterTable("t", None, (default,)),
    ...         AlterEnum(both, new, {"a": "b"}),
    ...     ]
    ... )
    >>> one == AlterEnum(old, new, {"a": "b"})
    True
    """
    made = list(changes)
    for last in [each for each in made if isinstance(each, AlterEnum) and each.renamed]:
        first = next((e for e in made if isinstance(e, AlterEnum) and _precedes(e, last)), None)
        if first is not None:
            made = _rename_first(made, first, last)
    return made


def _precedes(first: AlterEnum, last: AlterEnum) -> bool:
    """Tell whether the first adds the labels and the last removes the others."""
    return first is not last and first.types()[1] == last.types()[0]


def _rename_first(changes: Sequence[Change], first: AlterEnum, last: AlterEnum) -> list[Change]:
    old, new = first.types()[0], last.types()[1]
    renames = {a: b for a, b in last.renamed.items() if b not in old.args}
    removed = {str(label) for label in old.args if label not in new.args}
    if not renames:
        return list(changes)
    one = AlterEnum(first.current, last.desired, renames)
    between = list(_between(changes, (first, last), new, renames))
    altered = [each for each in between if isinstance(each, AlterTable)]
    tables = [each.table for each in between if isinstance(each, CreateTable | DropTable)]
    strings = strings_of(altered, tables)
    if removed == renames.keys() and not uses(strings, removed):
        others = {str(label) for label in new.args} - {*map(str, old.args), *renames.values()}
        one = replace(one, used=uses(strings, others))
        return [*_until(changes, first), one, *between, *_after(changes, last)]
    kept = {a: b for a, b in last.renamed.items() if a not in renames}
    return [
        *_until(changes, first),
        replace(first, renamed=renames),
        *_inner(changes, (first, last)),  # on the way back they change defaults before rows
        replace(last, renamed=kept),
        *_after(changes, last),
    ]


def _until(changes: Sequence[Change], first: Change) -> Sequence[Change]:
    return changes[: _position(changes, first)]


def _after(changes: Sequence[Change], last: Change) -> Sequence[Change]:
    return changes[_position(changes, last) + 1 :]


def _inner(changes: Sequence[Change], ends: tuple[Change, Change]) -> Sequence[Change]:
    first, last = (_position(changes, each) for each in ends)
    return changes[first + 1 : last]


def _position(changes: Sequence[Change], wanted: Change) -> int:
    return next(at for at, each in enumerate(changes) if each is wanted)


def _between(
    changes: Sequence[Change],
    ends: tuple[Change, Change],
    enum: DataType,
    renames: Mapping[str, str],
) -> Iterator[Change]:
    """Yield what is between two changes of an enum type, as it is with other labels."""
    for each in _inner(changes, ends):
        match each:
            case AlterTable():
                inside = tuple(_inside(each.changes, enum, renames))
                if inside:
                    yield replace(each, changes=inside)
            case CreateTable(table=table) | DropTable(table=table):
                renamed = renamed_defaults(table, enum_identity(enum), renames)
                yield replace(each, table=relabelled_table(renamed, enum))
            case _:
                yield each


def _inside(
    changes: Iterable[Change], enum: DataType, renames: Mapping[str, str]
) -> Iterator[Change]:
    identity = enum_identity(enum)
    for each in changes:
        if not isinstance(each, ColumnChange):
            yield each
            continue
        made = each.mapped(
            lambda column: relabelled(renamed_default(column, identity, renames), enum)
        )
        if not isinstance(made, AlterColumn) or made.current != made.desired:
            yield made
