"""The objects of a database other than tables: views, routines, triggers, types, extensions, ..."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from ..base.stored_objects import StoredObject

OBJECTS = """
WITH objects AS (
  SELECT CASE relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END AS kind, relname AS name,
    relnamespace AS namespace, NULL::name AS table_name, pg_get_viewdef(oid) AS definition,
    FALSE AS is_used, oid, 'pg_class'::regclass AS catalogue
  FROM pg_class WHERE relkind IN ('v', 'm')
  UNION ALL
  SELECT CASE prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
    proname, pronamespace, NULL,
    CASE WHEN prokind IN ('f', 'p', 'w') THEN pg_get_functiondef(oid) ELSE '' END,
    FALSE, oid, 'pg_proc'::regclass
  FROM pg_proc
  UNION ALL
  SELECT 'trigger', tgname, relnamespace, relname, pg_get_triggerdef(t.oid), FALSE, t.oid,
    'pg_trigger'::regclass
  FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = tgrelid
  WHERE NOT tgisinternal AND tgparentid = 0
  UNION ALL
  SELECT 'rule', rulename, relnamespace, relname, pg_get_ruledef(r.oid), FALSE, r.oid,
    'pg_rewrite'::regclass
  FROM pg_rewrite AS r JOIN pg_class AS c ON c.oid = ev_class WHERE rulename <> '_RETURN'
  UNION ALL
  SELECT 'policy', polname, relnamespace, relname,
    concat_ws(' ', polcmd, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)),
    FALSE, p.oid, 'pg_policy'::regclass
  FROM pg_policy AS p JOIN pg_class AS c ON c.oid = polrelid
  UNION ALL
  SELECT CASE typtype WHEN 'e' THEN 'type' ELSE 'domain' END, typname, typnamespace, NULL,
    CASE typtype WHEN 'e' THEN (
      SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder)
      FROM pg_enum WHERE enumtypid = t.oid
    ) ELSE format_type(typbasetype, typtypmod) END,
    EXISTS (
      SELECT FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = attrelid
      WHERE atttypid IN (t.oid, t.typarray) AND NOT attisdropped AND relkind IN ('r', 'p', 'f')
    ), t.oid, 'pg_type'::regclass
  FROM pg_type AS t WHERE typtype IN ('e', 'd')
  UNION ALL
  SELECT 'sequence', relname, relnamespace, NULL, '',
    EXISTS (
      SELECT FROM pg_depend WHERE refobjid = c.oid AND classid = 'pg_attrdef'::regclass
    ), c.oid, 'pg_class'::regclass
  FROM pg_class AS c WHERE relkind = 'S'
  UNION ALL
  SELECT 'foreign table', relname, relnamespace, NULL, '', FALSE, oid, 'pg_class'::regclass
  FROM pg_class WHERE relkind = 'f'
  UNION ALL
  SELECT 'extension', extname, extnamespace, NULL, '',
    EXISTS (
      SELECT FROM pg_depend AS d JOIN pg_depend AS m
      ON (m.classid, m.objid) = (d.refclassid, d.refobjid) AND m.deptype = 'e'
      WHERE m.refclassid = 'pg_extension'::regclass AND m.refobjid = e.oid
      AND d.classid IN ('pg_class'::regclass, 'pg_attrdef'::regclass, 'pg_constraint'::regclass)
    ) OR EXISTS (
      SELECT FROM pg_depend AS d WHERE d.classid = 'pg_extension'::regclass
      AND d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
    ), e.oid, 'pg_extension'::regclass
  FROM pg_extension AS e
)
SELECT kind, name,
  CASE WHEN kind <> 'extension' THEN NULLIF(nspname, current_schema()) END AS schema,
  table_name, definition, is_used
FROM objects JOIN pg_namespace AS n ON n.oid = namespace
WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND NOT EXISTS (
  SELECT FROM pg_depend AS d WHERE d.classid = catalogue AND d.objid = objects.oid
  AND (d.deptype IN ('e', 'i') OR d.deptype = 'a' AND kind = 'sequence')
) ORDER BY kind, nspname, name, table_name, definition
"""
"""Excludes objects that belong to an extension or to another object."""


def stored_objects(connection: Connection) -> list[StoredObject]:
    """Return the objects of all schemas."""
    return [StoredObject(*row) for row in connection.exec_driver_sql(OBJECTS)]
