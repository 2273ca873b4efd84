"""The Alembic environments that tests make."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from tests import alembic_project as project_module
from tests.alembic_project import ProjectFactory, script_module
from tests.dump import dump

ONE = """
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    pass

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
"""
TWO = f"{ONE}    name: Mapped[str | None] = mapped_column(sa.String(50))\n"
MULTIDB = """
import sqlalchemy as sa

target_metadata = {name: sa.MetaData() for name in ("engine1", "engine2")}
for name, metadata in target_metadata.items():
    sa.Table(f"of_{name}", metadata, sa.Column("id", sa.Integer, primary_key=True))
"""


@pytest.fixture(autouse=True)
def _stock_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_module, "PLUGINS", "")  # only what is Alembic's own is tested here


@pytest.mark.parametrize(
    "in_subprocess",
    [
        pytest.param(False, id="here"),
        pytest.param(True, id="subprocess", marks=pytest.mark.slow),
    ],
)
@pytest.mark.parametrize("template", ["generic", "pyproject"])
def test_a_project_goes_up_and_down(
    alembic_project: ProjectFactory, sqlite_engine: sa.Engine, template: str, *, in_subprocess: bool
) -> None:
    url = str(sqlite_engine.url)
    project = alembic_project(ONE, url, template=template, in_subprocess=in_subprocess)
    first = project.revision("create users")
    assert first.name.endswith("_create_users.py")
    assert "CREATE TABLE users" in project.upgrade(sql=True)
    project.upgrade()
    project.check()
    project.write_models(TWO)
    with pytest.raises(CommandError, match="users"):
        project.check()
    second = project.revision("add name", rev_id="ab12")
    assert [first, second] == project.scripts()
    project.upgrade()
    assert "name" in dump(sqlite_engine)
    project.downgrade()
    assert dump(sqlite_engine) == ""


def test_a_project_works_on_each_database(alembic_project: ProjectFactory, any_url: str) -> None:
    project = alembic_project(TWO, any_url)
    project.revision("create users")
    project.upgrade()
    project.check()
    project.downgrade()


def test_the_async_template_works(alembic_project: ProjectFactory, sqlite_url: str) -> None:
    url = sqlite_url.replace("sqlite", "sqlite+aiosqlite", 1)
    project = alembic_project(ONE, url, template="async")
    project.revision("create users")
    project.upgrade()
    project.check()


def test_the_multidb_template_works(alembic_project: ProjectFactory, tmp_path: Path) -> None:
    urls = {name: f"sqlite:///{tmp_path / name}.db" for name in ("engine1", "engine2")}
    project = alembic_project(MULTIDB, urls, template="multidb")
    project.revision("create both")
    project.upgrade()
    project.check()
    for name, url in urls.items():
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        assert f"of_{name}" in dump(engine)
    project.upgrade("head", sql=True)
    assert "CREATE TABLE of_engine2" in (project.directory / "engine2.sql").read_text()


def test_configure_and_env_reach_the_context(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(
        ONE,
        sqlite_url,
        configure="include_object=nothing,",
        env="def nothing(*args):\n    return False\n",
    )
    script = script_module(project.revision("nothing"))
    assert script["down_revision"] is None
    assert "users" not in project.scripts()[0].read_text()


def test_a_script_written_by_hand_is_run(
    alembic_project: ProjectFactory, sqlite_engine: sa.Engine
) -> None:
    project = alembic_project(ONE, str(sqlite_engine.url))
    project.write_script(
        "aa",
        "from alembic import op\nrevision = 'aa'\ndown_revision = None\n"
        "def upgrade():\n    op.execute('CREATE TABLE x (id INTEGER)')\n"
        "def downgrade():\n    op.drop_table('x')\n",
    )
    project.upgrade()
    assert dump(sqlite_engine) == "CREATE TABLE x (id INTEGER)"


def test_a_password_with_a_percent_sign_survives(alembic_project: ProjectFactory) -> None:
    project = alembic_project(ONE, "postgresql+psycopg://u:100%25@127.0.0.1:1/x")
    assert "u:100%%25@" in (project.directory / "alembic.ini").read_text()
