"""Comparators that others have registered for tables and columns.

Alembic's own comparison of tables calls them; ours stands in its place, so it calls them too. The
registry is Alembic's private `PriorityDispatcher._registry`, because nothing public lists it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from alembic.operations.ops import AlterColumnOp, ModifyTableOps
from alembic.util import DispatchPriority

from ..reflect.database import Key
from .gather import Existing, Modelled

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

OWN = ("alembic.autogenerate.", "alembic.ext.", "alembic_moltres.")
"""The modules whose comparators ours replaces."""


def third_party_operations(
    autogen_context: AutogenContext,
    models: Mapping[Key, Modelled],
    database: Mapping[Key, Existing],
) -> Iterator[ModifyTableOps]:
    """Ask the comparators of others about every table, and return the operations they add."""
    of_tables = list(_registered(autogen_context, "table"))
    of_columns = list(_registered(autogen_context, "column"))
    if not of_tables and not of_columns:
        return
    for schema, name in sorted({*models, *database}, key=lambda key: (key[0] or "", key[1])):
        model, existing = models.get((schema, name)), database.get((schema, name))
        ours = None if model is None else model.live
        theirs = None if existing is None else existing.live
        box = ModifyTableOps(name, [], schema=schema)
        if ours is not None and theirs is not None:
            box.ops += _column_operations(autogen_context, of_columns, ours, theirs, schema)
        for compare in of_tables:
            compare(autogen_context, box, schema, name, theirs, ours)
        if not box.is_empty():
            yield box


def _column_operations(
    autogen_context: AutogenContext,
    comparators: list[Callable[..., Any]],
    ours: Any,
    theirs: Any,
    schema: str | None,
) -> Iterator[AlterColumnOp]:
    both = [column for column in ours.columns if column.name in theirs.c] if comparators else []
    for column in both:
        alter = AlterColumnOp(ours.name, column.name, schema=schema)
        where = (schema, ours.name, column.name)
        for compare in comparators:
            compare(autogen_context, alter, *where, theirs.c[column.name], column)
        if alter.has_changes():
            yield alter


def _registered(autogen_context: AutogenContext, target: str) -> Iterator[Callable[..., Any]]:
    """Return what others registered for `target`, in the order in which Alembic calls it."""
    registry: Any = autogen_context.comparators._registry
    qualifiers = dict.fromkeys([autogen_context.dialect.name, "default"])
    keys = [(target, each, priority) for priority in DispatchPriority for each in qualifiers]
    functions = [function for key in keys for function, _ in registry.get(key, ())]
    for function in functions:
        module = getattr(function, "__module__", None) or ""
        if not f"{module}.".startswith(OWN):
            yield function
