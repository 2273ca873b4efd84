"""DuckDB's own types, whose classes are duckdb-engine's."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.schema import CreateTable
from sqlalchemy.types import TypeEngine, UserDefinedType

from alembic_moltres.errors import TypeNameError, UnknownTypeError, UnregisteredTypeError
from alembic_moltres.types import (
    freeze_type,
    moltres_type_to_sqlalchemy_type,
    sqlalchemy_type_to_moltres_type,
)
from alembic_moltres.types.registration import Registration

duckdb_engine: Any = pytest.importorskip("duckdb_engine")
types: Any = pytest.importorskip("duckdb_engine.datatypes")

TYPES = [
    ("duckdb.TINYINT", types.TinyInteger(), "TinyInt"),
    ("duckdb.UTINYINT", types.UTinyInteger(), "UTinyInt"),
    ("duckdb.USMALLINT", types.USmallInteger(), "usmallint"),
    ("duckdb.UINTEGER", types.UInteger(), "UInteger"),
    ("duckdb.UBIGINT", types.UBigInteger(), "UBigInt"),
    ("duckdb.HUGEINT", types.HugeInteger(), "HugeInt"),
    ("duckdb.UHUGEINT", types.UHugeInteger(), "UHugeInt"),
    ("duckdb.VARINT", types.VarInt(), "VarInt"),
    ("duckdb.UINT8", types.UInt8(), "UInt8"),
    ("duckdb.UINT16", types.UInt16(), "UInt16"),
    ("duckdb.UINT32", types.UInt32(), "UInt32"),
    ("duckdb.UINT64", types.UInt64(), "UInt64"),
    (
        "duckdb.MAP(VARCHAR(5),INTEGER)",
        types.Map(sa.String(5), sa.Integer),
        "MAP(VARCHAR(5), INTEGER)",
    ),
    (
        "duckdb.STRUCT('a b',INTEGER,'c',duckdb.MAP(VARCHAR,DATE))",
        types.Struct({"a b": sa.Integer, "c": types.Map(sa.String, sa.Date)}),
        'STRUCT("a b" INTEGER, "c" MAP(VARCHAR, DATE))',
    ),
    ("duckdb.UNION('a',INTEGER)", types.Union({"a": sa.Integer}), 'UNION("a" INTEGER)'),
    (
        "sql.ARRAY(duckdb.STRUCT('a',INTEGER))",
        sa.ARRAY(types.Struct({"a": sa.Integer})),
        'STRUCT("a" INTEGER)[]',
    ),
]


def ddl(type_: TypeEngine[Any]) -> str:
    """Return what CREATE TABLE says for a column of a type."""
    table = sa.Table("t", sa.MetaData(), sa.Column("a", type_))
    dialect = duckdb_engine.Dialect()
    return " ".join(str(CreateTable(table).compile(dialect=dialect)).split())


@pytest.mark.parametrize(
    ("name", "type_", "text"), [pytest.param(*each, id=each[0]) for each in TYPES]
)
def test_a_type_is_read_in_both_directions(name: str, type_: TypeEngine[Any], text: str) -> None:
    dialects = (duckdb_engine.Dialect(),)
    assert (name, {}) == (
        freeze_type(type_, dialects).type_name,
        dict(freeze_type(type_, dialects).variants),
    )
    assert name == sqlalchemy_type_to_moltres_type(type_)
    thawed = moltres_type_to_sqlalchemy_type(name)
    assert f"CREATE TABLE t ( a {text} )" == ddl(type_) == ddl(thawed)


@pytest.mark.parametrize(
    "name", ["duckdb.STRUCT('a')", "duckdb.STRUCT('a','b')", "duckdb.MAP(INTEGER)"]
)
def test_a_name_that_says_too_little_is_refused(name: str) -> None:
    with pytest.raises(TypeNameError, match="needs"):
        moltres_type_to_sqlalchemy_type(name)


def test_a_struct_without_fields_is_refused() -> None:
    with pytest.raises(TypeNameError, match="has no fields"):
        sqlalchemy_type_to_moltres_type(types.Struct())


def test_a_type_whose_package_is_missing_says_which() -> None:
    from alembic_moltres.datatypes import DataType

    line = Registration("duckdb.TINYINT", None, package="duckdb-engine")
    with pytest.raises(UnknownTypeError, match="is a type of duckdb-engine; install it"):
        line.thaw(DataType("duckdb.TINYINT"), moltres_type_to_sqlalchemy_type)


def test_what_a_type_raises_when_it_is_compiled_is_said() -> None:
    class Broken(UserDefinedType[Any]):
        def get_col_spec(self, **_: Any) -> str:
            raise LookupError("no srid")

    with pytest.raises(
        UnregisteredTypeError,
        match=r"Broken\(\) has no DDL on duckdb: LookupError: no srid; correct",
    ):
        freeze_type(Broken(), (duckdb_engine.Dialect(),))
