"""Runs probes on DuckDB: scratch tables are temporary tables of a separate connection.

An error ends the transaction and there are no savepoints, so the caller's connection cannot be
used. `duplicate()` opens another one to the same database; closing it drops its tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import exc
from sqlalchemy.engine import Connection

from ...sqltext import POSTGRESQL
from ..base.probes import INDEXES, Kind, Limits, Probe, Prober, ScratchTable
from .catalogue import read_tables
from .rows import CheckRow, ColumnRow, IndexRow

Normalised = ColumnRow | CheckRow | IndexRow
"""The results for a column's definition, for a CHECK, and for an index."""

WHERE = ("temp", "main")
"""The database and schema of temporary tables."""


class DuckDBProber(Prober[Normalised]):
    """Creates, reads and drops scratch tables; it must be closed."""

    limits = Limits(probes=200, columns=500, tables=20, caseless=True)

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        path = connection.exec_driver_sql(
            "SELECT coalesce(nullif(current_setting('search_path'), ''), current_schema())"
        ).scalar()
        driver: Any = connection.connection.driver_connection
        self._own = driver.duplicate()
        self._errors: Any = connection.dialect.dbapi
        self._run(f"SET search_path = {POSTGRESQL.literal(str(path))}")

    def close(self) -> None:
        """Close the connection, which drops the temporary tables."""
        self._own.close()

    def read(self, tables: Sequence[ScratchTable]) -> Iterator[tuple[Probe, Normalised]]:
        made = {f"moltres_{at}": table for at, table in enumerate(tables)}
        try:
            for name, table in made.items():
                self._create(name, table)
            rows = {row.name: row for row in read_tables(self._run, WHERE, list(made))}
        finally:
            for name in made:
                self._run(f"DROP TABLE IF EXISTS temp.main.{name}")
        for name, table in made.items():
            columns = {row.name: row for row in rows[name].columns}
            checks = iter([row for row in rows[name].constraints if isinstance(row, CheckRow)])
            indexes = {row.name: row for row in rows[name].indexes}
            for at, probe in enumerate(table.probes):
                match probe.kind:
                    case Kind.CHECK:
                        yield probe, next(checks)
                    case Kind.INDEX:
                        yield probe, indexes[f"{name}_{at}"]
                    case _:
                        yield probe, columns[f"moltres_{at}"]

    def is_final(self, err: exc.DBAPIError) -> bool:
        return False

    def _create(self, name: str, table: ScratchTable) -> None:
        parts = [
            f"{POSTGRESQL.quoted_name(column)} {type_}" for column, type_ in table.columns.values()
        ]
        parts += [
            f"moltres_{at} {probe.text}"
            for at, probe in enumerate(table.probes)
            if probe.kind == Kind.COLUMN
        ]
        parts += [f"CHECK ({probe.text})" for probe in table.probes if probe.kind == Kind.CHECK]
        if not table.columns and not any(probe.kind == Kind.COLUMN for probe in table.probes):
            parts.insert(0, "moltres INTEGER")
        self._run(f"CREATE TEMPORARY TABLE {name} ({', '.join(parts)})")
        for at, probe in enumerate(table.probes):
            if probe.kind in INDEXES:
                self._run(f"CREATE INDEX {name}_{at} ON temp.main.{name} ({probe.text})")

    def _run(self, statement: str, parameters: Sequence[Any] = ()) -> Sequence[Sequence[Any]]:
        try:
            rows: list[tuple[Any, ...]] = self._own.execute(statement, list(parameters)).fetchall()
        except self._errors.Error as err:
            raise exc.DBAPIError(statement, None, err) from err
        return rows
