"""The history of the scripts as the current side of a comparison; no database is read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..datatypes import DataType
from ..dialects.base.compiled import CompiledTables
from ..dialects.base.reflection import Key
from ..dialects.base.signatures import ReflectedTable
from ..history import State
from ..history.states import state_of_heads
from ..messages import COMPARISON_LOGGER, get_logger
from ..schema import Sequence as SequenceValue
from ..schema import TableSchema
from ..schema.named_types import ENUMS, PORTABLE, TypeKey, key_of_type, types_of
from .gather import CurrentTable, DesiredTable, is_included

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


log = get_logger(COMPARISON_LOGGER)


class HistorySource:
    """The state of the heads; see `Source`.

    Uncertain tables are left out on both sides; the log names them.
    """

    strict = True

    def __init__(self, autogen_context: AutogenContext) -> None:
        self._context = autogen_context
        self._compiled = CompiledTables(autogen_context.dialect)
        self._known: dict[int, tuple[TableSchema, ReflectedTable]] = {}
        self._state: State = state_of_heads(autogen_context.migration_context)
        self._uncertain = {key for each in self._state.uncertain for key in each.tables}

    def tables(
        self, schemas: Iterable[str | None], models: Mapping[Key, DesiredTable]
    ) -> dict[Key, CurrentTable]:
        wanted = set(schemas)
        for each in self._state.uncertain:
            log.warning("%s", each)
        tables = {
            (table.schema, str(table.name)): table
            for table in self._state.certain
            if table.schema in wanted
            and table.key not in self._state.partitions
            and is_included(self._context, table.schema, table.name)
        }
        ordered = sorted(tables, key=lambda key: (key[0] or "", key[1]))
        existing = {}
        for key in ordered:
            model = models.get(key)
            desired = None if model is None else self._desired(model.compared)
            existing[key] = CurrentTable(self._current(tables[key], desired))
        return existing

    def _current(self, table: TableSchema, desired: ReflectedTable | None) -> ReflectedTable:
        """Return a table of the state, with what it inherits."""
        child = self._state.child_tables.get(table.key)
        if child is None:
            return self._compiled.current(table, desired)
        current = self._compiled.current(child.table, desired)
        inherited, own = child.inherited, child.own
        columns = [
            replace(each, inherited=each.column.name in inherited, local=each.column.name in own)
            for each in current.columns
        ]
        constraints = [
            replace(each, inherited=each.item.name in inherited, local=each.item.name in own)
            for each in current.constraints
        ]
        return replace(
            current, columns=tuple(columns), constraints=tuple(constraints), parents=child.parents
        )

    def expected(self, tables: Sequence[TableSchema]) -> list[ReflectedTable]:
        return [self._desired(table) for table in tables]

    def types(self, types: Sequence[str]) -> Mapping[str, str | None]:
        existing = self._types_of_tables()
        for text in self._state.types:
            type_ = DataType.parse(text)
            if (key := key_of_type(type_)) is not None:
                existing[key] = type_
        matches: dict[str, str | None] = {}
        for text in types:
            type_ = DataType.parse(text)
            kept = existing.get(key_of_type(type_) or (None, ""))
            same = kept is not None and _definition(kept) == _definition(type_)
            matches[text] = text if same else None if kept is None else str(kept)
        return matches

    def _types_of_tables(self) -> dict[TypeKey, DataType]:
        dialect = self._context.dialect.name
        tables = [types_of(table, dialect) for table in self._state.tables.values()]
        return {key: each for by_key in tables for key, each in by_key.items()}

    def types_of_columns(self, types: Sequence[str]) -> Collection[str]:
        held = self._types_of_tables()
        return [each for each in types if key_of_type(DataType.parse(each)) in held]

    def unused_types(self) -> Sequence[str]:
        return self._state.types

    def sequences(
        self, sequences: Sequence[SequenceValue]
    ) -> Mapping[SequenceValue, SequenceValue | None]:
        existing = {(each.schema, str(each.name)): each for each in self._state.sequences}
        return {each: existing.get((each.schema, str(each.name))) for each in sequences}

    def unused_sequences(self) -> Sequence[SequenceValue]:
        return self._state.sequences

    def _desired(self, table: TableSchema) -> ReflectedTable:
        """Return a table of the models; cached, since hashing it takes as long as reflecting it."""
        known = self._known.get(id(table))
        if known is None or known[0] is not table:
            known = self._known[id(table)] = (table, self._compiled.desired(table))
        return known[1]

    def without_uncertain(self, models: Mapping[Key, DesiredTable]) -> dict[Key, DesiredTable]:
        partitions = [
            each.compared.key
            for each in models.values()
            if each.compared.key in self._state.partitions
        ]
        for name in partitions:
            log.warning("table %s is a partition; only its parent is compared with history", name)
        unknown = self._uncertain.union(partitions)
        return {key: model for key, model in models.items() if model.compared.key not in unknown}


def _definition(type_: DataType) -> DataType:
    """Return a named type as far as it is compared: an enum is one under both of its names."""
    return DataType(PORTABLE, type_.args) if type_.name in ENUMS else type_
