"""Tables that a script defines itself; those of an application change with its models."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any
from weakref import WeakSet

import sqlalchemy as sa
from sqlalchemy import event

LIBRARIES = ("sqlalchemy", "alembic", "alembic_moltres", "contextlib", "sqlmodel", "weakref")
"""Packages that make tables for their callers."""


class ScriptTables:
    """The tables that scripts define, or libraries for them."""

    def __init__(self, folders: list[str]) -> None:
        self.folders = folders
        self._tables: WeakSet[sa.Table] = WeakSet()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Record the tables that are made in the block."""
        event.listen(sa.Table, "after_parent_attach", self._note)
        try:
            yield
        finally:
            event.remove(sa.Table, "after_parent_attach", self._note)

    def __contains__(self, table: sa.Table) -> bool:
        return table in self._tables

    def _note(self, table: Any, _: object) -> None:
        if isinstance(table, sa.Table) and self._is_script(inspect.currentframe()):
            self._tables.add(table)

    def _is_script(self, frame: FrameType | None) -> bool:
        """Tell whether a script is running and no other module is being imported."""
        passed = False
        while frame is not None:
            package = str(frame.f_globals.get("__name__")).partition(".")[0]
            if package not in LIBRARIES:
                file = str(Path(frame.f_code.co_filename).resolve())
                if any(file.startswith(str(Path(each).resolve())) for each in self.folders):
                    return True
                passed = True
                if frame.f_code.co_name == "<module>":
                    return False
            frame = frame.f_back
        return not passed
