"""Columns and tables that may have been renamed."""

from __future__ import annotations

import pytest

from alembic_moltres.diff import ColumnRename, TableRename
from alembic_moltres.diff.rename_candidates import column_candidates, fits, table_candidates
from alembic_moltres.schema import (
    ColumnDef,
    ForeignKeyConstraint,
    TableSchema,
    column,
    computed,
    foreign_key,
)


def found(
    before: list[ColumnDef],
    after: list[ColumnDef],
    keys: tuple[list[ForeignKeyConstraint], list[ForeignKeyConstraint]] = ([], []),
) -> dict[str | None, list[list[str]]]:
    """Return the candidates of a table: for each column the ways, as old and new names."""
    current = TableSchema("t", before, constraints=keys[0])
    desired = TableSchema("t", after, constraints=keys[1])
    return {
        each.column: [[_arrow(step) for step in choice] for choice in each.choices]
        for each in column_candidates(current, desired)
    }


def _arrow(step: object) -> str:
    assert isinstance(step, ColumnRename)
    return f"{step.current} -> {step.desired}"


def test_the_likeliest_comes_first_by_type_then_by_name() -> None:
    before = [column("mail", "VARCHAR(20)")]
    after = [column("a", "TEXT"), column("b", "VARCHAR(20)"), column("email", "VARCHAR(20)")]
    assert found(before, after) == {"mail": [["mail -> email"], ["mail -> b"], ["mail -> a"]]}


def test_a_candidate_has_a_place() -> None:
    tables = [TableSchema("t", [column(name, "INTEGER")], schema="s") for name in ("a", "b")]
    (candidate,) = column_candidates(*tables)
    assert candidate.place == (("s", "t"), "a")


def test_nothing_is_a_candidate_if_nothing_fits() -> None:
    assert found([column("a", "INTEGER")], [column("b", "UUID")]) == {}


def test_a_computed_column_is_no_candidate() -> None:
    derived = column("b", "INTEGER", computed=computed("a + 1"))
    assert found([column("a", "INTEGER")], [derived]) == {}
    assert found([derived], [column("a", "INTEGER")]) == {}


def test_a_column_that_is_replaced_is_a_step_of_a_chain() -> None:
    before = [column("a", "INTEGER"), column("b", "UUID")]
    after = [column("b", "INTEGER"), column("c", "UUID")]
    assert found(before, after) == {"a": [["b -> c", "a -> b"]]}


def test_a_chain_passes_a_column_once() -> None:
    before = [column("a", "INTEGER"), column("b", "UUID"), column("d", "DATE")]
    after = [column("b", "DATE"), column("d", "UUID"), column("c", "BOOLEAN")]
    assert found(before, after) == {}


def test_a_key_to_another_table_is_another_column() -> None:
    before, after = [column("a_id", "INTEGER")], [column("b_id", "INTEGER")]
    to_a, to_b = foreign_key("a_id", "a", "id"), foreign_key("b_id", "b", "id")
    assert found(before, after, ([to_a], [to_b])) == {}
    assert found(before, after, ([to_a], [])) == {"a_id": [["a_id -> b_id"]]}
    assert found(before, after, ([to_a], [foreign_key("b_id", "a", "id")])) == {
        "a_id": [["a_id -> b_id"]]
    }


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("INTEGER", "BIGINT", True),
        ("VARCHAR(20)", "mysql.LONGTEXT", True),
        ("mysql.TINYINT(display_width=1)", "INTEGER", False),
        ("mysql.TINYINT(display_width=4)", "INTEGER", True),
        ("UUID", "TEXT", False),
        ("ENUM('a',name='m')", "ENUM('b',name='m')", True),
        ("ENUM('a',name='m')", "ENUM('a','b',name='n')", True),
        ("ENUM('a',name='m')", "ENUM('b',name='n')", False),
        ("ENUM('a',name='m')", "TEXT", False),
    ],
)
def test_a_column_fits_by_its_type(before: str, after: str, *, expected: bool) -> None:
    assert fits(column("a", before), column("b", after)) is expected


def tables(*names: str, columns: list[ColumnDef], schema: str | None = None) -> list[TableSchema]:
    return [TableSchema(name, columns, schema=schema) for name in names]


NAMED = [column("id", "INTEGER"), column("name", "TEXT"), column("created_at", "TIMESTAMP")]


def test_a_table_is_a_candidate_by_the_columns_that_tell() -> None:
    (only,) = table_candidates(
        tables("person", columns=NAMED), tables("zoo", "people", columns=NAMED)
    )
    assert only.choices == ((TableRename("person", "people"),), (TableRename("person", "zoo"),))
    only_usual = [column("id", "INTEGER"), column("created_at", "TIMESTAMP")]
    assert not table_candidates(tables("a", columns=only_usual), tables("b", columns=only_usual))
    assert not table_candidates(
        tables("a", columns=NAMED), tables("a", columns=NAMED, schema="other")
    )


def test_what_most_tables_have_does_not_tell() -> None:
    others = tables("c", "d", "e", columns=[column("name", "TEXT")])
    removed, added = tables("a", columns=NAMED), tables("b", columns=NAMED)
    assert not table_candidates(removed, added, others)
    assert table_candidates(removed, added, others[:2])


def test_a_column_with_a_similar_name_counts_once() -> None:
    before = [column("mail", "TEXT"), column("emails", "TEXT"), column("n", "INTEGER")]
    after = [column("email", "TEXT"), column("born", "DATE"), column("n", "INTEGER")]
    assert table_candidates(tables("a", columns=before), tables("b", columns=after))
    fewer = [column("email", "TEXT"), column("born", "DATE"), column("m", "DATE")]
    assert not table_candidates(tables("a", columns=before), tables("b", columns=fewer))
