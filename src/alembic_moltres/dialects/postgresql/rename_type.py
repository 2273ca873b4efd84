"""Renames an enum type or a domain: ALTER TYPE takes both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...convert.names import thaw_name
from ..base.statement import RawDDL, Statement

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

    from ...diff import RenameType


def rename_type(dialect: Dialect, change: RenameType) -> Sequence[Statement]:
    """Return the statement that renames a type within its schema."""
    quote = dialect.identifier_preparer.quote
    names = (name for name in (change.schema, change.current) if name is not None)
    current = ".".join(quote(thaw_name(name)) for name in names)
    text = f"ALTER TYPE {current} RENAME TO {quote(thaw_name(change.desired))}"
    return [Statement(RawDDL(text), f"the type {change.current!r}")]
