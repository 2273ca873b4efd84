"""Objects of a database other than tables that are outside the history: views, functions, ...

An object belongs to the history if a script's SQL or the value of a table names it. Types and
sequences are known exactly; those that a column uses are compared with the column.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ...datatypes import DataType
from ...dialects.base.registry import impl_of
from ...history.anchors.replayed import from_anchors
from ...history.directory import scripts_until
from ...history.kept_objects import object_of
from ...history.scripts import source_of
from ...history.state import State
from ...schema.named_types import key_of_type, types_of
from ...schema.names import qualified_name
from ...sqltext import Syntax, tokens

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

    from ...dialects.base.stored_objects import StoredObject

Name = tuple[str | None, str]


def outside_objects(
    context: MigrationContext, state: State, schemas: Collection[str | None]
) -> tuple[StoredObject, ...]:
    """Return a database's objects other than tables that no script makes.

    Args:
        context: connected to the database.
        state: of the revision that the database should be at.
        schemas: the schemas to compare; `None` for the default one.
    """
    impl: Any = impl_of(context.dialect)
    candidates = [
        each
        for each in impl.stored_objects(context.connection)
        if each.schema in schemas
        and (each.table is None or qualified_name(each.table, each.schema) in state.tables)
    ]
    texts = [*_texts(state), *_sources(context)]
    known = {*_types(state, impl.dialect.name), *_sequences(state)}
    return tuple(
        each
        for each in candidates
        if not each.is_used
        and (each.schema, each.name) not in known
        and not _is_named(each, texts, impl.syntax)
    )


def _types(state: State, dialect: str) -> Iterator[Name]:
    for table in state.tables.values():
        yield from types_of(table, dialect)
    for text in state.types:
        key = key_of_type(DataType.parse(text))
        if key is not None:
            yield key


def _sequences(state: State) -> Iterator[Name]:
    used = (c.sequence for table in state.tables.values() for c in table.columns)
    for each in (*state.sequences, *used):
        if each is not None:
            yield each.schema, str(each.name)


def _texts(state: State) -> Iterator[str]:
    """Yield the SQL of the scripts that is not only about tables, in order."""
    for table in state.tables.values():
        made = (each.statement for each in table.ddl if each.event.endswith("_create"))
        yield from (each.replace("%(table)s", str(table.name)) for each in made)
    yield from (each.text for each in state.texts)
    yield from (each.text for each in state.uncertain)


def _sources(context: MigrationContext) -> Iterator[str]:
    """Yield the sources of the scripts before an anchor, which are not replayed."""
    environment = context.environment_context
    if environment is None:
        return
    scripts = scripts_until(environment.script)
    replayed = {each.revision for each in from_anchors(environment.script, scripts)}
    for each in scripts:
        if each.revision not in replayed:
            yield source_of(each.path)


def _is_named(each: StoredObject, texts: Iterable[str], syntax: Syntax) -> bool:
    """Tell whether a text names the object and no later text drops it."""
    wanted = each.name.casefold()
    is_there = False
    for text in texts:
        if wanted not in text.casefold():
            continue
        if wanted in {token.value.casefold() for token in tokens(text, syntax)}:
            statement = object_of(text, syntax)
            name = statement.name.partition(" ON ")[0].rpartition(".")[2]
            is_there = statement.action != "DROP" or name.casefold() != wanted
        else:
            is_there = True  # inside a string: of a DO block, or of a function's body
    return is_there
