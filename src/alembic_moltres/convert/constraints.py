"""Constraints, both ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import singledispatch
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.dialects.postgresql import ExcludeConstraint as PGExcludeConstraint
from sqlalchemy.engine import Dialect

from ..errors import FreezeError
from ..schema import (
    CheckConstraint,
    Constraint,
    ExcludeConstraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from .conditions import NEVER, freeze_condition, thaw_condition
from .dialects import shipped
from .expressions import compiled_text, freeze_expression, freeze_texts, thaw_expression
from .names import freeze_constraint_name, freeze_name, thaw_name, thaw_optional
from .options import freeze_options, thaw_options


@singledispatch
def freeze_constraint(
    constraint: Any, dialects: Sequence[Dialect], where: str
) -> Constraint | None:
    """Return the value of a constraint; `None` for one that no dialect makes.

    Raises:
        FreezeError: it is of an unknown kind, or something in it cannot be held.
    """
    raise FreezeError(
        f"{constraint!r} is a constraint of an unknown kind (at {where}); attach it as DDL text",
        constraint,
    )


@freeze_constraint.register
def _(
    constraint: sa.PrimaryKeyConstraint, dialects: Sequence[Dialect], where: str
) -> PrimaryKeyConstraint | None:
    if not len(constraint.columns):
        return None
    implicit = constraint._implicit_generated
    columns = constraint.columns_autoinc_first if implicit else list(constraint.columns)
    return PrimaryKeyConstraint(
        tuple(freeze_name(column.name) for column in columns),
        **_shared(constraint, dialects, where),
    )


@freeze_constraint.register
def _(
    constraint: sa.UniqueConstraint, dialects: Sequence[Dialect], where: str
) -> UniqueConstraint | None:
    columns = tuple(freeze_name(column.name) for column in constraint.columns)
    return UniqueConstraint(columns, **_shared(constraint, dialects, where)) if columns else None


@freeze_constraint.register
def freeze_check(
    constraint: sa.CheckConstraint, dialects: Sequence[Dialect], where: str
) -> CheckConstraint | None:
    """Return the value of a CHECK; one that a type adds has no text where the type is native."""
    shared = _shared(constraint, dialects, where)
    if shared["ddl_if"] == NEVER:
        return None
    where = f"{where}, check {shared['name'] or ''}".rstrip()
    if not constraint._type_bound:
        return CheckConstraint(freeze_expression(constraint.sqltext, dialects, where), **shared)

    def write(dialect: Dialect) -> str | None:
        compiler: Any = dialect.ddl_compiler(dialect, None)
        made = constraint._should_create_for_compiler(compiler)
        return compiled_text(constraint.sqltext, dialect) if made else None

    if not any(constraint._should_create_for_compiler(_compiler(d)) for d in dialects):
        return None
    return CheckConstraint(freeze_texts(dialects, write, where), **shared)


@freeze_constraint.register
def _(
    constraint: sa.ForeignKeyConstraint, dialects: Sequence[Dialect], where: str
) -> ForeignKeyConstraint:
    elements = constraint.elements
    schema, table, _ = _target(elements[0], where)
    return ForeignKeyConstraint(
        tuple(freeze_name(element.parent.name) for element in elements),
        table,
        tuple(_target(element, where)[2] for element in elements),
        on_delete=constraint.ondelete,
        on_update=constraint.onupdate,
        references_schema=schema,
        match=constraint.match,
        use_alter=bool(constraint.use_alter),
        **_shared(constraint, dialects, where),
    )


@freeze_constraint.register
def _(
    constraint: PGExcludeConstraint, dialects: Sequence[Dialect], where: str
) -> ExcludeConstraint:
    postgresql = next((d for d in dialects if d.name == "postgresql"), shipped("postgresql"))
    keys = {column.key: freeze_name(column.name) for column in constraint.table.columns}

    def element(expression: Any, name: str | None) -> Any:
        if name is not None and isinstance(expression, sa.Column):
            return freeze_name(expression.name)
        if name is not None and name in keys.values():
            return name
        return freeze_expression(expression, (postgresql,), where)

    condition = getattr(constraint, "where", None)
    return ExcludeConstraint(
        tuple((element(expr, name), op) for expr, name, op in constraint._render_exprs),
        using=constraint.using,
        where=None if condition is None else freeze_expression(condition, (postgresql,), where),
        ops={keys.get(key, key): operator for key, operator in constraint.ops.items()},
        **_shared(constraint, dialects, where),
    )


def _compiler(dialect: Dialect) -> Any:
    return dialect.ddl_compiler(dialect, None)


def _shared(constraint: Any, dialects: Sequence[Dialect], where: str) -> dict[str, Any]:
    return {
        "name": freeze_constraint_name(constraint),
        "deferrable": constraint.deferrable,
        "initially": constraint.initially,
        "comment": getattr(constraint, "comment", None),
        "dialect_options": freeze_options(constraint, dialects, where),
        "ddl_if": freeze_condition(constraint, dialects, where),
    }


def _target(element: sa.ForeignKey, where: str) -> tuple[str | None, str, str]:
    """Return schema, table and column that a foreign key refers to, all by name."""
    try:
        column = element.column
    except exc.NoReferencedTableError:
        schema, table, name = element._column_tokens
        return schema, table, str(name)
    except exc.NoReferencedColumnError as err:
        raise FreezeError(
            f"a foreign key refers to {element.target_fullname!r}, which has no such column "
            f"(at {where}.{element.parent.name}); correct the name",
            element,
        ) from err
    referred: Any = column.table
    schema = None if referred.schema is None else freeze_name(referred.schema)
    return schema, freeze_name(referred.name), freeze_name(column.name)


def thaw_check(check: CheckConstraint, *, column_level: bool = False) -> sa.CheckConstraint:
    """Return SQLAlchemy's form of a CHECK."""
    constraint = sa.CheckConstraint(thaw_expression(check.expression), **_thaw_shared(check))
    thaw_condition(constraint, check.ddl_if, check.expression)
    return constraint


def thaw_constraint(constraint: Constraint, references: Callable[..., Any]) -> sa.Constraint:
    """Return SQLAlchemy's form of a constraint.

    Args:
        references: given a schema, a table and its columns, returns what
            `ForeignKeyConstraint(refcolumns=...)` takes.
    """
    made: Any
    match constraint:
        case PrimaryKeyConstraint():
            made = sa.PrimaryKeyConstraint(*constraint.columns, **_thaw_shared(constraint))
        case UniqueConstraint():
            made = sa.UniqueConstraint(*constraint.columns, **_thaw_shared(constraint))
        case CheckConstraint():
            return thaw_check(constraint)
        case ForeignKeyConstraint():
            made = _thaw_foreign_key(constraint, references)
        case ExcludeConstraint():
            made = _thaw_exclude(constraint)
    thaw_condition(made, constraint.ddl_if)
    return made  # type: ignore[no-any-return]


def _thaw_foreign_key(
    key: ForeignKeyConstraint, references: Callable[..., Any]
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        list(key.columns),
        references(key.references_schema, key.references_table, key.references_columns),
        ondelete=key.on_delete,
        onupdate=key.on_update,
        match=key.match,
        use_alter=key.use_alter,
        link_to_name=True,
        **_thaw_shared(key),
    )


def _thaw_exclude(exclude: ExcludeConstraint) -> PGExcludeConstraint:
    elements = [
        (thaw_name(element) if isinstance(element, str) else thaw_expression(element), operator)
        for element, operator in exclude.elements
    ]
    shared = _thaw_shared(exclude)
    comment = shared.pop("comment")
    made = PGExcludeConstraint(
        *elements,
        using=exclude.using,
        where=None if exclude.where is None else thaw_expression(exclude.where),
        ops=dict(exclude.ops),
        **shared,
    )
    made.comment = comment
    return made


def _thaw_shared(constraint: Constraint) -> dict[str, Any]:
    return {
        "name": thaw_optional(constraint.name),
        "deferrable": constraint.deferrable,
        "initially": constraint.initially,
        "comment": constraint.comment,
        **thaw_options(constraint.dialect_options),
    }
