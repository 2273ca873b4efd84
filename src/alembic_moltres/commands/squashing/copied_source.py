"""Statements of old scripts as functions of a new one: with what they need, byte for byte."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import traceback
from collections.abc import Collection, Iterable, Iterator
from itertools import count
from pathlib import Path

from alembic.script import Script

from ...autogenerate.script.formatting import literal
from ..scripts.source import ScriptSource
from .copied_statements import Part, needed

INDENT = "    "


def function_of(
    part: Part, revision: str, others: Collection[str], *, first: bool
) -> tuple[str, str] | None:
    """Return the name and the source of a function with the copied statements of a part.

    Args:
        part: of one script.
        revision: of the script.
        others: the names of the functions so far.
        first: the statements before the tables are created, or those after.

    Raises:
        HistoryError: a statement needs more of a created table than its value has.
    """
    chosen = [each.statement for each in part.statements if each.is_first is first]
    if not chosen:
        return None
    inside, module, tables = needed(part, chosen)
    if tables:
        _check_values_suffice(part)
    lines = [_moved(part.source, each) for each in module if not _is_common(each)]
    made = {name: key for name, key in part.made.items() if name in tables}
    lines += [f"{INDENT}{name} = op.moltres_tables()[{_key(key)}]\n" for name, key in made.items()]
    body = sorted([*inside, *chosen], key=lambda each: each.lineno)
    lines += [_with_comments(part.source, each) for each in body]
    wanted = re.sub(r"\W", "_", f"_{part.function.name}_{revision}{'_objects' if first else ''}")
    name = next(each for each in _numbered(wanted) if each not in others)
    title = f'{INDENT}"""What {revision} does beside its tables."""\n'
    return name, f"def {name}() -> None:\n{title}{''.join(lines)}"


def _check_values_suffice(part: Part) -> None:
    """Refuse a statement that needs a type or default that `op.moltres_tables()` does not have."""
    for each in part.statements:
        python = next((effect.python for effect in each.effects if effect.python), None)
        if python is not None and needed(part, [each.statement])[2]:
            raise part.source.error(
                each.statement,
                f"its table in the new script would not have {python}; state the table with "
                "sa.table() and sa.column() in the script, or pass the line with --leave-out",
            )


def _numbered(name: str) -> Iterator[str]:
    """Yield a name, and the same with a number behind it."""
    yield name
    yield from (f"{name}_{number}" for number in count(2))


def origin_of(new: Path, line: int, scripts: Iterable[Script]) -> str | None:
    """Return the file and the line from which a line of a new script was copied.

    Args:
        new: the new script.
        line: of it.
        scripts: those from which its functions come.
    """
    source = ScriptSource.read(new)
    inside = (f.name for f in source.functions() if f.lineno <= line <= (f.end_lineno or 0))
    name = next(inside, "")
    text = source.text.split("\n")[line - 1].strip()
    for script in scripts:
        if re.sub(r"\W", "_", script.revision) in name:
            old = ScriptSource.read(Path(script.path))
            lines = (each.strip() for each in old.text.split("\n"))
            at = next((number for number, each in enumerate(lines, start=1) if each == text), None)
            return None if at is None else f"{old.name}:{at}"
    return None


def remedy_of_copied(new: Path, raised: BaseException | None, scripts: Iterable[Script]) -> str:
    """Return the origin of a copied line that raised, with the remedy; empty if it is not copied.

    Args:
        new: the new script.
        raised: what running it raised.
        scripts: see `origin_of`.
    """
    frames = traceback.extract_tb(raised.__traceback__ if raised else None)
    lines = [frame.lineno for frame in frames if frame.filename == str(new) and frame.lineno]
    origin = origin_of(new, lines[-1], scripts) if lines else None
    if origin is None:
        return ""
    return f" (it is {origin}; pass that with --leave-out, and do the same at the end)"


def _key(text: str) -> str:
    try:
        key = ast.literal_eval(text)
    except ValueError:
        return f"{text}.key"
    return literal(str(key))


def _is_common(statement: ast.stmt) -> bool:
    match statement:
        case ast.Import(names=[ast.alias(name="sqlalchemy", asname="sa")]):
            return True
        case ast.ImportFrom(module="alembic", names=[ast.alias(name="op", asname=None)]):
            return True
    return False


def _with_comments(source: ScriptSource, statement: ast.stmt) -> str:
    """Return the lines of a statement in a function, with the comments directly above it."""
    first = statement.lineno
    lines = source.text.split("\n")
    while first > 1 and lines[first - 2].strip().startswith("#"):
        first -= 1
    start = source.line_start(first)
    end = source.line_start((statement.end_lineno or 0) + 1)
    text = source.slice(start, end)
    return text if text.endswith("\n") else f"{text}\n"


def _moved(source: ScriptSource, statement: ast.stmt) -> str:
    """Return the lines of a module-level statement, indented; strings are not changed."""
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(each.lineno for each in decorators)])
    start, end = source.line_start(first), source.line_start((statement.end_lineno or 0) + 1)
    text = source.slice(start, end)
    inside = _lines_inside_strings(text)
    lines = text.split("\n")
    return "\n".join(
        line if number in inside or not line else f"{INDENT}{line}"
        for number, line in enumerate(lines, start=1)
    ) + ("" if text.endswith("\n") else "\n")


def _lines_inside_strings(text: str) -> set[int]:
    numbers: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.STRING or token.type == getattr(tokenize, "FSTRING_MIDDLE", -1):
            numbers.update(range(token.start[0] + 1, token.end[0] + 1))
    return numbers
