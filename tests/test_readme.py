"""README.md says what is so: its code runs, its targets and links are there."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import alembic_moltres
from tests.alembic_project import PLUGINS
from tests.operations.context import run

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]

BEFORE = """\
from alembic_moltres import TableSchema, column, index, primary_key, unique

Before = TableSchema(
    "users",
    [column("id", "INTEGER", nullable=False), column("mail", "VARCHAR(99)"), column("name", "VARCHAR(50)")],
    constraints=[primary_key("id", name="pk_users"), unique("mail", name="uq_users_mail")],
)
"""


def script(block: str, op: Any) -> dict[str, Any]:
    """Run the source of a script; the README leaves out the first lines of most."""
    names: dict[str, Any] = {
        name: getattr(alembic_moltres, name) for name in alembic_moltres.__all__
    }
    names["op"] = op
    exec(block.removeprefix("from alembic import op\n"), names)
    return names


def test_the_first_script_goes_up_and_down(any_engine: sa.Engine) -> None:
    run(any_engine, lambda op: script(BLOCKS[0], op)["upgrade"]())
    columns = {each["name"] for each in sa.inspect(any_engine).get_columns("users")}
    assert {"id", "name", "email", "is_active", "created_at", "key"} == columns
    run(any_engine, lambda op: script(BLOCKS[0], op)["downgrade"]())
    assert [] == sa.inspect(any_engine).get_table_names()


def test_the_change_of_a_model_runs(any_engine: sa.Engine) -> None:
    run(any_engine, lambda op: op.moltres_create_table(script(BEFORE, op)["Before"]))
    with any_engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO users (id, mail) VALUES (1, 'ada@example.org')")
    run(any_engine, lambda op: script(BLOCKS[1], op)["upgrade"]())
    with any_engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT id, email, name, age FROM users").all()
    assert [(1, "ada@example.org", "", None)] == rows


def test_the_line_for_env_is_the_one_that_the_tests_use() -> None:
    assert PLUGINS in BLOCKS[2]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert [] == missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_is_there(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = re.findall(r"(?:`|^)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert [] == [
        target for target in named if not re.search(f"^{target}:", makefile, re.MULTILINE)
    ]


def test_the_lowest_versions_are_those_of_the_package() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for name, wanted in (("alembic", "Alembic"), ("sqlalchemy", "SQLAlchemy")):
        (lowest,) = re.findall(rf'"{name}>=([\d.]+)"', project)
        assert f"{wanted} {lowest}" in README


@pytest.mark.slow
def test_the_description_on_a_package_index_has_no_link_that_leads_nowhere(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir"]
    done = subprocess.run(
        [*command, str(tmp_path), str(ROOT)], capture_output=True, text=True, check=False
    )
    if done.returncode and "hatchling" in done.stderr:
        pytest.skip(f"hatchling cannot be installed: {done.stderr[-300:]}")
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        (name,) = (each for each in file.namelist() if each.endswith(".dist-info/METADATA"))
        metadata = file.read(name).decode()
    assert "\nDescription-Content-Type: text/markdown\n" in metadata
    assert "the [tutorial]" not in metadata
    assert "The tutorial takes ten minutes." in metadata
    assert [] == re.findall(r"\]\((?![a-z]+:|#)[^)]*\)", metadata)
