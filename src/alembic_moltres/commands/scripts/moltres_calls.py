"""Where a script calls this package, from its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from .source import Function, ScriptSource, parents

PREFIX = "moltres_"
BLOCKS = frozenset({"moltres_alter_table", "moltres_state_only"})
"""The operations that are used with `with`."""

IDEMPOTENT = "moltres_idempotent"
TABLES_METHOD = "moltres_tables"

LOOPS = (
    *(ast.For, ast.AsyncFor, ast.While),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda),
)


@dataclass(frozen=True, slots=True)
class Site:
    """A statement that calls an operation of this package.

    Attributes:
        method: the operation's method.
        call: the call itself.
        statement: the whole statement, with the block that it opens.
        function: the function around it.
    """

    method: str
    call: ast.Call
    statement: ast.stmt
    function: Function

    @property
    def lines(self) -> range:
        """The lines of the statement."""
        return range(self.statement.lineno, (self.statement.end_lineno or 0) + 1)

    @property
    def op(self) -> str:
        """The expression for `op` here."""
        return (
            ast.unparse(self.call.func.value) if isinstance(self.call.func, ast.Attribute) else ""
        )

    @property
    def before(self) -> str:
        """The assignment before the call, as source: `users = `."""
        match self.statement:
            case ast.Assign(targets=[target]):
                return f"{ast.unparse(target)} = "
            case ast.AnnAssign(target=target, annotation=annotation):
                return f"{ast.unparse(target)}: {ast.unparse(annotation)} = "
        return ""


def sites(source: ScriptSource) -> Iterator[Site]:
    """Yield the statements that call this package, in source order.

    Raises:
        HistoryError: a call is in a place where no other statement can replace it.
    """
    above = parents(source.tree)
    for node in ast.walk(source.tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr.startswith(PREFIX)
            and node.func.attr != TABLES_METHOD
        ):
            yield _site(source, node, node.func.attr, above)


def _site(source: ScriptSource, call: ast.Call, method: str, above: dict[ast.AST, ast.AST]) -> Site:
    statement = _statement(source, call, method, above)
    inside: ast.AST = statement
    while not isinstance(inside, Function):
        if isinstance(inside, LOOPS):
            raise source.error(call, f"op.{method}() is called in a loop; write out its calls")
        if inside not in above:
            raise source.error(call, f"op.{method}() is called outside of a function")
        inside = above[inside]
    return Site(method, call, statement, inside)


def _statement(
    source: ScriptSource, call: ast.Call, method: str, above: dict[ast.AST, ast.AST]
) -> ast.stmt:
    match above[call]:
        case ast.Expr() as statement if method not in BLOCKS:
            return statement
        case ast.Assign(targets=[_]) | ast.AnnAssign() as statement if method not in BLOCKS:
            return statement
        case ast.withitem() as item if method in BLOCKS:
            block = above[item]
            if isinstance(block, ast.With) and len(block.items) == 1:
                _check_block(source, block, item, method)
                return block
        case ast.withitem() if method == IDEMPOTENT:
            raise source.error(
                call,
                f"plain Alembic has no equivalent of op.{method}(); move the lines out of its "
                "block if every database has run this script",
            )
    raise source.error(
        call, f"op.{method}() is part of another expression; give it a statement of its own"
    )


def _check_block(source: ScriptSource, block: ast.With, item: ast.withitem, method: str) -> None:
    """Check that a block has no statements but its own calls."""
    if method != "moltres_alter_table":
        return
    name = item.optional_vars.id if isinstance(item.optional_vars, ast.Name) else None
    for each in block.body:
        match each:
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=owner)))):
                if owner == name:
                    continue
            case ast.Pass():
                continue
        what = "a loop" if isinstance(each, ast.For | ast.While) else "another statement"
        raise source.error(
            each, f"{what} is in the block of op.{method}(); write out the calls, or move it"
        )


def local_names(function: Function) -> set[str]:
    """Return the names that a function binds."""
    names = {each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)}
    for node in ast.walk(function):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                names.add(name)
            case ast.alias(asname=asname, name=name):
                names.add(asname or name.partition(".")[0])
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) if node is not function:
                names.add(name)
    return names


def used_names(node: ast.AST) -> set[str]:
    """Return the names that a node reads."""
    return {
        each.id
        for each in ast.walk(node)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)
    }
