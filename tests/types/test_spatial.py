"""geoalchemy2's types: their indexes and their listeners, with a type that is like one of theirs."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.sql.base import SchemaEventTarget
from sqlalchemy.types import UserDefinedType

from alembic_moltres.convert import model_to_schema, schema_to_table
from alembic_moltres.convert.dialects import shipped
from alembic_moltres.types import register_type
from alembic_moltres.types.spatial import is_covered


class Geometry(SchemaEventTarget, UserDefinedType[Any]):
    """A type that adds its index to the table that it comes into, as geoalchemy2's does."""

    cache_ok = True
    spatial_index = True

    def get_col_spec(self, **_: object) -> str:
        return "POINT"

    def _set_parent(self, parent: Any, **_: Any) -> None:
        event.listen(parent, "after_parent_attach", _with_index)


def _with_index(column: Any, table: Any) -> None:
    make: Any = sa.Index
    index = make(f"idx_{table.name}_{column.name}", column, postgresql_using="gist")
    assert index in table.indexes


Geometry.__module__ = "geoalchemy2.types"


def places() -> sa.Table:
    return sa.Table("t", sa.MetaData(), sa.Column("geom", Geometry(), nullable=False))


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("postgresql", {"postgresql_using": "gist"}),
        ("mysql", {"postgresql_using": "gist", "mysql_prefix": "SPATIAL"}),
        ("sqlite", {"postgresql_using": "gist"}),
    ],
)
def test_the_index_of_a_geometry_is_spatial_where_that_is_said(
    name: str, options: dict[str, str]
) -> None:
    (index,) = model_to_schema(places(), dialects=(shipped(name),)).indexes
    assert options == index.dialect_options


def test_a_registered_geometry_makes_its_index_once() -> None:
    register_type(Geometry, "spatialtest.GEOMETRY")
    frozen = model_to_schema(places())
    assert "spatialtest.GEOMETRY" == frozen.columns[0].type_name
    thawed = schema_to_table(frozen, sa.MetaData())
    assert ["idx_t_geom"] == [str(each.name) for each in thawed.indexes]
    assert frozen == model_to_schema(thawed)


@pytest.mark.parametrize(
    ("dialect", "covered"), [("postgresql", True), ("mariadb", True), ("sqlite", False)]
)
def test_its_listeners_are_told_of_where_they_do_more_than_the_value_says(
    dialect: str, *, covered: bool
) -> None:
    listener = "after_create: geoalchemy2.admin.setup_ddl_event_listeners.<locals>.after_create"
    assert covered == is_covered(listener, places(), dialect)
    assert is_covered(listener, sa.Table("users", sa.MetaData()), dialect)
    assert not is_covered("after_create: app.views.f", places(), dialect)
