"""`DialectImpl`: all that the rest of the package asks of one database.

A subclass for each database; its methods import what they need when they are called, so that
nothing is loaded that the connected database does not need. Not here: how an impl is found, see
`registry`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, NoReturn

from ...errors import OperationError

if TYPE_CHECKING:
    from alembic.operations import Operations
    from sqlalchemy.engine import Connection, Dialect

    from ...diff import AlterEnum, AlterSequence, AlterTable
    from ...schema import ColumnDef, Constraint, Default, TableSchema
    from .create_table import Statement
    from .signatures import ReflectedTable


class DialectImpl:
    """What is known of one database. Every method of this base raises: nothing is guessed.

    Attributes:
        names: the dialects whose catalogue this impl reads. One that extends them (CockroachDB,
            Redshift) is written to, not read.
        dialect: the live dialect.
        has_named_types: whether enum types and domains live beside tables.
        lowers_names: whether a name without quotes is folded to lower case.
        unique_is_index: whether UNIQUE and a unique index are one thing.
    """

    names: ClassVar[tuple[str, ...]] = ()
    has_named_types: ClassVar[bool] = False
    lowers_names: ClassVar[bool] = False
    unique_is_index: ClassVar[bool] = False

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

        Nothing remains in the database. What cannot be probed is reported once in the log.
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

    def session_queries(self, server: str | None) -> Mapping[str, object]:
        """Return what SQLAlchemy asks a server first, in lower case, with the answers.

        Args:
            server: which one, such as `"mariadb 10.11"`; `None` for the oldest that is supported.
        """
        return {}

    def made_name(
        self, table: TableSchema, constraint: Constraint, taken: Collection[str]
    ) -> str | None:
        """Return the name that the server gives to a constraint without one.

        Args:
            table: the table that the constraint is on.
            constraint: one without a name.
            taken: the names that are given already.
        """
        return None

    def counting_by_itself(self, table: TableSchema, column: ColumnDef) -> dict[str, object]:
        """Return what keeps a column counting that is no key any more, by the column's fields.

        Args:
            table: the table.
            column: the column, which has counted because it was the primary key.
        """
        return {}

    def described_type(self, text: str) -> tuple[str, str]:
        """Return `data_type` and `column_type` of the information schema, for a type's DDL."""
        self.unsupported("describe a type")

    def described_default(self, default: Default, type_: str) -> str | None:
        """Return `column_default` of the information schema, `None` where it is not known.

        Args:
            default: the server default.
            type_: the column's type as DDL spells it, in lower case.
        """
        return None

    def type_of_text(self, text: str) -> str:
        """Return the name of a type as a statement spells it."""
        self.unsupported("read the type of a statement")

    def unsupported(self, action: str) -> NoReturn:
        """Raise the error for what this database's impl does not do."""
        raise OperationError(
            f"{self.dialect.name} cannot {action} here; use op.execute() with its own SQL",
            self.dialect.name,
        )
