"""The name of a constraint that its value does not name, as the database has it.

Online it is found by the constraint's content, offline by PostgreSQL's naming rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

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
from ...sqltext import Syntax, tokens, without_casts
from .registry import impl_of

if TYPE_CHECKING:
    from alembic.operations import Operations

    from .impl import DialectImpl


BY_ITSELF = re.compile(r"^CONSTRAINT_\d+$|_chk_\d+$|_check\d*$|^SYS_C\d+$|^CK__")
"""How MariaDB, MySQL, PostgreSQL, Oracle and SQL Server name a check by themselves."""


def named(
    operations: Operations, table: str, schema: str | None, constraint: Constraint
) -> Constraint:
    """Return a constraint with the name that the database gave it.

    Raises:
        OperationError: there is none of that content, several are, or no rule says its name.
    """
    if constraint.name is not None or _needs_none(operations, constraint):
        return constraint
    where = _where(table, schema, constraint)
    if not operations.migration_context.impl.as_sql:
        return replace(constraint, name=_found(operations, table, schema, constraint, where))
    by_rule = _by_rule(impl_of(operations.impl.dialect), table, constraint)
    if by_rule is not None:
        return replace(constraint, name=by_rule)
    raise OperationError(
        f"{where} has no name, and no database is asked with --sql; name it", constraint
    )


def _needs_none(operations: Operations, constraint: Constraint) -> bool:
    features = impl_of(operations.impl.dialect).features
    return isinstance(constraint, PrimaryKeyConstraint) and not features.primary_key_has_name


def _by_rule(impl: DialectImpl, table: str, constraint: Constraint) -> str | None:
    """Return the name that the database chooses by a rule, `None` where it has none."""
    columns: tuple[str, ...] = getattr(constraint, "columns", ())
    if isinstance(constraint, ExcludeConstraint) and len(columns) != len(constraint.elements):
        return None
    return impl.default_constraint_name(table, type(constraint), columns)


def _found(
    operations: Operations, table: str, schema: str | None, constraint: Constraint, where: str
) -> str:
    inspector = sa.inspect(operations.get_bind())
    by_rule = _by_rule(impl_of(inspector.dialect), table, constraint)
    if isinstance(constraint, ExcludeConstraint):
        if by_rule is not None:
            return by_rule
        raise OperationError(f"{where} has no name and is found by columns only; name it")
    names = {name for name in _alike(inspector, table, schema, constraint) if name}
    if len(names) > 1:
        names = names & {by_rule} or names  # the others were given a name
    if len(names) != 1:
        there = f"are {len(names)} like" if names else "is no"
        raise OperationError(
            f"there {there} {where.removeprefix('the ')} in the database; name it", constraint
        )
    return str(names.pop())


def _alike(
    inspector: sa.Inspector, table: str, schema: str | None, constraint: Constraint
) -> Iterable[str | None]:
    """Yield the names of the constraints of that content."""
    found: Any
    match constraint:
        case PrimaryKeyConstraint():
            found = [inspector.get_pk_constraint(table, schema)]
            return [item["name"] for item in found]
        case UniqueConstraint():
            found = inspector.get_unique_constraints(table, schema)
            columns = list(constraint.columns)
            return [item["name"] for item in found if item["column_names"] == columns]
        case ForeignKeyConstraint():
            found = inspector.get_foreign_keys(table, schema)
            return [item["name"] for item in found if _refers_alike(item, constraint)]
        case CheckConstraint():
            return _checks_alike(inspector, table, schema, constraint)
        case _:
            return []


def _checks_alike(
    inspector: sa.Inspector, table: str, schema: str | None, check: CheckConstraint
) -> list[str | None]:
    """Return the names of the checks of that expression.

    A database may spell it in other words; then the only one that it has named by itself is meant.
    """
    names = lineage(inspector.dialect)
    syntax = impl_of(inspector.dialect).syntax
    wanted = _spelt(str(check.expression.for_dialect(names)), syntax)
    found = inspector.get_check_constraints(table, schema)
    alike = [item["name"] for item in found if _spelt(item["sqltext"], syntax) == wanted]
    return alike or [item["name"] for item in found if BY_ITSELF.search(str(item["name"]))]


def _refers_alike(found: Any, key: ForeignKeyConstraint) -> bool:
    return (found["constrained_columns"], found["referred_table"], found["referred_columns"]) == (
        list(key.columns),
        key.references_table,
        list(key.references_columns),
    )


def _spelt(expression: str, syntax: Syntax) -> list[str]:
    """Return a CHECK's text without what databases add: brackets, casts, spaces, quotes, case."""
    return [
        token.text if token.is_string else token.value.lower()
        for token in without_casts(tokens(expression, syntax))
        if token.text not in "()"
    ]


def _where(table: str, schema: str | None, constraint: Constraint) -> str:
    kind = constraint.function.replace("_", " ")
    over: Any = getattr(constraint, "columns", None) or [getattr(constraint, "expression", "")]
    on = ", ".join(str(item) for item in over)
    of = f"{schema}.{table}" if schema else table
    return f"the {kind} constraint on ({on}) of the table {of!r}"
