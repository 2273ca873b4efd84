"""The history of the scripts as the current side of a comparison; no database is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..dialects.base.compiled import CompiledTables
from ..dialects.base.reflection import Key
from ..history.states import replay_beside
from ..messages import get_logger
from ..schema import TableSchema
from .gather import CurrentTable, DesiredTable, is_included

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

    from ..dialects.base.signatures import ReflectedTable
    from ..history import State

log = get_logger("alembic.autogenerate.alembic_moltres")
"""The logger of `compare`; every project's alembic.ini shows it."""


class HistorySource:
    """The state of the heads; see `Source`.

    Uncertain tables are left out on both sides; the log names them.
    """

    strict = True

    def __init__(self, autogen_context: AutogenContext) -> None:
        self._context = autogen_context
        self._compiled = CompiledTables(autogen_context.dialect)
        self._known: dict[int, tuple[TableSchema, ReflectedTable]] = {}
        self._state = _state(autogen_context)
        self._uncertain = {key for each in self._state.uncertain for key in each.tables}

    def tables(
        self, schemas: Iterable[str | None], models: Mapping[Key, DesiredTable]
    ) -> dict[Key, CurrentTable]:
        wanted = set(schemas)
        for each in self._state.uncertain:
            log.warning("%s", each)
        found = {
            (table.schema, str(table.name)): table
            for table in self._state.certain
            if table.schema in wanted and is_included(self._context, table.schema, table.name)
        }
        ordered = sorted(found, key=lambda key: (key[0] or "", key[1]))
        existing = {}
        for key in ordered:
            model = models.get(key)
            desired = None if model is None else self._desired(model.compared)
            existing[key] = CurrentTable(self._compiled.current(found[key], desired))
        return existing

    def expected(self, tables: Sequence[TableSchema]) -> list[ReflectedTable]:
        return [self._desired(table) for table in tables]

    def _desired(self, table: TableSchema) -> ReflectedTable:
        """Return a table of the models; cached, since hashing it takes as long as reflecting it."""
        known = self._known.get(id(table))
        if known is None or known[0] is not table:
            known = self._known[id(table)] = (table, self._compiled.desired(table))
        return known[1]

    def without_uncertain(self, models: Mapping[Key, DesiredTable]) -> dict[Key, DesiredTable]:
        return {
            key: model for key, model in models.items() if model.compared.key not in self._uncertain
        }


def _state(autogen_context: AutogenContext) -> State:
    dialect: Any = autogen_context.dialect
    if getattr(dialect, "stands_in", False):
        state: State = dialect.database.state()
        return state
    return replay_beside(autogen_context.migration_context)
