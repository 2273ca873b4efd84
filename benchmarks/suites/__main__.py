"""Run another project's suite with this package in its place.

A failing test that is not in the list of known failures fails the run; a listed one that passes
does too, so that the list stays true.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.corpus.databases import servers
from benchmarks.suites.known_failures import KINDS, Group, plain_name, read_groups, unknown
from benchmarks.suites.runs import run_alembic, run_moltres
from benchmarks.suites.sources import SUITES, source

DATABASES = ("sqlite", "postgresql", "mariadb")


def main() -> int:
    """Return 0 if every failing test is a known one."""
    options = _parser().parse_args()
    if options.suite == "moltres":
        log = SUITES / "moltres.log"
        return int(_differs("sqlite", run_moltres(source("moltres"), log), "moltres"))
    folder = source("alembic")
    short = False
    with servers(SUITES, print) as at:
        for kind in options.database or DATABASES:
            if kind not in at.databases:
                short = True
                continue
            outcomes = run_alembic(folder, kind, at, SUITES / f"alembic-{kind}.log")
            short = _differs(kind, outcomes, "alembic") or short
    return int(short)


def _differs(kind: str, outcomes: dict[str, str], suite: str) -> bool:
    """Report a run; tell whether it differs from the list."""
    groups = read_groups(Path(__file__).with_name(f"{suite}.toml"))
    new, passed = unknown(outcomes, groups, kind)
    _report(kind, outcomes, groups)
    for test, reason in sorted(new.items()):
        print(f"  fails, and is not on the list: {test}: {reason}")
    for name in passed:
        print(f"  passes, and is on the list: {name}")
    return bool(new or passed)


def _report(kind: str, outcomes: dict[str, str], groups: list[Group]) -> None:
    failed = [plain_name(test) for test, reason in outcomes.items() if reason]
    print(f"{kind}: {len(outcomes)} tests, {len(failed)} fail")
    for why in KINDS:
        here = [g for g in groups if g.why == why and kind in g.on]
        count = sum(any(g.has(test) for g in here) for test in failed)
        if count:
            print(f"  {why}: {count}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.suites", description=__doc__)
    parser.add_argument("suite", choices=["alembic", "moltres"])
    parser.add_argument("--database", action="append", choices=DATABASES, help="repeatable")
    return parser


if __name__ == "__main__":
    sys.exit(main())
