"""What MySQL and MariaDB say of columns, constraints, indexes and options, in words.

UNIQUE constraints and unique indexes are one thing there and have the same words; the name of a
primary key is not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ...schema import (
    CheckConstraint,
    Constraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from ...sqltext import MYSQL, strip_parentheses, tokens
from ..base.signatures import ColumnSignature, ItemSignature
from .rows import ColumnRow, IndexRow, KeyRow, PartRow, TableRow

CHARSET = ("charset", "default_charset", "character_set", "default_character_set")
COLLATE = ("collate", "default_collate")
NOT_COMPARED = ("auto_increment", "partition_by", "partitions", "subpartition_by", "subpartitions")
"""A counter that goes on, and what information_schema does not tell as it was written."""

_LENGTH = re.compile(r"\w*char\((\d+)\)|\w*binary\((\d+)\)")
_UNSIZED = re.compile(r"\w*(?:text|blob)\b|json\b")


def column_signature(row: ColumnRow) -> ColumnSignature:
    """Return the words of a column."""
    collate = "" if row.collation is None else f" collate {row.collation}"
    generated = "auto_increment" if row.autoincrement else None
    if row.generated is not None:
        generated = f"({bare(row.generated)}) {'stored' if row.stored else 'virtual'}"
    default = row.default
    if row.on_update is not None:
        default = f"{default or ''} on update {row.on_update}"
    type_ = "json" if row.json else f"{row.type}{collate}"
    return ColumnSignature(type_, row.nullable, default, generated, row.comment or None)


def bare(expression: str) -> str:
    """Return an expression without brackets around the whole.

    >>> bare("((`a` > 0))"), bare("(`a`) > (`b`)")
    ('`a` > 0', '(`a`) > (`b`)')
    """
    return strip_parentheses(expression, MYSQL)


def check_signature(name: str | None, text: str) -> ItemSignature:
    """Return the words of a CHECK."""
    return ItemSignature(name, f"check ({bare(text)})")


def key_signature(key: KeyRow) -> ItemSignature:
    """Return the words of a foreign key of the database."""
    return ItemSignature(
        key.name,
        _key_text(
            key.columns,
            f"{key.database}.{key.table}",
            key.references,
            (key.on_delete, key.on_update),
        ),
    )


def _key_text(
    columns: Iterable[str], table: str, references: Iterable[str], rules: tuple[str, str]
) -> str:
    """Return a foreign key; RESTRICT, NO ACTION and nothing are the same to InnoDB."""
    text = f"foreign key ({_names(columns)}) references {table.lower()} ({_names(references)})"
    for event, rule in zip(("delete", "update"), rules, strict=True):
        if rule.upper() not in {"", "RESTRICT", "NO ACTION"}:
            text += f" on {event} {rule.lower()}"
    return text


def _names(names: Iterable[str]) -> str:
    return ", ".join(name.lower() for name in names)


def index_signature(index: IndexRow, table: TableRow) -> ItemSignature:
    """Return the words of an index, a UNIQUE or the primary key of the database.

    An index that a foreign key needs, and no other serves, is made for that key.
    """
    if index.name == "PRIMARY":
        return ItemSignature(None, f"primary key ({_parts(index.parts)})")
    needed = None if index.unique else _needed_by(index, table)
    kind = f"{index.kind.lower()} " if index.kind in {"FULLTEXT", "SPATIAL"} else ""
    text = _index_text("unique " if index.unique else kind, _parts(index.parts))
    return ItemSignature(index.name, text, made_for=needed)


def _needed_by(index: IndexRow, table: TableRow) -> str | None:
    for key in table.keys:
        serving = [each for each in table.indexes if _serves(each, key)]
        if serving == [index]:
            return f"foreign key ({_names(key.columns)})"
    return None


def _serves(index: IndexRow, key: KeyRow) -> bool:
    leading = [part.column for part in index.parts[: len(key.columns)]]
    return leading == list(key.columns)


def _parts(parts: Iterable[PartRow]) -> str:
    return ", ".join(
        (f"({bare(part.expression)})" if part.expression else (part.column or "").lower())
        + ("" if part.length is None else f"({part.length})")
        + (" desc" if part.descending else "")
        for part in parts
    )


def _index_text(kind: str, parts: str) -> str:
    return f"{kind}index ({parts})"


def desired_index_signature(
    index: Index, dialect: tuple[str, ...], types: Mapping[str, str]
) -> ItemSignature | None:
    """Return the words of an index of the models; `None` where the dialect does not get it.

    Args:
        types: the columns' types as the server spells them: a prefix as long as the column is none.
    """
    if index.ddl_if and dialect[0] not in index.ddl_if:
        return None
    lengths = index.dialect_options.get(f"{dialect[0]}_length")
    kind = str(index.dialect_options.get(f"{dialect[0]}_prefix") or "").lower()
    parts = []
    for element in index.elements:
        text = element if isinstance(element, str) else element.for_dialect(dialect)
        if text is None:
            return None
        parts.append(_desired_part(text, isinstance(element, str), lengths, types))
    kind = f"{kind} " if kind in {"fulltext", "spatial"} else ""
    text = _index_text("unique " if index.unique else kind, _parts(parts))
    return ItemSignature(str(index.name), text)


def _desired_part(text: str, is_column: bool, lengths: Any, types: Mapping[str, str]) -> PartRow:
    part = PartRow(text) if is_column else _part(text)
    if part.column is None:
        return part
    length = part.length
    if isinstance(lengths, Mapping):
        length = lengths.get(part.column, length)
    elif lengths is not None:
        length = int(lengths)
    if length is not None and _is_whole(length, types.get(part.column, "")):
        length = None
    return replace(part, length=length)


def _part(text: str) -> PartRow:
    """Return an element of an index: a column with a length and an order, or an expression.

    >>> _part("`a b`(3) DESC"), _part("lower(a)")
    (PartRow(column='a b', expression=None, length=3, descending=True), PartRow(column=None, ...))
    """
    found = tokens(text, MYSQL)
    order = found[-1].upper if len(found) > 1 else ""
    sized = found[1:-1] if order in {"ASC", "DESC"} else found[1:]
    is_sized = [token.kind for token in sized] == ["operator", "number", "operator"]
    if not found[0].is_name or (sized and not (is_sized and sized[0].upper == "(")):
        return PartRow(None, bare(text))
    length = int(sized[1].text) if sized else None
    return PartRow(found[0].value, None, length, order == "DESC")


def _is_whole(length: int, type_: str) -> bool:
    """Is a prefix of this length all of the column? Of what is no text or bytes it always is.

    The server refuses another length for those (error 1089).

    >>> _is_whole(20, "varchar(20)"), _is_whole(8, "datetime(6)"), _is_whole(8, "text")
    (True, True, False)
    """
    if sized := _LENGTH.match(type_):
        return length >= int(sized[1] or sized[2])
    return bool(type_) and _UNSIZED.match(type_) is None


def desired_constraint_signature(
    constraint: Constraint, dialect: tuple[str, ...], database: str, check: str | None
) -> ItemSignature | None:
    """Return the words of a constraint of the models; `None` where nothing is kept for it.

    Args:
        database: where a table without a schema is.
        check: a CHECK's expression as the server spells it.
    """
    if constraint.ddl_if and dialect[0] not in constraint.ddl_if:
        return None
    name = None if constraint.name is None else str(constraint.name)
    match constraint:
        case PrimaryKeyConstraint():
            return ItemSignature(None, f"primary key ({_names(constraint.columns)})")
        case UniqueConstraint():
            return ItemSignature(name, _index_text("unique ", _names(constraint.columns)))
        case CheckConstraint():
            return None if check is None else check_signature(name, check)
        case ForeignKeyConstraint():
            table = f"{constraint.references_schema or database}.{constraint.references_table}"
            rules = (constraint.on_delete or "", constraint.on_update or "")
            text = _key_text(constraint.columns, table, constraint.references_columns, rules)
            return ItemSignature(name, text)
        case _:
            return None


def option_signature(
    prefix: str, engine: str, charset: str, collation: str, others: Mapping[str, str]
) -> dict[str, str]:
    """Return the words of a table's options under every name that SQLAlchemy takes them by."""
    said = {f"{prefix}_engine": engine.lower()}
    said |= {f"{prefix}_{name}": charset for name in CHARSET}
    said |= {f"{prefix}_{name}": collation for name in COLLATE}
    return said | {f"{prefix}_{name}": value for name, value in others.items()}
