"""What was found: one `Row` for each application, database and way of making the script.

Rows are kept beside the projects, so that a page can be written of several runs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

STEPS = (
    "renders",
    "imports alone",
    "upgrades",
    "equals create_all()",
    "history knows it",
    "downgrades to nothing",
    "upgrades again",
    "next is empty",
    "empty after create_all()",
)
"""The columns of the report."""
CHECKS = STEPS[-2:]
"""Those that run `alembic check`, whose false alarms are counted."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one step went.

    Args:
        passed: whether it did what it should.
        said: what went wrong, in one line.
        alarms: the differences that `alembic check` reported; 0 where it ended with an error.
    """

    passed: bool
    said: str = ""
    alarms: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One application on one database, with our plugin or with plain Alembic.

    Args:
        application: its name.
        version: its version.
        sqlalchemy: the version of SQLAlchemy in its environment.
        database: the database.
        way: `ours` or `plain`.
        tables: the number of tables.
        possible: of these, the ones that the dialect can write.
        identical: of these, those with the same DDL after the round trip; `None` for plain.
        steps: the outcomes in the order of `STEPS`; a step that could not be tried is absent.
        refused: the database's own words, where `create_all()` fails too.
        causes: what differs or fails before any step: the round trip, the installation.
        commit: the commit of ours that was tried.
    """

    application: str
    database: str
    way: str
    version: str = ""
    sqlalchemy: str = ""
    tables: int = 0
    possible: int = 0
    identical: int | None = None
    steps: dict[str, Outcome] = field(default_factory=dict)
    refused: str = ""
    causes: tuple[str, ...] = ()
    commit: str = ""

    @property
    def complete(self) -> bool:
        """Did everything come out right?"""
        tried = [self.steps.get(step) for step in STEPS]
        same = self.identical is None or self.identical == self.possible
        return same and not self.causes and all(step is not None and step.passed for step in tried)


def keep(rows: Sequence[Row], folder: Path) -> None:
    """Write the rows of one application into its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(row) for row in rows], indent=1)
    (folder / KEPT).write_text(text, encoding="utf-8")


def kept(folder: Path) -> list[Row]:
    """Return the rows that an earlier run left in an application's folder."""
    path = folder / KEPT
    entries = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return [_row(entry) for entry in entries]


def _row(entry: dict[str, Any]) -> Row:
    steps = {step: Outcome(**outcome) for step, outcome in entry["steps"].items()}
    return Row(**{**entry, "steps": steps, "causes": tuple(entry["causes"])})


KEPT = "rows.json"
