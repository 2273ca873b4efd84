"""The example: it runs, its history needs no application, and its scripts are what autogenerate writes today."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

import alembic.command
import pytest
import sqlalchemy as sa
from alembic.config import Config

from alembic_moltres import TableSchema
from alembic_moltres.history import state_at
from tests.alembic_project import ProjectFactory, script_module
from tests.dump import dump

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "migrations_example"
VERSIONS = sorted((EXAMPLE / "versions").glob("*.py"))

# what a project is left with when its application is gone: `shop` cannot be imported, there is no metadata
WITHOUT_APPLICATION = """\
import sys

sys.modules["shop"] = None  # importing it raises ImportError
target_metadata = None
"""


def config(url: str) -> Config:
    """Return the configuration of `alembic -x url=...` at the top of the repository."""
    return Config(
        ROOT / "alembic.ini",
        stdout=io.StringIO(),
        cmd_opts=Namespace(x=[f"url={url}"]),
        attributes={"configure_logger": False},
    )


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give the example's models."""
    monkeypatch.syspath_prepend(EXAMPLE)
    from shop import models

    return models


def test_make_example_runs() -> None:
    command = [sys.executable, str(EXAMPLE / "run.py")]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "c27e51f09a6d  add reviews and the first tags" in done.stdout
    assert "computed total = quantity * unit_price" in done.stdout
    assert "index ix_orders_open on placed_at where status = 'open'" in done.stdout
    assert "unique product_id, user_id" in done.stdout
    assert "Ada ordered 2 x Teapot" in done.stdout
    assert "Ada's review is marked as one of a buyer" in done.stdout
    assert "alembic-moltres plan c27e51f09a6d:heads" in done.stdout
    assert "the values of body" not in done.stdout
    assert "erDiagram" in done.stdout
    assert "nothing is left" in done.stdout


def test_the_history_makes_what_the_models_say_on_every_database(
    any_url: str, any_engine: sa.Engine, shop: Any
) -> None:
    alembic.command.upgrade(config(any_url), "head")
    alembic.command.check(config(any_url))
    made = dump(any_engine)
    alembic.command.downgrade(config(any_url), "base")
    assert dump(any_engine) == ""
    shop.Base.metadata.create_all(any_engine)
    # SQLite keeps a table's text as it was laid out
    assert dump(any_engine).split() == made.split()


def test_an_environment_variable_names_the_database(
    any_url: str, any_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", any_url)
    without_x = config("")
    without_x.cmd_opts = None
    alembic.command.upgrade(without_x, "head")
    assert {"users", "reviews"} <= set(sa.inspect(any_engine).get_table_names())


def test_the_whole_history_runs_where_the_application_cannot_be_imported(
    any_url: str, any_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    alembic.command.upgrade(config(any_url), "head")
    made = dump(any_engine)
    alembic.command.downgrade(config(any_url), "base")

    project = alembic_project(WITHOUT_APPLICATION, any_url, in_subprocess=True)
    for script in VERSIONS:
        project.write_script(script.stem, script.read_text(encoding="utf-8"))
    project.env.write_text(
        f"{WITHOUT_APPLICATION}\n{project.env.read_text(encoding='utf-8')}", encoding="utf-8"
    )
    for _ in range(2):
        project.upgrade()
        assert made == dump(any_engine)
        project.downgrade()
        assert dump(any_engine) == ""
    offline = project.run("upgrade", "head", "--sql")
    assert offline.count("CREATE TABLE") == made.count("CREATE TABLE") + 1  # alembic_version


def test_autogenerate_writes_the_tables_of_the_history_today(
    sqlite_url: str, tmp_path: Path, shop: Any
) -> None:
    written = config(sqlite_url)
    written.set_main_option("version_locations", str(tmp_path))
    with contextlib.redirect_stdout(io.StringIO()):
        alembic.command.revision(written, "today", autogenerate=True)
    (today,) = tmp_path.glob("*.py")
    tables = state_at(config(sqlite_url)).tables
    assert {table.key: table for table in constants(today).values()} == tables


def constants(script: Path) -> dict[str, TableSchema]:
    return {
        name: value
        for name, value in script_module(script).items()
        if isinstance(value, TableSchema)
    }
