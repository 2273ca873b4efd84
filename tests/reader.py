"""A reader who follows a page of `docs` to the letter: its commands are run, its files written."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FILE = re.compile(r"`([\w./]+\.(?:py|ini))`")
OUTPUT = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
FAILS = re.compile(r"# ends with (\d+)$", re.MULTILINE)


@dataclass
class Reader:
    """Somebody who does what a page says, in a folder.

    Attributes:
        folder: the project's.
        environment: of the commands.
        file: the one that the text named last.
        written: what the last commands wrote.
        ran: the lines that were run.
    """

    folder: Path
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    file: str = ""
    written: str = ""
    ran: list[str] = field(default_factory=list)

    def read(self, page: str) -> list[str]:
        """Do what all blocks of a page say; return their kinds."""
        kinds = []
        position = 0
        for found in BLOCK.finditer(page):
            named = FILE.findall(page[position : found.start()])
            self.file = named[-1] if named else self.file
            self.follow(found[1], found[2])
            kinds.append(found[1])
            position = found.end()
        return kinds

    def follow(self, kind: str, block: str) -> None:
        """Do what one block says.

        Args:
            kind: of the block; `sh` is run, and `text` is what it writes; `python` is a file,
                `diff` a change of it, and `py` a part of it. Others are for other readers.
            block: its lines.
        """
        path = self.folder / self.file
        match kind:
            case "sh":
                self.run(block)
            case "python" if ">>> " not in block:
                path.write_text(block, encoding="utf-8")
            case "diff":
                self.change(path, block)
            case "py":
                self.see(block, path.read_text(encoding="utf-8"))
            case "text":
                self.see(block, self.written)

    def run(self, block: str) -> None:
        """Run commands; `# ends with 2` says that the last one fails, and how."""
        done = subprocess.run(
            ["bash", "-e", "-c", block],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        self.written = done.stdout + done.stderr
        self.ran += block.splitlines()
        wanted = FAILS.findall(block)
        assert done.returncode == int(wanted[-1] if wanted else 0), f"{block}\n{self.written}"

    def change(self, path: Path, block: str) -> None:
        """Replace the lines with `-` by those with `+`, at the place that the others tell."""
        lines = [line or " " for line in block.splitlines()]
        old, new = (
            "".join(f"{line[1:]}\n" for line in lines if line[0] in f"{sign} ") for sign in "-+"
        )
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old}\nin\n{text}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def see(self, block: str, seen: str) -> None:
        """Check that what the page shows is to be seen."""
        shown, read = f"...\n{block}...", f"begin\n{seen}\nend"
        assert doctest.OutputChecker().check_output(shown, read, OUTPUT), f"{block}\n{seen}"
