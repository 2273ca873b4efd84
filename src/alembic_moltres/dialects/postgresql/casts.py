"""The types that PostgreSQL converts without USING when a column's type changes.

Source: its manual, "Type Conversion" (10.4, value storage) and `CREATE CAST`; the pairs are the
implicit and assignment casts of its catalogue `pg_cast`, versions 12 to 17 alike.
"""

from __future__ import annotations

from ...sqltext import POSTGRESQL, after_brackets, tokens

NUMBERS = frozenset({"SMALLINT", "INTEGER", "BIGINT", "NUMERIC", "REAL", "DOUBLE PRECISION"})
STRINGS = frozenset({"TEXT", "VARCHAR", "CHAR"})
"""The types to which every type is converted: "casts to string types are treated as assignment"."""

BYTES = "BYTEA"
TIMESTAMP, TIMESTAMPTZ = "TIMESTAMP WITHOUT TIME ZONE", "TIMESTAMP WITH TIME ZONE"
TIME, TIMETZ = "TIME WITHOUT TIME ZONE", "TIME WITH TIME ZONE"

ASSIGNED: dict[str, frozenset[str]] = {
    **dict.fromkeys(NUMBERS, NUMBERS),
    "SMALLINT": NUMBERS | {"OID"},
    "INTEGER": NUMBERS | {"OID", "MONEY"},
    "BIGINT": NUMBERS | {"OID", "MONEY"},
    "NUMERIC": NUMBERS | {"MONEY"},
    "MONEY": frozenset({"NUMERIC"}),
    "DATE": frozenset({TIMESTAMP, TIMESTAMPTZ}),
    TIMESTAMP: frozenset({"DATE", TIME, TIMESTAMPTZ}),
    TIMESTAMPTZ: frozenset({"DATE", TIME, TIMETZ, TIMESTAMP}),
    TIME: frozenset({"INTERVAL", TIMETZ}),
    TIMETZ: frozenset({TIME}),
    "INTERVAL": frozenset({TIME}),
    "JSON": frozenset({"JSONB"}),
    "JSONB": frozenset({"JSON"}),
    "CIDR": frozenset({"INET"}),
    "INET": frozenset({"CIDR"}),
    "MACADDR": frozenset({"MACADDR8"}),
    "MACADDR8": frozenset({"MACADDR"}),
    "BIT": frozenset({"BIT VARYING"}),
    "BIT VARYING": frozenset({"BIT"}),
    "TEXT": frozenset({"CITEXT"}),
    "VARCHAR": frozenset({"CITEXT"}),
}

EXPLICIT: dict[str, frozenset[str]] = {
    "BOOLEAN": NUMBERS,
    **dict.fromkeys(NUMBERS, frozenset({"BOOLEAN"})),
    "JSONB": NUMBERS | {"BOOLEAN"},
}
"""The further types to which `using` converts, possibly by an intermediate type."""

WITHOUT_OTHERS = frozenset(
    {*NUMBERS, "BOOLEAN", "DATE", TIMESTAMP, TIMESTAMPTZ, TIME, TIMETZ, "INTERVAL", "UUID"}
    | {"JSON", "JSONB", "INET", "CIDR", "MACADDR"}
)
"""Types with no other casts to each other than those above; a type of an extension may have any."""

ONE_NAME = {
    "DECIMAL": "NUMERIC",
    "FLOAT": "DOUBLE PRECISION",
    "DOUBLE": "DOUBLE PRECISION",
    "CHARACTER VARYING": "VARCHAR",
    "CHARACTER": "CHAR",
    "TIMESTAMP": TIMESTAMP,
    "TIME": TIME,
    "INT": "INTEGER",
}
"""One name for each type that has several."""


def bare_type(text: str) -> str:
    """Return a type's name without length, precision and collation.

    >>> bare_type('VARCHAR(5) COLLATE "C"'), bare_type("TIMESTAMP(3) WITH TIME ZONE")
    ('VARCHAR', 'TIMESTAMP WITH TIME ZONE')
    """
    name = without_collation(text)
    stream = tokens(name, POSTGRESQL)
    if any(token.kind == "quoted" for token in stream):
        return name
    for at in range(len(stream) - 1, -1, -1):
        if stream[at].upper == "(":
            end = stream[after_brackets(stream, at) - 1].end
            name = name[: stream[at].start] + name[end:]
    stem, brackets, rest = name.partition("[")
    stem = " ".join(stem.split())
    return f"{ONE_NAME.get(stem, stem)}{brackets}{rest}"


def without_collation(text: str) -> str:
    """Return a type without its COLLATE.

    >>> without_collation('TEXT COLLATE "de_DE"')
    'TEXT'
    """
    stream = tokens(text, POSTGRESQL)
    ends = (token.start for token in stream if token.upper == "COLLATE")
    return text[: next(ends, len(text))].strip()


def using(current: str, desired: str, column: str, *, named: bool = False) -> str | None:
    """Return the expression that a column's new type needs after USING; `None` if it needs none.

    It needs none if PostgreSQL assigns the old values: an explicit cast would truncate values that
    are too long, while an assignment rejects them. Bytes are the text in UTF-8: a cast would read
    backslashes in it, and write the bytes as digits.

    Args:
        current: the type, as PostgreSQL writes it.
        desired: the new type.
        column: the column, quoted.
        named: whether both are enum types or domains, which are converted through text.

    >>> using("VARCHAR(20)", "INTEGER", "age")
    'age::INTEGER'
    >>> using("INTEGER", "BIGINT", "age") is None
    True
    >>> using("TEXT", "BYTEA", "note"), using("BYTEA", "TEXT", "note")
    ("convert_to(note, 'UTF8')", "convert_from(note, 'UTF8')")
    """
    old, new = bare_type(current), bare_type(desired)
    target = without_collation(desired)
    if old in STRINGS and new == BYTES:
        return f"convert_to({column}, 'UTF8')"
    if old == BYTES and new in STRINGS:
        return f"convert_from({column}, 'UTF8')"
    if _assigned(old, new):
        return None
    if new == "BOOLEAN" and old in NUMBERS:
        return f"{column} <> 0"
    if old == "BOOLEAN" and new in NUMBERS:
        return f"{column}::INTEGER" if new == "INTEGER" else f"{column}::INTEGER::{target}"
    if named:
        dimensions = "[]" if old.endswith("[]") and new.endswith("[]") else ""
        return f"{column}::TEXT{dimensions}::{target}"
    return f"{column}::{target}"


def has_no_cast(current: str, desired: str) -> bool:
    """Tell whether no cast converts a type to another one.

    Args:
        current: the type, as PostgreSQL writes it.
        desired: the new type.

    >>> (
    ...     has_no_cast("INTEGER", "UUID"),
    ...     has_no_cast("TEXT", "UUID"),
    ...     has_no_cast("DATE", "TIMESTAMP"),
    ... )
    (True, False, False)
    """
    old, new = bare_type(current), bare_type(desired)
    if not {old, new} <= WITHOUT_OTHERS:
        return False
    return not _assigned(old, new) and new not in EXPLICIT.get(old, ())


def _assigned(old: str, new: str) -> bool:
    while old.endswith("[]") and new.endswith("[]"):
        old, new = old.removesuffix("[]"), new.removesuffix("[]")
    return old == new or new in STRINGS or new in ASSIGNED.get(old, ())
