"""`DialectImpl`: the interface of one database for the rest of the package.

Each database has a subclass. Its methods import other modules when they are called, so that only
those of the connected database are loaded. Not here: how an impl is found, see `registry`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, NoReturn, TypeAlias

from ...errors import OperationError
from ...sqltext import GENERIC, Syntax
from .features import Features

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.engine import Connection, Dialect
    from sqlalchemy.schema import DropSequence, ExecutableDDLElement

    from ...datatypes import DataType
    from ...diff import AlterDomain, AlterEnum, AlterSequence, AlterTable, Change, TableKey, Tables
    from ...schema import ColumnDef, Constraint, Default, Index, TableSchema
    from ...schema import Sequence as SequenceValue
    from .execution import Execution
    from .facts import Facts, Size
    from .locks import Locks
    from .rejections import Rejection
    from .signatures import ReflectedTable
    from .statement import Statement
    from .stored_objects import StoredObject


Charset: TypeAlias = "tuple[str | None, str | None, bool]"
"""A character set, a collation, and whether columns are converted."""

NamedType: TypeAlias = "Callable[[str | None, str], DataType | None]"
"""Gives the enum type or domain of a schema (`None` for the default one) and a name."""


class DialectImpl:
    """The interface of one database. A hook without a default raises `OperationError`.

    Attributes:
        names: the dialects of this database. A dialect that extends one of them (Redshift) gets
            this impl, too, but only for DDL: it is not read.
        features: its capabilities.
        syntax: its syntax of quotes, escapes and comments.
        dialect: the `Dialect` of the connection.
    """

    names: ClassVar[tuple[str, ...]] = ()
    features: Features = Features()
    syntax: Syntax = GENERIC

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    @property
    def reads(self) -> bool:
        """Whether the tables of this database can be read."""
        return self.features.reads and self.dialect.name in self.names

    @classmethod
    def load_alembic_impl(cls) -> None:
        """Import our Alembic impl of this dialect, if Alembic ships none."""

    def creatable(self, table: TableSchema) -> TableSchema:
        """Return the part of a table that this database can create; what is left out is logged."""
        return table

    def begin(self, connection: Connection, *, owned: bool) -> None:
        """Begin a transaction of the database, if its driver has not done so.

        Called before an operation if SQLAlchemy's transaction will be committed.

        Args:
            connection: of the migration.
            owned: whether Alembic commits it, not the caller of `context.configure()`.
        """

    def locks(self) -> Locks:
        """Return the locks of upgrades; this base class has none."""
        from .locks import Locks

        return Locks(self.dialect)

    def rejection(self, code: str | None, message: str) -> Rejection | None:
        """Return the kind of an error of the database; `None` if it is not known.

        Args:
            code: its number, SQLSTATE or name.
            message: the database's.
        """
        return None

    def cause(self, connection: Connection, code: str | None) -> str | None:
        """Return what the database can add about the last error, queried by its code."""
        return None

    def short_ddl(self, ddl: ExecutableDDLElement) -> str | None:
        """Return a one-line summary of a statement for people; `None` if it is short itself."""
        return None

    def facts(self, change: Change, tables: Tables, statements: Sequence[str] = ()) -> Facts | None:
        """Return what a change locks and rewrites; `None` if this database has no facts.

        Args:
            change: of a whole database.
            tables: before it.
            statements: the SQL of the script, if the change is not an operation of this package.
        """
        return None

    def table_sizes(self, connection: Connection) -> Mapping[TableKey, Size]:
        """Return the sizes of tables, as the catalogue estimates them; empty without estimates."""
        return {}

    def begin_reading(self, seconds: float) -> Sequence[str]:
        """Return the statements that begin a read-only transaction with a statement timeout.

        Args:
            seconds: the time limit of a statement.
        """
        return ()

    def check(self, statement: Statement, text: str) -> None:
        """Refuse a statement that compiles but that the database does not support.

        Args:
            statement: the statement that is executed next.
            text: the same, compiled.

        Raises:
            OperationError: the database would reject it.
        """

    def table_names(self, connection: Connection, schema: str | None) -> list[str]:
        """Return the tables that models may be compared with, without views, in any order.

        Partitions and tables of extensions are left out.
        """
        self.unsupported("read tables")

    def read(
        self, connection: Connection, schema: str | None, names: Collection[str]
    ) -> list[ReflectedTable]:
        """Return the tables of those names; missing ones are left out.

        If possible, the number of queries does not depend on the number of tables.
        """
        self.unsupported("read tables")

    def reflect_expected(
        self, connection: Connection, tables: Sequence[TableSchema]
    ) -> list[ReflectedTable]:
        """Return `tables` (results of `comparable`) as reflection would return them, in order.

        Nothing remains in the database. Failed probes are logged once.
        """
        self.unsupported("compare tables")

    def when_connected(self, server: str | None) -> Mapping[str, bool]:
        """Return the attributes of SQLAlchemy's dialect that are set on connecting.

        Args:
            server: the version that the environment states.
        """
        return self.features.when_connected

    def with_dependents(
        self, changes: Sequence[Change], current: Sequence[TableSchema]
    ) -> Sequence[Change]:
        """Return the changes, with dependents that block them dropped before and added again after.

        Args:
            changes: the result of `diff`.
            current: the current tables, as the models write them.
        """
        self.unsupported("compare tables")

    def suggest_cast(self, current: ColumnDef, desired: ColumnDef) -> str | None:
        """Suggest SQL that converts a column for which there is no cast; `None` if there is one."""
        return None

    def create_types(self, table: sa.Table) -> Sequence[Statement]:
        """Return the statements that create a table's named types, in order."""
        self.unsupported("create types")

    def drop_types(self, table: sa.Table) -> Sequence[Statement]:
        """Return the statements that drop a table's named types if they are unused, in order."""
        self.unsupported("drop types")

    def drop_sequence(self, sequence: sa.Sequence) -> DropSequence:
        """Return the statement that drops the sequence of a dropped column."""
        self.unsupported("drop sequences")

    def alter_table(self, execution: Execution, change: AlterTable) -> None:
        """Alter a table; everything is compiled before the first statement runs."""
        self.unsupported("alter a table")

    def alter_enum(self, change: AlterEnum) -> Iterable[Statement]:
        """Return the statements that change an enum type; none if labels belong to columns."""
        self.unsupported("alter an enum type")

    def alter_domain(self, change: AlterDomain) -> Iterable[Statement]:
        """Return the statements that change a domain; none if the database has no domains."""
        self.unsupported("alter a domain")

    def existing_types(
        self, connection: Connection, types: Sequence[str]
    ) -> Mapping[str, str | None]:
        """Return each of these named types as the database has it; the same value if it is equal.

        Missing ones are `None`; those that the database cannot be asked about are left out.
        """
        self.unsupported("read types")

    def existing_sequences(
        self, connection: Connection, sequences: Sequence[SequenceValue]
    ) -> Mapping[SequenceValue, SequenceValue | None]:
        """Return each of these sequences as it is in the database; see `existing_types`."""
        self.unsupported("read sequences")

    def alter_sequence(self, change: AlterSequence) -> Iterable[Statement]:
        """Return the statements that change a sequence; none if the database has no sequences."""
        self.unsupported("alter a sequence")

    def default_constraint_name(
        self, table: str, kind: type[Constraint], columns: Sequence[str]
    ) -> str | None:
        """Return the name that the database generates for a constraint; `None` without a rule."""
        self.unsupported("generate names of constraints")

    def find_constraint_names(
        self, connection: Connection, table: str, schema: str | None, constraint: Constraint
    ) -> Collection[str]:
        """Return the names of a table's constraints with the content of `constraint`."""
        self.unsupported("find a constraint by its content")

    def names_of_rename(self, current: str, desired: str) -> Sequence[str]:
        """Return the names that a renamed table has one after the other."""
        self.unsupported("rename a table")

    def renames_after(self, current: str, desired: str, schema: str | None) -> Iterable[Statement]:
        """Return the statements that rename items of a renamed table that no model can name.

        Args:
            current: the table's name before.
            desired: its new name.
            schema: its schema.
        """
        self.unsupported("rename a table")

    def server(self) -> str | None:
        """Return the connected server, such as `"mariadb 10.11"`; `None` before connecting."""
        self.unsupported("return its version")

    def session_queries(self, server: str | None) -> Mapping[str, object]:
        """Return SQLAlchemy's first queries of a connection, in lower case, with their results.

        Args:
            server: such as `"mariadb 10.11"`; `None` for the oldest one that is supported.
        """
        self.unsupported("answer the first queries of a connection")

    def generated_name(
        self, table: TableSchema, constraint: Constraint, taken: Collection[str]
    ) -> str | None:
        """Return the name that the server generates for a constraint; `None` without a rule.

        Args:
            table: the table of the constraint.
            constraint: one without a name.
            taken: the names that exist already.
        """
        self.unsupported("generate names of constraints")

    def may_generate(self, name: str) -> bool:
        """Tell whether any version of the server may have generated this name for a constraint."""
        self.unsupported("generate names of constraints")

    def contents(self, connection: Connection) -> list[str]:
        """Return the objects of a database, each with its kind, such as `"table users"`."""
        self.unsupported("serve as a scratch database")

    def clear(self, connection: Connection) -> None:
        """Drop the objects of a database; each statement commits."""
        self.unsupported("serve as a scratch database")

    def stored_objects(self, connection: Connection) -> list[StoredObject]:
        """Return the views, routines, triggers, types and sequences of a database."""
        self.unsupported("read views")

    def rehearse(
        self, connection: Connection, work: Callable[[Connection], None]
    ) -> list[str] | None:
        """Return the statements of what `--sql` cannot write; `None` if it can write everything.

        Args:
            connection: to the database, which is only read.
            work: executes the operations; it is run on the same tables without rows.
        """
        self.unsupported("rehearse operations")

    def rehearse_on(
        self, tables: Iterable[TableSchema], work: Callable[[Connection], None]
    ) -> list[str] | None:
        """Return the statements of what `--sql` cannot write; `None` if it can write everything.

        Args:
            tables: those of the database, in the order of their creation.
            work: executes the operations; it is run on these tables, in memory.
        """
        self.unsupported("rehearse operations")

    def sequence_name(self, table: str, column: str) -> str:
        """Return the name that the server generates for the sequence of a column."""
        self.unsupported("generate names of sequences")

    def serial_fields(self, table: TableSchema, column: ColumnDef) -> dict[str, object]:
        """Return the fields of a column that still autoincrements after its primary key is dropped.

        Args:
            table: the table.
            column: the column, which autoincremented because it was the primary key.
        """
        self.unsupported("autoincrement without a primary key")

    def serial_type(self, text: str) -> str | None:
        """Return the integer type of a SERIAL; `None` for any other type."""
        self.unsupported("read a type")

    def type_of_ddl(self, text: str, named: NamedType) -> str:
        """Return the name of a type in a statement.

        Args:
            text: the type's text.
            named: gives the enum type or domain of a schema and a name.
        """
        self.unsupported("read a type")

    def implicit_indexes(self, table: TableSchema) -> Sequence[Index]:
        """Return the indexes that the server creates for the foreign keys of a table."""
        self.unsupported("create indexes for foreign keys")

    def default_of_ddl(self, text: str, type_: str) -> Default:
        """Return a server default in the form of reflection, as far as it is known offline.

        Args:
            text: what follows DEFAULT.
            type_: the column's type in the statement.
        """
        self.unsupported("read a default")

    def reflected_autoincrement(self, type_name: str, *, counts: bool, alone: bool) -> bool | str:
        """Return `autoincrement` of a column of the primary key in the form of reflection.

        Args:
            type_name: of the column.
            counts: whether it autoincrements.
            alone: whether it is the whole key.
        """
        self.unsupported("autoincrement")

    def with_charset(self, table: TableSchema, charset: Charset) -> TableSchema | None:
        """Return a table after ALTER TABLE states a character set; `None` if it is unknown."""
        self.unsupported("alter a character set")

    def information_schema_type(self, text: str) -> tuple[str, str]:
        """Return `data_type` and `column_type` of the information schema, for a type's DDL."""
        self.unsupported("describe a type")

    def information_schema_default(self, default: Default, type_: str) -> str | None:
        """Return `column_default` of the information schema; `None` if it is unknown.

        Args:
            default: the server default.
            type_: the DDL of the column's type, in lower case.
        """
        self.unsupported("describe a default")

    def inspected_index(self, index: Index) -> Index | None:
        """Return an index as SQLAlchemy's inspector returns it; `None` if that omits it."""
        return index

    def leading_columns(self, index: Index, table: TableSchema) -> tuple[str, ...]:
        """Return the columns of an index that can serve a foreign key, those of its beginning."""
        return index.columns

    def unsupported(self, action: str) -> NoReturn:
        """Raise the error for an action that this database does not support."""
        raise OperationError(
            f"{self.dialect.name} cannot {action} here; use op.execute() with its own SQL",
            self.dialect.name,
        )
