"""`anchor`: a revision with every table of a database; replay begins at it."""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.util import CommandError

from alembic_moltres.commands import anchor
from tests.alembic_project import AlembicProject, ProjectFactory, fresh_imports
from tests.commands.command_line import run
from tests.dump import dump
from tests.history.agreement import differences, state_of
from tests.history.scripts import write

MODELS = """
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    pass

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(50), server_default="x")

class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", name="fk_orders_user"))
"""
CREATE = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(50), nullable=False, server_default="x"),
)
op.create_table(
    "orders",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", name="fk_orders_user"), nullable=False),
)
op.create_table("old_log", sa.Column("line", sa.String(20)))
"""
LOGGER = "alembic.runtime.alembic_moltres"


@pytest.fixture
def project(alembic_project: ProjectFactory, any_url: str) -> AlembicProject:
    project = alembic_project(MODELS, any_url)
    write(project, "a1", CREATE)
    return project


def make_anchor(project: AlembicProject, *, strict: bool = False) -> Path:
    with contextlib.chdir(project.directory), fresh_imports():
        made = anchor(Config("alembic.ini", "pyproject.toml"), rev_id="b2", strict=strict)
    assert made is not None
    return Path(made.path)


def test_an_anchor_holds_every_table_and_replay_needs_no_script_before_it(
    project: AlembicProject, any_engine: sa.Engine
) -> None:
    project.upgrade()
    before = dump(any_engine)
    script = make_anchor(project)
    source = script.read_text(encoding="utf-8")
    assert "    op.moltres_anchor([User, OldLog, Order])\n" in source.replace(
        "OldLog, User", "User, OldLog"
    )
    project.upgrade()
    assert before == dump(any_engine)
    (project.versions / "a1_.py").write_text(
        "revision = 'a1'\ndown_revision = None\ndef upgrade():\n    raise SystemError\n",
        encoding="utf-8",
    )
    state = state_of(project)
    assert state.uncertain == ()
    with any_engine.connect() as connection:
        assert differences(connection, state) == []
    assert state_of(project, "a1").uncertain[0].reason == (
        "it is before the anchor b2, at which replay begins"
    )


def test_what_follows_an_anchor_alters_its_tables(project: AlembicProject) -> None:
    project.upgrade()
    make_anchor(project)
    write(project, "c3", 'op.add_column("users", sa.Column("age", sa.Integer))', down="b2")
    write(project, "d4", 'op.drop_table("old_log")', down="a1")
    state = state_of(project)
    assert state.uncertain == ()
    assert set(state.tables) == {"users", "orders"}
    assert [each.name for each in state.tables["users"].columns] == ["id", "name", "age"]


def test_before_an_anchor_every_table_is_uncertain(project: AlembicProject) -> None:
    project.upgrade()
    make_anchor(project)
    state = state_of(project, "a1")
    assert list(state.certain) == []
    assert state_of(project, "base").uncertain == ()


def test_an_upgrade_logs_what_differs_and_changes_nothing(
    project: AlembicProject, any_engine: sa.Engine, caplog: pytest.LogCaptureFixture
) -> None:
    project.upgrade()
    make_anchor(project)
    with any_engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE users ADD COLUMN age INTEGER")
        connection.exec_driver_sql("DROP TABLE old_log")
    changed = dump(any_engine)
    with caplog.at_level(logging.WARNING, LOGGER):
        project.upgrade()
    assert [each.getMessage() for each in caplog.records] == [
        "The database differs from the anchor: added column 'users.age'",
        "The database differs from the anchor: removed table 'old_log'",
    ]
    assert changed == dump(any_engine)


def test_a_database_that_agrees_is_not_mentioned(
    project: AlembicProject, caplog: pytest.LogCaptureFixture
) -> None:
    project.upgrade()
    make_anchor(project, strict=True)
    with caplog.at_level(logging.WARNING, LOGGER):
        project.upgrade()
        project.downgrade("a1")
        project.upgrade()
    assert caplog.records == []


def test_a_strict_anchor_stops_at_a_database_that_differs(
    project: AlembicProject, any_engine: sa.Engine
) -> None:
    project.upgrade()
    make_anchor(project, strict=True)
    with any_engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE users ADD COLUMN age INTEGER")
    with pytest.raises(CommandError, match=r"differs from the anchor: added column 'users.age'; "):
        project.upgrade()
    with any_engine.connect() as connection:
        at = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
    assert at == ["a1"]


def test_an_anchor_emits_nothing_as_sql(project: AlembicProject) -> None:
    project.upgrade()
    make_anchor(project)
    written = project.upgrade("a1:b2", sql=True)
    assert "users" not in written
    assert "UPDATE alembic_version SET version_num='b2'" in written


def test_an_anchor_is_made_from_a_database_at_head_only(project: AlembicProject) -> None:
    with pytest.raises(CommandError, match=r"the database is at base, not at head \(a1\); run"):
        make_anchor(project)
    assert [each.name for each in project.scripts()] == ["a1_.py"]


TWO_MODELS = """
import sqlalchemy as sa
target_metadata = {'engine1': sa.MetaData(), 'engine2': sa.MetaData()}
"""


def test_a_database_of_several_that_is_not_at_head_is_named(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    urls = {"engine1": sqlite_url, "engine2": f"{sqlite_url}2"}
    project = alembic_project(TWO_MODELS, urls, template="multidb")
    write(project, "a1", "pass", arguments="engine_name")
    project.upgrade()
    with sa.create_engine(urls["engine2"]).begin() as connection:
        connection.exec_driver_sql("DELETE FROM alembic_version")
    done = run(project, "anchor")
    assert "the database 'engine2' is at base, not at head (a1); run" in done.err


def test_replay_begins_at_an_anchor_of_several_databases(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    urls = {"engine1": sqlite_url, "engine2": f"{sqlite_url}2"}
    project = alembic_project(TWO_MODELS, urls, template="multidb")
    body = (
        "op.create_table(engine_name, sa.Column('id', sa.Integer, primary_key=True))\n"
        "op.get_bind().execute(sa.text(\"SELECT load_extension('none') WHERE 1 = 0\"))"
    )
    write(project, "a1", body, arguments="engine_name")
    project.upgrade()
    assert "uncertain" in run(project, "state").out
    assert 0 == run(project, "anchor", "--rev-id", "b2").status
    assert "uncertain" not in run(project, "state").out
    assert "before the anchor b2" in run(project, "state", "a1").out


def test_a_head_that_another_one_needs_is_not_in_alembic_version(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    write(project, "a1", CREATE)
    write(project, "b1", "pass", depends="a1")
    project.upgrade("heads")
    assert "b1 (head)\n" in run(project, "current").out
    assert 0 == run(project, "anchor", "--rev-id", "c1").status


def test_filters_of_the_environment_hold_for_an_anchor(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(
        MODELS, sqlite_url, configure='include_name=lambda name, kind, _: name != "old_log",'
    )
    write(project, "a1", CREATE)
    project.upgrade()
    make_anchor(project)
    assert set(state_of(project).tables) == {"users", "orders"}


def test_the_command_line_has_it(alembic_project: ProjectFactory, sqlite_url: str) -> None:
    project = alembic_project(MODELS, sqlite_url)
    write(project, "a1", CREATE)
    refused = run(project, "anchor", "--strict")
    assert refused.status == 2
    assert refused.err == (
        "FAILED: the database is at base, not at head (a1); run alembic upgrade head first, "
        "or use a database that is at head\n"
    )
    project.upgrade()
    assert run(project, "anchor", "--strict", "--rev-id", "b2", "-m", "now").status == 0
    script = (project.versions / "b2_now.py").read_text(encoding="utf-8")
    assert "strict=True" in script
