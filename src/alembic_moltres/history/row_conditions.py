"""The lines of a script that change tables or not, depending on the rows that a query finds.

The source alone is inspected, so a line is one of these as soon as it may be.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence

from .scripts import changes_tables

ADDING = frozenset({"append", "add", "extend", "insert", "setdefault", "update"})
"""Methods that put a value into the object that has them."""


def row_dependent_changes(source: str, queries: Mapping[str, Iterable[int]]) -> list[ast.AST]:
    r"""Return the nodes that change tables only if queries find rows, or only if they find none.

    Args:
        source: of the script.
        queries: the lines that were running when it queried, by the names of their functions.

    >>> script = '''
    ... def upgrade():
    ...     ids = bind.execute(query).all()
    ...     op.drop_column("users", "a")
    ...     if not ids:
    ...         return
    ...     op.drop_column("users", "b")
    ... '''
    >>> [node.lineno for node in row_dependent_changes(script, {"upgrade": [3]})]
    [7]
    """
    tree = ast.parse(source)
    changes = _Changes(tree)
    found: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in queries:
            found += _Function(node, queries[node.name], changes).dependents()
    return found


class _Changes:
    """Finds changes of tables, those in the script's own functions included."""

    def __init__(self, tree: ast.Module) -> None:
        self._functions = {
            each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)
        }

    def inside(self, node: ast.AST, *callers: str) -> Iterator[ast.AST]:
        """Yield the changes in a node, and in the functions that it calls."""
        for each in ast.walk(node):
            if changes_tables(each):
                yield each
            elif isinstance(each, ast.Call) and isinstance(each.func, ast.Name):
                name = each.func.id
                if name in self._functions and name not in callers:
                    yield from self.inside(self._functions[name], *callers, name)


class _Function:
    """A function with lines that query.

    Attributes:
        names: the variables whose values depend on what these lines find.
        found: the nodes that change tables and depend on it.
    """

    def __init__(
        self,
        function: ast.FunctionDef | ast.AsyncFunctionDef,
        lines: Iterable[int],
        changes: _Changes,
    ) -> None:
        self._function = function
        self._lines = frozenset(lines)
        self._changes = changes
        self.names: set[str] = set()
        self.found: list[ast.AST] = []

    def dependents(self) -> list[ast.AST]:
        """Return the nodes that change tables and depend on the lines."""
        before = -1
        while before != len(self.names):
            before, self.found = len(self.names), []
            self._block(self._function.body, depends=False)
        return self.found

    def _depends(self, *nodes: ast.AST | None) -> bool:
        return any(
            (isinstance(each, ast.Name) and each.id in self.names)
            or (isinstance(each, ast.Call) and self._queries(each))
            for node in nodes
            if node is not None
            for each in ast.walk(node)
        )

    def _queries(self, call: ast.Call) -> bool:
        return any(call.lineno <= line <= (call.end_lineno or 0) for line in self._lines)

    def _block(self, body: Sequence[ast.stmt], *, depends: bool) -> bool:
        """Follow statements; return whether what comes behind them depends on the rows."""
        for each in body:
            depends = self._statement(each, depends=depends) or depends
        return depends

    def _statement(self, statement: ast.stmt, *, depends: bool) -> bool:
        match statement:
            case ast.If() | ast.While() | ast.For() | ast.AsyncFor() | ast.Match():
                return self._branches(statement, depends=depends)
            case ast.With() | ast.AsyncWith():
                for item in statement.items:
                    if depends or self._depends(item.context_expr):
                        self._store(item.optional_vars)
                    self._note(item, depends=depends)
                return self._block(statement.body, depends=depends)
            case ast.Try() | ast.TryStar():
                parts = [statement.body, *(each.body for each in statement.handlers)]
                parts += [statement.orelse, statement.finalbody]
                behind = [self._block(part, depends=depends) for part in parts]
                return any(behind)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return False
        self._assign(statement, depends=depends)
        self._note(statement, depends=depends)
        return False

    def _branches(self, statement: ast.stmt, *, depends: bool) -> bool:
        """Follow a condition or a loop."""
        parts: list[Sequence[ast.stmt]]
        guards: list[ast.expr | None] = []
        match statement:
            case ast.For() | ast.AsyncFor():
                head, parts = statement.iter, [statement.body, statement.orelse]
                if depends or self._depends(head):
                    self._store(statement.target)
            case ast.Match():
                head, parts = statement.subject, [each.body for each in statement.cases]
                guards = [each.guard for each in statement.cases]
                if depends or self._depends(head):
                    self.names |= _captured(statement)
            case ast.If() | ast.While():
                head, parts = statement.test, [statement.body, statement.orelse]
            case _:
                return False
        self._note(head, depends=depends)
        inside = depends or self._depends(head, *guards)
        behind = [self._block(part, depends=inside) for part in parts]
        if inside and not depends:
            return any(_leaves(statement))
        return any(behind)

    def _assign(self, statement: ast.stmt, *, depends: bool) -> None:
        match statement:
            case ast.Assign():
                if depends or self._depends(statement.value):
                    self._store(*statement.targets)
            case ast.AnnAssign() | ast.AugAssign():
                if depends or self._depends(statement.value):
                    self._store(statement.target)
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr=attr) as method) as call):
                given = (*call.args, *(each.value for each in call.keywords))
                if attr in ADDING and (depends or self._depends(*given)):
                    self._store(method.value)

    def _store(self, *targets: ast.AST | None) -> None:
        """Note that the variables that are assigned depend on the rows."""
        for target in targets:
            match target:
                case ast.Subscript() | ast.Attribute() | ast.Starred():
                    self._store(target.value)
                case ast.Tuple() | ast.List():
                    self._store(*target.elts)
                case ast.Name():
                    self.names.add(target.id)

    def _note(self, node: ast.AST, *, depends: bool) -> None:
        """Note the changes, and the variables of `:=`, in a node that has no statements."""
        for each in ast.walk(node):
            if isinstance(each, ast.NamedExpr) and (depends or self._depends(each.value)):
                self._store(each.target)
        parts = (self._optional(each) for each in ast.walk(node))
        optional = (part for each in (*parts, self._built(node)) for part in each)
        for part in [node] if depends else optional:
            self.found += self._changes.inside(part)

    def _built(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the calls with an argument, and the texts with a part, that depend on the rows."""
        for each in ast.walk(node):
            values: Sequence[ast.AST] = ()
            match each:
                case ast.Call(args=args, keywords=keywords):
                    values = (*args, *keywords)
                case ast.JoinedStr() | ast.BinOp():
                    values = (each,)
            used = (inner for value in values for inner in ast.walk(value))
            if any(isinstance(inner, ast.Name) and inner.id in self.names for inner in used):
                yield each

    def _optional(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the parts of an expression that are evaluated depending on the rows."""
        match node:
            case ast.IfExp() if self._depends(node.test):
                yield node.body
                yield node.orelse
            case ast.BoolOp(values=values):
                tests = (at for at, each in enumerate(values, 1) if self._depends(each))
                yield from values[next(tests, len(values)) :]
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                chosen = (part for each in node.generators for part in (each.iter, *each.ifs))
                if self._depends(*chosen):
                    yield node.elt


def _captured(statement: ast.Match) -> set[str]:
    """Return the variables that the patterns assign."""
    parts = [part for each in statement.cases for part in ast.walk(each.pattern)]
    names = {part.name for part in parts if isinstance(part, ast.MatchAs | ast.MatchStar)}
    names |= {part.rest for part in parts if isinstance(part, ast.MatchMapping)}
    return {name for name in names if name is not None}


def _leaves(statement: ast.stmt) -> Iterator[bool]:
    """Yield for each statement by which a condition or a loop leaves what is around it.

    What raises ends the upgrade.
    """
    is_loop = isinstance(statement, ast.For | ast.AsyncFor | ast.While)
    leaving = ast.Return if is_loop else ast.Return | ast.Break | ast.Continue
    return (True for each in ast.walk(statement) if isinstance(each, leaving))
