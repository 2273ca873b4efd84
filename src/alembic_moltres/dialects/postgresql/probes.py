"""Runs probes on PostgreSQL: scratch tables in `pg_temp`, in a savepoint that is rolled back.

One DO block creates all tables of a savepoint; if one fails, the block creates the table's items
one by one, and records those that the server rejects. So it works with any driver, and a rejected
probe costs no round trip. ROLLBACK TO also releases the locks of the tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import exc
from sqlalchemy.engine import Connection

from ... import sqltext
from ...sqltext import POSTGRESQL
from ..base.driver_messages import error_code
from ..base.probes import Kind, Limits, Probe, ProbeFailure, Prober, ScratchTable
from .catalogue import COLLATION, CatalogueRow
from .named_types import DEFINITION
from .text import quoted

REFUSED = "moltres refused"
"""The temporary table for rejected probes."""

RESOURCES = "53"
"""The class of SQLSTATEs for insufficient resources, such as too many tables at a time."""

READY = """SELECT has_database_privilege(current_database(), 'TEMP') AS temporary,
 current_setting('transaction_read_only') = 'on' AS read_only, pg_is_in_recovery() AS standby"""

ANSWERS = f"""SELECT a.attname::text AS item, format_type(a.atttypid, a.atttypmod) AS type,
   {COLLATION}, e.oid IS NOT NULL AS is_array,
   CASE WHEN coalesce(e.typtype, t.typtype) IN ('e', 'd') THEN coalesce(e.oid, t.oid) END AS named,
   CASE WHEN t.typtype = 'd' AND d.oid IS NULL THEN {DEFINITION}
        ELSE pg_get_expr(d.adbin, d.adrelid) END AS text, false AS refused
 FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
 LEFT JOIN pg_type b ON b.oid = t.typbasetype
 LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typlen = -1 AND t.typcategory = 'A'
 LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE c.relnamespace = pg_my_temp_schema() AND c.relkind = 'r' AND a.attnum > 0
   AND a.attname LIKE 'moltres\\_item %'
 UNION ALL
 SELECT k.conname::text, NULL, NULL, NULL, NULL,
   CASE k.contype WHEN 'c' THEN pg_get_expr(k.conbin, k.conrelid)
                  ELSE pg_get_constraintdef(k.oid) END, false
 FROM pg_class c JOIN pg_constraint k ON k.conrelid = c.oid
 WHERE c.relnamespace = pg_my_temp_schema() AND k.contype IN ('c', 'x')
   AND k.conname LIKE 'moltres\\_item %'
 UNION ALL
 SELECT c.relname::text, NULL, NULL, NULL, NULL, pg_get_indexdef(c.oid), false
 FROM pg_class c LEFT JOIN pg_constraint k ON k.conindid = c.oid
 WHERE c.relnamespace = pg_my_temp_schema() AND c.relkind = 'i' AND k.oid IS NULL
   AND c.relname LIKE 'moltres\\_item %'
 UNION ALL
 SELECT item, NULL, NULL, NULL, NULL, reason, true FROM pg_temp."{REFUSED}" """
"""The columns of a row are those of `catalogue` for a column; any other item has `text`."""


class PostgreSQLProber(Prober[CatalogueRow]):
    """Creates, reads and rolls back scratch tables; results are rows of the catalogue."""

    limits = Limits(probes=50, columns=250, open=40, tables=200, indexes=700)
    """With 1,000 probes in a table each takes 20 times as long: the server's work is quadratic.

    The server's table of locks has room for 6,400 by default (max_locks_per_transaction x
    max_connections), for all sessions: a table takes 4 with its TOAST table, an index one more.
    """

    def __init__(self, connection: Connection, types: Sequence[str]) -> None:
        """Store the connection and the types.

        Args:
            connection: the connection, in whose transaction a savepoint is set and rolled back.
            types: statements that create, in `pg_temp`, the types that the database does not have.
        """
        super().__init__(connection)
        self._types = types

    def unavailable(self) -> str | None:
        if getattr(self.connection.connection.dbapi_connection, "autocommit", False):
            return "the connection is in AUTOCOMMIT"
        ready = self.connection.exec_driver_sql(READY).one()
        if ready.standby:
            return "the server is a standby"
        if ready.read_only:
            return "the transaction is read-only"
        return None if ready.temporary else "the user may not make temporary tables"

    def read(
        self, tables: Sequence[ScratchTable]
    ) -> Iterator[tuple[Probe, CatalogueRow | ProbeFailure]]:
        as_it_is = {"no_parameters": True}  # percent signs and colons belong to the expressions
        statement = block(tables, self._types)
        savepoint = self.connection.begin_nested()
        try:
            self.connection.exec_driver_sql(statement, execution_options=as_it_is)
            rows = self.connection.exec_driver_sql(ANSWERS, execution_options=as_it_is).all()
        finally:
            savepoint.rollback()
        for row in rows:
            _, number, position = row.item.split(" ")
            probe = tables[int(number)].probes[int(position)]
            yield probe, ProbeFailure(row.text) if row.refused else row

    def is_final(self, err: exc.DBAPIError) -> bool:
        """The block has recorded rejected probes; other errors may pass with fewer tables."""
        return not (error_code(err) or "").startswith(RESOURCES)


def mentioned_columns(text: str, columns: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the columns that a text may mention, possibly a few more.

    >>> mentioned_columns(
    ...     'lower("Name") = state', {"Name": "text", "name": "text", "state": "text"}
    ... )
    (('Name', 'text'), ('state', 'text'))
    """
    names = sqltext.mentioned(text, POSTGRESQL)
    return tuple((name, type_) for name, type_ in columns.items() if name in names)


def block(tables: Sequence[ScratchTable], types: Sequence[str]) -> str:
    """Return the DO block that creates all scratch tables.

    Args:
        tables: with their probes.
        types: statements that create the types that the database does not have.
    """
    lines = [_attempt(_execute(statement)) for statement in types]
    for number, table in enumerate(tables):
        name = f"pg_temp.{quoted(table.name or f'moltres {number}')}"
        items = [(_alias(number, item), probe) for item, probe in enumerate(table.probes)]
        inside = [
            f"{quoted(alias)} {_column(probe)}" for alias, probe in items if probe.kind in _COLUMNS
        ]
        inside += [
            f"CONSTRAINT {quoted(alias)} {_constraint(probe)}"
            for alias, probe in items
            if probe.kind in _CONSTRAINTS
        ]
        given = [f"{quoted(column)} {type_}" for column, type_ in table.columns.values()]
        whole = _execute(f"CREATE TABLE {name} ({', '.join([*given, *inside])})")
        alone = [
            _execute(f"CREATE TABLE {name} ({', '.join(given)})"),
            *(
                _attempt(_execute(_add(name, alias, probe)), alias)
                for alias, probe in items
                if probe.kind in _TABLE
            ),
        ]
        lines.append(_attempt(whole, otherwise=_attempt("\n".join(alone))))
        lines += [
            _attempt(_execute(_index(name, alias, probe)), alias)
            for alias, probe in items
            if probe.kind in _INDEXES
        ]
    made = f"CREATE TABLE pg_temp.{quoted(REFUSED)} (item text, reason text);"
    return "DO " + dollar_quoted("\n".join(["BEGIN", made, *lines, "END"]))


def dollar_quoted(text: str) -> str:
    """Return a string literal of any text, without escapes.

    >>> dollar_quoted("it's $m$")
    "$m1$it's $m$$m1$"
    """
    tag, number = "$m$", 0
    while tag[:-1] in text:
        number += 1
        tag = f"$m{number}$"
    return f"{tag}{text}{tag}"


_COLUMNS = frozenset({Kind.TYPE, Kind.DEFAULT, Kind.GENERATED})
_CONSTRAINTS = frozenset({Kind.CHECK, Kind.EXCLUDE})
_TABLE = _COLUMNS | _CONSTRAINTS
_INDEXES = frozenset({Kind.INDEX, Kind.UNIQUE_INDEX})


def _alias(pack: int, item: int) -> str:
    return f"moltres_item {pack} {item}"


def _column(probe: Probe) -> str:
    match probe.kind:
        case Kind.TYPE:
            return probe.text
        case Kind.DEFAULT:
            return f"{probe.type} DEFAULT {probe.text}"
        case _:
            return f"{probe.type} GENERATED ALWAYS AS ({probe.text}) STORED"


def _constraint(probe: Probe) -> str:
    return f"CHECK ({probe.text})" if probe.kind == Kind.CHECK else probe.text


def _add(table: str, alias: str, probe: Probe) -> str:
    if probe.kind in _COLUMNS:
        return f"ALTER TABLE {table} ADD COLUMN {quoted(alias)} {_column(probe)}"
    return f"ALTER TABLE {table} ADD CONSTRAINT {quoted(alias)} {_constraint(probe)}"


def _index(table: str, alias: str, probe: Probe) -> str:
    unique = "UNIQUE " if probe.kind == Kind.UNIQUE_INDEX else ""
    return f"CREATE {unique}INDEX {quoted(alias)} ON {table} {probe.text}"


def _execute(statement: str) -> str:
    return f"EXECUTE {dollar_quoted(statement)};"


def _attempt(lines: str, item: str | None = None, *, otherwise: str = "NULL;") -> str:
    """Return lines that try statements; if they fail, `otherwise` runs, or the item is recorded."""
    if item is not None:
        otherwise = f"INSERT INTO pg_temp.{quoted(REFUSED)} VALUES ('{item}', SQLERRM);"
    return f"BEGIN\n{lines}\nEXCEPTION WHEN OTHERS THEN\n{otherwise}\nEND;"
