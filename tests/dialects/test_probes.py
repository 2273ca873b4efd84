"""The engine that probes: each distinct probe once, packed; the subject of a failing pack found."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from alembic_moltres.dialects.base.probes import (
    Kind,
    Limits,
    Probe,
    Prober,
    ScratchTable,
    run_probes,
)
from alembic_moltres.dialects.mysql.probes import MySQLProber
from alembic_moltres.dialects.postgresql.probes import PostgreSQLProber

LIMITS = Limits(probes=4, columns=3, open=2, tables=3, indexes=5, caseless=True)


class SQLiteProber(Prober[str]):
    """Temporary tables of SQLite, whose stored text is read."""

    limits: ClassVar[Limits] = LIMITS

    def __init__(self, connection: sa.Connection, final: str = "never") -> None:
        super().__init__(connection)
        self.final = final
        self.groups: list[list[ScratchTable]] = []

    def read(self, tables: Sequence[ScratchTable]) -> Iterator[tuple[Probe, str]]:
        self.groups.append(list(tables))
        for table in tables:
            columns = [f'"{name}" {type_}' for name, type_ in table.columns.values()]
            parts = [f'"{n} c" DEFAULT ({probe.text})' for n, probe in enumerate(table.probes)]
            name = table.name or "scratch"
            statement = f'CREATE TEMPORARY TABLE "{name}" ({", ".join([*columns, *parts])})'
            self.connection.exec_driver_sql(statement)
            self.connection.exec_driver_sql(f'DROP TABLE "{name}"')
            yield from ((probe, probe.text.upper()) for probe in table.probes)

    def is_final(self, err: exc.DBAPIError) -> bool:
        return self.final in str(err.orig)


@pytest.fixture
def prober() -> Iterator[SQLiteProber]:
    with sa.create_engine("sqlite://").connect() as connection:
        yield SQLiteProber(connection)


def default(text: str, *columns: tuple[str, str], table: str = "") -> Probe:
    return Probe(Kind.DEFAULT, text, columns=columns, table=table)


def test_each_distinct_probe_is_run_once(prober: SQLiteProber) -> None:
    results = run_probes(prober, [default("1"), default("2"), default("1", table="of another")])
    assert {"1": "1", "2": "2"} == {probe.text: text for probe, text in results.given.items()}
    assert [2] == [len(table.probes) for [table] in prober.groups]


def test_tables_and_groups_keep_to_the_limits(prober: SQLiteProber) -> None:
    probes = [default(str(n), (f"a{n % 7}", "TEXT")) for n in range(60)]
    probes += [Probe(Kind.INDEX, str(n)) for n in range(60, 80)]
    results = run_probes(prober, probes)
    assert {str(n) for n in range(80)} == set(results.given.values())
    for group in prober.groups:
        probed = [probe for table in group for probe in table.probes]
        assert len(group) <= LIMITS.tables
        assert sum(probe.kind == Kind.INDEX for probe in probed) <= LIMITS.indexes
        assert all(len(table.probes) <= LIMITS.probes for table in group)
        assert all(len(table.columns) <= LIMITS.columns for table in group)


def test_columns_of_one_name_and_two_types_stand_in_two_tables(prober: SQLiteProber) -> None:
    run_probes(prober, [default("1", ("a", "TEXT")), default("2", ("A", "TEXT"))])
    assert [["1"], ["2"]] == [[p.text for p in table.probes] for table in prober.groups[0]]


def test_a_rejected_probe_does_not_affect_the_others_and_is_logged_on_one_line(
    prober: SQLiteProber, caplog: pytest.LogCaptureFixture
) -> None:
    probes = [default(str(n)) for n in range(30)] + [default("no such", table="users")]
    results = run_probes(prober, probes)
    assert 30 == len(results.given)
    assert ["no such"] == [probe.text for probe in results.rejected]
    assert [True] == ["users: no such (" in each.message for each in caplog.records]


def test_nothing_is_run_after_an_error_that_every_probe_would_have(
    prober: SQLiteProber, caplog: pytest.LogCaptureFixture
) -> None:
    prober.final = "near"
    bad = [Probe(Kind.CHECK, "no such", options=str(n), table="t") for n in range(12)]
    results = run_probes(prober, bad)
    assert 1 == len(prober.groups)
    assert results.given == results.rejected == {}
    assert "near" in str(results.unavailable)
    assert 1 == len(caplog.records)


def test_what_mentions_its_own_table_is_tried_again_under_that_name(
    pg_connection: sa.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    columns = (("a", "integer"),)
    own = Probe(Kind.CHECK, "users.a > 0", columns=columns, table="users")
    bad = Probe(Kind.CHECK, "others.a > 0", columns=columns, table="users")
    results = run_probes(PostgreSQLProber(pg_connection, []), [own, bad])
    assert {own: "(a > 0)"} == {probe: row.text for probe, row in results.given.items()}
    assert [bad] == list(results.rejected)
    assert 1 == len(caplog.records)


def test_mariadb_is_probed_for_the_others_where_one_is_rejected(
    mariadb_engine: sa.Engine, caplog: pytest.LogCaptureFixture
) -> None:
    good = [Probe(Kind.COLUMN, f"VARCHAR(9) DEFAULT 'x{n}'") for n in range(120)]
    bad = [Probe(Kind.COLUMN, "NO_SUCH_TYPE"), Probe(Kind.CHECK, "no_such(1)")]
    with mariadb_engine.connect() as connection, caplog.at_level(logging.WARNING):
        results = run_probes(MySQLProber(connection), [*good, *bad])
    assert set(good) == set(results.given)
    assert set(bad) == set(results.rejected)
    assert 1 == len(caplog.records)
    assert re.search(r"NO_SUCH_TYPE \(.+\); no_such\(1\) \(.+\)", caplog.text)
