"""The signatures of rows: the same for the database's tables and for the models'.

DuckDB stores no names of constraints, so any name matches. Names are case-insensitive.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from ..base.signatures import ColumnSignature, ItemSignature
from ..postgresql.text import bare
from .rows import CheckRow, ColumnRow, ConstraintRow, ForeignKeyRow, IndexRow, KeyRow


@lru_cache(maxsize=16384)
def column_signature(row: ColumnRow) -> ColumnSignature:
    """Return the signature of a column."""
    collate = "" if row.collation is None else f" COLLATE {row.collation}"
    default = None if row.default is None else bare(row.default)
    generated = None if row.generated is None else bare(row.generated)
    return ColumnSignature(f"{row.type}{collate}", row.nullable, default, generated, row.comment)


def constraint_signature(row: ConstraintRow) -> ItemSignature:
    """Return the signature of a constraint."""
    match row:
        case CheckRow():
            return ItemSignature(None, f"check ({bare(row.text)})")
        case KeyRow():
            return ItemSignature(None, f"{row.kind.lower()} ({_names(row.columns)})")
        case ForeignKeyRow():
            return ItemSignature(
                None,
                f"foreign key ({_names(row.columns)}) references {row.table.lower()} "
                f"({_names(row.references)})",
            )


def index_signature(row: IndexRow) -> ItemSignature:
    """Return the signature of an index."""
    unique = "unique " if row.unique else ""
    return ItemSignature(row.name, f"{unique}index ({_names(map(bare, row.parts))})")


def _names(names: Iterable[str]) -> str:
    return ", ".join(name.lower() for name in names)
