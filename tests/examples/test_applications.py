"""The example applications: their migrations, commands and tests, as their readers would run them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.newest]
EXAMPLES = Path(__file__).parents[2] / "examples"


def copied(name: str, folder: Path) -> Path:
    return shutil.copytree(
        EXAMPLES / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
    )


def run(folder: Path, *command: str, status: int = 0, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"} | environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


def test_flask_db_has_the_commands_of_alembic_moltres(tmp_path: Path, any_url: str) -> None:
    pytest.importorskip("flask_migrate", reason="pip install Flask-Migrate")
    folder = copied("flask_app", tmp_path)

    def flask_db(*command: str, status: int = 0) -> str:
        return run(folder, "flask", "db", *command, status=status, DATABASE_URL=any_url)

    flask_db("upgrade")
    flask_db("check")
    assert "No new upgrade operations detected" in flask_db("moltres", "check")
    assert "No new upgrade operations detected" in flask_db("moltres", "check", "--offline")
    assert "d20f6b8a4c71" in flask_db("moltres", "drift")
    tables = flask_db("moltres", "state", "7c3e5a1f9b24")
    assert "notebook_id" in tables
    assert "is_done" not in tables
    flask_db("downgrade", "7c3e5a1f9b24")
    flask_db("moltres", "upgrade", "head")
    app = folder / "app.py"
    app.write_text(app.read_text("utf-8").replace("String(500)", "String(900)"), "utf-8")
    flask_db("moltres", "check", status=1)
    flask_db("moltres", "revision", "--autogenerate", "-m", "longer", "--rev-id", "a1")
    assert "VARCHAR(900)" in (folder / "migrations/versions/a1_longer.py").read_text("utf-8")
    flask_db("upgrade")
    flask_db("moltres", "check")


REQUESTS = """
from app import app
client = app.test_client()
assert client.post("/home", data="Buy a teapot").status_code == 201
assert client.get("/").json == [{"notebook": "home", "text": "Buy a teapot"}]
print("all is well")
"""


def test_the_notebook_runs_on_what_its_migrations_make(tmp_path: Path) -> None:
    pytest.importorskip("flask_migrate", reason="pip install Flask-Migrate")
    folder = copied("flask_app", tmp_path)
    run(folder, "flask", "db", "upgrade")
    (folder / "requests_.py").write_text(REQUESTS, "utf-8")
    assert run(folder, "requests_") == "all is well\n"


def test_the_reading_list_passes_its_own_tests(tmp_path: Path) -> None:
    for module in ("fastapi", "sqlmodel", "httpx"):
        pytest.importorskip(module, reason=f"pip install {module}")
    folder = copied("fastapi_sqlmodel", tmp_path)
    plugin = ("-p", "alembic_moltres.pytest_plugin")
    done = run(folder, "pytest", "-q", *plugin, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    assert "2 passed" in done


def test_the_reading_list_is_migrated_from_its_folder(tmp_path: Path, any_url: str) -> None:
    pytest.importorskip("sqlmodel", reason="pip install sqlmodel")
    folder = copied("fastapi_sqlmodel", tmp_path)
    moltres = "alembic_moltres.commands.command_line"
    run(folder, moltres, "upgrade", "head", DATABASE_URL=any_url)
    run(folder, moltres, "check", DATABASE_URL=any_url)
    run(folder, moltres, "check", "--offline", DATABASE_URL=any_url)
    run(folder, moltres, "downgrade", "base", DATABASE_URL=any_url)
