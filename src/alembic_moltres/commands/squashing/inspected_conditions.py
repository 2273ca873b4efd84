"""Statements that change tables if an inspector finds, or misses, something.

What such a statement does is known: the inspector tells of tables that the scripts themselves made.
Any other condition may be another one on another database, or tomorrow.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from sqlalchemy.engine.reflection import Inspector

from ..scripts.moltres_calls import used_names
from ..scripts.source import ScriptSource

READS = frozenset(each for each in dir(Inspector) if each.startswith(("get_", "has_")))
METHODS = READS | frozenset(
    """append connect extend add f format get get_bind items join keys lower split startswith
    endswith strip upper values""".split()  # noqa: SIM905
)
"""Methods whose results depend on nothing but tables and their arguments."""

FUNCTIONS = frozenset(
    "all any bool dict frozenset isinstance len list next set sorted str tuple zip".split()  # noqa: SIM905
)
ENGINES = frozenset({"bind", "engine"})
OF_ITEMS = frozenset({"key", "name", "type"})
"""Attributes of columns, which a script passes to its own functions."""


class InspectedConditions:
    """Tells whether an inspector's answers alone decide what a statement does.

    Args:
        source: of the script.
    """

    def __init__(self, source: ScriptSource) -> None:
        self._functions = {each.name: each for each in source.functions()}
        self._bindings = list(_bindings(source.tree))
        imported = [node for node in ast.walk(source.tree) if isinstance(node, ast.ImportFrom)]
        self._imported = {e.asname or e.name: node.module for node in imported for e in node.names}
        modules = [node for node in ast.walk(source.tree) if isinstance(node, ast.Import)]
        self._imported |= {e.asname or e.name: e.name for node in modules for e in node.names}

    def decide(self, statement: ast.stmt) -> bool:
        """Tell whether they alone do; one that may end its function decides about others, too."""
        if any(isinstance(each, ast.Return | ast.Raise) for each in ast.walk(statement)):
            return False
        every = [each for node in self._made_of(statement) for each in ast.walk(node)]
        called = {id(each.func) for each in every if isinstance(each, ast.Call)}
        attributes = {each.attr for each in every if isinstance(each, ast.Attribute)}
        plain = ENGINES if attributes & ENGINES else OF_ITEMS  # an engine's name is its dialect's
        return bool(attributes & READS) and all(self._is_known(e, called, plain) for e in every)

    def _deciding(self, statement: ast.stmt) -> Iterator[ast.AST]:
        """Yield conditions, what loops go over, and what the script's own functions are given."""
        waiting: list[ast.AST] = [statement]
        functions = dict(self._functions)
        while waiting:
            for node in ast.walk(waiting.pop()):
                match node:
                    case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
                        yield test
                    case ast.For(iter=over) | ast.comprehension(iter=over):
                        yield over
                    case ast.Call(func=ast.Name(id=name)) if name in self._functions:
                        yield from (*node.args, *(each.value for each in node.keywords))
                        waiting += filter(None, [functions.pop(name, None)])
                    case ast.Try() | ast.Match():
                        yield node

    def _made_of(self, statement: ast.stmt) -> Iterator[ast.AST]:
        """Yield what decides, and what binds the names in it."""
        waiting, known = list(self._deciding(statement)), set[str]()
        while waiting:
            node = waiting.pop()
            yield node
            names = used_names(node) - known
            known |= names
            if names:
                waiting += (value for name, value in self._bindings if name in names)
                waiting += (each for name, each in self._functions.items() if name in names)

    def _is_known(self, node: ast.AST, called: set[int], plain: Collection[str]) -> bool:
        match node:
            case ast.Call(func=ast.Name(id=name)):
                own = name in self._functions or self._is_of_sqlalchemy(name)
                return own or name in FUNCTIONS
            case ast.Attribute(attr=name):
                allowed = METHODS if id(node) in called else plain
                return name in allowed or self._is_of_sqlalchemy(_root(node))
            case ast.Name(id=name) if name in self._imported:
                return name == "op" or self._is_of_sqlalchemy(name)
            case ast.Try() | ast.Match():
                return False
        return True

    def _is_of_sqlalchemy(self, name: str) -> bool:
        return (self._imported.get(name) or "").partition(".")[0] == "sqlalchemy"


def _bindings(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Yield the names that are bound anywhere in a script, each with what it is bound to."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(value=value, targets=targets):
                bound: list[ast.expr] = targets
            case (
                ast.AnnAssign(value=ast.expr() as value, target=target)
                | ast.AugAssign(value=value, target=target)
                | ast.NamedExpr(value=value, target=target)
                | ast.For(iter=value, target=target)
                | ast.withitem(context_expr=value, optional_vars=ast.expr() as target)
            ):
                bound = [target]
            case _:
                continue
        for each in (inner for one in bound for inner in ast.walk(one)):
            if isinstance(each, ast.Name):
                yield each.id, value


def _root(node: ast.expr) -> str:
    """Return the name that a chain of attributes begins with; empty if it is none.

    >>> _root(ast.parse("sa.engine.reflection", mode="eval").body)
    'sa'
    """
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
