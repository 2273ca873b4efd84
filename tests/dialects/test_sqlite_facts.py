"""The facts of SQLite beside what it does: a table that is copied has another root page."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.util import CommandError

from alembic_moltres import TableSchema, column, foreign_key, index, sql
from alembic_moltres.convert.dialects import shipped
from alembic_moltres.dialects.base.facts import Work
from alembic_moltres.dialects.base.registry import impl_of
from alembic_moltres.diff import AlterTable, CreateIndex, DropColumn, DropConstraint, Tables
from tests.circles.cases import SQLITE, Case
from tests.circles.test_changes import prepared
from tests.dialects.measured_facts import operations_of, parameters, prepare, tables_of


def roots(connection: sa.Connection) -> dict[str, int]:
    found = connection.exec_driver_sql(
        "SELECT name, rootpage FROM sqlite_master WHERE type = 'table'"
    )
    return {row.name: row.rootpage for row in found}


@pytest.mark.parametrize("case", list(parameters(SQLITE)))
def test_a_table_is_copied_where_the_facts_say_so(case: Case, sqlite_engine: sa.Engine) -> None:
    engine = prepared(case, sqlite_engine)
    prepare(case, engine)
    for source in (case.after, case.before):
        with engine.connect() as connection:
            operations = operations_of(connection, source)
        for operation in operations:
            change = operation.change
            with engine.connect() as connection:
                tables, before = tables_of(connection), roots(connection)
                facts = impl_of(connection.dialect).facts(change, tables)
                try:
                    Operations(MigrationContext.configure(connection)).invoke(operation)
                except CommandError:  # the rows are in the way
                    connection.rollback()
                    continue
                connection.commit()
                after = roots(connection)
            if isinstance(change, AlterTable):
                assert facts is not None
                (fact,) = facts.values()
                copied = before[change.name] != after[change.name]
                assert (fact.work is Work.REWRITE) == copied or fact.note, change


def test_nothing_is_known_of_a_change_that_cannot_be_rehearsed() -> None:
    table = TableSchema("t", [column("a", "INTEGER")])
    change = AlterTable("t", None, (CreateIndex(index("ix", sql("nowhere(a)"))),))
    assert impl_of(shipped("sqlite")).facts(change, {(None, "t"): table}) is None


def test_a_column_that_is_dropped_with_its_key_may_be_dropped_in_place() -> None:
    key = foreign_key("a", "parent", "id", name="fk_a")
    parent = TableSchema("parent", [column("id", "INTEGER", primary_key=True)])
    child = TableSchema("t", [column("id", "INTEGER"), column("a", "INTEGER")], constraints=[key])
    change = AlterTable("t", None, (DropConstraint(key), DropColumn(child.columns[1])))
    tables: Tables = {(None, str(each.name)): each for each in (parent, child)}
    facts = impl_of(shipped("sqlite")).facts(change, tables)
    assert facts is not None
    assert "in place where the column was added with the key" == facts[None, "t"].note
