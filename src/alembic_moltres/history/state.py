"""`State`: the database after the scripts, as a value. Not here: how they are run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from ..diff import TableKey
from ..schema import FrozenMapping, Sequence, TableSchema
from ..schema.base import EMPTY


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a script; the line is 0 for the whole script."""

    revision: str
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class ScriptSQL:
    """SQL of a script about other objects than tables, types and sequences: views, grants, ..."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Something that a replay cannot know: its tables, the reason, and the line.

    `tables` is empty if the tables are unknown too; then the whole revision is uncertain. An
    `unfinished` script stopped before its end, and may make further tables.
    """

    reason: str
    place: Place
    text: str = ""
    tables: tuple[str, ...] = ()
    unfinished: bool = False

    def __str__(self) -> str:
        about = f"table {', '.join(self.tables)}" if self.tables else "revision"
        shown = " ".join(self.text.split())
        cut = f"{shown[:97]}..." if len(shown) > 100 else shown
        suffix = f": {cut}" if cut else ""
        return f"{self.place}: {about} uncertain, {self.reason}{suffix}"


@dataclass(frozen=True, slots=True)
class ChildTable:
    """A table that inherits, whose value in the state has what it declares itself.

    Attributes:
        table: with all that it inherits.
        parents: the tables that it inherits from.
        inherited: the names of the columns and constraints that the parents have.
        own: the names of those that stay if the parents lose them.
    """

    table: TableSchema
    parents: tuple[TableKey, ...]
    inherited: frozenset[str]
    own: frozenset[str]


@dataclass(frozen=True, slots=True)
class State:
    """The tables of a revision, by key, in the order of their creation.

    Attributes:
        tables: certain and uncertain ones.
        types: the named types that no column uses, in canonical form.
        sequences: those that no column uses.
        texts: SQL about other objects.
        uncertain: the uncertainties, by script and line.
        child_tables: the tables that inherit, by key.
        partitions: the keys of partitions; `tables` has those that were attached.

    >>> from alembic_moltres.schema import column
    >>> list(State().with_tables({"tags": TableSchema("tags", [column("name", "TEXT")])}).tables)
    ['tags']
    """

    tables: Mapping[str, TableSchema] = field(default=EMPTY)
    types: tuple[str, ...] = ()
    sequences: tuple[Sequence, ...] = ()
    texts: tuple[ScriptSQL, ...] = ()
    uncertain: tuple[Uncertain, ...] = ()
    child_tables: Mapping[str, ChildTable] = field(default=EMPTY)
    partitions: frozenset[str] = frozenset()

    def with_tables(self, tables: Mapping[str, TableSchema]) -> State:
        """Return the state with other tables."""
        return replace(self, tables=FrozenMapping(tables))

    def is_certain(self, key: str) -> bool:
        """Tell whether a table is certain."""
        return not any(key in each.tables for each in self.uncertain)

    @property
    def certain(self) -> Iterator[TableSchema]:
        """The certain tables."""
        unknown = {key for each in self.uncertain for key in each.tables}
        return (table for key, table in self.tables.items() if key not in unknown)
