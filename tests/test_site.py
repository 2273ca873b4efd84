"""The site: it is built without a warning and without a network, and finds what a reader searches for."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def test_the_index_names_every_page() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^(\w[\w/-]*)$", index, re.MULTILINE))
    pages = {str(page.relative_to(DOCS).with_suffix("")) for page in DOCS.rglob("*.md")}
    assert pages - {"index"} <= named


def test_the_diagram_of_the_example_is_of_today() -> None:
    command = [sys.executable, "-m", "alembic_moltres.commands.command_line"]
    page = str(DOCS / "erd.md")
    done = subprocess.run(
        [*command, "erd", "--check", page], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_the_site_is_built_without_a_warning_and_a_network(tmp_path: Path) -> None:
    pytest.importorskip("furo", reason="the site's tools are not installed; `make docs` has them")
    command = [sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", "--keep-going"]
    environment = {
        "PATH": "",
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
    }
    done = subprocess.run(
        [*command, str(DOCS), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    errors = (tmp_path / "errors.html").read_text(encoding="utf-8")
    assert "update the NULL rows first" in errors
    assert "has no name; name it" not in errors  # what is to be done stands apart
    index = (tmp_path / "searchindex.js").read_text(encoding="utf-8")
    for word in ("23p01", "model_to_schema", "crow"):
        assert word in index
    for page in tmp_path.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert len(re.findall(r"<h1\b", text)) == 1 or page.stem in {"genindex", "search"}
        assert all('alt="' in each for each in re.findall(r"<img\b[^>]*>", text))
