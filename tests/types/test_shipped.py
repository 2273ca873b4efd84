"""Every type that SQLAlchemy ships has a name, and every name has its row in a table of tests."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy.dialects
from sqlalchemy.types import TypeEngine

from alembic_moltres.types import registry, standard
from tests.types import (
    test_mssql,
    test_mysql,
    test_oracle,
    test_postgresql,
    test_sqlite,
    test_standard,
)

DIALECTS = ("postgresql", "mysql", "sqlite", "mssql", "oracle")
MODULES = (
    "sqlalchemy",
    "sqlalchemy.types",
    "sqlalchemy.dialects.mysql.mariadb",
    *(f"sqlalchemy.dialects.{dialect}" for dialect in DIALECTS),
)
TESTED = (test_standard, test_postgresql, test_mysql, test_sqlite, test_mssql, test_oracle)

WITHOUT_A_NAME = {
    "AbstractMultiRange": "abstract",
    "AbstractRange": "abstract",
    "AbstractSingleRange": "abstract",
    "MatchType": "a Boolean, and freezes as one",
    "NamedType": "abstract",
    "NullType": "has no DDL",
    "PickleType": "a decorator",
    "TupleType": "has no DDL",
    "TypeDecorator": "abstract",
    "TypeEngine": "abstract",
    "UserDefinedType": "abstract",
    "Variant": "abstract",
    "_Binary": "abstract",
}


def shipped() -> Iterator[tuple[str, type[TypeEngine[Any]]]]:
    for module in MODULES:
        for name, found in vars(importlib.import_module(module)).items():
            if inspect.isclass(found) and issubclass(found, TypeEngine):
                yield f"{module}.{name}", found


@pytest.mark.parametrize("cls", [pytest.param(cls, id=place) for place, cls in shipped()])
def test_every_shipped_type_has_a_name(cls: type[TypeEngine[Any]]) -> None:
    assert (registry.types.of(cls) is None) == (cls.__name__ in WITHOUT_A_NAME)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_exported_type_of_a_dialect_is_read_behind_its_prefix(dialect: str) -> None:
    module = importlib.import_module(f"sqlalchemy.dialects.{dialect}")
    for name in module.__all__:
        found = getattr(module, name)
        if inspect.isclass(found) and issubclass(found, TypeEngine) and name not in WITHOUT_A_NAME:
            named = registry.types.named(f"{dialect}.{name}").cls
            assert named is not None
            assert issubclass(named, found), name


def test_every_upper_case_type_is_read_behind_sql() -> None:
    for name, cls in vars(sqlalchemy.types).items():
        if name.isupper() and inspect.isclass(cls) and issubclass(cls, TypeEngine):
            assert cls is registry.types.named(f"sql.{name}").cls


def test_every_private_type_of_a_dialect_has_a_registered_base() -> None:
    for module in pkgutil.walk_packages(sqlalchemy.dialects.__path__, "sqlalchemy.dialects."):
        try:
            importlib.import_module(module.name)
        except ImportError:  # of a driver that is not installed
            continue
    found = {cls for cls in subclasses(TypeEngine) if cls.__module__.startswith("sqlalchemy.di")}
    nameless = {
        cls.__name__
        for cls in found
        if registry.nearest(cls) is None
        and getattr(cls, "__visit_name__", "null") not in {"null", "type_decorator"}
    }

    assert len(found) > 100
    assert set() == {name for name in nameless - {*WITHOUT_A_NAME} if not INSIDE.search(name)}


INSIDE = re.compile("JSON(Int|Str)?(Index|Path|Element)|^PG_|VECTOR$|^SPACE_VECTOR")
"""Types of an index into JSON, and of columns of PostgreSQL's own catalogue: no column has them."""


def subclasses(cls: type[Any]) -> Iterator[type[Any]]:
    for each in cls.__subclasses__():
        yield each
        yield from subclasses(each)


def test_every_name_has_its_row_in_a_table_of_tests() -> None:
    tested = {name.partition("(")[0] for module in TESTED for name, _ in module.TYPES}
    named = {
        registration.name
        for dialect in DIALECTS
        for registration in importlib.import_module(f"alembic_moltres.types.{dialect}").TABLE
        if registration.cls is not None
    }

    assert named - tested - {"oracle.JSON"} == set()
    assert {line.name for line in standard.TABLE} - tested == set()
