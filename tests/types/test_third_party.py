"""Types of packages that bring a dialect: what that dialect writes is kept, whoever is connected."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest
import sqlalchemy as sa

from alembic_moltres.convert.dialects import dialects_for
from alembic_moltres.types import (
    freeze_type,
    moltres_type_to_sqlalchemy_type,
    sqlalchemy_type_to_moltres_type,
    thaw_type,
)
from alembic_moltres.types.third_party import installed_dialects

SOURCE = '''
import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.sql.compiler import GenericTypeCompiler


class TIMESTAMP(sa.types.TIMESTAMP):
    """Keeps what SQLAlchemy's does not have."""

    __visit_name__ = "TIMESTAMP"

    def __init__(self, precision=None):
        super().__init__()
        self.precision = precision


class Vector(sa.types.TypeDecorator):
    """Has DDL of its own beside what it is made of."""

    __visit_name__ = "vector"
    impl = sa.ARRAY(sa.Float)
    cache_ok = True

    def __init__(self, size):
        super().__init__()
        self.size = size


class TypeCompiler(GenericTypeCompiler):
    def visit_TIMESTAMP(self, type_, **kw):
        if isinstance(type_, TIMESTAMP) and type_.precision is not None:
            return f"TIMESTAMP({type_.precision})"
        return "TIMESTAMP"

    def visit_vector(self, type_, **kw):
        return f"VECTOR({type_.size})"

    def visit_ARRAY(self, type_, **kw):
        raise NotImplementedError("no arrays")


class AcmeDialect(DefaultDialect):
    name = "acme"
    type_compiler = TypeCompiler
'''


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """Install a package with a dialect and types of its own."""
    tmp_path = tmp_path_factory.mktemp("acme")
    (tmp_path / "acme_dialect.py").write_text(SOURCE, encoding="utf-8")
    installed = tmp_path / "acme_dialect-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-dialect\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text(
        "[sqlalchemy.dialects]\nacme = acme_dialect:AcmeDialect\nacme.fast = acme_dialect:AcmeDialect\n"
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(tmp_path)
        installed_dialects.cache_clear()
        yield importlib.import_module("acme_dialect")
    installed_dialects.cache_clear()
    del sys.modules["acme_dialect"]


@pytest.mark.parametrize("connected", ["acme", ""])
def test_an_argument_that_only_the_packages_dialect_reads_is_kept(
    acme: ModuleType, connected: str
) -> None:
    dialect = acme.AcmeDialect()
    dialects = dialects_for((dialect,) if connected else ())
    frozen = freeze_type(acme.TIMESTAMP(6), dialects)
    assert ("sql.TIMESTAMP", {"acme": "CUSTOM('TIMESTAMP(6)')"}) == (
        frozen.type_name,
        dict(frozen.variants),
    )
    again = thaw_type(frozen.type_name, frozen.variants)
    assert "TIMESTAMP(6)" == again.compile(dialect)
    assert "TIMESTAMP" == again.compile(sa.create_engine("sqlite://").dialect)


def test_a_decorator_with_ddl_of_its_own_is_kept(acme: ModuleType) -> None:
    dialect = acme.AcmeDialect()
    frozen = freeze_type(acme.Vector(3), (dialect,))
    again = thaw_type(frozen.type_name, frozen.variants)
    assert "VECTOR(3)" == again.compile(dialect)


def test_what_all_write_alike_has_the_portable_name(acme: ModuleType) -> None:
    frozen = freeze_type(acme.TIMESTAMP(), dialects_for((acme.AcmeDialect(),)))
    assert ("sql.TIMESTAMP", {}) == (frozen.type_name, dict(frozen.variants))


def test_a_name_without_a_dialect_keeps_it_too(acme: ModuleType) -> None:
    name = sqlalchemy_type_to_moltres_type(acme.TIMESTAMP(6))
    assert "TIMESTAMP(6)" == moltres_type_to_sqlalchemy_type(name).compile(acme.AcmeDialect())
    assert "sql.TIMESTAMP" == sqlalchemy_type_to_moltres_type(acme.TIMESTAMP())
