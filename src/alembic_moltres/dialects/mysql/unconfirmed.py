"""What is compared where the server was not or could not be asked.

As Alembic does: types and defaults in a simple form, expressions not at all, for a difference that
the database did not confirm is not believed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from sqlalchemy.engine import Connection

from ...schema import CheckConstraint, ColumnDef, TableSchema
from ...sqltext import MYSQL, tokens
from ..base.signatures import ColumnSignature, ItemSignature, ReflectedTable
from .reflection import read
from .signatures import check_signature

Key = tuple[str | None, str]

_SYNONYMS = (
    (r"\binteger\b", "int"),
    (r"\bnumeric\b|\bdec\b", "decimal"),
    (r"\bbool(ean)?\b", "tinyint(1)"),
    (r"\bdouble precision\b", "double"),
    (r"\b(character set|charset) \w+|\bcollate \w+", ""),
    (r"\b((?:small|medium|big)?int)\(\d+\)", r"\1"),
    (r"\bdecimal\((\d+)\)", r"decimal(\1,0)"),
    (r"\byear\(4\)", "year"),
    (r"(?<!unsigned) zerofill", " unsigned zerofill"),
    (r"\bfloat\((2[5-9]|[34]\d|5[0-3])\)", "double"),
    (r"\bfloat\(\d+\)", "float"),
)

_SAME_DEFAULTS = {"TRUE": "1", "FALSE": "0", "NOW": "current_timestamp"}


def simple_type(text: str) -> str:
    """Return a type in a simple form.

    >>> simple_type("INTEGER UNSIGNED") == simple_type("int(10) unsigned")
    True
    """
    text = text.lower()
    for pattern, simple in _SYNONYMS:
        text = re.sub(pattern, simple, text)
    return re.sub(r"\s*,\s*", ",", text).strip()


def simple_default(text: str | None) -> str | None:
    """Return a default in a simple form.

    >>> simple_default("CURRENT_TIMESTAMP") == simple_default("(now())")
    True
    """
    if text is None:
        return None
    words = [
        token.value if token.is_string else _SAME_DEFAULTS.get(token.upper, token.text.lower())
        for token in tokens(text, MYSQL)
        if token.text not in "()"
    ]
    text = "".join(words)
    try:
        return str(Decimal(text).normalize())
    except InvalidOperation:
        return text


class Fallback:
    """Takes the words of the table that the database has, where nothing speaks against them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._current: dict[Key, ReflectedTable] = {}
        self._checks: dict[Key, list[ItemSignature]] = {}

    def read(self, tables: Sequence[TableSchema]) -> None:
        """Read what the database has of `tables`."""
        for schema in dict.fromkeys(table.schema for table in tables):
            names = [str(table.name) for table in tables if table.schema == schema]
            for each in read(self._connection, schema, names):
                self._current[schema, str(each.table.name)] = each

    def charset(self, table: TableSchema) -> tuple[str, str]:
        """Return the character set and the collation that the table has now."""
        current = self._current.get((table.schema, str(table.name)))
        options = {} if current is None else current.signature.options
        collation = next((v for k, v in options.items() if k.endswith("_collate")), "")
        return collation.partition("_")[0], collation

    def column(
        self, table: TableSchema, column: ColumnDef, type_: str, spec: str, automatic: bool
    ) -> ColumnSignature:
        """Return the words of a column whose definition was not answered."""
        found = (token for token in tokens(spec, MYSQL) if token.upper == "DEFAULT")
        start = next(found, None)
        default = None if start is None else spec[start.end :].strip()
        signature = ColumnSignature(
            type_.lower(),
            column.nullable,
            default,
            "auto_increment" if automatic else None,
            column.comment or None,
        )
        current = self._current.get((table.schema, str(table.name)))
        known = None if current is None else current.signature.columns.get(column.name)
        if known is None:
            return signature
        agreed: dict[str, str | None] = {}
        if known.type == "json" or simple_type(known.type) == simple_type(type_):
            agreed["type"] = known.type
        if simple_default(known.default) == simple_default(default):
            agreed["default"] = known.default
        if column.computed is not None and known.generated is not None:
            agreed["generated"] = known.generated
        return replace(signature, **agreed)  # type: ignore[arg-type]

    def check(self, table: TableSchema, check: CheckConstraint, text: str) -> ItemSignature:
        """Return the words of a CHECK: those of the one of its name that the database has.

        A nameless one takes one that no other CHECK of the models has the name of.
        """
        name = None if check.name is None else str(check.name)
        key = (table.schema, str(table.name))
        given = {str(each.name) for each in table.constraints if each.name}
        left = self._checks.setdefault(key, self._checks_of(key))
        for signature in left:
            if signature.name == name or (name is None and signature.name not in given):
                left.remove(signature)
                return signature
        return check_signature(name, text)

    def _checks_of(self, key: Key) -> list[ItemSignature]:
        current = self._current.get(key)
        found = () if current is None else current.signature.constraints
        return [
            signature for signature in found if signature and signature.text.startswith("check ")
        ]
