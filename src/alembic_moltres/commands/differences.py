"""Differences as output: text, coloured on a terminal with `rich`, or JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from alembic.config import Config

from ..messages import one_line
from ..options import KEY
from .command import Status
from .output.console import has_colour, write, write_json, write_styled
from .uncertain import json_of_uncertain, refuse_uncertain

if TYPE_CHECKING:
    from ..diff.summary import Row
    from .comparison import ComparisonResult

KEYS: Final = ("table", "action", "kind", "name", "text", "remarks")
"""The keys of a difference in JSON."""

STYLES: Final = {"add": "green", "drop": "red", "alter": "yellow", "rename": "cyan"}
"""The colour of each action, as `rich` names it."""


def write_differences(
    config: Config, compared: ComparisonResult, *, format: str, remarks: bool = False
) -> Status:
    """Write the differences, one line for each item, or that there are none.

    Args:
        config: of the command.
        compared: the comparison.
        format: "text", "markdown" or "json".
        remarks: write the remarks below each line, which JSON always has, and the questions that
            `revision` asks.

    Returns:
        whether both sides are equal.

    Raises:
        UncertainError: tables were skipped; the differences of the others are written.
    """
    rows = compared.rows(whole=format == "json")
    if format == "json":
        written: dict[str, Any] = {"differences": list(_objects(rows))}
        written |= {"questions": _questions(compared)} if remarks else {}
        write_json(config, {**written, "uncertain": json_of_uncertain(compared.uncertain)})
    elif any(rows.values()):
        write(config, "New upgrade operations detected:")
        fence = [("```", "")] if format == "markdown" else []
        asked = _asked(compared) if remarks else ()
        _write_lines(config, [*fence, *_styled(rows, remarks=remarks), *asked, *fence])
    else:
        write(config, "No new upgrade operations detected.")
    refuse_uncertain(compared.uncertain, "and left out of the comparison")
    return Status.DIFFERENT if any(rows.values()) else Status.SAME


def _write_lines(config: Config, lines: Iterable[tuple[str, str]]) -> None:
    if has_colour(config):
        write_styled(config, lines)
        return
    for text, _ in lines:
        write(config, text)


def _styled(rows: dict[str, list[Row]], *, remarks: bool) -> Iterator[tuple[str, str]]:
    """Yield each line with its style."""
    from ..autogenerate.operation_rows import text_of

    for text, row in text_of(rows):
        yield f"  {text}", STYLES[row.action] if row else "bold"
        indent = " " * (len(text) - len(text.lstrip()) + 6)
        for each in row.remarks if row and remarks else ():
            yield f"{indent}{one_line(each)}", "italic"


def _asked(compared: ComparisonResult) -> Iterator[tuple[str, str]]:
    """Yield the questions of `revision` and the lines that answer them, with their style."""
    from ..autogenerate.questions.question import question_lines

    if compared.questions:
        yield "revision --autogenerate asks, unless one of the lines is passed to it:", "bold"
    yield from ((f"  {line}", "") for line in question_lines(compared.questions))


def _questions(compared: ComparisonResult) -> list[dict[str, Any]]:
    return [
        {
            "question": each.text,
            "x": f"{KEY}.{each.kind}",
            "answers": [choice.value for choice in each.choices],
        }
        for each in compared.questions
    ]


def _objects(rows: dict[str, list[Row]]) -> Iterator[dict[str, Any]]:
    for name, of_database in rows.items():
        of = {"database": name} if name else {}
        yield from ({**of, **json_of_row(row)} for row in of_database)


def json_of_row(row: Row) -> dict[str, Any]:
    """Return a difference for `--format json`."""
    return {key: getattr(row, key) for key in KEYS}
