"""Flask-Migrate, SQLModel and pytest-alembic with the one line, through their own commands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from alembic_moltres import reflect_tables
from tests.alembic_project import ProjectFactory
from tests.dump import VERSION_TABLE, dump

pytestmark = [pytest.mark.newest, pytest.mark.slow]
ROOT = Path(__file__).parents[2]


def said(engine: sa.Engine) -> object:
    """Return the database in its own words; SQLite keeps the layout of texts, which says nothing."""
    if engine.dialect.name != "sqlite":
        return dump(engine)
    with engine.connect() as connection:
        tables = reflect_tables(connection)
    return {
        (table.key, frozenset(table.columns), frozenset(table.constraints))
        for table in tables
        if table.name not in VERSION_TABLE
    }


FLASK_APP = """
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = {url!r}
db = SQLAlchemy(app)
migrate = Migrate(
    app, db, autogenerate_plugins=["alembic.autogenerate.*", "alembic_moltres"]
)

class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(20), nullable=False, server_default="x")

class Post(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    user_id = db.Column(db.ForeignKey("user.id"), nullable=False)
"""
SQLMODEL = """
from sqlmodel import Field, SQLModel

class Team(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True, max_length=30)

class Hero(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    secret_name: str = Field(max_length=30)
    team_id: int | None = Field(default=None, foreign_key="team.id")

target_metadata = SQLModel.metadata
"""
PYTEST_ALEMBIC = """
import pytest
import sqlalchemy as sa

@pytest.fixture
def alembic_config():
    return {{"file": {ini!r}}}

@pytest.fixture
def alembic_engine():
    engine = sa.create_engine({url!r}, poolclass=sa.NullPool)
    yield engine
    engine.dispose()
"""


def _run(folder: Path, *command: str, **environment: str) -> str:
    """Run a module's command in a folder and return all that it says."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"} | environment,
        check=False,
        capture_output=True,
        text=True,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


def test_flask_migrate_works_with_the_one_line(tmp_path: Path, any_engine: sa.Engine) -> None:
    pytest.importorskip("flask_migrate", reason="pip install Flask-Migrate")
    app = tmp_path / "app.py"
    source = FLASK_APP.format(url=any_engine.url.render_as_string(hide_password=False))

    def flask_db(*command: str) -> str:
        return _run(tmp_path, "flask", "--app", "app", "db", *command)

    app.write_text(source)
    flask_db("init")
    flask_db("migrate", "-m", "users", "--rev-id", "a1")
    first = (tmp_path / "migrations/versions/a1_users.py").read_text()
    assert "op.moltres_create_table(User)" in first
    flask_db("upgrade")
    assert "No new upgrade operations detected" in flask_db("check")
    before = said(any_engine)
    wider = source.replace('String(20), nullable=False, server_default="x"', "String(50)")
    app.write_text(wider)
    flask_db("migrate", "-m", "names", "--rev-id", "b2")
    second = (tmp_path / "migrations/versions/b2_names.py").read_text()
    assert "op.moltres_alter_table(" in second
    flask_db("upgrade")
    flask_db("check")
    assert "No changes in schema detected" in flask_db("migrate", "-m", "none")
    flask_db("downgrade")
    assert said(any_engine) == before
    flask_db("downgrade")
    assert dump(any_engine) == ""


def test_a_sqlmodel_project_works_with_the_one_line(
    alembic_project: ProjectFactory, any_engine: sa.Engine
) -> None:
    pytest.importorskip("sqlmodel", reason="pip install sqlmodel")
    url = any_engine.url.render_as_string(hide_password=False)
    project = alembic_project(SQLMODEL, url, in_subprocess=True)
    script = project.revision("heroes", rev_id="a1").read_text()
    assert "sqlmodel" not in script
    project.upgrade()
    project.check()
    before = said(any_engine)
    project.write_models(SQLMODEL.replace("secret_name: str =", "secret_name: str | None ="))
    assert "op.moltres_alter_table(" in project.revision("no secrets").read_text()
    project.upgrade()
    project.check()
    project.downgrade("a1")
    assert said(any_engine) == before
    project.downgrade()
    assert dump(any_engine) == ""


def test_the_built_in_tests_of_pytest_alembic_pass_on_the_example(
    tmp_path: Path, any_url: str
) -> None:
    pytest.importorskip("pytest_alembic", reason="pip install pytest-alembic")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider\n")
    conftest = PYTEST_ALEMBIC.format(ini=str(ROOT / "alembic.ini"), url=any_url)
    (tmp_path / "conftest.py").write_text(conftest)
    (tmp_path / "test_migrations.py").write_text(
        "from pytest_alembic.tests import (\n    test_model_definitions_match_ddl,\n"
        "    test_single_head_revision,\n    test_up_down_consistency,\n    test_upgrade,\n)\n"
    )
    said = _run(tmp_path, "pytest", "-q", DATABASE_URL=any_url)
    assert "4 passed" in said
