"""Questions to the database, and the statements that ask many of them at once.

A pack is one temporary table: the columns that its questions mention, then one column, constraint
or index for each question. The server is told in one DO block to make all packs; where one fails,
it makes the pack's items one by one, and notes those that it refuses. So any driver can ask, and a
bad question costs no round trip.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from ... import sqltext
from ...sqltext import POSTGRESQL
from .text import quoted

ITEMS, COLUMNS, OPEN = 50, 250, 40
"""A pack's most questions and columns, and how many packs are filled at a time.

With 1,000 questions a pack takes 20 times as long for each: the server's work is quadratic."""

REFUSED = "moltres refused"
"""The temporary table of what the server refuses."""


class Kind(StrEnum):
    """What is asked: how the database spells ..."""

    TYPE = "type"
    DEFAULT = "default"
    GENERATED = "generated"
    CHECK = "check"
    EXCLUDE = "exclude"
    INDEX = "index"
    UNIQUE_INDEX = "unique index"


@dataclass(frozen=True, slots=True)
class Probe:
    """How does the database spell this?

    `type` is the column's, of a default or a generated column. `columns` are those that the text
    may mention, with their types. `table` is for a second try under the table's own name, which
    some expressions say; it does not make another question.
    """

    kind: Kind
    text: str
    type: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    table: str = field(default="", compare=False)


@dataclass(slots=True)
class ScratchTable:
    """A temporary table, and the questions that it asks."""

    name: str
    columns: dict[str, str] = field(default_factory=dict)
    questions: list[Probe] = field(default_factory=list)

    def takes(self, question: Probe) -> bool:
        """Can this question be asked here too?"""
        return (
            len(self.questions) < ITEMS
            and len(self.columns) + len(question.columns) < COLUMNS
            and all(self.columns.get(name, type_) == type_ for name, type_ in question.columns)
        )

    def add(self, question: Probe) -> None:
        """Ask this too."""
        self.columns.update(question.columns)
        self.questions.append(question)


def mentioned(text: str, columns: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the columns that a text may mention, a few too many at worst.

    >>> mentioned('lower("Name") = state', {"Name": "text", "name": "text", "state": "text"})
    (('Name', 'text'), ('state', 'text'))
    """
    names = sqltext.mentioned(text, POSTGRESQL)
    return tuple((name, type_) for name, type_ in columns.items() if name in names)


def packed(questions: Iterable[Probe]) -> list[ScratchTable]:
    """Return packs that ask all questions, as few as the columns of different types allow."""
    packs: list[ScratchTable] = []
    filling: list[ScratchTable] = []
    for question in questions:
        pack = next((pack for pack in filling if pack.takes(question)), None)
        if pack is None:
            pack = ScratchTable(f"moltres {len(packs)}")
            packs.append(pack)
            filling = [*filling[1 - OPEN :], pack]
        pack.add(question)
    return packs


def packed_by_table(questions: Iterable[Probe]) -> list[list[ScratchTable]]:
    """Return packs under the tables' own names, in groups in which no name stands twice."""
    groups: list[dict[str, ScratchTable]] = []
    for question in questions:
        for group in groups:
            if group.setdefault(question.table, ScratchTable(question.table)).takes(question):
                break
        else:
            group = {question.table: ScratchTable(question.table)}
            groups.append(group)
        group[question.table].add(question)
    return [list(group.values()) for group in groups]


def block(packs: Sequence[ScratchTable], types: Sequence[str]) -> str:
    """Return the DO block that makes all packs.

    Args:
        packs: what to ask.
        types: statements that make the types which the database does not have.
    """
    lines = [_attempt(_execute(statement)) for statement in types]
    for number, pack in enumerate(packs):
        name = f"pg_temp.{quoted(pack.name)}"
        items = [(_alias(number, item), q) for item, q in enumerate(pack.questions)]
        inside = [f"{quoted(alias)} {_column(q)}" for alias, q in items if q.kind in _COLUMNS]
        inside += [
            f"CONSTRAINT {quoted(alias)} {_constraint(q)}"
            for alias, q in items
            if q.kind in _CONSTRAINTS
        ]
        given = [f"{quoted(column)} {type_}" for column, type_ in pack.columns.items()]
        whole = _execute(f"CREATE TABLE {name} ({', '.join([*given, *inside])})")
        alone = [
            _execute(f"CREATE TABLE {name} ({', '.join(given)})"),
            *(
                _attempt(_execute(_add(name, alias, q)), alias)
                for alias, q in items
                if q.kind in _TABLE
            ),
        ]
        lines.append(_attempt(whole, otherwise=_attempt("\n".join(alone))))
        lines += [
            _attempt(_execute(_index(name, alias, q)), alias)
            for alias, q in items
            if q.kind in _INDEXES
        ]
    made = f"CREATE TABLE pg_temp.{quoted(REFUSED)} (item text, reason text);"
    return "DO " + dollar_quoted("\n".join(["BEGIN", made, *lines, "END"]))


def dollar_quoted(text: str) -> str:
    """Return a string literal that holds any text as it is.

    >>> dollar_quoted("it's $m$")
    "$m1$it's $m$$m1$"
    """
    tag, number = "$m$", 0
    while tag[:-1] in text:
        number += 1
        tag = f"$m{number}$"
    return f"{tag}{text}{tag}"


def probed(packs: Sequence[ScratchTable], item: str) -> Probe:
    """Return the question that an item of these packs asks."""
    _, number, position = item.split(" ")
    return packs[int(number)].questions[int(position)]


_COLUMNS = frozenset({Kind.TYPE, Kind.DEFAULT, Kind.GENERATED})
_CONSTRAINTS = frozenset({Kind.CHECK, Kind.EXCLUDE})
_TABLE = _COLUMNS | _CONSTRAINTS
_INDEXES = frozenset({Kind.INDEX, Kind.UNIQUE_INDEX})
OF_TABLE = _INDEXES | _CONSTRAINTS | {Kind.GENERATED}
"""What may mention its table."""
WITH_INDEX = _INDEXES | {Kind.EXCLUDE}
"""What makes an index in the database."""


def _alias(pack: int, item: int) -> str:
    return f"moltres_item {pack} {item}"


def _column(question: Probe) -> str:
    match question.kind:
        case Kind.TYPE:
            return question.text
        case Kind.DEFAULT:
            return f"{question.type} DEFAULT {question.text}"
        case _:
            return f"{question.type} GENERATED ALWAYS AS ({question.text}) STORED"


def _constraint(question: Probe) -> str:
    return f"CHECK ({question.text})" if question.kind == Kind.CHECK else question.text


def _add(table: str, alias: str, question: Probe) -> str:
    if question.kind in _COLUMNS:
        return f"ALTER TABLE {table} ADD COLUMN {quoted(alias)} {_column(question)}"
    return f"ALTER TABLE {table} ADD CONSTRAINT {quoted(alias)} {_constraint(question)}"


def _index(table: str, alias: str, question: Probe) -> str:
    unique = "UNIQUE " if question.kind == Kind.UNIQUE_INDEX else ""
    return f"CREATE {unique}INDEX {quoted(alias)} ON {table} {question.text}"


def _execute(statement: str) -> str:
    return f"EXECUTE {dollar_quoted(statement)};"


def _attempt(lines: str, item: str | None = None, *, otherwise: str = "NULL;") -> str:
    """Return lines that may fail; what happens then is `otherwise`, or a note of the item."""
    if item is not None:
        otherwise = f"INSERT INTO pg_temp.{quoted(REFUSED)} VALUES ('{item}', SQLERRM);"
    return f"BEGIN\n{lines}\nEXCEPTION WHEN OTHERS THEN\n{otherwise}\nEND;"
