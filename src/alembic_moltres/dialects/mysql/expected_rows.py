"""The models' constraints and indexes as the rows that the database would have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ...schema import (
    Constraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from ...schema.dialects import is_for_dialect
from ...sqltext import Syntax, tokens
from .rows import ConstraintRow, ForeignKeyRow, IndexRow, PartRow
from .signatures import bare

_LENGTH = re.compile(r"\w*char\((\d+)\)|\w*binary\((\d+)\)")
_UNSIZED = re.compile(r"\w*(?:text|blob)\b|json\b")


def constraint_row(
    constraint: Constraint, dialect: tuple[str, ...], database: str
) -> ConstraintRow | None:
    """Return the row of a key; `None` if it is probed or not stored by the server.

    Args:
        constraint: of the models.
        dialect: the dialect's name, then those that it extends.
        database: of a table without a schema.
    """
    if not is_for_dialect(constraint.ddl_if, dialect[0]):
        return None
    name = None if constraint.name is None else str(constraint.name)
    match constraint:
        case PrimaryKeyConstraint():
            return _key("PRIMARY", constraint.columns)
        case UniqueConstraint():
            return _key(name, constraint.columns)
        case ForeignKeyConstraint():
            return ForeignKeyRow(
                name,
                columns=constraint.columns,
                database=constraint.references_schema or database,
                table=constraint.references_table,
                references=constraint.references_columns,
                on_delete=constraint.on_delete or "",
                on_update=constraint.on_update or "",
            )
        case _:
            return None


def _key(name: str | None, columns: Iterable[str]) -> IndexRow:
    return IndexRow(name, unique=True, kind="BTREE", parts=tuple(map(PartRow, columns)))


def index_row(index: Index, dialect: tuple[str, ...], syntax: Syntax) -> IndexRow | None:
    """Return the row of an index with the stated lengths; `None` if it is for other dialects.

    Args:
        index: of the models.
        dialect: the dialect's name, then those that it extends.
        syntax: of the models' text.
    """
    if not is_for_dialect(index.ddl_if, dialect[0]):
        return None
    lengths = index.dialect_options.get(f"{dialect[0]}_length")
    kind = str(index.dialect_options.get(f"{dialect[0]}_prefix") or "BTREE").upper()
    parts = []
    for element in index.elements:
        text = element if isinstance(element, str) else element.for_dialect(dialect)
        if text is None:
            return None
        part = PartRow(text) if isinstance(element, str) else parsed_part(text, syntax)
        parts.append(_with_length(part, lengths))
    return IndexRow(str(index.name), index.unique, kind, tuple(parts))


def _with_length(part: PartRow, lengths: Any) -> PartRow:
    if part.column is None:
        return part
    length = part.length
    if isinstance(lengths, Mapping):
        length = lengths.get(part.column, length)
    elif lengths is not None:
        length = int(lengths)
    return replace(part, length=length)


def parsed_part(text: str, syntax: Syntax) -> PartRow:
    """Return an element of an index: a column with a length and an order, or an expression.

    >>> from alembic_moltres.sqltext import MYSQL
    >>> parsed_part("`a b`(3) DESC", MYSQL), parsed_part("lower(a)", MYSQL)
    (PartRow(column='a b', expression=None, length=3, descending=True), PartRow(column=None, ...))
    """
    stream = tokens(text, syntax)
    order = stream[-1].upper if len(stream) > 1 else ""
    sized = stream[1:-1] if order in {"ASC", "DESC"} else stream[1:]
    is_sized = [token.kind for token in sized] == ["operator", "number", "operator"]
    if not stream[0].is_name or (sized and not (is_sized and sized[0].upper == "(")):
        return PartRow(None, bare(text))
    length = int(sized[1].text) if sized else None
    return PartRow(stream[0].value, None, length, order == "DESC")


def is_whole(length: int, type_: str) -> bool:
    """Tell whether a prefix has the whole column; true except for types of text and bytes.

    The server refuses other lengths for those (error 1089).

    >>> is_whole(20, "varchar(20)"), is_whole(8, "datetime(6)"), is_whole(8, "text")
    (True, True, False)
    """
    if sized := _LENGTH.match(type_):
        return length >= int(sized[1] or sized[2])
    return bool(type_) and _UNSIZED.match(type_) is None
