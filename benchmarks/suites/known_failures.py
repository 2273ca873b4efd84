"""The tests of another project that fail rightly with this package, each with the reason."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

KINDS = ("finds more", "other representation", "pokes at internals", "fails alone too", "to mend")
"""Why a test fails: `to mend` is ours, and said; `fails alone too` is what this machine lacks."""
_DATABASE = re.compile(r"_\w+\+\w+?(_\d+)+(?=::)")


@dataclass(frozen=True)
class Group:
    """Tests that fail for one reason.

    Attributes:
        why: one of `KINDS`.
        because: what differs.
        tests: their names, without the version of the database; one ending with `*` names all that
            begin so.
        on: the databases where they fail.
    """

    why: str
    because: str
    tests: tuple[str, ...]
    on: tuple[str, ...]

    def has(self, test: str) -> bool:
        """Is the test one of these?"""
        return any(
            test.startswith(name[:-1]) if name.endswith("*") else test == name
            for name in self.tests
        )


def read_groups(path: Path) -> list[Group]:
    """Read a list of known failures.

    Raises:
        ValueError: a reason is none of `KINDS`.
    """
    groups = [
        Group(each["why"], each["because"], tuple(each["tests"]), tuple(each["on"]))
        for each in tomllib.loads(path.read_text(encoding="utf-8"))["failing"]
    ]
    for each in groups:
        if each.why not in KINDS:
            raise ValueError(f"{each.why!r} is no reason (at {path}); write one of {KINDS}")
    return groups


def plain_name(test: str) -> str:
    """Return a test's name without the database and its version, which SQLAlchemy adds.

    >>> plain_name("tests/test_suite.py::FKTest_postgresql+psycopg_15_20::test_fk[name]")
    'tests/test_suite.py::FKTest::test_fk[name]'
    """
    return _DATABASE.sub("", test)


def unknown(
    outcomes: Mapping[str, str], groups: Collection[Group], database: str
) -> tuple[dict[str, str], list[str]]:
    """Return the failures that no group has, and the names of the groups that have none any more.

    Args:
        outcomes: why each test failed, empty if it passed.
        groups: the known failures.
        database: where the tests ran.
    """
    here = [group for group in groups if database in group.on]
    failed = {plain_name(test): reason for test, reason in outcomes.items() if reason}
    new = {
        test: reason
        for test, reason in failed.items()
        if not any(group.has(test) for group in here)
    }
    passed = [
        name
        for group in here
        for name in group.tests
        if not any(Group("", "", (name,), ()).has(test) for test in failed)
    ]
    return new, passed
