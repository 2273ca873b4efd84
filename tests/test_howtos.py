"""The pages of `docs/howto` are followed to the letter, each in the project that it begins with."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from alembic_moltres import TableSchema, check, column
from tests.operations.context import run
from tests.reader import Reader

pytestmark = pytest.mark.slow
DOCS = Path(__file__).parents[1] / "docs"
PAGES = sorted((DOCS / "howto").glob("*.md"))
ON_POSTGRESQL = {"change-enum", "least-rights"}
PLAIN = {"adopt"}
"""Begins with a project of plain Alembic."""

SQLITE = "sqlite:///app.db"


def environment() -> dict[str, str]:
    """Return one whose `alembic-moltres` and `python` are those of the suite."""
    programs = str(Path(sys.executable).parent)
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    path = os.pathsep.join([programs, os.environ["PATH"]])
    return kept | {"PATH": path, "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.fixture(scope="session")
def beginnings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Give the project at the tutorial's end, and its like with plain Alembic."""
    page = (DOCS / "tutorial.md").read_text(encoding="utf-8")
    page = re.sub(r"^```sh\n[^`]*pip install[^`]*```$", "", page, count=1, flags=re.MULTILINE)
    ours, plain = (tmp_path_factory.mktemp(name) for name in ("ours", "plain"))
    Reader(ours, environment()).read(page)
    shutil.copy(ours / "models.py", plain)
    Reader(plain, environment()).read(
        "```sh\nalembic init migrations\n```\n"
        f"`alembic.ini`\n```diff\n-sqlalchemy.url = driver://user:pass@localhost/dbname\n"
        f"+sqlalchemy.url = {SQLITE}\n```\n"
        "`migrations/env.py`\n```diff\n-target_metadata = None\n"
        "+from models import Base\n+\n+target_metadata = Base.metadata\n```\n"
        "```sh\nalembic revision --autogenerate -m 'users' --rev-id 1\nalembic upgrade head\n```\n"
    )
    return {"ours": ours, "plain": plain}


@pytest.fixture
def folder(
    request: pytest.FixtureRequest, tmp_path: Path, beginnings: dict[str, Path], page: Path
) -> Path:
    """Give the project with which a page begins."""
    made = tmp_path / "project"
    shutil.copytree(beginnings["plain" if page.stem in PLAIN else "ours"], made)
    if page.stem in ON_POSTGRESQL:
        ini = made / "alembic.ini"
        url = request.getfixturevalue("pg_url")
        ini.write_text(ini.read_text("utf-8").replace(SQLITE, url), "utf-8")
    return made


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_is_right_to_the_letter(page: Path, folder: Path) -> None:
    Reader(folder, environment()).read(page.read_text(encoding="utf-8"))


def test_a_label_of_mariadb_is_renamed_in_three_steps(mariadb_engine: sa.Engine) -> None:
    old, both, new = (
        column("mood", f"ENUM({labels})")
        for labels in ("'glad','sad'", "'glad','sad','happy'", "'happy','sad'")
    )

    def upgrade(op: Any) -> None:
        op.moltres_create_table(TableSchema("t", [old]))
        op.execute("INSERT INTO t VALUES ('glad'), ('sad')")
        with op.moltres_alter_table("t") as t:
            t.alter_column(old, both)
        op.execute("UPDATE t SET mood = 'happy' WHERE mood = 'glad'")
        with op.moltres_alter_table("t") as t:
            t.alter_column(both, new)

    run(mariadb_engine, upgrade)
    with mariadb_engine.connect() as connection:
        assert ["happy", "sad"] == list(connection.scalars(sa.text("SELECT mood FROM t")))


def test_a_label_that_a_check_of_sqlite_has_is_renamed_between_two_blocks(
    sqlite_engine: sa.Engine,
) -> None:
    old, new = (check(f"mood IN ('{label}', 'sad')", name="mood") for label in ("glad", "happy"))

    def upgrade(op: Any) -> None:
        op.moltres_create_table(TableSchema("t", [column("mood", "VARCHAR(5)")], constraints=[old]))
        op.execute("INSERT INTO t VALUES ('glad'), ('sad')")
        with op.moltres_alter_table("t") as t:
            t.drop_constraint(old)
        op.execute("UPDATE t SET mood = 'happy' WHERE mood = 'glad'")
        with op.moltres_alter_table("t") as t:
            t.add_constraint(new)

    run(sqlite_engine, upgrade)
    with sqlite_engine.connect() as connection:
        assert ["happy", "sad"] == list(connection.scalars(sa.text("SELECT mood FROM t")))
