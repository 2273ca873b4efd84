"""Which impl serves a dialect, what every impl answers, and dialects that extend another."""

from __future__ import annotations

import importlib
import inspect
import io
from collections.abc import Callable
from inspect import getsource
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.ddl.postgresql import PostgresqlImpl
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.dialects.mysql.pymysql import MySQLDialect_pymysql
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.default import DefaultDialect

from alembic_moltres import TableSchema, column
from alembic_moltres.convert import DIALECT_CLASSES
from alembic_moltres.convert.dialects import shipped
from alembic_moltres.dialects.base.hooks.comparison import ComparisonHooks
from alembic_moltres.dialects.base.hooks.replay import ReplayHooks
from alembic_moltres.dialects.base.hooks.running import RunningHooks
from alembic_moltres.dialects.base.hooks.statements import StatementHooks
from alembic_moltres.dialects.base.impl import DialectImpl
from alembic_moltres.dialects.base.package_impl import (
    Alteration,
    Expected,
    PackageImpl,
    Reflection,
)
from alembic_moltres.dialects.base.registry import impl_of
from alembic_moltres.dialects.duckdb import alter_table as duckdb_alter_table
from alembic_moltres.dialects.duckdb import expected as duckdb_expected
from alembic_moltres.dialects.duckdb import reflection as duckdb_reflection
from alembic_moltres.dialects.duckdb.impl import DuckDBImpl
from alembic_moltres.dialects.generic import GenericImpl
from alembic_moltres.dialects.mysql import alter_table as mysql_alter_table
from alembic_moltres.dialects.mysql import expected as mysql_expected
from alembic_moltres.dialects.mysql import reflection as mysql_reflection
from alembic_moltres.dialects.mysql.impl import MySQLImpl
from alembic_moltres.dialects.postgresql import alter_table as postgresql_alter_table
from alembic_moltres.dialects.postgresql import expected as postgresql_expected
from alembic_moltres.dialects.postgresql import reflection as postgresql_reflection
from alembic_moltres.dialects.postgresql.impl import PostgreSQLImpl
from alembic_moltres.dialects.sqlite import alter_table as sqlite_alter_table
from alembic_moltres.dialects.sqlite import expected as sqlite_expected
from alembic_moltres.dialects.sqlite import reflection as sqlite_reflection
from alembic_moltres.dialects.sqlite.impl import SQLiteImpl
from alembic_moltres.errors import OperationError

READING = {"table_names", "read", "reflect_expected", "contents", "clear", "stored_objects"}
GROUPS = (ComparisonHooks, StatementHooks, ReplayHooks, RunningHooks)
HOOKS = {name: hook for each in GROUPS for name, hook in vars(each).items() if callable(hook)}
REQUIRED = sorted(name for name, hook in HOOKS.items() if "self.unsupported" in getsource(hook))


class TimescaleDialect(PGDialect_psycopg):
    """As the dialects of databases that are PostgreSQL are: another name, nothing else."""

    name = "timescale_like"


class TimescaleImpl(PostgresqlImpl):
    __dialect__ = "timescale_like"


class LookalikeDialect(PGDialect_psycopg):
    name = "lookalike"


class InstalledDialect(MySQLDialect_pymysql):
    name = "installed_like"


class UnknownDialect(DefaultDialect):
    name = "unknown_like"


def made(dialect_class: Any) -> Dialect:
    dialect: Dialect = dialect_class()
    return dialect


def written_for(dialect: Dialect, script: Callable[[Any], None]) -> str:
    buffer = io.StringIO()
    opts = {"as_sql": True, "output_buffer": buffer}
    script(Operations(MigrationContext.configure(dialect=dialect, opts=opts)))
    return buffer.getvalue()


@pytest.mark.parametrize("name", sorted(DIALECT_CLASSES))
def test_a_shipped_dialect_is_found_by_its_name(name: str) -> None:
    assert name in impl_of(shipped(name)).names


def test_a_dialect_that_extends_another_is_written_to_as_that_one_and_not_read() -> None:
    impl = impl_of(made(TimescaleDialect))
    assert type(impl) is PostgreSQLImpl
    assert not impl.reads


def test_a_dialect_of_nothing_that_is_known_gets_the_generic_impl() -> None:
    assert type(impl_of(UnknownDialect())) is GenericImpl


def test_a_claimed_name_is_not_served_by_the_impl_of_a_base(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(GenericImpl, "names", (*GenericImpl.names, LookalikeDialect.name))
    assert type(impl_of(made(LookalikeDialect))) is GenericImpl


def test_an_installed_impl_comes_before_the_bases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "moltres_installed_like"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from alembic_moltres.dialects.generic import GenericImpl\n\n\n"
        "class InstalledImpl(GenericImpl):\n    names = ('installed_like',)\n"
    )
    metadata = tmp_path / "moltres_installed_like-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: moltres-installed-like\nVersion: 1.0\n"
    )
    (metadata / "entry_points.txt").write_text(
        "[alembic_moltres.dialects]\ninstalled_like = moltres_installed_like:InstalledImpl\n"
    )
    monkeypatch.syspath_prepend(tmp_path)

    found = impl_of(InstalledDialect())

    installed = importlib.import_module("moltres_installed_like")
    assert type(found) is installed.InstalledImpl
    assert type(impl_of(MySQLDialect_pymysql())) is MySQLImpl


def test_each_hook_is_in_one_group() -> None:
    assert len(HOOKS) == sum(callable(hook) for each in GROUPS for hook in vars(each).values())


@pytest.mark.parametrize("hook", sorted(HOOKS))
def test_each_hook_has_a_contract(hook: str) -> None:
    assert HOOKS[hook].__doc__


@pytest.mark.parametrize("hook", REQUIRED)
def test_a_hook_without_a_default_raises(hook: str) -> None:
    method = getattr(DialectImpl(UnknownDialect()), hook)
    parameters = inspect.signature(method).parameters.values()
    keywords = {each.name: None for each in parameters if each.kind is each.KEYWORD_ONLY}
    arguments = [None] * (len(parameters) - len(keywords))
    with pytest.raises(OperationError, match=r"^unknown_like cannot .* here; use op\.execute\(\)"):
        method(*arguments, **keywords)


@pytest.mark.parametrize("name", sorted(DIALECT_CLASSES))
def test_every_shipped_impl_has_every_hook_that_its_features_need(name: str) -> None:
    impl = impl_of(shipped(name))
    needed = set(REQUIRED) - (set() if impl.reads else READING)
    if not shipped(name).supports_sequences and name != "mysql":
        needed.discard("drop_sequence")
    if not impl.features.named_types:
        needed.discard("sequence_name")
    missing = [hook for hook in needed if getattr(type(impl), hook) is getattr(DialectImpl, hook)]
    assert missing == []


PACKAGES: list[tuple[type[PackageImpl], Reflection, Expected, Alteration]] = [
    (DuckDBImpl, duckdb_reflection, duckdb_expected, duckdb_alter_table),
    (MySQLImpl, mysql_reflection, mysql_expected, mysql_alter_table),
    (PostgreSQLImpl, postgresql_reflection, postgresql_expected, postgresql_alter_table),
    (SQLiteImpl, sqlite_reflection, sqlite_expected, sqlite_alter_table),
]
"""Each impl and the modules that it calls; mypy compares what they define with the protocols."""


@pytest.mark.parametrize(
    ("impl", "modules"), [pytest.param(impl, found, id=impl.names[0]) for impl, *found in PACKAGES]
)
def test_an_impl_calls_the_modules_of_its_own_package(
    impl: type[PackageImpl], modules: list[ModuleType]
) -> None:
    assert [impl.package] * 3 == [module.__name__.rpartition(".")[0] for module in modules]


def test_postgresql_by_another_name_makes_and_changes_types_in_blocks() -> None:
    """`CREATE TYPE IF NOT EXISTS` is CockroachDB's; PostgreSQL has none."""
    mood = "ENUM('a','b',name='mood')"
    table = TableSchema("t", [column("mood", mood), column("id", "INTEGER")])

    def script(op: Any) -> None:
        op.moltres_create_table(table)
        op.moltres_alter_enum(mood, "ENUM('a','b','c',name='mood')")
        op.moltres_drop_table(table)

    written = written_for(made(TimescaleDialect), script)
    assert written_for(made(PGDialect_psycopg), script) == written
    assert "IF NOT EXISTS" not in written
    assert 3 == written.count("DO $")


def test_the_sequence_of_a_column_is_dropped_alike() -> None:
    sequence = sa.Sequence("s")
    dropped = [
        str(impl_of(dialect).drop_sequence(sequence).compile(dialect=dialect))
        for dialect in (made(TimescaleDialect), made(PGDialect_psycopg))
    ]
    assert dropped[0] == dropped[1]
    assert "DROP SEQUENCE IF EXISTS s" in dropped[0]
