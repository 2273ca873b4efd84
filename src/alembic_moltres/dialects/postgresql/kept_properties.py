"""What no model states of a column or an index, kept where a statement would lose it.

A column that is dropped and added loses its storage, compression, statistics target, options,
grants, security labels and extended statistics; one of another type its storage and compression
(PostgreSQL's manual, ALTER TABLE, "SET DATA TYPE"; `tablecmds.c`, "ATExecAlterColumnType"). An
index that is dropped and created is no longer what CLUSTER and the replica identity name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ..base.statement import RawDDL
from .do_block import do_block, filled, literal

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from ..base.ddl import DDLWriter

STORED = """SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute AS a
 JOIN pg_catalog.pg_type AS y ON y.oid = a.atttypid
 WHERE a.attrelid = to_regclass(:of_table) AND a.attnum > 0 AND NOT a.attisdropped
   AND (a.attstorage <> y.typstorage OR to_jsonb(a) ->> 'attcompression' <> ''))"""

INDEXES = """SELECT c.relname::text AS name, i.indisclustered AS clusters,
   i.indisreplident AS identifies
 FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
 WHERE i.indrelid = to_regclass(:of_table) AND (i.indisclustered OR i.indisreplident)"""


@dataclass(frozen=True, slots=True)
class KeptColumn:
    """The statements before and after those that lose a column's properties.

    Attributes:
        save: puts them into a setting of the session, as statements.
        restore: executes those.
    """

    save: RawDDL
    restore: RawDDL


def kept_column(ddl: DDLWriter, column: str, number: int, *, recreated: bool) -> KeptColumn:
    """Return what keeps the properties of a column.

    Args:
        ddl: the writer of its table.
        column: its name before and after.
        number: of the column, different for each that is kept at the same time.
        recreated: whether it is dropped and added; else its type changes.
    """
    setting = literal(f"moltres.kept_{number}")
    of_column = f"{literal(ddl.table)}::regclass AND a.attname = {literal(column)}"
    properties = filled("column_properties.sql", {})
    stored = "" if recreated else "\n    WHERE q.stored"
    save = f"""\
DECLARE r record;
BEGIN
    SELECT a.attrelid, a.attnum, a.attname, a.attrelid::regclass::text AS tab INTO r
    FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = {of_column};
    PERFORM set_config({setting}, coalesce(jsonb_agg(q), '[]')::text, false) FROM (
{properties}
    ) AS q{stored};
END"""
    restore = f"""\
DECLARE s text;
BEGIN
    FOR s IN SELECT q.text
        FROM jsonb_to_recordset(current_setting({setting})::jsonb) AS q (text text, stored boolean),
        pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_type AS y ON y.oid = a.atttypid
        WHERE a.attrelid = {of_column} AND (y.typstorage <> 'p' OR NOT q.stored)
    LOOP
        EXECUTE s;
    END LOOP;
    PERFORM set_config({setting}, '', false);
END"""
    of = f"what no model states of the column {column!r}"
    return KeptColumn(
        RawDDL(do_block(save), f"DO /* reads {of} */"),
        RawDDL(do_block(restore), f"DO /* restores {of} */"),
    )


def stores_otherwise(connection: Connection, ddl: DDLWriter) -> bool:
    """Tell whether a column of the table has another storage or compression than its type's."""
    return bool(connection.execute(sa.text(STORED), {"of_table": ddl.table}).scalar())


def kept_indexes(connection: Connection, ddl: DDLWriter) -> Mapping[str, tuple[str, ...]]:
    """Return the actions of ALTER TABLE that name an index again, by the index's name."""
    rows = connection.execute(sa.text(INDEXES), {"of_table": ddl.table})
    return {
        row.name: tuple(
            f"{action} {ddl.quoted(row.name)}"
            for action, holds in (
                ("CLUSTER ON", row.clusters),
                ("REPLICA IDENTITY USING INDEX", row.identifies),
            )
            if holds
        )
        for row in rows
    }
