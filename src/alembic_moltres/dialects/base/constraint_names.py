"""The generated name of a constraint that has none in its value.

Online it is looked up by the constraint's content; offline it follows PostgreSQL's naming rule.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ...convert import lineage
from ...errors import OperationError
from ...schema import (
    CheckConstraint,
    Constraint,
    ExcludeConstraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from ...sqltext import loose_form, tokens, without_casts
from .create_table import deferred_foreign_keys
from .impl import DialectImpl
from .registry import impl_of

if TYPE_CHECKING:
    from .execution import Execution


def with_generated_name(
    execution: Execution,
    table: str,
    schema: str | None,
    constraint: Constraint,
    taken: Collection[str] = (),
) -> Constraint:
    """Return a constraint with the name that the database generated.

    Args:
        execution: the execution of statements, online or offline.
        table: of the constraint.
        schema: of the table.
        constraint: its value.
        taken: the names of constraints that are dropped with it, which are not looked up.

    Raises:
        OperationError: the table has no such constraint, or several; or no rule gives its name.
    """
    impl = impl_of(execution.dialect)
    if constraint.name is not None or _needs_none(impl, constraint):
        return constraint
    of_table = f"table {f'{schema}.{table}' if schema else table!r}"
    by_rule = _by_rule(impl, table, constraint)
    if not execution.as_sql:
        names = set(impl.find_constraint_names(execution.connection, table, schema, constraint))
        names -= set(taken)
        generated = impl.features.generated_checks
        return replace(constraint, name=_single(names, by_rule, generated, constraint, of_table))
    if by_rule is not None:
        return replace(constraint, name=by_rule)
    raise OperationError(
        f"{_described(constraint)} of {of_table} has no name, and --sql reads no database; "
        "pass the name",
        constraint,
    )


def named_foreign_keys(execution: Execution, table: sa.Table) -> sa.Table:
    """Return `table` with the database's names for its deferred foreign keys.

    Raises:
        OperationError: see `with_generated_name`.
    """
    if execution.dialect.supports_alter:
        for key in deferred_foreign_keys(table):
            if key.name is None:
                value = _foreign_key_value(key)
                key.name = with_generated_name(execution, table.name, table.schema, value).name
    return table


def _foreign_key_value(key: sa.ForeignKeyConstraint) -> ForeignKeyConstraint:
    """Return the content that identifies a foreign key."""
    return ForeignKeyConstraint(
        tuple(element.parent.name for element in key.elements),
        key.referred_table.name,
        tuple(element.column.name for element in key.elements),
        references_schema=key.referred_table.schema,
    )


def _needs_none(impl: DialectImpl, constraint: Constraint) -> bool:
    return isinstance(constraint, PrimaryKeyConstraint) and not impl.features.primary_key_has_name


def _by_rule(impl: DialectImpl, table: str, constraint: Constraint) -> str | None:
    """Return the name that follows from the database's naming rule; `None` without a rule."""
    columns = constraint.columns
    if isinstance(constraint, ExcludeConstraint) and len(columns) != len(constraint.elements):
        return None
    return impl.default_constraint_name(table, type(constraint), columns)


def _single(
    names: set[str],
    by_rule: str | None,
    generated_checks: re.Pattern[str],
    constraint: Constraint,
    of_table: str,
) -> str:
    """Return the only name; of several names, the last one that the database generated."""
    if len(names) > 1:
        generated = [
            name for name in names if _is_generated(name, by_rule, generated_checks, constraint)
        ]
        if generated:
            return max(generated, key=lambda name: (len(name), name))
    if len(names) != 1:
        problem = f"{len(names)} {_described(constraint, len(names))} match"
        none = f"no {_described(constraint)} matches"
        raise OperationError(
            f"{problem if names else none} in {of_table}; pass the name", constraint
        )
    return names.pop()


def _is_generated(
    name: str, by_rule: str | None, generated_checks: re.Pattern[str], constraint: Constraint
) -> bool:
    """Tell whether the database generated this name; it numbers repeated ones."""
    if by_rule is not None and name.startswith(by_rule):
        return not name[len(by_rule) :].strip("0123456789")
    if isinstance(constraint, UniqueConstraint):  # MySQL
        return bool(re.fullmatch(rf"{re.escape(constraint.columns[0])}(_\d+)?", name))
    return bool(generated_checks.search(name))


def inspected_names(
    connection: Connection, table: str, schema: str | None, constraint: Constraint
) -> set[str]:
    """Return the names of the constraints with equal content; no inspector lists EXCLUDE."""
    if isinstance(constraint, ExcludeConstraint):
        by_rule = _by_rule(impl_of(connection.dialect), table, constraint)
        return set() if by_rule is None else {by_rule}
    names = _alike(sa.inspect(connection), table, schema, constraint)
    return {str(name) for name in names if name}


def _alike(
    inspector: sa.Inspector, table: str, schema: str | None, constraint: Constraint
) -> Iterable[str | None]:
    """Return the names of the constraints with equal content."""
    rows: Any
    match constraint:
        case PrimaryKeyConstraint():
            rows = [inspector.get_pk_constraint(table, schema)]
            return [item["name"] for item in rows]
        case UniqueConstraint():
            rows = inspector.get_unique_constraints(table, schema)
            columns = list(constraint.columns)
            return [item["name"] for item in rows if item["column_names"] == columns]
        case ForeignKeyConstraint():
            rows = inspector.get_foreign_keys(table, schema)
            return [item["name"] for item in rows if _refers_alike(item, constraint)]
        case CheckConstraint():
            return _checks_alike(inspector, table, schema, constraint)
        case _:
            return []


def _checks_alike(
    inspector: sa.Inspector, table: str, schema: str | None, check: CheckConstraint
) -> list[str | None]:
    """Return the names of the checks with an equal expression.

    A database may rewrite the expression; then the only check with a generated name is returned.
    """
    names = lineage(inspector.dialect)
    impl = impl_of(inspector.dialect)

    def comparable(expression: str) -> list[str]:
        return loose_form(without_casts(tokens(expression, impl.syntax)))

    wanted = comparable(str(check.expression.for_dialect(names)))
    checks = inspector.get_check_constraints(table, schema)
    alike = [item["name"] for item in checks if comparable(item["sqltext"]) == wanted]
    generated = impl.features.generated_checks
    return alike or [item["name"] for item in checks if generated.search(str(item["name"]))]


def _refers_alike(row: Any, key: ForeignKeyConstraint) -> bool:
    return (row["constrained_columns"], row["referred_table"], row["referred_columns"]) == (
        list(key.columns),
        key.references_table,
        list(key.references_columns),
    )


def _described(constraint: Constraint, count: int = 1) -> str:
    kind = f"{constraint.function.replace('_', ' ')} constraint{'' if count == 1 else 's'}"
    expression = constraint.expression if isinstance(constraint, CheckConstraint) else ""
    return f"{kind} on ({', '.join(map(str, constraint.columns or [expression]))})"
