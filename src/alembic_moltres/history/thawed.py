"""The tables of a state as SQLAlchemy's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from ..convert import schema_to_table
from ..errors import OperationError, did_you_mean
from ..schema import TableSchema
from .state import State


class TablesAtLine(Mapping[str, sa.Table]):
    """The tables of a state as SQLAlchemy's own, made when they are asked for.

    They are in a `MetaData` of their own, without defaults made in Python.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._metadata = sa.MetaData()
        self._made: dict[str, sa.Table] = {}

    def __getitem__(self, key: str) -> sa.Table:
        if key not in self._made:
            self._made[key] = schema_to_table(self._value(key), self._metadata)
        return self._made[key]

    def _value(self, key: str) -> TableSchema:
        for each in self._state.uncertain:
            if key in each.tables:
                raise OperationError(
                    f"the table {key!r} is uncertain ({each}); say what it is with "
                    "op.moltres_state_only()",
                    key,
                )
        found = self._state.tables.get(key)
        if found is None:
            raise OperationError(
                f"there is no table {key!r} at this line{did_you_mean(key, self._state.tables)}",
                key,
            )
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._state.tables)

    def __len__(self) -> int:
        return len(self._state.tables)
