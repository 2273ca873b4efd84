"""The applications whose models are migrated: `applications.toml` as values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

LIST = Path(__file__).with_name("applications.toml")
DATABASES = ("sqlite", "postgresql", "mariadb")


@dataclass(frozen=True, slots=True)
class Application:
    """An application: how to install it, and how to get at its models.

    Args:
        name: what the report calls it.
        requires: what to install, as for `pip install`; the first one is the application.
        models: the source of a module that defines `target_metadata`.
        environment: the folder of its virtual environment; several may share one.
        alone: what to install without what it depends on, which would pull gigabytes.
        databases: where its models are meant to live.
        configure: source of more keyword arguments for `context.configure`.
        note: what the report has to say of it: what is changed in its models, why it falls short.
        prepare: per database, what an administrator has to run before: extensions, schemas.
    """

    name: str
    requires: tuple[str, ...]
    models: str
    environment: str
    alone: tuple[str, ...] = ()
    databases: tuple[str, ...] = DATABASES
    configure: str = ""
    note: str = ""
    prepare: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def distribution(self) -> str:
        """The name of its distribution package."""
        return Requirement((self.alone + self.requires)[0]).name


def read_applications(path: Path = LIST) -> list[Application]:
    """Return the applications in the order of the list."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    return [_application(name, entry) for name, entry in entries.items()]


def _application(name: str, entry: dict[str, Any]) -> Application:
    return Application(
        name,
        tuple(entry.get("requires", ())),
        entry["models"],
        entry.get("environment", name),
        alone=tuple(entry.get("alone", ())),
        databases=tuple(entry.get("databases", DATABASES)),
        configure=entry.get("configure", ""),
        note=entry.get("note", ""),
        prepare={key: tuple(statements) for key, statements in entry.get("prepare", {}).items()},
    )
