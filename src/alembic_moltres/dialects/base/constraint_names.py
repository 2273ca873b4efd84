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
from ...sqltext import Syntax, syntax_of, tokens, without_casts
from .foreign_key_names import postgresql_name

if TYPE_CHECKING:
    from alembic.operations import Operations

LABELS = {UniqueConstraint: "key", ForeignKeyConstraint: "fkey", ExcludeConstraint: "excl"}
"""The endings that PostgreSQL gives names of constraints over columns."""


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
    if "postgresql" in lineage(operations.impl.dialect):
        by_rule = _by_rule(table, constraint)
        if by_rule is not None:
            return replace(constraint, name=by_rule)
    raise OperationError(
        f"{where} has no name, and no database is asked with --sql; name it", constraint
    )


def _needs_none(operations: Operations, constraint: Constraint) -> bool:
    """MySQL drops THE primary key."""
    mysql = {"mysql", "mariadb"}.intersection(lineage(operations.impl.dialect))
    return bool(mysql) and isinstance(constraint, PrimaryKeyConstraint)


def _by_rule(table: str, constraint: Constraint) -> str | None:
    """Return the name that PostgreSQL chooses (`ChooseConstraintName`, `ChooseIndexName`).

    A CHECK's name depends on how many columns its expression has, which its text does not tell.
    """
    match constraint:
        case PrimaryKeyConstraint():
            return postgresql_name(table, "", "pkey").replace("__pkey", "_pkey")
        case CheckConstraint():
            return None
        case ExcludeConstraint() if len(constraint.columns) != len(constraint.elements):
            return None
        case _:
            label = LABELS[type(constraint)]
            return postgresql_name(table, "_".join(constraint.columns), label)


def _found(
    operations: Operations, table: str, schema: str | None, constraint: Constraint, where: str
) -> str:
    inspector = sa.inspect(operations.get_bind())
    if isinstance(constraint, ExcludeConstraint):
        by_rule = _by_rule(table, constraint)
        if by_rule is not None:
            return by_rule
        raise OperationError(f"{where} has no name and is found by columns only; name it")
    names = {name for name in _alike(inspector, table, schema, constraint) if name}
    if len(names) > 1 and "postgresql" in lineage(inspector.dialect):
        names = names & {_by_rule(table, constraint)} or names  # the others were given a name
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
    syntax = syntax_of(names)
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
