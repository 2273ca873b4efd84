"""Registering, and reading the tables of dialects only when they are needed."""

import re
import subprocess
import sys
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import UserDefinedType

from alembic_moltres.errors import MoltresError, SchemaError, TypeNameError
from alembic_moltres.types import (
    TypeRegistry,
    freeze_type,
    moltres_type_to_sqlalchemy_type,
    register_type,
    sqlalchemy_type_to_moltres_type,
)
from alembic_moltres.types.registration import line


class Point(UserDefinedType[Any]):
    def __init__(self, srid: int = 4326, kind: str = "point") -> None:
        self.srid = srid
        self.kind = kind

    def get_col_spec(self, **_: Any) -> str:
        return f"{self.kind}({self.srid})"


class Spot(Point):
    """A subclass without DDL of its own."""


class Area(Point):
    def get_col_spec(self, **_: Any) -> str:
        return "area"


def test_a_third_party_registers_both_directions_with_one_call() -> None:
    assert "CUSTOM('point(4326)')" == sqlalchemy_type_to_moltres_type(Point)
    register_type(Point, "test.POINT", "srid", kind="point")

    assert "test.POINT(1,kind='x')" == sqlalchemy_type_to_moltres_type(Point(1, "x"))
    assert "test.POINT(4326)" == sqlalchemy_type_to_moltres_type(Spot())
    assert "CUSTOM('area')" == sqlalchemy_type_to_moltres_type(Area())
    thawed = moltres_type_to_sqlalchemy_type("test.POINT(7)")
    assert isinstance(thawed, Point)
    assert (7, "point") == (thawed.srid, thawed.kind)


@pytest.mark.parametrize(
    ("name", "cls", "message"),
    [
        pytest.param("A", sa.Text, "type name A is registered already; choose another", id="name"),
        pytest.param("B", sa.Integer, "Integer is registered already, as A", id="class"),
    ],
)
def test_a_duplicate_is_refused(name: str, cls: type[Any], message: str) -> None:
    types = TypeRegistry()
    types.register(line("A", sa.Integer))

    with pytest.raises(SchemaError, match=message):
        types.register(line(name, cls))
    assert ("A",) == types.names()


def test_the_table_of_a_dialect_is_read_when_its_prefix_is_seen() -> None:
    code = """
import sys
from alembic_moltres.types import moltres_type_to_sqlalchemy_type, sqlalchemy_type_to_moltres_type
import sqlalchemy as sa
dialects = lambda: {name.split(".")[2] for name in sys.modules if name.startswith("sqlalchemy.dialects.")} - {"_typing"}
sqlalchemy_type_to_moltres_type(sa.String(5)); moltres_type_to_sqlalchemy_type("ENUM('a')")
assert not dialects(), dialects()
moltres_type_to_sqlalchemy_type("sqlite.JSON")
assert dialects() == {"sqlite"}, dialects()
from sqlalchemy.dialects.mysql import LONGTEXT
assert sqlalchemy_type_to_moltres_type(LONGTEXT()) == "mysql.LONGTEXT"
assert "alembic_moltres.types.oracle" not in sys.modules
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_a_registered_type_with_compiles_of_its_own_has_its_name() -> None:
    class Tree(UserDefinedType[Any]):
        def __init__(self, depth: int = 1) -> None:
            self.depth = depth

    @compiles(Tree, "sqlite")
    def tree(type_: Any, compiler: Any, **_: Any) -> str:
        return f"TREE({type_.depth})"

    register_type(Tree, "test.TREE", depth=1)
    make: Any = sqlite.dialect
    dialects: tuple[Dialect, ...] = (make(),)
    assert freeze_type(Tree(3), dialects).type_name == "test.TREE(depth=3)"
    thawed = moltres_type_to_sqlalchemy_type("test.TREE(depth=3)")
    assert thawed.compile(dialects[0]) == "TREE(3)"


def test_a_registration_comes_again_with_the_module_that_makes_it() -> None:
    def load() -> type[Any]:
        class Again(UserDefinedType[Any]):
            cache_ok = True

            def __init__(self, size: int = 1) -> None:
                self.size = size

            def get_col_spec(self, **_: object) -> str:
                return f"AGAIN({self.size})"

        return Again

    for _ in range(2):
        loaded = load()
        register_type(loaded, "test.AGAIN", "size")
        assert "test.AGAIN(7)" == sqlalchemy_type_to_moltres_type(loaded(7))
        assert type(moltres_type_to_sqlalchemy_type("test.AGAIN(7)")) is loaded
    with pytest.raises(SchemaError, match="registered already"):
        register_type(load(), "test.AGAIN", size=1)


def test_an_argument_that_a_class_keeps_under_another_name_is_not_lost() -> None:
    class Odd(UserDefinedType[Any]):
        cache_ok = True

        def __init__(self, size: int = 1) -> None:
            self._size = size

        def get_col_spec(self, **_: object) -> str:
            return f"ODD({self._size})"

    register_type(Odd, "test.ODD", size=1)
    with pytest.raises(TypeNameError, match="'_size' is lost; name every argument"):
        sqlalchemy_type_to_moltres_type(Odd(7))
    assert "test.ODD" == sqlalchemy_type_to_moltres_type(Odd())


class Odd(sa.types.UserDefinedType[Any]):
    def __init__(self, a: int = 1) -> None:
        self.a = a


class Needy(sa.types.UserDefinedType[Any]):
    def __init__(self, a: int, b: int = 1) -> None:
        self.a, self.b = a, b


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("app.POINT", sa.types.UserDefinedType), "where the class of a type belongs"),
        ((sa.Integer(), "app.POINT"), "where the class of a type belongs"),
        ((sa.Column, "app.POINT"), "where the class of a type belongs"),
        ((sa.types.UserDefinedType, 5), "got the name 5"),
        ((Odd, "app.POINT(1)"), "is not a type name"),
        ((Odd, "Point"), "is not a type name"),
        ((Odd, "app.ODD", "nope"), "got the argument 'nope' for Odd"),
        ((Odd, "app.ODD", 5), "got the argument 5 for Odd"),
        ((), "missing a required argument: 'cls'; write register_type(Point,"),
        ((Odd,), "missing a required argument: 'name'; write register_type(Point,"),
        ((Odd, ""), "got the name '' for Odd"),
        ((Needy, "app.NEEDY", "b"), "leaves out the argument 'a', without which Needy() cannot be"),
    ],
    ids=[
        *("exchanged", "instance", "another class", "no name"),
        *("a type as name", "lower case", "no argument", "no text"),
        *("nothing", "class alone", "empty name", "argument left out"),
    ],
)
def test_what_is_no_class_or_no_name_is_refused(given: tuple[Any, Any], message: str) -> None:
    with pytest.raises(MoltresError, match=re.escape(message)):
        register_type(*given)
