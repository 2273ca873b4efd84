"""One application: install it, read its models, take it round on every database."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from benchmarks.corpus.applications import Application
from benchmarks.corpus.circle import WAYS, Circle, Wanted
from benchmarks.corpus.databases import Servers
from benchmarks.corpus.environments import ROOT, InstallError, python_of, version_of
from benchmarks.corpus.project import INSIDE, CommandFailed, Project
from benchmarks.corpus.results import Row

CAUSES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Survey:
    """How to look at an application.

    Args:
        servers: where databases are made.
        databases: which of them to use.
        ways: `ours`, `plain` or both.
        folder: where the projects go.
    """

    servers: Servers
    databases: Sequence[str]
    ways: Sequence[str]
    folder: Path

    def rows(self, application: Application) -> Iterator[Row]:
        """Yield a row for each database and way; whatever fails is said in the row."""
        kinds = [kind for kind in application.databases if kind in self.databases]
        try:
            python = python_of(application)
            versions = [
                version_of(python, name) for name in (application.distribution, "sqlalchemy")
            ]
            trip = self._round_trip(application, python)
        except (InstallError, CommandFailed) as err:
            for kind in kinds:
                yield Row(application.name, kind, "ours", causes=(str(err),))
            return
        for kind in kinds:
            circle = Circle(application, python, kind, self.servers, self.folder_of(application))
            try:
                yield from self._circle(circle, trip, *versions)
            except (SQLAlchemyError, subprocess.CalledProcessError, OSError) as err:
                yield Row(application.name, kind, "ours", versions[0], causes=(repr(err),))

    def folder_of(self, application: Application) -> Path:
        """Return where the projects of an application go."""
        return self.folder / application.name.replace(" ", "_").replace("/", "_")

    def _round_trip(self, application: Application, python: Path) -> dict[str, Any]:
        folder = self.folder_of(application) / "round_trip"
        shutil.rmtree(folder, ignore_errors=True)
        project = Project(folder, python, application, "sqlite://", ours=True)
        project.create()
        project.run(str(INSIDE / "round_trip.py"), "round_trip.json")
        found: dict[str, Any] = json.loads((folder / "round_trip.json").read_text())
        return found

    def _circle(
        self, circle: Circle, trip: dict[str, Any], version: str, sqlalchemy: str
    ) -> Iterator[Row]:
        name, kind = circle.application.name, circle.kind
        dialect = self.servers.dialect(kind)
        try:
            wanted, refused = circle.wanted(), ""
        except CommandFailed as err:
            wanted, refused = Wanted(""), str(err)
        for way in [way for way in WAYS if way in self.ways]:
            ours = way == "ours"
            yield Row(
                name,
                kind,
                way,
                version,
                sqlalchemy,
                trip["tables"],
                trip["possible"][dialect],
                trip["identical"][dialect] if ours else None,
                {} if refused else circle.run(way, wanted),
                refused,
                tuple(_differing(trip, dialect)) if ours else (),
                commit_of(ROOT),
            )


def _differing(trip: dict[str, Any], dialect: str) -> Iterator[str]:
    """Yield what the round trip changes, table by table, the first few in full."""
    found = [(table, said[dialect]) for table, said in trip["differing"].items() if dialect in said]
    for table, said in found[:CAUSES_SHOWN]:
        yield f"round trip of {table}: {' '.join(said.split())[:600]}"
    if len(found) > CAUSES_SHOWN:
        yield f"and {len(found) - CAUSES_SHOWN} more tables"


def commit_of(root: Path) -> str:
    """Return the short name of the commit that was tried."""
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)  # noqa: S603
    return done.stdout.strip() or "an export"
