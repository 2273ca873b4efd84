"""The options of identities and sequences, with PostgreSQL's defaults.

Manual, "CREATE SEQUENCE": an ascending sequence has the bounds 1 and the type's greatest value, a
descending one -1 and the type's least value; it starts at its first bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from ...schema import Identity, Sequence
from ..base.ddl import DDLWriter
from ..base.statement import RawDDL, Statement
from .do_block import do_block, literal

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

    from ...diff import AlterSequence

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
    return Numbers(
        start=least if ascending else most,
        increment=increment,
        minvalue=least,
        maxvalue=most,
        cache=1,
        cycle=False,
    )


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


class NumberChange(NamedTuple):
    """The options that change a sequence, and its complete options afterwards.

    Attributes:
        options: for ALTER SEQUENCE.
        desired: the complete options afterwards.
        narrows: whether its last number may be outside the new range.
        turned: whether it counts in the other direction.
    """

    options: list[str]
    desired: Numbers
    narrows: bool
    turned: bool


def change_of_numbers(
    current: Identity | Sequence, desired: Identity | Sequence, types: tuple[str, str]
) -> NumberChange:
    """Return the options that change one sequence into another.

    A bound that neither of them states follows the type automatically.

    Args:
        current: the identity or sequence before.
        desired: the identity or sequence afterwards.
        types: of the column or sequence, before and afterwards.

    >>> change_of_numbers(Identity(increment=-1), Identity(), ("integer", "integer")).options
    ['INCREMENT BY 1', 'NO MINVALUE', 'NO MAXVALUE', 'START WITH 1']
    """
    before, after = (
        numbers(each, type_.lower()) for each, type_ in zip((current, desired), types, strict=True)
    )
    turned = (before.increment > 0) != (after.increment > 0)

    def bound(name: str, old: int, new: int) -> Iterable[str]:
        stated = (getattr(current, name), getattr(desired, name))
        if old != new and (turned or stated != (None, None)):
            yield f"NO {name.upper()}" if stated[1] is None else f"{name.upper()} {new}"

    options = [
        *([f"INCREMENT BY {after.increment}"] if before.increment != after.increment else []),
        *bound("minvalue", before.minvalue, after.minvalue),
        *bound("maxvalue", before.maxvalue, after.maxvalue),
        *([f"START WITH {after.start}"] if before.start != after.start else []),
        *([f"CACHE {after.cache}"] if before.cache != after.cache else []),
        *([("CYCLE" if after.cycle else "NO CYCLE")] if before.cycle != after.cycle else []),
    ]
    narrows = before.minvalue < after.minvalue or before.maxvalue > after.maxvalue
    return NumberChange(options, after, narrows and bool(options), turned)


def alter_sequence(dialect: Dialect, change: AlterSequence) -> Iterator[Statement]:
    """Yield the change of a sequence; it restarts if its last number is out of range."""
    current, desired = change.current, change.desired
    ddl = DDLWriter(dialect, desired.name, desired.schema)
    types = [ddl.type(each.data_type or "BIGINT") for each in (current, desired)]
    made = change_of_numbers(current, desired, (types[0], types[1]))
    options = [*([f"AS {types[1]}"] if types[0] != types[1] else []), *made.options]
    if not options:
        return
    text = f"ALTER SEQUENCE {ddl.table} {' '.join(options)}"
    made_ddl = RawDDL(text)
    if made.narrows:
        body = restart(literal(ddl.table), text, made.desired)
        made_ddl = RawDDL(do_block(f"DECLARE\n    used bigint;\nBEGIN\n{body}END"), text)
    yield Statement(made_ddl, f"the change of the sequence {desired.name!r}")


def first_unused(table: str, column: str, desired: Numbers) -> str:
    """Return an expression for the first number beyond those of rows, in a sequence's direction.

    It is the start if there are no rows, or if the number is outside of the range.

    Args:
        table: of the rows, quoted.
        column: which has the numbers, quoted.
        desired: the complete options of the sequence.
    """
    sign, most, last = ("+", "greatest", "max") if desired.increment > 0 else ("-", "least", "min")
    beyond = f"{most}({desired.start}, {last}({column})::numeric {sign} {abs(desired.increment)})"
    return (
        f"coalesce((SELECT n FROM (SELECT {beyond} AS n FROM {table}) AS q"
        f" WHERE n BETWEEN {desired.minvalue} AND {desired.maxvalue}), {desired.start})"
    )


def restart(sequence: str, alter: str, desired: Numbers, *, first: str = "") -> str:
    """Return the lines of a block that alter a sequence and restart it if that is necessary.

    Args:
        sequence: an expression with its name.
        alter: the statement that changes it, to which RESTART is appended.
        desired: the complete options afterwards.
        first: an expression for the number with which it restarts in any case.
    """
    inside = f"used BETWEEN {desired.minvalue} AND {desired.maxvalue}"
    again = f"CASE WHEN {inside} THEN '' ELSE ' RESTART WITH {desired.start}' END"
    if first:
        again = f"' RESTART WITH ' || {first}"
    return (
        f"    EXECUTE 'SELECT last_value FROM ' || {sequence} INTO used;\n"
        f"    EXECUTE {literal(alter)} || {again};\n"
    )
