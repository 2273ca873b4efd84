"""Classes and tables of a script that others name in a text, as `relationship("Address")` does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator


def mapped_names(statement: ast.stmt) -> set[str]:
    r"""Return the names that a text may have for what a statement of a module defines.

    >>> sorted(mapped_names(ast.parse("class User(Base):\n    __tablename__ = 'users'").body[0]))
    ['User', 'users']
    >>> mapped_names(ast.parse("links = sa.Table('user_tags', metadata)").body[0])
    {'user_tags'}
    """
    match statement:
        case ast.ClassDef(name=name, body=body):
            return {name, *(table for each in body for table in _table_name(each))}
        case ast.Assign(
            value=ast.Call(
                func=ast.Attribute(attr="Table") | ast.Name(id="Table"), args=[first, *_]
            )
        ):
            return {_text(first)} - {""}
    return set()


def names_in_texts(statement: ast.stmt) -> set[str]:
    """Return the names in the texts of a statement."""
    texts = (_text(node) for node in ast.walk(statement))
    return {name for text in texts for name in re.findall(r"\w+", text)}


def _table_name(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.Assign(targets=[ast.Name(id="__tablename__")], value=value):
            yield _text(value)


def _text(node: ast.AST) -> str:
    """Return the text of a literal; empty if it is something else."""
    return str(node.value) if isinstance(node, ast.Constant) and type(node.value) is str else ""
