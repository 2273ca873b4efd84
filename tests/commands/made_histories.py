"""Histories made at random: a few tables that grow, shrink and change, one change a revision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

TYPES = ("INTEGER", "BIGINT", "VARCHAR(20)", "VARCHAR(40)", "DATE", "DECIMAL(10,2)")
SCRIPT = """\
from alembic import op
from alembic_moltres import TableSchema, column, foreign_key, index, primary_key, unique

revision = {revision!r}
down_revision = {down!r}
branch_labels = depends_on = None


def upgrade():
    {body}


def downgrade():
    pass
"""


@dataclass
class Table:
    """A table as it is while the history is made: types by column, columns by index."""

    columns: dict[str, str]
    indexes: dict[str, str] = field(default_factory=dict)


class MadeHistory:
    """A history of one branch.

    Args:
        seed: equal ones make equal histories.
        length: how many revisions it has.
    """

    def __init__(self, seed: int, length: int = 10) -> None:
        self._random = Random(seed)
        self._names = iter(range(1000))
        self.tables: dict[str, Table] = {}
        self.scripts: dict[str, str] = {}
        down = None
        for number in range(length):
            revision = f"r{number}"
            body = self._change()
            self.scripts[revision] = SCRIPT.format(revision=revision, down=down, body=body)
            down = revision

    def _change(self) -> str:
        changes: list[Callable[[], str | None]] = [
            self._create,
            self._add,
            self._add,
            self._drop_column,
            self._retype,
            self._rename,
            self._index,
            self._drop_index,
            self._rows,
            self._drop_table,
        ]
        if len(self.tables) < 2:
            return self._create()
        while True:
            body = self._random.choice(changes)()
            if body is not None:
                return body

    def _new(self, prefix: str) -> str:
        return f"{prefix}{next(self._names)}"

    def _table(self) -> str:
        return self._random.choice(sorted(self.tables))

    def _column(self, table: str) -> str | None:
        """Return a column that is no key and in no index."""
        held = {"id", *self.tables[table].indexes.values()}
        free = sorted(name for name in self.tables[table].columns if name not in held)
        return self._random.choice(free) if free else None

    def _create(self) -> str:
        name = self._new("t")
        columns = {"id": "INTEGER"}
        for _ in range(self._random.randint(1, 3)):
            columns[self._new("c")] = self._random.choice(TYPES)
        self.tables[name] = Table(columns)
        written = ", ".join(
            f"column({c!r}, {type_!r}{', nullable=False' if c == 'id' else ''})"
            for c, type_ in columns.items()
        )
        keys = f'primary_key("id", name="pk_{name}")'
        return f"op.moltres_create_table(TableSchema({name!r}, [{written}], constraints=[{keys}]))"

    def _add(self) -> str:
        table, name, type_ = self._table(), self._new("c"), self._random.choice(TYPES)
        self.tables[table].columns[name] = type_
        return _block(table, f"add_column(column({name!r}, {type_!r}))")

    def _drop_column(self) -> str | None:
        table = self._table()
        name = self._column(table)
        if name is None:
            return None
        type_ = self.tables[table].columns.pop(name)
        return _block(table, f"drop_column(column({name!r}, {type_!r}))")

    def _retype(self) -> str | None:
        table = self._table()
        name = self._column(table)
        if name is None or not self.tables[table].columns[name].startswith("VARCHAR"):
            return None
        before = self.tables[table].columns[name]
        after = f"VARCHAR({self._random.randint(41, 99)})"
        self.tables[table].columns[name] = after
        return _block(
            table, f"alter_column(column({name!r}, {before!r}), column({name!r}, {after!r}))"
        )

    def _rename(self) -> str | None:
        table = self._table()
        name = self._column(table)
        if name is None:
            return None
        new = self._new("c")
        columns = self.tables[table].columns
        self.tables[table].columns = {(new if c == name else c): t for c, t in columns.items()}
        return _block(table, f"rename_column({name!r}, {new!r})")

    def _index(self) -> str | None:
        table = self._table()
        name = self._column(table)
        if name is None:
            return None
        made = self._new("ix")
        self.tables[table].indexes[made] = name
        return _block(table, f"create_index(index({made!r}, {name!r}))")

    def _drop_index(self) -> str | None:
        table = self._table()
        if not self.tables[table].indexes:
            return None
        name = self._random.choice(sorted(self.tables[table].indexes))
        on = self.tables[table].indexes.pop(name)
        return _block(table, f"drop_index(index({name!r}, {on!r}))")

    def _rows(self) -> str:
        return f'op.execute("DELETE FROM {self._table()}")'

    def _drop_table(self) -> str | None:
        if len(self.tables) < 4:
            return None
        name = self._table()
        del self.tables[name]
        return f'op.execute("DROP TABLE {name}")'


def _block(table: str, call: str) -> str:
    return f"with op.moltres_alter_table({table!r}) as t:\n        t.{call}"
