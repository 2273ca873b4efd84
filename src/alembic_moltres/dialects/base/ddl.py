"""Pieces of statements in a dialect's words, and statements made of such pieces.

A piece has no percent sign doubled; `RawDDL` doubles them where a driver reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import (
    AddConstraint,
    CreateColumn,
    CreateIndex,
    DropConstraint,
    ExecutableDDLElement,
)

from ...convert.columns import thaw_column
from ...convert.dialects import writing
from ...convert.names import thaw_name, thaw_optional
from ...convert.single_items import made_constraint, made_index
from ...errors import OperationError
from ...sqla_compat import create_rule, doubles_percents
from .create_table import made_for
from .execution import NOT_COMPILED, REMEDIES

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.sql.compiler import DDLCompiler

    from ...schema import ColumnDef, Constraint, Index


class RawDDL(ExecutableDDLElement):
    """A statement that is text already; unlike in `text()`, a colon is a colon.

    >>> str(RawDDL("COMMENT ON TABLE a IS ':b'"))
    "COMMENT ON TABLE a IS ':b'"
    """

    inherit_cache = False

    def __init__(self, text: str) -> None:
        self.text = text


@compiles(RawDDL)
def _finished(element: RawDDL, compiler: DDLCompiler, **_: Any) -> str:
    doubled = doubles_percents(compiler.preparer)
    return element.text.replace("%", "%%") if doubled else element.text


@contextmanager
def compile_errors(dialect: Dialect, subject: str) -> Iterator[None]:
    """Turn what compiling raises into our error, which says what cannot be said.

    Raises:
        OperationError: the dialect has no words for it.
    """
    try:
        yield
    except NOT_COMPILED as err:
        ddl = " ".join(str(err).split()).rstrip(".")
        remedy = next(
            (remedy for said, remedy in REMEDIES.items() if said in ddl),
            f"write it as {dialect.name} knows it, with type_variants or ddl_if",
        )
        raise OperationError(
            f"{dialect.name} cannot say {subject}: {ddl}; {remedy}", subject
        ) from err


class DDLWriter:
    """What a dialect calls the table `name` and what is in it.

    >>> from sqlalchemy.dialects import postgresql
    >>> from alembic_moltres.schema import column
    >>> ddl = DDLWriter(postgresql.dialect(), "order", None)
    >>> ddl.table, ddl.column(column("n", "INTEGER", nullable=False))
    ('"order"', 'n INTEGER NOT NULL')
    """

    def __init__(self, dialect: Dialect, name: str, schema: str | None) -> None:
        self.dialect = writing(dialect)
        self.name, self.schema = name, schema
        self.compiler: Any = self.dialect.ddl_compiler(self.dialect, None)  # type: ignore[arg-type]
        self.preparer = self.dialect.identifier_preparer
        self.table = self.preparer.format_table(self.empty())
        self.of_table = f"the table {f'{schema}.{name}' if schema else name!r}"

    def empty(self, *items: Any) -> sa.Table:
        """Return a table of that name with `items` only."""
        schema = thaw_optional(self.schema)
        return sa.Table(thaw_name(self.name), sa.MetaData(), *items, schema=schema)

    def quoted(self, name: str) -> str:
        """Return a column's name as it is written."""
        return self.preparer.quote(thaw_name(name))

    def literal(self, text: str) -> str:
        """Return a string literal."""
        return str(self.compiler.sql_compiler.render_literal_value(text, sa.String()))

    def thawed(self, column: ColumnDef, *, counting: bool = False) -> sa.Column[Any]:
        """Return SQLAlchemy's form of a column in a table, as its key where it counts by itself."""
        made = thaw_column(column)
        self.empty(made, *([sa.PrimaryKeyConstraint(made)] if counting else ()))
        return made

    def column(self, column: ColumnDef, *, counting: bool = False) -> str:
        """Return a column's whole definition."""
        with compile_errors(self.dialect, f"the column {column.name!r} of {self.of_table}"):
            return self.write(CreateColumn(self.thawed(column, counting=counting)))

    def type(self, column: ColumnDef) -> str:
        """Return a column's type."""
        with compile_errors(
            self.dialect, f"the type of the column {column.name!r} of {self.of_table}"
        ):
            made = self.thawed(column)
            compiler = self.dialect.type_compiler_instance
            return compiler.process(made.type, type_expression=made)

    def default(self, column: ColumnDef) -> str | None:
        """Return a column's server default; `None` where it has none."""
        with compile_errors(
            self.dialect, f"the default of the column {column.name!r} of {self.of_table}"
        ):
            said = self.compiler.get_column_default_string(self.thawed(column))
        return None if said is None else str(said)

    def added(self, constraint: Constraint) -> str | None:
        """Return what stands behind ADD; `None` where this dialect has no such constraint."""
        with compile_errors(self.dialect, f"the constraint {constraint!r} of {self.of_table}"):
            made = made_constraint(self.name, self.schema, constraint)
            if not made_for(made, self.dialect) or not _written(made, self.compiler):
                return None
            said = self.write(AddConstraint(made))
        return said.removeprefix(f"ALTER TABLE {self.table} ADD ")

    def dropped(self, constraint: Constraint) -> str | None:
        """Return what stands behind DROP for a constraint that has a name."""
        with compile_errors(self.dialect, f"the constraint {constraint!r} of {self.of_table}"):
            made = made_constraint(self.name, self.schema, constraint)
            if not made_for(made, self.dialect) or not _written(made, self.compiler):
                return None
            said = self.write(DropConstraint(made))
        return said.removeprefix(f"ALTER TABLE {self.table} DROP ")

    def constraint_name(self, constraint: Constraint) -> str:
        """Return a constraint's name as it is written."""
        made: Any = made_constraint(self.name, self.schema, constraint)
        return str(self.preparer.format_constraint(made))

    def index(self, index: Index) -> sa.Index | None:
        """Return SQLAlchemy's form of an index; `None` where this dialect has no such index."""
        with compile_errors(self.dialect, f"the index {index.name!r} of {self.of_table}"):
            made = made_index(self.name, self.schema, index)
            if not made_for(made, self.dialect):
                return None
            self.write(CreateIndex(made))
        return made

    def write(self, element: Any) -> str:
        """Return what the dialect says for a DDL element."""
        return str(self.compiler.process(element))


def _written(constraint: sa.Constraint, compiler: Any) -> bool:
    """Is there a constraint on this dialect? A CHECK that a native type replaces is none."""
    rule = create_rule(constraint)
    return rule is None or bool(rule(compiler))
