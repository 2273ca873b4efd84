"""How a range becomes one script: its net changes, the copied statements, and their replay."""

from __future__ import annotations

import traceback
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.script import Script, ScriptDirectory

from .. import diff as changes
from ..errors import HistoryError
from ..history.anchors import from_anchors
from ..history.catalogue import Catalogue
from ..history.replay import Replay
from ..history.states import EmptyDatabase
from ..messages import one_line
from ..sqltext import tokens
from .copied_source import origin_of
from .copied_statements import Part, check_names, part_of, place_routines, without_replaced
from .effects import Effects, RenamedItem, effects_of
from .owned_sequences import owned_lines
from .plain.writer import Writer
from .replays import another_replay, script_of, shape
from .script_runs import restoring
from .script_source import ScriptSource
from .squash_range import Range
from .squash_script import Body, Direction, body_of, free_type_lines


@dataclass(frozen=True, slots=True)
class SquashedDatabase:
    """What a range does to one database.

    Attributes:
        database: its name; empty if `env.py` migrates one.
        body: the lines of the two functions, and the functions that they call.
        before: the tables before the range.
        after: the tables after it.
        raises: whether a script of the range raises in a replay.
    """

    database: str
    body: Body
    before: Catalogue
    after: Catalogue
    raises: bool


def squash_database(
    directory: ScriptDirectory,
    database: EmptyDatabase,
    squash_range: Range,
    *,
    left_out: Collection[str],
    imports: set[str],
) -> SquashedDatabase:
    """Return what a range does to a database.

    Args:
        directory: the project's scripts.
        database: the stand-in.
        squash_range: of these scripts.
        left_out: statements to omit.
        imports: of the script, including those for other databases; updated.

    Raises:
        HistoryError: see `squash`.
    """
    replay = database.first_replay()
    for script in squash_range.before:
        replay.run(script)
    before = replay.recorder.catalogue.copy()
    effects = [effects_of(replay, script, database.name) for script in squash_range.inside]
    after = _known(directory, database, squash_range, replay, left_out)
    syntax = replay.recorder.syntax
    sources = {each.script: ScriptSource.read(Path(each.script.path)) for each in effects}
    _check_left_out(sources.values(), left_out)
    up = _parts(effects, sources, "upgrade", left_out, syntax)
    down = _parts(effects[::-1], sources, "downgrade", left_out, syntax)
    dropped = set().union(_names(before), *(each.names for each in effects)) - _names(after)
    _drop_replaced(up, dropped, syntax)
    _drop_replaced(down, dropped, syntax)
    place_routines([part for _, part in up], _identifiers(after), syntax)
    renames = renames_of(before, [each for one in effects for each in one.renamed])
    net = changes.diff(before.tables.values(), after.tables.values(), renames)
    writer = Writer(database.context.dialect)
    back = [each.reverse() for each in reversed(net)]
    directions = (
        _direction(writer, up, before, net, after, back=False),
        _direction(writer, down, after, back, before, back=True),
    )
    body = body_of(database.context, squash_range, directions, imports)
    raises = any(each.raises for each in effects)
    return SquashedDatabase(database.name, body, before, after, raises)


def _direction(
    writer: Writer,
    parts: list[tuple[str, Part]],
    start: Catalogue,
    done: Sequence[changes.Change],
    end: Catalogue,
    *,
    back: bool,
) -> Direction:
    before, after = (end, start) if back else (start, end)
    owned = owned_lines(writer, start, done, end)
    return Direction(parts, list(done), free_type_lines(writer, before, after, back=back), owned)


def _check_left_out(sources: Iterable[ScriptSource], left_out: Collection[str]) -> None:
    """Check that omitted statements exist.

    Raises:
        HistoryError: a line is not in a function of the range.
    """
    existing = {
        f"{source.name}:{line}"
        for source in sources
        for function in source.functions()
        for statement in function.body
        for line in range(statement.lineno, (statement.end_lineno or 0) + 1)
    }
    for each in left_out:
        if each not in existing:
            raise HistoryError(
                f"--leave-out {each} is not a statement of the range; pass FILE:LINE of one", each
            )


def _known(
    directory: ScriptDirectory,
    database: EmptyDatabase,
    squash_range: Range,
    replay: Replay,
    left_out: Collection[str],
) -> Catalogue:
    """Return the tables after the range.

    Raises:
        HistoryError: a table is uncertain.
    """
    scripts = [*squash_range.before, *squash_range.inside]
    known = from_anchors(directory, scripts)
    if len(known) < len(scripts):
        replay = another_replay(database)
        for script in known:
            replay.run(script)
    uncertain = [
        each
        for each in replay.recorder.uncertainties()
        if str(each.place) not in set(left_out) or each.tables
    ]
    if uncertain:
        raise HistoryError(
            f"{uncertain[0]}; declare what the line does in 'with op.moltres_state_only():'",
            uncertain,
        )
    return replay.recorder.catalogue.copy()


def _parts(
    effects: Sequence[Effects],
    sources: Mapping[Script, ScriptSource],
    function: str,
    left_out: Collection[str],
    syntax: Any,
) -> list[tuple[str, Part]]:
    parts = []
    for each in effects:
        part = part_of(each, sources[each.script], function, left_out, syntax)
        if part is not None:
            parts.append((each.script.revision, part))
    return parts


def _drop_replaced(
    parts: Iterable[tuple[str, Part]], dropped: Collection[str], syntax: Any
) -> None:
    """Drop replaced statements, and check the rest."""
    copied = [part for _, part in parts]
    without_replaced(copied, syntax)
    check_names(copied, dropped, syntax)


def _names(catalogue: Catalogue) -> set[str]:
    tables = catalogue.tables.values()
    return {str(each.name) for each in tables} | {
        str(column.name) for each in tables for column in each.columns
    }


def _identifiers(catalogue: Catalogue) -> set[str]:
    """Return the identifiers in the DDL of the tables."""
    statements = (each for ddl in shape(catalogue).values() for each in ddl)
    return {token.value for each in statements for token in tokens(each, catalogue.impl.syntax)}


def renames_of(before: Catalogue, renamed: Sequence[RenamedItem]) -> list[changes.Rename]:
    """Return the net renames of what existed before, in the order of the last renames."""
    tables = {key: key for key in before.tables}
    columns = {
        (key, str(column.name)): (key, str(column.name))
        for key, table in before.tables.items()
        for column in table.columns
    }
    for each in renamed:
        if each.is_column:
            at = (each.table, each.current)
            if at in columns:
                columns[each.table, each.desired] = columns.pop(at)
        else:
            new = (each.table[0], each.desired)
            if each.table in tables:
                tables[new] = tables.pop(each.table)
            moved = {at: old for at, old in columns.items() if at[0] == each.table}
            for (_, name), old in moved.items():
                del columns[each.table, name]
                columns[new, name] = old
    table_renames: list[changes.Rename] = [
        changes.TableRename(old[1], new[1], new[0]) for new, old in tables.items() if new != old
    ]
    return table_renames + [
        changes.ColumnRename(table[1], old[1], name, table[0])
        for (table, name), old in columns.items()
        if name != old[1]
    ]


def prove(
    database: EmptyDatabase, squash_range: Range, path: Path, squashed: SquashedDatabase
) -> None:
    """Replay the new script on a database, up and down.

    Args:
        database: the stand-in.
        squash_range: the range.
        path: of the new script.
        squashed: what the script must do.

    Raises:
        HistoryError: the script makes something else.
    """
    before, after = squashed.before, squashed.after
    replay = another_replay(database)
    for script in squash_range.before:
        replay.run(script)
    recorder = replay.recorder
    uncertain = len(recorder.uncertainties())
    new = script_of(path, squash_range.last.revision)
    replay.run(new)
    for each in recorder.uncertainties()[uncertain:]:
        where = _where(path, replay.raised, squash_range)
        raise HistoryError(f"as one script it would be uncertain: {each}{where}", each)
    if replay.raised is not None and not squashed.raises:
        raise HistoryError(
            f"as one script it would raise {type(replay.raised).__name__}: "
            f"{one_line(str(replay.raised))}{_where(path, replay.raised, squash_range)}",
            path,
        )
    if shape(recorder.catalogue) != shape(after) or recorder.catalogue.owned != after.owned:
        raise HistoryError(
            f"as one script {squash_range.last.revision} would make other tables; "
            "nothing was written",
            squash_range,
        )
    with restoring(recorder):
        replay.run_downgrade(new)
        back, owned = shape(recorder.catalogue), recorder.catalogue.owned.copy()
    if back != shape(before) or owned != before.owned:
        raise HistoryError(
            f"downgrade() of {squash_range.last.revision} would leave other tables; "
            "nothing was written",
            squash_range,
        )


def _where(path: Path, raised: Exception | None, squash_range: Range) -> str:
    """Return the origin of the failing line, with the remedy."""
    frames = traceback.extract_tb(raised.__traceback__ if raised else None)
    lines = [frame.lineno for frame in frames if frame.filename == str(path) and frame.lineno]
    origin = origin_of(path, lines[-1], squash_range.inside) if lines else None
    if origin is None:
        return ""
    return f" (it is {origin}; pass that with --leave-out, and do the same at the end)"
