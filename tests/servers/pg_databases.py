"""Empty databases on a PostgreSQL server, used again after they have been emptied.

CREATE DATABASE and DROP DATABASE cost more than most tests. A database is given out again only if its catalogues are
those of a new one; whatever cannot be emptied is dropped.
"""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterable

import psycopg
from psycopg import sql

from tests.servers.postgresql import PgServer

PREFIX = "moltres_test_"
# Dropped rows stay in the catalogues (the private server runs without autovacuum), and each use becomes slower.
MAX_USES = 100
FIRST_USER_OID = 16384  # access/transam.h, FirstNormalObjectId
USER_SCHEMAS = " AND nspname <> 'public' AND nspname !~ '^pg_'"
CATALOGUES = """
SELECT c.relname FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'oid'
WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r' AND NOT c.relisshared
"""
DROP_SCHEMAS = """
DO $$ DECLARE name text; BEGIN
    SET LOCAL lock_timeout = '5s';
    FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', name);
    END LOOP;
END $$;
"""
# the statements that make the schema `public` as it is
PUBLIC = """
SELECT format('CREATE SCHEMA public AUTHORIZATION %s', nspowner::regrole) FROM pg_namespace WHERE nspname = 'public'
UNION ALL
SELECT format('GRANT %s ON SCHEMA public TO %s', a.privilege_type,
              CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END)
FROM pg_namespace, aclexplode(nspacl) a WHERE nspname = 'public'
UNION ALL
SELECT format('COMMENT ON SCHEMA public IS %L', obj_description(oid, 'pg_namespace')) FROM pg_namespace WHERE nspname = 'public'
"""
# what `user_objects` does not list: the database's own row and settings, and what may be done to schemas of initdb
DATABASE = """
SELECT 'database', row_to_json(d)::text
FROM (SELECT datdba, datconnlimit, datacl, datallowconn, datistemplate FROM pg_database WHERE datname = current_database()) d
UNION ALL
SELECT 'setting', s.setconfig::text FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
WHERE d.datname = current_database()
UNION ALL
SELECT 'schema', row_to_json(n)::text
FROM (SELECT nspname, nspowner, nspacl, obj_description(oid, 'pg_namespace') FROM pg_namespace
      WHERE nspname !~ '^pg_(toast_)?temp_') n
"""
Fingerprint = frozenset[tuple[object, ...]]


def user_objects(catalogues: Iterable[str]) -> str:
    """Return a query of all objects (catalogue, OID) that initdb did not make, besides the schema `public`."""
    return " UNION ALL ".join(
        f"SELECT 'pg_catalog.{name}'::regclass::oid AS classid, oid AS objid FROM pg_catalog.{name} "
        f"WHERE oid >= {FIRST_USER_OID}" + (USER_SCHEMAS if name == "pg_namespace" else "")
        for name in catalogues
    )


class PgDatabases:
    """Gives out empty databases and takes them back; `close` drops them all."""

    def __init__(self, server: PgServer) -> None:
        self._server = server
        # unique, for TEST_PG_URL may name somebody's own server
        self._session = PREFIX + secrets.token_hex(4)
        self._admin = self._connect(server.maintenance_dbname)
        self._numbers = itertools.count(1)
        self._uses: dict[str, int] = {}
        self._free: list[str] = []
        self._restore_public, self._new, self._fingerprint_query = self._look_at_a_new_one()

    def take(self) -> str:
        """Return the name of an empty database."""
        name = self._free.pop() if self._free else self._create()
        self._uses[name] += 1
        return name

    def give_back(self, name: str) -> None:
        """Empty a database for the next test, or drop it."""
        if self._uses[name] < MAX_USES and self._is_emptied(name):
            self._free.append(name)
        else:
            self._drop(name)

    def close(self) -> None:
        """Drop all databases."""
        for name in list(self._uses):
            self._drop(name)
        self._admin.close()

    def _connect(self, name: str) -> psycopg.Connection:
        at = self._server
        return psycopg.connect(
            host=at.host,
            port=at.port,
            user=at.user,
            password=at.password,
            dbname=name,
            autocommit=True,
        )

    def _create(self) -> str:
        name = f"{self._session}_{next(self._numbers)}"
        self._admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
        )
        self._uses[name] = 0
        return name

    def _drop(self, name: str) -> None:
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        self._admin.execute(statement.format(sql.Identifier(name)))
        del self._uses[name]

    def _look_at_a_new_one(self) -> tuple[str, Fingerprint, str]:
        """Return how `public` is made, what a database is like before its first use, and the query of that."""
        name = self._create()
        with self._connect(name) as connection:
            catalogues = [row[0] for row in connection.execute(CATALOGUES)]
            query = f"{DATABASE} UNION ALL SELECT classid::text, objid::text FROM ({user_objects(catalogues)}) o"
            public = connection.execute(PUBLIC).fetchall()
            new = frozenset(connection.execute(query.encode()))
        self._free.append(name)
        return ";".join(statement for (statement,) in public), new, query

    def _is_emptied(self, name: str) -> bool:
        self._admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        try:
            with self._connect(name) as connection:
                connection.execute(f"{DROP_SCHEMAS} {self._restore_public}".encode())
                return frozenset(connection.execute(self._fingerprint_query.encode())) == self._new
        except psycopg.Error:  # what a test left behind refuses; the database is dropped instead
            return False
