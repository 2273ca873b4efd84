"""The tables of a state as SQLAlchemy tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from ..convert import schema_to_table
from ..errors import OperationError
from ..messages import did_you_mean
from ..schema import TableSchema
from .state import State


class CreatedTable:
    """The result of `op.moltres_create_table()` in a replay: a `Table`, made on first use.

    Few scripts use it, and making the tables takes longer than the rest of a replay. For
    `isinstance` it is a `Table`; SQLAlchemy gets the real one from `__clause_element__`.

    Args:
        make: makes the table.
    """

    def __init__(self, make: Callable[[], sa.Table]) -> None:
        self._make = make

    @cached_property
    def _table(self) -> sa.Table:
        return self._make()

    def __getattribute__(self, name: str) -> Any:
        return sa.Table if name == "__class__" else object.__getattribute__(self, name)

    def __clause_element__(self) -> sa.Table:
        """Return the real table, for SQLAlchemy."""
        return self._table

    def __getattr__(self, name: str) -> Any:
        return getattr(self._table, name)


class TablesAtLine(Mapping[str, sa.Table]):
    """The tables of a state as SQLAlchemy tables, made on first use.

    They are in their own `MetaData`, without Python-side defaults.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._metadata = sa.MetaData()
        self._made: dict[str, sa.Table] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        hint = f"; write op.moltres_tables()[{name!r}]"
        raise OperationError(f"op.moltres_tables() has no attribute {name!r}{hint}", name)

    def __getitem__(self, key: str) -> sa.Table:
        if key not in self._made:
            self._made[key] = schema_to_table(self._value(key), self._metadata)
        return self._made[key]

    def _value(self, key: str) -> TableSchema:
        for each in self._state.uncertain:
            if key in each.tables:
                raise OperationError(
                    f"the table {key!r} is uncertain ({each}); declare it with "
                    "op.moltres_state_only()",
                    key,
                )
        table = self._state.tables.get(key)
        if table is None:
            raise OperationError(
                f"there is no table {key!r} at this line{did_you_mean(key, self._state.tables)}",
                key,
            )
        return table

    def __iter__(self) -> Iterator[str]:
        return iter(self._state.tables)

    def __len__(self) -> int:
        return len(self._state.tables)
