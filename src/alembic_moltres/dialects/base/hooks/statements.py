"""The hooks of `DialectImpl` that write DDL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ....messages import get_logger
from ....schema import Constraint, TableSchema
from .base import Hooks

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.engine import Connection
    from sqlalchemy.schema import DropSequence, ExecutableDDLElement

    from ....diff import AlterDomain, AlterEnum, AlterSequence, AlterTable, RenameType
    from ..execution import Execution
    from ..statement import Statement

log = get_logger(__name__)


class StatementHooks(Hooks):
    """DDL, the names that the database generates for it, and the DDL that `--sql` cannot write."""

    def check(self, statement: Statement, text: str) -> None:
        """Refuse a statement that compiles but that the database does not support.

        Args:
            statement: the statement that is executed next.
            text: the same, compiled.

        Raises:
            OperationError: the database would reject it.
        """

    def short_ddl(self, ddl: ExecutableDDLElement) -> str | None:
        """Return a one-line summary of a statement for people; `None` if it is short itself."""
        return None

    def create_types(self, table: sa.Table) -> Sequence[Statement]:
        """Return the statements that create a table's named types, if any, in order."""
        return ()

    def drop_types(self, table: sa.Table) -> Sequence[Statement]:
        """Return the statements that drop a table's named types that are unused, in order."""
        return ()

    def drop_sequence(self, sequence: sa.Sequence) -> DropSequence:
        """Return the statement that drops the sequence of a dropped column."""
        self.unsupported("drop sequences")

    def alter_table(self, execution: Execution, change: AlterTable) -> None:
        """Alter a table; everything is compiled before the first statement runs."""
        self.unsupported("alter a table")

    def alter_enum(self, change: AlterEnum) -> Iterable[Statement]:
        """Return the statements that change an enum type; none if labels belong to columns.

        Then the log says that the rows keep a renamed label: which columns have it is not known.
        """
        if change.renamed:
            log.warning(
                "op.moltres_alter_enum changes no rows on %s, where labels are text: they keep %s; "
                "update them in the script, for example with op.execute()",
                self.dialect.name,
                ", ".join(map(repr, change.renamed)),
            )
        return ()

    def renamed_constraints(self, change: AlterTable) -> Mapping[Constraint, Constraint]:
        """Return the dropped constraint of each one of a block that it only gives a new name.

        The default implementation drops and adds them.
        """
        return {}

    def rename_type(self, change: RenameType) -> Iterable[Statement]:
        """Return the statements that rename a named type; none if the database has none."""
        return ()

    def alter_domain(self, change: AlterDomain) -> Iterable[Statement]:
        """Return the statements that change a domain; none if the database has no domains."""
        return ()

    def alter_sequence(self, change: AlterSequence) -> Iterable[Statement]:
        """Return the statements that change a sequence; none if the database has no sequences."""
        self.unsupported("alter a sequence")

    def default_constraint_name(
        self, table: str, kind: type[Constraint], columns: Sequence[str]
    ) -> str | None:
        """Return the name that the database generates for a constraint; `None` without a rule."""
        return None

    def find_constraint_names(
        self, connection: Connection, table: str, schema: str | None, constraint: Constraint
    ) -> Collection[str]:
        """Return the names of a table's constraints with the content of `constraint`."""
        self.unsupported("find a constraint by its content")

    def names_of_rename(self, current: str, desired: str) -> Sequence[str]:
        """Return the names that a renamed table has one after the other: by default, two."""
        return (current, desired)

    def renames_after(self, current: str, desired: str, schema: str | None) -> Iterable[Statement]:
        """Return the statements that rename items of a renamed table that no model can name.

        By default there are none.

        Args:
            current: the table's name before.
            desired: its new name.
            schema: its schema.
        """
        return ()

    def rehearse(
        self, connection: Connection, work: Callable[[Connection], None]
    ) -> list[str] | None:
        """Return the statements of what `--sql` cannot write; `None` if it can write everything.

        Args:
            connection: to the database, which is only read.
            work: executes the operations; it is run on the same tables without rows.
        """
        return None

    def rehearse_on(
        self, tables: Iterable[TableSchema], work: Callable[[Connection], None]
    ) -> list[str] | None:
        """Return the statements of what `--sql` cannot write; `None` if it can write everything.

        Args:
            tables: those of the database, in the order of their creation.
            work: executes the operations; it is run on these tables, in memory.
        """
        return None
