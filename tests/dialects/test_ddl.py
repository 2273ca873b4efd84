"""What is compiled without a `Table` is what is compiled in one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateColumn, CreateIndex, DropIndex
from sqlalchemy.types import UserDefinedType

from alembic_moltres import ColumnDef, Index, column, index, register_type
from alembic_moltres.convert import DIALECT_CLASSES
from alembic_moltres.convert.columns import thaw_column
from alembic_moltres.convert.dialects import ddl_compiler, shipped
from alembic_moltres.convert.single_items import thaw_single_index
from alembic_moltres.dialects.base.ddl import DDLWriter
from alembic_moltres.errors import OperationError
from tests.strategies import columns, indexes

many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def text(write: Callable[[], str]) -> str | None:
    """Return what is compiled; `None` where the dialect has no such thing."""
    try:
        return write()
    except (sa.exc.SQLAlchemyError, OperationError, AttributeError):
        # AttributeError: SQLAlchemy 2.0, of an ENUM of MySQL for PostgreSQL
        return None


def compiled(element: Any, dialect: Dialect) -> str:
    return str(element.compile(dialect=dialect))


@many
@given(columns("a"), st.sampled_from(sorted(DIALECT_CLASSES)), st.sampled_from([None, "S"]))
def test_a_column_is_compiled_as_in_its_table(
    value: ColumnDef, dialect_name: str, schema: str | None
) -> None:
    dialect = shipped(dialect_name)

    def in_table() -> str:
        made = thaw_column(value)
        sa.Table("t", sa.MetaData(), made, schema=schema)
        return str(ddl_compiler(dialect).process(CreateColumn(made)))

    assert text(in_table) == text(lambda: DDLWriter(dialect, "t", schema).column(value).definition)


@pytest.mark.filterwarnings("ignore:Using 'mysql_:sqlalchemy.exc.SADeprecationWarning")
@many
@given(
    indexes(["a", "b"], "ix"),
    st.sampled_from(sorted(DIALECT_CLASSES)),
    st.sampled_from([None, "S"]),
)
def test_an_index_is_compiled_as_in_its_table(
    value: Index, dialect_name: str, schema: str | None
) -> None:
    dialect = shipped(dialect_name)
    written = DDLWriter(dialect, "t", schema).index(value)
    if written is None:
        return
    in_table = thaw_single_index("t", schema, value)
    assert isinstance(in_table.table, sa.Table)
    assert not isinstance(written.table, sa.Table)
    for element in (CreateIndex, DropIndex):
        expected = text(partial(compiled, element(in_table), dialect))
        assert expected == text(partial(compiled, element(written), dialect))


class _Placed(UserDefinedType[Any]):
    cache_ok = True


@compiles(_Placed)
def _placed(type_: _Placed, compiler: Any, *, type_expression: Any = None, **_: Any) -> str:
    return f"PLACED_IN_{len(type_expression.table.metadata.tables)}"


class _Spelt(UserDefinedType[Any]):
    cache_ok = True

    def get_col_spec(self, *, type_expression: Any = None, **_: Any) -> str:
        return f"SPELT_IN_{len(type_expression.table.metadata.tables)}"


@pytest.mark.parametrize("cls", [_Placed, _Spelt])
def test_a_type_of_a_projects_own_finds_its_table(cls: type[UserDefinedType[Any]]) -> None:
    name = f"ddl.{cls.__name__.strip('_').upper()}"
    register_type(cls, name)
    definition = DDLWriter(shipped("postgresql"), "t", None).column(column("a", name)).definition
    assert definition == f"a {cls.__name__.strip('_').upper()}_IN_1"


def test_a_projects_own_create_index_finds_its_table() -> None:
    class Compiler(type(ddl_compiler(shipped("sqlite")))):  # type: ignore[misc]
        pass

    dialect = type(shipped("sqlite"))()  # a third party's extends it
    dialect.ddl_compiler = Compiler
    assert isinstance(DDLWriter(dialect, "t", None).index(index("ix", "a")).table, sa.Table)  # type: ignore[union-attr]
