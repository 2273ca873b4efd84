"""A script's source, whether a part of it can change tables, and the lines that are running."""

from __future__ import annotations

import ast
import inspect
import sys
import tokenize
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from ..sqltext import GENERIC, tokens
from .text.statements import WITHOUT_DDL

HARMLESS = frozenset({"get_bind", "get_context", "f", "bulk_insert", "execute", "run_async"})
"""The functions of `alembic.op` that change no table; the text of `execute` is inspected."""

CREATING = frozenset({"create", "drop", "create_all", "drop_all", "run_callable"})
"""Methods that create and drop without `op`."""

DDL_VERBS = frozenset({"CREATE", "ALTER", "DROP", "RENAME", "COMMENT", "DO", "CALL", "EXECUTE"})


LIBRARIES = sys.stdlib_module_names | {"sqlalchemy", "alembic", "alembic_moltres"}
"""The packages whose functions change no table, but for those that `op` and `CREATING` name."""


def source_of(path: str | Path) -> str:
    """Return a script's source, in the encoding that it declares.

    Python loads a script with other bytes in a comment, so they are replaced, not refused.
    """
    with Path(path).open("rb") as file:
        try:
            encoding, _ = tokenize.detect_encoding(file.readline)
        except SyntaxError:
            encoding = "utf-8"
    return Path(path).read_text(encoding=encoding, errors="replace")


def unrun_result(returned: object) -> str | None:
    """Return why a script's function did nothing, by what it returned; `None` if it ran.

    >>> unrun_result(each for each in ())
    'is a generator, so it does nothing; write it without yield'
    """
    if inspect.iscoroutine(returned):
        returned.close()  # else Python warns of it
        return "is async, so it does nothing; write def, and op.run_async() for what is awaited"
    if inspect.isgenerator(returned) or inspect.isasyncgen(returned):
        return "is a generator, so it does nothing; write it without yield"
    return None


def may_change_tables(source: str, line: int) -> bool:
    r"""Tell whether the rest of `upgrade()`, or another function, may change tables.

    Args:
        source: the script's.
        line: the line that was not finished.

    >>> may_change_tables("def upgrade():\n    f()\n    op.drop_table('a')", 2)
    True
    >>> may_change_tables("def upgrade():\n    op.drop_table('a')\n    f()", 3)
    False
    """
    return any(True for _ in _changing(ast.parse(source), line))


def calls_others(source: str, line: int) -> bool:
    r"""Tell whether the rest of `upgrade()`, or another function, calls an application's functions.

    Args:
        source: see `may_change_tables`.
        line: see `may_change_tables`.

    >>> calls_others("from app import f\ndef upgrade():\n    f()", 3)
    True
    """
    tree = ast.parse(source)
    others = _imported(tree)
    return any(_is_others(node, others) for node in _reachable(tree, line))


def _changing(tree: ast.Module, line: int) -> Iterator[ast.AST]:
    others = _imported(tree)
    for node in _reachable(tree, line):
        if changes_tables(node) or _is_others(node, others):
            yield node


def changes_tables(node: ast.AST) -> bool:
    """Tell whether it is an operation, a method that creates or drops, or the text of DDL."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _is_ddl(node.value)
    return _is_operation(node)


def _imported(tree: ast.Module) -> set[str]:
    """Return the names that the script imports, but not from `LIBRARIES`."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [(each.name, each.asname) for each in node.names]
            names |= {as_ or name.partition(".")[0] for name, as_ in modules if _is_other(name)}
        elif isinstance(node, ast.ImportFrom) and (node.level or _is_other(node.module or "")):
            names |= {each.asname or each.name for each in node.names}
    return names


def _is_other(module: str) -> bool:
    return module.partition(".")[0] not in LIBRARIES


def _is_others(node: ast.AST, names: set[str]) -> bool:
    """Tell whether it is a call of an imported function, or of anything inside an imported name."""
    if not isinstance(node, ast.Call):
        return False
    owner: ast.expr = node
    while isinstance(owner, ast.Call | ast.Attribute | ast.Subscript):
        owner = owner.func if isinstance(owner, ast.Call) else owner.value
    return isinstance(owner, ast.Name) and owner.id in names


def _reachable(tree: ast.Module, line: int) -> Iterator[ast.AST]:
    """Yield the nodes from the line on, those of other functions, and module-level constants."""
    for top in tree.body:
        if isinstance(top, ast.FunctionDef | ast.AsyncFunctionDef):
            if top.name == "downgrade":
                continue
            first = _first_line(top, line) if top.name == "upgrade" else 0
            body = top.body[1:] if ast.get_docstring(top) else top.body
            for statement in body:
                yield from (
                    node
                    for node in ast.walk(statement)
                    if (getattr(node, "end_lineno", None) or 0) >= first
                )
        elif not isinstance(top, ast.Expr):
            yield from ast.walk(top)


def _first_line(function: ast.FunctionDef | ast.AsyncFunctionDef, line: int) -> int:
    """Return the line, or the first one of the loop that would have run again.

    A line of another function stands for a call from anywhere.
    """
    if not function.lineno <= line <= (function.end_lineno or 0):
        return 0
    loops = (node for node in ast.walk(function) if isinstance(node, ast.For | ast.While))
    around = (each.lineno for each in loops if each.lineno <= line <= (each.end_lineno or 0))
    return min(around, default=line)


def _is_ddl(text: str) -> bool:
    keywords = [token.upper for token in tokens(text, GENERIC)]
    if not keywords or keywords[0] in WITHOUT_DDL or _restarts(keywords):
        return False
    return keywords[0] in DDL_VERBS and len(keywords) > 1


def _restarts(keywords: Sequence[str]) -> bool:
    """Tell whether a statement only sets the next number of a sequence or a column."""
    restarts = keywords[:2] == ["ALTER", "SEQUENCE"] and "RESTART" in keywords
    return restarts or (keywords[:1] == ["ALTER"] and keywords[3:4] == ["AUTO_INCREMENT"])


def _is_operation(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    function = node.func
    owner = function.value
    if isinstance(owner, ast.Name) and (owner.id == "op" or owner.id.startswith("batch")):
        return function.attr not in HARMLESS
    return function.attr in CREATING


def names_from(source: str, line: int) -> set[str]:
    """Return the names in all strings from a line of `upgrade()` on and in other functions."""
    names: set[str] = set()
    for node in _reachable(ast.parse(source), line):
        names |= _names_of(node)
    return names


def names_in(node: ast.AST) -> set[str]:
    """Return the names in all strings inside a node."""
    return {name for each in ast.walk(node) for name in _names_of(each)}


def _names_of(node: ast.AST) -> set[str]:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return set()
    return {node.value, *(token.value for token in tokens(node.value, GENERIC) if token.is_name)}


def script_frames(file: str) -> Iterator[tuple[str, int]]:
    """Yield the running functions of a script with their lines, innermost first.

    Args:
        file: of the script, as it was loaded.
    """
    frame: FrameType | None = inspect.currentframe()
    while frame is not None:
        if frame.f_code.co_filename == file:
            yield frame.f_code.co_name, frame.f_lineno
        frame = frame.f_back
