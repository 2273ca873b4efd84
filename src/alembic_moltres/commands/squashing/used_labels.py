"""Labels of enum types that copied statements use in the revision that adds them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ...diff import AlterEnum, Change
from ...diff.label_uses import uses
from ...sqltext import Syntax, tokens


def with_used_labels(
    changes: Iterable[Change], functions: Iterable[str], syntax: Syntax
) -> list[Change]:
    """Return changes; those of enum types say whether functions use one of the changed labels.

    Args:
        changes: of one direction.
        functions: the sources of the functions with copied statements.
        syntax: of the database.
    """
    changes = list(changes)
    if not any(isinstance(each, AlterEnum) for each in changes):
        return changes
    strings = [each for source in functions for each in _strings(source, syntax)]
    return [_marked(each, strings) if isinstance(each, AlterEnum) else each for each in changes]


def _marked(change: AlterEnum, strings: Sequence[str]) -> AlterEnum:
    before, after = change.types()
    only = {str(each) for each in {*before.args} ^ {*after.args}}
    return replace(change, used=change.used or uses(strings, only))


def _strings(source: str, syntax: Syntax) -> list[str]:
    """Return the strings of a function, and the literals in its SQL text."""
    constants = [
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    inside = (token for text in constants for token in tokens(text, syntax) if token.is_string)
    return [*constants, *(str(token.value) for token in inside)]
