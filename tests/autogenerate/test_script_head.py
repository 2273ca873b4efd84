"""The head of a script: names that collide with nothing, imports, and one entry that sorts last."""

from __future__ import annotations

from decimal import Decimal

import pytest
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import UpgradeOps
from alembic.runtime.migration import MigrationContext

from alembic_moltres.autogenerate.script.head import (
    ALWAYS_TAKEN,
    COMMENT,
    Constants,
    ScriptHead,
    camel_case,
    import_line,
)
from alembic_moltres.operations import MoltresCreateTableOp
from alembic_moltres.schema import TableSchema, column


def table(name: str, **options: object) -> TableSchema:
    return TableSchema(name, [column("id", "INTEGER", **options)])  # type: ignore[arg-type]


@pytest.fixture
def autogen_context() -> AutogenContext:
    migration_context = MigrationContext.configure(dialect_name="sqlite")
    return AutogenContext(migration_context, opts={}, autogenerate=False)


def test_equal_texts_share_a_constant() -> None:
    constants = Constants()
    assert [constants.table(table("a"), "A"), constants.table(table("a"), "Other")] == ["A", "A"]


def test_different_tables_of_one_name_are_numbered() -> None:
    constants = Constants()
    tables = [table("a"), table("b"), table("c")]
    assert [constants.table(each, "A") for each in tables] == ["A", "A2", "A3"]


@pytest.mark.parametrize(
    "wanted", ["None", "match", "print", "op", "sa", "column", "sql", "TableSchema", "revision"]
)
def test_names_that_mean_something_in_a_script_get_a_number(wanted: str) -> None:
    assert Constants().table(table("a"), wanted) == f"{wanted}2"


def test_every_helper_function_is_taken() -> None:
    assert ALWAYS_TAKEN >= {"foreign_key", "conv", "quoted_name", "uuid", "json"}


def test_names_of_the_template_and_of_other_imports_are_taken(
    autogen_context: AutogenContext,
) -> None:
    autogen_context.imports.add("from app.types import Point as Dot")
    constants = Constants.of(autogen_context)
    assert constants.table(table("a"), "Dot") == "Dot2"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("order_items", "OrderItems", id="words"),
        pytest.param("OrderItems", "OrderItems", id="camel"),
        pytest.param("ORDER_ITEMS", "OrderItems", id="capitals"),
        pytest.param("2020", "Table2020", id="digits"),
        pytest.param("+-", "Table", id="nothing-left"),
        pytest.param("größe", "Größe", id="letters"),
        pytest.param("\N{LATIN SMALL LIGATURE FI}sh", "Fish", id="as-python-reads-it"),
        pytest.param("a.b c%d", "ABCD", id="punctuation"),
    ],
)
def test_a_table_name_becomes_a_class_name(name: str, expected: str) -> None:
    assert expected == camel_case(name)


def test_the_import_line_is_broken_where_it_is_too_long() -> None:
    names = {
        "TableSchema",
        "check",
        "column",
        "foreign_key",
        "index",
        "primary_key",
        "unique",
        "sql",
    }
    line = import_line(names)
    assert line.startswith("from alembic_moltres import (\n    TableSchema,\n    check,\n")
    assert line.endswith("    unique,\n)")


def test_a_decimal_is_imported(autogen_context: AutogenContext) -> None:
    constants = Constants.of(autogen_context)
    constants.table(table("a", default=Decimal("1.5")), "A")
    constants.place(autogen_context)
    decimal, head = sorted(autogen_context.imports)
    assert decimal == "from decimal import Decimal"
    assert head.startswith("from alembic_moltres import TableSchema, column\n\n")


def test_one_entry_carries_everything_and_sorts_behind_the_others(
    autogen_context: AutogenContext,
) -> None:
    autogen_context.imports.add("import zzz")
    for name in "ab":
        constants = Constants.of(autogen_context)
        constants.table(table(name), name.upper())
        constants.place(autogen_context)
    autogen_context.imports.add("zzzz = 1")
    *others, head = sorted(autogen_context.imports)
    assert others == ["import zzz", "zzzz = 1"]
    assert isinstance(head, ScriptHead)
    assert [line for line in head.splitlines() if "=" in line or line == COMMENT] == [
        COMMENT,
        'A = TableSchema("a", [column("id", "INTEGER")])',
        'B = TableSchema("b", [column("id", "INTEGER")])',
    ]


def test_operations_made_by_hand_are_rendered_without_a_project() -> None:
    from alembic.autogenerate import render_python_code

    operations = UpgradeOps(
        [MoltresCreateTableOp.from_schema(table("order_items"), if_not_exists=True)]
    )
    assert "op.moltres_create_table(OrderItems, if_not_exists=True)" in render_python_code(
        operations
    )
