"""The changes inside a table: a method for each kind, and one ALTER TABLE for several of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from sqlalchemy.schema import ExecutableDDLElement

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
    RenameGeneratedNames,
    SetComment,
    SetOptions,
)
from ...errors import OperationError
from ...schema import ColumnDef, Constraint, Default, Index
from .statement import RawDDL, Statement

if TYPE_CHECKING:
    from .ddl import DDLWriter


class TableAlteration:
    """Carries out the changes of a table on one database, with a method for each kind of change.

    A subclass overrides the methods that its database supports; it also decides what they return.
    """

    def __init__(self, ddl: DDLWriter) -> None:
        self.ddl = ddl

    def carry_out(self, change: Change) -> Any:
        """Carry out a change inside the table.

        Raises:
            OperationError: this database does not support it, or has no DDL for it.
        """
        match change:
            case AddColumn(column, fill):
                if fill is not None:
                    return self.add_filled(column, fill)
                return self.add_column(column)
            case DropColumn():
                return self.drop_column(change.column)
            case AlterColumn():
                return self.alter_column(change)
            case RenameColumn():
                return self.rename_column(change.current, change.desired)
            case RenameGeneratedNames():
                return self.rename_generated_names(change)
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
        """Carry out all changes inside the table, in their order."""
        for each in change.changes:
            self.carry_out(each)

    def add_column(self, column: ColumnDef) -> Any:
        """Add a column."""
        self.unsupported("add_column")

    def add_filled(self, column: ColumnDef, fill: Default) -> Any:
        """Add a column, and write a value into the existing rows."""
        nullable = replace(column, nullable=True)
        self.add_column(nullable)
        self.update(column, self.filling(column, fill))
        if not column.nullable:
            self.alter_column(AlterColumn(nullable, column))

    def filling(self, column: ColumnDef, fill: Default) -> str:
        """Return the SQL of a fill value, compiled as the column's server default would be."""
        return str(self.ddl.column(replace(column, default=fill)).default)

    def update(self, column: ColumnDef, text: str) -> Any:
        """Write the result of SQL into a column of all rows."""
        self.unsupported("add_column with fill")

    def drop_column(self, column: ColumnDef) -> Any:
        """Drop a column."""
        self.unsupported("drop_column")

    def alter_column(self, change: AlterColumn) -> Any:
        """Alter a column, which keeps its name."""
        self.unsupported("alter_column")

    def rename_column(self, current: str, desired: str) -> Any:
        """Rename a column."""
        self.unsupported("rename_column")

    def rename_generated_names(self, change: RenameGeneratedNames) -> Any:
        """Rename constraints and sequences that the database has named."""
        self.unsupported("rename_generated_names")

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
        """Raise the error for a method that this database does not support."""
        raise OperationError(
            f"{method} cannot be carried out on {self.ddl.dialect.name} (at {self.ddl.of_table}); "
            "use op.execute() with its own SQL",
            method,
        )


class AlterTableBuilder:
    """Collects actions into one ALTER TABLE until a separate statement is needed.

    A second action on the same item begins a new statement, since a database may reorder the
    actions of one statement.

    Attributes:
        statements: those that are complete.
    """

    def __init__(self, ddl: DDLWriter) -> None:
        self.ddl = ddl
        self.statements: list[Statement] = []
        self.subject = f"the change of {ddl.of_table}"
        self._actions: list[str] = []
        self._before: list[Statement] = []
        self._afterwards: list[Statement] = []
        self._touched: set[object] = set()

    def add(self, *actions: str, touching: object = None) -> None:
        """Add actions to the statement.

        Args:
            actions: as they follow `ALTER TABLE name`.
            touching: the item that they change; a second time it begins a new statement.
        """
        if touching is not None:
            if touching in self._touched:
                self.flush()
            self._touched.add(touching)
        self._actions += actions

    def separate(self, ddl: ExecutableDDLElement | str, subject: str | None = None) -> None:
        """Add a separate statement after the collected actions."""
        self.flush()
        self.statements.append(self._statement(ddl, subject))

    def before(self, ddl: ExecutableDDLElement | str, subject: str | None = None) -> None:
        """Add a separate statement before the ALTER TABLE that is being collected."""
        self._before.append(self._statement(ddl, subject))

    def after(self, ddl: ExecutableDDLElement | str, subject: str | None = None) -> None:
        """Add a separate statement after the ALTER TABLE that is being collected."""
        self._afterwards.append(self._statement(ddl, subject))

    def flush(self) -> None:
        """Complete the ALTER TABLE that is being collected, if there is one."""
        self.statements += self._before
        if self._actions:
            text = f"ALTER TABLE {self.ddl.table} {', '.join(self._actions)}"
            self.statements.append(Statement(RawDDL(text), self.subject))
        self.statements += self._afterwards
        self._actions, self._before, self._afterwards, self._touched = [], [], [], set()

    def _statement(self, ddl: ExecutableDDLElement | str, subject: str | None) -> Statement:
        element = RawDDL(ddl) if isinstance(ddl, str) else ddl
        return Statement(element, subject or self.subject)
