"""Signatures that autodoc cannot find.

Those of `op.moltres_*` are in the stubs: Alembic's functions have `*args, **kw` at run time. Values
have their fields: a metaclass has the call. A block is never made by hand.
"""

from __future__ import annotations

import ast
import inspect
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.inspect import stringify_signature

import alembic_moltres
from alembic_moltres.operations.alter import AlteredTable

STUBS = Path(alembic_moltres.__file__).parents[1] / "alembic-stubs" / "op.pyi"
PREFIX = "alembic.op."


def signatures() -> dict[str, tuple[str, str]]:
    """Return the arguments and the result of each operation."""
    body = ast.parse(STUBS.read_text(encoding="utf-8")).body
    return {
        each.name: (f"({ast.unparse(each.args)})", ast.unparse(each.returns))
        for each in body
        if isinstance(each, ast.FunctionDef) and each.returns is not None
    }


def replace(
    _app: Sphinx, what: str, name: str, found: Any, _options: Any, signature: str, result: str
) -> tuple[str, str | None]:
    """Return the signature to show."""
    if name.startswith(PREFIX):
        return signatures().get(name.removeprefix(PREFIX), (signature, result))
    if what == "class" and is_dataclass(found):
        shown = inspect.signature(found.__init__)
        fields = list(shown.parameters.values())[1:]
        return stringify_signature(
            shown.replace(parameters=fields), show_return_annotation=False
        ), None
    if found is AlteredTable:
        return "", None
    return signature, result


def shorten(
    _app: Sphinx, _what: str, name: str, _object: Any, _options: Any, lines: list[str]
) -> None:
    """Leave out the first argument, which a script does not give."""
    if name.startswith(PREFIX):
        lines[:] = [line for line in lines if line.strip() != "operations: where to run it."]


def setup(app: Sphinx) -> dict[str, bool]:
    """Listen to what autodoc finds, before napoleon does."""
    app.connect("autodoc-process-signature", replace)
    app.connect("autodoc-process-docstring", shorten, priority=100)
    return {"parallel_read_safe": True}
