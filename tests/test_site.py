"""The site: it is built without a warning and without a network, and finds what a reader searches for."""

from __future__ import annotations

import html
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from alembic import op
from alembic.config import Config

import alembic_moltres
from alembic_moltres import commands, errors, history
from tests.accessibility import violations
from tests.npm import PackageUnavailableError
from tests.site_search import search

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
SEARCHED = {
    "how do I rename a column": "howto/rename",
    "change column name without losing data": "howto/rename",
    "unhandled open question": "questions",
    "enum rename": "howto/change-enum",
    "new enum member": "howto/change-enum",
    "merge heads": "howto/branches",
    "multiple heads": "howto/branches",
    "leave": "howto/uninstall",
    "how to stop using this": "howto/uninstall",
    "go back to plain alembic": "howto/uninstall",
    "data migration": "howto/data-migrations",
    "write data in a migration": "howto/data-migrations",
    "backfill": "howto/data-migrations",
    "not null existing rows": "howto/not-null",
    "add column default": "howto/not-null",
    "sqlite foreign keys": "howto/sqlite",
    "batch mode": "howto/sqlite",
    "github actions": "howto/ci",
    "pre-commit": "howto/ci",
    "without database": "howto/ci",
    "existing project": "howto/adopt",
    "first migration": "tutorial",
    "quickstart": "tutorial",
    "erd": "erd",
    "schema diagram": "erd",
    "squash": "squash",
    "dry run": "plan",
    "permission denied": "howto/least-rights",
    "lock timeout": "upgrading",
    "several pods": "howto/replicas",
    "upgrade crashed": "howto/failed-upgrade",
    "multiple databases": "howto/several-databases",
    "custom type import error": "types",
    "no such column": "errors",
    "Target database is not up to date": "errors",
    "drop column": "operations",
    "postgres versions": "databases",
    "alembic vs django": "comparison",
}
"""What a newcomer types, and the page that answers it."""


def test_the_index_names_every_page() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^(\w[\w/-]*)$", index, re.MULTILINE))
    pages = {str(page.relative_to(DOCS).with_suffix("")) for page in DOCS.rglob("*.md")}
    assert pages - {"index"} <= named


def test_the_words_of_the_search_are_those_of_pages_that_exist() -> None:
    words = tomllib.loads((DOCS / "search.toml").read_text(encoding="utf-8"))
    assert [] == [page for page in words if not (DOCS / f"{page}.md").exists()]
    assert all(words.values())


def test_the_diagram_of_the_example_is_of_today() -> None:
    command = [sys.executable, "-m", "alembic_moltres.commands.command_line"]
    page = str(DOCS / "erd.md")
    done = subprocess.run(
        [*command, "erd", "--check", page], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_picture_of_the_example_has_its_tables_and_columns() -> None:
    picture = (DOCS / "_static" / "erd.svg").read_text(encoding="utf-8")
    texts = {html.unescape(each) for each in re.findall(r">([^<>\n]+)</text>", picture)}
    config = Config(ROOT / "alembic.ini", attributes={"configure_logger": False})
    tables = history.state_at(config, "heads").certain
    wanted = {name for table in tables for name in (table.name, *(c.name for c in table.columns))}
    assert set() == wanted - texts


def test_the_reference_has_every_public_name() -> None:
    page = (DOCS / "reference.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\.\. auto(?:class|function|data):: ([\w.]+)$", page, re.MULTILINE))
    public = {*alembic_moltres.__all__, *commands.__all__, *history.__all__}
    public -= {name for name in public if hasattr(errors, name)}  # a module, with its members
    operations = {f"alembic.op.{name}" for name in dir(op) if name.startswith("moltres_")}
    assert set() == (public | operations) - named
    assert ".. automodule:: alembic_moltres.errors\n   :members:" in page


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site, without a network."""
    pytest.importorskip("furo", reason="the site's tools are not installed; `make docs` has them")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", "--keep-going"]
    environment = {
        "PATH": "",
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
    }
    done = subprocess.run(
        [*command, str(DOCS), str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.slow
def test_the_site_is_built_without_a_warning_and_a_network(site: Path) -> None:
    errors = (site / "errors.html").read_text(encoding="utf-8")
    assert "update the NULL rows first" in errors
    assert "own messages" in errors
    assert "has no name; name it" not in errors  # what is to be done stands apart
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    for word in ("23p01", "model_to_schema", "crow"):
        assert word in index
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert len(re.findall(r"<h1\b", text)) == 1 or page.stem in {"genindex", "search"}
        assert all('alt="' in each for each in re.findall(r"<img\b[^>]*>", text))


@pytest.mark.slow
def test_the_site_is_read_with_a_keyboard_on_a_phone_in_the_dark_and_without_scripts(
    site: Path,
) -> None:
    pages = [page for page in sorted(site.rglob("*.html")) if page.stem != "search"]
    try:
        assert [] == violations(pages)
    except PackageUnavailableError as err:
        pytest.skip(str(err))


@pytest.mark.slow
def test_the_page_that_answers_a_query_is_among_the_first_three(site: Path) -> None:
    try:
        found = search(site, list(SEARCHED))
    except PackageUnavailableError as err:
        pytest.skip(str(err))
    asked = zip(SEARCHED.items(), found, strict=True)
    assert [] == [(query, pages[:4]) for (query, page), pages in asked if page not in pages[:3]]
