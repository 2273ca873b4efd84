"""The names that PostgreSQL gives to constraints without one, and how it reads names and types.

The rules are those of its sources: `ChooseConstraintName`, `ChooseIndexName`, `makeObjectName`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import count

from ...schema import (
    SQL,
    CheckConstraint,
    ColumnDef,
    Constraint,
    Default,
    ExcludeConstraint,
    Now,
    PrimaryKeyConstraint,
    Sequence,
    TableSchema,
)
from ...sqltext import POSTGRESQL, columns
from .default_names import LABELS, default_name
from .type_spellings import type_name

_ALIASES = {
    "int": "integer",
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "bool": "boolean",
    "float": "double precision",
    "float4": "real",
    "float8": "double precision",
    "decimal": "numeric",
    "char": "character",
    "varchar": "character varying",
    "nchar": "character",
    "varbit": "bit varying",
    "timestamptz": "timestamp with time zone",
    "timetz": "time with time zone",
    "timestamp": "timestamp without time zone",
    "time": "time without time zone",
    "dec": "numeric",
}
_NAME = re.compile(r"(?:pg_catalog\.)?([a-z_][a-z0-9_]*(?: varying| precision)?)(.*)", re.DOTALL)


def made_name(table: TableSchema, constraint: Constraint, taken: Collection[str]) -> str:
    """Return the name that the server gives to a constraint.

    Args:
        table: the table that it is on.
        constraint: one without a name.
        taken: the names of constraints and tables that the schema has already.

    >>> from alembic_moltres.schema import column, foreign_key
    >>> orders = TableSchema("orders", [column("user_id", "INTEGER")])
    >>> made_name(orders, foreign_key("user_id", "users", "id"), {"orders_user_id_fkey"})
    'orders_user_id_fkey1'
    """
    between, label = _parts(table, constraint)
    first = default_name(table.name, between, label)
    if first not in taken:
        return first
    later = (default_name(table.name, between, f"{label}{n}") for n in count(1))
    return next(name for name in later if name not in taken)


def _parts(table: TableSchema, constraint: Constraint) -> tuple[str, str]:
    match constraint:
        case PrimaryKeyConstraint():
            return "", "pkey"
        case CheckConstraint():
            found = columns(constraint.expression.text, POSTGRESQL)
            names = {each.value.lower() if each.kind == "word" else each.value for each in found}
            used = [each.name for each in table.columns if each.name in names]
            return used[0] if len(used) == 1 else "", "check"
        case ExcludeConstraint():
            parts = [each if isinstance(each, str) else "expr" for each, _ in constraint.elements]
            return "_".join(parts), LABELS[ExcludeConstraint]
        case _:
            return "_".join(constraint.columns), LABELS[type(constraint)]


def serial(table: TableSchema, column: ColumnDef) -> dict[str, object]:
    """Return what a SERIAL column is beside the primary key: its default and its sequence."""
    if column.identity is not None:
        return {}
    name = default_name(table.name, column.name, "seq")
    data_type = None if column.type_name == "BIGINT" else column.type_name
    return {
        "default": SQL(f"nextval('{name}'::regclass)"),
        "sequence": Sequence(name, table.schema, data_type=data_type),
        "autoincrement": "auto",
    }


def type_of_text(text: str) -> str:
    """Return the name of a type as a statement spells it.

    >>> type_of_text("VARCHAR (30)"), type_of_text("timestamptz"), type_of_text("int[]")
    ('VARCHAR(30)', 'TIMESTAMP(timezone=True)', 'postgresql.ARRAY(INTEGER)')
    """
    spelling = re.sub(r"\s+", " ", text.strip().lower())
    spelling = re.sub(r" ?([(),\[\]]) ?", r"\1", spelling).replace(")w", ") w")
    array = re.fullmatch(r"(.*?)(?:\[\d*\])+|(.*?) array(?:\[\d*\])?", spelling)
    if array:
        return str(type_name(f"{_canonical(array[1] or array[2])}[]"))
    return str(type_name(_canonical(spelling)))


def described_default(default: Default, type_: str) -> str | None:
    """Return how the catalogue spells a plain default.

    >>> described_default("a", "varchar(9)"), described_default(True, "boolean")
    ("'a'::character varying", 'true')
    """
    match default:
        case bool():
            return str(default).lower()
        case Now():
            return "now()"
        case str():
            literal = default.replace("'", "''")
            return f"'{literal}'::{described_type(type_)[0]}"
        case _:
            return None


def described_type(text: str) -> tuple[str, str]:
    """Return what the information schema calls a type; it has no `column_type` here.

    >>> described_type("varchar(30)"), described_type("integer[]")
    (('character varying', ''), ('ARRAY', ''))
    """
    if text.endswith("[]"):
        return "ARRAY", ""
    return re.sub(r"\(.*?\)", "", _canonical(text)), ""


def _canonical(spelling: str) -> str:
    match = _NAME.fullmatch(spelling)
    if match is None or match[1] not in _ALIASES | {"timestamp": "", "time": ""}:
        return spelling
    name, rest = match[1], match[2]
    if name in {"timestamptz", "timetz"}:
        return f"{name.removesuffix('tz')}{rest} with time zone"
    if name in {"timestamp", "time"}:
        return spelling if "zone" in rest else f"{name}{rest} without time zone"
    if name == "float" and rest:
        return "real" if int(rest.strip("()")) < 25 else "double precision"
    if name in {"char", "nchar"} and not rest:
        rest = "(1)"
    return f"{_ALIASES[name]}{rest}"
