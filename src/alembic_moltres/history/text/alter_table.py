"""The effect of ALTER TABLE."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ... import diff as changes
from ...errors import MoltresError
from ...schema import FrozenMapping, Index, PrimaryKeyConstraint, TableSchema, UniqueConstraint
from ...schema.tables import PREFIXES
from ..catalogue.by_name import drop_constraint, drop_index, rename_constraint, rename_index
from ..catalogue.database import Catalogue, MissingError
from ..catalogue.owned_sequences import drop_identity, mark_autoincrement, own_serial
from .columns import (
    CONSTRAINTS,
    ColumnDefinition,
    read_column,
    read_constraint,
    read_default,
    read_deferral,
    type_of,
)
from .create_table import UNLOGGED, keyed_column, read_charset, states_charset
from .cursor import Cursor
from .inheritance import attach, detach, inherit

NO_DIFFERENCE = (
    ("OWNER", "TO"),
    ("ENABLE",),
    ("DISABLE",),
    ("CLUSTER",),
    ("REPLICA", "IDENTITY"),
    ("FORCE",),
    ("NO", "FORCE"),
    ("SET", "WITHOUT"),
    ("ALGORITHM",),
    ("LOCK",),
    ("AUTO_INCREMENT",),
)
"""Actions of ALTER TABLE that change nothing in a value or a comparison."""


class AlterTableStatement:
    """An ALTER TABLE statement: its actions in order, each on the table as the last one left it."""

    def __init__(self, cursor: Cursor, catalogue: Catalogue) -> None:
        self.cursor = cursor
        self.catalogue = catalogue
        self.lenient = cursor.accept("IF", "EXISTS")
        self.only = cursor.accept("ONLY")
        self.schema, self.name = cursor.qualified()
        cursor.accept("*")

    @property
    def table(self) -> TableSchema:
        """The table, with the actions so far."""
        return self.catalogue.table(self.name, self.schema)

    def carry_out(self) -> None:
        """Carry out the statement.

        Raises:
            UnreadableError: an action is unknown.
            MissingError: the database would reject it.
        """
        key = self.catalogue.key(self.name, self.schema)
        if self.lenient and key not in self.catalogue.tables:
            return
        before = self.catalogue.tables, self.catalogue.inheriting
        self.catalogue.only = self.only
        try:
            while not self.cursor.done:
                self._action()
                if not self.cursor.done:
                    self.cursor.need(",")
        except MoltresError:
            self.catalogue.tables, self.catalogue.inheriting = before
            raise
        finally:
            self.catalogue.only = False

    def _action(self) -> None:
        word = self.cursor.peek()
        action = ACTIONS.get(word)
        if action is not None:
            start = self.cursor.at
            self.cursor.next()
            if action(self):
                return
            self.cursor.at = start
        for keywords in NO_DIFFERENCE:
            if all(self.cursor.peek(n) == each for n, each in enumerate(keywords)):
                self.cursor.until(",")
                return
        raise self.cursor.unreadable(f"the action {self.cursor.rest()[:40]!r} is unknown")

    def add(self) -> bool:
        """ADD: a constraint, an index or a column."""
        cursor = self.cursor
        if cursor.peek() in {"INDEX", "KEY"} or cursor.peek(1) == "INDEX":
            return self._add_index()
        if cursor.peek() in CONSTRAINTS:
            if self._add_using_index():
                return True
            constraint = read_constraint(cursor, self.catalogue)
            self.catalogue.add_constraint(self.table, constraint)
            return True
        cursor.accept("COLUMN")
        lenient = cursor.accept("IF", "NOT", "EXISTS")
        defined = read_column(cursor, self.catalogue, self.name)
        exists = self.catalogue.has_column(self.table, defined.column.name)
        if exists and lenient:
            return True
        if exists:
            raise MissingError(f"the column {defined.column.name!r} already exists", self.table)
        self._add_column(defined)
        return True

    def _add_column(self, defined: ColumnDefinition) -> None:
        keys = (each for each in defined.constraints if isinstance(each, PrimaryKeyConstraint))
        keyed = {each.columns[0] for each in keys}
        column = keyed_column(defined, keyed, self.catalogue)
        table = self.table
        placed = self._place(table)
        self.catalogue.add_column(table, self.catalogue.known(column))
        if defined.is_serial and not keyed:
            own_serial(self.catalogue, table.name, table.schema, str(column.name))
        if placed is not None:
            self._move_last(placed)
        for constraint in defined.constraints:
            self.catalogue.add_constraint(self.table, constraint)

    def _place(self, table: TableSchema) -> int | None:
        """Return the position that MySQL's FIRST or AFTER names."""
        if self.cursor.accept("FIRST"):
            return 0
        if self.cursor.accept("AFTER"):
            return table.columns.index(self.catalogue.column(table, self.cursor.name())) + 1
        return None

    def _move_last(self, position: int) -> None:
        table = self.table
        *others, last = table.columns
        columns = (*others[:position], last, *others[position:])
        self.catalogue.exchange(replace(table, columns=tuple(columns)))

    def _add_using_index(self) -> bool:
        """ADD [CONSTRAINT name] UNIQUE | PRIMARY KEY USING INDEX index, which takes its place."""
        cursor, start = self.cursor, self.cursor.at
        name = cursor.name() if cursor.accept("CONSTRAINT") else None
        primary = cursor.accept("PRIMARY", "KEY")
        if not (primary or cursor.accept("UNIQUE")) or not cursor.accept("USING", "INDEX"):
            cursor.at = start
            return False
        given = cursor.name()
        index_of_table = self.catalogue.index(given, self.table.schema)
        if index_of_table is None:
            raise MissingError(f"there is no index {given!r}", self.table)
        fields: dict[str, Any] = {}
        while read_deferral(cursor, fields):
            pass
        kind = PrimaryKeyConstraint if primary else UniqueConstraint
        constraint = kind(index_of_table[1].columns, name or given, **fields)
        self.catalogue.alter(index_of_table[0], changes.DropIndex(index_of_table[1]))
        self.catalogue.add_constraint(self.table, constraint)
        return True

    def _add_index(self) -> bool:
        unique = self.cursor.accept("UNIQUE")
        _ = self.cursor.accept("INDEX") or self.cursor.accept("KEY")
        name = self.cursor.name()
        index = Index(name, self.cursor.names(), unique)
        self.catalogue.alter(self.table, changes.CreateIndex(index))
        return True

    def drop(self) -> bool:
        """DROP: a constraint, an index or a column."""
        cursor = self.cursor
        if cursor.accept("PRIMARY", "KEY"):
            drop_constraint(self.catalogue, self.table, None, kind="primary_key_constraint")
            return True
        if cursor.peek() in {"INDEX", "KEY"}:
            cursor.next()
            lenient = cursor.accept("IF", "EXISTS")
            name = cursor.name()
            drop_index(self.catalogue, name, schema=self.schema, on=self.name, if_exists=lenient)
            return True
        if cursor.accept("CONSTRAINT") or cursor.accept("FOREIGN", "KEY") or cursor.accept("CHECK"):
            lenient = cursor.accept("IF", "EXISTS")
            name = cursor.name()
            cascade = self._cascade()
            drop_constraint(self.catalogue, self.table, name, if_exists=lenient, cascade=cascade)
            return True
        cursor.accept("COLUMN")
        lenient = cursor.accept("IF", "EXISTS")
        name = cursor.name()
        cascade = self._cascade()
        if not lenient or self.catalogue.has_column(self.table, name):
            self.catalogue.drop_column(self.table, name, cascade=cascade)
        return True

    def _cascade(self) -> bool:
        cascade = self.cursor.accept("CASCADE")
        self.cursor.accept("RESTRICT")
        return cascade

    def alter(self) -> bool:
        """ALTER [COLUMN]: one thing of a column."""
        cursor = self.cursor
        if cursor.peek() in {"CONSTRAINT", "INDEX"}:
            return False
        cursor.accept("COLUMN")
        name = cursor.name()
        if cursor.accept("SET", "NOT", "NULL"):
            self._set_column(name, nullable=False)
        elif cursor.accept("DROP", "NOT", "NULL"):
            self._set_column(name, nullable=True)
        elif cursor.accept("SET", "DEFAULT"):
            self._set_column(name, default=read_default(cursor))
            mark_autoincrement(self.catalogue, self.table, name)
        elif cursor.accept("DROP", "DEFAULT"):
            self._drop_default(name)
        elif cursor.accept("SET", "DATA", "TYPE") or cursor.accept("TYPE"):
            self._retype(name)
        elif cursor.accept("SET", "GENERATED"):
            self._set_identity(name, always=cursor.accept("ALWAYS"))
            cursor.accept("BY", "DEFAULT")
        elif cursor.accept("DROP", "IDENTITY"):
            cursor.accept("IF", "EXISTS")
            drop_identity(self.catalogue, self.table, name)
        elif cursor.accept("SET", "STATISTICS") or cursor.accept("SET", "STORAGE"):
            cursor.next()
        else:
            return False
        return True

    def _set_column(self, name: str, **fields: object) -> None:
        self.catalogue.alter_column(self.table, name, **fields)

    def _set_identity(self, name: str, *, always: bool) -> None:
        identity = self.catalogue.column(self.table, name).identity
        if identity is None:
            raise MissingError(f"the column {name!r} is not an identity", self.table)
        self._set_column(name, identity=replace(identity, always=always))

    def _drop_default(self, name: str) -> None:
        key = self.table.primary_key
        fields: dict[str, object] = {"default": None, "sequence": None}
        if key is not None and name in key.columns:
            fields["autoincrement"] = False
        self._set_column(name, **fields)

    def _retype(self, name: str) -> None:
        cursor = self.cursor
        text = cursor.until("USING", "COLLATE", ",")
        collation = cursor.qualified()[1] if cursor.accept("COLLATE") else None
        if cursor.accept("USING"):
            cursor.until(",")
        type_name = type_of(text, self.catalogue, collation)
        self._set_column(name, type_name=type_name, type_variants=FrozenMapping())

    def rename(self) -> bool:
        """RENAME: the table, a column, a constraint or an index."""
        cursor = self.cursor
        if cursor.accept("TO") or cursor.accept("AS"):
            new = cursor.name()
            self.catalogue.rename_table(self.table, new)
            self.name = new
            return True
        if cursor.accept("CONSTRAINT"):
            old = cursor.name()
            cursor.need("TO")
            rename_constraint(self.catalogue, self.table, old, cursor.name())
            return True
        if cursor.peek() in {"INDEX", "KEY"} and cursor.peek(2) == "TO":
            cursor.next()
            old = cursor.name()
            cursor.need("TO")
            rename_index(self.catalogue, self.schema, old, cursor.name(), self.name)
            return True
        cursor.accept("COLUMN")
        old = cursor.name()
        cursor.need("TO")
        self.catalogue.rename_column(self.table, old, cursor.name())
        return True

    def change(self) -> bool:
        """CHANGE: another name for a column, and its whole new definition."""
        cursor = self.cursor
        cursor.accept("COLUMN")
        old, start = cursor.name(), cursor.at
        new = cursor.name()
        if old != new:
            self.catalogue.rename_column(self.table, old, new)
        cursor.at = start
        return self.modify()

    def modify(self) -> bool:
        """MODIFY: the whole new definition of a column."""
        cursor = self.cursor
        cursor.accept("COLUMN")
        defined = read_column(cursor, self.catalogue, self.name)
        current = self.catalogue.column(self.table, defined.column.name)
        key = self.table.primary_key
        keyed = {current.name} if key is not None and current.name in key.columns else set()
        column = keyed_column(defined, keyed, self.catalogue)
        position = self._place(self.table)
        if position is not None:
            raise cursor.unreadable("a column is moved")
        self.catalogue.alter(self.table, changes.AlterColumn(current, column))
        for constraint in defined.constraints:
            self.catalogue.add_constraint(self.table, constraint)
        return True

    def convert(self) -> bool:
        """CONVERT TO, CHARACTER SET and COLLATE of MySQL."""
        cursor = self.cursor
        cursor.at -= 1
        converts = cursor.accept("CONVERT", "TO")
        if not states_charset(cursor):
            return False
        table = self.catalogue.impl.with_charset(self.table, (*read_charset(cursor), converts))
        if table is None:
            raise cursor.unreadable("the columns' former character set is not known")
        self.catalogue.exchange(table)
        return True

    def validate(self) -> bool:
        """VALIDATE CONSTRAINT: it is no longer NOT VALID."""
        self.cursor.need("CONSTRAINT")
        name = self.cursor.name()
        constraint = self.catalogue.constraint(self.table, name)
        if constraint is None:
            raise MissingError(f"there is no constraint {name!r}", self.table)
        options = {k: v for k, v in constraint.dialect_options.items() if "not_valid" not in k}
        valid = replace(constraint, dialect_options=FrozenMapping(options))
        self.catalogue.alter(
            self.table, changes.DropConstraint(constraint), changes.AddConstraint(valid)
        )
        return True

    def set(self) -> bool:
        """SET SCHEMA, SET LOGGED or UNLOGGED, and SET (storage parameters)."""
        if self.cursor.accept("SCHEMA"):
            schema = self.cursor.name()
            self.catalogue.move_table(self.table, schema)
            self.schema = schema
            return True
        if self.cursor.peek() in {"LOGGED", UNLOGGED}:
            prefixes = (UNLOGGED,) if self.cursor.next().upper == UNLOGGED else ()
            before, after = {PREFIXES: self.table.prefixes}, {PREFIXES: prefixes}
            self.catalogue.alter(self.table, changes.SetOptions(before, after))
            return True
        if self.cursor.peek() != "(":
            return False
        name = f"{self.catalogue.impl.dialect.name}_with"
        current = dict(self.table.dialect_options.get(name, {}))
        desired = {**current, **self.cursor.settings()}
        self.catalogue.alter(self.table, changes.SetOptions({name: current}, {name: desired}))
        return True

    def reset(self) -> bool:
        """RESET (storage parameters)."""
        reset_names = self.cursor.settings().keys()
        name = f"{self.catalogue.impl.dialect.name}_with"
        current = dict(self.table.dialect_options.get(name, {}))
        kept = {k: v for k, v in current.items() if k not in reset_names}
        desired = {name: kept} if kept else {}
        self.catalogue.alter(self.table, changes.SetOptions({name: current}, desired))
        return True


ACTIONS: dict[str, Callable[[AlterTableStatement], bool]] = {
    "ADD": AlterTableStatement.add,
    "DROP": AlterTableStatement.drop,
    "ALTER": AlterTableStatement.alter,
    "RENAME": AlterTableStatement.rename,
    "MODIFY": AlterTableStatement.modify,
    "CHANGE": AlterTableStatement.change,
    "CONVERT": AlterTableStatement.convert,
    "CHARACTER": AlterTableStatement.convert,
    "CHARSET": AlterTableStatement.convert,
    "COLLATE": AlterTableStatement.convert,
    "DEFAULT": AlterTableStatement.convert,
    "VALIDATE": AlterTableStatement.validate,
    "ATTACH": lambda it: attach(it.cursor, it.catalogue, it.table),
    "DETACH": lambda it: detach(it.cursor, it.catalogue),
    "INHERIT": lambda it: inherit(it.cursor, it.catalogue, it.table),
    "NO": lambda it: inherit(it.cursor, it.catalogue, it.table),
    "SET": AlterTableStatement.set,
    "RESET": AlterTableStatement.reset,
}
