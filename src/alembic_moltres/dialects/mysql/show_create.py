"""Parses the lines of SHOW CREATE TABLE, the server's normalised text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import cast

from ... import sqltext
from ...errors import ReflectError
from ...sqltext import MYSQL, Cursor, after_brackets, in_parentheses, split, tokens
from .rows import ATTRIBUTES, CheckRow, ColumnRow, ForeignKeyRow, in_order

_EXECUTED = re.compile(r"/\*M?!\d* ?(?P<text>.*?) ?\*/", re.DOTALL)
_TEXTS = re.compile(r"(var)?char|(tiny|medium|long)?text|enum|set\(")


def table_collation(text: str) -> tuple[str | None, str | None]:
    """Return a table's character set and collation; MySQL omits a default collation."""
    options = tokens(_parts(text)[1], MYSQL)
    values = {
        token.upper: value.text
        for token, equals, value in zip(options, options[1:], options[2:], strict=False)
        if equals.upper == "="
    }
    return values.get("CHARSET"), values.get("COLLATE")


def column_lines(text: str) -> Iterator[tuple[str, str]]:
    """Return the columns' names with their definitions."""
    for line in split(_parts(text)[0], ",", MYSQL):
        first = tokens(line, MYSQL)[0]
        if first.kind == "quoted":
            yield first.value, line[first.end :].strip()


def check_lines(text: str) -> Iterator[tuple[str, str]]:
    """Return the names of the CHECKs of a table with their expressions."""
    for line in split(_parts(text)[0], ",", MYSQL):
        stream = tokens(line, MYSQL)
        expression = in_parentheses(line, MYSQL)
        if [token.upper for token in stream[:3:2]] == ["CONSTRAINT", "CHECK"] and expression:
            yield stream[1].value, expression[0]


def column_check(line: str) -> str | None:
    """Return the expression of the CHECK in a column's definition."""
    cursor = Cursor(line, tokens(line, MYSQL))
    cursor.skip("CHECK")
    return cursor.brackets() if cursor.accept("CHECK") else None


def json_column(check: CheckRow) -> str | None:
    """Return the column whose type JSON a CHECK is; its name may be from before a rename."""
    stream = tokens(check.text, MYSQL) if check.at_column else ()
    texts = [token.text for token in stream]
    is_made = len(stream) == len("f(a)") and [*texts[:2], texts[3]] == ["json_valid", "(", ")"]
    return stream[2].value if is_made and stream[2].kind == "quoted" else None


def may_be_period(check: CheckRow) -> bool:
    """Tell whether a CHECK looks like that of a period, whose start is before its end."""
    found = tokens(check.text, MYSQL)
    return [token.kind == "quoted" or token.text for token in found] == [True, "<", True]


def partitions(statement: str) -> str:
    """Return the text after PARTITION BY in the statement of a partitioned table."""
    parts = in_parentheses(executed(statement), MYSQL)
    options = "" if parts is None else parts[1]
    for token, following in pairwise(tokens(options, MYSQL)):
        if (token.upper, following.upper) == ("PARTITION", "BY"):
            return options[following.end :].strip()
    msg = f"cannot read the partitions of a table: {statement!r}; report it"
    raise ReflectError(msg, statement)


def key_rows(text: str, database: str) -> Iterator[ForeignKeyRow]:
    """Yield the foreign keys of a table.

    Args:
        text: of SHOW CREATE TABLE.
        database: the table's own, which the text omits before referred tables.
    """
    for line in split(_parts(text)[0], ",", MYSQL):
        cursor = Cursor(line, tokens(line, MYSQL))
        if cursor.peek() != "CONSTRAINT" or cursor.peek(2) != "FOREIGN":
            continue
        cursor.need("CONSTRAINT")
        name = cursor.next().value
        cursor.need("FOREIGN", "KEY")
        columns = _names(cursor.brackets())
        cursor.need("REFERENCES")
        within, table = database, cursor.next().value
        if cursor.accept("."):
            within, table = table, cursor.next().value
        references = _names(cursor.brackets())
        on_delete = cursor.until("ON") if cursor.accept("ON", "DELETE") else "RESTRICT"
        on_update = cursor.rest() if cursor.accept("ON", "UPDATE") else "RESTRICT"
        yield ForeignKeyRow(
            name,
            columns=columns,
            database=within,
            table=table,
            references=references,
            on_delete=on_delete,
            on_update=on_update,
        )


def _names(text: str) -> tuple[str, ...]:
    return tuple(token.value for token in tokens(text, MYSQL) if token.is_name)


def _parts(text: str) -> tuple[str, str]:
    """Return the lines in the brackets of CREATE TABLE, and the options after them."""
    parts = in_parentheses(text, MYSQL)
    if parts is None:
        raise ReflectError(f"cannot read SHOW CREATE TABLE: {text!r}; report it", text)
    return parts


def executed(text: str) -> str:
    """Return a text with the content of version comments (`/*!80023 ... */`).

    >>> executed("`a` int /*!80023 INVISIBLE */ COMMENT '/*!80023 x */'")
    "`a` int INVISIBLE COMMENT '/*!80023 x */'"
    """
    if "/*" not in text:
        return text
    for comment in reversed(sqltext.comments(text, MYSQL)):
        if content := _EXECUTED.fullmatch(comment.text):
            text = text[: comment.start] + content["text"] + text[comment.end :]
    return text


def parse_column(name: str, text: str, table: str | None, defaults: dict[str, str]) -> ColumnRow:
    """Return a column from its line.

    Args:
        name: its name.
        text: its definition.
        table: the table's collation.
        defaults: the default collation of each character set.

    Raises:
        ReflectError: it has an unknown clause.

    >>> parse_column("a", "varchar(9) NOT NULL DEFAULT 'x y' COMMENT 'it''s'", "latin1_bin", {})
    ColumnRow(name='a', type='varchar(9)', collation='latin1_bin', nullable=False, ...)
    """
    return _ColumnCursor(name, executed(text)).column(table, defaults)


_FLAGS: tuple[tuple[tuple[str, ...], dict[str, object]], ...] = (
    (("NOT", "NULL"), {"nullable": False}),
    (("NULL",), {}),
    (("AUTO_INCREMENT",), {"autoincrement": True}),
    (("STORED",), {"stored": True}),
    (("PERSISTENT",), {"stored": True}),
    (("VIRTUAL",), {}),
)
_VALUES = (
    (("GENERATED", "ALWAYS", "AS"), "generated"),
    (("DEFAULT",), "default"),
    (("ON", "UPDATE"), "on_update"),
    (("CHECK",), "check"),
    (("COMMENT",), "comment"),
    (("SRID",), "srid"),
)


class _ColumnCursor(Cursor):
    """Reads a column's definition from left to right."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text, tokens(text, MYSQL))
        self._name = name
        self._fields: dict[str, object] = {}

    def column(self, table: str | None, defaults: dict[str, str]) -> ColumnRow:
        """Return the column; see `parse_column`."""
        type_ = self._type()
        self._attribute()
        charset = self._value() if self.accept("CHARACTER", "SET") else None
        collation = self._value() if self.accept("COLLATE") else None
        if collation is None and charset is not None:
            collation = defaults.get(charset)
        if collation is None and _TEXTS.match(type_):
            collation = table
        while not self.done:
            self._clause()
        return ColumnRow(self._name, type=type_, collation=collation, **self._fields)  # type: ignore[arg-type]

    def _type(self) -> str:
        if self.done or self.tokens[0].kind != "word":
            raise self.expected("a type")
        self.next()
        if self.peek() == "(":
            self.at = after_brackets(self.tokens, self.at)
        self.accept("UNSIGNED")
        self.accept("ZEROFILL")
        return self.text(0, self.at)

    def _value(self) -> str:
        """Take everything up to a space outside quotes and brackets."""
        start = self.at
        while True:
            if self.next().upper == "(":
                self.at = after_brackets(self.tokens, self.at - 1)
            if self.done or self.tokens[self.at].start > self.tokens[self.at - 1].end:
                return self.text(start, self.at)

    def _attribute(self) -> bool:
        """Take an attribute if it comes next."""
        for attribute in ATTRIBUTES:
            if self.accept(*attribute.split()):
                known = cast(tuple[str, ...], self._fields.get("attributes", ()))
                self._fields["attributes"] = in_order((attribute, *known))
                return True
        return False

    def _clause(self) -> None:
        if self._attribute():
            return
        for keywords, fields in _FLAGS:
            if self.accept(*keywords):
                self._fields.update(fields)
                return
        for keywords, key in _VALUES:
            if self.accept(*keywords):
                self._keep(key, self._value())
                return
        raise self.expected("a clause")

    def _keep(self, key: str, text: str) -> None:
        match key:
            case "default" if text != "NULL":
                self._fields[key] = text
            case "generated":
                self._fields[key] = text[1:-1]
            case "on_update":
                self._fields[key] = text.lower()
            case "check":
                self._fields["json"] = text == f"(json_valid({MYSQL.quoted_name(self._name)}))"
            case "comment":
                self._fields[key] = unquoted(text)

    def expected(self, wanted: str) -> ReflectError:
        near = self.rest()[:40]
        return ReflectError(
            f"cannot read the column {self._name!r} at {near!r}; report it", self.sql
        )


def unquoted(literal: str) -> str:
    r"""Return the string of a literal as SHOW CREATE TABLE writes it.

    >>> unquoted(r"'it''s\n'")
    "it's\n"
    """
    return sqltext.unquoted(literal, MYSQL)
