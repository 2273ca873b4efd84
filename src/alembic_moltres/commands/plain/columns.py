"""Columns as a plain script writes them."""

from __future__ import annotations

from typing import Any

from ...autogenerate.formatting import Written, literal, write
from ...schema import ColumnDef, Computed, Identity
from ...schema.columns import AUTOINCREMENT
from .constraints import check_of
from .writer import NoWordsError, Writer

PLAIN_AUTOINCREMENT = AUTOINCREMENT[:4]
"""SQLAlchemy's own values of `autoincrement`."""

IDENTITY = (
    *("always", "on_null", "start", "increment", "minvalue", "maxvalue", "nominvalue"),
    *("nomaxvalue", "cycle", "cache", "order"),
)


def column_of(writer: Writer, column: ColumnDef) -> Written:
    """Return `sa.Column(...)`, without its sequence.

    Raises:
        NoWordsError: SQLAlchemy has no words for a part of it.
    """
    keywords: dict[str, Written] = {}
    if column.autoincrement not in PLAIN_AUTOINCREMENT:
        raise NoWordsError(f"{column!r} has values from elsewhere", column)
    if column.autoincrement != "auto":
        keywords["autoincrement"] = write(column.autoincrement)
    if not column.nullable:
        keywords["nullable"] = "False"
    if column.default is not None:
        keywords["server_default"] = writer.default(column.default)
    if column.comment is not None:
        keywords["comment"] = literal(column.comment)
    keywords |= {key: option(writer, each) for key, each in column.dialect_options.items()}
    parts: list[Written] = [
        literal(str(column.name)),
        writer.type_of(column.type_name, column.type_variants),
        *generated_of(writer, column),
        *(check_of(writer, each) for each in column.constraints if writer.is_for(each)),
    ]
    return writer.of_sa("Column", *parts, **keywords)


def generated_of(writer: Writer, column: ColumnDef) -> list[Written]:
    """Return `sa.Computed(...)` or `sa.Identity(...)` of a column that has it."""
    found: list[Written] = []
    if column.computed is not None:
        found.append(computed_of(writer, column.computed))
    if column.identity is not None:
        found.append(identity_of(writer, column.identity))
    return found


def computed_of(writer: Writer, computed: Computed) -> Written:
    """Return `sa.Computed(...)`."""
    text = literal(writer.text(computed.expression))
    persisted = computed.persisted
    keywords: dict[str, Written] = {} if persisted is None else {"persisted": repr(persisted)}
    return writer.of_sa("Computed", text, **keywords)


def identity_of(writer: Writer, identity: Identity) -> Written:
    """Return `sa.Identity(...)`."""
    given = {key: getattr(identity, key) for key in IDENTITY}
    keywords = {key: write(each) for key, each in given.items() if each not in {None, False}}
    keywords |= {key: option(writer, each) for key, each in identity.dialect_options.items()}
    return writer.of_sa("Identity", **keywords)


def plain_column(writer: Writer, column: ColumnDef) -> Written:
    """Return `sa.column(...)`, for statements about rows."""
    type_ = writer.type_of(column.type_name, column.type_variants)
    return writer.of_sa("column", literal(str(column.name)), type_)


def option(writer: Writer, content: Any) -> Written:
    """Return the value of a dialect's option."""
    from ...schema import SQL

    return writer.expression(content) if isinstance(content, SQL) else write(content)
