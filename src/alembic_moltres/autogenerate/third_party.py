"""Comparators of other packages: for tables and columns, views and enums.

Alembic's own comparison of tables calls those for tables and columns; ours replaces it, so it calls
them as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from alembic.operations.ops import AlterColumnOp, ModifyTableOps, UpgradeOps
from alembic.util import PriorityDispatcher

from ..alembic_compat import comparators
from ..dialects.base.reflection import Key
from ..errors import OperationError
from ..options import KEY, moltres_options
from .comparison_input import ComparisonInput
from .gather import CurrentTable, ModelTable

if TYPE_CHECKING:
    import sqlalchemy as sa
    from alembic.autogenerate.api import AutogenContext

OWN = ("alembic.autogenerate.", "alembic.ext.", "alembic_moltres.")
"""The modules whose comparators ours replaces."""


def third_party_operations(given: ComparisonInput) -> Iterator[ModifyTableOps]:
    """Call the comparators of other packages for every table, and return their operations.

    Raises:
        OperationError: another package would compare the enum types a second time.
    """
    autogen_context = given.context
    _leave_enums_to_one(given)
    others = _of_others(autogen_context)
    if others is None:
        return
    name_of_dialect = autogen_context.dialect.name
    of_tables = others.dispatch("table", qualifier=name_of_dialect)
    of_columns = others.dispatch("column", qualifier=name_of_dialect)
    for (schema, name), theirs, ours in _tables(given):
        box = ModifyTableOps(name, [], schema=schema)
        for column, existing in _columns(ours, theirs):
            alter = _alter_column(name, schema, existing)
            of_columns(autogen_context, alter, schema, name, column.name, existing, column)
            box.ops += [alter] if alter.has_changes() else []
        of_tables(autogen_context, box, schema, name, theirs, ours)
        if not box.is_empty():
            yield box


def drop_entities_first(
    autogen_context: AutogenContext, upgrade_ops: UpgradeOps, schemas: set[str | None]
) -> None:
    """Move alembic-utils' drops of views and functions before our drops of tables that they read.

    It compares after us, so what it creates follows its tables, and is dropped first in a
    downgrade.
    """
    upgrade_ops.ops.sort(key=lambda op: 0 if _is_drop_of_entity(op) else 1)


def _is_drop_of_entity(op: object) -> bool:
    return type(op).__name__ == "DropOp" and type(op).__module__.startswith("alembic_utils.")


def _tables(
    given: ComparisonInput,
) -> Iterator[tuple[Key, sa.Table | None, sa.Table | None]]:
    """Return each table that the filters include: of the database, and of the models."""
    filters, models, database = given.filters, given.models, given.database
    for key in sorted({*models, *database}, key=lambda key: (key[0] or "", key[1])):
        match models.get(key), database.get(key):
            case None, CurrentTable() as existing if filters.removed_table(existing):
                yield key, existing.live, None
            case ModelTable() as model, None if filters.added_table(model):
                yield key, None, model.live
            case ModelTable() as model, CurrentTable() as existing if filters.kept_table(
                model, existing
            ):
                yield key, existing.live, model.live


def _columns(
    ours: sa.Table | None, theirs: sa.Table | None
) -> Iterable[tuple[sa.Column[Any], sa.Column[Any]]]:
    """Return the columns that both tables have, the models' first."""
    if ours is None or theirs is None:
        return ()
    existing = {column.name: column for column in theirs.columns}
    both = [column for column in ours.columns if column.name in existing]
    return [(column, existing[column.name]) for column in both]


def _alter_column(table: str, schema: str | None, existing: sa.Column[Any]) -> AlterColumnOp:
    """Return an operation that changes nothing yet, with the `existing_*` that MySQL needs."""
    return AlterColumnOp(
        table,
        existing.name,
        schema=schema,
        existing_type=existing.type,
        existing_nullable=existing.nullable,
        existing_server_default=existing.server_default,
        existing_comment=existing.comment,
    )


def _of_others(autogen_context: AutogenContext) -> PriorityDispatcher | None:
    """Return other packages' comparators for tables and columns, chosen by Alembic's rules."""
    others = None
    for (target, qualifier, priority), functions in comparators(autogen_context).items():
        for function, subgroup in functions:
            if target in {"table", "column"} and not f"{_module(function)}.".startswith(OWN):
                others = others or PriorityDispatcher()
                where = {"priority": priority, "qualifier": qualifier, "subgroup": subgroup}
                others.dispatch_for(target, **where)(function)
    return others


def _leave_enums_to_one(given: ComparisonInput) -> None:
    """Refuse to compare enum types twice, or skip the other comparison if so configured.

    The other package compares after us, and replaces our operations. Old scripts import it for its
    operations, and every import registers its comparison: hence an option that skips it in this
    run.
    """
    package = given.impl.features.enum_package
    if package is None:
        return
    is_enabled = moltres_options(given.context.opts).get(package, True)
    for (target, *_), functions in comparators(given.context).items():
        theirs = [each for each in functions if _module(each[0]).startswith(package)]
        if target != "schema" or not theirs:
            continue
        if is_enabled:
            raise OperationError(
                f"{package.replace('_', '-')} is imported, and alembic_moltres compares enums too: "
                f"remove 'import {package}' from env.py, or where old scripts need its "
                f'operations pass context.configure({KEY}={{"{package}": False}}); or take '
                '"alembic_moltres" out of autogenerate_plugins',
                theirs[0][0],
            )
        functions[:] = [each for each in functions if each not in theirs]  # a copy for this run


def _module(function: object) -> str:
    return getattr(function, "__module__", None) or ""
