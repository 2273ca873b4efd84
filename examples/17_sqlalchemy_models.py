"""SQLAlchemy models in Moltres: tables from models, queries, joins, conversions both ways, async.

    python examples/17_sqlalchemy_models.py

needs `pip install "alembic-moltres[moltres]" aiosqlite` and uses SQLite in memory.
"""

import asyncio

import sqlalchemy as sa
from moltres.expressions import functions as F  # noqa: N812 - as Moltres' own documents have it
from sqlalchemy.orm import DeclarativeBase, Mapped, aliased, mapped_column, relationship

from alembic_moltres import TableSchema, column, model_to_schema, primary_key, schema_to_table
from alembic_moltres.dataframe import AsyncDatabase, Database, async_connect, col, connect
from alembic_moltres.diff import diff


class Base(DeclarativeBase):
    """The base of the models."""


order_tags = sa.Table(
    "order_tags",
    Base.metadata,
    sa.Column("order_id", sa.ForeignKey("orders.id"), primary_key=True),
    sa.Column("tag_id", sa.ForeignKey("tags.id"), primary_key=True),
)


class User(Base):
    """A customer."""

    __tablename__ = "users"
    __table_args__ = (sa.CheckConstraint("length(name) > 0", name="ck_users_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100), index=True)
    email: Mapped[str | None] = mapped_column(sa.String(254), unique=True)
    invited_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))


class Tag(Base):
    """What orders are sorted by."""

    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(sa.String(50))


class Order(Base):
    """What a customer has ordered."""

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    amount: Mapped[float]

    user: Mapped[User] = relationship()
    tags: Mapped[list[Tag]] = relationship(secondary=order_tags)


def tables_from_models(db: Database) -> None:
    """Each table is what `op.moltres_create_table` and `MetaData.create_all` make of its model."""
    print(db.create_table(User).to_sql())
    db.create_table(User).collect()
    db.create_table(Order).collect()
    db.create_table_from_model(Tag).collect()
    db.create_table(order_tags).collect()

    db.insert("users", [{"id": 1, "name": "Alice", "email": "alice@example.org"}])
    db.insert(User, [{"id": 2, "name": "Bob", "email": None, "invited_by": 1}])
    db.insert(
        Order,
        [
            {"id": 10, "user_id": 1, "amount": 5.0},
            {"id": 11, "user_id": 2, "amount": 7.5},
            {"id": 12, "user_id": 2, "amount": 2.5},
        ],
    )
    db.insert(Tag, [{"id": 1, "label": "gift"}])
    db.insert(order_tags, [{"order_id": 11, "tag_id": 1}])


def queries(db: Database) -> None:
    """Columns are named as in Moltres, or by attributes of the models."""
    df = db.table(User).select().where(col("name") == "Alice")
    assert [row["email"] for row in df.collect()] == ["alice@example.org"]

    df = db.table(User).select().where(User.name.startswith("A") | User.email.is_(None))
    assert [row["id"] for row in df.order_by(User.name.desc()).collect()] == [2, 1]

    rows = db.table(User).select(User.id, sa.func.upper(User.name).label("loud")).collect()
    assert rows == [{"id": 1, "loud": "ALICE"}, {"id": 2, "loud": "BOB"}]


def joins(db: Database) -> None:
    """The same join, as it can be written."""
    orders, users = db.table(Order).select(), db.table(User)
    for joined in (
        orders.join(db.table(User), on=[("user_id", "id")]),
        orders.join(users, on=[col("orders.user_id") == col("users.id")]),
        orders.join(users, on=Order.user_id == User.id),
        orders.join(User, on=Order.user),
        orders.join(User),
    ):
        rows = joined.select(Order.id, User.name).order_by(Order.id).collect()
        assert [row["name"] for row in rows] == ["Alice", "Bob", "Bob"]

    totals = orders.join(User).group_by(User.name).agg(F.sum(col("amount")).alias("total"))
    assert totals.order_by("name").collect() == [
        {"name": "Alice", "total": 5.0},
        {"name": "Bob", "total": 10.0},
    ]

    tagged = orders.join(Tag).where(Tag.label == "gift").select(Order.id)
    assert tagged.collect() == [{"id": 11}]

    host = aliased(User, name="host")
    guests = users.select().join(host, on=User.invited_by == host.id)
    assert guests.select(User.name, host.name.label("by")).collect() == [
        {"name": "Bob", "by": "Alice"}
    ]


def conversions(db: Database) -> None:
    """From models to values and back, and from the database."""
    schema = model_to_schema(User)
    assert model_to_schema(schema_to_table(schema, sa.MetaData())) == schema
    assert diff([db.reflect_model(User)], [schema]) == ()

    notes = TableSchema(
        "notes",
        [column("id", "INTEGER", nullable=False), column("text", "VARCHAR(200)")],
        constraints=[primary_key("id")],
    )
    assert db.create_table(notes).collect().columns() == ["id", "text"]


async def asynchronously(db: AsyncDatabase) -> None:
    """Everything again, with `await`."""
    await db.create_table(User).collect()
    await db.create_table(Order).collect()
    await db.insert(User, [{"id": 1, "name": "Alice"}])
    await db.insert(Order, [{"id": 10, "user_id": 1, "amount": 5.0}])
    orders = await db.table(Order)
    rows = await orders.select().join(await db.table(User)).select(Order.id, User.name).collect()
    assert rows == [{"id": 10, "name": "Alice"}]
    assert diff([await db.reflect_model(Order)], [model_to_schema(Order)]) == ()


async def main_async() -> None:
    """Run the asynchronous part."""
    async with async_connect("sqlite+aiosqlite://") as db:
        await asynchronously(db)


def main() -> None:
    """Run all parts."""
    with connect("sqlite://") as db:
        tables_from_models(db)
        queries(db)
        joins(db)
        conversions(db)
    asyncio.run(main_async())
    print("all of it is so")


if __name__ == "__main__":
    main()
