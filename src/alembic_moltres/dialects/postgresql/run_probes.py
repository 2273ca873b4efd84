"""Asking the database: everything is made in a savepoint that is rolled back, and read before.

Temporary objects only, in `pg_temp`; ROLLBACK TO gives back their locks too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import exc
from sqlalchemy.engine import Connection

from .catalogue import COLLATION, CatalogueRow
from .probes import (
    OF_TABLE,
    REFUSED,
    WITH_INDEX,
    Kind,
    Probe,
    ScratchTable,
    block,
    packed,
    packed_by_table,
    probed,
)

LOCKS, LOCKS_OF_PACK = 1500, 4
"""How many locks are held at a time, and how many a temporary table takes (with its TOAST table).

The server's table of locks has room for 6,400 by default (max_locks_per_transaction x
max_connections), for all sessions; an index takes one more.
"""

READY = """SELECT has_database_privilege(current_database(), 'TEMP') AS temporary,
 current_setting('transaction_read_only') = 'on' AS read_only, pg_is_in_recovery() AS standby"""

ANSWERS = f"""SELECT a.attname::text AS item, format_type(a.atttypid, a.atttypmod) AS type,
   {COLLATION}, pg_get_expr(d.adbin, d.adrelid) AS answer, false AS refused,
   CASE WHEN coalesce(e.typtype, t.typtype) IN ('e', 'd') THEN coalesce(e.oid, t.oid) END AS named
 FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
 LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typlen = -1 AND t.typcategory = 'A'
 LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE c.relnamespace = pg_my_temp_schema() AND c.relkind = 'r' AND a.attnum > 0
   AND a.attname LIKE 'moltres\\_item %'
 UNION ALL
 SELECT k.conname::text, NULL, NULL, CASE k.contype WHEN 'c' THEN pg_get_expr(k.conbin, k.conrelid)
                                     ELSE pg_get_constraintdef(k.oid) END, false, NULL
 FROM pg_class c JOIN pg_constraint k ON k.conrelid = c.oid
 WHERE c.relnamespace = pg_my_temp_schema() AND k.contype IN ('c', 'x')
   AND k.conname LIKE 'moltres\\_item %'
 UNION ALL
 SELECT c.relname::text, NULL, NULL, pg_get_indexdef(c.oid), false, NULL
 FROM pg_class c LEFT JOIN pg_constraint k ON k.conindid = c.oid
 WHERE c.relnamespace = pg_my_temp_schema() AND c.relkind = 'i' AND k.oid IS NULL
   AND c.relname LIKE 'moltres\\_item %'
 UNION ALL
 SELECT item, NULL, NULL, reason, true, NULL FROM pg_temp."{REFUSED}" """


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What the database says: of a type its spelling, of anything else its text.

    `named` is the oid of the enum type or domain that a type is, or is an array of.
    """

    text: str | None
    named: int | None = None


@dataclass(slots=True)
class ProbeResults:
    """What was answered; what was refused, and why; and why nothing could be asked at all."""

    given: dict[Probe, ProbeResult] = field(default_factory=dict)
    refused: dict[Probe, str] = field(default_factory=dict)
    silent: str | None = None


def run_probes(
    connection: Connection, questions: Iterable[Probe], types: Sequence[str]
) -> ProbeResults:
    """Ask each question, once.

    What is refused is asked again under its table's own name, which a CHECK may mention.

    Args:
        connection: in whose transaction a savepoint is made and rolled back.
        questions: what to ask.
        types: statements that make the types in `pg_temp` which the database does not have.
    """
    found = ProbeResults()
    wanted = list(dict.fromkeys(questions))
    if not wanted:
        return found
    found.silent = _reason_not_to_ask(connection)
    if found.silent is not None:
        return found
    try:
        _ask_packs(connection, packed(wanted), types, found)
        again = [each for each in wanted if each.kind in OF_TABLE and each not in found.given]
        for group in packed_by_table(again):
            _ask_packs(connection, group, types, found)
    except exc.DBAPIError as err:
        if err.connection_invalidated:
            raise
        found.silent = str(err.orig)
    return found


def _ask_packs(
    connection: Connection, packs: list[ScratchTable], types: Sequence[str], found: ProbeResults
) -> None:
    for group in _groups(packs):
        for row in _answers(connection, block(group, types)):
            question = probed(group, row.item)
            if row.refused:
                found.refused[question] = row.answer
            elif question.kind == Kind.TYPE:
                collated = f" COLLATE {row.collation}" if row.collation else ""
                found.given[question] = ProbeResult(row.type + collated, row.named)
            else:
                found.given[question] = ProbeResult(row.answer)


def _groups(packs: Iterable[ScratchTable]) -> Iterator[list[ScratchTable]]:
    """Yield the packs in groups that take few enough locks."""
    group: list[ScratchTable] = []
    held = 0
    for pack in packs:
        taken = LOCKS_OF_PACK + sum(question.kind in WITH_INDEX for question in pack.questions)
        if group and held + taken > LOCKS:
            yield group
            group, held = [], 0
        group.append(pack)
        held += taken
    if group:
        yield group


def _answers(connection: Connection, statement: str) -> Iterator[CatalogueRow]:
    as_it_is = {"no_parameters": True}  # percent signs and colons are the expressions' own
    savepoint = connection.begin_nested()
    try:
        connection.exec_driver_sql(statement, execution_options=as_it_is)
        rows = connection.exec_driver_sql(ANSWERS, execution_options=as_it_is).all()
    finally:
        savepoint.rollback()
    return iter(rows)


def _reason_not_to_ask(connection: Connection) -> str | None:
    """Return why no temporary table can be made here, `None` where it can."""
    if getattr(connection.connection.dbapi_connection, "autocommit", False):
        return "the connection is in AUTOCOMMIT"
    ready = connection.exec_driver_sql(READY).one()
    if ready.standby:
        return "the server is a standby"
    if ready.read_only:
        return "the transaction is read-only"
    return None if ready.temporary else "the user may not make temporary tables"
