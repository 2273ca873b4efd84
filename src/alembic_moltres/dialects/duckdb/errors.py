"""DuckDB's error messages: its exceptions have no codes, and their classes are too general."""

from __future__ import annotations

import re
from typing import Final

from ..base.rejections import Rejection

MESSAGES: Final = {
    Rejection.DEPENDENTS: re.compile(r"entries that depend on it"),
    Rejection.EXISTS: re.compile(r"already exists"),
    Rejection.NO_TABLE: re.compile(r"Table with name .+ does not exist"),
    Rejection.NO_COLUMN: re.compile(r"Column with name|does not have a column|Referenced column"),
    Rejection.NULLS: re.compile(r"NOT NULL constraint failed"),
    Rejection.DUPLICATES: re.compile(r"[Dd]uplicate key|contains duplicates"),
    Rejection.CHECKED: re.compile(r"CHECK constraint failed"),
    Rejection.ORPHANS: re.compile(r"foreign key constraint"),
    Rejection.WRONG_VALUES: re.compile(r"Conversion Error"),
    Rejection.SYNTAX: re.compile(r"Parser Error"),
    Rejection.LOCKED: re.compile(r"Could not set lock|[Cc]onflict on"),
    Rejection.MEMORY: re.compile(r"Out of Memory"),
}


def rejection(_: str | None, message: str) -> Rejection | None:
    """Return the kind of an error.

    >>> rejection(None, "Catalog Error: Table with name t does not exist!")
    <Rejection.NO_TABLE: ...>
    """
    return next((kind for kind, pattern in MESSAGES.items() if pattern.search(message)), None)
