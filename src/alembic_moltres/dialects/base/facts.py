"""What a change does to tables in use: what it locks, who waits, what becomes of the rows.

A `Fact` is a row of a database's table of facts: `dialects/*/facts.py`. It is found for a change by
the tables before it and the version of the server, and tested against what servers really do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

from ...diff import TableKey


class Waits(IntEnum):
    """Who waits while a lock is held; what is greater includes what is less."""

    NOBODY = 0
    WRITERS = 1
    EVERYBODY = 2


class Work(IntEnum):
    """What is done with the rows of a table, from the least to the most.

    Attributes:
        NOTHING: they are not read.
        SCAN: all are read.
        INDEX: all are read, and an index is built.
        UPDATE: all are written in place.
        REWRITE: the table is rewritten, with its indexes.
    """

    NOTHING = 0
    SCAN = 1
    INDEX = 2
    UPDATE = 3
    REWRITE = 4


@dataclass(frozen=True, slots=True, order=True)
class Lock:
    """A lock of a table; those of one database are ordered by their strength.

    Attributes:
        waits: who waits while it is held.
        strength: what is greater is stronger, among those for which the same ones wait.
        name: what the database's manual calls it.
    """

    waits: Waits
    strength: int
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Fact:
    """What one kind of change does to a table.

    Attributes:
        lock: the strongest lock.
        work: what is done with the rows.
        note: what more there is to say.
        up_to: the most bytes of a table that it is done to; `None` for any.

    >>> share, all_ = Lock(Waits.WRITERS, 1, "SHARE"), Lock(Waits.EVERYBODY, 1, "ACCESS EXCLUSIVE")
    >>> both = worst(Fact(share, Work.INDEX), Fact(all_))
    >>> str(both.lock), both.work.name
    ('ACCESS EXCLUSIVE', 'INDEX')
    """

    lock: Lock
    work: Work = Work.NOTHING
    note: str = ""
    up_to: int | None = None


@dataclass(frozen=True, slots=True)
class Size:
    """How large a table is, by the estimates of the catalogue; `None` where it has none.

    Attributes:
        rows: how many.
        bytes: with its indexes.
    """

    rows: int | None
    bytes: int | None


Facts: TypeAlias = dict[TableKey, Fact]
"""What a change does, by the schema and name of the table."""


def worst(*facts: Fact) -> Fact:
    """Return what several facts of one table are together: the strongest lock, the most work.

    A note of one of them is left out where another one does as much without it.
    """
    lock, work = max(each.lock for each in facts), max(each.work for each in facts)
    most = [each for each in facts if (each.lock, each.work) == (lock, work)]
    if any(not each.note for each in most):
        return Fact(lock, work)
    kept = most or facts
    return Fact(lock, work, "; ".join(dict.fromkeys(each.note for each in kept if each.note)))


def for_size(facts: Facts, sizes: Mapping[TableKey, Size]) -> Facts:
    """Return facts without those that are not done to tables so large."""
    found: Facts = {}
    for key, fact in facts.items():
        size = sizes.get(key)
        if fact.up_to is None or size is None or size.bytes is None:
            found[key] = fact
        elif size.bytes <= fact.up_to:
            found[key] = Fact(fact.lock, fact.work)
    return found


def together(found: Iterable[Facts]) -> Facts:
    """Return what several changes do in one transaction."""
    result: Facts = {}
    for facts in found:
        for key, fact in facts.items():
            result[key] = worst(result[key], fact) if key in result else fact
    return result
