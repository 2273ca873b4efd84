from __future__ import annotations

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings

from alembic_moltres.convert import model_to_schema, schema_to_table
from alembic_moltres.schema import TableSchema
from tests.declarations import tables
from tests.lossless import assert_is_a_value, assert_lossless
from tests.strategies import schemas

slow = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@slow
@given(schemas())
def test_a_value_is_what_it_is_written_as(schema: TableSchema) -> None:
    assert_is_a_value(schema)


@slow
@given(schemas())
def test_a_value_is_the_same_after_it_was_a_table(schema: TableSchema) -> None:
    frozen = model_to_schema(schema_to_table(schema, sa.MetaData()))
    assert schema == frozen
    assert set(schema.constraints) == set(frozen.constraints)


@slow
@given(tables())
def test_a_declared_table_is_kept(table: sa.Table) -> None:
    assert_lossless(table)
