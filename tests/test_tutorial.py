"""The tutorial is followed to the letter, in an environment that has nothing but what it installs."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "tutorial.md"
FILE = re.compile(r"`([\w./]+\.(?:py|ini))`")
OUTPUT = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass
class Reader:
    """Somebody who does what the page says, in a folder.

    Attributes:
        folder: the project's.
        file: the one that the text named last.
        written: what the last commands wrote, or the file that is to be looked at.
    """

    folder: Path
    file: str = ""
    written: str = ""
    ran: list[str] = field(default_factory=list)

    def follow(self, kind: str, block: str) -> None:
        """Do what one block says.

        Args:
            kind: of the block; `sh` is run, `python` is a file, `diff` is a change of it, and
                `text` is what is to be seen.
            block: its lines.
        """
        path = self.folder / self.file
        match kind:
            case "sh":
                self.run(block)
            case "python":
                path.write_text(block, encoding="utf-8")
            case "diff":
                self.change(path, block)
            case "text":
                seen = path.read_text(encoding="utf-8") if "versions" in self.file else self.written
                self.see(block, seen)
                self.file = ""

    def run(self, block: str) -> None:
        """Run commands in the environment that the page makes."""
        first = "" if "python3 -m venv" in block else ". .venv/bin/activate\n"
        block = block.replace("install alembic-moltres", f"install --quiet {ROOT}")
        done = subprocess.run(
            ["bash", "-e", "-c", first + block],
            cwd=self.folder,
            env={key: os.environ[key] for key in os.environ if not key.startswith("PYTHON")},
            capture_output=True,
            text=True,
            check=False,
        )
        if "pip install" in block and done.returncode:
            pytest.skip(f"what the package needs cannot be installed: {done.stderr[-300:]}")
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        self.written = done.stdout
        self.ran += block.splitlines()

    def change(self, path: Path, block: str) -> None:
        """Replace the lines with `-` by those with `+`."""
        lines = block.splitlines()
        old, new = (
            "".join(f"{line[1:]}\n" for line in lines if line.startswith(sign)) for sign in "-+"
        )
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")

    def see(self, block: str, seen: str) -> None:
        """Check that what the page shows is to be seen."""
        shown, read = f"...\n{block}...", f"begin\n{seen}\nend"
        assert doctest.OutputChecker().check_output(shown, read, OUTPUT), f"{block}\n{seen}"


@pytest.mark.slow
def test_the_tutorial_works_to_the_letter(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    text = PAGE.read_text(encoding="utf-8")
    kinds = []
    position = 0
    for found in re.finditer(r"^```(\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        named = FILE.findall(text[position : found.start()])
        reader.file = named[-1] if named else reader.file
        reader.follow(found[1], found[2])
        kinds.append(found[1])
        position = found.end()
    assert {"sh", "python", "diff", "text"} == set(kinds)
    assert "alembic-moltres check --offline" in reader.ran
