"""How a range becomes one script: its net changes and the copied statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from alembic.script import Script, ScriptDirectory

from ...errors import HistoryError
from ...history.anchors.replayed import from_anchors
from ...history.catalogue.database import Catalogue
from ...history.replay import Replay
from ...history.states import EmptyDatabase
from ...sqltext import tokens
from ..ejecting.plain.writer import Writer
from ..scripts.effects import Effects, effects_of
from ..scripts.replays import another_replay, shape
from ..scripts.source import ScriptSource
from .copied_objects import place_routines, without_replaced
from .copied_statements import CopiedStatement, Part, part_of
from .free_types import created_and_dropped
from .net_renames import names_of_tables
from .owned_sequences import owned_lines
from .points import END, Point
from .script import Body, Direction, body_of
from .squash_range import Range
from .statements_about_rows import EmptyTables
from .timeline import Section, Timeline


@dataclass(frozen=True, slots=True)
class SquashedDatabase:
    """What a range does to one database.

    Attributes:
        database: its name; empty if `env.py` migrates one.
        body: the lines of the two functions, and the functions that they call.
        before: the tables before the range.
        after: the tables after it.
        raises: whether a script of the range raises in a replay.
        idle: the lines of statements that are left out, because they find no rows.
        between: the lines of statements that run between changes of tables, and why.
        copied: the statements of `upgrade()` and of `downgrade()`; `None` if one of them raises.
    """

    database: str
    body: Body
    before: Catalogue
    after: Catalogue
    raises: bool
    idle: tuple[str, ...]
    between: tuple[str, ...]
    copied: tuple[Sequence[CopiedStatement] | None, ...]


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
    effects, points = _replayed(replay, database, squash_range)
    after = _known(directory, database, squash_range, replay, left_out)
    _check_partitions(before, after)
    timeline = Timeline(
        [*points[:-1], replace(points[-1], tables=after)],
        [each for one in effects for each in one.renamed],
        _names(before).union(*(each.names for each in effects)),
        replay.recorder.syntax,
    )
    up, down = _copied(effects, before, after, timeline, left_out)
    sections_up, sections_down = _sections(timeline, up, down, after)
    _check_refused([e for _, part in (*up, *down) if part for e in part.refused], timeline)
    directions = (
        _direction(database, up, sections_up, before, after),
        _direction(database, down[::-1], sections_down, after, before, is_back=True),
    )
    body = body_of(database.context, squash_range, directions, imports)
    every = [part for _, part in (*up, *down) if part]
    return SquashedDatabase(
        database.name,
        body,
        before,
        after,
        raises=any(each.raises for each in effects),
        idle=tuple(f"{part.source.name}:{each.lineno}" for part in every for each in part.idle),
        between=tuple(timeline.between),
        copied=_statements(effects, up, down),
    )


Copied = list[tuple[str, Part | None]]
"""The part of each script, by revision; `None` for a function that is not there."""


def _copied(
    effects: Sequence[Effects],
    before: Catalogue,
    after: Catalogue,
    timeline: Timeline,
    left_out: Collection[str],
) -> tuple[Copied, Copied]:
    """Return the statements to copy of `upgrade()` and of `downgrade()`, in the scripts' order."""
    sources = {each.script: ScriptSource.read(Path(each.script.path)) for each in effects}
    _check_left_out(sources.values(), left_out)
    syntax = timeline.syntax
    tables = EmptyTables(before, effects, syntax)
    idle = tables.without_effect(effects) | tables.on_dropped_tables(effects)
    up = _parts(effects, sources, "upgrade", left_out, idle, syntax)
    down = _parts(effects, sources, "downgrade", left_out, idle, syntax)
    same = names_of_tables(timeline.renamed)
    for parts in (up, down[::-1]):
        without_replaced([part for _, part in parts if part], syntax, same)
        timeline.move_late(parts)
    return up, down


def _statements(
    effects: Sequence[Effects], up: Copied, down: Copied
) -> tuple[list[CopiedStatement] | None, ...]:
    """Return the copied statements of both directions; `None` for one that raises."""
    raises = any(each.raises for each in effects), any(each.raised_at for each in effects)
    return tuple(
        None if raised else [each for _, part in copied if part for each in part.statements]
        for raised, copied in zip(raises, (up, down), strict=True)
    )


def _sections(
    timeline: Timeline, up: Copied, down: Copied, after: Catalogue
) -> tuple[list[Section], list[Section]]:
    """Return the sections of both functions; routines that tables need precede all of them.

    Which tables there are depends on the statements that run between changes of tables.
    """
    parts = [part for _, part in up if part]
    first = [each for part in parts for each in part.statements if each.is_first]
    place_routines(parts, _identifiers([after]), timeline.syntax)
    sections = timeline.sections(up, down)
    between = [each.tables for each in timeline.used if each.tables is not None]
    if not between:
        return sections
    for each in first:
        each.is_first = True
    place_routines(parts, _identifiers([after, *between]), timeline.syntax)
    return timeline.sections(up, down)


def _replayed(
    replay: Replay, database: EmptyDatabase, squash_range: Range
) -> tuple[list[Effects], list[Point]]:
    """Run the range, and return what each script does, and the times before and after them."""
    points = [Point((-1, END), replay.recorder.catalogue.copy(), 0)]
    effects: list[Effects] = []
    for number, script in enumerate(squash_range.inside):
        effects.append(effects_of(replay, script, database.name))
        renames = points[-1].renames + len(effects[-1].renamed)
        points.append(_point(replay, number, renames))
    return effects, points


def _point(replay: Replay, number: int, renames: int) -> Point:
    """Return the time after a script."""
    recorder = replay.recorder
    tables = None if recorder.uncertainties() else recorder.catalogue.copy()
    return Point((number, END), tables, renames)


def _direction(
    database: EmptyDatabase,
    parts: Sequence[tuple[str, Part | None]],
    sections: Sequence[Section],
    start: Catalogue,
    end: Catalogue,
    *,
    is_back: bool = False,
) -> Direction:
    writer = Writer(database.context.dialect)
    done = [change for each in sections for change in each.changes]
    first = [(revision, part) for revision, part in parts if part is not None]
    created, dropped = created_and_dropped(start, done, end, back=is_back)
    return Direction(first, sections, created, dropped, owned_lines(writer, start, done, end))


def _check_refused(refused: Sequence[HistoryError], timeline: Timeline) -> None:
    """Check that each statement can be copied.

    Raises:
        HistoryError: some cannot; the message has their lines by reason.
    """
    every = [*refused, *timeline.refused]
    if every:
        lines: dict[str, dict[str, None]] = {}
        for each in every:
            line, _, reason = str(each.args[0]).partition(": ")
            lines.setdefault(reason, {})[line] = None
        messages = (f"{', '.join(places)}: {reason}" for reason, places in lines.items())
        raise HistoryError("; also ".join(messages), every[0].subject) from every[0]


def _check_partitions(before: Catalogue, after: Catalogue) -> None:
    """Check that the range alters no new partition, which a copied statement creates.

    Raises:
        HistoryError: it does; changes of tables precede the copied statement.
    """
    for key in after.partitions:
        if key in after.tables and key not in before.partitions:
            raise HistoryError(
                f"the range creates the partition {key[1]!r} and alters it; end the range before "
                "the script that creates it, and begin another after that script",
                after.tables[key],
            )


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
    order = {script.revision: number for number, script in enumerate(scripts)}
    uncertain = sorted(  # a later line may be uncertain because of an earlier one
        (
            each
            for each in replay.recorder.uncertainties()
            if str(each.place) not in set(left_out) or each.tables
        ),
        key=lambda each: (order.get(each.place.revision, 0), each.place.line),
    )
    if uncertain:
        raise HistoryError(
            f"{uncertain[0]}; declare what the line does in 'with op.moltres_state_only():', or "
            "let 'alembic-moltres anchor' write all tables of a database at head and squash up to "
            "that",
            uncertain,
        )
    return replay.recorder.catalogue.copy()


def _parts(
    effects: Iterable[Effects],
    sources: Mapping[Script, ScriptSource],
    function: str,
    left_out: Collection[str],
    idle: Collection[int],
    syntax: Any,
) -> Copied:
    return [
        (
            each.script.revision,
            part_of(each, sources[each.script], function, left_out, idle, syntax),
        )
        for each in effects
    ]


def _names(catalogue: Catalogue) -> set[str]:
    tables = catalogue.tables.values()
    columns = {str(column.name) for each in tables for column in each.columns}
    return columns | {str(each.name) for each in tables} | {name for _, name in catalogue.types}


def _identifiers(catalogues: Iterable[Catalogue]) -> set[str]:
    """Return the identifiers in the DDL of the tables."""
    return {
        token.value
        for catalogue in catalogues
        for ddl in shape(catalogue).values()
        for each in ddl
        for token in tokens(each, catalogue.impl.syntax)
    }
