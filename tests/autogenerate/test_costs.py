"""What a comparison costs: it imports, and freezes for, no database but the connected one.

What goes into a script is frozen for every dialect all the same.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import produce_migrations
from alembic.migration import MigrationContext
from sqlalchemy.dialects import postgresql

from alembic_moltres.diff import AddColumn, AlterColumn, AlterTable, Change
from alembic_moltres.operations import MoltresAlterTableOp
from tests.alembic_project import ProjectFactory

PLUGINS = ["alembic.autogenerate.*", "alembic_moltres"]
MODELS = """
import sqlalchemy as sa

target_metadata = sa.MetaData()
users = sa.Table(
    "users",
    target_metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(50), server_default="new", index=True),
    sa.Column("active", sa.Boolean, server_default=sa.true()),
    sa.Column("made", sa.DateTime, server_default=sa.func.now()),
)
sa.Table(
    "notes",
    target_metadata,
    sa.Column("user_id", sa.ForeignKey("users.id")),
    sa.Column("text", sa.String(50)),
    sa.CheckConstraint(sa.func.length(sa.column("text")) > 0, name="ck_length"),
    sa.UniqueConstraint("text", name="uq_text"),
)
"""
CHECK = """
import sys
from alembic.config import main
main(argv=["check"])
print("modules", *sorted(sys.modules))
"""
RENDERING = ("autogenerate.script", "autogenerate.validate")
FAMILIES = {
    "sqlite": {"sqlite"},
    "postgresql": {"postgresql"},
    "mysql": {"mysql"},
    "mariadb": {"mariadb", "mysql"},
}
"""The folders that serve a database."""
ALL = {"oracle", "mssql"}.union(*FAMILIES.values())
OF_ALEMBIC = {"postgresql"}
"""The dialects that Alembic itself imports."""


def modules_of_a_check(project: ProjectFactory, url: str) -> set[str]:
    """Return what is imported when `alembic check` finds nothing."""
    models: dict[str, Any] = {}
    exec(MODELS, models)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    models["target_metadata"].create_all(engine)
    made = project(MODELS, url)
    done = subprocess.run(
        [sys.executable, "-c", CHECK],
        cwd=made.directory,
        env=os.environ,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said, *modules = done.stdout.splitlines()[-1].split()
    assert said == "modules"
    return set(modules)


@pytest.mark.slow
def test_a_check_that_finds_nothing_imports_no_other_database(
    alembic_project: ProjectFactory, any_url: str
) -> None:
    modules = modules_of_a_check(alembic_project, any_url)
    own = FAMILIES[sa.make_url(any_url).get_backend_name()]
    assert packages(modules, "alembic_moltres.dialects.") - {"base"} <= own
    assert packages(modules, "alembic_moltres.types.") & ALL <= own
    assert packages(modules, "sqlalchemy.dialects.") & ALL <= own | OF_ALEMBIC
    assert packages(modules, "alembic_moltres.dialects.") > {"base"}


def packages(modules: set[str], prefix: str) -> set[str]:
    """Return the first parts of the names below a package."""
    return {name.removeprefix(prefix).split(".")[0] for name in modules if name.startswith(prefix)}


@pytest.mark.slow
def test_a_check_that_finds_nothing_imports_nothing_that_writes(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    modules = modules_of_a_check(alembic_project, sqlite_url)
    ours = {
        name.removeprefix("alembic_moltres.")
        for name in modules
        if name.startswith("alembic_moltres.")
    }
    assert "autogenerate.compare" in ours
    assert not {name for name in ours if name.startswith(RENDERING)}
    assert not {name for name in ours if name.startswith("dataframe")}
    assert not {
        name
        for name in ours
        if name.endswith((".ddl", ".alter_table", ".create_table", ".execution"))
    }
    assert "sqlalchemy.orm" not in modules
    assert "rich" not in modules


class Text(sa.TypeDecorator[str]):
    """A text that has another type on each database."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        return dialect.type_descriptor(
            postgresql.CITEXT() if dialect.name == "postgresql" else sa.Text()
        )


def changes(engine: sa.Engine, metadata: sa.MetaData, **opts: Any) -> dict[str, list[Change]]:
    """Return what differs, by the name of the table."""
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"autogenerate_plugins": PLUGINS, **opts}
        )
        found = produce_migrations(context, metadata).upgrade_ops
    assert found is not None
    by_table: dict[str, list[Change]] = {}
    for op in found.ops:
        assert isinstance(op, MoltresAlterTableOp), op
        change = op.change
        assert isinstance(change, AlterTable)
        by_table.setdefault(change.name, []).extend(change.changes)
    return by_table


def test_what_is_added_is_as_every_dialect_writes_it(sqlite_engine: sa.Engine) -> None:
    metadata = sa.MetaData()
    table = sa.Table("t", metadata, sa.Column("a", sa.Integer))
    metadata.create_all(sqlite_engine)
    table.append_column(sa.Column("b", sa.Text, server_default=sa.func.lower("x")))
    table.append_column(sa.Column("c", Text))
    text, decorated = changes(sqlite_engine, metadata)["t"]
    assert isinstance(text, AddColumn)
    assert isinstance(decorated, AddColumn)
    assert decorated.column.type_variants == {"postgresql": "postgresql.CITEXT"}


def test_a_difference_that_a_function_finds_is_as_every_dialect_writes_it(
    sqlite_engine: sa.Engine,
) -> None:
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("a", Text))
    metadata.create_all(sqlite_engine)
    assert changes(sqlite_engine, metadata) == {}

    def differs(_context: Any, _current: Any, _desired: Any, *_types: Any) -> bool:
        return True

    asked: Callable[..., bool] = differs
    (change,) = changes(sqlite_engine, metadata, compare_type=asked)["t"]
    assert isinstance(change, AlterColumn)
    assert change.desired.type_variants == {"postgresql": "postgresql.CITEXT"}


def test_what_only_another_dialect_writes_is_no_difference(sqlite_engine: sa.Engine) -> None:
    metadata = sa.MetaData()
    column = sa.Column("a", sa.Integer)
    only = sa.CheckConstraint(column == sa.any_(postgresql.array([1, 2])), name="ck")
    sa.Table("t", metadata, column, only.ddl_if(dialect="postgresql"))
    metadata.create_all(sqlite_engine)
    assert changes(sqlite_engine, metadata) == {}
