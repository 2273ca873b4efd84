"""The shop's tables: customers, products with tags, orders and their items.

They work on SQLite, PostgreSQL, and MariaDB from 10.7 on.
"""

import enum
import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from shop.types import Money


class OrderStatus(enum.Enum):
    """The life of an order."""

    OPEN = "open"
    PAID = "paid"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"
    RETURNED = "returned"


class Base(DeclarativeBase):
    """Names every constraint, so that each database knows it by the same name."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class User(Base):
    """A customer."""

    __tablename__ = "users"
    __table_args__ = (sa.CheckConstraint("length(name) > 0", name="name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    is_active: Mapped[bool] = mapped_column(server_default=sa.true())
    created_at: Mapped[datetime] = mapped_column(
        sa.DateTime(timezone=True), server_default=sa.func.now()
    )

    orders: Mapped[list["Order"]] = relationship(back_populates="user")


product_tags = sa.Table(
    "product_tags",
    Base.metadata,
    sa.Column("product_id", sa.ForeignKey("products.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("tag_id", sa.ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True),
)


class Tag(Base):
    """A word by which products are found."""

    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(50), unique=True)

    products: Mapped[list["Product"]] = relationship(secondary=product_tags, back_populates="tags")


class Product(Base):
    """What the shop sells."""

    __tablename__ = "products"
    __table_args__ = (sa.CheckConstraint("price >= 0", name="price"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(sa.String(200), index=True)
    price: Mapped[Decimal] = mapped_column(Money, comment="in cents")
    attributes: Mapped[dict[str, Any]] = mapped_column(
        sa.JSON().with_variant(JSONB(), "postgresql"), default=dict
    )

    tags: Mapped[list[Tag]] = relationship(secondary=product_tags, back_populates="products")


class Order(Base):
    """What a customer wants to buy."""

    __tablename__ = "orders"
    __table_args__ = (
        # the open ones are few, and asked for all day; MariaDB, without partial indexes,
        # indexes them all
        sa.Index(
            "ix_orders_open",
            "placed_at",
            postgresql_where=sa.text("status = 'open'"),
            sqlite_where=sa.text("status = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    status: Mapped[OrderStatus] = mapped_column(
        sa.Enum(
            OrderStatus,
            name="order_status",
            values_callable=lambda members: [member.value for member in members],
        ),
        server_default=OrderStatus.OPEN.value,
    )
    placed_at: Mapped[datetime] = mapped_column(
        sa.DateTime(timezone=True), server_default=sa.func.now()
    )

    user: Mapped[User] = relationship(back_populates="orders")
    items: Mapped[list["OrderItem"]] = relationship(
        back_populates="order", cascade="all, delete-orphan"
    )


class OrderItem(Base):
    """One product of an order, at the price of that day."""

    __tablename__ = "order_items"
    __table_args__ = (sa.CheckConstraint("quantity > 0", name="quantity"),)

    order_id: Mapped[int] = mapped_column(
        sa.ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True
    )
    product_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("products.id"), primary_key=True)
    quantity: Mapped[int]
    unit_price: Mapped[Decimal] = mapped_column(Money, comment="in cents")
    # MariaDB refuses NOT NULL on a computed column
    total: Mapped[Decimal | None] = mapped_column(
        Money, sa.Computed("quantity * unit_price", persisted=True), comment="in cents"
    )

    order: Mapped[Order] = relationship(back_populates="items")
    product: Mapped[Product] = relationship()


class Review(Base):
    """What a customer thinks of a product."""

    __tablename__ = "reviews"
    __table_args__ = (
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        sa.UniqueConstraint("product_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("products.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    rating: Mapped[int] = mapped_column(sa.SmallInteger)
    text: Mapped[str | None] = mapped_column(sa.Text)
    is_verified: Mapped[bool] = mapped_column(server_default=sa.false())
