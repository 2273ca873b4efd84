"""SQLite's own types."""

from typing import Any

import pytest
import sqlalchemy.dialects.sqlite
from sqlalchemy.types import TypeEngine

from tests.types.both_ways import assert_both_ways

sqlite: Any = sqlalchemy.dialects.sqlite  # its constructors have no types

DIGITS = "%(year)04d%(month)02d%(day)02d"
WORDS = "%(year)04d/%(month)02d/%(day)02d"

TYPES: list[tuple[str, TypeEngine[Any]]] = [
    ("sqlite.DATE", sqlite.DATE()),
    ("sqlite.DATE", sqlite.DATE(storage_format=WORDS, regexp="x")),
    (f"sqlite.DATE(storage_format='{DIGITS}')", sqlite.DATE(storage_format=DIGITS)),
    ("sqlite.DATETIME", sqlite.DATETIME(truncate_microseconds=True)),
    (f"sqlite.DATETIME(storage_format='{DIGITS}')", sqlite.DATETIME(storage_format=DIGITS)),
    ("sqlite.DATETIME(timezone=True)", sqlite.DATETIME(timezone=True)),
    ("sqlite.TIME", sqlite.TIME()),
    ("sqlite.TIME(storage_format='%(hour)02d')", sqlite.TIME(storage_format="%(hour)02d")),
    ("sqlite.JSON", sqlite.JSON()),
]
if hasattr(sqlite, "JSONB"):
    TYPES.append(("sqlite.JSONB", sqlite.JSONB()))


@pytest.mark.parametrize(("name", "type_"), [pytest.param(*each, id=each[0]) for each in TYPES])
def test_a_sqlite_type_is_read_in_both_directions(name: str, type_: TypeEngine[Any]) -> None:
    assert_both_ways(name, type_)
