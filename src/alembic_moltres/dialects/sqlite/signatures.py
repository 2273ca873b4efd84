"""The signatures of columns, constraints, indexes and options.

The same functions are used for both sides: the text that SQLite stores, and the text that
SQLAlchemy would write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from ...schema import (
    CheckConstraint,
    Constraint,
    ForeignKeyConstraint,
    FrozenMapping,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from ...schema.base import EMPTY
from ...schema.dialects import is_for_dialect
from ...sqltext import SQLITE
from ..base.signatures import ColumnSignature, ItemSignature, Text
from .cursor import KeyPart
from .parse import ColumnText, IndexText, KeyText
from .tokens import NOWHERE, Scope, normalised, normalised_name, tokenize

ON_CONFLICT = "sqlite_on_conflict"
"""The option of a constraint; a column has one more for its NOT NULL."""

_KEYWORDS = {"null", "current_timestamp", "current_time", "current_date"}
_TRUTH = {"true": "1", "false": "0"}


@lru_cache(maxsize=16384)
def column_signature(column: ColumnText, scope: Scope = NOWHERE) -> ColumnSignature:
    """Return the signature of a column's definition.

    >>> from alembic_moltres.dialects.sqlite.parse import parse_table
    >>> column_signature(parse_table("CREATE TABLE t (a Varchar (9) DEFAULT false)").columns[0])
    ColumnSignature(type='varchar ( 9 )', nullable=True, default='0', ...)
    """
    collate = "" if column.collate is None else f" collate {normalised_name(column.collate)}"
    type_ = " ".join(token.text.lower() for token in tokenize(column.type)) + collate
    generated = None
    if column.generated is not None:
        stored = "stored" if column.stored else "virtual"
        generated = f"({normalised(column.generated, scope)}) {stored}"
    return ColumnSignature(
        type_,
        column.nullable,
        None if column.default is None else default_signature(column.default),
        generated,
        options=conflict_signature(column.conflict),
    )


def default_signature(text: str) -> str | None:
    """Return the signature of a DEFAULT; `None` for NULL, which equals no default.

    A bare word is a string, TRUE and FALSE are 1 and 0 (manual, "Boolean Expressions").

    >>> [default_signature(text) for text in ("(CURRENT_TIMESTAMP)", "abc", "true", "+5", "'5'")]
    ['current_timestamp', "'abc'", '1', '5', "'5'"]
    """
    signature = normalised(text).removeprefix("+ ")
    if signature == "null":
        return None
    if signature in _TRUTH:
        return _TRUTH[signature]
    tokens = tokenize(text)
    if len(tokens) == 1 and tokens[0].is_name and signature not in _KEYWORDS:
        return SQLITE.literal(tokens[0].value)
    return signature


def conflict_signature(conflict: str | None) -> str | None:
    """Return the signature of ON CONFLICT, which a model need not state; `None` for the default."""
    return None if conflict is None or conflict.upper() == "ABORT" else conflict.upper()


def _conflict(conflict: str | None) -> Mapping[str, str]:
    signature = conflict_signature(conflict)
    return EMPTY if signature is None else FrozenMapping({ON_CONFLICT: signature})


def constraint_signature(
    constraint: Constraint, scope: Scope, names: Iterable[str], conflict: str | None = None
) -> ItemSignature | None:
    """Return the signature of a constraint; `None` if SQLite does not store it.

    Args:
        names: the dialect's name, then those that it extends.
        conflict: the column's ON CONFLICT option; the constraint's own takes precedence.
    """
    if not is_for_dialect(constraint.ddl_if, next(iter(names))):
        return None
    conflict = constraint.dialect_options.get(ON_CONFLICT) or conflict
    text: str | None = None
    match constraint:
        case PrimaryKeyConstraint():
            text = f"primary key ({_names(constraint.columns)})"
        case UniqueConstraint():
            text = f"unique ({_names(constraint.columns)})"
        case CheckConstraint():
            expression = constraint.expression.for_dialect(names)
            text = None if expression is None else f"check ({normalised(expression, scope)})"
        case ForeignKeyConstraint():
            text = _foreign_key(constraint)
        case _:
            return None
    name = None if constraint.name is None else str(constraint.name)
    return None if text is None else ItemSignature(name, text, options=_conflict(conflict))


def key_signature(key: KeyText, scope: Scope) -> ItemSignature:
    """Return the signature of a key, with details of its elements that a value does not have."""
    parts = key_part_signature(key.parts, scope)
    return ItemSignature(key.name, f"{key.kind} ({parts})", options=_conflict(key.conflict))


def key_part_signature(parts: Iterable[KeyPart], scope: Scope) -> str:
    """Return the signature's text of the elements of a key or an index."""
    return ", ".join(
        normalised(part.text, scope)
        + ("" if part.collate is None else f" collate {normalised_name(part.collate)}")
        + (" desc" if part.order == "DESC" else "")
        for part in parts
    )


def index_signature(index: IndexText, scope: Scope) -> ItemSignature:
    """Return the signature of an index."""
    unique = "unique " if index.unique else ""
    where = "" if index.where is None else f" where {normalised(index.where, scope)}"
    return ItemSignature(
        index.name, f"{unique}index ({key_part_signature(index.parts, scope)}){where}"
    )


def _names(names: Iterable[str]) -> str:
    return ", ".join(map(normalised_name, names))


def _foreign_key(key: ForeignKeyConstraint) -> str:
    """Return a foreign key without defaults.

    The manual, "SQLite Foreign Key Support": NO ACTION and NOT DEFERRABLE are the defaults, a
    deferrable key is initially immediate, MATCH is parsed and not enforced.
    """
    text = (
        f"foreign key ({_names(key.columns)}) references {normalised_name(key.references_table)}"
        f" ({_names(key.references_columns)})"
    )
    for event, action in (("delete", key.on_delete), ("update", key.on_update)):
        if action is not None and action.upper() != "NO ACTION":
            text += f" on {event} {' '.join(action.lower().split())}"
    if key.match is not None and key.match.upper() != "SIMPLE":
        text += f" match {key.match.lower()}"
    if key.deferrable or (key.deferrable is None and key.initially):
        initially = (key.initially or "immediate").lower()
        text += f" deferrable initially {initially}"
    return text


def option_signatures(options: Mapping[str, Any]) -> dict[str, Text]:
    """Return the signatures of all options of a table, stated or not."""
    return {
        "sqlite_autoincrement": str(bool(options.get("sqlite_autoincrement", False))),
        "sqlite_with_rowid": str(bool(options.get("sqlite_with_rowid", True))),
        "sqlite_strict": str(bool(options.get("sqlite_strict", False))),
    }
