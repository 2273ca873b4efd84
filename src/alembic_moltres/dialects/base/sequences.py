"""Sequences that a column's values come from, which live beside the tables that use them.

They are made if they are not there, and dropped after the table unless the database knows of
another use (a `nextval` server default). One that only Python code uses leaves no trace in the
database, so it goes with the first of its tables. A SERIAL's sequence is none of these: it comes
and goes with its table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateSequence, DropSequence

from ...convert import lineage
from ..postgresql.do_block import drop_unused

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.sql.compiler import DDLCompiler

IF_NOT_EXISTS = frozenset({"postgresql", "mariadb", "mysql"})
"""The dialects whose sequences can be made IF NOT EXISTS (mysql: a MariaDB server)."""

IF_EXISTS = IF_NOT_EXISTS | {"mssql"}
"""The dialects whose sequences can be dropped IF EXISTS."""


class DropUnusedSequence(DropSequence):
    """Drop a sequence, unless something in the database still depends on it."""

    inherit_cache = False


@compiles(DropUnusedSequence, "postgresql")
def _drop_unused(element: DropUnusedSequence, compiler: DDLCompiler, **_: Any) -> str:
    return drop_unused(compiler.visit_drop_sequence(element))  # type: ignore[no-untyped-call]


def create_sequences(table: sa.Table, dialect: Dialect) -> list[CreateSequence]:
    """Return what makes the sequences of a table's columns."""
    gently = not IF_NOT_EXISTS.isdisjoint(lineage(dialect))
    return [CreateSequence(item, if_not_exists=gently) for item in sequences(table, dialect)]


def drop_sequences(table: sa.Table, dialect: Dialect) -> list[DropSequence]:
    """Return what drops the sequences of a table's columns."""
    gently = not IF_EXISTS.isdisjoint(lineage(dialect))
    kind = DropUnusedSequence if dialect.name == "postgresql" else DropSequence
    return [kind(item, if_exists=gently) for item in sequences(table, dialect)]


def sequences(table: sa.Table, dialect: Dialect) -> list[sa.Sequence]:
    """Return the sequences of a table's columns on this dialect, each once.

    Optional ones are left out where the dialect has something of its own (SERIAL, IDENTITY).
    """
    if not dialect.supports_sequences:
        return []
    found: dict[tuple[Any, Any], sa.Sequence] = {}
    for column in table.columns:
        default = column.default
        if isinstance(default, sa.Sequence) and not (
            default.optional and dialect.sequences_optional
        ):
            found.setdefault((default.schema, default.name), default)
    return list(found.values())
