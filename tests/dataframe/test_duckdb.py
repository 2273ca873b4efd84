"""DuckDB: tables are made of models and in Moltres' own form, and tables without models know their columns."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from moltres.io.records import Records
from moltres.table.schema import column

from alembic_moltres import QueryError
from alembic_moltres.dataframe import Database, col, connect
from tests.dataframe.models import Tag

pytest.importorskip("duckdb_engine")


@pytest.fixture
def db() -> Iterator[Database]:
    with connect("duckdb:///:memory:") as database:
        for name in ("users", "orders"):
            database.create_table(
                name, [column("id", "INTEGER", primary_key=True), column("name", "TEXT")]
            ).collect()
            rows: list[dict[str, object]] = [{"id": 1, "name": name}]
            Records.from_list(rows, database=database).insert_into(name)
        yield database


def test_a_model_and_moltres_own_form_make_tables(db: Database) -> None:
    db.create_table(Tag).collect()
    assert db.table(Tag).select().collect() == []
    assert db.table("users").select().collect() == [{"id": 1, "name": "users"}]


def test_drop_and_rename_do_what_they_say_of_a_table_without_a_model(db: Database) -> None:
    users = db.table("users").select()
    assert users.drop("name").collect() == [{"id": 1}]
    assert users.withColumnRenamed("name", "called").collect() == [{"id": 1, "called": "users"}]
    assert users.where(col("id") == 1).drop("id").collect() == [{"name": "users"}]


def test_a_name_that_both_sides_of_a_join_have_is_refused_with_the_remedy(db: Database) -> None:
    joined = db.table("users").select().join(db.table("orders").select(), on="id")
    with pytest.raises(QueryError, match=r"in 'users' and in 'orders' .* qualify it"):
        joined.select("name")
    with pytest.raises(QueryError, match=r"qualify it, as in col\('users.name'\)"):
        joined.where(col("name") == "users")
    assert joined.select(col("orders.name")).collect() == [{"name": "orders"}]
