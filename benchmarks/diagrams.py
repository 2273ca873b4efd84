"""Diagrams of real applications, checked by Mermaid's own parser: `python -m benchmarks.diagrams`.

Each application of `benchmarks/corpus` is installed as `make corpus` does, and its models are drawn
by `alembic-moltres erd --models`, twice, under two hash seeds. The pages are kept in
`.corpus/diagrams`.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus.applications import Application, read_applications
from benchmarks.corpus.environments import ROOT, InstallError, python_of, version_of
from benchmarks.corpus.project import CommandFailed, Project
from tests.diagrams.mermaid_parser import errors

WORK = ROOT / ".corpus" / "diagrams"
URLS = {"postgresql": "postgresql+psycopg://nobody@nowhere.invalid/none", "sqlite": "sqlite://"}
ERD = ("-m", "alembic_moltres.commands.command_line", "erd", "--models", "--output", "erd.md")
HEADINGS = (
    "application",
    "tables",
    "relations",
    "diagrams",
    "longest, characters",
    "accepted by Mermaid",
    "same bytes",
)

HEAD = """\
# Diagrams of real applications

`make diagrams` wrote this page. The models of each application were drawn by
`alembic-moltres erd --models` ([diagrams](erd.md)), as for PostgreSQL where it takes that,
and twice, under two hash seeds. Of the {listed} applications in the corpus {drawn} were drawn.

"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn of an application.

    Args:
        name: with its version.
        diagrams: in Mermaid's words.
        accepted: how many of them Mermaid's parser accepts.
        same: the bytes are the same under another hash seed.
    """

    name: str
    diagrams: tuple[str, ...]
    accepted: int
    same: bool

    def cells(self) -> tuple[str, ...]:
        """Return a row of the page."""
        whole = "\n".join(self.diagrams)
        return (
            self.name,
            str(len(re.findall(r"^    \S.* \{$", whole, re.MULTILINE))),
            str(len(re.findall(r"^    \S+ .*(?:--|\.\.).* : ", whole, re.MULTILINE))),
            str(len(self.diagrams)),
            f"{max(map(len, self.diagrams)):,}",
            f"{self.accepted}/{len(self.diagrams)}",
            "yes" if self.same else "no",
        )


def draw(application: Application) -> Drawn:
    """Draw the models of an application.

    Raises:
        InstallError: it cannot be installed.
        CommandFailed: it cannot be drawn.
    """
    python = python_of(application)
    pages = [_page(application, python, seed) for seed in ("1", "2")]
    diagrams = tuple(re.findall(r"^```mermaid\n(.*?)\n```$", pages[0], re.DOTALL | re.MULTILINE))
    refused = errors(diagrams)
    for _, error in refused:
        print(error, file=sys.stderr)
    name = f"{application.name} {version_of(python, application.distribution)}"
    return Drawn(name, diagrams, len(diagrams) - len(refused), same=pages[0] == pages[1])


def _page(application: Application, python: Path, seed: str) -> str:
    folder = WORK / application.name.replace(" ", "_")
    shutil.rmtree(folder, ignore_errors=True)
    kind = "postgresql" if "postgresql" in application.databases else "sqlite"
    project = Project(folder, python, application, URLS[kind], ours=True)
    project.create()
    os.environ["PYTHONHASHSEED"] = seed
    project.run(*ERD)
    return (folder / "erd.md").read_text(encoding="utf-8")


def rows(applications: list[Application]) -> Iterator[tuple[str, ...]]:
    """Give a row for each application; one that cannot be had says why on standard error."""
    for application in applications:
        try:
            drawn = draw(application)
        except (InstallError, CommandFailed) as err:
            print(f"{application.name}: {err}", file=sys.stderr)
            continue
        print(*drawn.cells(), sep="  ", flush=True)
        yield drawn.cells()


def table(found: list[tuple[str, ...]]) -> str:
    """Return rows as a table of Markdown."""
    lines = [HEADINGS, ("---",) * len(HEADINGS), *found]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def main() -> int:
    """Return 0 if all that was drawn is accepted and the same under two hash seeds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.diagrams", description=__doc__)
    parser.add_argument("--only", action="append", metavar="NAME", help="repeatable")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table here")
    options = parser.parse_args()
    chosen = [each for each in read_applications() if each.name in (options.only or [each.name])]
    WORK.mkdir(parents=True, exist_ok=True)
    found = list(rows(chosen))
    if options.write:
        head = HEAD.format(drawn=len(found), listed=len(read_applications()))
        options.write.write_text(head + table(found), encoding="utf-8")
    accepted = all(cells[-2].split("/")[0] == cells[-2].split("/")[1] for cells in found)
    return int(not accepted or any(cells[-1] != "yes" for cells in found))


if __name__ == "__main__":
    sys.exit(main())
