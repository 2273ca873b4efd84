"""The structure of a database in the database's own words, for comparing two of them.

What has no meaning is left out: the order of the tables, of a table's indexes and constraints, and counters. The order
of columns is kept.
"""

from __future__ import annotations

import functools
import os
import re
import subprocess
from collections.abc import Collection
from pathlib import Path

import sqlalchemy as sa

from tests.servers.pg_databases import CATALOGUES, FIRST_USER_OID, user_objects
from tests.servers.postgresql import find_bindir

VERSION_TABLE = frozenset({"alembic_version"})
PG_TABLES = (
    "SELECT EXISTS (SELECT FROM pg_class WHERE relkind = 'r' AND relname <> ALL(%s) "
    f"AND oid >= {FIRST_USER_OID})"
)
PG_IS_EMPTY = """
WITH RECURSIVE apart(classid, objid) AS (
    SELECT 'pg_class'::regclass::oid, oid FROM pg_class WHERE relname = ANY(%s) AND relkind = 'r'
    UNION
    SELECT d.classid, d.objid FROM pg_depend d
    JOIN apart a ON d.refclassid = a.classid AND d.refobjid = a.objid WHERE d.deptype IN ('a', 'i')
)
SELECT NOT EXISTS (SELECT FROM ({user_objects}) made WHERE (classid, objid) NOT IN (SELECT classid, objid FROM apart))
       AND 'standard public schema' = (SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'public')
"""
CATALOGUE = Path(__file__).with_name("catalogue.sql")


def dump(engine: sa.Engine, *, without: Collection[str] = VERSION_TABLE) -> str:
    """Return the structure of the database, without the tables named.

    PostgreSQL: `pg_dump --schema-only`, every schema. MariaDB and MySQL: `SHOW CREATE` of every table, view, sequence
    and trigger of the database. SQLite: `sqlite_master`.
    """
    dumps = {"sqlite": _sqlite, "postgresql": _postgresql, "mysql": _mysql, "mariadb": _mysql}
    return "\n\n".join(sorted(dumps[engine.dialect.name](engine, without)))


def _sqlite(engine: sa.Engine, without: Collection[str]) -> list[str]:
    query = "SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(query).all()
    return [sql.strip() for table, sql in rows if table not in without]


def _postgresql(engine: sa.Engine, without: Collection[str]) -> list[str]:
    bindir = find_bindir()
    with engine.connect() as connection:
        if _pg_is_empty(connection, without):
            return []  # the same, without the price of a process (60 ms)
        version = connection.exec_driver_sql("SHOW server_version_num").scalar_one()
        if bindir and _pg_dump_major(bindir) >= int(version) // 10000:
            return _pg_dump(bindir, engine.url, without)
        return _pg_catalogue(connection, without)


def _pg_is_empty(connection: sa.Connection, without: Collection[str]) -> bool:
    """Tell whether a database has nothing that a new one has not, but the tables named and what depends on them."""
    named = (sorted(without),)
    # most databases have a table, and are asked no more
    if connection.exec_driver_sql(PG_TABLES, named).scalar():
        return False
    catalogues = connection.exec_driver_sql(CATALOGUES).scalars()
    statement = PG_IS_EMPTY.format(user_objects=user_objects(catalogues))
    return bool(connection.exec_driver_sql(statement, named).scalar())


@functools.cache
def _pg_dump_major(bindir: Path) -> int:
    program = bindir / "pg_dump"
    if not program.exists():
        return 0
    said = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
    found = re.search(r"(\d+)", said)
    return int(found[1]) if found else 0


def _pg_dump(bindir: Path, url: sa.URL, without: Collection[str]) -> list[str]:
    where = url.set(drivername="postgresql", password=None).render_as_string()
    excluded = [f'--exclude-table="{table}"' for table in without]
    done = subprocess.run(
        [bindir / "pg_dump", "--schema-only", "--no-owner", "--no-privileges", *excluded, where],
        env=os.environ | ({"PGPASSWORD": url.password} if url.password else {}),
        check=True,
        capture_output=True,
        text=True,
    )
    # "-- Name: ...; Type: ...; Schema: ...; Owner: ..." starts each object; what stands before the first is settings
    objects = re.split(r"^--\n-- (?=Name: )", done.stdout, flags=re.MULTILINE)[1:]
    return [_pg_object(text) for text in objects]


def _pg_object(text: str) -> str:
    """Return the statements of one object of a dump, without its heading and the settings between objects."""
    body = text.partition("\n--\n")[2].partition("\n--\n-- PostgreSQL database dump complete")[0]
    kept = re.sub(
        r"^SET default_(tablespace|table_access_method) = .*;\n", "", body, flags=re.MULTILINE
    )
    return kept.strip()


def _pg_catalogue(connection: sa.Connection, without: Collection[str]) -> list[str]:
    """Ask the catalogue itself, where there is no `pg_dump` as new as the server."""
    verbatim = connection.execution_options(
        no_parameters=True
    )  # its percent signs are no parameters
    rows = verbatim.exec_driver_sql(CATALOGUE.read_text(encoding="utf-8")).all()
    return [said for table, said in rows if table not in without]


def _mysql(engine: sa.Engine, without: Collection[str]) -> list[str]:
    with engine.connect() as connection:
        tables = connection.exec_driver_sql("SHOW FULL TABLES").all()
        triggers = connection.exec_driver_sql("SHOW TRIGGERS").all()
        wanted = [name for name, _ in tables if name not in without]
        created = [_show_create(connection, "TABLE", name) for name in wanted]
        return created + [
            f"{timing} {event} ON {table} {name}: {statement}"
            for name, event, table, statement, timing, *_ in triggers
        ]


def _show_create(connection: sa.Connection, kind: str, name: str) -> str:
    quoted = connection.dialect.identifier_preparer.quote_identifier(name)
    text: str = connection.exec_driver_sql(f"SHOW CREATE {kind} {quoted}").one()[1]
    text = re.sub(r" AUTO_INCREMENT=\d+", "", text)
    head, *lines = text.splitlines()
    columns = [line.removesuffix(",") for line in lines if line.startswith("  `")]
    others = [line.removesuffix(",") for line in lines[:-1] if not line.startswith("  `")]
    return "\n".join([head, *columns, *sorted(others), *lines[-1:]])
