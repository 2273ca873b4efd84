"""The tutorial is followed to the letter, in an environment that has nothing but what it installs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.reader import Reader

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "tutorial.md"


class Newcomer(Reader):
    """Somebody who has nothing installed yet."""

    def run(self, block: str) -> None:
        """Run commands in the environment that the page makes."""
        first = "" if "python3 -m venv" in block else ". .venv/bin/activate\n"
        block = block.replace("install alembic-moltres", f"install --quiet {ROOT}")
        try:
            super().run(first + block)
        except AssertionError as err:
            if "pip install" in block:
                pytest.skip(f"what the package needs cannot be installed: {str(err)[-300:]}")
            raise


@pytest.mark.slow
def test_the_tutorial_works_to_the_letter(tmp_path: Path) -> None:
    reader = Newcomer(
        tmp_path,
        {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")},
    )
    kinds = reader.read(PAGE.read_text(encoding="utf-8"))
    assert {"sh", "python", "diff", "py", "text"} == set(kinds)
    assert "alembic-moltres check --offline" in reader.ran
