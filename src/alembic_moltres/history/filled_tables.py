"""`FilledTables`: the tables that have rows in a replay, and what depends on these.

Rows are not followed: a query finds none. Where a script has inserted some, that may be wrong, and
so is the value of an expression that only a server computes.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from ..messages import one_line
from ..schema import TableSchema
from ..sqltext import Token, tokens
from .catalogue.database import Catalogue
from .insertions import Insertions
from .observer import Observer
from .row_conditions import row_dependent_changes
from .scripts import names_in, script_frames, source_of
from .stand_in.empty_results import READS
from .stand_in.expressions import is_query
from .stand_in.queries import Queries
from .state import Place, Uncertain
from .text.cursor import statements

WRITES = re.compile(r"\b(INSERT|REPLACE|MERGE|COPY|DELETE|TRUNCATE|CREATE)\b", re.IGNORECASE)

INSERTS = frozenset({"INSERT", "REPLACE", "MERGE"})

CHANGES = INSERTS | {"UPDATE", "DELETE"}
"""The first words of statements with a number of rows, and a key that the server has made."""

CHOOSING = frozenset({"WHERE", "USING", "JOIN", "LIMIT"})
"""Keywords of a DELETE that may leave rows in its table."""


class FilledTables(Observer):
    """Keeps `Catalogue.filled`, the names of the tables that have rows.

    Args:
        catalogue: the replayed database.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._insertions = Insertions(catalogue.impl.syntax, is_harmless=lambda _: True)
        self._file = ""
        self._queries: dict[str, set[int]] = {}
        self._queried: dict[str, None] = {}
        self._unknown = ""

    def begin(self, file: str) -> None:
        """Begin a script."""
        self._file = file
        self._queries, self._queried, self._unknown = {}, {}, ""

    def after_statement(self, sql: str, context: Any) -> None:
        """Note the rows that a statement inserts or deletes, and a result that depends on rows."""
        if WRITES.search(sql):
            for each in _statements(self._tokens(sql)):
                self._write(each)
        for text in statements(sql, self._catalogue.impl.syntax):
            self._insertions.note(text)
            self._fill_beside(text)
        if self._catalogue.filled:
            self._query(sql)

    def unknown_result(self, sql: str) -> None:
        """Note a query with a value that only a server knows."""
        self._unknown = self._unknown or one_line(sql)
        self._note_lines()

    def before_rename(
        self, table: TableSchema, current: str, desired: str, *, is_column: bool
    ) -> None:
        """Let a table keep its rows and triggers."""
        if not is_column:
            self._insertions.rename(current, desired)
        if not is_column and current in self._catalogue.filled:
            self._catalogue.filled.add(desired)

    def after_change(self) -> None:
        """Forget dropped tables."""
        if self._catalogue.filled:
            self._catalogue.filled &= self._existing()

    def uncertain(self, place: Place) -> Iterator[Uncertain]:
        """Yield what in the script depends on the rows that it has queried."""
        nodes = row_dependent_changes(source_of(self._file), self._queries) if self._queries else ()
        if not nodes:
            return
        named = [self._named(node) for node in nodes]
        line = min(int(getattr(node, "lineno", 0)) for node in nodes)
        shown = ", ".join(map(repr, self._queried))
        rows = f"the rows of {shown}, into which scripts insert"
        yield Uncertain(
            f"it depends on {rows if shown else f'what a server answers: {self._unknown}'}",
            replace(place, line=line),
            tables=tuple(dict.fromkeys(key for keys in named for key in keys)),
            unfinished=not all(named),
        )

    def _named(self, node: ast.AST) -> list[str]:
        names, tables = names_in(node), self._catalogue.tables.values()
        return [each.key for each in tables if str(each.name) in names]

    def _tokens(self, sql: str) -> list[Token]:
        """Return the tokens of a text, those of its body for a DO block, and what it executes."""
        syntax = self._catalogue.impl.syntax
        stream = list(tokens(sql, syntax))
        bodies = [token.value for token in stream if token.is_string]
        if not bodies or stream[0].upper != "DO":
            return stream
        body = list(tokens(f"{bodies[0]};", syntax))
        executed = (token.value for token in body if token.is_string and WRITES.search(token.value))
        return [*body, *(token for each in executed for token in tokens(f"{each};", syntax))]

    def _query(self, sql: str) -> None:
        keywords = [token.upper for token in tokens(sql, self._catalogue.impl.syntax)]
        if keywords and (keywords[0] in READS | CHANGES or "RETURNING" in keywords):
            read = self._catalogue.filled_in(sql)
            self._queried |= dict.fromkeys(read)
            if read:
                self._note_lines()

    def _note_lines(self) -> None:
        """Note the lines of the script that are running."""
        for function, line in script_frames(self._file):
            self._queries.setdefault(function, set()).add(line)

    def _write(self, stream: list[Token]) -> None:
        """Note what a statement does to rows."""
        keywords = [token.upper for token in stream]
        filled = self._catalogue.filled
        if keywords[0] == "TRUNCATE":
            filled -= set(self._known(stream))
        elif keywords[0] == "DELETE":
            filled -= set(self._known(stream)[:1] if CHOOSING.isdisjoint(keywords) else ())
        elif keywords[0] == "COPY":
            filled |= set(self._known(stream[1:4])[:1])
        elif keywords[0] == "CREATE":
            self._create(stream)
        else:
            for at, keyword in enumerate(keywords):
                if keyword in INSERTS and (at == 0 or "INTO" in keywords[at + 1 : at + 4]):
                    self._insert(stream[at + 1 :])

    def _create(self, stream: list[Token]) -> None:
        """Note the rows of CREATE TABLE ... AS, also one without AS, as in MySQL."""
        keywords = [token.upper for token in stream]
        if "TABLE" in keywords[:5] and "SELECT" in keywords:
            self._insert(stream[keywords.index("TABLE") + 1 :])

    def _insert(self, stream: list[Token]) -> None:
        target = self._known(stream[: _end_of_target(stream)])
        if self._finds_rows(stream):
            self._catalogue.filled |= set(target[:1])

    def _fill_beside(self, sql: str) -> None:
        """Note the rows that the functions and triggers of a statement insert."""
        inserted, existing = self._insertions.beside(sql), self._existing()
        if inserted is None:
            self._catalogue.filled |= existing
        elif inserted:
            self._catalogue.filled |= existing & {*inserted, *map(str.lower, inserted)}

    def _finds_rows(self, stream: list[Token]) -> bool:
        """Tell whether the query of a statement may find rows; one without a query has them."""
        depth = 0
        for at, token in enumerate(stream):
            if depth == 0 and is_query(stream[at:]):
                return not Queries("", self._is_empty).found(stream[at:]).is_empty
            depth += (token.upper == "(") - (token.upper == ")")
        return True

    def _is_empty(self, name: str) -> bool:
        filled = {name, name.lower()} & self._catalogue.filled
        return self._catalogue.is_table(name) and not filled

    def _known(self, stream: Iterable[Token]) -> list[str]:
        """Return the tables that there are, of those that tokens name, in this order."""
        existing = self._existing()
        values = [token.value for token in stream if token.is_name]
        return [name for each in values for name in (each, each.lower()) if name in existing]

    def _existing(self) -> set[str]:
        return {str(each.name) for each in self._catalogue.tables.values()}


def _end_of_target(stream: list[Token]) -> int:
    """Return the position behind the table's name of an INSERT, behind INTO."""
    ends = (at for at, token in enumerate(stream) if token.text == "(")
    words = (at for at, token in enumerate(stream) if token.upper in {"VALUES", "SELECT"})
    return min(next(ends, len(stream)), next(words, len(stream)))


def _statements(stream: list[Token]) -> Iterator[list[Token]]:
    """Yield the tokens of each statement."""
    statement: list[Token] = []
    for token in stream:
        if token.upper == ";":
            if statement:
                yield statement
            statement = []
        else:
            statement.append(token)
    if statement:
        yield statement
