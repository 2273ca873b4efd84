"""Columns and tables that may have been renamed: a dropped one and a similar added one.

Nothing is decided here; the user is asked. Types are in the normal form of the comparison: a
dropped column has the type's name in the models if the database considers both equal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final, TypeAlias

from ..datatypes import DataType
from ..schema import ColumnDef, TableSchema
from .changes.base import table_key
from .renames import ColumnRename, Rename, TableRename

Choice: TypeAlias = tuple[Rename, ...]
"""A rename, or a chain of renames in the order in which they are carried out."""

FAMILIES: Final = (
    {"TINYINT", "SMALLINT", "MEDIUMINT", "INTEGER", "INT", "BIGINT"},
    {"DECIMAL", "NUMERIC"},
    {"REAL", "FLOAT", "DOUBLE", "DOUBLE_PRECISION"},
    {
        *("CHAR", "NCHAR", "VARCHAR", "NVARCHAR", "TEXT", "NTEXT", "CLOB", "CITEXT", "STRING"),
        *("TINYTEXT", "MEDIUMTEXT", "LONGTEXT"),
    },
    {"BLOB", "TINYBLOB", "MEDIUMBLOB", "LONGBLOB", "BINARY", "VARBINARY", "BYTEA"},
    {"TIMESTAMP", "DATETIME"},
    {"JSON", "JSONB"},
)
"""Groups of types whose values are valid for each other; lengths may differ."""
KEPT_EVERYWHERE: Final = frozenset(
    f"{action}{ending}"
    for action in ("created", "updated", "modified", "changed", "inserted", "deleted")
    for ending in ("", "_at", "_on", "_by", "_date", "_time")
)
"""Names of columns that are common to many tables."""
SIMILAR: Final = 0.6
"""The least similarity of two names of which one may be a correction of the other."""


@dataclass(frozen=True, slots=True)
class RenameCandidate:
    """A dropped column or table, and the renames that may explain it.

    Attributes:
        table: the schema and name of the dropped table, or of the column's table.
        column: the dropped column, `None` for a table.
        choices: the possible renames, the likeliest first.
    """

    table: tuple[str | None, str]
    column: str | None
    choices: tuple[Choice, ...]

    @property
    def place(self) -> tuple[tuple[str | None, str], str | None]:
        """The table, and its column."""
        return self.table, self.column


def column_candidates(current: TableSchema, desired: TableSchema) -> tuple[RenameCandidate, ...]:
    """Return the columns of a table that may have been renamed, in the order of the table.

    A column with a changed type may be part of a chain: `a` became `b`, which became `c`.

    Args:
        current: the table of the database after the known renames.
        desired: the table of the models.

    >>> from alembic_moltres.schema import column
    >>> before = TableSchema("users", [column("id", "INTEGER"), column("mail", "VARCHAR(20)")])
    >>> after = TableSchema("users", [column("id", "INTEGER"), column("email", "TEXT")])
    >>> (found,) = column_candidates(before, after)
    >>> found.column, found.choices
    ('mail', ((ColumnRename(table='users', current='mail', desired='email', schema=None),),))
    """
    names = {column.name for column in current.columns}
    wanted = {column.name: column for column in desired.columns}
    dropped = [each for each in current.columns if each.name not in wanted and _has_values(each)]
    new = [each for each in desired.columns if each.name not in names]
    if not dropped or not new:
        return ()
    replaced = [
        (each, wanted[each.name])
        for each in current.columns
        if each.name in wanted and not fits(each, wanted[each.name])
    ]
    paths = _Paths(_Keys.of(current), _Keys.of(desired), tuple(new), tuple(replaced))
    candidates = []
    for column in dropped:
        ways = sorted(paths.from_(column), key=lambda way: (len(way), _unlikeness(column, way[-1])))
        choices = tuple(_renames(desired, column, way) for way in ways)
        if choices:
            candidates.append(RenameCandidate(table_key(desired), str(column.name), choices))
    return tuple(candidates)


def _renames(table: TableSchema, column: ColumnDef, way: Sequence[ColumnDef]) -> Choice:
    names = [str(each.name) for each in (column, *way)]
    steps = [
        ColumnRename(str(table.name), old, new, schema=table.schema) for old, new in pairwise(names)
    ]
    return tuple(reversed(steps))


def _unlikeness(column: ColumnDef, became: ColumnDef) -> tuple[bool, float]:
    """Return a key that sorts the likeliest first; ties keep the order of the models."""
    same = (column.type_name, column.type_variants) == (became.type_name, became.type_variants)
    return not same, -round(likeness(column.name, became.name), 2)


def likeness(one: str, other: str) -> float:
    """Return the similarity of two names, from 0 to 1.

    >>> round(likeness("mail", "email"), 2), round(likeness("mail", "born"), 2)
    (0.89, 0.0)
    """
    return SequenceMatcher(None, one.lower(), other.lower(), autojunk=False).ratio()


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys of a table, to compare columns by what they refer to."""

    targets: dict[str, object]

    @classmethod
    def of(cls, table: TableSchema) -> _Keys:
        return cls(
            {
                column: (key.references_schema, key.references_table, referred)
                for key in table.foreign_keys
                for column, referred in zip(key.columns, key.references_columns, strict=True)
            }
        )


@dataclass(frozen=True, slots=True)
class _Paths:
    """The possible renames of a column, direct ones and chains.

    Attributes:
        before: the keys of the database's table.
        after: the keys of the models' table.
        new: the added columns.
        replaced: columns with a new type that does not fit, before and after.
    """

    before: _Keys
    after: _Keys
    new: tuple[ColumnDef, ...]
    replaced: tuple[tuple[ColumnDef, ColumnDef], ...]

    def from_(self, column: ColumnDef, passed: tuple[str, ...] = ()) -> Iterator[list[ColumnDef]]:
        """Yield the chains from a column to an added one, as lists of columns."""
        for each in self.new:
            if self._fit(column, each):
                yield [each]
        for before, after in self.replaced:
            if before.name not in passed and self._fit(column, after):
                for way in self.from_(before, (*passed, before.name)):
                    yield [after, *way]

    def _fit(self, old: ColumnDef, new: ColumnDef) -> bool:
        targets = self.before.targets.get(old.name), self.after.targets.get(new.name)
        return fits(old, new) and (None in targets or targets[0] == targets[1])


def _has_values(column: ColumnDef) -> bool:
    """Tell whether a column stores values, which a drop would lose."""
    return column.computed is None


def fits(old: ColumnDef, new: ColumnDef) -> bool:
    """Tell whether values of a column can be values of another one, according to their types.

    Lengths, nullability, defaults and comments may differ; an enum type may have more labels.

    >>> from alembic_moltres.schema import column
    >>> fits(column("a", "VARCHAR(20)"), column("b", "TEXT", nullable=False))
    True
    >>> fits(column("a", "INTEGER"), column("b", "UUID"))
    False
    """
    if not (_has_values(old) and _has_values(new)):
        return False
    if (old.type_name, old.type_variants) == (new.type_name, new.type_variants):
        return True
    before, after = DataType.parse(old.type_name), DataType.parse(new.type_name)
    return before == after or _family(before) == _family(after) != "" or _holds(before, after)


def _family(type_: DataType) -> str:
    """Return the group of a type; empty for a type without others in its group."""
    name = _bare(type_)
    if name == "TINYINT" and type_.kwargs.get("display_width") == 1:
        return "BOOLEAN"
    return next((min(family) for family in FAMILIES if name in family), "")


def _bare(type_: DataType) -> str:
    return type_.name.rpartition(".")[2]


def _holds(before: DataType, after: DataType) -> bool:
    """Tell whether it is an enum type with the same name, or with all labels of the other."""
    if _bare(before) != "ENUM" or _bare(after) != "ENUM":
        return False
    name = before.kwargs.get("name")
    return (name is not None and name == after.kwargs.get("name")) or (
        set(before.args) <= set(after.args)
    )


def table_candidates(
    removed: Sequence[TableSchema], added: Sequence[TableSchema], others: Iterable[TableSchema] = ()
) -> tuple[RenameCandidate, ...]:
    """Return the tables that may have been renamed, in the order of the dropped ones.

    Two tables are similar if more than half of their distinctive columns are: those other than a
    key like `id`, `created_at`, and columns that most other tables have as well.

    Args:
        removed: the dropped tables.
        added: the added tables.
        others: the other tables of the models.

    >>> from alembic_moltres.schema import column
    >>> columns = [column("id", "INTEGER"), column("name", "TEXT")]
    >>> (found,) = table_candidates(
    ...     [TableSchema("person", columns)], [TableSchema("people", columns)]
    ... )
    >>> found.choices
    ((TableRename(current='person', desired='people', schema=None),),)
    """
    usual = _usual(list(others))
    candidates = []
    for table in removed:
        rated = [
            (share, likeness(table.name, each.name), each)
            for each in added
            if each.schema == table.schema and (share := _share(table, each, usual)) > 1 / 2
        ]
        rated.sort(key=lambda each: (-round(each[0], 2), -round(each[1], 2), str(each[2].name)))
        choices = tuple(
            (TableRename(str(table.name), str(each.name), table.schema),) for _, _, each in rated
        )
        if choices:
            candidates.append(RenameCandidate(table_key(table), None, choices))
    return tuple(candidates)


def _usual(tables: Sequence[TableSchema]) -> frozenset[str]:
    """Return the columns that most tables have, if there are three tables or more."""
    if len(tables) < 3:
        return frozenset()
    counts = Counter(str(column.name).lower() for table in tables for column in table.columns)
    return frozenset(name for name, count in counts.items() if 2 * count > len(tables))


def _share(one: TableSchema, other: TableSchema, usual: frozenset[str]) -> float:
    """Return the fraction of the larger table's columns that both tables have."""
    ours, theirs = ([*_telling(each, usual)] for each in (one, other))
    by_name = {str(column.name).lower(): column for column in theirs}
    same = [
        column
        for column in ours
        if (counterpart := by_name.get(str(column.name).lower())) is not None
        and fits(column, counterpart)
    ]
    for column in same:
        del by_name[str(column.name).lower()]
    common = len(same) + _similar([each for each in ours if each not in same], by_name.values())
    return common / max(len(ours), len(theirs), 1)


def _similar(ours: Iterable[ColumnDef], theirs: Iterable[ColumnDef]) -> int:
    """Return the number of columns that have a counterpart with a similar name and type."""
    remaining, count = list(theirs), 0
    for column in ours:
        alike = [
            each
            for each in remaining
            if fits(column, each) and likeness(column.name, each.name) >= SIMILAR
        ]
        if alike:
            remaining.remove(max(alike, key=lambda each: likeness(column.name, each.name)))
            count += 1
    return count


def _telling(table: TableSchema, usual: frozenset[str]) -> Iterator[ColumnDef]:
    for column in table.columns:
        name = str(column.name).lower()
        if name not in usual and name not in KEPT_EVERYWHERE and name not in {"id", "uuid"}:
            yield column
