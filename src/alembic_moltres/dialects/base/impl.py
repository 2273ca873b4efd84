"""`DialectImpl`: all that the rest of the package asks of one database.

A subclass for each database; its methods import what they need when they are called, so that
nothing is loaded that the connected database does not need. Not here: how an impl is found, see
`registry`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, NoReturn

from ...errors import OperationError

if TYPE_CHECKING:
    from alembic.operations import Operations
    from sqlalchemy.engine import Connection, Dialect

    from ...diff import AlterEnum, AlterSequence, AlterTable
    from ...schema import TableSchema
    from .create_table import Statement
    from .signatures import ReflectedTable


class DialectImpl:
    """What is known of one database. Every method of this base raises: nothing is guessed.

    Attributes:
        names: the dialects whose catalogue this impl reads. One that extends them (CockroachDB,
            Redshift) is written to, not read.
        dialect: the live dialect.
    """

    names: ClassVar[tuple[str, ...]] = ()

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    @property
    def reads(self) -> bool:
        """Whether the tables of this database can be read."""
        return self.dialect.name in self.names

    def table_names(self, connection: Connection, schema: str | None) -> list[str]:
        """Return the tables that models may be compared with, no views, in any order.

        What belongs to another thing (a partition, a table of an extension) is left out.
        """
        self.unsupported("read tables")

    def read(
        self, connection: Connection, schema: str | None, names: Collection[str]
    ) -> list[ReflectedTable]:
        """Return what the database has of those names; names that it does not have are no error.

        The number of queries does not depend on the number of tables, where there is a way.
        """
        self.unsupported("read tables")

    def expected_tables(
        self, connection: Connection, tables: Sequence[TableSchema]
    ) -> list[ReflectedTable]:
        """Return what reflection would find of `tables` (as `comparable` gives them), in order.

        Nothing remains in the database. What cannot be probed is logged once.
        """
        self.unsupported("compare tables")

    def alter_table(self, operations: Operations, change: AlterTable) -> None:
        """Alter a table; everything is compiled before the first statement runs."""
        self.unsupported("alter a table")

    def alter_enum(self, change: AlterEnum) -> Iterable[Statement]:
        """Return what changes an enum type; nothing where a column's type has the labels."""
        self.unsupported("alter an enum type")

    def alter_sequence(self, change: AlterSequence) -> Iterable[Statement]:
        """Return what changes a sequence; nothing where there are none."""
        from .alter_sequence import alter_sequence

        return alter_sequence(self.dialect, change)

    def names_of_rename(self, current: str, desired: str) -> Sequence[str]:
        """Return the names that a table has one after the other when it is renamed."""
        return (current, desired)

    def unsupported(self, action: str) -> NoReturn:
        """Raise the error for what this database's impl does not do."""
        raise OperationError(
            f"{self.dialect.name} cannot {action} here; use op.execute() with its own SQL",
            self.dialect.name,
        )
