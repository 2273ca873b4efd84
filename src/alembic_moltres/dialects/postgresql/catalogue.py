"""Queries of PostgreSQL's catalogue: one for each kind of item, for any number of tables.

The columns of the system tables are those of the manual, "System Catalogs". Arrays of names and the
one-byte type "char" are cast to text, because drivers convert them differently.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection

CatalogueRow: TypeAlias = Any  # a sqlalchemy.Row; its columns are those of the query

COLLATION = """CASE WHEN a.attcollation <> t.typcollation THEN
    (SELECT CASE WHEN pg_collation_is_visible(co.oid) THEN ''
            ELSE quote_ident(cn.nspname) || '.' END || quote_ident(co.collname)
     FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace
     WHERE co.oid = a.attcollation) END AS collation"""
"""A column's collation (pg_attribute a, pg_type t) where it is not that of its type."""

NAMES = """SELECT c.relname::text
 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't' AND {schema}
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                   AND d.objid = c.oid AND d.deptype = 'e')"""

TABLES = """SELECT c.oid, n.nspname::text AS schema, c.relname::text AS name, c.relispartition,
   c.relpersistence::text AS persistence, c.reloptions, am.amname::text AS method,
   ts.spcname::text AS tablespace, ds.description, pg_get_partkeydef(c.oid) AS partition_by,
   CASE WHEN c.relispartition THEN NULL ELSE
    (SELECT array_agg(p.relname::text ORDER BY i.inhseqno) FROM pg_inherits i
     JOIN pg_class p ON p.oid = i.inhparent WHERE i.inhrelid = c.oid) END AS parents,
   CASE WHEN c.relispartition THEN (SELECT p.relname::text FROM pg_inherits i
     JOIN pg_class p ON p.oid = i.inhparent WHERE i.inhrelid = c.oid) END AS partition_of
 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 LEFT JOIN pg_am am ON am.oid = c.relam LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
 LEFT JOIN pg_description ds
   ON ds.objoid = c.oid AND ds.classoid = 'pg_class'::regclass AND ds.objsubid = 0
 WHERE c.relkind IN ('r', 'p') AND c.relname = ANY (CAST(:names AS text[])) AND {schema}"""

COLUMNS = f"""SELECT a.attrelid AS of_table, a.attnum AS position, a.attname::text AS name,
   format_type(a.atttypid, a.atttypmod) AS type, a.attndims AS dimensions, a.attnotnull AS not_null,
   CASE WHEN coalesce(e.typtype, t.typtype) IN ('e', 'd') THEN coalesce(e.oid, t.oid) END AS named,
   e.oid IS NOT NULL AS is_array, {COLLATION}, a.attidentity::text AS identity,
   a.attgenerated::text AS generated, pg_get_expr(d.adbin, d.adrelid) AS expression, ds.description,
   a.attinhcount > 0 AND NOT c.relispartition AS inherited,
   a.attislocal OR c.relispartition AS local,
   a.attinhcount > 0 AND c.relispartition AS of_partition
 FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
 LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typlen = -1 AND t.typcategory = 'A'
 LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 LEFT JOIN pg_description ds
   ON ds.objoid = a.attrelid AND ds.classoid = 'pg_class'::regclass AND ds.objsubid = a.attnum
 WHERE a.attrelid = ANY (CAST(:oids AS oid[])) AND a.attnum > 0 AND NOT a.attisdropped
   ORDER BY a.attrelid, a.attnum"""

CONSTRAINTS = """SELECT k.conrelid AS of_table, k.conname::text AS name, k.contype::text AS kind,
   k.condeferrable AS deferrable, k.condeferred AS deferred, k.convalidated AS validated,
   k.conkey::int[] AS columns, k.conindid AS index_oid, k.confupdtype::text AS on_update,
   k.confdeltype::text AS on_delete, k.confmatchtype::text AS match, {set_columns} AS set_columns,
   CASE k.contype WHEN 'c' THEN pg_get_expr(k.conbin, k.conrelid)
                  WHEN 'x' THEN pg_get_constraintdef(k.oid) END AS definition,
   rn.nspname::text AS referred_schema, r.relname::text AS referred_table,
   pg_table_is_visible(r.oid) AS visible,
   CASE WHEN k.contype = 'f' THEN
    (SELECT array_agg(a.attname::text ORDER BY o) FROM unnest(k.confkey) WITH ORDINALITY u (n, o)
     JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n) END AS referred_columns,
   ds.description, k.coninhcount > 0 AND NOT c.relispartition AS inherited,
   k.conislocal OR c.relispartition AS local,
   k.coninhcount > 0 AND c.relispartition AS of_partition
 FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
 LEFT JOIN pg_class r ON r.oid = k.confrelid AND k.contype = 'f'
 LEFT JOIN pg_namespace rn ON rn.oid = r.relnamespace
 LEFT JOIN pg_constraint parent ON parent.oid = k.conparentid
 LEFT JOIN pg_description ds ON ds.objoid = k.oid AND ds.classoid = 'pg_constraint'::regclass
 WHERE k.conrelid = ANY (CAST(:oids AS oid[])) AND k.contype IN ('p', 'u', 'c', 'f', 'x')
   AND (parent.oid IS NULL OR parent.conrelid <> k.conrelid)
 ORDER BY k.conrelid, k.oid"""

INDEXES = """SELECT i.indexrelid AS oid, i.indrelid AS of_table, ic.relname::text AS name,
   i.indisunique AS is_unique, i.indnkeyatts AS keys, i.indkey::text AS columns,
   {nulls_not_distinct} AS nulls_not_distinct, ts.spcname::text AS tablespace, ds.description,
   CASE WHEN k.oid IS NULL THEN pg_get_indexdef(i.indexrelid) END AS definition,
   EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.indexrelid) AS of_partition
 FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid
 LEFT JOIN pg_tablespace ts ON ts.oid = ic.reltablespace
 LEFT JOIN pg_constraint k
   ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')
 LEFT JOIN pg_description ds
   ON ds.objoid = i.indexrelid AND ds.classoid = 'pg_class'::regclass AND ds.objsubid = 0
 WHERE i.indrelid = ANY (CAST(:oids AS oid[])) ORDER BY i.indrelid, i.indexrelid"""

SEQUENCES = """WITH used AS (
   SELECT d.refobjid AS of_table, d.refobjsubid::int AS position, d.objid AS oid,
     d.deptype::text AS kind
   FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
     AND d.deptype IN ('a', 'i') AND d.refobjid = ANY (CAST(:oids AS oid[])) AND d.refobjsubid > 0
   UNION ALL
   SELECT ad.adrelid, ad.adnum::int, d.refobjid, 'n' FROM pg_attrdef ad JOIN pg_depend d
     ON d.classid = 'pg_attrdef'::regclass AND d.objid = ad.oid
     AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'n'
   WHERE ad.adrelid = ANY (CAST(:oids AS oid[])))
 SELECT u.of_table, u.position, u.oid, u.kind, n.nspname::text AS schema, c.relname::text AS name,
   pg_table_is_visible(c.oid) AS visible, format_type(q.seqtypid, NULL) AS type,
   q.seqstart AS start, q.seqincrement AS increment, q.seqmin AS minvalue, q.seqmax AS maxvalue,
   q.seqcache AS cache, q.seqcycle AS cycle
 FROM used u JOIN pg_sequence q ON q.seqrelid = u.oid JOIN pg_class c ON c.oid = u.oid
 JOIN pg_namespace n ON n.oid = c.relnamespace"""

PARTITIONS = """WITH RECURSIVE parts (root, parent, oid, depth) AS (
   SELECT i.inhparent, i.inhparent, i.inhrelid, 1 FROM pg_inherits i
   WHERE i.inhparent = ANY (CAST(:oids AS oid[]))
   UNION ALL
   SELECT p.root, i.inhparent, i.inhrelid, p.depth + 1
   FROM parts p JOIN pg_inherits i ON i.inhparent = p.oid)
 SELECT p.root AS of_table, p.depth, c.oid::regclass::text AS name,
   p.parent::regclass::text AS parent, pg_get_expr(c.relpartbound, c.oid) AS bound,
   pg_get_partkeydef(c.oid) AS partition_by, c.relpersistence::text AS persistence,
   (SELECT string_agg(format('%I=%L', option_name, option_value), ', ')
    FROM pg_options_to_table(c.reloptions)) AS storage,
   ARRAY(SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.oid::regclass, k.conname,
                       pg_get_constraintdef(k.oid)) FROM pg_constraint k
    WHERE k.conrelid = c.oid AND k.coninhcount = 0 AND k.contype IN ('p', 'u', 'c', 'x')
    ORDER BY k.oid)
   || ARRAY(SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = c.oid
    AND NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.indexrelid)
    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid
                    AND k.conrelid = c.oid AND k.contype IN ('p', 'u', 'x'))
    ORDER BY i.indexrelid)
   || ARRAY(SELECT format('ALTER TABLE ONLY %s ALTER COLUMN %I SET DEFAULT %s', c.oid::regclass,
                          a.attname, pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
    WHERE d.adrelid = c.oid AND a.attgenerated = '' AND NOT EXISTS (
      SELECT FROM pg_attrdef o JOIN pg_attribute b ON b.attrelid = o.adrelid AND b.attnum = o.adnum
      WHERE o.adrelid = p.parent AND b.attname = a.attname
        AND pg_get_expr(o.adbin, o.adrelid) = pg_get_expr(d.adbin, d.adrelid)) ORDER BY a.attnum)
   || ARRAY(SELECT format('COMMENT ON TABLE %s IS %L', c.oid::regclass, t.text)
    FROM obj_description(c.oid, 'pg_class') t (text) WHERE t.text IS NOT NULL) AS own
 FROM parts p JOIN pg_class c ON c.oid = p.oid WHERE c.relispartition ORDER BY p.depth, c.relname"""

ELSEWHERE = """SELECT c.relname::text AS name, n.nspname::text AS schema, c.relkind::text AS kind,
   pg_table_is_visible(c.oid) AS visible
 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'S') AND (
   c.relkind = 'S' AND c.relname = ANY (CAST(:sequences AS text[]))
   OR c.relkind <> 'S' AND n.nspname <> 'pg_catalog'
   AND n.nspname IS DISTINCT FROM CAST(:default AS text) AND pg_table_is_visible(c.oid))"""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The rows of some tables, by the table's oid; sequences by their column as well."""

    tables: list[CatalogueRow]
    columns: dict[int, list[CatalogueRow]]
    constraints: dict[int, list[CatalogueRow]]
    indexes: dict[int, list[CatalogueRow]]
    sequences: dict[int, dict[int, list[CatalogueRow]]]
    partitions: dict[int, list[CatalogueRow]]


def scope(schema: str | None) -> str:
    """Return the condition for `schema`, `None` for the search path (as in SQLAlchemy)."""
    if schema is None:
        return "pg_table_is_visible(c.oid) AND n.nspname <> 'pg_catalog'"
    return "n.nspname = :schema"


def query(connection: Connection, text: str, **parameters: object) -> list[CatalogueRow]:
    """Return the rows of a catalogue query."""
    given = {key: value for key, value in parameters.items() if value is not None}
    return list(connection.execute(sa.text(text), given).all())


@dataclass(frozen=True, slots=True)
class Names:
    """The schemas of names that the models write without one.

    `schemas` has the tables and sequences that the search path has in another schema than the
    default one (what a listener sets after connecting is not SQLAlchemy's default);
    `sequences` has the schemas of the requested sequences that exist.
    """

    default_schema: str | None
    schemas: Mapping[str, str]
    sequences: frozenset[tuple[str, str]]

    def schema_of(self, name: str) -> str | None:
        """Return the schema of a table or a sequence that is named without one."""
        return self.schemas.get(name, self.default_schema)


def resolve_names(connection: Connection, sequences: Collection[str]) -> Names:
    """Return the schemas of names without one, those of `sequences` too."""
    default = connection.dialect.default_schema_name
    rows = query(connection, ELSEWHERE, sequences=list(sequences), default=default or "")
    return Names(
        default,
        {row.name: row.schema for row in rows if row.visible},
        frozenset((row.schema, row.name) for row in rows if row.kind == "S"),
    )


def load(connection: Connection, schema: str | None, names: Collection[str]) -> Catalogue:
    """Return the catalogue's rows of the existing tables of those names, in five queries."""
    tables = query(
        connection, TABLES.format(schema=scope(schema)), schema=schema, names=list(names)
    )
    oids = [row.oid for row in tables]
    partitioned = [row.oid for row in tables if row.partition_by]
    since_15 = (connection.dialect.server_version_info or (0,)) >= (15,)
    constraints = CONSTRAINTS.format(
        set_columns="k.confdelsetcols::int[]" if since_15 else "NULL::int[]"
    )
    indexes = INDEXES.format(nulls_not_distinct="i.indnullsnotdistinct" if since_15 else "false")
    return Catalogue(
        tables=tables,
        columns=_by_table(query(connection, COLUMNS, oids=oids)),
        constraints=_by_table(query(connection, constraints, oids=oids)),
        indexes=_by_table(query(connection, indexes, oids=oids)),
        sequences=_by_column(query(connection, SEQUENCES, oids=oids)),
        partitions=_by_table(
            query(connection, PARTITIONS, oids=partitioned) if partitioned else ()
        ),
    )


def _by_table(rows: Iterable[CatalogueRow]) -> dict[int, list[CatalogueRow]]:
    by_table: dict[int, list[CatalogueRow]] = defaultdict(list)
    for row in rows:
        by_table[row.of_table].append(row)
    return by_table


def _by_column(rows: Iterable[CatalogueRow]) -> dict[int, dict[int, list[CatalogueRow]]]:
    by_column: dict[int, dict[int, list[CatalogueRow]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_column[row.of_table][row.position].append(row)
    return by_column
