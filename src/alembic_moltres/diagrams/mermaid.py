"""Mermaid's `erDiagram`. Its grammar: packages/mermaid/src/diagrams/er/parser/erDiagram.jison."""

from __future__ import annotations

import re
from dataclasses import replace

from ..messages import one_line
from .elements import Attribute, Entity, Mark, Picture, Relation
from .layout import estimated_width
from .parts import parts_of
from .type_text import shortened

LONGEST = 50_000
"""Mermaid's `maxTextSize`: it does not draw a longer text."""

MOST = 20
"""The most tables that one diagram draws with columns, to stay readable."""

WIDEST = 2500
"""The widest diagram, in pixels: a page shows it reduced to its own width."""

STYLES = {
    Mark.ADDED: "added fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
    Mark.REMOVED: "removed fill:#ffebe9,stroke:#cf222e,color:#1f2328",
    Mark.CHANGED: "changed fill:#fff8c5,stroke:#9a6700,color:#1f2328",
}
UNCERTAIN = "uncertain stroke-dasharray:4"

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_RESERVED = frozenset(
    [
        *("accdescr", "acctitle", "class", "classdef", "click", "direction", "end", "erdiagram"),
        *("fk", "many", "one", "only", "optionally", "pk", "style", "subgraph", "title"),
        *("to", "uk", "zero"),
    ]
)
_PLAIN = re.compile(r"[A-Za-z0-9 .,;±→()/=+'-]|(?<=[A-Za-z0-9])_(?=[A-Za-z0-9])|[^\W_]")
_DIRECTION = re.compile(r"(?i)(direction) ")
_FOREIGN = r"\W|(?![\u00C0-\uD7FF\uF900-\uFFEF])[^A-Za-z0-9_]"
_OPENING = re.compile(r"(?<![A-Za-z0-9])_")
_CLOSING = re.compile(r"_(?![A-Za-z0-9])")
_OUTER = re.compile(rf"{_OPENING.pattern}|{_CLOSING.pattern}")
_NOT_IN_WORD = re.compile(_FOREIGN)
_NOT_IN_TYPE = re.compile(rf"(?![(),.\[\]])(?:{_FOREIGN})")
_FIRST = re.compile(r"(?!(?:pk|fk|uk)\b)[A-Za-z_\u00C0-\uFFFF]", re.ASCII | re.IGNORECASE)
"""The start of a word; Mermaid reads `pk` before a non-ASCII letter as a key."""


def mermaid(picture: Picture) -> list[str]:
    """Return Mermaid diagrams, one for each connected part.

    Texts are escaped for Mermaid. A column's name that Mermaid cannot draw is in its note.

    >>> users = Entity("users", (Attribute("INTEGER", "id", ("PK",)),))
    >>> orders = Entity("orders", (Attribute("INTEGER", "user_id", ("FK",), ("null",)),))
    >>> key = Relation("users", "orders", ("user_id",), is_optional=True)
    >>> print(*mermaid(Picture.of([users, orders], [key])))
    erDiagram
        accTitle: orders and users
        direction LR
        orders {
            INTEGER user_id FK "null"
        }
        users {
            INTEGER id PK
        }
        users |o--o{ orders : user_id
    """
    return [diagram(each) for each in pieces(picture)]


def pieces(picture: Picture) -> list[Picture]:
    """Return the pictures that Mermaid draws of a whole picture, one or more."""
    parts = parts_of(picture, _room, LONGEST * MOST, lambda part: estimated_width(part) <= WIDEST)
    return [_shortened(part) for part in parts] or [picture]


def _room(picture: Picture) -> int:
    """Return the size of a picture, by its text or by its tables."""
    tables = sum(bool(each.attributes) for each in picture.entities)
    if tables > MOST:  # too large, however long its text is
        return tables * LONGEST
    return max(len(diagram(picture)) * MOST, tables * LONGEST)


def _shortened(picture: Picture) -> Picture:
    """Return a picture that is short enough: only the first columns of a long table."""
    shown = max((len(each.attributes) for each in picture.entities), default=0)
    shortened = picture
    while shown > 1 and len(diagram(shortened)) > LONGEST:
        shown = shown * 3 // 4
        entities = tuple(_first(each, shown) for each in picture.entities)
        shortened = Picture(entities, picture.relations)
    return shortened


def _first(entity: Entity, shown: int) -> Entity:
    remaining = len(entity.attributes) - shown
    if remaining <= 0:
        return entity
    more = Attribute("and", "more", notes=(f"{remaining} columns",))
    return replace(entity, attributes=(*entity.attributes[:shown], more))


def diagram(picture: Picture) -> str:
    """Return one diagram of a whole picture, of any length."""
    marks = {each.mark for each in picture.entities} - {Mark.SAME}
    lines = [f"accTitle: {text(title(picture))}", "direction LR"]
    lines += [line for each in picture.entities for line in _entity(each)]
    lines += [_relation(each) for each in picture.relations]
    lines += [f"classDef {STYLES[mark]}" for mark in Mark if mark in marks]
    if any(each.note for each in picture.entities):
        lines.append(f"classDef {UNCERTAIN}")
    return "\n".join(["erDiagram", *(f"    {line}" for line in lines)])


def title(picture: Picture) -> str:
    """Return a title: the tables that the picture draws with columns.

    >>> title(Picture((Entity("a"), Entity("b"))))
    'a and b'
    """
    names = whole(picture)
    if len(names) < 3:
        return " and ".join(names) or "no tables"
    return shortened(names)


def whole(picture: Picture) -> list[str]:
    """Return the keys of the tables that are drawn with columns; of all, if none has any."""
    names = [each.key for each in picture.entities if each.attributes]
    return names or [each.key for each in picture.entities]


def _entity(entity: Entity) -> list[str]:
    head = name(entity.key)
    if entity.mark.value or entity.note:
        head += f'["{text(entity.title())}"]'
    if entity.mark is not Mark.SAME:
        head += f":::{entity.mark.name.lower()}"
    elif entity.note:
        head += ":::uncertain"
    if not entity.attributes:
        return [head]
    return [f"{head} {{", *(f"    {_attribute(each)}" for each in entity.attributes), "}"]


def _attribute(attribute: Attribute) -> str:
    shown, notes = word(attribute.name), list(attribute.notes)
    if shown != attribute.name:
        notes.insert(0, f"name: {attribute.name}")
    if attribute.mark is not Mark.SAME:
        was = f"{attribute.was} → {attribute.name}" if attribute.was else ""
        notes.insert(0, f"{attribute.mark.value} {was or attribute.mark.name.lower()}")
    parts = [type_word(attribute.type), shown]
    parts += [", ".join(attribute.keys)] if attribute.keys else []
    parts += [f'"{text("; ".join(notes))}"'] if notes else []
    return " ".join(parts)


def _relation(relation: Relation) -> str:
    parent = "|o" if relation.is_optional else "||"
    child = "o|" if relation.is_unique else "o{"
    line = ".." if relation.mark is Mark.REMOVED else "--"
    label = f"{relation.mark.value} {', '.join(relation.columns)}".strip()
    shown = label if _is_plain(label) else f'"{text(label)}"'
    return f"{name(relation.parent)} {parent}{line}{child} {name(relation.child)} : {shown}"


def name(key: str) -> str:
    """Return the name of a table, in quotes where Mermaid needs them.

    >>> name("users"), name("end"), name("app.users"), name('50 "%"')
    ('users', '"end"', '"app.users"', '"50 #34;#37;#34;"')
    """
    return key if _is_plain(key) else f'"{text(key)}"'


def _is_plain(key: str) -> bool:
    return bool(_NAME.fullmatch(key)) and key.lower() not in _RESERVED


def text(shown: str) -> str:
    """Return a text to put in quotes: Mermaid reads `#34;` as the character U+0022.

    >>> text('a "b" %% {c}'), text("_id_"), text("")
    ('a #34;b#34; #37;#37; #123;c#125;', '#95;id#95;', '#32;')
    """
    line = one_line(shown)
    kept = {match.start() for match in _PLAIN.finditer(line)}
    coded = "".join(
        letter if place in kept else f"#{ord(letter)};" for place, letter in enumerate(line)
    )
    return _DIRECTION.sub(r"\1#32;", coded) if coded.strip() else "#32;"


def word(column: str) -> str:
    """Return the name of a column as one Mermaid word, which allows few characters.

    >>> word("first name"), word("2nd"), word("pk"), word("größe"), word("_id_"), word("id_")
    ('first-name', '_2nd', '_pk', 'größe', '_id-', 'id_')
    """
    return _word(_NOT_IN_WORD.sub("-", column))


def type_word(short: str) -> str:
    """Return a type as one Mermaid word.

    >>> type_word("DOUBLE PRECISION"), type_word("geometry(Point, 4326)"), type_word("INTEGER[]")
    ('DOUBLE_PRECISION', 'geometry(Point,4326)', 'INTEGER[]')
    """
    return _word(_NOT_IN_TYPE.sub("_", short.replace(", ", ",")))


def _word(shown: str) -> str:
    """Return a word with a valid start, in which underscores are not emphasis."""
    first = shown if _FIRST.match(shown) else f"_{shown}"
    if _OPENING.search(first) and _CLOSING.search(first, 1):
        return first[0] + _OUTER.sub("-", first[1:])
    return first
