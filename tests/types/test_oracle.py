"""Oracle's own types."""

from typing import Any

import pytest
import sqlalchemy.dialects.oracle
from sqlalchemy.types import TypeEngine

from tests.types.both_ways import assert_both_ways

oracle: Any = sqlalchemy.dialects.oracle  # its constructors have no types

PLAIN = ["BFILE", "BINARY_DOUBLE", "BINARY_FLOAT", "DATE", "FLOAT", "INTERVAL", "LONG", "NCLOB"]
PLAIN += ["NUMBER", "RAW", "ROWID", "TIMESTAMP", "VARCHAR2"]

TYPES: list[tuple[str, TypeEngine[Any]]] = [
    *((f"oracle.{name}", getattr(oracle, name)()) for name in PLAIN),
    ("oracle.BINARY_DOUBLE(5)", oracle.BINARY_DOUBLE(5)),
    ("oracle.FLOAT(126)", oracle.FLOAT(126)),
    ("oracle.INTERVAL(day_precision=3,second_precision=4)", oracle.INTERVAL(3, 4)),
    ("oracle.NUMBER(10,2)", oracle.NUMBER(10, 2, asdecimal=False)),
    ("oracle.RAW(16)", oracle.RAW(16)),
    ("oracle.TIMESTAMP(timezone=True)", oracle.TIMESTAMP(timezone=True)),
    ("oracle.TIMESTAMP(local_timezone=True)", oracle.TIMESTAMP(local_timezone=True)),
    ("oracle.VARCHAR2(5)", oracle.VARCHAR2(5)),
]
if hasattr(oracle, "VECTOR"):
    FORMAT = oracle.VectorStorageFormat.FLOAT32
    TYPES += [
        ("oracle.VECTOR", oracle.VECTOR()),
        ("oracle.VECTOR(3)", oracle.VECTOR(3)),
        ("oracle.VECTOR(3,storage_format='FLOAT32')", oracle.VECTOR(3, FORMAT)),
    ]
if hasattr(oracle, "VectorStorageType"):
    SPARSE = oracle.VectorStorageType.SPARSE
    TYPES.append(("oracle.VECTOR(storage_type='SPARSE')", oracle.VECTOR(storage_type=SPARSE)))
if hasattr(oracle, "JSON"):
    TYPES += [
        ("oracle.JSON", oracle.JSON()),
        ("oracle.JSON(use_blob=True)", oracle.JSON(use_blob=True)),
        ("oracle.JSON(use_blob=False)", oracle.JSON(use_blob=False)),
    ]


@pytest.mark.parametrize(("name", "type_"), [pytest.param(*each, id=each[0]) for each in TYPES])
def test_an_oracle_type_is_read_in_both_directions(name: str, type_: TypeEngine[Any]) -> None:
    assert_both_ways(name, type_)
