"""What Moltres takes without models gives the same here as it gives there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import moltres
import pytest
from moltres.dataframe.core.dataframe import DataFrame as Theirs
from moltres.expressions import functions as F  # noqa: N812
from moltres.io.records import Records

from alembic_moltres.dataframe import async_connect, col, connect
from tests.dataframe.models import MODELS, ROWS

READING: dict[str, Callable[[Any], Any]] = {
    "select": lambda db: db.table("users").select("id", col("name").alias("n")),
    "star": lambda db: db.table("tags").select("*", (col("weight") + 1).alias("next")),
    "where": lambda db: db.table("tags").select().where((col("id") > 1) | (col("label") == "gift")),
    "text": lambda db: db.table("tags").select().where("id > 1"),
    "order": lambda db: db.table("tags").select().order_by(col("label").desc()),
    "limit": lambda db: db.table("tags").select().order_by("id").limit(1),
    "distinct": lambda db: db.table("orders").select("user_id").distinct(),
    "group": lambda db: (
        db.table("orders").select().group_by("user_id").agg(F.sum(col("amount")).alias("s"))
    ),
    "pivot": lambda db: (
        db.table("tags").select().group_by("id").pivot("label", ["gift"]).agg(F.sum(col("weight")))
    ),
    "window": lambda db: db.table("orders").select(
        "id", F.row_number().over(order_by=col("id")).alias("n")
    ),
    "join": lambda db: (
        db.table("users").select("name", "id").join(db.table("tags").select(), on=[("id", "id")])
    ),
    "join-on-condition": lambda db: (
        db.table("orders")
        .select()
        .join(db.table("users").select(), on=[col("orders.user_id") == col("users.id")])
    ),
    "left": lambda db: (
        db.table("users").select().join(db.table("orders").select(), on="id", how="left")
    ),
    "cross": lambda db: (
        db.table("tags").select().crossJoin(db.table("parcels").select("sender_id"))
    ),
    "semi": lambda db: (
        db.table("users")
        .select("id")
        .semi_join(db.table("orders").select(), on=[("id", "user_id")])
    ),
    "union": lambda db: db.table("users").select("id").union(db.table("tags").select("id")),
    "union-all": lambda db: db.table("users").select("id").unionAll(db.table("tags").select("id")),
    "intersect": lambda db: db.table("users").select("id").intersect(db.table("tags").select("id")),
    "except": lambda db: db.table("users").select("id").except_(db.table("tags").select("id")),
    "subquery": lambda db: (
        db.table("users").select("id").where(col("id").isin(db.table("orders").select("user_id")))
    ),
    "sql": lambda db: db.sql("SELECT id FROM tags WHERE id = :id", id=2),
    "drop": lambda db: db.table("tags").select("id", "label").drop("label"),
    "rename": lambda db: db.table("tags").select("id", "label").withColumnRenamed("label", "l"),
    "columns": lambda db: db.table("tags").select()[["id", "label"]],
    "lock": lambda db: db.table("tags").select().select_for_update(),
}


@pytest.fixture
def both(any_url: str) -> Any:
    """Give a database of Moltres' and one of ours; Moltres knows MariaDB by the name of MySQL."""
    url = any_url.replace("mariadb+", "mysql+", 1)
    with connect(url) as ours, moltres.connect(url) as theirs:
        for model in MODELS:
            ours.create_table(model).collect()
        for model, rows in ROWS:
            ours.insert(model, rows)
        yield theirs, ours


def test_every_query_gives_the_same_rows(both: Any) -> None:
    for name, query in READING.items():
        theirs, ours = (sorted(query(db).collect(), key=repr) for db in both)
        assert [] != theirs, name
        assert theirs == ours, name


@pytest.mark.parametrize(
    "call",
    [
        lambda db: db.table("tags").columns(),
        lambda db: sorted(db.get_table_names()),
        lambda db: db.reflect_table("tags"),
        lambda db: db.table("tags").select().count(),
        lambda db: db.table("tags").select().order_by("id").first(),
        lambda db: db.table("tags").select().columns,
        lambda db: db.table("tags").select().dtypes,
        lambda db: db.insert("tags", [{"id": 9, "label": "x", "weight": 1}]),
        lambda db: db.update("tags", where=col("id") == 1, set={"weight": 3}),
        lambda db: db.merge("tags", [{"id": 1, "label": "y", "weight": 2}], on=["id"]),
        lambda db: Records.from_list(
            [{"id": 8, "label": "x", "weight": 1}], database=db
        ).insert_into("tags"),
        lambda db: db.create_index("ix_tags_label", "tags", "label").to_sql(),
        lambda db: db.drop_table("tags").to_sql(),
        lambda db: db.table("tags").polars("label").collect(),
        lambda db: len(db.table("tags").pandas("id")._df.collect()),
        lambda db: [len(part) for part in db.table("tags").select().collect(stream=True)],
    ],
)
def test_every_other_call_gives_the_same(both: Any, call: Callable[[Any], Any]) -> None:
    found = []
    for db in both:
        with db.transaction() as transaction:
            found.append(call(db))
            transaction.rollback()
    assert found[0] == found[1]


def test_dataframes_of_moltres_are_joined_as_they_write_it(both: Any) -> None:
    for kind in ("join", "semi_join", "anti_join"):
        found = []
        for db in both:
            orders, users = (Theirs.from_table(db.table(name)) for name in ("orders", "users"))
            made = getattr(users, kind)(orders, on=[("id", "user_id")])
            found.append(sorted(made.collect(), key=repr))
        assert [] != found[1]
        assert found[0] == found[1]


def test_options_go_through(tmp_path: Path) -> None:
    with connect(f"sqlite:///{tmp_path / 'a.db'}", echo=False, pool_pre_ping=True) as db:
        assert db.config.engine.pool_pre_ping
    assert async_connect("sqlite+aiosqlite://", fetch_format="polars").config.engine.fetch_format


def test_the_environment_says_the_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOLTRES_DSN", "sqlite://")
    with connect() as db:
        assert "sqlite" == db.dialect.name
