"""Which class a constant is named after."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import SAWarning
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry

from alembic_moltres.autogenerate.script.class_names import class_names


def test_single_table_inheritance_gives_the_base_and_joined_inheritance_each_its_own() -> None:
    class Base(DeclarativeBase):
        pass

    class Person(Base):
        __tablename__ = "people"
        id: Mapped[int] = mapped_column(primary_key=True)
        kind: Mapped[str]
        __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "person"}  # noqa: RUF012

    class Adult(Person):
        __mapper_args__ = {"polymorphic_identity": "adult"}  # noqa: RUF012

    class Engineer(Person):
        __tablename__ = "engineers"
        id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
        __mapper_args__ = {"polymorphic_identity": "engineer"}  # noqa: RUF012

    tables = [Person.__table__, Engineer.__table__, sa.Table("tags", Base.metadata)]
    assert sorted(class_names(tables).values()) == ["Engineer", "Person"]  # type: ignore[arg-type]
    assert Adult.__table__ is Person.__table__


def test_an_imperatively_mapped_class_is_found() -> None:
    mapped = registry()
    table = sa.Table("things", mapped.metadata, sa.Column("id", sa.Integer, primary_key=True))

    class Thing:
        pass

    mapped.map_imperatively(Thing, table)
    assert class_names([table]) == {table: "Thing"}


def test_of_several_classes_on_one_table_it_is_the_first_by_name() -> None:
    mapped = registry()
    table = sa.Table("things", mapped.metadata, sa.Column("id", sa.Integer, primary_key=True))

    class Zebra:
        pass

    class Ape:
        pass

    mapped.map_imperatively(Zebra, table)
    mapped.map_imperatively(Ape, table)
    assert class_names([table]) == {table: "Ape"}


def test_a_registry_with_a_class_that_could_not_be_mapped_gives_no_names() -> None:
    class Base(DeclarativeBase):
        pass

    class Person(Base):
        __tablename__ = "people"
        id: Mapped[int] = mapped_column(primary_key=True)
        kind: Mapped[str]
        __mapper_args__ = {"polymorphic_on": "kind"}  # noqa: RUF012

    with pytest.raises(SAWarning):

        class Adult(Person):
            pass

    assert class_names([Person.__table__]) == {}  # type: ignore[list-item]
