"""Compares a database with a state of history, to find changes that are in no script.

The tables of the state replace those of the models in autogenerate's comparison, so the database is
probed for its own spelling, and the filters of `env.py` decide what is compared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from alembic.autogenerate.api import AutogenContext
from sqlalchemy.engine import Connection

from ...convert import lineage
from ...dialects.base.reflection import Key, reader
from ...dialects.base.registry import impl_of
from ...diff import (
    AlterColumn,
    AlterSequence,
    AlterTable,
    Change,
    DropForeignKeys,
    DropTable,
    SetOptions,
)
from ...diff.summary import SHORT, Row, summary
from ...history.state import State, Uncertain
from ...options import KEY, moltres_options
from ...schema import TableSchema
from ...schema.item_text import ItemText
from ..compare import changes_between
from ..gather import CurrentTable, gather_database, gather_state
from ..object_changes import changes_outside_tables, sequence_changes
from .outside_objects import outside_objects
from .renamed_keys import with_renamed_keys

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

    from ...dialects.base.stored_objects import StoredObject


@dataclass(frozen=True, slots=True)
class Drift:
    """The differences between a database and a state.

    Attributes:
        back: the changes from the database to the state; none drops a table.
        current: the tables of the database, as the state writes them.
        added: the tables of the database that the state lacks and another revision has.
        outside: the tables of the database that no revision has.
        uncertain: what is unknown about the state; its tables are not compared.
        objects: the objects other than tables that no script makes.
        dialects: the name of the database's dialect, then those that it extends.
    """

    back: tuple[Change, ...] = ()
    current: tuple[TableSchema, ...] = ()
    added: tuple[TableSchema, ...] = ()
    outside: tuple[TableSchema, ...] = ()
    uncertain: tuple[Uncertain, ...] = ()
    objects: tuple[StoredObject, ...] = ()
    dialects: tuple[str, ...] = field(default=(), repr=False)

    def __bool__(self) -> bool:
        return bool(self.back or self.added or self.outside or self.objects)

    @property
    def done(self) -> tuple[Change, ...]:
        """The changes from the state to the database, in an order that works."""
        return tuple(change.reverse() for change in reversed(self.back))

    def rows(self, longest: int | None = SHORT.longest) -> list[Row]:
        """Return a row for each thing that was done; see `summary`.

        Args:
            longest: see `ItemText`.
        """
        changes = [_by_hand(each.reverse()) for each in (*self.back, *map(DropTable, self.added))]
        return summary(changes, ItemText(self.dialects, longest))


def _by_hand(change: Change) -> Change:
    """Return a change without the UPDATE of NULLs that our operations add."""
    if not isinstance(change, AlterTable):
        return change
    inside = (
        replace(each, fill_null=False) if isinstance(each, AlterColumn) else each
        for each in change.changes
    )
    return replace(change, changes=tuple(inside))


def find_drift(context: MigrationContext, state: State) -> Drift:
    """Compare a database with a state; it is only read.

    Args:
        context: connected to the database.
        state: of the revision that the database should be at.

    Raises:
        OperationError: the database cannot be read.
    """
    autogen_context = strict_context(context)
    tables = list(state.certain)
    models = gather_state(autogen_context, tables)
    schemas = schemas_of(autogen_context, models)
    database = gather_database(autogen_context, schemas, models)
    drift = drift_between(autogen_context, tables, state.uncertain, database)
    connection: Connection = context.connection  # type: ignore[assignment]
    beside = changes_outside_tables(connection, state.types, state.sequences)
    back = (*beside, *_changed_sequences(connection, tables), *drift.back)
    return replace(drift, back=back, objects=outside_objects(context, state, schemas))


def _changed_sequences(connection: Connection, tables: Iterable[TableSchema]) -> Iterator[Change]:
    """Yield the changes of sequences that no default reads, so that a column does not show them."""
    wanted = {
        column.sequence
        for table in tables
        for column in table.columns
        if column.sequence is not None and column.default is None
    }
    if wanted and connection.dialect.supports_sequences:
        existing = impl_of(connection.dialect).existing_sequences(
            connection, sorted(wanted, key=lambda each: str(each.name))
        )
        for change in sequence_changes(existing):
            if isinstance(change, AlterSequence):  # a missing one is a change of its column
                yield change


def strict_context(context: MigrationContext) -> AutogenContext:
    """Return the context for filters, in which what the scripts do not state is compared too.

    The scripts made the tables, so anything else was added by hand.
    """
    given = {**moltres_options(context.opts), "strict": True}
    return AutogenContext(context, opts={**context.opts, KEY: given}, autogenerate=False)


def drift_between(
    autogen_context: AutogenContext,
    tables: Iterable[TableSchema],
    uncertain: Iterable[Uncertain],
    database: Mapping[Key, CurrentTable],
    elsewhere: Collection[Key] = (),
) -> Drift:
    """Return the differences between a state and the tables of a database.

    Args:
        autogen_context: see `strict_context`.
        tables: of the state, without the uncertain ones.
        uncertain: what is unknown about the state.
        database: the tables of the database.
        elsewhere: the tables of all revisions.
    """
    uncertain = tuple(uncertain)
    unknown = {key for each in uncertain for key in each.tables}
    compared = {
        key: each for key, each in database.items() if each.reflected.table.key not in unknown
    }
    impl = impl_of(autogen_context.dialect)
    models = {
        key: with_renamed_keys(model, compared[key], impl) if key in compared else model
        for key, model in gather_state(autogen_context, tables).items()
    }
    changes, current = changes_between(autogen_context, models, compared)
    context = autogen_context.migration_context
    if _of_database(context, changes, impl.features.database_options):
        lenient = AutogenContext(context, autogenerate=False)
        changes, current = changes_between(lenient, models, compared)
    back = [each for each in changes if not isinstance(each, DropTable | DropForeignKeys)]
    more = [each.table for each in changes if isinstance(each, DropTable)]
    added = [each for each in more if (each.schema, str(each.name)) in elsewhere]
    outside = [each for each in more if each not in added]
    return Drift(
        tuple(back),
        tuple(current),
        tuple(added),
        tuple(outside),
        uncertain,
        dialects=tuple(lineage(autogen_context.dialect)),
    )


def _of_database(
    context: MigrationContext, changes: Iterable[Change], options: Collection[str]
) -> bool:
    """Tell whether the changes come from a default of the database that changed after its creation.

    Alembic's version table was created with the old default, so it has the same options.
    """
    set_options = [
        (name, text)
        for table in changes
        if isinstance(table, AlterTable)
        for change in table.changes
        if isinstance(change, SetOptions)
        for name, text in change.current.items()
        if name.partition("_")[2] in options
    ]
    if not set_options:
        return False
    connection: Connection = context.connection  # type: ignore[assignment]
    tables = reader(connection).read(
        connection, context.version_table_schema, [context.version_table]
    )
    own = tables[0].table.dialect_options if tables else {}
    return any(own.get(name) == text for name, text in set_options)


def schemas_of(autogen_context: AutogenContext, tables: Iterable[Key]) -> list[str | None]:
    """Return the schemas to read: the default one, those of tables, all that `env.py` includes."""
    schemas: set[str | None] = {None, *(schema for schema, _ in tables)}
    if autogen_context.opts.get("include_schemas"):
        names = set(autogen_context.inspector.get_schema_names()) - {"information_schema"}
        schemas |= names - {str(autogen_context.dialect.default_schema_name)}
    named = [each for each in schemas if autogen_context.run_name_filters(each, "schema", {})]
    return sorted(named, key=lambda each: each or "")
