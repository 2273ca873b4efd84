"""What a query finds in a database without rows: as the server answers, or unknown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from alembic_moltres.dialects.base.registry import impl_of
from alembic_moltres.history.environment import dialect_of
from alembic_moltres.history.observer import Observer
from alembic_moltres.history.recording import Recorder
from alembic_moltres.history.stand_in.empty_results import result_of_text
from alembic_moltres.history.stand_in.engine import stand_in
from tests.alembic_project import ProjectFactory
from tests.circles.cases import MARIADB, POSTGRESQL, SQLITE
from tests.history.agreement import differences, state_of
from tests.history.scripts import MODELS, write

DATABASES = (SQLITE, POSTGRESQL, MARIADB)

KNOWN = (
    "VALUES (1), (2)",
    "SELECT 1 UNION ALL SELECT 2",
    "SELECT 5 UNION SELECT id FROM t",
    "SELECT id FROM t UNION SELECT 5",
    "SELECT 5 EXCEPT SELECT id FROM t",
    "SELECT 5 INTERSECT SELECT id FROM t",
    "SELECT id FROM t UNION SELECT a FROM t",
    "SELECT 5 ORDER BY 1",
    "SELECT 5 LIMIT 0",
    "SELECT DISTINCT 5 AS x",
    "SELECT ALL 5 x",
    "SELECT 6 + 2 * 3",
    "SELECT -4",
    "SELECT 2 > 1",
    "SELECT NOT (2 > 1) OR true",
    "SELECT NULL IS NULL",
    "SELECT 1 FROM t",
    "SELECT x.id FROM t x, t y WHERE x.id = y.id",
    "SELECT x.id FROM t x LEFT JOIN (SELECT 1 AS id) y ON x.id = y.id",
    "SELECT x.id FROM t x JOIN (SELECT 1 AS id) y ON x.id = y.id",
    "SELECT x.id FROM (SELECT id FROM t) x",
    "SELECT x.id FROM (t x JOIN t y ON x.id = y.id)",
    "WITH q AS (SELECT id FROM t) SELECT id FROM q",
    "WITH RECURSIVE q(x) AS (SELECT id FROM t UNION ALL SELECT x + 1 FROM q) SELECT x FROM q",
    "SELECT lower('x'), id FROM t WHERE a > 1 ORDER BY id LIMIT 1",
    "SELECT count(*) FROM t",
    "SELECT count(*) = 0 FROM t",
    "SELECT count(*) + 1, max(a) FROM t",
    "SELECT max(a) IS NULL FROM t",
    "SELECT coalesce(max(a), 0) + 1 FROM t",
    "SELECT coalesce(max(a) + 5, 3) FROM t",
    "SELECT nullif(count(*), 1) IS NOT NULL FROM t",
    "SELECT (SELECT count(*) FROM t)",
    "SELECT coalesce((SELECT id FROM t LIMIT 1), 1)",
    "SELECT EXISTS (SELECT 1 FROM t)",
    "SELECT NOT EXISTS (SELECT 1 FROM t)",
    "SELECT EXISTS (SELECT count(*) FROM t)",
    "SELECT EXISTS (SELECT id, a FROM t)",
    "SELECT (SELECT max(id) FROM t WHERE a IN (1, 2)) IS NULL",
    "SELECT CASE WHEN EXISTS (SELECT 1 FROM t) THEN 0 ELSE 1 END",
    "SELECT count(*) FROM t GROUP BY a",
    "SELECT a, max(id) FROM t GROUP BY a HAVING count(*) = 0",
    "SELECT count(*) FROM t HAVING count(*) > 0",
    "SELECT count(*) FROM t HAVING count(*) = 0",
    "SELECT count(*) OVER () FROM t",
    "SELECT sum(a) OVER (ORDER BY id) FROM t",
)
UNKNOWN = (
    "SELECT 1 UNION SELECT 2",
    "SELECT n FROM (SELECT 7 AS n) x LEFT JOIN t ON t.id = x.n",
    "SELECT x.n FROM (SELECT count(*) AS n FROM t) x",
    "WITH q AS (SELECT 1 AS x) SELECT x FROM q",
    "WITH RECURSIVE q(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM q WHERE x < 3) SELECT x FROM q",
    "SELECT x FROM v",
    "SELECT length('x')",
    "SELECT count(*) FROM (SELECT 1 AS a) x",
)
ONLY = {
    POSTGRESQL: (
        "SELECT 1 WHERE true",
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM t)",
        "SELECT count(*)::text FROM t",
        "SELECT count(*) FROM t GROUP BY ()",
        "SELECT true FROM t HAVING true",
        "SELECT count(*) FILTER (WHERE a > 1) OVER () FROM t",
        "TABLE t",
    ),
    SQLITE: (
        "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM t)",
        "SELECT max(a, 1) FROM t",
    ),
    MARIADB: (
        "SELECT 1 FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM t)",
        "SELECT ifnull(max(a), 1) FROM t",
    ),
}
UNKNOWN_ONLY = {
    POSTGRESQL: (
        "SELECT * FROM generate_series(1, 2)",
        "SELECT generate_series(1, 2)",
        "SELECT x FROM unnest(ARRAY[1, 2]) x",
        "SELECT n FROM (VALUES (1), (2)) v(n)",
        "SELECT 7 FROM t FULL JOIN (SELECT 7 AS n) x ON t.id = x.n",
        "SELECT count(*) FROM t GROUP BY ROLLUP (a)",
        "SELECT count(*) FROM t GROUP BY GROUPING SETS ((), (a))",
        "SELECT mode() WITHIN GROUP (ORDER BY a) IS NULL FROM t",
        "SELECT own(a) FROM t",
    ),
    SQLITE: ("SELECT value FROM json_each('[1, 2]')", "SELECT total(a) + 1 FROM t"),
    MARIADB: (
        "SELECT seq FROM seq_1_to_2",
        "SELECT j.x FROM JSON_TABLE('[1]', '$[*]' COLUMNS (x INT PATH '$')) j",
        "SELECT bit_and(a) FROM t",
    ),
}
CASES = [
    pytest.param(database, query, known, id=f"{database} - {query}")
    for database in DATABASES
    for known, every in (
        (True, (KNOWN, ONLY[database])),
        (False, (UNKNOWN, UNKNOWN_ONLY[database])),
    )
    for queries in every
    for query in queries
]


@pytest.mark.parametrize(("database", "query", "known"), CASES)
def test_a_query_finds_what_a_server_finds(
    query: str, *, known: bool, database: str, new_engine: Callable[[], sa.Engine]
) -> None:
    engine = new_engine()
    syntax = impl_of(engine.dialect).syntax
    replayed = result_of_text(query, syntax, "t".__eq__)
    assert replayed.unknown is not known
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE t (id INTEGER, a INTEGER)"))
        connection.execute(sa.text("CREATE VIEW v AS SELECT 1 AS x"))
        if database == POSTGRESQL:
            connection.execute(sa.text("CREATE AGGREGATE own (int) (sfunc = int4pl, stype = int)"))
        found = [tuple(row) for row in connection.execute(sa.text(query))]
    assert not known or found == list(replayed.rows)


LOOPS: Any = (
    ("SELECT 1 UNION SELECT 2", [("t",)]),
    ("VALUES (1), (2)", []),
    ("SELECT 3 EXCEPT SELECT id FROM t", []),
)


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize(("query", "tables"), LOOPS)
def test_a_loop_over_rows_that_no_table_has_is_run_or_named(
    query: str,
    tables: list[tuple[str, ...]],
    database: str,
    new_engine: Callable[[], sa.Engine],
    alembic_project: ProjectFactory,
) -> None:
    engine = new_engine()
    project = alembic_project(MODELS, engine.url.render_as_string(hide_password=False))
    body = f"""
        op.create_table("t", sa.Column("id", sa.Integer))
        for row in op.get_bind().execute(sa.text("{query}")):
            op.add_column("t", sa.Column(f"b{{row[0]}}", sa.Integer))
    """
    write(project, "a1", body)
    project.upgrade()
    state = state_of(project)
    assert [each.tables for each in state.uncertain] == tables
    with engine.connect() as connection:
        assert tables or differences(connection, state) == []


TABLE = sa.table("t", sa.column("id"))
BUILT: Any = (
    (sa.select(sa.literal(1)).union_all(sa.select(sa.literal(2))), [(1,), (2,)]),
    (sa.select(sa.func.count()).select_from(TABLE).having(sa.func.count() == 0), [(0,)]),
    (sa.select(sa.literal(3)).where(sa.exists(sa.select(TABLE))), []),
    (sa.select(TABLE.c.id).where(TABLE.c.id == sa.bindparam("id")), []),
    (sa.select(sa.select(sa.literal(3).label("x")).subquery()), None),
    (sa.select(sa.func.generate_series(1, 2).table_valued("x")), None),
)


@pytest.mark.parametrize(("query", "rows"), BUILT)
def test_a_query_built_in_python_finds_what_a_server_finds(
    query: sa.Select[Any], rows: list[tuple[int, ...]] | None
) -> None:
    with stand_in(dialect_of("postgresql://"), Recorder).connect() as connection:
        connection.execute(sa.text("CREATE TABLE t (id int)"))
        unknown = Unknown()
        dialect: Any = connection.dialect
        with dialect.database.observed_by(unknown):
            found = connection.execute(query, {"id": 1}).all()
    assert (rows is None) is unknown.seen
    assert rows is None or [tuple(row) for row in found] == rows


class Unknown(Observer):
    """Notes whether a query has an unknown result."""

    seen = False

    def unknown_result(self, sql: str) -> None:
        self.seen = True
