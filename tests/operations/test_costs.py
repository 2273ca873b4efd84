"""What one altered column costs: how often it is thawed, how often SQLite's catalogue is read."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from alembic_moltres.convert.columns import thaw_column
from alembic_moltres.schema import TableSchema, column, index
from tests.operations.context import offline
from tests.operations.sqlite_file import SQLiteFile

FEW, MANY = column("n", "VARCHAR(5)"), column("n", "INTEGER", nullable=False, default=3)


def calls(function: Callable[..., object], work: Callable[[], object]) -> int:
    """Count the calls of a function of ours while `work` runs; nothing is replaced."""
    count = 0

    def profile(frame: FrameType, event: str, _: object) -> None:
        nonlocal count
        count += event == "call" and frame.f_code is function.__code__

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("url", ["postgresql://", "mysql+pymysql://", "mssql+pyodbc://"])
def test_an_altered_column_is_thawed_once_as_it_was_and_once_as_it_will_be(url: str) -> None:
    def script(op: Any) -> None:
        with op.moltres_alter_table("t") as table:
            table.alter_column(FEW, MANY, fill_null=url != "mysql+pymysql://")

    assert 0 < calls(thaw_column, lambda: offline(url, script)) <= 2


def test_each_added_column_is_thawed_once() -> None:
    def script(op: Any) -> None:
        with op.moltres_alter_table("t") as table:
            for number in range(10):
                table.add_column(column(f"c{number}", "INTEGER"))

    assert calls(thaw_column, lambda: offline("postgresql://", script)) == 10


def test_a_created_table_thaws_each_column_once() -> None:
    table = TableSchema("t", [FEW, column("m", "TEXT")])
    script: Callable[[Any], object] = lambda op: op.moltres_create_table(table)  # noqa: E731
    assert calls(thaw_column, lambda: offline("postgresql://", script)) == 2


def catalogue_reads(statements: list[str]) -> list[str]:
    return [
        statement
        for statement in statements
        if statement.startswith("SELECT") and "sqlite_master" in statement
    ]


@pytest.fixture
def file(tmp_path: Path) -> SQLiteFile:
    script = "CREATE TABLE t (id INTEGER PRIMARY KEY, n VARCHAR(5)); CREATE INDEX ix_n ON t (n);"
    return SQLiteFile(tmp_path / "t.db", script)


@pytest.mark.parametrize(
    ("block", "readings"),
    [
        pytest.param(lambda t: t.add_column(column("m", "TEXT")), 0, id="add"),
        pytest.param(lambda t: t.rename_column("n", "m"), 0, id="rename"),
        pytest.param(lambda t: t.create_index(index("ix_id", "id")), 0, id="index"),
        pytest.param(
            lambda t: [t.drop_index(index("ix_n", "n")), t.drop_column(FEW)], 1, id="drop"
        ),
    ],
)
def test_sqlites_own_alter_table_reads_once_where_the_text_matters(
    file: SQLiteFile, block: Callable[[Any], object], readings: int
) -> None:
    assert len(catalogue_reads(file.alter(block, "t"))) == readings


def test_a_copy_is_planned_from_one_reading(file: SQLiteFile) -> None:
    """The other two are the checks: which tables refer to it, and what DROP TABLE has left."""
    statements = file.alter(lambda t: t.alter_column(FEW, MANY, fill_null=True), "t")
    plan, referring, left = catalogue_reads(statements)
    assert "sql" in plan.partition("FROM")[0]
    assert "pragma_foreign_key_list" in referring
    assert left.startswith("SELECT type, name FROM")
    assert statements.index(left) > statements.index('DROP TABLE "main"."t"')


def test_a_copy_of_a_table_without_indexes_and_triggers_looks_for_none(tmp_path: Path) -> None:
    file = SQLiteFile(tmp_path / "t.db", "CREATE TABLE t (id INTEGER PRIMARY KEY, n VARCHAR(5));")
    reads = catalogue_reads(file.alter(lambda t: t.alter_column(FEW, MANY), "t"))
    assert [read.partition(" ")[2][:9] for read in reads] == ["type, nam", "DISTINCT "]


def test_a_copy_behind_a_rename_reads_the_table_as_it_is_by_then(file: SQLiteFile) -> None:
    def block(table: Any) -> None:
        table.rename_column("n", "m")
        table.alter_column(column("m", "VARCHAR(5)"), column("m", "TEXT"))

    reads = [read for read in catalogue_reads(file.alter(block, "t")) if "tbl_name, sql" in read]
    assert len(reads) == 2


READING = {"reflection", "signatures", "expected", "catalogue", "probes", "align", "difference"}
WRITTEN = """
import sys
from alembic_moltres import TableSchema, column, index
from tests.operations.context import offline

def script(op):
    op.moltres_create_table(TableSchema("t", [column("id", "INTEGER", primary_key=True)]))
    with op.moltres_alter_table("t") as t:
        t.add_column(column("a", "VARCHAR(10)", default="new"))
        t.create_index(index("ix", "a"))
    with op.moltres_alter_table("t") as t:
        t.drop_index(index("ix", "a"))
        t.drop_column(column("a", "VARCHAR(10)", default="new"))

offline(sys.argv[1], script)
print(*(name for name in sys.modules if name.startswith("alembic_moltres.")))
"""


@pytest.mark.slow
@pytest.mark.parametrize("url", ["postgresql://", "sqlite://"])
def test_what_reads_a_database_is_not_imported_to_write_statements(url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WRITTEN, url], check=True, capture_output=True, text=True
    )
    imported = {name.rpartition(".")[2] for name in done.stdout.split()}
    assert "alter_table" in imported
    assert not READING & imported
