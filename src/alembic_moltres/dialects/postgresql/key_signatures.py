"""The words of constraints that need no asking: one function a kind, for both sides."""

from __future__ import annotations

from collections.abc import Iterable

from ...schema import ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint
from .text import split, unquoted

ACTIONS = {"a": None, "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
"""pg_constraint.confdeltype; NO ACTION is what happens if nothing is said."""

MATCHES = {"s": None, "f": "FULL", "p": "PARTIAL"}


def key_signature(
    key: PrimaryKeyConstraint | UniqueConstraint, *, comment: str | None = None
) -> str:
    """Return the words of a primary key or a unique constraint.

    >>> key_signature(UniqueConstraint(("a",), deferrable=True))
    "UNIQUE ('a',) DEFERRABLE"
    """
    kind = "PRIMARY KEY" if isinstance(key, PrimaryKeyConstraint) else "UNIQUE"
    parts = [kind, repr(tuple(map(str, key.columns)))]
    if key.dialect_options:
        if include := key.dialect_options.get("postgresql_include"):
            parts.append(f"INCLUDE {tuple(map(str, include))!r}")
        if key.dialect_options.get("postgresql_nulls_not_distinct"):
            parts.append("NULLS NOT DISTINCT")
    return (
        " ".join(parts)
        + deferral_signature(key.deferrable, key.initially)
        + comment_signature(comment)
    )


def foreign_key_signature(key: ForeignKeyConstraint, schema: str | None) -> str:
    """Return the words of a foreign key.

    Args:
        key: its value.
        schema: the referred table's schema, as the database has it.
    """
    parts = [
        f"FOREIGN KEY {tuple(map(str, key.columns))!r}",
        f"REFERENCES {schema}.{key.references_table}",
        repr(tuple(map(str, key.references_columns))),
    ]
    if key.match is not None and key.match.upper() != "SIMPLE":
        parts.append(f"MATCH {key.match.upper()}")
    for event, action in (("DELETE", key.on_delete), ("UPDATE", key.on_update)):
        if (said := _action(action)) is not None:
            parts.append(f"ON {event} {said}")
    return (
        " ".join(parts)
        + deferral_signature(key.deferrable, key.initially)
        + comment_signature(key.comment)
    )


def deferral_signature(deferrable: bool | None, initially: str | None) -> str:
    """Return the words of a constraint's deferral; INITIALLY DEFERRED implies DEFERRABLE.

    >>> deferral_signature(None, "deferred"), deferral_signature(False, "IMMEDIATE")
    (' DEFERRABLE INITIALLY DEFERRED', '')
    """
    deferred = initially is not None and initially.upper() == "DEFERRED"
    if deferred:
        return " DEFERRABLE INITIALLY DEFERRED"
    return " DEFERRABLE" if deferrable else ""


def comment_signature(comment: str | None) -> str:
    """Return the words of a constraint's comment."""
    return f" COMMENT {comment!r}" if comment else ""


def action_text(action: str, columns: Iterable[str]) -> str | None:
    """Return the action of a foreign key as SQLAlchemy takes it, from the catalogue's letter."""
    said = ACTIONS[action]
    return f"{said} ({', '.join(columns)})" if said and columns else said


def _action(action: str | None) -> str | None:
    if action is None:
        return None
    verb, _, columns = action.partition("(")
    verb = " ".join(verb.upper().split())
    if verb == "NO ACTION":
        return None
    if not columns:
        return verb
    listed = split(columns.strip().removesuffix(")"), ",")
    return f"{verb} {[_folded(name.strip()) for name in listed]!r}"


def _folded(name: str) -> str:
    return unquoted(name) if name.startswith('"') else name.lower()
