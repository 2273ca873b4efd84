"""Take real applications round and report: `python -m benchmarks.corpus`."""

from __future__ import annotations

import argparse
import importlib.metadata
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.console import Console

from benchmarks.corpus.applications import DATABASES, read_applications
from benchmarks.corpus.circle import WAYS
from benchmarks.corpus.databases import servers
from benchmarks.corpus.environments import ROOT
from benchmarks.corpus.report import markdown, show, show_summary
from benchmarks.corpus.results import keep, kept
from benchmarks.corpus.survey import Survey

WORK = ROOT / ".corpus"
WIDTH = 150


def main() -> int:
    """Return 0; with `--strict` only if all that is ours came out right, refusals apart."""
    options = _parser().parse_args()
    console = Console(width=WIDTH)
    applications = read_applications()
    chosen = [each for each in applications if not options.only or each.name in options.only]
    WORK.mkdir(exist_ok=True)
    with servers(WORK, console.print) as found, ThreadPoolExecutor(options.jobs) as pool:
        databases = [kind for kind in options.database or DATABASES if kind in found.databases]
        survey = Survey(found, databases, options.way or WAYS, WORK)
        for each, result in zip(
            chosen, pool.map(lambda each: list(survey.rows(each)), chosen), strict=True
        ):
            if result:
                show(console, result)
                keep(result, survey.folder_of(each))
        rows = [row for each in applications for row in kept(survey.folder_of(each))]
    show_summary(console, rows)
    if options.write:
        commits = sorted({row.commit for row in rows if row.commit})
        alembic = importlib.metadata.version("alembic")
        tried = f"alembic-moltres at {', '.join(commits)} and Alembic {alembic}"
        notes = {each.name: each.note for each in applications}
        absent = sorted(notes.keys() - {row.application for row in rows})
        tried += f" (without {', '.join(absent)})" if absent else ""
        options.write.write_text(markdown(rows, tried, notes), encoding="utf-8")
    short = any(not row.complete for row in rows if row.way == "ours" and not row.refused)
    return int(options.strict and short)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus", description=__doc__)
    parser.add_argument(
        "--only", action="append", metavar="NAME", help="this application; repeatable"
    )
    parser.add_argument(
        "--database", action="append", choices=DATABASES, help="this database; repeatable"
    )
    parser.add_argument("--way", action="append", choices=WAYS, help="this way; repeatable")
    parser.add_argument("--jobs", type=int, default=2, help="applications at a time (default: 2)")
    parser.add_argument(
        "--write", type=Path, metavar="FILE", help="write a page of all kept results"
    )
    parser.add_argument("--strict", action="store_true", help="fail where ours falls short")
    return parser


if __name__ == "__main__":
    sys.exit(main())
