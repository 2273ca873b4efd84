"""Queries written with attributes of models and with Moltres' columns, which mean the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from moltres.expressions import functions as F  # noqa: N812

from alembic_moltres import QueryError, UnknownColumnError
from alembic_moltres.dataframe import Database, DataFrame, col
from tests.dataframe.models import Kind, Order, Tag, User

Query = Callable[[DataFrame], DataFrame]

SAME = [
    pytest.param(
        lambda f: f.where(User.name == "Alice"), lambda f: f.where(col("name") == "Alice"), id="eq"
    ),
    pytest.param(
        lambda f: f.where((User.id > 1) & (User.name != "Bob")),
        lambda f: f.where((col("id") > 1) & (col("name") != "Bob")),
        id="and",
    ),
    pytest.param(
        lambda f: f.filter(sa.or_(User.id == 1, User.name.like("C%"))),
        lambda f: f.filter((col("id") == 1) | col("name").like("C%")),
        id="or-like",
    ),
    pytest.param(
        lambda f: f.where(User.id.in_([1, 3])), lambda f: f.where(col("id").isin([1, 3])), id="in"
    ),
    pytest.param(
        lambda f: f.where(User.invited_by.is_(None)),
        lambda f: f.where(col("invited_by").is_null()),
        id="null",
    ),
    pytest.param(
        lambda f: f.where(~User.id.between(1, 2)),
        lambda f: f.where(~col("id").between(1, 2)),
        id="not-between",
    ),
    pytest.param(lambda f: f.where(User.id == col("id")), lambda f: f, id="mixed-right"),
    pytest.param(lambda f: f.where(col("id") == User.id), lambda f: f, id="mixed-left"),
    pytest.param(
        lambda f: f.select(User.id, User.name), lambda f: f.select("id", "name"), id="select"
    ),
    pytest.param(
        lambda f: f.select(User.name.label("called")),
        lambda f: f.select(col("name").alias("called")),
        id="label",
    ),
    pytest.param(
        lambda f: f.withColumn("next", User.id + 1),
        lambda f: f.withColumn("next", col("id") + 1),
        id="with-column",
    ),
    pytest.param(lambda f: f[User.id > 1], lambda f: f[col("id") > 1], id="brackets"),
    pytest.param(lambda f: f.drop(User.extra), lambda f: f.drop("extra"), id="drop"),
    pytest.param(
        lambda f: f.group_by(User.invited_by).agg(F.count(User.id).alias("n")),  # type: ignore[arg-type]
        lambda f: f.group_by("invited_by").agg(F.count(col("id")).alias("n")),
        id="group-by",
    ),
    pytest.param(lambda f: f.where("id > 1"), lambda f: f.where(User.id > 1), id="text"),
]


def _sorted(frame: DataFrame) -> list[Any]:
    return sorted(frame.collect(), key=repr)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_attributes_and_columns_mean_the_same(shop: Database, one: Query, other: Query) -> None:
    users = shop.table(User).select()
    assert [] != _sorted(one(users))
    assert _sorted(other(users)) == _sorted(one(users))


def test_rows_are_those_of_moltres(shop: Database) -> None:
    rows = shop.table(User).select("id", "name", User.email).order_by("id").limit(1).collect()
    assert [{"id": 1, "name": "Alice", "e mail": "alice@example.org"}] == rows


@pytest.mark.parametrize(
    "order", [User.name.desc(), sa.desc(User.name), col("name").desc()], ids=["attr", "sa", "col"]
)
def test_rows_are_ordered(shop: Database, order: Any) -> None:
    rows = shop.table(User).select(User.name).order_by(order).collect()
    assert ["Carol", "Bob", "Alice"] == [row["name"] for row in rows]


def test_what_sqlalchemy_can_say_is_said(shop: Database) -> None:
    size = sa.case((User.id > 1, "late"), else_="early").label("size")
    rows = shop.table(User).select(sa.func.lower(User.name).label("n"), size).order_by("n")
    assert [("alice", "early"), ("bob", "late"), ("carol", "late")] == [
        tuple(row.values()) for row in rows.collect()
    ]
    buyers = sa.select(Order.user_id).where(Order.amount > 6)
    assert [2] == [
        row["id"] for row in shop.table(User).select().where(User.id.in_(buyers)).collect()
    ]


def test_values_go_through_the_types_of_the_model(shop: Database) -> None:
    shop.insert(
        User, [{User.id: 9, User.name: "Dan", "kind": Kind.business, User.extra: {"a": [1]}}]
    )
    found = shop.table(User).select().where(User.kind == Kind.business)
    assert [9] == [row["id"] for row in found.collect()]
    assert 1 == shop.update(User, where=User.kind == Kind.business, set={User.kind: Kind.private})
    assert [] == found.collect()


def test_the_columns_of_a_model_need_no_query(shop: Database) -> None:
    frame = shop.table(User).select()
    assert ["id", "name", "e mail", "kind", "joined", "extra", "invited_by"] == frame.columns
    assert ["id", "n"] == frame.select(User.id, User.name.label("n")).columns


@pytest.mark.parametrize(
    ("write", "hint"),
    [
        pytest.param(lambda f: f.where(col("nme") == "x"), "did you mean 'name'", id="where"),
        pytest.param(lambda f: f.where("nme = 'x'"), "did you mean 'name'", id="text"),
        pytest.param(lambda f: f.select("nme"), "did you mean 'name'", id="select"),
        pytest.param(lambda f: f.order_by("nme"), "did you mean 'name'", id="order-by"),
        pytest.param(lambda f: f.drop("nme"), "did you mean 'name'", id="drop"),
        pytest.param(lambda f: f.withColumnRenamed("nme", "x"), "did you mean 'name'", id="rename"),
        pytest.param(
            lambda f: f.group_by("nme").agg(F.count("*").alias("n")),
            "did you mean 'name'",
            id="group-by",
        ),
        pytest.param(
            lambda f: f.group_by("name").agg(F.sum(col("idd"))), "did you mean 'id'", id="agg"
        ),
        pytest.param(lambda f: f.where(Order.id == 1), "join it first", id="other-model"),
        pytest.param(lambda f: f.where(col("usrs.id") == 1), "did you mean 'users'", id="table"),
        pytest.param(lambda f: f.where(col("users.nme") == 1), "'name'", id="qualified"),
        pytest.param(lambda f: f.select("id").select("name"), "there are id", id="gone"),
    ],
)
def test_a_column_that_is_not_there_is_refused_when_written(
    shop: Database, write: Query, hint: str
) -> None:
    with pytest.raises(UnknownColumnError, match=hint) as caught:
        write(shop.table(User).select())
    assert isinstance(caught.value, LookupError)


def test_a_column_of_a_model_that_is_read_by_its_name_only_is_refused(shop: Database) -> None:
    with pytest.raises(
        UnknownColumnError, match="is a column of a table that is not in this query"
    ):
        shop.table("users").select().where(User.id == 1)


def test_what_is_no_column_is_refused(shop: Database) -> None:
    users = shop.table(User).select()
    with pytest.raises(QueryError, match="3 is not a column"):
        users.where(3)
    with pytest.raises(QueryError, match=r"User\.orders is a relationship"):
        users.select(User.orders)


def test_a_name_that_was_given_is_there(shop: Database) -> None:
    frame = shop.table(User).select(User.id, User.name.label("called"))
    assert [{"id": 2, "called": "Bob"}] == frame.where(col("called") == "Bob").collect()
    assert [{"id": 3, "called": "Carol"}] == frame.where(User.name == "Carol").collect()


def test_a_limit_holds_for_what_comes_after_it(shop: Database) -> None:
    first = shop.table(User).select(User.id, User.name).order_by("id").limit(1)
    assert [] == first.where(col("name") == "Bob").collect()
    assert 1 == len(first.limit(2).collect())
    both = shop.table(User).select("id").order_by("id").limit(2).order_by(col("id").desc())
    assert [2, 1] == [row["id"] for row in both.collect()]


def test_groups_are_filtered_by_their_aggregates(shop: Database) -> None:
    totals = shop.table(Order).select().group_by("user_id").agg(F.sum(col("amount")).alias("s"))
    assert [2] == [row["user_id"] for row in totals.where(col("s") > 6).collect()]


def test_columns_are_dropped_and_renamed_and_the_others_stay(shop: Database) -> None:
    tags = shop.table(Tag).select()
    assert {"id": 1, "label": "gift"} in tags.drop("weight").collect()
    assert {"id": 1, "called": "gift", "weight": 1} in tags.withColumnRenamed(
        "label", "called"
    ).collect()


def test_changes_take_attributes_and_any_text(shop: Database) -> None:
    odd = "a:b 'c' %s \\"
    assert 1 == shop.update(User, where=User.name == "Alice", set={User.name: odd})
    assert 1 == shop.update("users", where=col("name") == odd, set={"name": "Alice"})
    assert 1 == shop.update(Tag, where=Tag.id == 1, set={"weight": Tag.weight + 1})
    assert [2] == [r["weight"] for r in shop.table(Tag).select().where(Tag.id == 1).collect()]
    assert 1 == shop.delete(Order, where=Order.amount == 5)
    with pytest.raises(UnknownColumnError):
        shop.delete(Order, where=col("amunt") == 5)
    with pytest.raises(UnknownColumnError):
        shop.insert(Tag, [{"lable": "x"}])


def test_handles_are_taken_for_dataframes(shop: Database) -> None:
    users, orders = shop.table(User), shop.table(Order)
    ids = users.select("id")
    assert 3 == len(ids.union(users.select("id")).collect())
    assert 6 == len(ids.union_all(ids).collect())
    assert 2 == len(users.select().semi_join(orders, on=[("id", "user_id")]).collect())
    assert 2 == users.select().where(col("id").isin(orders.select("user_id"))).count()


@pytest.mark.filterwarnings("ignore:Records.* is deprecated")  # Moltres calls its own old form
def test_a_key_that_is_asked_for_counts(db: Database) -> None:
    frame = db.createDataFrame([{"a": "x"}, {"a": "y"}], auto_pk="id")
    assert [(1, "x"), (2, "y")] == [(r["id"], r["a"]) for r in frame.order_by("id").collect()]


@pytest.mark.filterwarnings("ignore:Records.* is deprecated")  # Moltres calls its own old form
def test_frames_of_other_sources_are_ours_too(shop: Database) -> None:
    frame = shop.createDataFrame([{"id": 1, "user_id": 2}], pk="id")
    assert isinstance(frame, DataFrame)
    joined = frame.join(shop.table(User), on=[("user_id", "id")]).select("name")
    assert [{"name": "Bob"}] == joined.collect()
    raw = shop.sql("SELECT id AS n FROM users").where(col("n") == 1)
    assert [{"n": 1}] == raw.collect()
