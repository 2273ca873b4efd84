"""What a new type does with existing rows on PostgreSQL; which defaults are volatile.

The pairs are those whose cast is binary coercible in `pg_cast`, and those whose cast the server
skips because it only makes a type longer (`varchar_support` and similar functions in its sources).
"""

from __future__ import annotations

import re
from enum import Enum
from itertools import pairwise
from typing import Final

from ...datatypes import DataType
from ...schema import SQL, ColumnDef, Default
from ...sqltext import POSTGRESQL, tokens
from .casts import TIME, TIMESTAMP, TIMESTAMPTZ, TIMETZ, bare_type, without_collation


class Conversion(Enum):
    """What happens to the values of a column that gets another type."""

    NONE = "the type is the same here"
    SAME = "the same bytes"
    COLLATED = "the same bytes, in another order"
    ZONE = "with or without time zone"
    REWRITTEN = "each value is converted"


COERCIBLE: Final = frozenset(
    {
        ("VARCHAR", "TEXT"),
        ("TEXT", "VARCHAR"),
        ("VARCHAR", "CITEXT"),
        ("TEXT", "CITEXT"),
        ("CITEXT", "TEXT"),
        ("CITEXT", "VARCHAR"),
        ("CIDR", "INET"),
        ("INTEGER", "OID"),
        ("OID", "INTEGER"),
        ("XML", "TEXT"),
        ("XML", "VARCHAR"),
        ("BIT", "BIT VARYING"),
        ("BIT VARYING", "BIT"),
    }
)
"""The types with the same stored bytes, unless a length has to be checked."""

LENGTHS: Final = frozenset(
    {"VARCHAR", "BIT VARYING", TIMESTAMP, TIMESTAMPTZ, TIME, TIMETZ, "INTERVAL"}
)
"""The types whose length or precision may grow without a rewrite."""

PRECISE: Final = 6
"""The precision of a time that states none."""

_NUMBERS: Final = re.compile(r"\(\s*(-?\d+)\s*(?:,\s*(-?\d+)\s*)?\)")


def conversion_of(current: str, desired: str) -> Conversion:
    """Return what happens to the values, from the types as PostgreSQL writes them.

    >>> conversion_of("VARCHAR(10)", "VARCHAR(50)"), conversion_of("VARCHAR(50)", "VARCHAR(10)")
    (<Conversion.SAME: 'the same bytes'>, <Conversion.REWRITTEN: 'each value is converted'>)
    >>> conversion_of("NUMERIC(10, 2)", "NUMERIC(12, 2)").name
    'SAME'
    """
    if current == desired:
        return Conversion.NONE
    old, new = (without_collation(text) for text in (current, desired))
    kept = old == new or _is_kept(old, new)
    if not kept:
        zones = {bare_type(old), bare_type(new)} == {TIMESTAMP, TIMESTAMPTZ}
        return Conversion.ZONE if zones and not _numbers(new) else Conversion.REWRITTEN
    collated = current.removeprefix(old).strip() != desired.removeprefix(new).strip()
    return Conversion.COLLATED if collated else Conversion.SAME


def _is_kept(old: str, new: str) -> bool:
    before, after = bare_type(old), bare_type(new)
    if "[" in old or "[" in new:
        return False
    if before == after == "NUMERIC":
        return _is_wider(_numbers(old), _numbers(new))
    if before == after:
        return before in LENGTHS and _length(new) >= _length(old)
    if (before, after) not in COERCIBLE:
        return False
    return after not in LENGTHS or not _numbers(new)


def _is_wider(old: tuple[int, ...], new: tuple[int, ...]) -> bool:
    if not new:
        return True
    return bool(old) and new[0] >= old[0] and new[1:] == old[1:]


def _length(text: str) -> float:
    numbers = _numbers(text)
    if numbers:
        return numbers[0]
    timed = bare_type(text) in {TIMESTAMP, TIMESTAMPTZ, TIME, TIMETZ, "INTERVAL"}
    return PRECISE if timed else float("inf")


def _numbers(text: str) -> tuple[int, ...]:
    match = _NUMBERS.search(text)
    if match is None:
        return ()
    scale = int(match[2] or 0) if bare_type(text) == "NUMERIC" else None
    return (int(match[1]),) if scale is None else (int(match[1]), scale)


STABLE: Final = frozenset(
    """now transaction_timestamp statement_timestamp current_date current_time current_timestamp
    localtime localtimestamp current_user session_user current_schema current_database
    current_setting txid_current pg_current_xact_id version lower upper initcap trim btrim ltrim
    rtrim left right substr substring replace repeat lpad rpad concat concat_ws format length
    char_length octet_length md5 sha256 encode decode chr ascii translate split_part regexp_replace
    to_char to_date to_timestamp to_number to_json to_jsonb to_tsvector to_tsquery date date_trunc
    date_part extract age timezone make_date make_time make_timestamp make_timestamptz make_interval
    justify_days justify_hours abs ceil ceiling floor round trunc mod power sqrt sign div greatest
    least coalesce nullif cast array array_append array_cat array_fill cardinality row_to_json
    json_build_object json_build_array jsonb_build_object jsonb_build_array jsonb_set json_object
    jsonb_object hstore int4range int8range numrange tsrange tstzrange daterange point box circle
    inet_client_addr convert_to convert_from timestamp timestamptz interval numeric decimal varchar
    char character bit varbit float in any all values""".split()  # noqa: SIM905
)
"""Functions and types with a length that are stable: one value for all rows of a statement."""


def has_value_for_each_row(default: Default | None) -> bool:
    """Tell whether a default is volatile; an unknown function is, as in PostgreSQL.

    >>> has_value_for_each_row(SQL("now()")), has_value_for_each_row(SQL("gen_random_uuid()"))
    (False, True)
    """
    if not isinstance(default, SQL):
        return False
    stream = tokens(default.variants.get("postgresql", default.text), POSTGRESQL)
    return any(
        token.kind in {"word", "quoted"}
        and following.upper == "("
        and token.value.lower() not in STABLE
        for token, following in pairwise(stream)
    )


def is_checked_domain(column: ColumnDef) -> bool:
    """Tell whether a column's type is a domain with a constraint, which is checked for each row.

    >>> from ...schema import column
    >>> is_checked_domain(column("a", "postgresql.DOMAIN(INTEGER,name='d',check='VALUE > 0')"))
    True
    """
    type_ = DataType.parse(column.type_variants.get("postgresql", column.type_name))
    kwargs = type_.kwargs
    return type_.name.endswith("DOMAIN") and bool(kwargs.get("check") or kwargs.get("not_null"))
