"""At which time of a range its copied statements run: each where the names that it uses exist.

Most run when all tables are as they are in the end. One that uses a table, a column, a type or a
label which is renamed or dropped later runs between two changes of tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ... import diff as changes
from ...diff.failures import own_labels
from ...errors import HistoryError
from ...history.catalogue.database import Catalogue
from ...schema import ColumnDef
from ...sqltext import Syntax, tokens
from ..scripts.effects import Effect, staying
from ..scripts.renamed_items import RenamedItem
from .copied_statements import CopiedStatement, Part, used_queries
from .net_changes import net_changes
from .net_renames import renames_of
from .points import Point, with_names

Parts = list[tuple[str, Part]]
"""The copied statements of scripts, in the order in which they run: revision and part."""


@dataclass(frozen=True, slots=True)
class Section:
    """Changes of tables, and the statements that run after them."""

    changes: Sequence[changes.Change]
    parts: Parts


@dataclass(frozen=True, slots=True)
class _Copied:
    """A copied statement, with the number of its script and its revision."""

    number: int
    revision: str
    part: Part
    statement: CopiedStatement


_Placed = list[tuple[Point, list[_Copied]]]


@dataclass(slots=True)
class Timeline:
    """The points of a range.

    Args:
        points: before the range, and after each script of it.
        renamed: what the range renames or drops, in order.
        names: of all tables, columns and types that existed at any time.
        syntax: of the database.

    Attributes:
        between: the lines of statements that cannot run at the end, and why.
        used: the points between the ends at which statements run.
        refused: why statements can run at no point, each with its line.
    """

    points: Sequence[Point]
    renamed: Sequence[RenamedItem]
    names: set[str]
    syntax: Syntax
    between: list[str] = field(default_factory=list)
    used: list[Point] = field(default_factory=list)
    refused: list[HistoryError] = field(default_factory=list)
    _known: dict[int, set[str]] = field(default_factory=dict)
    _tokens: dict[int, set[str]] = field(default_factory=dict)

    def move_late(self, parts: Iterable[tuple[str, Part | None]]) -> None:
        """Move statements behind the tables that use names which do not exist at the end."""
        for each in _statements(parts, first=True):
            if not self._fit([each], self.points[-1]):
                each.statement.is_first = False

    def sections(
        self, up: Sequence[tuple[str, Part | None]], down: Sequence[tuple[str, Part | None]]
    ) -> tuple[list[Section], list[Section]]:
        """Return the sections of `upgrade()` and of `downgrade()`.

        Args:
            up: the part of each script's `upgrade()`, by revision.
            down: that of its `downgrade()`, in the same order.
        """
        self.between.clear()
        self.refused.clear()
        placed_up = self._place_up(list(_statements(up)))
        from_last = sorted(_statements(down), key=lambda each: -each.number)
        placed_down = self._place_down(from_last, placed_up)
        self._note_between(placed_up)
        self._note_between(placed_down)
        return self._joined(placed_up, placed_down)

    def _note_between(self, placed: _Placed) -> None:
        end = self.points[-1]
        for each in (one for point, together in placed if point is not end for one in together):
            for statement, name in self._missing_names(each, end):
                line = f"{each.part.source.name}:{statement.statement.lineno}"
                self.between.append(f"{line}: it uses {name!r}, which does not exist at the end")
                break

    def _place_up(self, copied: Iterable[_Copied]) -> _Placed:
        """Place statements as late as possible."""
        placed: _Placed = []
        together: list[_Copied] = []
        at = self.points[-1]
        for each in copied:
            own = self._point_of(each, at)
            if own is not None and together and self._loses(at, own, together):
                placed.append((at, together))
                together = []
            together = [*together, each]
            at = own or at
        if together and at is not self.points[-1] and not self._fit(together, self.points[-1]):
            placed.append((at, together))
            together = []
        return self._checked([*placed, (self.points[-1], together)])

    def _loses(self, one: Point, other: Point, together: Iterable[_Copied]) -> bool:
        """Tell whether names of these statements, which exist at a point, do not at a later one."""
        if one.tables is not None and other.tables is not None:
            names = self._names(one.tables) - self._names(other.tables)
            drops = any(e.desired is None for e in self.renamed[one.renames : other.renames])
            if not drops and not names and _columns(one.tables) <= _columns(other.tables):
                return False
        return not self._fit(together, other)

    def _place_down(self, copied: Iterable[_Copied], above: _Placed) -> _Placed:
        """Place statements of `downgrade()`, last script first, at the end of scripts.

        One that needs what is there only during a script shares a point of `above`, the statements
        of `upgrade()`.
        """
        placed: _Placed = [(self.points[-1], [])]
        for each in copied:
            self._check_lasts(each)
            at = placed[-1][0]
            number = each.number
            inside = [point for point, _ in above[::-1] if point.position[0] == number]
            later = [self.points[number + 1], *inside, self.points[number]]
            choices = [at, *(one for one in later if one.position < at.position)]
            chosen = next((one for one in choices if self._fit([each], one)), at)
            if chosen is not at:
                placed.append((chosen, []))
            placed[-1][1].append(each)
        return self._checked(placed)

    def _check_lasts(self, copied: _Copied) -> None:
        """Refuse a statement of `downgrade()` about what exists only inside that.

        The new script goes back the way that it came; what has that name on the way is, if
        anything, what `upgrade()` had in between.
        """
        before, after = self.points[copied.number], self.points[copied.number + 1]
        if before.tables is None or after.tables is None:
            return
        names = self._names(before.tables) | self._names(after.tables)
        for effect in copied.statement.effects:
            inside = (self._names(effect.tables) - names) & self._tokens_of(effect)
            if effect.tables is not None and inside:
                error = copied.part.source.error(
                    copied.statement.statement,
                    f"it uses {min(inside)!r}, which exists only inside downgrade(); pass the line "
                    "with --leave-out, and do the same in the new script",
                )
                self.refused.append(error)

    def _checked(self, placed: _Placed) -> _Placed:
        for point, together in placed:
            for each in together:
                missing = next(self._missing_names(each, point), None)
                if missing is not None:
                    error = each.part.source.error(
                        missing[0].statement,
                        f"it uses {missing[1]!r}, which does not exist at the end of the range; "
                        "pass the line with --leave-out, and do the same at the end",
                    )
                    self.refused.append(error)
        return placed

    def _point_of(self, copied: _Copied, last: Point) -> Point | None:
        """Return the time of a statement, or that of the query whose results it uses.

        `None` if it executes nothing, if tables are unknown then, or if it is before `last`.
        """
        queries = used_queries(copied.part, copied.statement)
        statement = next((e for e in (copied.statement, *queries[::-1]) if e.effects), None)
        if statement is None or statement.effects[-1].tables is None:
            return None
        before, effect = self.points[copied.number], statement.effects[-1]
        position = (copied.number, statement.statement.lineno)
        if last is not self.points[-1] and position < last.position:
            return None
        return Point(position, effect.tables, before.renames + effect.renames)

    def _fit(self, together: Iterable[_Copied], point: Point) -> bool:
        if point.tables is None:
            return False
        return (
            next((one for each in together for one in self._missing_names(each, point)), None)
            is None
        )

    def _missing_names(
        self, copied: _Copied, point: Point
    ) -> Iterator[tuple[CopiedStatement, str]]:
        """Yield the names that a statement uses and that do not exist at a point.

        Each with the statement, or with the query whose result it uses.
        """
        for each in (*used_queries(copied.part, copied.statement), copied.statement):
            for effect in each.effects:
                lost = self._names(effect.tables) - self._names(point.tables)
                missing = lost & self._tokens_of(effect)
                others = self._lost_columns(effect, point.tables)
                others |= self._dropped(effect, self.points[copied.number].renames, point)
                others -= missing
                yield from ((each, name) for name in (*sorted(missing), *sorted(others)))

    def _lost_columns(self, effect: Effect, later: Catalogue | None) -> set[str]:
        """Return the columns in a statement that the tables in it do not have later."""
        if effect.tables is None or later is None:
            return set()
        used, lost = self._tokens_of(effect), set[str]()
        for key, table in staying(effect.tables).items():
            if str(table.name) in used and (later_table := later.tables.get(key)) is not None:
                lost |= used & ({*map(_name, table.columns)} - {*map(_name, later_table.columns)})
        return lost

    def _dropped(self, effect: Effect, before: int, point: Point) -> set[str]:
        """Return the names in a statement of what is dropped between it and a later point.

        Args:
            effect: of the statement.
            before: how many renames and drops there are before its script.
            point: which may have something else of that name.
        """
        if effect.tables is None:
            return set()
        used = self._tokens_of(effect)
        return {
            each.current
            for each in self.renamed[before + effect.renames : point.renames]
            if each.desired is None
            and used >= {each.place[1], each.current}
            and _has(effect.tables, each)
        }

    def _tokens_of(self, effect: Effect) -> set[str]:
        """Return the names and other tokens of a statement, also inside a block that it runs."""
        if id(effect) not in self._tokens:
            stream = tokens(effect.text, self.syntax)
            runs = bool(stream) and stream[0].upper == "DO"
            inside = (tokens(each.value, self.syntax) for each in stream if runs and each.is_string)
            every = (token for each in (stream, *inside) for token in each)
            self._tokens[id(effect)] = {token.value for token in every}
        return self._tokens[id(effect)]

    def _names(self, tables: Catalogue | None) -> set[str]:
        """Return the names of tables, except temporary ones, columns and types; and labels."""
        if tables is None:
            return self.names
        if id(tables) not in self._known:
            inside = staying(tables).values()
            columns = {str(column.name) for each in inside for column in each.columns}
            types = {name for _, name in tables.types} | set(_labels(tables))
            self._known[id(tables)] = columns | types | {str(each.name) for each in inside}
        return self._known[id(tables)]

    def _joined(self, up: _Placed, down: _Placed) -> tuple[list[Section], list[Section]]:
        """Return the sections of both directions, whose changes are each other's reverse."""
        start, end = self.points[0], self.points[-1]
        every = {point.position: point for point, _ in (*down, *up)}
        every |= {start.position: start, end.position: end}
        chain = [every[position] for position in sorted(every)]
        self.used = chain[1:-1]
        parts_up, parts_down = _by_position(up), _by_position(down)
        upgrade: list[Section] = [Section((), parts_up.get(start.position, []))]
        downgrade: list[Section] = [Section((), parts_down.get(start.position, []))]
        if len(chain) > 2 or self._renames_existing():
            chain = [with_names(each) for each in chain]
        for one, other in pairwise(chain):
            net = net_changes(one, other, self.renamed)
            upgrade.append(Section(net, parts_up.get(other.position, [])))
            downgrade[-1] = replace(downgrade[-1], changes=[e.reverse() for e in reversed(net)])
            downgrade.append(Section((), parts_down.get(other.position, [])))
        return upgrade, downgrade[::-1]

    def _renames_existing(self) -> bool:
        """Tell whether a table or column that exists before the range is renamed.

        Its constraints keep the names that the server gave them before.
        """
        start, end = self.points[0].tables, self.points[-1].tables
        assert start is not None  # noqa: S101 - the ends are known
        assert end is not None  # noqa: S101
        return bool(renames_of(start, self.renamed, end))


def _columns(catalogue: Catalogue) -> set[tuple[changes.TableKey, str]]:
    return {(key, str(column.name)) for key, t in catalogue.tables.items() for column in t.columns}


def _has(catalogue: Catalogue, item: RenamedItem) -> bool:
    table = catalogue.tables.get(item.place)
    return table is not None and (
        item.kind == "table" or item.current in {str(each.name) for each in table.columns}
    )


def _labels(catalogue: Catalogue) -> Iterator[str]:
    """Yield the labels of all enum types, those of columns too."""
    for each in catalogue.types.values():
        yield from map(str, each.args)
    for table in staying(catalogue).values():
        for column in table.columns:
            yield from own_labels(column)


def _name(column: ColumnDef) -> str:
    return column.name


def _statements(
    parts: Iterable[tuple[str, Part | None]], *, first: bool = False
) -> Iterator[_Copied]:
    for number, (revision, part) in enumerate(parts):
        if part is not None:
            copied = (each for each in part.statements if each.is_first is first)
            yield from (_Copied(number, revision, part, each) for each in copied)


def _by_position(placed: _Placed) -> dict[tuple[int, int], Parts]:
    """Return the statements of each point, by script."""
    by_position: dict[tuple[int, int], Parts] = {}
    for point, together in placed:
        parts = {each.revision: replace(each.part, statements=[]) for each in together}
        for each in together:
            parts[each.revision].statements.append(each.statement)
        by_position[point.position] = list(parts.items())
    return by_position
