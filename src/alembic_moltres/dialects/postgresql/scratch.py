"""Lists and drops the objects of a scratch database."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.engine import Connection

OBJECTS = """
SELECT kind, named FROM (
  SELECT 1 AS rank, 'EXTENSION' AS kind, quote_ident(extname) AS named, oid,
    'pg_extension'::regclass AS catalogue
  FROM pg_extension WHERE extname <> 'plpgsql'
  UNION ALL
  SELECT 2, CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
    WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
    c.oid::regclass::text, c.oid, 'pg_class'::regclass
  FROM pg_class AS c WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND relnamespace IN (
    SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')
  UNION ALL
  SELECT 3, 'ROUTINE', p.oid::regprocedure::text, p.oid, 'pg_proc'::regclass
  FROM pg_proc AS p WHERE prokind <> 'a' AND pronamespace IN (
    SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')
  UNION ALL
  SELECT 4, CASE typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, t.oid::regtype::text, t.oid,
    'pg_type'::regclass
  FROM pg_type AS t WHERE typtype IN ('e', 'd') AND typnamespace IN (
    SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')
  UNION ALL
  SELECT 5, 'SCHEMA', quote_ident(nspname), oid, 'pg_namespace'::regclass
  FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')
) AS objects WHERE NOT EXISTS (
  SELECT FROM pg_depend AS d WHERE d.classid = objects.catalogue AND d.objid = objects.oid
  AND NOT (d.refclassid = d.classid AND d.refobjid = d.objid)
  AND (d.deptype IN ('e', 'i') OR d.deptype = 'a' AND kind = 'SEQUENCE')
) ORDER BY rank, named
"""
"""The objects that a script may have created, without those of an extension or another object.

A partitioned table depends on the columns of its key, which are its own.
"""


def contents(connection: Connection) -> list[str]:
    """Return the objects of a database, each with its kind."""
    return [f"{kind.lower()} {named}" for kind, named in _objects(connection)]


def clear(connection: Connection) -> None:
    """Drop all of them."""
    for kind, named in list(_objects(connection)):
        connection.exec_driver_sql(f"DROP {kind} IF EXISTS {named} CASCADE".replace("%", "%%"))


def _objects(connection: Connection) -> Iterator[tuple[str, str]]:
    for row in connection.exec_driver_sql(OBJECTS):
        yield row.kind, row.named
