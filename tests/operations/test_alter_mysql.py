"""What MySQL and MariaDB have of their own: one ALTER TABLE, AUTO_INCREMENT, options, enum columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from alembic_moltres.schema import TableSchema, column, computed, index, primary_key, sql
from tests.dump import dump
from tests.operations.circle import altering, circle, create, execute, read
from tests.operations.context import offline, run

ID = column("id", "INTEGER", nullable=False, autoincrement=False)


def t(*columns: Any, **options: Any) -> TableSchema:
    return TableSchema("t", [ID, *columns], constraints=[primary_key("id")], **options)


def options(**stated: str) -> dict[str, str]:
    return {
        f"{dialect}_{name}": value
        for dialect in ("mysql", "mariadb")
        for name, value in stated.items()
    }


def n(*args: Any, **options: Any) -> Any:
    return column("n", *args, **options)


ROW = ("INSERT INTO t (id, n) VALUES (1, 'a')",)
NUMBER = ("INSERT INTO t (id, n) VALUES (1, 5)",)

CASES = [
    pytest.param(
        t(n("ENUM('a','b',name='m')")), t(n("ENUM('c','b','a',name='m')")), ROW, id="enum"
    ),
    pytest.param(
        t(n("VARCHAR(9)")),
        t(n("mysql.VARCHAR(9,charset='latin1',collation='latin1_bin')")),
        ROW,
        id="charset",
    ),
    pytest.param(t(n("INTEGER")), t(n("mysql.INTEGER(unsigned=True)")), NUMBER, id="unsigned"),
    pytest.param(
        t(n("INTEGER"), column("at", "TIMESTAMP", default=sql("CURRENT_TIMESTAMP"))),
        t(
            n("INTEGER"),
            column("at", "TIMESTAMP", default=sql("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")),
        ),
        NUMBER,
        id="on-update",
    ),
    pytest.param(
        t(n("INTEGER"), column("g", "INTEGER", computed=computed("n + 1", persisted=True))),
        t(n("INTEGER"), column("g", "INTEGER", computed=computed("n + 1", persisted=False))),
        NUMBER,
        id="stored-to-virtual",
    ),
    pytest.param(
        t(n("INTEGER"), column("g", "INTEGER", computed=computed("n + 1", persisted=True))),
        t(n("BIGINT"), column("g", "INTEGER", computed=computed("n + 1", persisted=True))),
        NUMBER,
        id="type-below-a-generated-column",
    ),
    pytest.param(
        t(n("TEXT")),
        t(
            n("TEXT"),
            indexes=[
                index(
                    "ft",
                    "n",
                    dialect_options={"mysql_prefix": "FULLTEXT", "mariadb_prefix": "FULLTEXT"},
                )
            ],
        ),
        ROW,
        id="fulltext",
    ),
    pytest.param(
        t(n("TEXT")),
        t(
            n("TEXT"),
            indexes=[index("ix", "n", dialect_options={"mysql_length": 5, "mariadb_length": 5})],
        ),
        ROW,
        id="prefix",
    ),
    pytest.param(
        t(n("INTEGER"), dialect_options=options(engine="InnoDB")),
        t(n("INTEGER"), dialect_options=options(engine="MyISAM")),
        NUMBER,
        id="engine",
    ),
    pytest.param(
        t(n("INTEGER"), dialect_options=options(row_format="DYNAMIC")),
        t(n("INTEGER"), dialect_options=options(row_format="COMPACT", comment="5%")),
        NUMBER,
        id="options",
    ),
    pytest.param(
        t(n("VARCHAR(9)"), dialect_options=options(charset="latin1")),
        t(
            n("VARCHAR(9)"),
            dialect_options=options(charset="utf8mb4", collate="utf8mb4_bin"),
        ),
        ROW,
        id="table-charset",
    ),
    pytest.param(
        TableSchema(
            "t",
            [column("id", "INTEGER", nullable=False), n("INTEGER", nullable=False)],
            constraints=[primary_key("id")],
        ),
        TableSchema(
            "t",
            [column("id", "INTEGER", nullable=False), n("INTEGER", nullable=False)],
            constraints=[primary_key("n")],
        ),
        NUMBER,
        id="another-key-counts",
    ),
]


@pytest.mark.parametrize(("old", "new", "inserts"), CASES)
def test_a_table_becomes_the_other_and_itself_again(
    mariadb_engine: sa.Engine, old: TableSchema, new: TableSchema, inserts: Sequence[str]
) -> None:
    done = circle(mariadb_engine, old, new, *inserts, query="SELECT id, n FROM t")

    assert done.new == done.changed
    assert done.old == done.changed_back
    assert done.rows == done.rows_changed == done.rows_back != []


def block(op: Any) -> None:
    with op.moltres_alter_table("t") as table:
        table.drop_index(index("ix", "mail"))
        table.rename_column("mail", "email")
        table.alter_column(
            column("email", "VARCHAR(9)"), column("email", "VARCHAR(20)", comment="5%")
        )
        table.drop_column(n("INTEGER"))
        table.add_column(column("age", "INTEGER"))
        table.set_comment("it's")
        table.create_index(index("ix", ["email", "age"]))


def test_a_block_is_one_statement_after_that_of_its_renames(mariadb_engine: sa.Engine) -> None:
    run(
        mariadb_engine,
        create(t(column("mail", "VARCHAR(9)"), n("INTEGER"), indexes=[index("ix", "mail")])),
    )
    execute(mariadb_engine, "INSERT INTO t (id, mail) VALUES (1, 'x')")

    executed = run(mariadb_engine, block)
    renamed, altered = [each for each in executed if not each.startswith(("SELECT", "SHOW"))]

    assert [(1, "x", None)] == read(mariadb_engine, "SELECT id, email, age FROM t")
    assert f"{renamed};\n\n{altered};\n\n" == offline(mariadb_engine.url, block)


def test_a_key_does_not_stop_counting_unsaid(mariadb_engine: sa.Engine) -> None:
    old = column("id", "INTEGER", nullable=False)
    run(mariadb_engine, create(TableSchema("t", [old], constraints=[primary_key("id")])))
    before = dump(mariadb_engine)

    def script(op: Any) -> None:
        with op.moltres_alter_table("t") as table:
            table.alter_column(old, column("id", "BIGINT", nullable=False))

    with pytest.raises(
        CommandError, match=r"'id' is an AUTO_INCREMENT .* write autoincrement=True"
    ):
        run(mariadb_engine, script)
    assert before == dump(mariadb_engine)


def test_an_option_without_a_default_is_refused(mariadb_engine: sa.Engine) -> None:
    old, new = t(dialect_options=options(engine="Aria")), t()
    run(mariadb_engine, create(old))
    with pytest.raises(
        CommandError, match=r"^MySQL cannot reset ENGINE .* pass the new value to set_options"
    ):
        run(mariadb_engine, altering([old], [new]))


@pytest.mark.parametrize("as_sql", [False, True], ids=["online", "--sql"])
def test_labels_of_an_enum_type_are_said_to_be_those_of_columns(
    mariadb_engine: sa.Engine, caplog: pytest.LogCaptureFixture, *, as_sql: bool
) -> None:
    def script(op: Any) -> None:
        op.moltres_alter_enum("ENUM('a',name='mood')", "ENUM('a','b',name='mood')")

    if as_sql:
        assert "" == offline("mariadb://", script).strip()
    else:
        run(mariadb_engine, script)
    (record,) = (each for each in caplog.records if "moltres_alter_enum" in each.getMessage())
    assert "changes nothing on mariadb, where each column has its labels" in record.getMessage()
