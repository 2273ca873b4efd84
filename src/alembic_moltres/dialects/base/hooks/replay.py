"""The hooks of `DialectImpl` with which history replays scripts without a server."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy.types import TypeEngine

from ....datatypes import DataType
from ....schema import SQL, ColumnDef, Constraint, Default, Index, TableSchema
from .base import Hooks

if TYPE_CHECKING:
    from ..replay_queries import CatalogueQuery, CatalogueTables, ReplayedCatalogue

Charset: TypeAlias = "tuple[str | None, str | None, bool]"
"""A character set, a collation, and whether columns are converted."""

NamedType: TypeAlias = Callable[[str | None, str], DataType | None]
"""Gives the enum type or domain of a schema (`None` for the default one) and a name."""


class ReplayHooks(Hooks):
    """What the server would make of a script, and reflection of that."""

    def session_queries(self, server: str | None) -> Mapping[str, object]:
        """Return SQLAlchemy's first queries of a connection, in lower case, with their results.

        None by default: the dialect sends no query whose result a script could notice.

        Args:
            server: such as `"mariadb 10.11"`; `None` for the oldest one that is supported.
        """
        return {}

    def server_version(self, server: str | None) -> tuple[int, ...] | None:
        """Return `server_version_info`; `None` if the dialect has it of `session_queries`.

        Args:
            server: see `session_queries`.
        """
        return None

    def executed_text(self, sql: str, server: str | None) -> tuple[str, Sequence[str]]:
        """Return a text as the server executes it, and what some versions of it execute beside.

        By default it is the text.

        Args:
            sql: the text.
            server: see `session_queries`.
        """
        return sql, ()

    def catalogue_query(self, sql: str) -> CatalogueQuery | None:
        """Return a statement that reads the database's own catalogue; `None` for any other."""
        from ..replay_queries import catalogue_query

        return catalogue_query(sql, self.syntax)

    def catalogue_tables(self, database: ReplayedCatalogue) -> CatalogueTables | None:
        """Return the tables of the catalogue beside the information schema; `None` for none."""
        return None

    def generated_name(
        self, table: TableSchema, constraint: Constraint, taken: Collection[str]
    ) -> str | None:
        """Return the name that the server generates for a constraint; `None` without a rule.

        Args:
            table: the table of the constraint.
            constraint: one without a name.
            taken: the names that exist already.
        """
        return None

    def may_generate(self, name: str) -> bool:
        """Tell whether any version of the server may have generated this name for a constraint.

        By default any name may be generated.
        """
        return True

    def sequence_name(self, table: str, column: str) -> str:
        """Return the name that the server generates for the sequence of a column."""
        self.unsupported("generate names of sequences")

    def serial_fields(self, table: TableSchema, column: ColumnDef) -> dict[str, object]:
        """Return the fields of a column that still autoincrements after its primary key is dropped.

        By default it does not.

        Args:
            table: the table.
            column: the column, which autoincremented because it was the primary key.
        """
        return {}

    def serial_type(self, text: str) -> str | None:
        """Return the integer type of a SERIAL; `None` for any other type."""
        return None

    def type_of_ddl(self, text: str, named: NamedType) -> str:
        """Return the name of a type in a statement, by default one with its text only.

        Args:
            text: the type's text.
            named: gives the enum type or domain of a schema and a name.
        """
        return str(DataType("CUSTOM", (text,)))

    def implicit_indexes(self, table: TableSchema) -> Sequence[Index]:
        """Return the indexes that the server creates for the foreign keys of a table.

        By default none.
        """
        return ()

    def leading_columns(self, index: Index, table: TableSchema) -> tuple[str, ...]:
        """Return the columns of an index that can serve a foreign key, those of its beginning."""
        return index.columns

    def inspected_index(self, index: Index) -> Index | None:
        """Return an index as SQLAlchemy's inspector returns it; `None` if that omits it."""
        return index

    def inspected_type(self, type_: TypeEngine[Any]) -> TypeEngine[Any]:
        """Return a column's type as SQLAlchemy's inspector returns it."""
        return type_

    def inspected_column(
        self, attributes: Mapping[str, Any], table: TableSchema, sequence: str | None
    ) -> dict[str, Any]:
        """Return what SQLAlchemy's inspector tells of a column.

        Args:
            attributes: what it tells on every database.
            table: the column's.
            sequence: the name of the sequence that the column owns.
        """
        return dict(attributes)

    def inspected_options(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return a table's dialect options as SQLAlchemy's inspector returns them."""
        return dict(options)

    def default_of_ddl(self, text: str, type_: str) -> Default:
        """Return a server default in the form of reflection, as far as it is known offline.

        By default it is the text.

        Args:
            text: what follows DEFAULT.
            type_: the column's type in the statement.
        """
        return SQL(text)

    def reflected_autoincrement(self, type_name: str, *, counts: bool, alone: bool) -> bool | str:
        """Return `autoincrement` of a column of the primary key in the form of reflection.

        By default it is the default of a column.

        Args:
            type_name: of the column.
            counts: whether it autoincrements.
            alone: whether it is the whole key.
        """
        return "auto"

    def with_charset(self, table: TableSchema, charset: Charset) -> TableSchema | None:
        """Return a table after ALTER TABLE states a character set; `None` if it is unknown."""
        return None

    def information_schema_type(self, text: str) -> tuple[str, str]:
        """Return `data_type` and `column_type` of the information schema, for a type's DDL.

        By default both are the DDL.
        """
        return text, text

    def information_schema_default(self, default: Default, type_: str) -> str | None:
        """Return `column_default` of the information schema; `None` if it is unknown.

        Args:
            default: the server default.
            type_: the DDL of the column's type, in lower case.
        """
        return None
