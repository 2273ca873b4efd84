"""The DDL text that the models' values stand for, as SQLAlchemy's compiler writes it.

The same text that creating the table would send, so that the answer is for what would be created.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import AddConstraint, CreateIndex

from ...convert import lineage
from ...convert.columns import thaw_column
from ...convert.constraints import thaw_constraint
from ...convert.defaults import thaw_default
from ...convert.dialects import writing
from ...convert.indexes import thaw_index
from ...convert.names import kept_name
from ...errors import OperationError
from ...schema import SQL, ColumnDef, Computed, Default, ExcludeConstraint, FrozenMapping, Index
from ...types import moltres_type_to_sqlalchemy_type

NOT_COMPILED = (exc.CompileError, exc.ArgumentError)
_SERIAL = re.compile(r"c (?:BIG|SMALL)?SERIAL\b")
_TABLE = "moltres_table"


class Writer:
    """Writes DDL for a dialect; what is the same for several columns is written once."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Any = writing(dialect)
        self._types: dict[str, str] = {}
        self._serials: dict[object, str | None] = {}
        self._defaults: dict[object, str] = {}
        self.names = lineage(dialect)

    @cached_property
    def _compiler(self) -> Any:
        return self._dialect.ddl_compiler(self._dialect, None)

    def type_of(self, column: ColumnDef) -> str:
        """Return the name of a column's type on this dialect."""
        if column.type_variants:
            for name in self.names:
                if name in column.type_variants:
                    return column.type_variants[name]
        return column.type_name

    def type(self, name: str) -> str:
        """Return a type's DDL.

        Raises:
            OperationError: the dialect cannot write it.
        """
        if name not in self._types:
            made = moltres_type_to_sqlalchemy_type(name)
            try:
                self._types[name] = self._compiler.type_compiler.process(made)
            except NOT_COMPILED as err:
                raise OperationError(
                    f"{self._dialect.name} cannot write the type {name}: {err}; "
                    "write it as it knows it, with type_variants",
                    name,
                ) from err
        return self._types[name]

    def serial(self, column: ColumnDef, *, alone: bool, referring: bool) -> str | None:
        """Return the type that a column of the primary key has as a SERIAL, `None` if it is none.

        Args:
            column: the column.
            alone: it is the whole key.
            referring: a foreign key starts at it.
        """
        if column.autoincrement is False or column.computed or column.identity:
            return None
        key = (
            self.type_of(column),
            column.autoincrement,
            alone,
            referring,
            column.default is None,
            column.sequence,
        )
        if key not in self._serials:
            self._serials[key] = self._serial_type(column, alone=alone, referring=referring)
        return self._serials[key]

    def _serial_type(self, column: ColumnDef, *, alone: bool, referring: bool) -> str | None:
        plain = replace(column, name="c", constraints=(), comment=None)
        others = [] if alone else [sa.Column("d", sa.Text)]
        table = sa.Table("t", sa.MetaData(), thaw_column(plain), *others)
        table.append_constraint(sa.PrimaryKeyConstraint(*table.c.keys()))
        if referring:
            table.append_constraint(sa.ForeignKeyConstraint(["c"], ["t.c"]))
        written = _SERIAL.match(self._compiler.get_column_specification(table.c.c))
        if written is None:
            return None
        return {"c BIGSERIAL": "bigint", "c SMALLSERIAL": "smallint"}.get(
            written.group(), "integer"
        )

    def default(self, default: Default) -> str:
        """Return what follows DEFAULT."""
        key = (type(default), default)
        if key not in self._defaults:
            column: Any = sa.Column("c", sa.Text, server_default=thaw_default(default))
            self._defaults[key] = self._compiler.get_column_default_string(column)
        return self._defaults[key]

    def expression(self, expression: SQL) -> str | None:
        """Return an expression's text, `None` where this dialect has none."""
        return expression.for_dialect(self.names)

    def is_stored(self, computed: Computed) -> bool:
        """Is a computed column stored?

        What is not said is SQLAlchemy's choice: 2.0 writes STORED, 2.1 leaves it to PostgreSQL 18,
        which has virtual ones.
        """
        if computed.persisted is not None:
            return computed.persisted
        return not getattr(self._dialect, "supports_virtual_generated_columns", False)

    def index(self, index: Index) -> str:
        """Return what follows the table's name in CREATE INDEX, its tablespace left out."""
        apart = {"postgresql_tablespace", "postgresql_concurrently"}
        options = {k: v for k, v in index.dialect_options.items() if k not in apart}
        plain = replace(index, dialect_options=FrozenMapping(options), name="i", ddl_if=())
        table = _table([*index.columns, *options.get("postgresql_include", ())])
        return self._after(_TABLE, CreateIndex(thaw_index(plain, table)))

    def exclude(self, exclude: ExcludeConstraint) -> str:
        """Return what follows the constraint's name."""
        table = _table(exclude.columns)
        made = thaw_constraint(replace(exclude, name="e", comment=None, ddl_if=()))
        table.append_constraint(made)
        return self._after("CONSTRAINT e", AddConstraint(made))

    def name(self, name: str) -> str:
        """Return a name as the database has it: shortened to its limit, if it is too long."""
        return kept_name(name, self._dialect)

    def _after(self, mark: str, element: Any) -> str:
        written: str = self._compiler.process(element)
        return written.partition(f"{mark} ")[2]


def _table(columns: Iterable[str]) -> sa.Table:
    named = dict.fromkeys(map(str, columns))
    return sa.Table(_TABLE, sa.MetaData(), *[sa.Column(name) for name in named])
