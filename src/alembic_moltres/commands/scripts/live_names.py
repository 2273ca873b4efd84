"""Where a script uses an application's models, tables and metadata."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import sqlalchemy as sa

from ...convert import is_sqlalchemy_model
from ...convert.models import table_of
from .source import Function, ScriptSource, parents

LIBRARIES = frozenset({"alembic", "alembic_moltres", "sqlalchemy"})
"""The packages whose objects do not belong to an application."""


@dataclass(frozen=True, slots=True)
class Use:
    """An expression whose value is an application's SQLAlchemy object.

    Attributes:
        node: the whole expression: `models.User`, `User.__table__`, `User.name`.
        live: a model, a `Table`, a `MetaData`, or an attribute of a model.
        column: the column, if it is an attribute.
        name: the table's name, if it is `User.__tablename__`.
    """

    node: ast.expr
    live: Any
    column: sa.Column[Any] | None = None
    name: str | None = None

    @property
    def table(self) -> sa.Table | None:
        """The table of the object."""
        if self.column is not None:
            return self.column.table
        return None if isinstance(self.live, sa.MetaData) else table_of(self.live)


Import = ast.Import | ast.ImportFrom

EVERYTHING = "*"
"""The name that `bound_by` returns for `from shop.models import *`."""


def bound_by(alias: ast.alias) -> str:
    """Return the name that a part of an import binds."""
    return alias.asname or alias.name.partition(".")[0]


def package_of(node: Import) -> str:
    """Return the top-level package of an import; empty if there are several."""
    names = [each.name for each in node.names] if isinstance(node, ast.Import) else [node.module]
    packages = {(each or "").partition(".")[0] for each in names}
    return packages.pop() if len(packages) == 1 else ""


def imports_of(source: ScriptSource, module: ModuleType) -> dict[Import, dict[str, Any]]:
    """Return what each import of an application binds, also inside functions."""
    imports: dict[Import, dict[str, Any]] = {}
    for node in ast.walk(source.tree):
        if isinstance(node, Import) and not _is_library(node):
            names: dict[str, Any] = {"__name__": module.__name__}
            file = module.__file__ or source.name
            exec(compile(ast.Module([node], []), file, "exec"), names)  # noqa: S102 - again
            del names["__name__"], names["__builtins__"]
            imports[node] = names
    return imports


def _is_library(node: Import) -> bool:
    modules = [each.name for each in node.names] if isinstance(node, ast.Import) else [node.module]
    return all((each or "").partition(".")[0] in LIBRARIES for each in modules)


def uses(source: ScriptSource, module: ModuleType) -> Iterator[Use]:
    """Yield the uses of an application's objects in a script, in the order of its tree."""
    above = parents(source.tree)
    imports = imports_of(source, module)
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
            continue
        names = _visible(node, imports, above)
        use = _use(node, names[node.id], above) if node.id in names else None
        if use is not None:
            yield use


def _visible(
    node: ast.AST, imports: dict[Import, dict[str, Any]], above: dict[ast.AST, ast.AST]
) -> dict[str, Any]:
    """Return the imported names that a node sees."""
    functions = []
    inside: ast.AST | None = node
    while inside is not None:
        functions += [inside] if isinstance(inside, Function) else []
        inside = above.get(inside)
    visible: dict[str, Any] = {}
    for statement, names in imports.items():
        owner = above.get(statement)
        while owner is not None and not isinstance(owner, Function):
            owner = above.get(owner)
        if owner is None or owner in functions:
            visible |= names
    return visible


def _use(node: ast.expr, value: Any, above: dict[ast.AST, ast.AST]) -> Use | None:
    """Follow the attributes of a name until one is a SQLAlchemy object."""
    while not _is_live(value):
        parent = above.get(node)
        if not isinstance(parent, ast.Attribute) or not hasattr(value, parent.attr):
            return None
        node, value = parent, getattr(value, parent.attr)
    if isinstance(value, sa.MetaData):
        return _table_of_metadata(node, value, above) or Use(node, value)
    parent = above.get(node)
    if not is_sqlalchemy_model(value) or not isinstance(parent, ast.Attribute):
        return Use(node, value)
    attribute = getattr(value, parent.attr, None)
    if parent.attr == "__tablename__":
        return Use(parent, value, name=str(attribute))
    if isinstance(attribute, sa.Table | sa.MetaData):
        return Use(parent, attribute)
    columns = getattr(getattr(attribute, "property", None), "columns", None)
    return Use(parent, value, columns[0]) if columns else Use(node, value)


def _table_of_metadata(
    node: ast.expr, metadata: sa.MetaData, above: dict[ast.AST, ast.AST]
) -> Use | None:
    """Return the use of one table, if the metadata's node is that of `metadata.tables["users"]`."""
    tables = above.get(node)
    item = above.get(tables) if tables is not None else None
    match tables, item:
        case ast.Attribute(attr="tables"), ast.Subscript(slice=ast.Constant(value=str(key))):
            if item.value is tables and key in metadata.tables:
                return Use(item, metadata.tables[key])
    return None


def _is_live(value: object) -> bool:
    return isinstance(value, sa.Table | sa.MetaData) or is_sqlalchemy_model(value)
