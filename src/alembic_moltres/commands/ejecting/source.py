"""The edits that eject a script: calls, tables for rows, constants, imports."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from itertools import takewhile

from ...autogenerate.script.formatting import Bracketed, literal, prefixed
from ...autogenerate.script.head import COMMENT
from ..scripts.moltres_calls import TABLES_METHOD, Site, used_names
from ..scripts.source import ScriptSource, parents
from .plain.writer import lay_out_lines
from .script import DatabaseEjectors, Replacement, comments_inside

PACKAGE = __package__.partition(".")[0]


def plain_script(ejector: DatabaseEjectors, *, proven_only: bool = False) -> ScriptSource:
    """Return a script as plain Alembic.

    Args:
        ejector: of the script; its source has no edits yet.
        proven_only: leave calls unchanged that a replay does not cover.

    Raises:
        HistoryError: something cannot be rewritten; the message has its line.
    """
    source = ejector.source
    source.edits.clear()
    for site, replacement in ejector.replacements.items():
        if replacement.is_proven or not proven_only:
            _replace(source, site, replacement)
    _replace_tables(ejector)
    rewritten = _again(source)
    if not proven_only:
        _remove_constants(rewritten)
        rewritten = _again(rewritten)
        _remove_imports(rewritten, ejector.imports)
    else:
        _insert(rewritten, _missing(rewritten, ejector.imports))
    return _again(rewritten)


def _again(source: ScriptSource) -> ScriptSource:
    return ScriptSource(source.name, source.edited(), source.encoding, "\n")


def _replace(source: ScriptSource, site: Site, replacement: Replacement) -> None:
    lines = [*comments_inside(source, site), *replacement.lines]
    behind_something = site.statement.col_offset and not source.indentation(site.statement)
    if behind_something and len(lines) > 1:
        raise source.error(site.call, "another statement is on its line; move it")
    source.replace_statement(site.statement, lines)


def _replace_tables(ejector: DatabaseEjectors) -> None:
    """Replace `op.moltres_tables()["users"]`, also through a variable."""
    source = ejector.source
    above = parents(source.tree)
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr != TABLES_METHOD:
            continue
        match above[node]:
            case ast.Subscript(slice=ast.Constant(value=str(key))) as subscript:
                made = ejector.tables_at(node, [key])[key]
                source.replace(subscript, made if isinstance(made, str) else made.flat)
            case ast.Assign(targets=[ast.Name(id=name)]):
                tables = ejector.tables_at(node, _keys(source, name, node))
                inside = [prefixed(f"{literal(key)}: ", each) for key, each in tables.items()]
                indent = source.indentation(above[node])
                lines = lay_out_lines(Bracketed("{", inside, "}"), indent=indent)
                source.replace(node, f"\n{indent}".join(lines))
            case ast.Subscript(slice=key):
                raise source.error(
                    node,
                    f"op.moltres_tables()[{ast.unparse(key)}] does not state the table; write its "
                    "name as a string",
                )
            case _:
                raise source.error(
                    node,
                    'op.moltres_tables() has no subscript; write op.moltres_tables()["name"]',
                )


def _keys(source: ScriptSource, name: str, call: ast.Call) -> list[str]:
    """Return the keys that a name is subscripted with."""
    keys: dict[str, None] = {}
    above = parents(source.tree)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
            match above[node]:
                case ast.Subscript(slice=ast.Constant(value=str(key))):
                    keys[key] = None
                case _:
                    raise source.error(node, f"{name!r} is not used as {name}['table']")
    return list(keys)


def _imported(source: ScriptSource) -> dict[str, ast.stmt]:
    """Return the names imported from this package, with their import statements."""
    imports: dict[str, ast.stmt] = {}
    for node in ast.walk(source.tree):
        match node:
            case ast.ImportFrom(module=str(module), names=names, level=0):
                if module.partition(".")[0] == PACKAGE:
                    imports |= {each.asname or each.name: node for each in names}
            case ast.Import(names=names):
                ours = [each for each in names if each.name.partition(".")[0] == PACKAGE]
                imports |= {each.asname or PACKAGE: node for each in ours}
    return imports


def _remove_constants(source: ScriptSource) -> None:
    """Remove the module's constants that use this package and are no longer used."""
    imported = set(_imported(source))
    constants = {
        target.id: node
        for node in source.tree.body
        if isinstance(node, ast.Assign)
        and isinstance(target := node.targets[0], ast.Name)
        and len(node.targets) == 1
    }
    made = {name for name, node in constants.items() if used_names(node.value) & imported}
    while more := {
        name
        for name, node in constants.items()
        if name not in made and used_names(node.value) & made
    }:
        made |= more
    kept = _used_outside(source, [constants[name] for name in made])
    removed = {name: constants[name] for name in made if name not in kept}
    for node in removed.values():
        source.remove_statement(node)
    if removed and len(removed) == len(made):
        _remove_comment(source, is_last=source.tree.body[-1] in removed.values())


def _used_outside(source: ScriptSource, statements: Iterable[ast.stmt]) -> set[str]:
    """Return the names used outside these statements, directly or through other statements."""
    waiting = list(statements)
    names: set[str] = set()
    for node in source.tree.body:
        if node not in waiting:
            own = _local_names(node) if isinstance(node, ast.FunctionDef) else set()
            names |= used_names(node) - own
    while kept := [each for each in waiting if _target(each) in names]:
        waiting = [each for each in waiting if each not in kept]
        names |= {name for each in kept for name in used_names(each)}
    return names


def _target(node: ast.stmt) -> str:
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    return target.id if isinstance(target, ast.Name) else ""


def _remove_comment(source: ScriptSource, *, is_last: bool) -> None:
    """Remove the comment above the constants; at the end of a script also the blank lines."""
    lines = source.text.split("\n")
    for number, line in enumerate(lines, start=1):
        if line == COMMENT:
            above = reversed(lines[: number - 1])
            blank = len(list(takewhile(lambda each: not each.strip(), above)))
            source.remove_lines(number - (blank if is_last else min(blank, 1)), number)


def _remove_imports(source: ScriptSource, needed: set[str]) -> None:
    """Remove the imports of this package, and add those that the new lines need.

    Raises:
        HistoryError: something of this package is still used.
    """
    imported = _imported(source)
    above = parents(source.tree)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name) and node.id in imported and not _is_local(node, above):
            raise source.error(
                node,
                f"{node.id} of {PACKAGE} is used outside of its operations and constants; write "
                "the code without it",
            )
    missing = _missing(source, needed)
    for node in dict.fromkeys(imported.values()):
        if missing and node in source.tree.body:
            source.replace_statement(node, missing)
            missing = []
        else:
            source.remove_statement(node)
    _insert(source, missing)


def _is_local(name: ast.Name, above: Mapping[ast.AST, ast.AST]) -> bool:
    """Tell whether the name is bound to something else in its function."""
    node: ast.AST = name
    while node in above:
        node = above[node]
        if isinstance(node, ast.FunctionDef) and name.id in _local_names(node):
            return True
    return False


def _local_names(function: ast.FunctionDef) -> set[str]:
    """Return the names that a function binds itself, except those of this package."""
    bound: set[str] = set()
    for node in ast.walk(function):
        match node:
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()) | ast.ClassDef(name=name):
                bound.add(name)
            case ast.FunctionDef(name=name) if node is not function:
                bound.add(name)
            case ast.ImportFrom(module=module, names=names):
                if (module or "").partition(".")[0] != PACKAGE:
                    bound |= {each.asname or each.name for each in names}
    return bound


def _missing(source: ScriptSource, needed: set[str]) -> list[str]:
    """Return the needed import lines that the script does not have."""
    existing = {
        f"from {node.module} import {each.name}"
        for node in source.tree.body
        if isinstance(node, ast.ImportFrom)
        for each in node.names
        if each.asname is None
    }
    return sorted(needed - existing)


def _insert(source: ScriptSource, lines: list[str]) -> None:
    """Insert import lines after the last import."""
    if lines:
        source.insert_imports("".join(f"{each}\n" for each in lines))
