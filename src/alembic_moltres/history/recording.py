"""What takes the place of a database while scripts are replayed: it records and answers."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Dialect
from sqlalchemy.schema import ExecutableDDLElement
from sqlalchemy.sql.ddl import DDL
from sqlalchemy.sql.elements import TextClause

from ..convert import dialects_for
from ..dialects.base.registry import impl_of
from ..schema import TableSchema
from .answers import answer_select, answer_text
from .catalogue import Catalogue, Missing, UnknownTable
from .driver import Answer
from .inspection import Inspected
from .raw_ddl import Outcome, Unreadable, carry_out_text
from .state import Place, State, Text, Uncertain
from .statements import At, carry_out
from .tokens import statements, tokenize

CATALOGUES = ("information_schema", "pg_catalog", "pg_", "sqlite_master", "sqlite_schema")
"""How tables are called in which a database describes itself."""


class Recorder:
    """The database of a replay; see the module.

    Args:
        dialect: the replayed dialect.
        server: whose version it answers with, such as `"mariadb 10.11"`.
    """

    def __init__(self, dialect: Dialect, server: str | None = None) -> None:
        self.dialect = dialect
        self.dialects = dialects_for((dialect,))
        self.catalogue = Catalogue(impl_of(dialect))
        self.session_queries = self.catalogue.impl.session_queries(server)
        self.at = At(self.catalogue, self.dialects)
        self.texts: list[Text] = []
        self.uncertain: list[Uncertain] = []
        self.unknown: dict[str, Uncertain] = {}
        self.place = Place("", "", 0)

    def begin(self, revision: str, file: str) -> None:
        """Say which script runs now."""
        self.place = Place(revision, file, 0)

    def end(self) -> None:
        """Say that it has ended."""
        self.catalogue.forget_temporary()

    def state(self) -> State:
        """Return what the scripts have made so far."""
        found = self.catalogue.state()
        return State(
            found.tables,
            found.types,
            found.sequences,
            tuple(self.texts),
            tuple(dict.fromkeys((*self.unknown.values(), *self.uncertain))),
        )

    def inspected(self) -> Inspected:
        """Return what an inspector sees."""
        return self.catalogue.inspected()

    def enums(self, schema: str | None) -> list[dict[str, Any]]:
        """Return what PostgreSQL's inspector says of enum types."""
        wanted = self.catalogue.schema(schema)
        return [
            {"name": name, "schema": wanted, "labels": list(each.args), "visible": wanted is None}
            for (place, name), each in self.catalogue.types.items()
            if place == wanted
        ]

    def execute(self, sql: str, context: Any) -> Answer:
        """Record a statement and answer it."""
        compiled = getattr(context, "compiled", None)
        statement = getattr(compiled, "statement", None)
        if isinstance(statement, ExecutableDDLElement) and not isinstance(statement, DDL):
            if self._carry_out(statement):
                return Answer()
        elif compiled is not None and not isinstance(statement, TextClause | DDL):
            return self._rows(compiled, statement, context)
        return self._text(sql)

    def _carry_out(self, statement: Any) -> bool:
        try:
            return carry_out(statement, self.at)
        except Missing as err:
            self._missing(err, str(statement.compile(dialect=self.dialect)))
            return True

    def _missing(self, err: Missing, text: str) -> None:
        """Note a statement that a server would refuse, as far as the tables are known.

        A table that no script creates is uncertain once, whatever else is done to it.
        """
        match err:
            case UnknownTable():
                key = str(err.culprit)
                if self._is_dropped(text):
                    self.unknown.pop(key, None)
                elif key not in self.unknown:
                    self.unknown[key] = Uncertain(str(err), self.line(), text, (key,))
            case Missing(culprit=None) if self.unknown:
                pass  # an index of a table that is uncertain anyway
            case Missing(culprit=TableSchema() as table):
                self.unsure(str(err), text, (table.key,))
            case _:
                self.unsure(str(err), text)

    def _is_dropped(self, text: str) -> bool:
        return [token.upper for token in tokenize(text)[:2]] == ["DROP", "TABLE"]

    def _rows(self, compiled: Any, statement: Any, context: Any) -> Answer:
        columns = tuple(each[0] for each in compiled._result_columns or ())
        if getattr(statement, "is_select", False):
            self._catalogue_query(str(compiled))
            return answer_select(statement, columns or ("column",))
        if columns and context.isinsert:
            return Answer(columns, (self._inserted(columns, context),))
        return Answer(columns) if columns else Answer()

    def _inserted(self, columns: Iterable[str], context: Any) -> tuple[object, ...]:
        """Return what RETURNING gives for a row: what was inserted, and 1 for a key."""
        given = context.compiled_parameters[0] if context.compiled_parameters else {}
        return tuple(given.get(name, 1) for name in columns)

    def _text(self, sql: str) -> Answer:
        asked = " ".join(sql.lower().split())
        if asked in self.session_queries:
            return Answer(("column",), ((self.session_queries[asked],),))
        for each in statements(sql):
            self._statement(each)
        return answer_text(sql)

    def _statement(self, sql: str) -> None:
        try:
            outcome = carry_out_text(sql, self.catalogue)
        except Unreadable as err:
            self.unsure(err.args[0].partition(": ")[2], sql)
            return
        except Missing as err:
            self._missing(err, sql)
            return
        if outcome is Outcome.KEPT:
            self.texts.append(Text(sql, self.line()))
        elif outcome is Outcome.OF_ROWS:
            self._catalogue_query(sql)

    def _catalogue_query(self, sql: str) -> None:
        lowered = sql.lower()
        if not any(each in lowered for each in CATALOGUES):
            return
        words = {token.text.lower() for token in tokenize(sql) if token.is_name}
        named = {each for each in words if each.startswith(CATALOGUES) and each in CATALOGUE_TABLES}
        if named or words & set(CATALOGUES):
            self.unsure("it asks the database's catalogue", sql)

    def unsure(self, reason: str, text: str, tables: Iterable[str] = ()) -> None:
        """Note what cannot be known, and which tables it is about."""
        named = tuple(tables) or tuple(self._tables_in(text))
        self.uncertain.append(Uncertain(reason, self.line(), text, named))

    def _tables_in(self, text: str) -> list[str]:
        words = {token.text.strip('"`') for token in tokenize(text)}
        words |= {word.lower() for word in words}
        return [key for key, each in self.catalogue.tables.items() if str(each.name) in words]

    def line(self) -> Place:
        """Return the line of the script that is being run."""
        frame: Any = sys._getframe()
        while frame is not None:
            if frame.f_code.co_filename == self.place.file:
                name = Path(self.place.file).name
                return Place(self.place.revision, name, frame.f_lineno)
            frame = frame.f_back
        return Place(self.place.revision, Path(self.place.file).name, 0)


CATALOGUE_TABLES = frozenset(
    """pg_class pg_attribute pg_constraint pg_index pg_indexes pg_tables pg_type pg_enum
    pg_namespace pg_depend pg_proc pg_trigger pg_views pg_sequences information_schema sqlite_master
    sqlite_schema pg_catalog pg_stat_activity""".split()  # noqa: SIM905
)
