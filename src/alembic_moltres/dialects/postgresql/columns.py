"""Columns of the database: their values, and what it says of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ...datatypes import DataType
from ...schema import SQL, ColumnDef, Computed, Default, Identity, Sequence, sql
from ..base.signatures import ColumnSignature
from .catalogue import CatalogueRow
from .named_types import ByOid
from .sequence_options import IDENTITY, Numbers, default_numbers
from .text import bare
from .type_spellings import type_name
from .unconfirmed import constant

SERIAL_TYPES = frozenset({"integer", "bigint", "smallint"})
NUMERIC = frozenset({"INTEGER", "BIGINT", "SMALLINT", "DECIMAL", "sql.REAL", "DOUBLE"})
"""The types that SQLAlchemy makes a SERIAL of, alone in a primary key, unless told otherwise."""

SERIAL = "SERIAL"


@dataclass(frozen=True, slots=True)
class Column:
    """A column's value and its words."""

    value: ColumnDef
    signature: ColumnSignature


class ColumnReader:
    """Reads columns; equal ones of several tables are one value."""

    def __init__(self, named: ByOid) -> None:
        self._named = named
        self._read: dict[object, Column] = {}

    def read(
        self, row: CatalogueRow, used: Collection[CatalogueRow], key: Collection[int]
    ) -> Column:
        """Return a column.

        Args:
            row: what the catalogue says of it.
            used: the sequences that it owns or uses.
            key: the positions of the primary key's columns.
        """
        in_key = row.position in key
        if used:
            return self._with_sequence(row, used, in_key=in_key, alone=len(key) == 1)
        alone = in_key and len(key) == 1
        parts = (*row[2:], in_key, alone)
        found = self._read.get(parts)
        if found is None:
            found = self._read[parts] = self._plain(row, alone=alone)
        return found

    def _plain(self, row: CatalogueRow, *, alone: bool) -> Column:
        type_, type_words = self._type(row)
        said = ColumnSignature(type_words, not row.not_null, comment=row.description or None)
        value: dict[str, Any] = {"nullable": said.nullable, "comment": said.comment}
        if row.generated:
            kind = "STORED" if row.generated == "s" else "VIRTUAL"
            value["computed"] = Computed(SQL(bare(row.expression)), row.generated == "s")
            said = replace(said, generated=f"{kind} {row.expression}")
        elif row.expression is not None:
            value["default"] = default_value(row.expression, row.type)
            said = replace(said, default=constant(row.expression) or row.expression)
        elif alone and type_.name in NUMERIC:
            value["autoincrement"] = False
        return Column(ColumnDef(row.name, str(type_), **value), said)

    def _with_sequence(
        self, row: CatalogueRow, used: Collection[CatalogueRow], *, in_key: bool, alone: bool
    ) -> Column:
        identity = next((each for each in used if each.kind == "i"), None)
        if identity is not None and row.identity:
            return self._identity(row, identity)
        default = next((each for each in used if each.kind == "n"), None)
        owned = default is not None and any(
            each.oid == default.oid and each.kind == "a" for each in used
        )
        if owned and in_key and row.type in SERIAL_TYPES:
            return self._serial(row)
        column = self._plain(row, alone=alone)
        if default is None or not row.expression.startswith("nextval("):
            return column
        schema = None if default.visible else default.schema
        data_type = None if default.type == "bigint" else str(type_name(default.type))
        sequence = Sequence(
            default.name, schema, data_type=data_type, **_stated(default, default.type)
        )
        signature = (
            f"SEQUENCE {default.schema}.{default.name} {_numbers(default)} AS {default.type}"
        )
        return Column(
            replace(column.value, sequence=sequence), replace(column.signature, generated=signature)
        )

    def _serial(self, row: CatalogueRow) -> Column:
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
            signature = ColumnSignature(row.type, nullable=False, generated=SERIAL, comment=comment)
            self._read[parts] = Column(value, signature)
        return self._read[parts]

    def _identity(self, row: CatalogueRow, sequence: CatalogueRow) -> Column:
        type_, type_words = self._type(row)
        comment = row.description or None
        value = Identity(always=row.identity == "a", **_stated(sequence, row.type))
        signature = ColumnSignature(
            type_words,
            nullable=not row.not_null,
            generated=f"{IDENTITY[value.always]} {_numbers(sequence)}",
            comment=comment,
        )
        column = ColumnDef(row.name, str(type_), not row.not_null, identity=value, comment=comment)
        return Column(column, signature)

    def _type(self, row: CatalogueRow) -> tuple[DataType, str]:
        """Return the name of a column's type, and the database's words for it."""
        named = None if row.named is None else self._named.get(row.named)
        collated = f" COLLATE {row.collation}" if row.collation else ""
        if named is None:
            return type_name(row.type, row.collation), row.type + collated
        if row.collation:
            return DataType("CUSTOM", (row.type + collated,)), named.signature + collated
        if row.is_array:
            array = DataType("postgresql.ARRAY", (named.type_name,))
            return array, f"{named.signature}[]"
        return named.type_name, named.signature


def default_value(text: str, type_: str) -> Default:
    """Return a server default as a person writes it, where that means the same.

    >>> default_value("'draft'::character varying", "character varying(20)")
    'draft'
    >>> default_value("'-1'::integer", "integer"), default_value("'0'::bigint", "bigint")
    (-1, '0')
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
    if cast == type_ or cast == type_.partition("(")[0]:
        # -1 and '-1' are the same there; 0 of a bigint is no '0'::bigint
        numeric = cast == "integer" and content.lstrip("-").isdigit()
        return int(content) if numeric else content.replace("''", "'")
    return SQL(text)


def _numbers(row: CatalogueRow) -> Numbers:
    return Numbers(row.start, row.increment, row.minvalue, row.maxvalue, row.cache, row.cycle)


def _stated(row: CatalogueRow, type_: str) -> dict[str, Any]:
    """Return the options that are not what the database would choose itself."""
    increment = row.increment
    usual = default_numbers(type_, increment, row.minvalue, row.maxvalue)
    found = _numbers(row)
    stated = {"increment": None if increment == 1 else increment}
    plain = default_numbers(type_, increment)
    for option in ("minvalue", "maxvalue"):
        if getattr(found, option) != getattr(plain, option):
            stated[option] = getattr(found, option)
    if found.start != usual.start:
        stated["start"] = found.start
    if found.cache != 1:
        stated["cache"] = found.cache
    return {
        **{key: value for key, value in stated.items() if value is not None},
        **({"cycle": True} if found.cycle else {}),
    }
