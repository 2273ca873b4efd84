"""What a database does for each change of a table, and one ALTER TABLE for several of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from ...diff import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    AlterTable,
    Change,
    CreateIndex,
    DropColumn,
    DropConstraint,
    DropIndex,
    RenameColumn,
    SetComment,
    SetOptions,
)
from ...errors import OperationError
from .statement import RawDDL, Statement

if TYPE_CHECKING:
    from sqlalchemy.schema import ExecutableDDLElement

    from ...schema import ColumnDef, Constraint, Index
    from .ddl import DDLWriter


class TableAlteration:
    """What one database does for the changes of a table, a method for each kind.

    This base finds the method; a subclass overrides what its database has. What `carry_out`
    returns is the subclass's own.
    """

    def __init__(self, ddl: DDLWriter) -> None:
        self.ddl = ddl

    def carry_out(self, change: Change) -> Any:
        """Do what a change inside the table asks for.

        Raises:
            OperationError: this database does not do it, or has no DDL for it.
        """
        match change:
            case AddColumn():
                return self.add_column(change.column)
            case DropColumn():
                return self.drop_column(change.column)
            case AlterColumn():
                return self.alter_column(change)
            case RenameColumn():
                return self.rename_column(change.current, change.desired)
            case AddConstraint():
                return self.add_constraint(change.constraint)
            case DropConstraint():
                return self.drop_constraint(change.constraint)
            case CreateIndex():
                return self.create_index(change.index)
            case DropIndex():
                return self.drop_index(change.index)
            case SetComment():
                return self.set_comment(change.desired)
            case SetOptions():
                return self.set_options(change)
            case _:
                return self.unsupported(change.method)

    def carry_out_all(self, change: AlterTable) -> None:
        """Do everything that a change of the table asks for, in its order."""
        for each in change.changes:
            self.carry_out(each)

    def add_column(self, column: ColumnDef) -> Any:
        """Add a column."""
        self.unsupported("add_column")

    def drop_column(self, column: ColumnDef) -> Any:
        """Drop a column."""
        self.unsupported("drop_column")

    def alter_column(self, change: AlterColumn) -> Any:
        """Make one column out of another of its name."""
        self.unsupported("alter_column")

    def rename_column(self, current: str, desired: str) -> Any:
        """Give a column another name."""
        self.unsupported("rename_column")

    def add_constraint(self, constraint: Constraint) -> Any:
        """Add a constraint."""
        self.unsupported("add_constraint")

    def drop_constraint(self, constraint: Constraint) -> Any:
        """Drop a constraint."""
        self.unsupported("drop_constraint")

    def create_index(self, index: Index) -> Any:
        """Create an index."""
        self.unsupported("create_index")

    def drop_index(self, index: Index) -> Any:
        """Drop an index."""
        self.unsupported("drop_index")

    def set_comment(self, comment: str | None) -> Any:
        """Set the table's comment."""
        self.unsupported("set_comment")

    def set_options(self, change: SetOptions) -> Any:
        """Set the table's options."""
        self.unsupported("set_options")

    def unsupported(self, method: str) -> NoReturn:
        """Raise the error for what this database does not do."""
        raise OperationError(
            f"{method} cannot be carried out on {self.ddl.dialect.name} (at {self.ddl.of_table}); "
            "use op.execute() with its own SQL",
            method,
        )


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
        """Put a statement of its own behind the ALTER TABLE that is being built."""
        self._afterwards.append(self._statement(ddl, subject))

    def flush(self) -> None:
        """End the ALTER TABLE that is being built, if there is one."""
        if self._actions:
            text = f"ALTER TABLE {self.ddl.table} {', '.join(self._actions)}"
            self.statements.append(Statement(RawDDL(text), self.subject))
        self.statements += self._afterwards
        self._actions, self._afterwards, self._touched = [], [], set()

    def _statement(self, ddl: ExecutableDDLElement | str, subject: str | None) -> Statement:
        element = RawDDL(ddl) if isinstance(ddl, str) else ddl
        return Statement(element, subject or self.subject)
