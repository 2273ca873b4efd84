"""The current side of a comparison: the connected database, or the history of the scripts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy.engine import Connection

from ..dialects.base.reflection import Key, reflect_expected
from ..dialects.base.registry import impl_of
from ..dialects.base.signatures import ReflectedTable
from ..errors import OptionError
from ..messages import did_you_mean
from ..options import KEY, moltres_options
from ..schema import Sequence as SequenceValue
from ..schema import TableSchema
from .gather import CurrentTable, DesiredTable, gather_database

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.runtime.migration import MigrationContext


DATABASE, HISTORY = "database", "history"


class Source(Protocol):
    """The current side of a comparison.

    Attributes:
        strict: also compare what a model does not state.
    """

    strict: bool

    def tables(
        self, schemas: Iterable[str | None], models: Mapping[Key, DesiredTable]
    ) -> dict[Key, CurrentTable]:
        """Return the current tables that the environment's name filter includes."""

    def expected(self, tables: Sequence[TableSchema]) -> list[ReflectedTable]:
        """Return the tables of the models, in order, with signatures like the current tables'."""

    def types(self, types: Sequence[str]) -> Mapping[str, str | None]:
        """Return each of these named types as it is, itself where it is the same, else `None`."""

    def types_of_columns(self, types: Sequence[str]) -> Collection[str]:
        """Return those of these named types that a column has, of a table in any schema."""

    def unused_types(self) -> Sequence[str]:
        """Return the named types that scripts have made and no table uses."""

    def sequences(
        self, sequences: Sequence[SequenceValue]
    ) -> Mapping[SequenceValue, SequenceValue | None]:
        """Return each of these sequences as it is, itself where it is the same, else `None`."""

    def unused_sequences(self) -> Sequence[SequenceValue]:
        """Return the sequences that scripts have made and no table uses."""

    def without_uncertain(self, models: Mapping[Key, DesiredTable]) -> dict[Key, DesiredTable]:
        """Return the models without those whose current table is uncertain."""


def compares_history(autogen_context: AutogenContext) -> bool:
    """Tell whether the models are compared with the scripts: they are if a stand-in is connected.

    Raises:
        OptionError: `compare_to` has another value.
    """
    chosen = moltres_options(autogen_context.opts).get("compare_to", DATABASE)
    if chosen not in {DATABASE, HISTORY}:
        hint = did_you_mean(str(chosen), (DATABASE, HISTORY)) or "; write 'database' or 'history'"
        raise OptionError(
            f"context.configure(moltres={{'compare_to': {chosen!r}}}) is not a value of compare_to"
            f"{hint}",
            chosen,
        )
    dialect: Any = autogen_context.dialect
    return chosen == HISTORY or getattr(dialect, "is_stand_in", False)


def compare_scratch(context: MigrationContext) -> None:
    """Make a run compare with its database, which the scripts have made, as with the scripts.

    What a model does not state is compared too: the scripts stated it.
    """
    stated = moltres_options(context.opts)
    context.opts[KEY] = {"strict": True, **stated, "compare_to": DATABASE}


def source_of(autogen_context: AutogenContext) -> Source:
    """Return the current side."""
    if compares_history(autogen_context):
        from .history_source import HistorySource

        return HistorySource(autogen_context)
    return DatabaseSource(autogen_context)


class DatabaseSource:
    """The connected database; see `Source`."""

    def __init__(self, autogen_context: AutogenContext) -> None:
        self._context = autogen_context
        self.strict = bool(moltres_options(autogen_context.opts).get("strict"))

    def tables(
        self, schemas: Iterable[str | None], models: Mapping[Key, DesiredTable]
    ) -> dict[Key, CurrentTable]:
        return gather_database(self._context, schemas, models)

    def expected(self, tables: Sequence[TableSchema]) -> list[ReflectedTable]:
        connection: Connection = self._context.connection  # type: ignore[assignment]
        return reflect_expected(connection, tables)

    def types(self, types: Sequence[str]) -> Mapping[str, str | None]:
        connection: Connection = self._context.connection  # type: ignore[assignment]
        return impl_of(connection.dialect).existing_types(connection, types) if types else {}

    def types_of_columns(self, types: Sequence[str]) -> Collection[str]:
        connection: Connection = self._context.connection  # type: ignore[assignment]
        return impl_of(connection.dialect).types_of_columns(connection, types) if types else ()

    def unused_types(self) -> Sequence[str]:
        return ()

    def sequences(
        self, sequences: Sequence[SequenceValue]
    ) -> Mapping[SequenceValue, SequenceValue | None]:
        connection: Connection = self._context.connection  # type: ignore[assignment]
        if not sequences:
            return {}
        return impl_of(connection.dialect).existing_sequences(connection, sequences)

    def unused_sequences(self) -> Sequence[SequenceValue]:
        return ()

    def without_uncertain(self, models: Mapping[Key, DesiredTable]) -> dict[Key, DesiredTable]:
        return dict(models)
