"""Output of commands: lines, tables and JSON; `rich` only on a terminal, where it is installed."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any, TextIO

from alembic.config import Config

from ...messages import one_line


class PrintableStream(io.TextIOBase):
    r"""A stream whose lines are made printable, for what acts on a terminal.

    >>> import sys
    >>> _ = PrintableStream(sys.stdout).write("a \x1b[2J\nof two lines\n")
    a \x1b[2J
    of two lines
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream."""
        return self._stream.encoding

    def write(self, text: str, /) -> int:
        """Write a text."""
        return self._stream.write("\n".join(map(one_line, text.split("\n"))))

    def flush(self) -> None:
        """Flush the stream."""
        self._stream.flush()


def write(config: Config, text: str = "") -> None:
    """Write a text and a line break to the command's output."""
    config.print_stdout("%s", text)


def write_json(config: Config, value: Any) -> None:
    """Write JSON, for `--format json`."""
    write(config, json.dumps(value, indent=2))


def write_json_of_databases(config: Config, objects: Mapping[str, Any]) -> None:
    """Write the JSON of each database by its name; without the name if there is only one."""
    write_json(config, next(iter(objects.values())) if len(objects) == 1 else objects)


def write_table(
    config: Config,
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    notes: Iterable[str] = (),
) -> None:
    """Write a table.

    Args:
        config: of the command.
        title: the line above it.
        headings: of the columns.
        rows: the cells of each; each cell becomes one line.
        notes: the lines below it.
    """
    cells = [[one_line(cell) for cell in row] for row in rows]
    below = [one_line(note) for note in notes]
    if has_colour(config):
        _write_rich(config, one_line(title), headings, cells, below)
    else:
        _write_plain(config, one_line(title), headings, cells, below)


def write_styled(config: Config, lines: Iterable[tuple[str, str]]) -> None:
    """Write lines, each with a style of `rich`; only where `has_colour` is true."""
    from rich.console import Console
    from rich.text import Text

    console = Console(file=config.stdout, highlight=False, soft_wrap=True)
    for text, style in lines:
        console.print(Text(text, style))


def has_colour(config: Config) -> bool:
    """Tell whether the output is a terminal and `rich` is installed."""
    return config.stdout.isatty() and find_spec("rich") is not None


def _write_plain(
    config: Config,
    title: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    notes: Sequence[str],
) -> None:
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    write(config, title)
    for row in (headings, ["-" * width for width in widths], *rows):
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        write(config, f"  {'  '.join(padded).rstrip()}")
    for note in notes:
        write(config, f"  {note}")


def _write_rich(
    config: Config,
    title: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    notes: Sequence[str],
) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    shown = Table(title=escape(title), title_justify="left", title_style="bold", show_edge=False)
    for heading in headings:
        shown.add_column(heading)
    for row in rows:
        shown.add_row(*map(escape, row))
    shown.caption = escape("\n".join(notes))
    shown.caption_justify = "left"
    Console(file=config.stdout, highlight=False).print(shown)
