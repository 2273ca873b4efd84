"""Tables, both ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from ..errors import FreezeError, ThawError, did_you_mean
from ..schema import TableSchema
from .columns import freeze_column, thaw_column
from .constraints import freeze_constraint, thaw_constraint
from .indexes import freeze_index, spelt, thaw_index
from .listeners import added_by_events, freeze_listeners, thaw_listeners
from .names import freeze_name, thaw_name, thaw_optional
from .options import freeze_options, thaw_options

STUB = "alembic_moltres.stub"
"""The key in `Table.info` of a table that stands in for one that is referred to."""

TEMPORARY = "TEMPORARY"


def freeze_table(table: sa.Table, dialects: Sequence[Dialect]) -> TableSchema:
    """Return the value of a table.

    System columns are left out, as they are in DDL.

    Raises:
        FreezeError: something in it cannot be held; see `model_to_schema`.
    """
    where = table.fullname
    if getattr(table, "is_view", False):
        raise FreezeError(f"{where} is a view, not a table; create it with op.execute()", table)
    keys = {c.key: freeze_name(c.name) for c in table.columns if c.key != c.name}
    added = added_by_events(table)
    prefixes = list(table._prefixes)
    constraints = sorted(table.constraints, key=lambda item: item._creation_order)
    indexes = sorted(table.indexes, key=lambda item: (str(item.name or ""), spelt(item)))
    return TableSchema(
        freeze_name(table.name),
        [freeze_column(c, dialects, where) for c in table.columns if not c.system],
        temporary=prefixes == [TEMPORARY],
        constraints=[
            frozen
            for constraint in constraints
            if constraint not in added
            and (frozen := freeze_constraint(constraint, dialects, where, keys)) is not None
        ],
        indexes=[
            frozen
            for index in indexes
            if (frozen := freeze_index(index, dialects, keys)) is not None
        ],
        schema=None if table.schema is None else freeze_name(table.schema),
        comment=table.comment,
        prefixes=() if prefixes == [TEMPORARY] else prefixes,
        dialect_options=freeze_options(table, dialects, where, keys),
        ddl=freeze_listeners(table, dialects, where),
    )


def schema_to_table(schema: TableSchema, metadata: sa.MetaData) -> sa.Table:
    """Return the table that a value describes, made in `metadata`.

    Where a foreign key's target is absent, a stub with the referred columns takes its place; a later
    call for that table replaces it.

    Raises:
        ThawError: `metadata` has a real table of that name, or a referred one without the column.
        UnknownTypeError: a column's type is not registered.

    >>> from alembic_moltres.schema import TableSchema, column
    >>> schema = TableSchema("users", [column("id", "INTEGER", primary_key=True)])
    >>> schema_to_table(schema, sa.MetaData()).c.id.type
    Integer()
    """
    stub = metadata.tables.get(schema.key)
    if stub is not None:
        if STUB not in stub.info:
            raise ThawError(
                f"the metadata has a table {schema.key!r} already; use another MetaData", schema
            )
        metadata.remove(stub)

    def references(to_schema: str | None, name: str, columns: tuple[str, ...]) -> list[Any]:
        if (to_schema, name) == (schema.schema, schema.name):
            target = table
        else:
            target = _referred(metadata, to_schema, name, columns)
        return [_referred_column(target, column) for column in columns]

    table = sa.Table(
        thaw_name(schema.name),
        metadata,
        *[thaw_column(column) for column in schema.columns],
        schema=thaw_optional(schema.schema),
        comment=schema.comment,
        prefixes=[TEMPORARY] if schema.temporary else list(schema.prefixes),
        **thaw_options(schema.dialect_options),
    )
    for constraint in schema.constraints:
        table.append_constraint(thaw_constraint(constraint, references))
    for index in schema.indexes:
        thaw_index(index, table)
    thaw_listeners(table, schema.ddl)
    if stub is not None:
        _replace(stub, table)
    return table


def _referred(
    metadata: sa.MetaData, schema: str | None, name: str, columns: tuple[str, ...]
) -> sa.Table:
    """Return the table that a key refers to, a stub of it where it is absent."""
    key = f"{schema}.{name}" if schema else str(name)
    table = metadata.tables.get(key)
    if table is None:
        table = sa.Table(thaw_name(name), metadata, schema=thaw_optional(schema), info={STUB: True})
    if STUB in table.info:
        for column in columns:
            if column not in table.c:
                table.append_column(sa.Column(thaw_name(column)))
    return table


def _referred_column(table: sa.Table, name: str) -> sa.Column[Any]:
    if name not in table.c:
        raise ThawError(
            f"a foreign key refers to the column {name!r} of {table.fullname!r}, "
            f"which has none of that name{did_you_mean(name, table.c.keys())}",
            table,
        )
    return table.c[name]


def _replace(stub: sa.Table, table: sa.Table) -> None:
    """Point the foreign keys that refer to a stub at the table that replaces it."""
    for other in table.metadata.tables.values():
        for key in other.foreign_key_constraints:
            for element in key.elements:
                if element.column.table is stub:
                    element._set_target_column(_referred_column(table, element.column.name))
