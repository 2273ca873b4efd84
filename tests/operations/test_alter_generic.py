"""Altering where we have no words of our own: Alembic's, for SQL Server and Oracle, offline."""

from __future__ import annotations

from typing import Any

import pytest
from alembic.util import CommandError

from alembic_moltres.schema import check, column, index, unique
from tests.operations.context import offline


def block(op: Any) -> None:
    with op.moltres_alter_table("t", schema="s") as table:
        table.drop_index(index("ix", "mail"))
        table.drop_constraint(unique("mail", name="uq"))
        table.rename_column("mail", "email")
        table.add_column(column("age", "INTEGER", nullable=False, default=3))
        table.alter_column(
            column("n", "VARCHAR(5)"),
            column("n", "VARCHAR(9)", nullable=False, default="a%"),
            fill_null=True,
        )
        table.add_constraint(check("age > 0", name="ck"))
        table.create_index(index("ix", "email"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "mssql+pyodbc://",
            [
                "DROP INDEX ix ON s.t;",
                "ALTER TABLE s.t DROP CONSTRAINT uq;",
                "EXEC sp_rename 's.t.mail', email, 'COLUMN';",
                "ALTER TABLE s.t ADD age INTEGER NOT NULL DEFAULT 3;",
                "ALTER TABLE s.t ALTER COLUMN n VARCHAR(9) NULL;",
                "UPDATE s.t SET n = DEFAULT WHERE n IS NULL;",
                "ALTER TABLE s.t ALTER COLUMN n VARCHAR(9) NOT NULL;",
                "ALTER TABLE s.t ADD CONSTRAINT ck CHECK (age > 0);",
                "CREATE INDEX ix ON s.t (email);",
            ],
        ),
        (
            "oracle+oracledb://",
            [
                "DROP INDEX s.ix",
                "ALTER TABLE s.t DROP CONSTRAINT uq",
                "ALTER TABLE s.t RENAME COLUMN mail TO email",
                "ALTER TABLE s.t ADD age INTEGER DEFAULT 3 NOT NULL",
                "ALTER TABLE s.t MODIFY n VARCHAR2(9 CHAR)",
                "UPDATE s.t SET n = DEFAULT WHERE n IS NULL",
                "ALTER TABLE s.t MODIFY n NOT NULL",
                "ALTER TABLE s.t ADD CONSTRAINT ck CHECK (age > 0)",
                "CREATE INDEX s.ix ON s.t (email)",
            ],
        ),
    ],
)
def test_a_block_is_said_in_alembics_words(url: str, expected: list[str]) -> None:
    lines = offline(url, block).splitlines()
    assert expected == [line for line in lines if line in expected]


def test_what_a_dialect_cannot_say_is_refused_before_anything_is_written() -> None:
    def script(op: Any) -> None:
        with op.moltres_alter_table("t") as table:
            table.add_column(column("a", "INTEGER"))
            table.add_column(column("b", "postgresql.HSTORE"))

    with pytest.raises(
        CommandError, match=r"cannot compile column 't\.b' for mssql: mssql has no HSTORE; write"
    ):
        offline("mssql+pyodbc://", script)


@pytest.mark.parametrize(
    ("url", "altered"),
    [
        ("mssql+pyodbc://", "ALTER TABLE t ALTER COLUMN n BIGINT NULL;"),
        ("oracle+oracledb://", "ALTER TABLE t MODIFY n NUMBER(19)"),
    ],
)
def test_the_checks_of_an_altered_column_are_dropped_and_added(url: str, altered: str) -> None:
    def script(op: Any) -> None:
        with op.moltres_alter_table("t") as table:
            table.alter_column(
                column("n", "INTEGER", constraints=[check("n > 0", name="ck_old")]),
                column("n", "BIGINT", constraints=[check("n > 5", name="ck_new")]),
            )

    lines = [line.strip(";") for line in offline(url, script).splitlines() if "t" in line]
    assert lines == [
        "ALTER TABLE t DROP CONSTRAINT ck_old",
        altered.strip(";"),
        "ALTER TABLE t ADD CONSTRAINT ck_new CHECK (n > 5)",
    ]


@pytest.mark.parametrize("url", ["mssql+pyodbc://", "postgresql+psycopg://", "sqlite://"])
def test_an_option_of_a_column_that_no_dialect_has_is_our_error(url: str) -> None:
    unknown = column("n", "INTEGER", dialect_options={"sqlite_on_conflict_nul": "FAIL"})

    def added(op: Any) -> None:
        with op.moltres_alter_table("t") as table:
            table.add_column(unknown)

    def altered(op: Any) -> None:
        with op.moltres_alter_table("t") as table:
            table.alter_column(column("n", "INTEGER"), unknown)

    for script in (added, altered):
        with pytest.raises(
            CommandError,
            match=r"sqlite has no option 'sqlite_on_conflict_nul' .at the column 'n'.; did you mean",
        ):
            offline(url, script)


def test_options_of_a_table_are_refused() -> None:
    def script(op: Any) -> None:
        with op.moltres_alter_table("t") as table:
            table.set_options({"oracle_compress": True}, {})

    with pytest.raises(
        CommandError, match=r"set_options cannot be carried out on oracle .* op.execute"
    ):
        offline("oracle+oracledb://", script)
