"""The DDL of probes: parts of the statements that create the table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from ...convert import lineage
from ...convert.columns import thaw_column
from ...convert.defaults import thaw_default
from ...convert.names import kept_name
from ...schema import SQL, ColumnDef, Computed, Default, ExcludeConstraint, FrozenMapping, Index
from ..base.ddl import DDLWriter

_SERIALS = {"SMALLSERIAL": "smallint", "SERIAL": "integer", "BIGSERIAL": "bigint"}


class ProbeWriter(DDLWriter):
    """Compiles the DDL of probes; equal parts of several columns are compiled once."""

    def __init__(self, dialect: Dialect) -> None:
        super().__init__(dialect, "moltres_table", None)
        self._types: dict[str, str] = {}
        self._serials: dict[object, str | None] = {}
        self._defaults: dict[object, str] = {}
        self.names = lineage(dialect)

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
            OperationError: the dialect has no such type.
        """
        if name not in self._types:
            self._types[name] = super().type(name)
        return self._types[name]

    def serial(self, column: ColumnDef, *, alone: bool, referring: bool) -> str | None:
        """Return the type with which a column of the primary key is a SERIAL, `None` if it is not.

        Args:
            column: the column.
            alone: whether it is the whole key.
            referring: whether a foreign key is on it.
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
        _, type_, *_ = self.compiler.get_column_specification(table.c.c).split()
        return _SERIALS.get(type_)

    def default_of(self, default: Default) -> str:
        """Return the text after DEFAULT."""
        key = (type(default), default)
        if key not in self._defaults:
            column: Any = sa.Column("c", sa.Text, server_default=thaw_default(default))
            self._defaults[key] = self.compiler.get_column_default_string(column)
        return self._defaults[key]

    def expression(self, expression: SQL) -> str | None:
        """Return an expression's text, `None` if this dialect has none."""
        return expression.for_dialect(self.names)

    def is_stored(self, computed: Computed) -> bool:
        """Tell whether a computed column is stored.

        For `None` SQLAlchemy decides: 2.0 writes STORED, 2.1 leaves it to PostgreSQL 18, which has
        virtual columns.
        """
        if computed.persisted is not None:
            return computed.persisted
        return not getattr(self.dialect, "supports_virtual_generated_columns", False)

    def index_definition(self, index: Index) -> str:
        """Return the text after the table's name in CREATE INDEX, without its tablespace."""
        apart = {"postgresql_tablespace", "postgresql_concurrently"}
        options = {k: v for k, v in index.dialect_options.items() if k not in apart}
        plain = replace(index, dialect_options=FrozenMapping(options), name="i", ddl_if=())
        made: Any = self.index(plain)
        return self.index_pieces(made)[1]

    def exclude(self, exclude: ExcludeConstraint) -> str:
        """Return an EXCLUDE constraint without its name."""
        return str(self.constraint(replace(exclude, name=None, comment=None, ddl_if=())))

    def kept_name(self, name: str) -> str:
        """Return a name as it is created: shortened to the limit if it is too long."""
        return kept_name(name, self.dialect)
