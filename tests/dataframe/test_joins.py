"""Joins in every form, and those that mean nothing or more than one thing."""

from __future__ import annotations

from typing import Any

import pytest
from moltres.expressions import functions as F  # noqa: N812
from sqlalchemy.orm import DeclarativeBase, Mapped, aliased, mapped_column, relationship

from alembic_moltres import NotAModelError, QueryError, UnknownColumnError
from alembic_moltres.dataframe import Database, col, connect
from tests.dataframe.models import Note, Order, Parcel, Tag, User, order_tags


class Other(DeclarativeBase):
    pass


class Buyer(Other):
    """Users again, with another relationship."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)

    large: Mapped[list[Large]] = relationship(
        primaryjoin="and_(Buyer.id == foreign(Large.user_id), Large.amount > 6)", viewonly=True
    )


class Large(Other):
    """Orders again, without a key."""

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int]
    amount: Mapped[int]


FORMS = [
    pytest.param([("user_id", "id")], id="tuples"),
    pytest.param([(Order.user_id, User.id)], id="attributes"),
    pytest.param(col("orders.user_id") == col("users.id"), id="col"),
    pytest.param([col("user_id") == col("id")], id="col-without-tables"),
    pytest.param([col("id") == col("user_id")], id="col-the-other-way"),
    pytest.param(Order.user_id == User.id, id="expression"),
    pytest.param([Order.user_id == User.id, Order.amount > 0], id="expressions"),
    pytest.param(Order.user, id="relationship"),
    pytest.param(User.orders, id="relationship-back"),
    pytest.param(None, id="without"),
]


@pytest.mark.parametrize("on", FORMS)
def test_each_form_joins_the_same(shop: Database, on: Any) -> None:
    joined = shop.table(Order).select().join(shop.table(User), on=on)
    rows = joined.select(Order.id, User.name).order_by(Order.id).collect()
    assert [(10, "Alice"), (11, "Bob"), (12, "Bob")] == [tuple(row.values()) for row in rows]


@pytest.mark.parametrize("on", ["id", ["id"], [("id", "id")]])
def test_names_that_both_have_join(shop: Database, on: Any) -> None:
    rows = shop.table(Parcel).select().join(shop.table(Tag), on=on).select(Tag.label).collect()
    assert [{"label": "gift"}] == rows


@pytest.mark.parametrize("other", ["handle", "frame", "model", "table", "name"])
def test_anything_that_is_a_table_is_joined(shop: Database, other: str) -> None:
    sources = {
        "handle": shop.table(User),
        "frame": shop.table(User).select(),
        "model": User,
        "table": User.__table__,
        "name": shop.table("users"),
    }
    joined = shop.table(Order).select().join(sources[other], on=[("user_id", "id")])
    assert 2 == len(joined.where(col("name") == "Bob").collect())


@pytest.mark.parametrize(("how", "number"), [("inner", 3), ("left", 4), ("right", 3), ("cross", 9)])
def test_every_kind_of_join(shop: Database, how: str, number: int) -> None:
    assert number == len(shop.table(User).select().join(Order, how=how).collect())


def test_what_a_join_gives_is_grouped_sorted_and_counted(shop: Database) -> None:
    joined = shop.table(Order).select().join(User)
    totals = joined.group_by(User.name).agg(F.sum(col("amount")).alias("total")).order_by("name")
    assert [("Alice", 5), ("Bob", 9)] == [
        (r["name"], int(str(r["total"]))) for r in totals.collect()
    ]
    assert 3 == joined.count()
    assert [11] == [r["id"] for r in joined.where(Order.amount > 6).select(Order.id).collect()]


def test_many_to_many_is_joined_through_the_table_between(shop: Database) -> None:
    for start, end in ((Order, Tag), (Tag, Order)):
        rows = shop.table(start).select().join(end).select(Order.id, Tag.label).order_by(Order.id)
        assert [(11, "gift"), (12, "late")] == [tuple(row.values()) for row in rows.collect()]
    left = shop.table(Order).select().join(Tag, on=Order.tags, how="left")
    assert {"gift", "late", None} == {row["label"] for row in left.collect()}
    step = shop.table(Order).select().join(order_tags).join(Tag).where(Tag.label == "late")
    assert [{"amount": 2}] == step.select(Order.amount).collect()


def test_three_tables_are_joined(shop: Database) -> None:
    rows = shop.table(User).select().join(Order).join(Tag).where(Tag.label == "gift")
    assert [{"name": "Bob", "amount": 7}] == rows.select(User.name, Order.amount).collect()
    filtered = shop.table(User).select().join(Order).where(User.name == "Bob").join(Tag)
    assert ["gift", "late"] == sorted(str(row["label"]) for row in filtered.collect())
    named = shop.table(User).select().join(Order).join(order_tags, on=[("orders.id", "order_id")])
    assert 2 == named.count()


def test_a_table_is_joined_to_itself_under_another_name(shop: Database) -> None:
    host = aliased(User, name="host")
    rows = shop.table(User).select().join(host, on=User.invited_by == host.id)
    chosen = rows.select(User.name, host.name.label("by")).order_by(User.name).collect()
    assert [("Bob", "Alice"), ("Carol", "Alice")] == [tuple(row.values()) for row in chosen]
    with pytest.raises(QueryError, match=r"joins User and host: User\.invited_by|host"):
        shop.table(User).select().join(host)
    with pytest.raises(QueryError, match=r"twice .* aliased\(User, name='other'\)"):
        shop.table(User).select().join(User, on=User.invited_by == User.id)


def test_semi_and_anti_joins(shop: Database) -> None:
    users = shop.table(User).select()
    assert [1, 2] == sorted(r["id"] for r in users.semi_join(Order).collect())  # type: ignore[type-var]
    assert [3] == [r["id"] for r in users.anti_join(shop.table(Order)).collect()]
    assert [3] == [r["id"] for r in users.anti_join(Order, on=Order.user_id == User.id).collect()]


def test_more_than_one_path_is_refused_with_their_names(shop: Database) -> None:
    parcels = shop.table(Parcel).select()
    with pytest.raises(QueryError, match=r"Parcel\.receiver, Parcel\.sender") as caught:
        parcels.join(User)
    assert isinstance(caught.value, ValueError)
    assert [{"name": "Bob"}] == parcels.join(User, on=Parcel.receiver).select(User.name).collect()


def test_no_path_is_refused(shop: Database) -> None:
    with pytest.raises(QueryError, match="no foreign key and no relationship joins Note and User"):
        shop.table(Note).select().join(User)
    with pytest.raises(QueryError, match=r"Order\.tags does not join these two"):
        shop.table(Parcel).select().join(User, on=Order.tags)
    with pytest.raises(QueryError, match="`on` is empty"):
        shop.table(Order).select().join(User, on=[])


@pytest.mark.parametrize(
    "on", [[("usr_id", "id")], [("user_id", "idd")], "email", col("users.idd") == col("orders.id")]
)
def test_a_join_on_a_column_that_is_not_there_is_refused(shop: Database, on: Any) -> None:
    with pytest.raises(UnknownColumnError):
        shop.table(Order).select().join(User, on=on)


def test_a_column_of_both_tables_has_to_be_told_apart(shop: Database) -> None:
    joined = shop.table(Order).select().join(User)
    with pytest.raises(QueryError, match=r"'id' is in 'orders' and in 'users'"):
        joined.where(col("id") == 1)
    with pytest.raises(QueryError, match="two columns are named 'id'"):
        joined.select(Order.id, User.id)
    assert [{"id": 10, "u": 1}] == joined.where(Order.id == 10).select(
        Order.id, User.id.label("u")
    ).collect()


def test_what_is_no_table_and_what_is_elsewhere_is_not_joined(shop: Database) -> None:
    orders = shop.table(Order).select()
    with pytest.raises(NotAModelError):
        orders.join(3)
    with connect("sqlite://") as other, pytest.raises(QueryError, match="another database"):
        orders.join(other.table(User))


def test_a_condition_that_a_relationship_adds_is_kept(shop: Database) -> None:
    large = aliased(Large, name="orders")
    rows = shop.table(Buyer).select().join(Large, on=Buyer.large)
    assert [{"id": 11}] == rows.select(Large.id).collect()
    assert [{"id": 11}] == shop.table(Buyer).select().join(Large).select(large.id).collect()
