"""The operations that a call of this package makes, without running its script."""

from __future__ import annotations

import ast
import builtins
import io
from types import ModuleType
from typing import Any

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from ...alembic_compat import invoking
from ...errors import MoltresError
from ...schema import TableSchema
from ..scripts.moltres_calls import Site, local_names, used_names
from ..scripts.source import ScriptSource

FAILURES = (
    *(SQLAlchemyError, CommandError, MoltresError, NotImplementedError),
    *(TypeError, ValueError, LookupError, AttributeError),
)
"""Exceptions of lines that are run outside of their script."""


TAKING_A_TABLE = frozenset(
    f"moltres_{each}"
    for each in ("create_table", "drop_table", "add_foreign_keys", "drop_foreign_keys")
)


def operations_of(
    site: Site, source: ScriptSource, module: ModuleType, dialect_name: str
) -> list[Any]:
    """Return the operations of a statement, which may depend on module-level names only.

    Args:
        site: the statement.
        source: of its script.
        module: the loaded script.
        dialect_name: for operations that depend on it.

    Raises:
        HistoryError: it uses a local variable or a live table, or it raises.
    """
    _check_names(site, source, module)
    operations_run: list[Any] = []
    context = MigrationContext.configure(
        dialect_name=dialect_name, opts={"as_sql": True, "output_buffer": io.StringIO()}
    )
    operations = Operations(context)
    names = {**vars(module), site.op: operations}
    code = compile(ast.Module([site.statement], []), source.name, "exec")
    try:
        with invoking(operations, operations_run.append):
            exec(code, names)  # noqa: S102 - a statement of the script
    except FAILURES as err:
        raise source.error(site.call, f"op.{site.method}() cannot be read: {err}") from err
    return operations_run


def _check_names(site: Site, source: ScriptSource, module: ModuleType) -> None:
    """Check that a statement uses module-level names only, and nothing of an application."""
    local = local_names(site.function)
    inside = {
        each.id
        for each in ast.walk(site.statement)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }
    for name in sorted(used_names(site.statement) - inside - {site.op}):
        if name in local or not (hasattr(module, name) or hasattr(builtins, name)):
            raise source.error(
                site.call,
                f"op.{site.method}() takes {name!r}, a local variable; write its value into "
                "the call",
            )
    table = _argument(site, source, module)
    if table is not None and not isinstance(table, TableSchema | str):
        raise source.error(
            site.call,
            f"op.{site.method}() takes a live model or table; run alembic-moltres freeze first",
        )


def _argument(site: Site, source: ScriptSource, module: ModuleType) -> Any:
    given = [*site.call.args, *(each.value for each in site.call.keywords)]
    if site.method not in TAKING_A_TABLE or not given:
        return None
    code = compile(ast.Expression(given[0]), source.name, "eval")
    return eval(code, dict(vars(module)))  # noqa: S307 - an expression of the script
