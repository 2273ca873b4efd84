"""SQLite's DDL writer, and its ALTER TABLE statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.engine import Dialect

from ...convert import lineage
from ...schema import Constraint, ForeignKeyConstraint
from ..base.ddl import DDLWriter
from ..base.statement import RawDDL, Statement

if TYPE_CHECKING:
    from ..base.signatures import ItemSignature
    from .tokens import Scope


class SQLiteWriter(DDLWriter):
    """Compiles the items of one table."""

    def __init__(self, dialect: Dialect, name: str, schema: str | None) -> None:
        super().__init__(dialect, name, schema)
        self.names = lineage(dialect)

    def alter_table(self, rest: str, subject: str) -> Statement:
        """Return an ALTER TABLE statement."""
        element = RawDDL(f"ALTER TABLE {self.table} {rest}")
        return Statement(element, f"{subject} of {self.of_table}")

    def constraint(self, constraint: Constraint) -> str | None:
        return None if self._elsewhere(constraint) else super().constraint(constraint)

    def signature(self, constraint: Constraint, scope: Scope) -> ItemSignature | None:
        """Return a constraint's signature; `None` if SQLite does not store it."""
        if self._elsewhere(constraint):
            return None
        from .signatures import constraint_signature

        return constraint_signature(constraint, scope, self.names)

    def _elsewhere(self, constraint: Constraint) -> bool:
        """Tell whether a key refers to another database file: SQLAlchemy omits such a key."""
        if not isinstance(constraint, ForeignKeyConstraint):
            return False
        return constraint.references_schema != self.schema
