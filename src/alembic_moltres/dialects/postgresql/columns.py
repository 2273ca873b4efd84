"""Columns of the database with their signatures.

The functions for signatures are used for the models' columns, too.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ...datatypes import DataType
from ...schema import SQL, ColumnDef, Computed, Default, Identity, Sequence, sql
from ..base.signatures import ColumnSignature, ReflectedColumn, Text
from .catalogue import CatalogueRow
from .named_types import ByOid
from .sequence_options import IDENTITY, Numbers, default_numbers
from .text import bare
from .type_spellings import type_name
from .unconfirmed import constant

SERIAL_TYPES = frozenset({"integer", "bigint", "smallint"})
NUMERIC = frozenset({"INTEGER", "BIGINT", "SMALLINT", "DECIMAL", "sql.REAL", "DOUBLE"})
"""The types for which SQLAlchemy writes SERIAL by default, as the only column of a primary key."""

SERIAL, SEQUENCE = "SERIAL", "SEQUENCE "

SAME_DEFAULTS = {
    "CURRENT_TIMESTAMP": "now()",
    "transaction_timestamp()": "now()",
    "('now'::text)::timestamp with time zone": "now()",
    "('now'::text)::timestamp without time zone": "LOCALTIMESTAMP",
    "(now())::timestamp without time zone": "LOCALTIMESTAMP",
    "('now'::text)::date": "CURRENT_DATE",
    "(now())::date": "CURRENT_DATE",
    "('now'::text)::time with time zone": "CURRENT_TIME",
    "('now'::text)::time without time zone": "LOCALTIME",
    "CURRENT_CATALOG": "current_database()",
    "CURRENT_ROLE": "CURRENT_USER",
    '"current_user"()': "CURRENT_USER",
    "USER": "CURRENT_USER",
}
"""Equal defaults (the manual, "Date/Time Functions", "Session Information Functions").

PostgreSQL 9 stored the functions as casts of 'now', which its dumps still contain.
"""

SAME_IN = {
    ("timestamp without time zone", "LOCALTIMESTAMP"): "now()",
    ("date", "CURRENT_DATE"): "now()",
}
"""Defaults that equal `now()`, by the type of the column: the local time is assigned to it."""


@lru_cache(maxsize=16384)
def column_signature(
    type_: Text,
    *,
    nullable: bool,
    default: Text | None = None,
    generated: Text | None = None,
    comment: str | None = None,
) -> ColumnSignature:
    """Return the signature of a column, from those of its parts."""
    return ColumnSignature(type_, nullable, default, generated, comment or None)


def type_signature(row: CatalogueRow, named: ByOid) -> str:
    """Return the signature of a type, from its name, its collation and its oid if it is named."""
    collated = f" COLLATE {row.collation}" if row.collation else ""
    type_ = None if row.named is None else named.get(row.named)
    if type_ is None:
        return f"{row.type}{collated}"
    return f"{type_.signature}{'[]' if row.is_array and not collated else ''}{collated}"


def default_signature(expression: str, type_: str) -> str:
    """Return the signature of a server default, from the database's text and the column's type.

    >>> default_signature("CURRENT_TIMESTAMP", "timestamp with time zone")
    'now()'
    """
    default = SAME_DEFAULTS.get(expression, expression)
    return constant(default) or SAME_IN.get((type_.partition("(")[0], default), default)


def generated_signature(expression: str, *, stored: bool) -> str:
    """Return the signature of a computed column, from the database's text."""
    return f"{'STORED' if stored else 'VIRTUAL'} {expression}"


def identity_signature(counted: Numbers, *, always: bool) -> str:
    """Return the signature of an identity with all of its options."""
    return f"{IDENTITY[always]} {counted}"


def sequence_signature(schema: str | None, name: str, counted: Numbers, type_: str) -> str:
    """Return the signature of a column whose default is a sequence."""
    return f"{SEQUENCE}{schema}.{name} {counted} AS {type_}"


def sequence_of(row: CatalogueRow) -> Sequence:
    """Return the value of a sequence of the database."""
    schema = None if row.visible else row.schema
    data_type = None if row.type == "bigint" else str(type_name(row.type))
    return Sequence(row.name, schema, data_type=data_type, **_stated(row, row.type))


def signature_of_sequence(row: CatalogueRow) -> str:
    """Return the signature of a sequence of the database."""
    return sequence_signature(row.schema, row.name, _numbers(row), row.type)


class ColumnReader:
    """Reads columns; equal columns of several tables share one value."""

    def __init__(self, named: ByOid) -> None:
        self._named = named
        self._read: dict[object, ReflectedColumn] = {}

    def read(
        self, row: CatalogueRow, used: Collection[CatalogueRow], key: Collection[int]
    ) -> ReflectedColumn:
        """Return a column and its signature.

        Args:
            row: of the catalogue.
            used: the sequences that the column owns or uses.
            key: the positions of the primary key's columns.
        """
        column = self._column(row, used, key)
        if not row.inherited:
            return column
        return replace(column, inherited=True, local=row.local)

    def _column(
        self, row: CatalogueRow, used: Collection[CatalogueRow], key: Collection[int]
    ) -> ReflectedColumn:
        in_key = row.position in key
        if used:
            return self._with_sequence(row, used, in_key=in_key, alone=len(key) == 1)
        alone = in_key and len(key) == 1
        parts = (*row[2:], in_key, alone)
        column = self._read.get(parts)
        if column is None:
            column = self._read[parts] = self._plain(row, alone=alone)
        return column

    def _plain(self, row: CatalogueRow, *, alone: bool) -> ReflectedColumn:
        type_, type_text = self._type(row)
        nullable, comment = not row.not_null, row.description or None
        value: dict[str, Any] = {"nullable": nullable, "comment": comment}
        default = generated = None
        if row.generated:
            stored = row.generated == "s"
            value["computed"] = Computed(SQL(bare(row.expression)), stored)
            generated = generated_signature(row.expression, stored=stored)
        elif row.expression is not None:
            value["default"] = default_value(row.expression, row.type)
            default = default_signature(row.expression, row.type)
        elif alone and type_.name in NUMERIC:
            value["autoincrement"] = False
        signature = column_signature(
            type_text, nullable=nullable, default=default, generated=generated, comment=comment
        )
        return ReflectedColumn(ColumnDef(row.name, str(type_), **value), signature)

    def _with_sequence(
        self, row: CatalogueRow, used: Collection[CatalogueRow], *, in_key: bool, alone: bool
    ) -> ReflectedColumn:
        identity = next((each for each in used if each.kind == "i"), None)
        if identity is not None and row.identity:
            return self._identity(row, identity)
        default = next((each for each in used if each.kind == "n"), None)
        owned = default is not None and any(
            each.oid == default.oid and each.kind == "a" for each in used
        )
        # an inherited column uses the parent's sequence, and that of a partition
        counts = owned or ((row.inherited or row.of_partition) and default is not None)
        if counts and in_key and row.type in SERIAL_TYPES:
            return self._serial(row)
        reflected = self._plain(row, alone=alone)
        if default is None or not row.expression.startswith("nextval("):
            return reflected
        return ReflectedColumn(
            replace(reflected.column, sequence=sequence_of(default)),
            replace(reflected.signature, generated=signature_of_sequence(default)),
        )

    def _serial(self, row: CatalogueRow) -> ReflectedColumn:
        parts = (row.name, row.type, row.description, SERIAL)
        if parts not in self._read:
            comment = row.description or None
            value = ColumnDef(
                row.name,
                str(type_name(row.type)),
                nullable=False,
                autoincrement=True,
                comment=comment,
            )
            signature = column_signature(
                row.type, nullable=False, generated=SERIAL, comment=comment
            )
            self._read[parts] = ReflectedColumn(value, signature)
        return self._read[parts]

    def _identity(self, row: CatalogueRow, sequence: CatalogueRow) -> ReflectedColumn:
        type_, type_text = self._type(row)
        nullable, comment = not row.not_null, row.description or None
        value = Identity(always=row.identity == "a", **_stated(sequence, row.type))
        generated = identity_signature(_numbers(sequence), always=value.always)
        signature = column_signature(
            type_text, nullable=nullable, generated=generated, comment=comment
        )
        column = ColumnDef(row.name, str(type_), nullable, identity=value, comment=comment)
        return ReflectedColumn(column, signature)

    def _type(self, row: CatalogueRow) -> tuple[DataType, str]:
        """Return the name of a column's type, and its signature."""
        signature = type_signature(row, self._named)
        named = None if row.named is None else self._named.get(row.named)
        if named is None:
            return type_name(row.type, row.collation), signature
        if row.collation:
            return DataType("CUSTOM", (f"{row.type} COLLATE {row.collation}",)), signature
        if row.is_array:
            return DataType("postgresql.ARRAY", (named.type_name,)), signature
        return named.type_name, signature


def default_value(text: str, type_: str) -> Default:
    """Return a server default as a literal, if that is equivalent.

    >>> default_value("'draft'::character varying", "character varying(20)")
    'draft'
    >>> default_value("'-1'::integer", "integer"), default_value("'0'::bigint", "bigint")
    (-1, '0')
    >>> default_value("(5)::bigint", "bigint")
    sql('(5)::bigint')
    >>> default_value("lower('A'::text)", "text")
    sql("lower('A'::text)")
    """
    if text == "now()":
        return sql.now()
    if text in {"true", "false"}:
        return text == "true"
    literal = constant(text)
    if literal is None:
        return SQL(text)
    plain, _, cast = text.rpartition("::")
    content = literal[1:-1]
    if not plain:
        return int(content) if content.lstrip("-").isdigit() else Decimal(content)
    if plain.startswith("'") and cast in {type_, type_.partition("(")[0]}:
        # -1 and '-1' are the same there; 0 of a bigint is no '0'::bigint
        numeric = cast == "integer" and content.lstrip("-").isdigit()
        return int(content) if numeric else content.replace("''", "'")
    return SQL(text)


def _numbers(row: CatalogueRow) -> Numbers:
    return Numbers(
        start=row.start,
        increment=row.increment,
        minvalue=row.minvalue,
        maxvalue=row.maxvalue,
        cache=row.cache,
        cycle=row.cycle,
    )


def _stated(row: CatalogueRow, type_: str) -> dict[str, Any]:
    """Return the options that differ from PostgreSQL's defaults."""
    increment = row.increment
    usual = default_numbers(type_, increment, row.minvalue, row.maxvalue)
    numbers = _numbers(row)
    stated = {"increment": None if increment == 1 else increment}
    plain = default_numbers(type_, increment)
    for option in ("minvalue", "maxvalue"):
        if getattr(numbers, option) != getattr(plain, option):
            stated[option] = getattr(numbers, option)
    if numbers.start != usual.start:
        stated["start"] = numbers.start
    if numbers.cache != 1:
        stated["cache"] = numbers.cache
    return {
        **{key: value for key, value in stated.items() if value is not None},
        **({"cycle": True} if numbers.cycle else {}),
    }
