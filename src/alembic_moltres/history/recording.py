"""`Recorder`: the database of a replay, which records statements and returns results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateTable, ExecutableDDLElement
from sqlalchemy.sql.elements import TextClause

from ..convert import dialects_for, is_sqlalchemy_model
from ..convert.tables import freeze_table
from ..dialects.base.registry import impl_of
from ..diff import TableKey
from ..errors import HistoryError
from ..operations import MoltresCreateTableOp
from ..schema import TableSchema
from ..schema.names import qualified_name
from ..sqla_compat import result_columns
from ..sqltext import tokens
from . import alembic_statements
from .catalogue.database import Catalogue, MissingError, UnknownTableError
from .filled_tables import FilledTables
from .live_tables import ScriptTables
from .moltres_operations import record
from .observer import Observer
from .savepoints import Savepoints
from .scripts import script_frames
from .stand_in.catalogue_queries import result_of_query
from .stand_in.driver import Result
from .stand_in.empty_results import result_of_select, result_of_text
from .stand_in.inspection import InspectedTables
from .state import Place, ScriptSQL, State, Uncertain
from .statements import StatementContext, built_ddl, carry_out
from .text.cursor import AnyTableError, Outcome, UnreadableError, statements
from .text.dynamic import explained_statement
from .text.names import created_table, names_in, with_kept_names
from .text.statements import carry_out_text
from .uncertainties import Uncertainties

MOST_STATEMENTS = 20_000
"""The most statements that a script may execute, to stop a loop that waits for rows."""

LIVE = "it is made of an application's model, which changes; write its value into the script"
OF_OTHER_SERVERS = "it has a comment that a server of another version executes"


class Recorder:
    """The database of a replay; see the module.

    Args:
        dialect: the replayed dialect.
        server: the server whose version it reports, such as `"mariadb 10.11"`.
        script_tables: those that scripts define themselves; `None` to skip the check for models.

    Attributes:
        version_rows: the revisions that a query of Alembic's own table finds; scripts find none.
    """

    def __init__(
        self, dialect: Dialect, server: str | None = None, script_tables: ScriptTables | None = None
    ) -> None:
        self.dialect = dialect
        self.dialects = dialects_for((dialect,))
        self.catalogue = Catalogue(impl_of(dialect))
        self.syntax = self.catalogue.impl.syntax
        self.session_queries = self.catalogue.impl.session_queries(server)
        self.server_version = self.catalogue.impl.server_version(server)
        self.context = StatementContext(self.catalogue, self.dialects)
        self.texts: list[ScriptSQL] = []
        self.uncertain = Uncertainties()
        self.place = Place("", "", 0)
        self.version_rows: tuple[str, ...] = ()
        self._savepoints = Savepoints(self.catalogue, self.texts)
        self._server = server
        self._count = 0
        self._script_tables = script_tables
        self._declared: set[str] | None = None
        self._declaring = False
        self._filled = FilledTables(self.catalogue)
        self.catalogue.observers.append(self._filled)

    def start(self, version_table: sa.Table) -> None:
        """Start with an empty database, whatever `env.py` has executed so far.

        Args:
            version_table: in which Alembic stamps revisions; scripts see it.
        """
        self.catalogue.restore(Catalogue(self.catalogue.impl))
        self.texts, self.uncertain = [], Uncertainties()
        self._savepoints = Savepoints(self.catalogue, self.texts)
        self.catalogue.version_table = self.catalogue.in_default(
            freeze_table(version_table, self.dialects)
        )

    def begin(self, revision: str, file: str) -> None:
        """Begin a script."""
        self._count = 0
        self.place = Place(revision, file, 0)
        self._filled.begin(file)
        self._declared = None

    def end(self) -> None:
        """End the script; the tables that it declared are no longer uncertain."""
        self.uncertain.lines += self._filled.uncertain(self.line())
        self.catalogue.forget_temporary()
        self.uncertain.forget_dropped(self._keys())
        if self._declared is not None:
            self.uncertain.forget_tables(self._declared, self.place.revision)

    def _keys(self) -> Iterator[str]:
        return (each.key for each in self.catalogue.tables.values())

    @contextmanager
    def state_only(self) -> Iterator[None]:
        """Record the operations in the block as the effect of other lines of the script."""
        self._declared = self._declared or set()
        self._declaring = True
        try:
            yield
        finally:
            self._declaring = False

    @property
    def is_declaring(self) -> bool:
        """Whether the running block declares the effect of other lines."""
        return self._declaring

    def state(self) -> State:
        """Return the state after the scripts so far."""
        state = self.catalogue.state()
        return replace(state, texts=tuple(self.texts), uncertain=self.uncertainties())

    def uncertainties(self) -> tuple[Uncertain, ...]:
        """Return the uncertainties so far."""
        every = self.uncertain.every(self._keys())
        return tuple(
            replace(each, tables=self.catalogue.with_descendants(each.tables)) for each in every
        )

    def inspected(self) -> InspectedTables:
        """Return the content as an inspector reflects it."""
        return replace(self.catalogue.inspected(), not_found=self._not_found)

    def _not_found(self, key: TableKey) -> None:
        """Record a line that inspects a table which is not there, if a foreign key needs it."""
        if self.catalogue.is_referred_to(key):
            shown = qualified_name(key[1], key[0])
            reason = f"it inspects the table {shown!r}, which no script creates"
            self.uncertain.add_if_missing(Uncertain(reason, self.line()), shown)

    def enums(self, schema: str | None) -> list[dict[str, Any]]:
        """Return the enum types as PostgreSQL's inspector does."""
        wanted = self.catalogue.schema(schema)
        return [
            {"name": name, "schema": wanted, "labels": list(each.args), "visible": wanted is None}
            for (place, name), each in self.catalogue.types.items()
            if place == wanted
        ]

    def known_table(self, name: str, schema: str | None) -> TableSchema | None:
        """Return a table after the scripts so far; `None` if no script creates it."""
        key = self.catalogue.key(name, schema)
        return self.catalogue.with_inherited(key) if key in self.catalogue.tables else None

    @contextmanager
    def observed_by(self, *observers: Observer) -> Iterator[None]:
        """Call observers, in their order, while the block runs."""
        before = self.catalogue.observers
        self.catalogue.observers = [*before, *observers]
        try:
            yield
        finally:
            self.catalogue.observers = before

    @contextmanager
    def restoring(self) -> Iterator[None]:
        """Undo at the end what is recorded in the block."""
        catalogue, texts, uncertain = self.catalogue.copy(), self.texts[:], self.uncertain.copy()
        try:
            yield
        finally:
            self.catalogue.restore(catalogue)
            self.texts[:], self.uncertain = texts, uncertain

    def record(self, operation: Any) -> bool:
        """Record an operation; return `False` if it is not of this package."""
        self._observe_before()
        own = self._record(operation)
        for each in self.catalogue.observers:
            each.after_operation(operation, own=own)
        return own

    def _observe_before(self) -> None:
        for each in self.catalogue.observers:
            each.before()

    def _record(self, operation: Any) -> bool:
        if self._declaring:
            self._declare(operation)
        try:
            return record(operation, self.catalogue)
        except MissingError as err:
            self._missing(err, repr(operation))
            return True

    def _declare(self, operation: Any) -> None:
        name = getattr(operation, "table_name", None)
        if name is None or self._declared is None:
            return
        schema = self.catalogue.schema(operation.schema)
        key = qualified_name(name, schema)
        self._declared.add(key)
        if isinstance(operation, MoltresCreateTableOp):
            self.uncertain.missing.pop(key, None)
            self.uncertain.forget_tables({key})
            tables = self.catalogue.tables
            self.catalogue.tables = {k: t for k, t in tables.items() if k != (schema, name)}

    def is_unknown(self, name: str, schema: str | None) -> bool:
        """Record a table as uncertain if no script creates it, and tell whether that is so."""
        try:
            self.catalogue.table(name, schema)
        except UnknownTableError as err:
            self._missing(err, "")
            return True
        return False

    @contextmanager
    def noting_live(self, table: object) -> Iterator[None]:
        """Record a table as uncertain if it is made of an application's model or `Table`."""
        live = table.__table__ if is_sqlalchemy_model(table) else table
        yield
        if isinstance(live, sa.Table):
            self._note_live(live, repr(table))

    def _note_live(self, table: sa.Table, text: str) -> None:
        if self._script_tables is not None and table not in self._script_tables:
            key = qualified_name(table.name, self.catalogue.schema(table.schema))
            self.add_uncertain(LIVE, text, (key,))

    def execute(self, sql: str, context: Any) -> Result:
        """Record a statement and return its result.

        Raises:
            HistoryError: the script executes too many statements.
        """
        self._observe_before()
        sql, unknown = self.catalogue.impl.executed_text(sql, self._server)
        result = self._execute(sql, context)
        for comment in unknown:
            self.add_uncertain(OF_OTHER_SERVERS, sql, self.tables_in(f"{sql} {comment}"))
        for each in self.catalogue.observers:
            each.after_statement(sql, context)
            if result.unknown:
                each.unknown_result(sql)
        return result

    def _execute(self, sql: str, context: Any) -> Result:
        self._count += 1
        if self._count > MOST_STATEMENTS:
            raise HistoryError(f"it has executed {MOST_STATEMENTS} statements", self.place)
        ddl = built_ddl(context)
        translated = "schema_translate_map" in getattr(context, "execution_options", ())
        if ddl is not None and not translated and self._carry_out(ddl, sql):
            return Result()
        compiled = getattr(context, "compiled", None)
        statement = getattr(compiled, "statement", None)
        if compiled is not None and not isinstance(statement, TextClause | ExecutableDDLElement):
            return self._rows(compiled, statement, context)
        return self._text(sql, context)

    def _carry_out(self, statement: Any, sql: str) -> bool:
        alembic_statements.refuse_unknown(statement, sql, self.catalogue.impl)
        try:
            is_kept = with_kept_names(sql, self.syntax) == sql
            known = is_kept and carry_out(statement, self.context)
        except MissingError as err:
            self._missing(err, sql)
            return True
        if isinstance(statement, CreateTable):
            self._note_live(statement.element, sql)
        return known

    def _missing(self, err: MissingError, text: str) -> None:
        """Record a statement that a server would reject, as far as the tables are known.

        A table that no script creates is recorded once as uncertain.
        """
        match err:
            case UnknownTableError() if self.catalogue.is_version_table(str(err.subject)):
                pass  # a wider column of Alembic's own table
            case UnknownTableError():
                key = str(err.subject)
                if [token.upper for token in tokens(text, self.syntax)[:2]] == ["DROP", "TABLE"]:
                    self.uncertain.missing.pop(key, None)
                elif key not in self.uncertain.missing:
                    self.uncertain.missing[key] = Uncertain(str(err), self.line(), text, (key,))
            case MissingError(subject=None) if self.uncertain.missing:
                pass  # an index of an uncertain table
            case MissingError(subject=TableSchema() as table):
                self.add_uncertain(str(err), text, (table.key,))
            case _:
                self.add_uncertain(str(err), text)

    def _rows(self, compiled: Any, statement: Any, context: Any) -> Result:
        columns = result_columns(compiled)
        if getattr(statement, "is_select", False):
            if self.version_rows and columns and self._is_of_versions(statement):
                return Result(columns, tuple((each,) for each in self.version_rows))
            self._statement(str(compiled))
            columns = columns or ("column",)
            return result_of_select(context, columns, self.syntax, self.catalogue.is_table)
        self._statement(str(compiled))
        if columns and context.isinsert:
            return Result(columns, (self._inserted(columns, context),))
        return Result(columns) if columns else Result()

    def _is_of_versions(self, select: Any) -> bool:
        (table, *others) = select.get_final_froms() or [None]
        if others or not isinstance(table, sa.Table):
            return False
        key = qualified_name(table.name, self.catalogue.schema(table.schema))
        return self.catalogue.is_version_table(key)

    def _inserted(self, columns: Iterable[str], context: Any) -> tuple[object, ...]:
        """Return the row of a RETURNING: the inserted values, and 1 for a key."""
        given = context.compiled_parameters[0] if context.compiled_parameters else {}
        return tuple(given.get(name, 1) for name in columns)

    def _text(self, sql: str, context: Any) -> Result:
        query = " ".join(sql.lower().rstrip("; \n").split())
        if query in self.session_queries:
            return Result(("column",), ((self.session_queries[query],),))
        parameters = context.parameters[0] if getattr(context, "parameters", None) else None
        catalogue_query = self.catalogue.impl.catalogue_query(sql.rstrip("; \n"))
        if catalogue_query is not None:
            result = result_of_query(catalogue_query, parameters, self.catalogue)
            if result is not None:
                return result
        for each in statements(with_kept_names(sql, self.syntax), self.syntax):
            self._statement(explained_statement(each, self.syntax))
        return result_of_text(sql, self.syntax, self.catalogue.is_table)

    def _statement(self, sql: str) -> None:
        self._savepoints.execute(sql)
        try:
            outcome = carry_out_text(sql, self.catalogue)
        except UnreadableError as err:
            self._unreadable(err, sql)
        except MissingError as err:
            self._missing(err, sql)
        else:
            if outcome is Outcome.KEPT:
                self.texts.append(ScriptSQL(sql, self.line()))
            elif outcome is Outcome.OF_ROWS:
                self._catalogue_query(sql)

    def _unreadable(self, err: UnreadableError, sql: str) -> None:
        reason = err.args[0].partition(": ")[2]
        created = created_table(sql, self.syntax)
        if created is None:
            named = () if isinstance(err, AnyTableError) else (*err.tables, *self.tables_in(sql))
            known = tuple(dict.fromkeys(named))
            self.uncertain.lines.append(Uncertain(reason, self.line(), sql, known))
            return
        key = qualified_name(created[1], self.catalogue.schema(created[0]))
        self.uncertain.missing.setdefault(key, Uncertain(reason, self.line(), sql, (key,)))

    def _catalogue_query(self, sql: str) -> None:
        if self.catalogue.impl.catalogue_query(sql) is not None:
            self.add_uncertain("it queries the database's catalogue", sql)

    def add_uncertain(self, reason: str, text: str, tables: Iterable[str] = ()) -> None:
        """Record an uncertainty and its tables."""
        named = tuple(tables) or tuple(self.tables_in(text))
        self.uncertain.lines.append(Uncertain(reason, self.line(), text, named))

    def tables_in(self, text: str) -> list[str]:
        """Return the keys of the tables that SQL text names, also in strings and in bodies."""
        names = set(names_in(text, self.syntax))
        names |= {word.lower() for word in names}
        return [each.key for each in self.catalogue.tables.values() if str(each.name) in names]

    def tables_requested(self) -> None:
        """Record that a script requests its tables."""
        for each in self.catalogue.observers:
            each.tables_requested()

    def line(self) -> Place:
        """Return the line of the running script."""
        line = next((line for _, line in script_frames(self.place.file)), 0)
        return Place(self.place.revision, Path(self.place.file).name, line)
