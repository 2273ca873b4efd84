"""The renames given with `-x moltres.rename=`, checked against both sides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ...dialects.base.reflection import Key
from ...diff import ColumnRename, Rename, TableRename
from .answers import Answers, RenameAnswer

Names = Mapping[Key, Collection[str]]
"""The column names of each table."""


def answered_renames(
    answers: Answers, current: Names, desired: Names, declared: Iterable[Rename]
) -> list[Rename]:
    """Return the renames given with `-x` that fit; they are noted as used.

    A rename fits if the old name is in the database and the new one in the models, and each is
    missing on the other side, unless another rename removes or adds it: so names can be swapped.

    Args:
        answers: of the command.
        current: the tables of the database.
        desired: the tables of the models.
        declared: the renames that the models declare.
    """
    known = {(r.schema, r.desired): r.current for r in declared if isinstance(r, TableRename)}
    tables = [each for answer in answers.renames for each in _tables(answer, current, desired)]
    tables = [each for each in tables if _fits_tables(each, tables, current, desired)]
    for _, each in tables:
        known[each.schema, each.desired] = each.current
    sides = _Sides(current, desired, known)
    columns = [each for answer in answers.renames for each in sides.columns(answer)]
    columns = [each for each in columns if sides.fits(each, columns)]
    answers.used.update(answer.value for answer, _ in (*tables, *columns))
    return [*(rename for _, rename in tables), *(rename for _, rename in columns)]


def _tables(
    answer: RenameAnswer, current: Names, desired: Names
) -> Iterator[tuple[RenameAnswer, TableRename]]:
    key = _as_key(answer.current)
    if key is None or key not in current:
        return
    wanted = _as_key(answer.desired)
    if wanted is not None and wanted[0] in {None, key[0]} and (key[0], wanted[1]) in desired:
        yield answer, TableRename(key[1], wanted[1], key[0])


def _as_key(parts: tuple[str, ...]) -> Key | None:
    """Return the table key that a dotted name may be."""
    if len(parts) == 1:
        return None, parts[0]
    return (parts[0], parts[1]) if len(parts) == 2 else None


def _fits_tables(
    pair: tuple[RenameAnswer, TableRename],
    others: Iterable[tuple[RenameAnswer, TableRename]],
    current: Names,
    desired: Names,
) -> bool:
    _, rename = pair
    leaving = {(each.schema, each.current) for _, each in others}
    coming = [(each.schema, each.desired) for _, each in others]
    before, after = (rename.schema, rename.current), (rename.schema, rename.desired)
    return (
        coming.count(after) == 1
        and (after not in current or after in leaving)
        and (before not in desired or before in coming)
    )


@dataclass(frozen=True, slots=True)
class _Sides:
    """The columns of both sides.

    Attributes:
        current: of the database.
        desired: of the models.
        former: the former names of renamed tables.
    """

    current: Names
    desired: Names
    former: Mapping[Key, str] = field(default_factory=dict)

    def columns(self, answer: RenameAnswer) -> Iterator[tuple[RenameAnswer, ColumnRename]]:
        """Yield the renames of columns that an answer may mean."""
        *table, old = answer.current
        key = _as_key(tuple(table)) if table else None
        if key is None:
            return
        of_name = [
            each
            for each in self.desired
            if each == key or (each[0] == key[0] and self.former.get(each) == key[1])
        ]
        new = answer.desired[-1]
        for schema, name in of_name:
            if old in self._before((schema, name)) and new in self.desired[schema, name]:
                yield answer, ColumnRename(name, old, new, schema=schema)

    def fits(
        self,
        pair: tuple[RenameAnswer, ColumnRename],
        others: Iterable[tuple[RenameAnswer, ColumnRename]],
    ) -> bool:
        """Tell whether the old name is free afterwards, and the new one before."""
        _, rename = pair
        key = rename.schema, rename.table
        same = [each for _, each in others if (each.schema, each.table) == key]
        leaving = [each.current for each in same]
        coming = [each.desired for each in same]
        return (
            coming.count(rename.desired) == leaving.count(rename.current) == 1
            and (rename.desired not in self._before(key) or rename.desired in leaving)
            and (rename.current not in self.desired[key] or rename.current in coming)
        )

    def _before(self, key: Key) -> Collection[str]:
        return self.current.get((key[0], self.former.get(key, key[1])), ())
