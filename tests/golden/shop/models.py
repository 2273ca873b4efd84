"""A small shop: most of what a table can have."""

import decimal
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    metadata = sa.MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
        }
    )


class Mood(enum.Enum):
    happy = 1
    sad = 2


class Cents(sa.TypeDecorator[decimal.Decimal]):
    """An amount of money, held as a whole number."""

    impl = sa.BigInteger
    cache_ok = True


class User(Base):
    __tablename__ = "users"
    __table_args__ = (
        sa.CheckConstraint("length(name) > 0", name="name"),
        sa.Index(
            "ix_users_active_email",
            "email",
            unique=True,
            postgresql_where=sa.text("is_active"),
            sqlite_where=sa.text("is_active"),
        ),
        {"comment": "People who buy"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100), index=True)
    email: Mapped[str | None] = mapped_column(
        sa.String(100), comment="As the person's own hand wrote it"
    )
    mood: Mapped[Mood]
    key: Mapped[uuid.UUID] = mapped_column(unique=True)
    settings: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    is_active: Mapped[bool] = mapped_column(server_default=sa.true())
    created_at: Mapped[Any] = mapped_column(
        sa.DateTime(timezone=True), server_default=sa.func.now()
    )


order_products = sa.Table(
    "order_products",
    Base.metadata,
    sa.Column("order_id", sa.ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("product_id", sa.ForeignKey("products.id"), primary_key=True),
)


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    before_id: Mapped[int | None] = mapped_column(sa.ForeignKey("orders.id"))
    mood: Mapped[Mood | None]
    products = relationship("Product", secondary=order_products)


class Product(Base):
    __tablename__ = "products"
    __table_args__ = (sa.UniqueConstraint("name", "price"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(50), server_default="")
    price: Mapped[decimal.Decimal] = mapped_column(Cents)
    quantity: Mapped[int] = mapped_column(server_default="1")
    total: Mapped[int | None] = mapped_column(
        sa.BigInteger, sa.Computed("price * quantity", persisted=True)
    )
