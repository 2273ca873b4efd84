"""The rows as tables: for the terminal, and for docs/corpus.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table

from benchmarks.corpus.results import CHECKS, STEPS, Outcome, Row

HEADINGS = ("tables", "identical DDL", *STEPS)
EMPTY = "-"


def cells(row: Row) -> list[str]:
    """Return the cells behind the name of a row."""
    identical = EMPTY if row.identical is None else f"{row.identical}/{row.possible}"
    if row.refused:
        return [str(row.tables), identical, *["refused"] * len(STEPS)]
    return [str(row.tables), identical, *(_cell(step, row.steps.get(step)) for step in STEPS)]


def _cell(step: str, outcome: Outcome | None) -> str:
    if outcome is None:
        return EMPTY
    if outcome.passed:
        return "yes"
    if step not in CHECKS:
        return "no"
    return f"no ({outcome.alarms})" if outcome.alarms else "crash"


def causes(row: Row) -> list[str]:
    """Return what falls short in a row, one line for each cause."""
    refused = [f"refused by the database: {row.refused}"] if row.refused else []
    steps = [f"{step}: {outcome.said}" for step, outcome in row.steps.items() if not outcome.passed]
    return [*refused, *row.causes, *steps]


def show(console: Console, rows: Sequence[Row]) -> None:
    """Print the rows of one application."""
    first = rows[0]
    table = Table(title=f"{first.application} {first.version}", title_justify="left")
    for heading in ("", "", *HEADINGS):
        table.add_column(heading, justify="left" if not heading else "center")
    for row in rows:
        table.add_row(row.database, row.way, *(_coloured(cell) for cell in cells(row)))
    console.print(table)
    for row in rows:
        for cause in causes(row):
            if row.way == "ours":
                console.print(f"  {row.database}: {cause}"[:400], markup=False, highlight=False)


def _coloured(cell: str) -> str:
    return f"[{COLOURS.get(cell.partition(' ')[0], 'default')}]{cell}[/]"


COLOURS = {"yes": "green", "no": "red", "crash": "red", "refused": "yellow"}


def summary(rows: Iterable[Row]) -> list[tuple[str, str, list[str]]]:
    """Return how many applications pass each step, of those not refused, by database and way."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if not row.refused:
            found.setdefault((row.database, row.way), []).append(row)
    return [(database, way, _counts(group)) for (database, way), group in found.items()]


def _counts(group: list[Row]) -> list[str]:
    tables = sum(row.tables for row in group)
    identical = [row.identical for row in group if row.identical is not None]
    passed = [_passed(step, [row.steps.get(step) for row in group]) for step in STEPS]
    possible = sum(row.possible for row in group)
    same = f"{sum(identical)}/{possible}" if identical else EMPTY
    return [str(tables), same, *passed]


def _passed(step: str, outcomes: Sequence[Outcome | None]) -> str:
    passed = f"{sum(bool(each and each.passed) for each in outcomes)}/{len(outcomes)}"
    failed = [each.alarms for each in outcomes if each and not each.passed]
    if step not in CHECKS or not failed:
        return passed
    return f"{passed}; {sum(failed)} false alarms, {failed.count(0)} crashes"


def show_summary(console: Console, rows: Sequence[Row]) -> None:
    """Print the totals."""
    table = Table(title="Applications that pass, of those that the database takes")
    for heading in ("", "", *HEADINGS):
        table.add_column(heading, justify="left" if not heading else "center")
    for database, way, counts in summary(rows):
        table.add_row(database, way, *counts)
    console.print(table)


def markdown(rows: Sequence[Row], tried: str, notes: Mapping[str, str]) -> str:
    """Return the page docs/corpus.md.

    Args:
        rows: all of them.
        tried: the versions that all rows have in common.
        notes: what is to be said of an application, by its name.
    """
    tried_names = {row.application for row in rows}
    remarks = [f"- {name}: {note}" for name, note in notes.items() if note and name in tried_names]
    parts = [
        INTRODUCTION.format(tried=tried),
        _markdown_summary(rows),
        _markdown_rows(rows),
        "\n".join(["\n## What is to be known of some of them\n", *remarks]),
        _markdown_causes(rows),
    ]
    return "\n".join(parts)


INTRODUCTION = """# Real applications

`make corpus` installs applications from the package index, each into an environment of its own,
and takes the first migration of each one round: `alembic revision --autogenerate` in a new project
made from the stock template, `upgrade head`, `downgrade base`, `upgrade head`. This page is what it
wrote, with {tried}. Beside `ours` stands `plain`: the same with Alembic alone.

- *identical DDL*: the tables whose statements (types, sequences, table, indexes, comments) are the
  same, byte for byte, after `schema_to_table(model_to_schema(table))`, of those that the dialect
  can write.
- *imports alone*, and for ours every step up and down: in a process where only the standard
  library, SQLAlchemy, Alembic, the driver and `alembic_moltres` can be imported. Plain Alembic's
  scripts are run with the application beside them.
- *upgrades*: without a hand edit.
- *equals create_all()*: by `pg_dump --schema-only`, `SHOW CREATE TABLE` and `sqlite_master`; the
  order of statements, tables and constraints apart.
- *history knows it*: the state that `alembic-moltres` finds in the script, without the models, is
  what the database has (`alembic-moltres drift`): no table differs, is uncertain or is not in it.
- *downgrades to nothing*: no table, enum type or sequence is left.
- *upgrades again*: and gives the same database.
- *next is empty*: `alembic check` right after `upgrade head`, types and server defaults compared.
  *no (3)*: it reports three differences, though the database has what the models ask for.
  *crash*: it ends with an error.
- *empty after create_all()*: the same on a database that `create_all()` has made.
- *refused*: the database refuses `create_all()` of the models as well; its words stand below.
- -: could not be tried, because an earlier step failed.
"""


def _line(cells_: Iterable[str]) -> str:
    return f"| {' | '.join(cells_)} |"


def _markdown_summary(rows: Sequence[Row]) -> str:
    lines = [
        "\n## Applications that pass, of those that the database takes\n",
        _line(["database", "way", *HEADINGS]),
        _line(["---"] * (len(HEADINGS) + 2)),
        *(_line([database, way, *counts]) for database, way, counts in summary(rows)),
    ]
    return "\n".join(lines)


def _markdown_rows(rows: Sequence[Row]) -> str:
    lines = [
        "\n## Each application\n",
        _line(["application", "SQLAlchemy", "database", "way", *HEADINGS]),
        _line(["---"] * (len(HEADINGS) + 4)),
    ]
    for row in rows:
        name = f"{row.application} {row.version}"
        lines.append(_line([name, row.sqlalchemy, row.database, row.way, *cells(row)]))
    return "\n".join(lines)


def _markdown_causes(rows: Sequence[Row]) -> str:
    lines = ["\n## What falls short, in the words that were said\n"]
    for row in rows:
        lines += [
            f"- {row.application}, {row.database}, {row.way}: {_code(cause)}"
            for cause in causes(row)
        ]
    return "\n".join(lines) + "\n"


def _code(text: str) -> str:
    """Put what a program said between back-quotes."""
    text = ADDRESS.sub("", text)
    short = text if len(text) <= MOST else f"{text[:MOST]} ..."
    return "`` " + short.replace("``", "''") + " ``"


ADDRESS = re.compile(r" at 0x[0-9a-f]+")
MOST = 300
"""The characters of a cause that are shown."""
