"""The models of these tests: keys, checks, indexes, many-to-many, two paths, dialects' own types."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Kind(enum.Enum):
    private = 1
    business = 2


order_tags = sa.Table(
    "order_tags",
    Base.metadata,
    sa.Column("order_id", sa.ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("tag_id", sa.ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True),
)


class User(Base):
    __tablename__ = "users"
    __table_args__ = (
        sa.CheckConstraint("length(name) > 0", name="ck_users_name"),
        sa.UniqueConstraint("name", "kind", name="uq_users_name_kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100), index=True)
    email: Mapped[str | None] = mapped_column("e mail", sa.String(254), unique=True)
    kind: Mapped[Kind] = mapped_column(
        sa.Enum(Kind, name="user_kind"), server_default=Kind.private.name
    )
    joined: Mapped[dt.datetime | None]
    extra: Mapped[dict[str, Any] | None] = mapped_column(
        sa.JSON().with_variant(postgresql.JSONB(), "postgresql").with_variant(sa.JSON(), "mysql")
    )
    invited_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))

    orders: Mapped[list[Order]] = relationship(back_populates="user", foreign_keys="Order.user_id")


class Tag(Base):
    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(sa.String(50))
    weight: Mapped[int] = mapped_column(
        sa.Integer().with_variant(mysql.TINYINT(unsigned=True), "mysql"), server_default="1"
    )


class Order(Base):
    __tablename__ = "orders"
    __table_args__ = (sa.Index("ix_orders_amount", sa.desc("amount")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", name="fk_orders_user"))
    amount: Mapped[int] = mapped_column(sa.Integer)

    user: Mapped[User] = relationship(back_populates="orders", foreign_keys=[user_id])
    tags: Mapped[list[Tag]] = relationship(secondary=order_tags)


class Parcel(Base):
    """Two keys lead to users."""

    __tablename__ = "parcels"

    id: Mapped[int] = mapped_column(primary_key=True)
    sender_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    receiver_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))

    sender: Mapped[User] = relationship(foreign_keys=[sender_id])
    receiver: Mapped[User] = relationship(foreign_keys=[receiver_id])


class Note(Base):
    """Nothing leads to or from it."""

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)


MODELS = (User, Tag, Order, order_tags, Parcel, Note)

USERS = [
    {"id": 1, "name": "Alice", "e mail": "alice@example.org", "invited_by": None},
    {"id": 2, "name": "Bob", "e mail": None, "invited_by": 1},
    {"id": 3, "name": "Carol", "e mail": "c:d%@example.org", "invited_by": 1},
]
ORDERS = [
    {"id": 10, "user_id": 1, "amount": 5},
    {"id": 11, "user_id": 2, "amount": 7},
    {"id": 12, "user_id": 2, "amount": 2},
]
TAGS = [{"id": 1, "label": "gift"}, {"id": 2, "label": "late"}]
ORDER_TAGS = [{"order_id": 11, "tag_id": 1}, {"order_id": 12, "tag_id": 2}]
PARCELS = [{"id": 1, "sender_id": 1, "receiver_id": 2}]
ROWS = ((User, USERS), (Tag, TAGS), (Order, ORDERS), (order_tags, ORDER_TAGS), (Parcel, PARCELS))
