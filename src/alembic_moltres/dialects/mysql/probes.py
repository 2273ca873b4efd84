"""Runs probes on MySQL and MariaDB: a scratch table is created, shown and dropped.

One CREATE TEMPORARY TABLE has all items: a separate CREATE INDEX or ALTER TABLE would commit (MySQL
manual, "Statements That Cause an Implicit Commit"; seen with MariaDB). ROLLBACK does not remove a
temporary table, so it is always dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, TypeAlias

from sqlalchemy import exc
from sqlalchemy.engine import CursorResult

from ...sqltext import MYSQL
from ..base.probes import Kind, Limits, Probe, Prober, ScratchTable
from .rows import CharsetRow, CheckRow, ColumnRow, LengthsRow
from .show_create import check_lines, column_lines, parse_column, table_collation
from .sql_mode import without_sql_mode

NAME = "moltres_probes"

NO_RIGHT = frozenset({1044, 1045, 1142, 1227, 1290, 1787, 1792, 1836})
"""The server's errors if this user, or this session, cannot create temporary tables."""

COLLATIONS = """SELECT CHARACTER_SET_NAME, COLLATION_NAME FROM information_schema.COLLATIONS
 WHERE IS_DEFAULT = 'Yes'"""

Normalised = ColumnRow | CheckRow | CharsetRow | LengthsRow
"""The results for a column's definition, a CHECK, a table's options, and an index."""

Lengths: TypeAlias = dict[str, list[int | None]]
"""The lengths of the parts of indexes, by name."""


class MySQLProber(Prober[Normalised]):
    """Creates, reads and drops scratch tables, one at a time."""

    limits = Limits(probes=50, columns=250, open=10, caseless=True)
    """A row has at most 65,535 bytes, a table about 1,000 columns."""

    def read(self, tables: Sequence[ScratchTable]) -> Iterator[tuple[Probe, Normalised]]:
        for table in tables:
            yield from self._read(table, *self._created(table))

    def is_final(self, err: exc.DBAPIError) -> bool:
        return getattr(err.orig, "args", (None,))[0] in NO_RIGHT

    def _read(
        self, table: ScratchTable, text: str, indexes: Lengths
    ) -> Iterator[tuple[Probe, Normalised]]:
        charset, collation = table_collation(text)
        collation = collation or self._collations.get(charset or "")
        checks = dict(check_lines(text))
        columns = dict(column_lines(text))
        for at, probe in enumerate(table.probes):
            name = f"moltres_{at}"
            match probe.kind:
                case Kind.OPTIONS:
                    yield probe, CharsetRow(charset or "", collation or "")
                case Kind.CHECK:
                    yield probe, CheckRow(name, checks[name])
                case Kind.INDEX:
                    yield probe, LengthsRow(tuple(indexes[name]))
                case _:
                    row = parse_column(name, columns[name], collation, self._collations)
                    yield probe, row

    @cached_property
    def _collations(self) -> dict[str, str]:
        """The default collation of each character set."""
        rows = self.connection.exec_driver_sql(COLLATIONS)
        return {str(charset): str(collation) for charset, collation in rows}

    def _created(self, table: ScratchTable) -> tuple[str, Lengths]:
        """Return the text of a scratch table, and the lengths of its indexes."""
        columns = table.columns.values()
        parts = [f"{MYSQL.quoted_name(name)} {type_} NULL" for name, type_ in columns]
        parts += [_part(at, probe) for at, probe in enumerate(table.probes)]
        parts.sort(key=lambda part: part.startswith("CONSTRAINT "))
        if parts[0].startswith("CONSTRAINT "):
            parts.insert(0, "moltres INTEGER")
        try:
            self._run(f"CREATE TEMPORARY TABLE {NAME} ({', '.join(parts)}) {table.options}")
            with without_sql_mode(self.connection):
                shown: tuple[Any, ...] = tuple(self._run(f"SHOW CREATE TABLE {NAME}").one())
            has_indexes = any(probe.kind == Kind.INDEX for probe in table.probes)
            return str(shown[1]), self._lengths() if has_indexes else {}
        finally:
            if not self.connection.invalidated:  # the server has dropped its tables
                self._run(f"DROP TEMPORARY TABLE IF EXISTS {NAME}")

    def _lengths(self) -> Lengths:
        lengths: Lengths = {}
        for row in self._run(f"SHOW INDEX FROM {NAME}").mappings():
            length = row["Sub_part"]
            lengths.setdefault(row["Key_name"], []).append(None if length is None else int(length))
        return lengths

    def _run(self, statement: str) -> CursorResult[Any]:
        return self.connection.exec_driver_sql(statement, None, {"no_parameters": True})


def _part(at: int, probe: Probe) -> str:
    """Return a part of CREATE TABLE."""
    match probe.kind:
        case Kind.CHECK:
            return f"CONSTRAINT moltres_{at} CHECK ({probe.text})"
        case Kind.INDEX:
            return f"INDEX moltres_{at} ({probe.text})"
        case _:
            return f"moltres_{at} {probe.text}"
