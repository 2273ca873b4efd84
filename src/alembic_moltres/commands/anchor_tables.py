"""The tables of a database at head, for an anchor; spelled as in the models where equal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext

from ..autogenerate.filtering.filters import Filters
from ..autogenerate.gather import gather_database, gather_models
from ..autogenerate.script.class_names import class_names
from ..autogenerate.states.drift import schemas_of
from ..dialects.base.align import align
from ..dialects.base.reflection import reflect_expected
from ..diff import creation_order
from ..history.anchors.operation import MoltresAnchorOp
from ..schema import TableSchema

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext


def anchor_operation(context: MigrationContext, *, strict: bool = False) -> MoltresAnchorOp:
    """Return the operation with every table of the database that `env.py` includes."""
    metadata = context.opts.get("target_metadata")
    autogen = AutogenContext(
        context, metadata=sa.MetaData() if metadata is None else metadata, autogenerate=False
    )
    models = gather_models(autogen)
    database = gather_database(autogen, schemas_of(autogen, ()), models)
    filters = Filters(autogen)
    both = {
        key: model
        for key, model in models.items()
        if key in database and filters.kept_table(model, database[key])
    }
    connection: Any = context.connection
    expected = reflect_expected(connection, [model.written for model in both.values()])
    tables: dict[Any, TableSchema] = {
        key: align(database[key].reflected, each) for key, each in zip(both, expected, strict=True)
    }
    tables |= {
        key: each.reflected.table
        for key, each in database.items()
        if key not in models and filters.removed_table(each)
    }
    classes = class_names(model.live for model in both.values())
    names = {
        tables[key].key: classes[model.live] for key, model in both.items() if model.live in classes
    }
    return MoltresAnchorOp(creation_order(tables.values()), strict=strict, names=names)
