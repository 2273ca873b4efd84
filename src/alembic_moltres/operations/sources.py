"""The arguments that operations accept as a table: our value or Moltres', a model, a `Table`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..errors import NotAModelError, OperationError, SchemaError
from ..messages import argument_text, did_you_mean

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

    from ..schema import ColumnDef, Constraint, TableSchema

JSONB = "JSONB"
"""Moltres' name for a type that is JSON on databases without JSONB."""

SERIAL = {"SERIAL": "INTEGER", "BIGSERIAL": "BIGINT"}
"""Moltres' names for SERIAL types; an integer key autoincrements anyway."""

MOLTRES_FIELDS = ("columns", "constraints", "if_not_exists", "temporary")
"""The attributes of Moltres' own `TableSchema`; neither a model nor a `Table` has all."""


def as_schema(source: object, dialects: Sequence[Dialect] = ()) -> TableSchema:
    """Return the value of an operation's argument.

    Args:
        source: a `TableSchema` (ours or Moltres'), an ORM class or a `Table`.
        dialects: connected dialects, for expressions that a model builds in Python.

    Raises:
        NotAModelError: it is none of these.
        MoltresError: it cannot be frozen; see `model_to_schema`.

    >>> from alembic_moltres.schema import TableSchema, column
    >>> as_schema(TableSchema("tags", [column("name", "TEXT")]))
    TableSchema('tags', [column('name', 'TEXT')])
    """
    from ..schema import TableSchema
    from ..schema.base import Value, ValueType

    if isinstance(source, TableSchema):
        return source
    if isinstance(source, str):
        raise NotAModelError(
            f"{source!r} is the name of a table; pass its TableSchema, a mapped class or a Table, "
            "or call Alembic's own operation",
            source,
        )
    if source is None or isinstance(source, Value | ValueType | list | tuple | dict):
        raise NotAModelError(
            f"{argument_text(source)} is no table; pass one TableSchema, mapped class or Table",
            source,
        )
    from ..convert import model_to_schema

    if not isinstance(source, type) and all(hasattr(source, field) for field in MOLTRES_FIELDS):
        return _from_moltres(source)
    return model_to_schema(source, dialects=dialects)


def name_of(
    source: object, schema: str | None, dialects: Sequence[Dialect]
) -> tuple[str, str | None]:
    """Return the name and the schema of a table, given by its name or as for `as_schema`.

    Raises:
        NotAModelError: it is none of these.
    """
    if schema is not None and not isinstance(schema, str):
        raise OperationError(f"schema={argument_text(schema)}; write schema='...'", schema)
    if isinstance(source, str):
        return source, schema
    table = as_schema(source, dialects)
    return table.name, schema or table.schema


def with_items(table: object, items: Sequence[Any], schema: str | None) -> object:
    """Return the table of arguments as for `op.create_table`: a name, then columns and constraints.

    Raises:
        OperationError: there are items besides a table.
    """
    if not items and schema is None:
        return table
    import sqlalchemy as sa

    if isinstance(table, str) and all(isinstance(each, sa.schema.SchemaItem) for each in items):
        return sa.Table(table, sa.MetaData(), *items, schema=schema)
    raise OperationError(
        f"moltres_create_table got {table!r} and more; write one value: "
        "op.moltres_create_table(TableSchema('users', [column('id', 'INTEGER')]))",
        table,
    )


def _from_moltres(source: Any) -> TableSchema:
    from ..schema import TableSchema

    return TableSchema(
        source.name,
        [_column(given) for given in source.columns],
        if_not_exists=source.if_not_exists,
        temporary=source.temporary,
        constraints=[_constraint(given, source.name) for given in source.constraints],
    )


def _column(given: Any) -> ColumnDef:
    from ..schema import column, json
    from ..schema.dialects import VARCHAR

    if str(given.type_name).upper() == JSONB:
        made = json(given.name, given.nullable, given.default, jsonb=True)
        type_name, variants = made.type_name, made.type_variants
    else:
        counting = SERIAL if given.primary_key else {}
        type_name = counting.get(given.type_name, given.type_name)
        variants = VARCHAR if given.type_name.upper() == "VARCHAR" else {}
    return column(
        given.name,
        type_name,
        given.nullable,
        given.default,
        given.primary_key,
        given.precision,
        given.scale,
        type_variants=variants,
    )


def _constraint(given: Any, table: str) -> Constraint:
    from ..schema import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
    from ..schema.constructors import names

    match type(given).__name__:
        case "UniqueConstraint":
            return UniqueConstraint(names(given.columns), given.name)
        case "CheckConstraint":
            return CheckConstraint(given.expression, given.name)
        case "ForeignKeyConstraint":
            return ForeignKeyConstraint(
                names(given.columns),
                given.references_table,
                names(given.references_columns),
                given.name,
                given.on_delete,
                given.on_update,
            )
        case unknown:
            known = ("UniqueConstraint", "CheckConstraint", "ForeignKeyConstraint")
            raise SchemaError(
                f"{given!r} is not a constraint of Moltres (at the table {table!r})"
                f"{did_you_mean(unknown, known)}",
                given,
            )
