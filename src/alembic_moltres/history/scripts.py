"""Whether a part of a script can change tables, from its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..sqltext import GENERIC, tokens
from .text.statements import OF_ROWS

HARMLESS = frozenset({"get_bind", "get_context", "f", "bulk_insert", "execute", "run_async"})
"""The functions of `alembic.op` that change no table; the text of `execute` is inspected."""

CREATING = frozenset({"create", "drop", "create_all", "drop_all", "run_callable"})
"""Methods that create and drop without `op`."""

DDL_VERBS = frozenset({"CREATE", "ALTER", "DROP", "RENAME", "COMMENT", "DO", "CALL", "EXECUTE"})


def may_change_tables(source: str, after: int) -> bool:
    r"""Tell whether the rest of `upgrade()`, or another function, may change tables.

    Args:
        source: the script's.
        after: the last line that was run.

    >>> may_change_tables("def upgrade():\n    f()\n    op.drop_table('a')", 2)
    True
    >>> may_change_tables("def upgrade():\n    op.drop_table('a')\n    f()", 3)
    False
    """
    return any(True for _ in _changing(ast.parse(source), after))


def _changing(tree: ast.Module, after: int) -> Iterator[ast.AST]:
    for node in _reachable(tree, after):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if _is_ddl(node.value):
                yield node
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and _is_operation(node.func)
        ):
            yield node


def _reachable(tree: ast.Module, after: int) -> Iterator[ast.AST]:
    """Yield the nodes after the line, those of other functions, and module-level constants."""
    for top in tree.body:
        if isinstance(top, ast.FunctionDef):
            if top.name == "downgrade":
                continue
            behind = after if top.name == "upgrade" else 0
            body = top.body[1:] if ast.get_docstring(top) else top.body
            for statement in body:
                yield from (
                    node
                    for node in ast.walk(statement)
                    if (getattr(node, "end_lineno", None) or 0) > behind
                )
        elif not isinstance(top, ast.Expr):
            yield from ast.walk(top)


def _is_ddl(text: str) -> bool:
    keywords = [token.upper for token in tokens(text, GENERIC)]
    if not keywords or keywords[0] in OF_ROWS:
        return False
    return keywords[0] in DDL_VERBS and len(keywords) > 1


def _is_operation(function: ast.Attribute) -> bool:
    owner = function.value
    if isinstance(owner, ast.Name) and (owner.id == "op" or owner.id.startswith("batch")):
        return function.attr not in HARMLESS
    return function.attr in CREATING


def names_after(source: str, after: int) -> set[str]:
    """Return the names in all strings after a line of `upgrade()` and in other functions."""
    found: set[str] = set()
    for node in _reachable(ast.parse(source), after):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
            found |= {token.value for token in tokens(node.value, GENERIC) if token.is_name}
    return found
