"""The name that the database gave a constraint whose value has none.

Online it is found by the constraint's content, offline by PostgreSQL's naming rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
from ...sqltext import tokens, without_casts
from .create_table import deferred_foreign_keys
from .registry import impl_of
from .unconfirmed import normalised

if TYPE_CHECKING:
    from .execution import Execution
    from .impl import DialectImpl

BY_ITSELF = re.compile(r"^CONSTRAINT_\d+$|_chk_\d+$|_check\d*$|^SYS_C\d+$|^CK__")
"""How MariaDB, MySQL, PostgreSQL, Oracle and SQL Server name a check by themselves."""


def named(
    execution: Execution, table: str, schema: str | None, constraint: Constraint
) -> Constraint:
    """Return a constraint with the name that the database gave it.

    Raises:
        OperationError: the table has no such constraint, or several; or no rule gives its name.
    """
    impl = impl_of(execution.dialect)
    if constraint.name is not None or _needs_none(impl, constraint):
        return constraint
    of_table = f"table {f'{schema}.{table}' if schema else table!r}"
    by_rule = _by_rule(impl, table, constraint)
    if not execution.as_sql:
        inspector = sa.inspect(execution.connection)
        names = set(_names_of_content(inspector, table, schema, constraint, by_rule))
        return replace(constraint, name=_single(names, by_rule, constraint, of_table))
    if by_rule is not None:
        return replace(constraint, name=by_rule)
    raise OperationError(
        f"{_described(constraint)} of {of_table} has no name, and --sql reads no database; "
        "pass the name",
        constraint,
    )


def named_foreign_keys(execution: Execution, table: sa.Table) -> sa.Table:
    """Return `table` with names for its deferred foreign keys, those that the database gave them.

    Raises:
        OperationError: see `named`.
    """
    if execution.dialect.supports_alter:
        for key in deferred_foreign_keys(table):
            if key.name is None:
                value = _foreign_key_value(key)
                key.name = named(execution, table.name, table.schema, value).name
    return table


def _foreign_key_value(key: sa.ForeignKeyConstraint) -> ForeignKeyConstraint:
    """Return what tells a foreign key from others."""
    return ForeignKeyConstraint(
        tuple(element.parent.name for element in key.elements),
        key.referred_table.name,
        tuple(element.column.name for element in key.elements),
        references_schema=key.referred_table.schema,
    )


def _needs_none(impl: DialectImpl, constraint: Constraint) -> bool:
    return isinstance(constraint, PrimaryKeyConstraint) and not impl.features.primary_key_has_name


def _by_rule(impl: DialectImpl, table: str, constraint: Constraint) -> str | None:
    """Return the name that the database chooses by a rule, `None` where it has none."""
    columns: tuple[str, ...] = getattr(constraint, "columns", ())
    if isinstance(constraint, ExcludeConstraint) and len(columns) != len(constraint.elements):
        return None
    return impl.default_constraint_name(table, type(constraint), columns)


def _single(names: set[str], by_rule: str | None, constraint: Constraint, of_table: str) -> str:
    """Return the one name among `names`; of several the one that the database chose."""
    if len(names) > 1 and by_rule in names:
        return by_rule
    if len(names) != 1:
        found = f"{len(names)} {_described(constraint, len(names))} match"
        none = f"no {_described(constraint)} matches"
        raise OperationError(f"{found if names else none} in {of_table}; pass the name", constraint)
    return names.pop()


def _names_of_content(
    inspector: sa.Inspector,
    table: str,
    schema: str | None,
    constraint: Constraint,
    by_rule: str | None,
) -> Iterator[str]:
    """Yield the names of the constraints of that content; no inspector lists EXCLUDE."""
    if isinstance(constraint, ExcludeConstraint):
        if by_rule is not None:
            yield by_rule
        return
    yield from (str(name) for name in _alike(inspector, table, schema, constraint) if name)


def _alike(
    inspector: sa.Inspector, table: str, schema: str | None, constraint: Constraint
) -> Iterable[str | None]:
    """Return the names of the constraints of that content."""
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

    A database may rewrite the expression; then the only check that it has named itself is meant.
    """
    names = lineage(inspector.dialect)
    syntax = impl_of(inspector.dialect).syntax

    def comparable(expression: str) -> list[str]:
        return normalised(without_casts(tokens(expression, syntax)))

    wanted = comparable(str(check.expression.for_dialect(names)))
    found = inspector.get_check_constraints(table, schema)
    alike = [item["name"] for item in found if comparable(item["sqltext"]) == wanted]
    return alike or [item["name"] for item in found if BY_ITSELF.search(str(item["name"]))]


def _refers_alike(found: Any, key: ForeignKeyConstraint) -> bool:
    return (found["constrained_columns"], found["referred_table"], found["referred_columns"]) == (
        list(key.columns),
        key.references_table,
        list(key.references_columns),
    )


def _described(constraint: Constraint, count: int = 1) -> str:
    kind = f"{constraint.function.replace('_', ' ')} constraint{'' if count == 1 else 's'}"
    over: Any = getattr(constraint, "columns", None) or [getattr(constraint, "expression", "")]
    return f"{kind} on ({', '.join(str(item) for item in over)})"
