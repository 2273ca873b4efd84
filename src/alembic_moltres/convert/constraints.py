"""Constraints, both ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import singledispatch
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint as PGExcludeConstraint
from sqlalchemy.engine import Dialect

from .. import sqla_compat
from ..errors import FreezeError
from ..schema import (
    SQL,
    CheckConstraint,
    Constraint,
    ExcludeConstraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from .ddl_if import NEVER, freeze_condition, thaw_condition
from .dialect_options import freeze_options, thaw_shared
from .dialects import ddl_compiler, owner
from .expressions import FrozenText, compiled_text, freeze_expression, freeze_texts, thaw_expression
from .foreign_keys import freeze_target
from .names import freeze_constraint_name, freeze_name, thaw_name

TableConstraint = PrimaryKeyConstraint | UniqueConstraint | CheckConstraint | ExcludeConstraint
"""A constraint that refers to no other table."""

Keys = Mapping[str, str]
NO_KEYS: Keys = {}


@singledispatch
def freeze_constraint(
    constraint: Any, dialects: Sequence[Dialect], where: str, keys: Keys = NO_KEYS
) -> Constraint | None:
    """Return the value of a constraint; `None` if no dialect creates it.

    Args:
        keys: the table's column names by their keys, where they differ.

    Raises:
        FreezeError: its kind is unknown, or something in it cannot be frozen.
    """
    raise FreezeError(
        f"{constraint!r} is a constraint of an unknown kind (at {where}); attach it as DDL text",
        constraint,
    )


@freeze_constraint.register
def _(
    constraint: sa.PrimaryKeyConstraint,
    dialects: Sequence[Dialect],
    where: str,
    keys: Keys = NO_KEYS,
) -> PrimaryKeyConstraint | None:
    if not len(constraint.columns):
        return None
    columns = list(constraint.columns)
    implicit = sqla_compat.has_implicit_columns(constraint)
    autoincrement = constraint.table.autoincrement_column if implicit else None
    return PrimaryKeyConstraint(
        tuple(freeze_name(column.name) for column in columns),
        autoincrement_first=autoincrement is not None and autoincrement is not columns[0],
        **_shared(constraint, dialects, where, keys),
    )


@freeze_constraint.register
def _(
    constraint: sa.UniqueConstraint, dialects: Sequence[Dialect], where: str, keys: Keys = NO_KEYS
) -> UniqueConstraint | None:
    columns = tuple(freeze_name(column.name) for column in constraint.columns)
    return (
        UniqueConstraint(columns, **_shared(constraint, dialects, where, keys)) if columns else None
    )


@freeze_constraint.register
def freeze_check(
    constraint: sa.CheckConstraint, dialects: Sequence[Dialect], where: str, keys: Keys = NO_KEYS
) -> CheckConstraint | None:
    """Return the value of a CHECK; the CHECK of a type has no text where the type is native."""
    if sqla_compat.is_made_by_type(constraint):
        return _freeze_types_check(constraint, dialects, where)
    shared = _shared(constraint, dialects, where, keys)
    rule = sqla_compat.create_rule(constraint)
    if isinstance(rule, WhereWritten):
        shared["ddl_if"] = rule.names
    elif rule is not None and not sqla_compat.is_isolating(rule):
        shared["ddl_if"] = _making(constraint, dialects)
    if shared["ddl_if"] == NEVER:
        return None
    where = f"{where}, check {shared['name'] or ''}".rstrip()
    return CheckConstraint(freeze_expression(constraint.sqltext, dialects, where), **shared)


def _making(constraint: sa.CheckConstraint, dialects: Sequence[Dialect]) -> tuple[str, ...]:
    """Return the dialects for which an application's own rule creates a CHECK."""
    made = tuple(d.name for d in dialects if sqla_compat.is_created(constraint, ddl_compiler(d)))
    return () if len(made) == len(dialects) else made or NEVER


def _freeze_types_check(
    constraint: sa.CheckConstraint, dialects: Sequence[Dialect], where: str
) -> CheckConstraint | None:
    """Return the CHECK that a type adds, for the dialects that create it."""
    making = {d for d in dialects if sqla_compat.is_created(constraint, ddl_compiler(d))}
    try:
        name = freeze_constraint_name(constraint, where, dialects)
    except FreezeError:
        if dialects[0] in making:
            raise
        return None  # SQLAlchemy fails as well, where it is created
    if not making:
        return None

    def write(dialect: Dialect) -> str | None:
        return compiled_text(constraint.sqltext, dialect) if dialect in making else None

    return CheckConstraint(freeze_texts(dialects, write, where), name)


@freeze_constraint.register
def _(
    constraint: sa.ForeignKeyConstraint,
    dialects: Sequence[Dialect],
    where: str,
    keys: Keys = NO_KEYS,
) -> ForeignKeyConstraint:
    elements = constraint.elements
    schema, table, _ = freeze_target(elements[0], where)
    return ForeignKeyConstraint(
        tuple(freeze_name(element.parent.name) for element in elements),
        table,
        tuple(freeze_target(element, where)[2] for element in elements),
        on_delete=constraint.ondelete,
        on_update=constraint.onupdate,
        references_schema=schema,
        match=constraint.match,
        use_alter=bool(constraint.use_alter),
        **_shared(constraint, dialects, where, keys),
    )


@freeze_constraint.register
def _(
    constraint: PGExcludeConstraint, dialects: Sequence[Dialect], where: str, keys: Keys = NO_KEYS
) -> ExcludeConstraint:
    own = owner(PGExcludeConstraint)
    having = (next((d for d in dialects if d.name == own.name), own),)
    condition = getattr(constraint, "where", None)
    return ExcludeConstraint(
        tuple(
            (_exclude_element(constraint, expression, having, where), operator)
            for expression, _, operator in sqla_compat.exclude_elements(constraint)
        ),
        using=constraint.using,
        # SQLAlchemy writes the table before columns here, unlike anywhere else in DDL
        where=None
        if condition is None
        else freeze_expression(condition, having, where, include_table=True),
        ops=_column_operators(constraint),
        **_shared(constraint, dialects, where, keys),
    )


def _column_operators(constraint: PGExcludeConstraint) -> dict[str, str]:
    """Return the operator classes of columns; those of expressions are in their text."""
    names = {
        expression.key: str(expression.name)
        for expression, _, _ in sqla_compat.exclude_elements(constraint)
        if isinstance(expression, sa.Column)
    }
    return {names[key]: given for key, given in constraint.ops.items() if key in names}


def _exclude_element(
    constraint: PGExcludeConstraint, expression: Any, dialects: Sequence[Dialect], where: str
) -> str | SQL:
    if isinstance(expression, sa.Column):
        return freeze_name(expression.name)
    if isinstance(expression, FrozenText) and isinstance(expression.frozen, SQL):
        return expression.frozen
    operator = constraint.ops.get(getattr(expression, "key", None))
    if operator is None:
        return freeze_expression(expression, dialects, where)
    return freeze_texts(dialects, lambda d: f"{compiled_text(expression, d)} {operator}", where)


def _shared(constraint: Any, dialects: Sequence[Dialect], where: str, keys: Keys) -> dict[str, Any]:
    return {
        "name": freeze_constraint_name(constraint, where, dialects),
        "deferrable": constraint.deferrable,
        "initially": constraint.initially,
        "comment": getattr(constraint, "comment", None),
        "dialect_options": freeze_options(constraint, dialects, where, keys),
        "ddl_if": freeze_condition(constraint, dialects, where),
    }


def thaw_check(check: CheckConstraint) -> sa.CheckConstraint:
    """Return SQLAlchemy's form of a CHECK."""
    expression = thaw_expression(check.expression)
    rule = None
    if check.ddl_if or None in check.expression.variants.values():
        rule = WhereWritten(expression, check.ddl_if)
    return sqla_compat.check(expression, rule=rule, **thaw_shared(check))


class WhereWritten:
    """The rule that leaves a CHECK out if its expression has no text or its `ddl_if` excludes it.

    Unlike `ddl_if` itself, the rule is copied with the constraint.
    """

    def __init__(self, expression: FrozenText, names: tuple[str, ...]) -> None:
        self.expression = expression
        self.names = names

    def __call__(self, compiler: Any) -> bool:
        dialect: Dialect = compiler.dialect
        if self.names and dialect.name not in self.names:
            return False
        return self.expression.text_for(dialect) is not None


def thaw_constraint(constraint: TableConstraint) -> sa.Constraint:
    """Return SQLAlchemy's form of a constraint; for foreign keys there is `references`."""
    made: Any
    match constraint:
        case CheckConstraint():
            return thaw_check(constraint)
        case PrimaryKeyConstraint():
            implicit = constraint.autoincrement_first
            made = sqla_compat.primary_key(
                *constraint.columns, implicit=implicit, **thaw_shared(constraint)
            )
        case UniqueConstraint():
            made = sa.UniqueConstraint(*constraint.columns, **thaw_shared(constraint))
        case ExcludeConstraint():
            made = _thaw_exclude(constraint)
    if constraint.ddl_if:
        thaw_condition(made, constraint.ddl_if)
    return made  # type: ignore[no-any-return]


def _thaw_exclude(exclude: ExcludeConstraint) -> PGExcludeConstraint:
    elements = [
        (thaw_name(element) if isinstance(element, str) else thaw_expression(element), operator)
        for element, operator in exclude.elements
    ]
    shared = thaw_shared(exclude)
    comment = shared.pop("comment", None)
    made = PGExcludeConstraint(
        *elements,
        using=exclude.using,
        where=None if exclude.where is None else thaw_expression(exclude.where),
        ops=dict(exclude.ops),
        **shared,
    )
    made.comment = comment
    return made
