"""The net changes between two times of a range."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from ... import diff as changes
from ...datatypes import DataType
from ...diff.inherited_changes import Child, without_inherited_changes
from ...errors import HistoryError
from ...history.catalogue.database import Catalogue
from ...schema import TableSchema
from ...schema.named_types import NATIVE, PORTABLE, TypeKey, key_of_type, with_types
from ..scripts.effects import RenamedItem, staying
from .net_renames import renames_of, reused_name
from .points import Point, with_names


def net_changes(one: Point, other: Point, every: Sequence[RenamedItem]) -> list[changes.Change]:
    """Return the changes between two points.

    Args:
        one: the first.
        other: a later one.
        every: what the range renames, in order.

    Raises:
        HistoryError: a name is used again, and it is unknown when.
    """
    assert one.tables is not None  # noqa: S101 - both are of a section
    assert other.tables is not None  # noqa: S101
    renamed = every[one.renames : other.renames]
    again = reused_name(one.tables, renamed)
    if again is not None:
        between = Point(one.position, renamed[again].tables, one.renames + again)
        if between.tables is None:
            raise HistoryError(
                f"the range drops {renamed[again].desired!r} and renames "
                f"{renamed[again].current!r} to it; end the range before that, and begin "
                "another with it",
                renamed[again],
            )
        between = with_names(between)
        return [
            *net_changes(with_names(one), between, every),
            *net_changes(between, with_names(other), every),
        ]
    renames = renames_of(one.tables, renamed, other.tables)
    altered = _altered_types(one.tables, other.tables, renames)
    before = _with_native(staying(one.tables).values(), altered)
    after = _with_native(staying(other.tables).values(), altered)
    net = changes.diff(before, after, renames)
    return without_inherited_changes(net, {**_children(other.tables), **_children(one.tables)})


def _children(catalogue: Catalogue) -> dict[changes.TableKey, Child]:
    children = {key: catalogue.child_table(key) for key in catalogue.existing_children}
    return {key: Child(each.parents, own=each.own) for key, each in children.items()}


def _with_native(tables: Iterable[TableSchema], altered: Collection[TypeKey]) -> list[TableSchema]:
    """Return tables with the database's own type for enums whose labels change.

    A portable type is none of the database, so its labels belong to the column.
    """

    def native(type_: DataType) -> DataType:
        if type_.name != PORTABLE or key_of_type(type_) not in altered:
            return type_
        kept = {key: type_.kwargs[key] for key in ("name", "schema") if key in type_.kwargs}
        return DataType(NATIVE, type_.args, kept)

    return [
        replace(each, columns=tuple(with_types(column, native) for column in each.columns))
        for each in tables
    ]


def _altered_types(
    one: Catalogue, other: Catalogue, renames: Iterable[changes.AnyRename]
) -> set[TypeKey]:
    """Return the enum types whose labels change, under both names of a renamed one."""
    names = {
        (each.schema, each.current): (each.schema, each.desired)
        for each in renames
        if isinstance(each, changes.TypeRename)
    }
    pairs = ((key, names.get(key, key)) for key in one.types)
    return {
        key
        for pair in pairs
        if pair[1] in other.types and one.types[pair[0]].args != other.types[pair[1]].args
        for key in pair
    }
