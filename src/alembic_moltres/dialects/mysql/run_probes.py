"""Asks the server how it spells things, many in one CREATE TEMPORARY TABLE.

Keys and all else stand inside: a separate CREATE INDEX or ALTER TABLE would commit (MySQL manual,
"Statements That Cause an Implicit Commit"; seen with MariaDB). ROLLBACK does not remove a temporary
table, so it is dropped in any case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import exc
from sqlalchemy.engine import Connection, CursorResult

from ...messages import get_logger
from .rows import ColumnRow
from .show_create import check_lines, column_lines, parse_column, table_collation
from .signatures import bare

log = get_logger(__name__)

NAME = "moltres_asks"
PACK = 50
"""Questions in one table: a row has 65,535 bytes, a table about 1,000 columns."""
NO_RIGHT = frozenset({1044, 1045, 1142, 1227, 1290, 1787, 1792, 1836})
"""What the server says when it will not make any temporary table for this user, or here."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A column's definition or a CHECK, on a table with these options.

    `needed` are the columns that an expression names, with their types.
    """

    options: str
    text: str
    check: bool = False
    needed: tuple[tuple[str, str], ...] = ()


ProbeResult = ColumnRow | str


@dataclass(slots=True)
class ScratchTable:
    """Questions that fit in one table."""

    options: str
    questions: list[Probe] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)

    def takes(self, question: Probe) -> bool:
        """Add the question if there is room and its columns are no others."""
        if question.options != self.options or len(self.questions) >= PACK:
            return False
        needed = {name.lower(): f"`{name}` {type_}" for name, type_ in question.needed}
        if any(self.columns.get(name, text) != text for name, text in needed.items()):
            return False
        self.columns |= needed
        self.questions.append(question)
        return True


class ProbeRunner:
    """Asks questions of one connection; what it will not answer is left out."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._refused = False
        self._collations: dict[str, str] = {}
        self.options: dict[str, tuple[str, str]] = {}
        """The character set and collation that a table with these options gets."""

    def run_probes(self, questions: Iterable[Probe]) -> dict[Probe, ProbeResult]:
        """Return the answers, each question asked once."""
        distinct = list(dict.fromkeys(questions))
        if distinct:
            statement = (
                "SELECT CHARACTER_SET_NAME, COLLATION_NAME FROM information_schema.COLLATIONS "
                "WHERE IS_DEFAULT = 'Yes'"
            )
            rows = self._connection.exec_driver_sql(statement)
            self._collations = {str(charset): str(collation) for charset, collation in rows}
        answers: dict[Probe, ProbeResult] = {}
        for pack in _packed(distinct):
            answers.update(self._answers(pack))
        return answers

    def _answers(self, pack: ScratchTable) -> Iterator[tuple[Probe, ProbeResult]]:
        if self._refused:
            return
        try:
            text = self._created(pack)
        except exc.DBAPIError as err:
            yield from self._in_parts(pack, err)
            return
        charset, collation = table_collation(text)
        collation = collation or self._collations.get(charset or "")
        self.options[pack.options] = (charset or "", collation or "")
        checks = dict(check_lines(text))
        columns = dict(column_lines(text))
        for at, question in enumerate(pack.questions):
            name = f"moltres_{at}"
            if question.check:
                yield question, bare(checks[name])
            else:
                yield question, parse_column(name, columns[name], collation, self._collations)

    def _in_parts(
        self, pack: ScratchTable, err: exc.DBAPIError
    ) -> Iterator[tuple[Probe, ProbeResult]]:
        """Ask the questions of a pack that failed in two parts, until the culprit is alone."""
        code = getattr(err.orig, "args", (None,))[0]
        if code in NO_RIGHT:
            self._refused = True
            log.warning("The database was not asked how it spells the models: %s", err.orig)
        elif len(pack.questions) == 1:
            log.warning("The database does not say how it spells %r: %s", *_told(pack, err))
        else:
            half = len(pack.questions) // 2
            for part in (pack.questions[:half], pack.questions[half:]):
                for smaller in _packed(part):
                    yield from self._answers(smaller)

    def _created(self, pack: ScratchTable) -> str:
        parts = [f"{text} NULL" for text in pack.columns.values()]
        parts += [
            f"CONSTRAINT moltres_{at} CHECK ({question.text})"
            if question.check
            else f"moltres_{at} {question.text}"
            for at, question in enumerate(pack.questions)
        ]
        parts.sort(key=lambda part: part.startswith("CONSTRAINT "))
        if all(question.check for question in pack.questions) and not pack.columns:
            parts.insert(0, "moltres INTEGER")
        try:
            self._run(f"CREATE TEMPORARY TABLE {NAME} ({', '.join(parts)}) {pack.options}")
            shown: tuple[Any, ...] = tuple(self._run(f"SHOW CREATE TABLE {NAME}").one())
        finally:
            if not (self._refused or self._connection.invalidated):  # it is gone with its tables
                self._run(f"DROP TEMPORARY TABLE IF EXISTS {NAME}")
        return str(shown[1])

    def _run(self, statement: str) -> CursorResult[Any]:
        return self._connection.exec_driver_sql(statement, None, {"no_parameters": True})


def _told(pack: ScratchTable, err: exc.DBAPIError) -> tuple[str, object]:
    return pack.questions[0].text, err.orig


def _packed(questions: Sequence[Probe]) -> list[ScratchTable]:
    """Distribute questions over few tables; those on the same columns come together."""
    packs: list[ScratchTable] = []
    for question in questions:
        for pack in packs[-10:]:
            if pack.takes(question):
                break
        else:
            pack = ScratchTable(question.options)
            pack.takes(question)
            packs.append(pack)
    return packs
