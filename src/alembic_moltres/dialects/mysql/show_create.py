"""The lines of SHOW CREATE TABLE, in which the server answers how it spells something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...errors import ReflectError
from .rows import ColumnRow

_LINE = re.compile(r"\s+`((?:[^`]|``)*)` (.*?),?$")
_CHECK = re.compile(r"\s+CONSTRAINT `((?:[^`]|``)*)` CHECK \((.*)\),?$")
_OPTIONAL = re.compile(r"/\*M?!\d+ (.*?)\*/")
_TYPE = re.compile(
    r"(?P<type>\w+(?:\((?:'(?:[^'\\]|''|\\.)*'|[^()'])*\))?(?: unsigned)?(?: zerofill)?)"
    r"(?: CHARACTER SET (?P<charset>\w+))?(?: COLLATE (?P<collation>\w+))?"
)
_COLLATION = re.compile(r"^\).*\bCOLLATE=(\w+)", re.MULTILINE)
_CHARSET = re.compile(r"^\).*\bCHARSET=(\w+)", re.MULTILINE)


def table_collation(text: str) -> tuple[str | None, str | None]:
    """Return a table's character set and collation; MySQL leaves a default collation out."""
    charset, collation = _CHARSET.search(text), _COLLATION.search(text)
    return (charset[1] if charset else None, collation[1] if collation else None)


def column_lines(text: str) -> Iterator[tuple[str, str]]:
    """Return the columns' names with what stands behind them."""
    for line in text.splitlines():
        if match := _LINE.fullmatch(line):
            yield match[1].replace("``", "`"), match[2]


def check_lines(text: str) -> Iterator[tuple[str, str]]:
    """Return the names of the CHECKs of a table with their expressions."""
    for line in text.splitlines():
        if match := _CHECK.fullmatch(line):
            yield match[1].replace("``", "`"), match[2]


def parse_column(name: str, text: str, table: str | None, defaults: dict[str, str]) -> ColumnRow:
    """Return a column from its line.

    Args:
        name: its name.
        text: what stands behind the name.
        table: the table's collation.
        defaults: the default collation of each character set.

    Raises:
        ReflectError: something in it is not known.

    >>> parse_column("a", "varchar(9) NOT NULL DEFAULT 'x y' COMMENT 'it''s'", "latin1_bin", {})
    ColumnRow(name='a', type='varchar(9)', collation='latin1_bin', nullable=False, ...)
    """
    text = _OPTIONAL.sub(r"\1", text)
    match = _TYPE.match(text)
    if match is None:
        raise ReflectError(f"the column {name!r} cannot be read: {text!r}; report it", text)
    type_, charset, collation = match["type"], match["charset"], match["collation"]
    if collation is None and charset is not None:
        collation = defaults.get(charset)
    if collation is None and re.match(r"(var)?char|(tiny|medium|long)?text|enum|set\(", type_):
        collation = table
    found: dict[str, object] = {"type": type_, "collation": collation}
    rest = text[match.end() :].strip()
    while rest:
        rest = _clause(name, rest, found).strip()
    return ColumnRow(name, **found)  # type: ignore[arg-type]


_FLAGS: tuple[tuple[str, dict[str, object]], ...] = (
    ("NOT NULL", {"nullable": False}),
    ("NULL", {}),
    ("AUTO_INCREMENT", {"autoincrement": True}),
    ("STORED", {"stored": True}),
    ("PERSISTENT", {"stored": True}),
    ("VIRTUAL", {}),
    ("INVISIBLE", {}),
    ("WITHOUT SYSTEM VERSIONING", {}),
)


def _clause(name: str, text: str, found: dict[str, object]) -> str:
    """Read the first clause into `found`, and return what is left."""
    for signature, said in _FLAGS:
        if text.startswith(signature):
            found.update(said)
            return text[len(signature) :]
    for signature, key in (
        ("GENERATED ALWAYS AS ", "generated"),
        ("DEFAULT ", "default"),
        ("ON UPDATE ", "on_update"),
        ("CHECK ", "check"),
        ("COMMENT ", "comment"),
        ("SRID ", "srid"),
    ):
        if text.startswith(signature):
            text = text[len(signature) :]
            end = _end(text)
            _keep(name, key, text[:end], found)
            return text[end:]
    raise ReflectError(f"the column {name!r} cannot be read at {text[:40]!r}; report it", text)


def _keep(name: str, key: str, text: str, found: dict[str, object]) -> None:
    match key:
        case "default" if text == "NULL":
            pass
        case "default":
            found[key] = text
        case "generated":
            found[key] = text[1:-1]
        case "on_update":
            found[key] = text.lower()
        case "check":
            found["json"] = text == f"(json_valid(`{name}`))"
        case "comment":
            found[key] = unquoted(text)


def unquoted(literal: str) -> str:
    r"""Return the string of a literal as SHOW CREATE TABLE writes it.

    >>> unquoted(r"'it''s\n'")
    "it's\n"
    """
    named = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "Z": "\x1a", "b": "\b"}
    text = literal[1:-1].replace("''", "'")
    return re.sub(r"\\(.)", lambda m: named.get(m[1], m[1]), text, flags=re.DOTALL)


def _end(text: str) -> int:
    """Return where the first thing ends: at a space outside quotes and brackets."""
    depth, at = 0, 0
    while at < len(text):
        character = text[at]
        if character in "'`\"":
            at = _closing(text, at)
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
        elif character == " " and depth == 0:
            return at
        at += 1
    return at


def _closing(text: str, at: int) -> int:
    quote = text[at]
    at += 1
    while at < len(text) and text[at] != quote:
        at += 2 if text[at] == "\\" and quote != "`" else 1
    return at
