"""Tables, both ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import SchemaItem

from .. import sqla_compat
from ..errors import FreezeError, ThawError, TypeNameError
from ..schema import ForeignKeyConstraint, TableSchema
from .columns import freeze_column, placed, thaw_column
from .constraints import freeze_constraint, thaw_constraint
from .ddl_events import added_by_events, ddl_listeners, freeze_listeners, thaw_listeners
from .dialect_options import check_options, freeze_options, thaw_options
from .foreign_keys import STUB, check_references, missing_column, replace_stub, thaw_foreign_key
from .indexes import elements_text, freeze_index, thaw_index
from .names import attach, freeze_name, thaw_name, undecided_names

TEMPORARY = "TEMPORARY"


def freeze_table(table: sa.Table, dialects: Sequence[Dialect]) -> TableSchema:
    """Return the value of a table.

    System columns are left out, as they are in DDL.

    Raises:
        FreezeError: something in it cannot be frozen; see `model_to_schema`.
    """
    where = table.fullname
    if getattr(table, "is_view", False):
        raise FreezeError(f"{where} is a view, not a table; create it with op.execute()", table)
    columns = list(table.columns)
    _check_attached(table, TABLE_ATTRIBUTES, where)
    for column in columns:
        _check_attached(column, COLUMN_ATTRIBUTES, where)
    keys = {c.key: freeze_name(c.name) for c in columns if c.key != c.name}
    listeners = ddl_listeners(table)
    added = added_by_events(listeners)
    prefixes = sqla_compat.table_prefixes(table)
    constraints = [
        freeze_constraint(constraint, dialects, where, keys)
        for constraint in sorted(table.constraints, key=sqla_compat.creation_order)
        if constraint not in added
    ]
    indexes = [
        freeze_index(index, dialects, keys)
        for index in sorted(
            table.indexes, key=lambda item: (str(item.name or ""), elements_text(item))
        )
    ]
    return TableSchema(
        freeze_name(table.name),
        [freeze_column(c, dialects, where) for c in columns if not c.system],
        temporary=prefixes == [TEMPORARY],
        constraints=[constraint for constraint in constraints if constraint is not None],
        indexes=[index for index in indexes if index is not None],
        schema=None if table.schema is None else freeze_name(table.schema),
        comment=table.comment,
        prefixes=() if prefixes == [TEMPORARY] else prefixes,
        dialect_options=freeze_options(table, dialects, where, keys),
        ddl=freeze_listeners(table, listeners, dialects, where),
        depends_on=[_named(each) for each in sqla_compat.dependencies(table)],
    )


def _check_attached(item: SchemaItem, known: frozenset[str], where: str) -> None:
    """Check that no package has attached an item that SQLAlchemy's tables and columns do not have.

    clickhouse-sqlalchemy keeps a table's engine in an attribute.

    Raises:
        FreezeError: one has.
    """
    attributes = vars(item)
    if known.issuperset(attributes):
        return
    for name in sorted(attributes.keys() - known):
        attached = attributes[name]
        if isinstance(attached, SchemaItem):
            kind = f"{type(attached).__module__}.{type(attached).__qualname__}"
            raise FreezeError(
                f"{where} has a {kind} as its {name}, which no value can hold; create this table "
                "with op.execute(), and leave it out with include_object in env.py",
                attached,
            )


_PLAIN = sa.Table("t", sa.MetaData(), sa.Column("c", sa.Integer, key="c"))
TABLE_ATTRIBUTES = frozenset(vars(_PLAIN)) | {"primary_key", "parent"}
COLUMN_ATTRIBUTES = frozenset(vars(_PLAIN.c.c)) | {"table", "parent"}
"""The attributes of SQLAlchemy's own."""


def _named(table: sa.Table) -> str | tuple[str, str]:
    """Return how a value names another table."""
    name = str(freeze_name(table.name))
    return name if table.schema is None else (str(freeze_name(table.schema)), name)


def schema_to_table(schema: TableSchema, metadata: sa.MetaData) -> sa.Table:
    """Return the table of a value, made in `metadata`, which stays unchanged if that fails.

    Where a foreign key's target is absent, a stub with the referred columns takes its place; a
    later call for that table replaces it. The schema and naming convention of the metadata are
    ignored.

    Raises:
        ThawError: `metadata` has a real table of that name, or a referred one without the column;
            or a dialect has no such option.
        UnknownTypeError: a column's type is not registered.

    >>> from alembic_moltres.schema import TableSchema, column
    >>> schema = TableSchema("users", [column("id", "INTEGER", primary_key=True)])
    >>> schema_to_table(schema, sa.MetaData()).c.id.type
    Integer()
    """
    given: object = schema  # Moltres' own has the same name
    if not isinstance(given, TableSchema):
        kind = f"{type(given).__module__}.{type(given).__qualname__}"
        raise ThawError(
            f"{kind} is not an alembic_moltres.TableSchema (at schema_to_table); make one, or pass "
            "it to op.moltres_create_table, which takes Moltres' own",
            schema,
        )
    check_options(schema)
    columns = _thaw_columns(schema)
    stub = metadata.tables.get(schema.key)
    if stub is not None:
        _check_replacement(stub, schema)
    check_references(schema, metadata)
    if stub is not None:
        metadata.remove(stub)
    with undecided_names(metadata):
        table = sa.Table(
            thaw_name(schema.name),
            metadata,
            *columns,
            schema=sa.BLANK_SCHEMA if schema.schema is None else thaw_name(schema.schema),
            comment=schema.comment,
            prefixes=[TEMPORARY] if schema.temporary else list(schema.prefixes),
            **thaw_options(schema.dialect_options),
        )
        _attach_items(schema, table)
    thaw_listeners(table, schema.ddl)
    _attach_dependencies(schema, table)
    if stub is not None:
        replace_stub(stub, table)
    return table


def _attach_items(schema: TableSchema, table: sa.Table) -> None:
    """Attach the constraints and indexes; those that a type's listeners have added are dropped."""
    table.indexes.clear()
    for constraint in schema.constraints:
        if isinstance(constraint, ForeignKeyConstraint):
            thaw_foreign_key(constraint, table)
        else:
            attach(thaw_constraint(constraint), table)
    for index in schema.indexes:
        thaw_index(index, table)


def _attach_dependencies(schema: TableSchema, table: sa.Table) -> None:
    for named in schema.depends_on:
        key = named if isinstance(named, str) else ".".join(named)
        if key in table.metadata.tables:
            table.add_is_dependent_on(table.metadata.tables[key])


def _thaw_columns(schema: TableSchema) -> list[sa.Column[Any]]:
    keyed = () if schema.primary_key is None else schema.primary_key.columns
    made = []
    for column in schema.columns:
        try:
            made.append(thaw_column(column, keyed))
        except TypeNameError as err:
            where = f"{schema.key}.{column.name}"
            raise type(err)(placed(err, where), err.subject) from err
    return made


def _check_replacement(stub: sa.Table, schema: TableSchema) -> None:
    if STUB not in stub.info:
        raise ThawError(
            f"the metadata has a table {schema.key!r} already; use another MetaData", schema
        )
    names = [column.name for column in schema.columns]
    for column in stub.columns:
        if column.name not in names:
            raise missing_column(column.name, schema.key, names, schema)
