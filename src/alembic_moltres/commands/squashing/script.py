"""The script that replaces a range."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import render_op
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from alembic.util import format_as_comma
from alembic.util.pyfiles import template_to_file
from mako.pygen import PythonPrinter  # type: ignore[import-untyped]  # as Alembic does

from ...autogenerate.script.formatting import INDENT, comment, docstring, literal
from ...dialects.base.registry import impl_of
from ...diff import Change
from ...operations import MoltresCreateTableOp, MoltresDropTableOp
from ...operations.foreign_keys import ForeignKeysOp
from ...operations.value_op import operation_of
from ...schema import TableSchema
from .copied_source import function_of
from .squash_range import Range
from .timeline import Parts, Section
from .used_labels import with_used_labels

Lines = list[str]


@dataclass(slots=True)
class Direction:
    """The contents of `upgrade()` or `downgrade()`: copied statements, and changes of tables.

    Attributes:
        parts: of the scripts, in the order in which they run; for the statements that come first.
        sections: changes of the tables, and the other statements.
        created: creates the types and sequences that no table creates.
        dropped: drops those that no table drops.
        owned: what gives columns their sequences.
    """

    parts: Parts
    sections: Sequence[Section]
    created: Sequence[Change]
    dropped: Sequence[Change]
    owned: Lines


def names_of_constants(scripts: Iterable[Script]) -> dict[str, str]:
    """Return the scripts' names for the values of tables, by table key; the last name wins."""
    return {
        value.key: name
        for script in scripts
        for name, value in vars(script.module).items()
        if isinstance(value, TableSchema)
    }


@dataclass(frozen=True, slots=True)
class Body:
    """What a script does on one database, as text.

    Attributes:
        tokens: the template's names for the two functions.
        upgrades: the lines of `upgrade()`.
        downgrades: the lines of `downgrade()`.
        functions: those that the lines call, by name.
    """

    tokens: tuple[str, str]
    upgrades: str
    downgrades: str
    functions: Mapping[str, str]


def body_of(
    context: MigrationContext,
    squashed: Range,
    directions: tuple[Direction, Direction],
    imports: set[str],
) -> Body:
    """Return the text of a script for one database.

    Args:
        context: of the database.
        squashed: the range.
        directions: up and down.
        imports: of the script, with the constants so far; updated.
    """
    metadata = context.opts.get("target_metadata")
    autogen = AutogenContext(
        context, metadata=sa.MetaData() if metadata is None else metadata, autogenerate=False
    )
    autogen.imports = imports
    names = names_of_constants(squashed.inside)
    functions: dict[str, str] = {}
    up, down = directions
    upgrades = _lines(autogen, up, functions, names, back=False)
    downgrades = _lines(autogen, down, functions, names, back=True)
    tokens = (str(context.opts["upgrade_token"]), str(context.opts["downgrade_token"]))
    return Body(tokens, upgrades, downgrades, functions)


def write_script(
    config: Config,
    directory: ScriptDirectory,
    squashed: Range,
    bodies: Sequence[Body],
    path: Path,
    *,
    imports: Collection[str],
    message: str,
    release: str | None,
) -> None:
    """Write the script to a file, with the project's own template.

    Args:
        config: the project's.
        directory: its scripts.
        squashed: the range.
        bodies: one for each database.
        path: of the file.
        imports: of the bodies.
        message: of the revision.
        release: the release to upgrade an older database with first.
    """
    last = squashed.last
    lines: dict[str, Any] = {each.tokens[0]: each.upgrades for each in bodies}
    lines |= {each.tokens[1]: each.downgrades for each in bodies}
    template_to_file(
        Path(directory.dir, "script.py.mako"),
        path,
        "utf-8",
        up_revision=last.revision,
        down_revision=_scalar(squashed.down_revision),
        branch_labels=_labels(last),
        depends_on=_scalar(squashed.depends_on),
        create_date=datetime.now().astimezone(),
        comma=format_as_comma,
        message=docstring(message),
        imports="\n".join(sorted(imports)),
        config=config,
        **lines,
    )
    functions = {name: text for each in bodies for name, text in each.functions.items()}
    _insert(path, _replaced(squashed, release), functions)


def _lines(
    autogen: AutogenContext,
    direction: Direction,
    functions: dict[str, str],
    names: Mapping[str, str],
    *,
    back: bool,
) -> str:
    """Return the lines of a function."""
    syntax = impl_of(autogen.dialect).syntax
    lines = [] if back else _calls(direction.parts, functions, first=True)
    lines += _rendered(autogen, direction.created, names)
    calls = [_calls(each.parts, functions, first=False) for each in direction.sections]
    for number, section in enumerate(direction.sections, start=1):
        changes = with_used_labels(section.changes, functions.values(), syntax)
        lines += _rendered(autogen, changes, names)
        lines += direction.owned if number == len(direction.sections) else []
        lines += calls[number - 1]
    lines += _rendered(autogen, direction.dropped, names)
    lines += _calls(direction.parts, functions, first=True) if back else []
    every = lines or ["pass"]
    return "\n".join([every[0], *(f"{INDENT}{each}" if each else each for each in every[1:])])


def _rendered(autogen: AutogenContext, done: Iterable[Change], names: Mapping[str, str]) -> Lines:
    """Return the lines of changes; tables get these constants, by table key."""
    lines: Lines = []
    for change in done:
        operation: Any = operation_of(change, (autogen.dialect,))
        if isinstance(operation, MoltresCreateTableOp | MoltresDropTableOp | ForeignKeysOp):
            operation.constant = names.get(operation.table_schema.key)
        lines += _printed(render_op(autogen, operation))
    return lines


def _calls(parts: Parts, functions: dict[str, str], *, first: bool) -> Lines:
    """Return the calls of functions with copied statements, and add the functions."""
    calls = []
    for revision, part in parts:
        made = function_of(part, revision, functions, first=first)
        if made is not None:
            functions[made[0]] = made[1]
            calls.append(f"{made[0]}()")
    return calls


def _printed(lines: Iterable[str]) -> Lines:
    """Return rendered lines with the indentation that Alembic's printer gives them."""
    written = io.StringIO()
    printer = PythonPrinter(written)
    for line in lines:
        printer.writeline(line)
    return written.getvalue().rstrip("\n").split("\n")


def _labels(script: Script) -> tuple[str, ...] | None:
    own = getattr(script.module, "branch_labels", None)
    if not own:
        return None
    return (own,) if isinstance(own, str) else tuple(own)


def _scalar(names: tuple[str, ...]) -> Any:
    if len(names) > 1:
        return names
    return names[0] if names else None


def _replaced(squashed: Range, release: str | None) -> str:
    replaced = [each.revision for each in squashed.inside if each is not squashed.last]
    header = comment(
        f"A database at one of these is upgraded to {squashed.last.revision} first, with "
        + (f"release {release}." if release else "a release that has their scripts.")
    )
    inside = "".join(f"{INDENT}{literal(each)},\n" for each in replaced)
    return (
        f"{header}\nsquashed_revisions = (\n{inside})\n"
        f"squashed_release = {literal(release) if release else None}\n"
    )


def _insert(path: Path, constants: str, functions: Mapping[str, str]) -> None:
    """Insert constants and functions before `upgrade()`."""
    text = path.read_text(encoding="utf-8")
    head, definition, rest = text.partition("\ndef upgrade(")
    inside = "".join(f"\n\n{each}" for each in functions.values())
    path.write_text(f"{head.rstrip()}\n\n{constants}{inside}\n{definition}{rest}", encoding="utf-8")
