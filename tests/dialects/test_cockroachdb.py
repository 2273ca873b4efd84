"""CockroachDB: what `alembic upgrade --sql` writes for it, compared with `tests/golden/cockroachdb/*.sql`.

No server is needed: it is written to and not read. With MOLTRES_WRITE_GOLDEN=1 the files are written.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from alembic.util import CommandError

from alembic_moltres import check, column, computed, exclude, identity, unique
from tests.alembic_project import ProjectFactory
from tests.operations.context import offline

pytest.importorskip("sqlalchemy_cockroachdb")

GOLDEN = Path(__file__).parents[1] / "golden" / "cockroachdb"
NAMES = ("create", "alter", "enums", "drop")
URL = "cockroachdb+psycopg://root@localhost:26257/defaultdb"
NO_MODELS = "import sqlalchemy as sa\n\ntarget_metadata = sa.MetaData()\n"


@pytest.mark.parametrize("name", NAMES)
def test_a_script_is_written_as_the_file_says(name: str, alembic_project: ProjectFactory) -> None:
    project = alembic_project(NO_MODELS, URL)
    for each in NAMES:
        shutil.copy(GOLDEN / f"{each}.py", project.versions / f"{each}.py")
    before = dict(zip(NAMES, ("base", *NAMES), strict=False))[name]

    written = project.upgrade(f"{before}:{name}", sql=True)

    expected = GOLDEN / f"{name}.sql"
    if os.environ.get("MOLTRES_WRITE_GOLDEN") == "1":
        expected.write_text(written, encoding="utf-8")
    assert expected.read_text(encoding="utf-8") == written
    assert "DO $" not in written  # it has no blocks with handlers


def n(type_name: str, **stated: Any) -> Any:
    return column("n", type_name, **stated)


TOTAL = computed("a + b", persisted=True)


@pytest.mark.parametrize(
    ("current", "desired"),
    [
        pytest.param(n("INTEGER", autoincrement=True), n("INTEGER"), id="serial-ends"),
        pytest.param(n("INTEGER"), n("INTEGER", autoincrement=True), id="serial-begins"),
        pytest.param(n("INTEGER"), n("INTEGER", identity=identity()), id="identity-begins"),
        pytest.param(
            n("INTEGER", autoincrement=True), n("BIGINT", autoincrement=True), id="serial-retyped"
        ),
    ],
)
def test_what_numbers_a_column_is_refused_to_change(current: Any, desired: Any) -> None:
    def script(op: Any) -> None:
        with op.moltres_alter_table("t") as table:
            table.alter_column(current, desired)

    with pytest.raises(
        CommandError, match=r"^cockroachdb cannot change how the column 'n' autoincrements \(at"
    ):
        offline(URL, script)


@pytest.mark.parametrize(
    ("current", "desired", "expected"),
    [
        pytest.param(n("INTEGER"), n("BIGINT"), ["TYPE BIGINT"], id="integers"),
        pytest.param(n("VARCHAR(5)"), n("VARCHAR(9)"), ["TYPE VARCHAR(9)"], id="length"),
        pytest.param(n("INTEGER"), n("TEXT"), ["TYPE TEXT USING n::TEXT"], id="told"),
        pytest.param(
            n("BIGINT", nullable=False, identity=identity()),
            n("BIGINT"),
            ["DROP IDENTITY", "DROP NOT NULL"],
            id="identity-ends",
        ),
        pytest.param(n("INTEGER", computed=TOTAL), n("INTEGER"), ["DROP STORED"], id="computed"),
    ],
)
def test_each_action_is_a_statement(current: Any, desired: Any, expected: list[str]) -> None:
    def script(op: Any) -> None:
        with op.moltres_alter_table("t") as table:
            table.alter_column(current, desired)

    statements = [f"ALTER TABLE t ALTER COLUMN n {action};" for action in expected]
    assert statements == offline(URL, script).split("\n\n")[:-1]


def _reorder(op: Any) -> None:
    op.moltres_alter_enum("ENUM('a','b',name='m')", "ENUM('b','a',name='m')")


def _domain(op: Any) -> None:
    with op.moltres_alter_table("t") as table:
        table.add_column(n("postgresql.DOMAIN(INTEGER,name='d')"))


def _exclude(op: Any) -> None:
    with op.moltres_alter_table("t") as table:
        table.add_constraint(exclude(("a", "="), name="x"))


def _tablespace(op: Any) -> None:
    with op.moltres_alter_table("t") as table:
        table.set_options({"postgresql_tablespace": "fast"}, {})


def _nameless(op: Any) -> None:
    with op.moltres_alter_table("t" * 70) as table:
        table.drop_constraint(unique("a"))


def _check(op: Any) -> None:
    with op.moltres_alter_table("t") as table:
        table.drop_constraint(check("a > 0"))


@pytest.mark.parametrize(
    ("script", "message"),
    [
        pytest.param(_reorder, r"cannot reorder labels \(at the enum type 'm'\)", id="reordered"),
        pytest.param(_domain, r"has no domains \(at the type 'd'\)", id="domain"),
        pytest.param(_exclude, r"has no exclude constraints \(at the table 't'\)", id="exclude"),
        pytest.param(_tablespace, r"cannot change the option 'postgresql_tablespace'", id="option"),
        pytest.param(_nameless, r"unique constraint on \(a\) .* has no name", id="long-name"),
        pytest.param(_check, r"check constraint on \(.*\) .* has no name", id="check"),
    ],
)
def test_what_cockroachdb_cannot_is_refused_by_name(script: Any, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        offline(URL, script)


def test_a_nameless_unique_constraint_goes_by_the_rule() -> None:
    def script(op: Any) -> None:
        with op.moltres_alter_table("t") as table:
            table.drop_constraint(unique("a"))

    assert "DROP INDEX t@t_a_key CASCADE;\n\n" == offline(URL, script)
