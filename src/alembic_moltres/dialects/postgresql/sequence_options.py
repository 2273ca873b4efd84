"""The options of identities and sequences, with PostgreSQL's defaults.

Manual, "CREATE SEQUENCE": an ascending one goes from 1 to the type's greatest value, a descending
one from -1 to its least; it starts at its first.
"""

from __future__ import annotations

from typing import NamedTuple

from ...schema import Identity, Sequence

GREATEST = {"smallint": 2**15 - 1, "integer": 2**31 - 1, "bigint": 2**63 - 1}

IDENTITY = {True: "IDENTITY ALWAYS", False: "IDENTITY BY DEFAULT"}


class Numbers(NamedTuple):
    """The complete options of a sequence."""

    start: int
    increment: int
    minvalue: int
    maxvalue: int
    cache: int
    cycle: bool


def default_numbers(
    type_: str, increment: int = 1, minvalue: int | None = None, maxvalue: int | None = None
) -> Numbers:
    """Return the default options of a sequence of that type.

    >>> default_numbers("smallint", -2)
    Numbers(start=-1, increment=-2, minvalue=-32768, maxvalue=-1, cache=1, cycle=False)
    """
    greatest = GREATEST.get(type_, GREATEST["bigint"])
    ascending = increment > 0
    least = (1 if ascending else -greatest - 1) if minvalue is None else minvalue
    most = (greatest if ascending else -1) if maxvalue is None else maxvalue
    return Numbers(least if ascending else most, increment, least, most, 1, cycle=False)


def numbers(wanted: Identity | Sequence, type_: str) -> Numbers:
    """Return the complete options of a value in the database.

    Args:
        wanted: an identity or a sequence.
        type_: the type of the column or sequence, as `format_type` writes it.

    >>> numbers(Identity(start=5, cycle=True), "integer")
    Numbers(start=5, increment=1, minvalue=1, maxvalue=2147483647, cache=1, cycle=True)
    """
    increment = 1 if wanted.increment is None else wanted.increment
    chosen = default_numbers(type_, increment, wanted.minvalue, wanted.maxvalue)
    return chosen._replace(
        start=chosen.start if wanted.start is None else wanted.start,
        cache=wanted.cache or 1,
        cycle=bool(wanted.cycle),
    )
