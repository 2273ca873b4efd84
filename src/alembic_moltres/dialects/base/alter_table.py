"""One ALTER TABLE for as many actions as can stand in it."""

from __future__ import annotations

from sqlalchemy.schema import ExecutableDDLElement

from .create_table import Statement
from .ddl import DDLWriter, RawDDL


class AlterTableBuilder:
    """Puts actions into one ALTER TABLE until something has to stand apart.

    What touches the same thing twice stands in two statements: a database orders the actions of
    one statement as it likes.

    Attributes:
        statements: what has been put together so far.
    """

    def __init__(self, ddl: DDLWriter) -> None:
        self.ddl = ddl
        self.statements: list[Statement] = []
        self.subject = f"the change of {ddl.of_table}"
        self._actions: list[str] = []
        self._afterwards: list[Statement] = []
        self._touched: set[object] = set()

    def add(self, *actions: str, touching: object = None) -> None:
        """Add actions to the statement.

        Args:
            actions: what stands behind `ALTER TABLE name`.
            touching: what they are done to; it begins a new statement if it was touched before.
        """
        if touching is not None:
            if touching in self._touched:
                self.flush()
            self._touched.add(touching)
        self._actions += actions

    def separate(self, ddl: ExecutableDDLElement | str, subject: str | None = None) -> None:
        """Put a statement of its own behind what there is."""
        self.flush()
        self.statements.append(self._statement(ddl, subject))

    def after(self, ddl: ExecutableDDLElement | str, subject: str | None = None) -> None:
        """Put a statement of its own behind the ALTER TABLE that is being gathered."""
        self._afterwards.append(self._statement(ddl, subject))

    def flush(self) -> None:
        """End the ALTER TABLE that is being gathered, if there is one."""
        if self._actions:
            text = f"ALTER TABLE {self.ddl.table} {', '.join(self._actions)}"
            self.statements.append(Statement(RawDDL(text), self.subject))
        self.statements += self._afterwards
        self._actions, self._afterwards, self._touched = [], [], set()

    def _statement(self, ddl: ExecutableDDLElement | str, subject: str | None) -> Statement:
        element = RawDDL(ddl) if isinstance(ddl, str) else ddl
        return Statement(element, subject or self.subject)
