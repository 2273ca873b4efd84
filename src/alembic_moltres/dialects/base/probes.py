"""Probes: how does the database normalise the models' text? Each distinct one is run once.

A probe is an item of a temporary table: a column, a constraint or an index. A scratch table has
many probes; a dialect's `Prober` creates such tables, reads them, and removes them. A group of
tables that fails is halved until the failing probe is alone; the others are not affected. Probes
that could not be run are logged once, and their texts are compared as they are.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Generic, TypeVar

from sqlalchemy import exc
from sqlalchemy.engine import Connection

from ...messages import get_logger
from .driver_messages import database_message

log = get_logger(__name__)

R = TypeVar("R")
"""The result that a dialect reads for a probe."""


class Kind(StrEnum):
    """The kind of text that is normalised."""

    COLUMN = "column"
    TYPE = "type"
    DEFAULT = "default"
    GENERATED = "generated"
    CHECK = "check"
    EXCLUDE = "exclude"
    INDEX = "index"
    UNIQUE_INDEX = "unique index"
    OPTIONS = "table options"


INDEXES = frozenset({Kind.EXCLUDE, Kind.INDEX, Kind.UNIQUE_INDEX})
"""The kinds that create an index in the database."""

OF_TABLE = INDEXES | {Kind.CHECK, Kind.GENERATED}
"""The kinds whose text may mention the table."""


@dataclass(frozen=True, slots=True)
class Probe:
    """How does the database normalise this text?

    Attributes:
        kind: of the text.
        text: the DDL.
        type: the column's, for a default or a generated column.
        columns: the columns that the text may mention, with their types.
        options: of the scratch table.
        table: the table's own name, for a second try, since some expressions mention it. It does
            not count for equality.
    """

    kind: Kind
    text: str
    type: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    options: str = ""
    table: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Limits:
    """The sizes of scratch tables and of groups of them.

    Attributes:
        probes: of a scratch table.
        columns: of a scratch table, besides the probes.
        open: the number of scratch tables that are filled at the same time.
        tables: of a group, created before they are read.
        indexes: of a group.
        caseless: whether names of columns that differ in case only are equal.
    """

    probes: int = 50
    columns: int = 250
    open: int = 40
    tables: int = 1
    indexes: int = 1000
    caseless: bool = False


@dataclass(slots=True)
class ScratchTable:
    """A temporary table with probes; without a `name` it may have any name."""

    name: str = ""
    options: str = ""
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)
    probes: list[Probe] = field(default_factory=list)

    def add(self, probe: Probe, limits: Limits) -> bool:
        """Add the probe if there is room and its columns have the same types."""
        if probe.options != self.options or len(self.probes) >= limits.probes:
            return False
        named = {(n.lower() if limits.caseless else n): (n, type_) for n, type_ in probe.columns}
        if self.probes and len(self.columns) + len(named) > limits.columns:
            return False
        if any(self.columns.get(key, column) != column for key, column in named.items()):
            return False
        self.columns |= named
        self.probes.append(probe)
        return True


@dataclass(frozen=True, slots=True)
class ProbeFailure:
    """Why the database rejects a probe."""

    reason: str


class Prober(ABC, Generic[R]):
    """Creates, reads and removes the scratch tables of one database."""

    limits: ClassVar[Limits]

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def unavailable(self) -> str | None:
        """Return why no temporary table can be created; `None` if one can."""
        return None

    @abstractmethod
    def read(self, tables: Sequence[ScratchTable]) -> Iterable[tuple[Probe, R | ProbeFailure]]:
        """Create the tables, return the result of each probe, and remove the tables.

        Raises:
            DBAPIError: one of the probes, or all, cannot be run.
        """

    @abstractmethod
    def is_final(self, err: exc.DBAPIError) -> bool:
        """Tell whether every other probe would fail as well."""


class ProbeSet(dict[Probe, Probe]):
    """The distinct probes that are to be run."""

    def add(self, probe: Probe) -> Probe:
        """Add a probe; return an equal one that was added before, if there is one."""
        return self.setdefault(probe, probe)


@dataclass(slots=True)
class ProbeResults(Generic[R]):
    """The results, the rejected probes with their reasons, and the reason why probing stopped."""

    given: dict[Probe, R] = field(default_factory=dict)
    rejected: dict[Probe, str] = field(default_factory=dict)
    unavailable: str | None = None


def run_probes(prober: Prober[R], probes: Iterable[Probe]) -> ProbeResults[R]:
    """Run each distinct probe once, and log what could not be probed.

    A rejected probe is run again in a scratch table with its table's own name, if it has one.
    """
    results: ProbeResults[R] = ProbeResults()
    distinct = list(dict.fromkeys(probes))
    if not distinct:
        return results
    results.unavailable = prober.unavailable()
    _run(prober, _packed(distinct, prober.limits), results)
    again = [
        each
        for each in distinct
        if each.table and each.kind in OF_TABLE and each not in results.given
    ]
    for tables in _packed_by_table(again, prober.limits):
        _run(prober, tables, results)
    for probe in results.rejected.keys() & results.given.keys():
        del results.rejected[probe]
    _log(results)
    return results


def _run(prober: Prober[R], tables: list[ScratchTable], results: ProbeResults[R]) -> None:
    for group in _groups(tables, prober.limits):
        if results.unavailable is None:
            _read(prober, group, results)


def _read(prober: Prober[R], tables: list[ScratchTable], results: ProbeResults[R]) -> None:
    """Read the tables; if that fails, each half of them, down to the single probe."""
    try:
        for probe, answers in prober.read(tables):
            if isinstance(answers, ProbeFailure):
                results.rejected[probe] = answers.reason
            else:
                results.given[probe] = answers
    except exc.DBAPIError as err:
        if err.connection_invalidated:
            raise
        if prober.is_final(err):
            results.unavailable = database_message(err)
        elif len(tables) == len(tables[0].probes) == 1:
            results.rejected[tables[0].probes[0]] = database_message(err)
        else:
            for half in _halves(tables, prober.limits):
                _run(prober, half, results)


def _halves(tables: list[ScratchTable], limits: Limits) -> tuple[list[ScratchTable], ...]:
    if len(tables) > 1:
        middle = len(tables) // 2
        return tables[:middle], tables[middle:]
    [table] = tables
    middle = len(table.probes) // 2
    return tuple(
        _packed(part, limits, name=table.name)
        for part in (table.probes[:middle], table.probes[middle:])
    )


def _packed(probes: Iterable[Probe], limits: Limits, *, name: str = "") -> list[ScratchTable]:
    """Return tables with all the probes, as few as columns of different types allow."""
    tables: list[ScratchTable] = []
    for probe in probes:
        if not any(table.add(probe, limits) for table in tables[-limits.open :]):
            tables.append(ScratchTable(name, probe.options))
            tables[-1].add(probe, limits)
    return tables


def _packed_by_table(probes: Iterable[Probe], limits: Limits) -> list[list[ScratchTable]]:
    """Return tables with the probes' own names, in groups without duplicate names."""
    groups: list[dict[str, ScratchTable]] = []
    for probe in probes:
        for group in groups:
            table = group.setdefault(probe.table, ScratchTable(probe.table, probe.options))
            if table.add(probe, limits):
                break
        else:
            groups.append({probe.table: ScratchTable(probe.table, probe.options)})
            groups[-1][probe.table].add(probe, limits)
    return [list(group.values()) for group in groups]


def _groups(tables: Iterable[ScratchTable], limits: Limits) -> Iterator[list[ScratchTable]]:
    group: list[ScratchTable] = []
    indexes = 0
    for table in tables:
        made = sum(probe.kind in INDEXES for probe in table.probes)
        if group and (len(group) >= limits.tables or indexes + made > limits.indexes):
            yield group
            group, indexes = [], 0
        group.append(table)
        indexes += made
    if group:
        yield group


def _log(results: ProbeResults[R]) -> None:
    if results.unavailable is not None:
        log.warning(
            "The database could not be probed (%s). Expressions are compared textually and assumed "
            "unchanged where that is inconclusive; let the user of this connection create "
            "temporary tables to compare them exactly.",
            results.unavailable,
        )
    rejected = {
        f"{probe.table and f'{probe.table}: '}{probe.text} ({reason})"
        for probe, reason in results.rejected.items()
    }
    if rejected:
        log.warning(
            "The database rejects these parts of the models, which are compared textually: %s",
            "; ".join(sorted(rejected)),
        )
