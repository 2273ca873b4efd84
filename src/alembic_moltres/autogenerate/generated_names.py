"""Names that the database generated for items of a renamed table or column: they follow the rename.

Only where the database keeps the names and the model has none. An item that the model names keeps
its name; a dropped item is dropped by its current name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from ..dialects.base.impl import DialectImpl
from ..dialects.base.reflection import Key
from ..dialects.base.signatures import ReflectedTable
from ..diff import (
    AlterTable,
    Change,
    ColumnRename,
    Rename,
    RenameGeneratedNames,
    RenameTable,
    TableRename,
)
from ..diff.renames import as_renamed
from ..schema import CheckConstraint, Constraint, TableSchema
from .comparison_input import ComparisonInput
from .gather import CurrentTable, DesiredTable

Names = dict[str, str]


def with_generated_names(
    changes: Sequence[Change],
    renames: Iterable[Rename],
    given: ComparisonInput,
) -> list[Change]:
    """Return the changes, with the new names after each rename that generated names depend on.

    Args:
        changes: with the renames.
        renames: of tables and columns.
        given: of the comparison; the tables of its database have their old names.
    """
    models, database, impl = given.models, given.database, given.impl
    renames = tuple(renames)
    of_tables = {(r.schema, r.desired): r for r in renames if isinstance(r, TableRename)}
    if any(isinstance(c, RenameTable) and (c.schema, c.desired) not in of_tables for c in changes):
        return list(changes)  # tables swap their names, and their items keep theirs
    made: list[Change] = []
    behind: list[Change] = []
    for change in changes:
        if behind and not isinstance(change, RenameTable):
            made, behind = [*made, *behind], []
        key = (change.schema, change.desired) if isinstance(change, RenameTable) else None
        if key in of_tables:
            steps = _Steps(key, of_tables[key], (), models, database, impl, _dropped(changes, key))
            behind += [AlterTable(key[1], key[0], (each,)) for each in steps.of_table()]
        elif isinstance(change, AlterTable) and change.renamed_columns:
            key = change.key
            inside = [r for r in renames if isinstance(r, ColumnRename) and r.table == key[1]]
            if len(change.renamed_columns) != len(inside):
                made.append(change)  # columns swap their names
                continue
            dropped = _dropped(changes, key)
            steps = _Steps(key, of_tables.get(key), inside, models, database, impl, dropped)
            made.append(change.with_names_after_renames(steps.of_columns()))
            continue
        made.append(change)
    return [*made, *behind]


def _dropped(changes: Iterable[Change], key: Key) -> list[Constraint]:
    return [
        constraint
        for change in changes
        if isinstance(change, AlterTable) and change.key == key
        for constraint in change.dropped_constraints
    ]


def _content(constraint: Constraint) -> object:
    """Return what identifies a constraint without a name."""
    is_check = isinstance(constraint, CheckConstraint)
    return type(constraint), constraint if is_check else constraint.columns


class _Steps:
    """The new names in one table, after its own rename and its columns' renames."""

    def __init__(
        self,
        key: Key,
        rename: TableRename | None,
        columns: Sequence[ColumnRename],
        models: Mapping[Key, DesiredTable],
        database: Mapping[Key, CurrentTable],
        impl: DialectImpl,
        dropped: Collection[Constraint],
    ) -> None:
        former = rename.current if rename else key[1]
        self._existing: ReflectedTable = database[key[0], former].reflected
        self._impl = impl
        self._rename, self._columns = [rename] if rename else [], list(columns)
        self._kept = {item.name for item in (*dropped, *models[key].compared.constraints)}
        self._dropped = {_content(each) for each in dropped if each.name is None}

    def of_table(self) -> list[Change]:
        """Return the new names after the table's rename."""
        return _change(*self._names(self._existing.table, self._after(self._rename), {}))

    def of_columns(self) -> list[Change]:
        """Return the new names after the columns' renames, which follow those of `of_table`."""
        before = self._after(self._rename)
        done, counted = self._names(self._existing.table, before, {})
        after = self._after([*self._rename, *self._columns])
        return _change(*self._names(before, after, done | counted, dropped=self._dropped))

    def _after(self, renames: Iterable[Rename]) -> TableSchema:
        (renamed,) = as_renamed([self._existing.table], renames, self._impl.syntax)
        return renamed

    def _names(
        self,
        before: TableSchema,
        after: TableSchema,
        done: Mapping[str, str],
        dropped: Collection[object] = (),
    ) -> tuple[Names, Names]:
        """Return the names of constraints and of sequences that differ, new by old.

        Args:
            before: the table before a rename.
            after: the same table after it.
            done: the names that an earlier rename set.
            gone: constraints without a name that were dropped in between.
        """
        constraints: Names = {}
        taken = {done.get(str(item.name), str(item.name)) for item in before.constraints}
        existing = self._existing.constraints
        for each, old, new in zip(existing, before.constraints, after.constraints, strict=True):
            former = each.item.name
            if former is None or former in self._kept or each.inherited:
                continue
            if _content(each.item) in dropped:
                continue
            name = done.get(former, former)
            made = self._impl.generated_name(before, replace(old, name=None), ())
            if made is None or not _is_made(name, made):
                continue
            wanted = self._impl.generated_name(after, replace(new, name=None), taken - {name})
            if wanted is not None and wanted != name:
                constraints[name] = wanted
                taken = taken - {name} | {wanted}
        sequences: Names = {}
        columns = self._existing.table.columns
        for column, earlier, later in zip(columns, before.columns, after.columns, strict=True):
            sequence = self._existing.sequences.get(column.name, "")
            name = done.get(sequence, sequence)
            if name and name == self._impl.sequence_name(before.name, earlier.name):
                wanted = self._impl.sequence_name(after.name, later.name)
                sequences |= {name: wanted} if wanted != name else {}
        return constraints, sequences


def _change(constraints: Names, sequences: Names) -> list[Change]:
    return [RenameGeneratedNames(constraints, sequences)] if constraints or sequences else []


def _is_made(name: str, made: str) -> bool:
    """Tell whether it is the generated name, or the one with a number if that was taken."""
    return name == made or (name.startswith(made) and name[len(made) :].isdigit())
