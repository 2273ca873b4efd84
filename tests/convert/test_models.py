from __future__ import annotations

import uuid
from typing import Any, Optional

import pytest
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column, relationship

from alembic_moltres.convert import (
    extract_foreign_keys,
    get_model_table_name,
    is_sqlalchemy_model,
    model_to_schema,
)
from alembic_moltres.errors import NotAModelError
from alembic_moltres.schema import TableSchema, column, foreign_key, index, primary_key, unique
from tests.lossless import assert_lossless


class Base(orm.DeclarativeBase):
    pass


class Named:
    """A mixin with columns, table arguments and a declared attribute."""

    name: Mapped[str] = mapped_column(sa.String(50))

    @orm.declared_attr
    def owner_id(self) -> Mapped[int | None]:
        return mapped_column(sa.ForeignKey("users.id"))

    @orm.declared_attr.directive
    def __table_args__(self) -> tuple[Any, ...]:
        return (sa.UniqueConstraint("name"), {"comment": "named"})


class Abstract(Base):
    __abstract__ = True
    id: Mapped[int] = mapped_column(primary_key=True)


class User(Abstract):
    __tablename__ = "users"
    email: Mapped[str | None] = mapped_column(sa.String(100), index=True)


tags = sa.Table(
    "item_tags",
    Base.metadata,
    sa.Column("item_id", sa.ForeignKey("items.id"), primary_key=True),
    sa.Column("tag_id", sa.ForeignKey("tags.id"), primary_key=True),
)


class Item(Named, Abstract):
    __tablename__ = "items"
    tags: Mapped[list[Tag]] = relationship(secondary=tags, back_populates="items")


class Tag(Abstract):
    __tablename__ = "tags"
    items: Mapped[list[Item]] = relationship(secondary=tags, back_populates="tags")


class Manager(User):
    """Joined inheritance: a table of its own."""

    __tablename__ = "managers"
    id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), primary_key=True)
    level: Mapped[int]


class Guest(User):
    """Single-table inheritance."""

    invited_by: Mapped[str | None] = mapped_column(sa.String(20))


class Point(orm.MappedAsDataclass, Base):
    __tablename__ = "points"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=uuid.uuid4)
    x: Mapped[float] = mapped_column(default=0.0)


class Imperative:
    """Mapped below."""


orm.registry(metadata=Base.metadata).map_imperatively(
    Imperative, sa.Table("imperative", Base.metadata, sa.Column("id", sa.Integer, primary_key=True))
)


class Selected(Base):
    __table__ = sa.select(User.__table__).subquery()


class Unmapped:
    __tablename__ = "unmapped"


def test_a_declarative_class_is_frozen() -> None:
    expected = TableSchema(
        "users",
        [
            column("email", "VARCHAR(100)"),
            column("id", "INTEGER", nullable=False),
            column("invited_by", "VARCHAR(20)"),
        ],
        constraints=[primary_key("id")],
        indexes=[index("ix_users_email", "email")],
    )
    assert expected == model_to_schema(User)


@pytest.mark.parametrize("model", [User, Item, Tag, Manager, Point, Imperative, tags], ids=str)
def test_a_model_is_kept_however_it_was_mapped(model: Any) -> None:
    table = model if isinstance(model, sa.Table) else sa.inspect(model).local_table
    assert model_to_schema(table) == model_to_schema(model)
    assert_lossless(table)


def test_a_mixin_gives_its_columns_and_table_arguments() -> None:
    frozen = model_to_schema(Item)
    assert ["id", "name", "owner_id"] == sorted(each.name for each in frozen.columns)
    assert unique("name") in frozen.constraints
    assert "named" == frozen.comment


def test_joined_inheritance_gives_the_classs_own_table() -> None:
    assert ["id", "level"] == [each.name for each in model_to_schema(Manager).columns]
    assert "managers" == get_model_table_name(Manager)


def test_single_table_inheritance_gives_the_shared_table() -> None:
    assert model_to_schema(User) == model_to_schema(Guest)
    assert "users" == get_model_table_name(Guest)


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        pytest.param(
            Abstract, "it is an abstract base; pass a class that has a table", id="abstract"
        ),
        pytest.param(Base, "it is a declarative base; pass a class that has a table", id="base"),
        pytest.param(User(), "it is an instance; pass the class User", id="instance"),
        pytest.param(Unmapped, "derive it from a declarative base", id="unmapped"),
        pytest.param(Named, "neither a mapped class nor a Table", id="mixin"),
        pytest.param(int, "pass one of the two", id="int"),
        pytest.param("users", "pass one of the two", id="text"),
        pytest.param(None, "pass one of the two", id="none"),
        pytest.param(
            Selected, "is mapped to Subquery, not to a Table; pass the Tables", id="select"
        ),
        pytest.param(sa.select(User.__table__), "neither a mapped class", id="a-select"),
        pytest.param(orm.aliased(User), "pass one of the two", id="alias"),
    ],
)
@pytest.mark.parametrize(
    "call", [model_to_schema, get_model_table_name, extract_foreign_keys], ids=lambda f: f.__name__
)
def test_what_has_no_table_is_refused_with_the_reason(call: Any, model: Any, reason: str) -> None:
    with pytest.raises(NotAModelError, match=reason) as caught:
        call(model)
    assert caught.value.subject is model


@pytest.mark.parametrize("model", [User, Manager, Guest, Point, Imperative, Selected])
def test_a_mapped_class_is_a_model(model: type) -> None:
    assert is_sqlalchemy_model(model)


@pytest.mark.parametrize("model", [Abstract, Base, Named, Unmapped, User(), int, None, tags, "x"])
def test_what_is_not_mapped_is_no_model(model: object) -> None:
    assert not is_sqlalchemy_model(model)


def test_foreign_keys_of_columns_are_extracted() -> None:
    assert [foreign_key("id", "users", "id")] == extract_foreign_keys(Manager)


def test_foreign_keys_of_a_secondary_table_are_extracted() -> None:
    expected = [
        foreign_key("owner_id", "users", "id"),
        foreign_key("item_id", "items", "id"),
        foreign_key("tag_id", "tags", "id"),
    ]
    assert expected == extract_foreign_keys(Item)


def test_foreign_keys_of_table_arguments_are_extracted() -> None:
    table = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.Integer),
        sa.ForeignKeyConstraint(["a", "b"], ["other.x", "other.y"], ondelete="CASCADE"),
    )
    expected = [foreign_key(["a", "b"], "other", ["x", "y"], on_delete="CASCADE")]
    assert expected == extract_foreign_keys(table)


def test_a_relationship_to_a_class_that_is_mapped_later_is_resolved() -> None:
    registry = orm.registry()

    @registry.mapped
    class Early:
        __tablename__ = "early"
        id: Mapped[int] = mapped_column(primary_key=True)
        late: Mapped[Optional[Any]] = relationship("Late", secondary="early_late")  # noqa: UP045

    sa.Table(
        "early_late",
        registry.metadata,
        sa.Column("early_id", sa.ForeignKey("early.id")),
        sa.Column("late_id", sa.ForeignKey("late.id")),
    )

    @registry.mapped
    class Late:
        __tablename__ = "late"
        id: Mapped[int] = mapped_column(primary_key=True)

    expected = [foreign_key("early_id", "early", "id"), foreign_key("late_id", "late", "id")]
    assert expected == extract_foreign_keys(Early)
    assert is_sqlalchemy_model(Late)


def test_freezing_a_model_does_not_configure_the_mappers() -> None:
    """A relationship to a class that is not imported yet must not stop a migration."""
    registry = orm.registry()

    @registry.mapped
    class Lonely:
        __tablename__ = "lonely"
        id: Mapped[int] = mapped_column(primary_key=True)
        missing: Mapped[Any] = relationship("Missing")

    assert "lonely" == model_to_schema(Lonely).name
    mapper: Any = sa.inspect(Lonely)
    assert not mapper.configured


def test_a_model_of_sqlmodel_is_frozen() -> None:
    sqlmodel = pytest.importorskip("sqlmodel")

    class Hero(sqlmodel.SQLModel, table=True):  # type: ignore[misc, name-defined, call-arg]
        id: int | None = sqlmodel.Field(default=None, primary_key=True)
        name: str = sqlmodel.Field(index=True, max_length=20)
        team_id: int | None = sqlmodel.Field(default=None, foreign_key="hero.id")

    expected = TableSchema(
        "hero",
        [
            column("id", "INTEGER", nullable=False),
            column("name", "VARCHAR(20)", nullable=False),
            column("team_id", "INTEGER"),
        ],
        constraints=[primary_key("id"), foreign_key("team_id", "hero", "id")],
        indexes=[index("ix_hero_name", "name")],
    )
    assert expected == model_to_schema(Hero)
    assert_lossless(Hero.__table__)


def test_a_model_of_flask_sqlalchemy_is_frozen() -> None:
    flask_sqlalchemy = pytest.importorskip("flask_sqlalchemy")

    class FlaskBase(orm.DeclarativeBase):
        pass

    db = flask_sqlalchemy.SQLAlchemy(model_class=FlaskBase)

    class BlogPost(db.Model):  # type: ignore[name-defined, misc]
        id: Mapped[int] = mapped_column(primary_key=True)
        title: Mapped[str] = mapped_column(sa.String(80), unique=True)

    assert "blog_post" == get_model_table_name(BlogPost)
    assert unique("title") in assert_lossless(BlogPost.__table__).constraints
