"""The names that the later lines of a script give a table.

When an interrupted revision runs again, a table that it has created may have the name that a line
below gives it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

RENAMES = frozenset({"moltres_rename_table", "rename_table"})
MAKES_ROOM = frozenset({"moltres_drop_table", "drop_table", "execute"})
"""Calls that may remove another table of the later name: a copy takes the place of the original."""


class Rename(NamedTuple):
    """A line that renames a table; `current` is empty for one that may remove a table."""

    line: int
    current: str
    desired: str


def later_names(place: str, table: str) -> Iterator[str]:
    """Yield the names that the lines after a place give a table, in their order.

    A name that is not written as a string is not found, nor one behind a line that may have removed
    another table of that name.

    Args:
        place: the file and line of the script, as `file:line`.
        table: the name of the table at that line.
    """
    file, _, line = place.rpartition(":")
    path = Path(file)
    if not path.is_file():
        return
    for rename in _renames(path, path.stat().st_mtime_ns):
        if rename.line <= int(line):
            continue
        if not rename.current:
            return
        if rename.current == table:
            table = rename.desired
            yield table


@lru_cache(maxsize=16)
def _renames(path: Path, _modified: int) -> tuple[Rename, ...]:
    """Return the lines of a script that rename or may remove tables, in their order."""
    source = path.read_text(encoding="utf-8")
    if "rename_table" not in source:
        return ()
    found = []
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        names = [str(each.value) for each in call.args[:2] if isinstance(each, ast.Constant)]
        if call.func.attr in MAKES_ROOM:
            found.append(Rename(call.lineno, "", ""))
        elif call.func.attr in RENAMES and len(names) == len(("current", "desired")):
            found.append(Rename(call.lineno, *names))
    return tuple(sorted(found))
