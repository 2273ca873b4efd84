"""The rows on which a change fails, and what of the rows it loses, whatever the database."""

from __future__ import annotations

import pytest

from alembic_moltres.diff import (
    AddColumn,
    AddConstraint,
    AddForeignKeys,
    AlterColumn,
    AlterEnum,
    AlterTable,
    Change,
    CreateIndex,
    CreateTable,
    DropConstraint,
    DropIndex,
)
from alembic_moltres.diff.changes.base import by_key
from alembic_moltres.diff.failures import failures_of
from alembic_moltres.diff.losses import lost_by_conversion
from alembic_moltres.schema import (
    ColumnDef,
    TableSchema,
    check,
    column,
    computed,
    exclude,
    foreign_key,
    index,
    primary_key,
    sql,
    unique,
)

MOOD, OTHER = "ENUM('a','b',name='mood')", "ENUM('a',name='other')"
USERS = TableSchema(
    "users",
    [column("id", "INTEGER"), column("mood", MOOD), column("old", OTHER), column("n", "INTEGER")],
)


def failing(*changes: Change) -> list[str]:
    """Return the texts of all rows that changes of `users` fail on."""
    change = AlterTable("users", None, changes)
    return [failure.text("users") for _, failure in failures_of(change, by_key([USERS]))]


def retyped(before: str, after: str) -> list[str]:
    return failing(AlterColumn(column("c", before), column("c", after)))


NEW = AddColumn(column("new", "INTEGER"))
FILLED = AddColumn(column("new", "INTEGER", nullable=False, default=0))


@pytest.mark.parametrize(
    ("changes", "texts"),
    [
        pytest.param(
            [AddColumn(column("a", "INTEGER", nullable=False))],
            ["any row of users: a is NOT NULL without a default"],
            id="column without a value",
        ),
        pytest.param(
            [FILLED, AddConstraint(unique("new"))],
            ["rows of users that repeat (new)"],
            id="constant",
        ),
        pytest.param([NEW, AddConstraint(unique("new"))], [], id="key of a column that is NULL"),
        pytest.param(
            [AddConstraint(unique(["n", "id"]))], ["rows of users that repeat (n, id)"], id="unique"
        ),
        pytest.param(
            [AddConstraint(primary_key("id"))], ["rows of users that repeat (id)"], id="key"
        ),
        pytest.param(
            [AddConstraint(check("n > 0"))],
            ["rows of users that violate CHECK (n > 0)"],
            id="check",
        ),
        pytest.param(
            [AddConstraint(check("n > 0", dialect_options={"postgresql_not_valid": True}))],
            [],
            id="check not validated",
        ),
        pytest.param(
            [AddConstraint(check("n > 0", dialect_options={"postgresql_not_valid": False}))],
            ["rows of users that violate CHECK (n > 0)"],
            id="check validated",
        ),
        pytest.param(
            [AddConstraint(exclude(("n", "="), name="ex"))],
            ["rows of users that violate ex"],
            id="exclude",
        ),
        pytest.param(
            [AddConstraint(exclude(("n", "=")))],
            ["rows of users that violate EXCLUDE"],
            id="exclude without a name",
        ),
        pytest.param(
            [AddConstraint(foreign_key("n", "a", "id", references_schema="s"))],
            ["rows of users whose (n) is not in s.a (id)"],
            id="foreign key",
        ),
        pytest.param(
            [CreateIndex(index("ix", ["n", sql("lower(n)")], unique=True))],
            ["rows of users that repeat (n, lower(n))"],
            id="unique index",
        ),
        pytest.param([CreateIndex(index("ix", "n"))], [], id="index"),
        pytest.param(
            [DropConstraint(unique("n", name="a")), AddConstraint(unique("n", name="b"))],
            [],
            id="unique under another name",
        ),
        pytest.param(
            [
                DropConstraint(foreign_key("n", "a", "id", name="a")),
                AddConstraint(foreign_key("n", "a", "id", name="b", on_delete="CASCADE")),
            ],
            [],
            id="foreign key with another action",
        ),
        pytest.param(
            [DropConstraint(check("n > 0", name="a")), AddConstraint(check("n > 0", name="b"))],
            [],
            id="check under another name",
        ),
        pytest.param(
            [DropIndex(index("a", "n", unique=True)), CreateIndex(index("b", "n", unique=True))],
            [],
            id="unique index under another name",
        ),
        pytest.param(
            [DropIndex(index("a", "n")), CreateIndex(index("b", "n", unique=True))],
            ["rows of users that repeat (n)"],
            id="index that becomes unique",
        ),
    ],
)
def test_rows_that_violate_what_is_added(changes: list[Change], texts: list[str]) -> None:
    assert failing(*changes) == texts


def test_rows_with_null_fail_unless_they_are_filled() -> None:
    before = column("n", "INTEGER")
    after = column("n", "INTEGER", nullable=False, default=0)
    assert failing(AlterColumn(before, after)) == ["NULL in users.n"]
    assert failing(AlterColumn(before, after, fill_null=True)) == []
    assert failing(AlterColumn(after, before)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("BIGINT", "INTEGER"),
        ("VARCHAR(20)", "VARCHAR(10)"),
        ("TEXT", "VARCHAR(10)"),
        ("VARCHAR(length=20)", "CHAR(10)"),
        ("DECIMAL(10,2)", "DECIMAL(9,2)"),
        ("DECIMAL(10,2)", "DECIMAL(10,1)"),
        ("DECIMAL(10,2)", "DECIMAL(10,3)"),  # seven digits before the point, which had eight
        ("DECIMAL", "DECIMAL(10)"),
    ],
)
def test_values_that_do_not_fit_into_a_narrower_type(before: str, after: str) -> None:
    assert retyped(before, after) == [
        f"values of users.c that do not fit into {column('c', after).type_name}"
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("INTEGER", "BIGINT"),
        ("VARCHAR(10)", "VARCHAR(20)"),
        ("VARCHAR(10)", "TEXT"),
        ("TEXT", "NTEXT"),
        ("DECIMAL(9,2)", "DECIMAL(10,2)"),
        ("DATE", "TIMESTAMP"),
        ("TIMESTAMP", "DATE"),
        (MOOD, "postgresql.ENUM('a','b',name='mood')"),
    ],
)
def test_no_value_fails_in_a_type_that_holds_all_of_them(before: str, after: str) -> None:
    assert retyped(before, after) == []


@pytest.mark.parametrize(
    ("before", "after"), [("VARCHAR(10)", "INTEGER"), ("TEXT", MOOD), ("TEXT", "DATE")]
)
def test_values_that_may_not_be_convertible(before: str, after: str) -> None:
    assert retyped(before, after) == [f"values of users.c that cannot be converted to {after}"]


def test_a_column_that_becomes_computed_has_no_value_that_fails() -> None:
    desired = column("c", "INTEGER", computed=computed("n + 1"))
    assert failing(AlterColumn(column("c", "TEXT"), desired)) == []


def test_labels_that_go_fail_where_the_type_is_the_columns_own() -> None:
    assert retyped("mysql.ENUM('a','b','c')", "mysql.ENUM('b')") == ["'a', 'c' in users.c"]
    assert retyped("mysql.ENUM('a')", "mysql.ENUM('a','b')") == []


def test_labels_that_go_fail_in_every_column_of_a_named_type() -> None:
    tables = by_key([USERS])
    change = AlterEnum(MOOD, "ENUM('c',name='mood')", {"a": "c"})
    assert [each.text("users") for _, each in failures_of(change, tables)] == ["'b' in users.mood"]
    more = AlterEnum(MOOD, "ENUM('a','b','c',name='mood')")
    assert [*failures_of(more, tables)] == []


def test_keys_of_a_cycle_fail_on_orphans_and_a_new_table_on_nothing() -> None:
    key = foreign_key("n", "a", "id", name="fk", use_alter=True)
    table = TableSchema("users", USERS.columns, constraints=[key])
    found = [each.text("users") for _, each in failures_of(AddForeignKeys(table), {})]
    assert found == ["rows of users whose (n) is not in a (id)"]
    assert [*failures_of(CreateTable(table), {})] == []


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        ("TIMESTAMP", "DATE", "the time of day"),
        ("DECIMAL(9,2)", "INTEGER", "the fractions"),
        ("DOUBLE", "REAL", "the last digits"),
        ("DECIMAL(9,2)", "DECIMAL(9,1)", "the last digits"),
        ("DECIMAL", "DECIMAL(9)", "the last digits"),
        ("DECIMAL(9,1)", "DECIMAL(9,2)", ""),
        ("INTEGER", "BIGINT", ""),
        ("INTEGER", "REAL", "the last digits"),
        ("SMALLINT", "REAL", ""),
        ("INTEGER", "DOUBLE", ""),
        ("BIGINT", "DOUBLE", "the last digits"),
        ("DECIMAL(6,2)", "REAL", ""),
        ("DECIMAL(7,2)", "REAL", "the last digits"),
        ("DECIMAL", "DOUBLE", "the last digits"),
        ("DOUBLE", "DECIMAL(9,2)", ""),
        ("REAL", "DOUBLE", ""),
        ("DOUBLE", "REAL(53)", ""),
        ("REAL(53)", "REAL", "the last digits"),
        ("sql.DOUBLE", "sql.REAL", "the last digits"),
        ("mysql.DOUBLE", "mysql.FLOAT", "the last digits"),
        ("DOUBLE", "BIGINT", "the fractions"),
        ("DATE", "TIMESTAMP", ""),
        ("mysql.DATETIME(fsp=6)", "DATE", "the time of day"),
        ("TIMESTAMP", "TIME", "the date"),
        ("TIMESTAMP(timezone=True)", "TIME", "the date"),
        ("DATE", "TIME", "the date"),
        ("TIME", "DATE", "the time of day"),
        ("TIMESTAMP(timezone=True)", "TIMESTAMP", "the time zone"),
        ("TIMESTAMP", "TIMESTAMP(timezone=True)", ""),
        ("TIME(timezone=True)", "TIME", "the time zone"),
        ("mysql.DATETIME(fsp=6)", "mysql.DATETIME(fsp=3)", "the fractions of seconds"),
        ("mysql.DATETIME(fsp=6)", "TIMESTAMP", "the fractions of seconds"),
        ("TIMESTAMP", "mysql.DATETIME(fsp=6)", ""),
        ("mysql.TIME(fsp=1)", "mysql.TIME", "the fractions of seconds"),
        ("postgresql.TIMESTAMP(precision=3)", "TIMESTAMP", ""),
        ("TIMESTAMP", "postgresql.TIMESTAMP(precision=3)", "the fractions of seconds"),
        ("VARCHAR(9)", "VARCHAR(5)", ""),
        ("TEXT", "VARCHAR(5)", ""),
        ("VARCHAR(9)", "INTEGER", ""),
    ],
)
def test_what_a_conversion_rounds_off(before: str, after: str, lost: str) -> None:
    columns: list[ColumnDef] = [column("c", each) for each in (before, after)]
    assert lost_by_conversion(*columns) == lost


def test_a_computed_column_loses_nothing() -> None:
    narrower = column("c", "INTEGER", computed=computed("a * 2"))
    assert "" == lost_by_conversion(column("c", "DOUBLE"), narrower)
