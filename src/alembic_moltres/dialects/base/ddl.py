"""`DDLWriter`: the parts of DDL statements, as SQLAlchemy's compiler writes them.

A part is compiled alone (`process` of a column, a constraint, a type), never cut out of a
statement; only CREATE INDEX has no smaller parts. Percent signs are not doubled in it: `RawDDL`
doubles them.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateColumn, CreateIndex, DropIndex
from sqlalchemy.types import TypeEngine

from ...convert.columns import thaw_column
from ...convert.dialects import ddl_compiler, writing
from ...convert.names import thaw_name, thaw_optional
from ...convert.single_items import thaw_single_constraint, thaw_single_index
from ...schema import ColumnDef, Constraint, Index
from ...sqla_compat import create_rule, doubles_percents, is_sqlalchemy_class
from ...types import moltres_type_to_sqlalchemy_type, plain_type
from .create_table import is_created_on
from .statement_errors import compile_errors


class _Named(NamedTuple):
    """The attributes of a table or a sequence that an `IdentifierPreparer` reads."""

    name: str
    schema: str | None


class DDLWriter:
    """Compiles the items of one table. Each value is thawed once.

    >>> from sqlalchemy.dialects import postgresql
    >>> from alembic_moltres.schema import column
    >>> ddl = DDLWriter(postgresql.dialect(), "order", None)
    >>> ddl.table, ddl.column(column("n", "INTEGER", nullable=False)).definition
    ('"order"', 'n INTEGER NOT NULL')
    """

    def __init__(self, dialect: Dialect, name: str, schema: str | None) -> None:
        doubled = doubles_percents(dialect.identifier_preparer)
        self.dialect = writing(dialect) if doubled else dialect
        self.name, self.schema = name, schema
        self.preparer = self.dialect.identifier_preparer
        self.table = self.qualified(name)
        self.of_table = f"the table {f'{schema}.{name}' if schema else name!r}"
        # by identity: quoted_name('a', True) == 'a', and Decimal('1.0') == Decimal('1.00')
        self._columns: dict[tuple[int, bool], ThawedColumn] = {}
        self._constraints: dict[int, tuple[Constraint, sa.Constraint | None]] = {}

    @cached_property
    def compiler(self) -> Any:
        """SQLAlchemy's compiler of DDL."""
        return ddl_compiler(self.dialect)

    def only_sqlalchemy_reads(self, *classes: type[Any]) -> bool:
        """Whether no `@compiles` of another package compiles these classes.

        If so, `sa.table()` suffices, which is several times as fast as a `Table`.
        """
        return all(is_sqlalchemy_class(each) for each in (type(self.compiler), *classes))

    def of_column(self, name: str) -> str:
        """Return a column's name for errors."""
        return f"column '{f'{self.schema}.' if self.schema else ''}{self.name}.{name}'"

    @property
    def thawed_schema(self) -> Any:
        """The schema as SQLAlchemy takes it."""
        return thaw_optional(self.schema)

    def qualified(self, name: str) -> str:
        """Return the name of a table or sequence in the schema of this table."""
        named: Any = _Named(thaw_name(name), thaw_optional(self.schema))
        return self.preparer.format_table(named)

    def empty(self, *items: Any) -> sa.Table:
        """Return a table of that name with `items` only."""
        return sa.Table(thaw_name(self.name), sa.MetaData(), *items, schema=self.thawed_schema)

    def quoted(self, name: str) -> str:
        """Return a column's name, in quotes where it needs them."""
        return self.preparer.quote(thaw_name(name))

    def literal(self, text: str) -> str:
        """Return a string literal."""
        return str(self.compiler.sql_compiler.render_literal_value(text, sa.String()))

    def column(self, column: ColumnDef, *, autoincrement: bool = False) -> ThawedColumn:
        """Return a column, whose parts can be compiled.

        Args:
            column: its value.
            autoincrement: whether it is the only column of the primary key, so that it may
                autoincrement.

        Raises:
            OperationError: the dialect has no such column.
        """
        key = (id(column), autoincrement)
        thawed = self._columns.get(key)
        if thawed is None:
            thawed = self._columns[key] = ThawedColumn(self, column, autoincrement=autoincrement)
        return thawed

    def type(self, name: str) -> str:
        """Return the DDL of a type alone.

        Raises:
            OperationError: the dialect has no such type.
        """
        with compile_errors(self.dialect, f"the type {name}"):
            made: Any = moltres_type_to_sqlalchemy_type(name)
            return self.dialect.type_compiler_instance.process(made)

    def thawed_constraint(self, constraint: Constraint) -> sa.Constraint | None:
        """Return a constraint as SQLAlchemy's object; `None` if it is for other dialects.

        Raises:
            OperationError: the dialect has no such constraint.
        """
        if id(constraint) not in self._constraints:
            with self._errors_of(constraint):
                made = thaw_single_constraint(self.name, self.schema, constraint)
                exists = is_created_on(made, self.dialect) and _is_created(made, self.compiler)
            self._constraints[id(constraint)] = (constraint, made if exists else None)
        return self._constraints[id(constraint)][1]

    def constraint(self, constraint: Constraint) -> str | None:
        """Return a constraint's definition; `None` if it is for other dialects."""
        made = self.thawed_constraint(constraint)
        if made is None:
            return None
        with self._errors_of(constraint):
            text: str | None = self.write(made)
            return text

    def dropped(self, constraint: Constraint) -> str | None:
        """Return the text after DROP for a constraint that has a name."""
        made = self.thawed_constraint(constraint)
        return None if made is None else f"CONSTRAINT {self.constraint_name(made)}"

    def constraint_name(self, made: Any) -> str:
        """Return a constraint's name, in quotes where it needs them."""
        with compile_errors(self.dialect, f"the constraint {made.name!r} of {self.of_table}"):
            return str(self.preparer.format_constraint(made))

    def index(self, index: Index) -> sa.Index | None:
        """Return an index as SQLAlchemy's object; `None` if it is for other dialects."""
        with compile_errors(self.dialect, f"the index {index.name!r} of {self.of_table}"):
            for_ddl = self.only_sqlalchemy_reads(CreateIndex, DropIndex)
            made = thaw_single_index(self.name, self.schema, index, for_ddl=for_ddl)
            return made if is_created_on(made, self.dialect) else None

    def index_pieces(self, index: sa.Index) -> tuple[str, str]:
        """Return the text before `ON table` in CREATE INDEX (without CREATE), and after it.

        SQLAlchemy compiles only the whole statement.
        """
        with compile_errors(self.dialect, f"the index {index.name!r} of {self.of_table}"):
            head, _, rest = self.write(CreateIndex(index)).partition(f" ON {self.table} ")
        return head.removeprefix("CREATE "), rest

    def write(self, element: Any) -> Any:
        """Return the compiled text of an element."""
        return self.compiler.process(element)

    def _errors_of(self, constraint: Constraint) -> Any:
        return compile_errors(self.dialect, f"the constraint {constraint!r} of {self.of_table}")


class ThawedColumn:
    """A column alone in its table, and its parts of DDL, each compiled once.

    Attributes:
        value: the column's value.
    """

    def __init__(self, ddl: DDLWriter, value: ColumnDef, *, autoincrement: bool) -> None:
        self.value, self._ddl = value, ddl
        self._autoincrement = autoincrement

    @cached_property
    def _plain_type(self) -> TypeEngine[Any] | None:
        if self.value.type_variants:
            return None
        with self._errors():
            return plain_type(self.value.type_name)

    @property
    def is_self_contained(self) -> bool:
        """Whether the column needs no named type and no sequence, on any dialect."""
        return self.value.sequence is None and self._plain_type is not None

    @property
    def name(self) -> str:
        """Its name, in quotes where it needs them."""
        return self._ddl.quoted(self.value.name)

    @cached_property
    def thawed(self) -> sa.Column[Any]:
        """The column as SQLAlchemy's object, in a table of its own."""
        ddl = self._ddl
        with self._errors():
            made = thaw_column(self.value, type_=self._plain_type)
            if self._needs_no_table:
                sa.table(thaw_name(ddl.name), made, schema=ddl.thawed_schema)
            else:
                keys = [sa.PrimaryKeyConstraint(made)] if self._autoincrement else []
                ddl.empty(made, *keys)
        return made

    @property
    def _needs_no_table(self) -> bool:
        value, type_ = self.value, self._plain_type
        if type_ is None or value.sequence or value.computed or value.identity or value.constraints:
            return False
        return not self._autoincrement and self._ddl.only_sqlalchemy_reads(
            CreateColumn, type(type_)
        )

    @cached_property
    def definition(self) -> str:
        """The whole definition, as in CREATE TABLE."""
        with self._errors():
            return str(self._ddl.write(CreateColumn(self.thawed)))

    @cached_property
    def type(self) -> str:
        """The type."""
        with self._errors("the type of "):
            compiler = self._ddl.dialect.type_compiler_instance
            return compiler.process(self.thawed.type, type_expression=self.thawed)

    @cached_property
    def default(self) -> str | None:
        """The server default; `None` if it has none."""
        with self._errors("the default of "):
            text = self._ddl.compiler.get_column_default_string(self.thawed)
        return None if text is None else str(text)

    def _errors(self, part: str = "") -> Any:
        subject = f"{part}{self._ddl.of_column(self.value.name)}"
        return compile_errors(self._ddl.dialect, subject)


def _is_created(constraint: sa.Constraint, compiler: Any) -> bool:
    """Tell whether the dialect has the constraint; a native type may replace a CHECK."""
    rule = create_rule(constraint)
    return rule is None or bool(rule(compiler))
