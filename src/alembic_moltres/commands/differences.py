"""Differences on the command's output: text, in colour on a terminal with `rich`, and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from alembic.config import Config

from .console import has_colour, write, write_styled

if TYPE_CHECKING:
    from ..diff.summary import Row

STYLES: Final = {"add": "green", "drop": "red", "alter": "yellow", "rename": "cyan"}
"""The colours of what is done, as `rich` names them."""


def write_rows(config: Config, rows: dict[str, list[Row]]) -> None:
    """Write what differs, one line for each item, or that nothing does.

    Args:
        config: of the command.
        rows: by the names of the databases; see `script_rows`.
    """
    from ..autogenerate.operation_rows import text_of

    if not any(rows.values()):
        write(config, "No new upgrade operations detected.")
        return
    write(config, "New upgrade operations detected:")
    shown = ((f"  {text}", STYLES[row.action] if row else "bold") for text, row in text_of(rows))
    if has_colour(config):
        write_styled(config, shown)
    else:
        for text, _ in shown:
            write(config, text)


def rows_for_json(rows: dict[str, list[Row]]) -> list[dict[str, Any]]:
    """Return an object for each row; of several databases each has its name."""
    return list(_objects(rows))


def _objects(rows: dict[str, list[Row]]) -> Iterator[dict[str, Any]]:
    for name, of_database in rows.items():
        of = {"database": name} if name else {}
        yield from ({**of, **asdict(row)} for row in of_database)
