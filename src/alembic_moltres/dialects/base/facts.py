"""The effect of a change on tables in use: locks, waiting sessions, rewritten rows.

A `Fact` is a row of a database's table of facts: `dialects/*/change_kinds.py`. It depends on the
change, on the tables before it, and on the version of the server. Tests compare it with what
servers really do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Any, Self, TypeAlias

from ...diff import TableKey


class Waits(IntEnum):
    """Who waits while a lock is held; a greater value includes the smaller ones."""

    NOBODY = 0
    WRITERS = 1
    EVERYBODY = 2


class Work(IntEnum):
    """What is done with the rows of a table, from least to most expensive.

    Attributes:
        NOTHING: they are not read.
        SCAN: all are read.
        INDEX: all are read, and an index is built.
        UPDATE: all are written in place.
        REWRITE: the table is rewritten, with its indexes.
        DELETE: all are deleted, with the table.
    """

    NOTHING = 0
    SCAN = 1
    INDEX = 2
    UPDATE = 3
    REWRITE = 4
    DELETE = 5


@dataclass(frozen=True, slots=True, order=True)
class LockMode:
    """A mode of locking a table; those of one database are ordered by strength.

    Attributes:
        waits: who waits while it is held.
        strength: orders the modes with the same `waits`; a greater one is stronger.
        name: its name in the database's manual.
    """

    waits: Waits
    strength: int
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Fact:
    """The effect of one kind of change on a table.

    Attributes:
        lock: the strongest lock.
        work: what is done with the rows.
        note: a remark for the reader.
        up_to: the largest size in bytes of a table that it applies to; `None` for any.

    >>> share, all_ = (
    ...     LockMode(Waits.WRITERS, 1, "SHARE"),
    ...     LockMode(Waits.EVERYBODY, 1, "ACCESS EXCLUSIVE"),
    ... )
    >>> both = worst(Fact(share, Work.INDEX), Fact(all_))
    >>> str(both.lock), both.work.name
    ('ACCESS EXCLUSIVE', 'INDEX')
    """

    lock: LockMode
    work: Work = Work.NOTHING
    note: str = ""
    up_to: int | None = None


class FactKind(Enum):
    """The kinds of change of a database; a member is written as the arguments of its `Fact`."""

    fact: Fact

    def __new__(cls, *fact: Any) -> Self:
        member = object.__new__(cls)
        member._value_ = len(cls.__members__)  # members with equal facts would be aliases
        member.fact = Fact(*fact)
        return member


@dataclass(frozen=True, slots=True)
class Size:
    """The size of a table, as the catalogue estimates it; `None` without an estimate.

    Attributes:
        rows: the number of rows.
        bytes: the size with indexes.
    """

    rows: int | None
    bytes: int | None


Facts: TypeAlias = dict[TableKey, Fact]
"""The effect of a change, by the schema and name of the table."""


def worst(*facts: Fact) -> Fact:
    """Combine several facts of one table: the strongest lock, the most work.

    The note of a fact is left out if another fact without it does as much.
    """
    lock, work = max(each.lock for each in facts), max(each.work for each in facts)
    most = [each for each in facts if (each.lock, each.work) == (lock, work)]
    if any(not each.note for each in most):
        return Fact(lock, work)
    kept = most or facts
    return Fact(lock, work, "; ".join(dict.fromkeys(each.note for each in kept if each.note)))


def for_size(facts: Facts, sizes: Mapping[TableKey, Size]) -> Facts:
    """Return the facts that apply to tables of these sizes."""
    fitting: Facts = {}
    for key, fact in facts.items():
        size = sizes.get(key)
        if fact.up_to is None or size is None or size.bytes is None:
            fitting[key] = fact
        elif size.bytes <= fact.up_to:
            fitting[key] = Fact(fact.lock, fact.work)
    return fitting


def together(changes: Iterable[Facts]) -> Facts:
    """Combine the facts of several changes in one transaction."""
    result: Facts = {}
    for facts in changes:
        for key, fact in facts.items():
            result[key] = worst(result[key], fact) if key in result else fact
    return result
