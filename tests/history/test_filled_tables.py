"""Changes of tables that depend on rows: uncertain where scripts have inserted these."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic_moltres.dialects.base.registry import impl_of
from alembic_moltres.history.catalogue.database import Catalogue
from tests.alembic_project import AlembicProject, ProjectFactory
from tests.history.agreement import differences, state_of
from tests.history.scripts import MODELS, write

TABLES = """
op.create_table("roles", sa.Column("id", sa.Integer), sa.Column("name", sa.String(20)))
op.create_table("t", sa.Column("id", sa.Integer), sa.Column("a", sa.Integer))
"""
TEXT = "op.execute(\"INSERT INTO roles (id, name) VALUES (1, 'x')\")"
BULK = 'op.bulk_insert(sa.table("roles", sa.column("id")), [{"id": 1}])'
ROLES = 'op.get_bind().execute(sa.text("SELECT id FROM roles"))'

DEPENDENT = {
    "returns early": f"""
        ids = [row.id for row in {ROLES}]
        if not ids:
            return
        op.drop_column("t", "a")
    """,
    "a condition": f"""
        if {ROLES}.first() is None:
            op.drop_column("t", "a")
    """,
    "an else": f"""
        row = {ROLES}.first()
        if row:
            pass
        else:
            op.execute("ALTER TABLE t DROP COLUMN a")
    """,
    "a loop": f"""
        for row in {ROLES}:
            op.add_column("t", sa.Column(f"b{{row.id}}", sa.Integer))
    """,
    "an argument": f"""
        name = {ROLES}.scalar()
        op.add_column("t", sa.Column("b", sa.Integer, server_default=str(name)))
    """,
    "a text": f"""
        name = {ROLES}.scalar()
        op.execute(f"ALTER TABLE t ADD b{{name}} INT")
    """,
    "a text in a variable": f"""
        name = {ROLES}.scalar()
        text = "ALTER TABLE t ADD b%s INT" % name
        op.execute(text)
    """,
    "a list that a loop fills": f"""
        ids = []
        for row in {ROLES}:
            ids.append(row.id)
        if len(ids) > 0:
            with op.batch_alter_table("t") as batch_op:
                batch_op.drop_column("a")
    """,
    "a counter": f"""
        found = False
        for row in {ROLES}:
            found = True
        op.drop_column("t", "a") if found else None
    """,
    "a comprehension": f"""
        [op.add_column("t", sa.Column(f"b{{row.id}}", sa.Integer)) for row in {ROLES}]
    """,
    "a query of SQLAlchemy": """
        roles = sa.table("roles", sa.column("id"))
        count = op.get_bind().execute(sa.select(sa.func.count()).select_from(roles)).scalar()
        if count:
            op.drop_column("t", "a")
    """,
    "a function of the script": """
        if count():
            change()
    """,
    "an expression that is evaluated or not": f"""
        ids = {ROLES}.all()
        ids or op.drop_column("t", "a")
    """,
    "an assignment in a condition": f"""
        if (row := {ROLES}.first()) is None:
            pass
        if row:
            op.drop_column("t", "a")
    """,
    "a condition of a comprehension": f"""
        ids = {ROLES}.all()
        [op.drop_column("t", name) for name in ("a",) if ids]
    """,
    "a guard": f"""
        ids = {ROLES}.all()
        match op.get_bind().dialect.name:
            case "postgresql" if ids:
                op.drop_column("t", "a")
    """,
    "a pattern": f"""
        match {ROLES}.all():
            case [*rows]:
                pass
        if rows:
            op.drop_column("t", "a")
    """,
    "a handler of groups": f"""
        ids = {ROLES}.all()
        try:
            if ids:
                op.drop_column("t", "a")
        except* ValueError:
            pass
    """,
}
BEFORE = f"""
def count():
    found = {ROLES}.all()
    return len(found)


def change():
    op.drop_column("t", "a")
"""

INDEPENDENT = {
    "arguments of statements about rows and the next number": f"""
        row = {ROLES}.first()
        op.execute(f"UPDATE t SET a = {{1 if row is None else 2}}")
        op.execute("CREATE SEQUENCE IF NOT EXISTS s")
        op.execute(f"ALTER SEQUENCE s RESTART WITH {{1 if row is None else 2}}")
        op.drop_column("t", "a")
    """,
    "the rows alone change": f"""
        for row in {ROLES}:
            op.execute("UPDATE t SET a = 1")
        op.drop_column("t", "a")
    """,
    "another condition": f"""
        ids = {ROLES}.all()
        if sa.inspect(op.get_bind()).has_table("t"):
            op.drop_column("t", "a")
    """,
    "it raises": f"""
        if {ROLES}.scalar() == 5:
            raise RuntimeError("no role 5 may be there")
        op.drop_column("t", "a")
    """,
    "a loop that goes on": f"""
        for row in {ROLES}:
            if row.id:
                continue
            op.execute("UPDATE t SET a = 1")
        op.drop_column("t", "a")
    """,
}


@pytest.fixture
def project(alembic_project: ProjectFactory) -> AlembicProject:
    return alembic_project(MODELS, "postgresql+psycopg://nobody@host.invalid/none")


def write_scripts(project: AlembicProject, insert: str, body: str) -> str:
    """Write three scripts, and return the name of the last one's file."""
    write(project, "a1", TABLES)
    write(project, "b2", insert, down="a1")
    return write(project, "c3", textwrap.dedent(body), down="b2", before=BEFORE)


@pytest.mark.parametrize("insert", [TEXT, BULK])
@pytest.mark.parametrize("body", [pytest.param(DEPENDENT[name], id=name) for name in DEPENDENT])
def test_a_change_that_depends_on_inserted_rows_is_named(
    project: AlembicProject, insert: str, body: str
) -> None:
    file = write_scripts(project, insert, body)
    state = state_of(project)
    (found,) = state.uncertain
    assert found.tables == ("t",)
    assert str(found).startswith(f"{file}:")
    assert found.reason == "it depends on the rows of 'roles', into which scripts insert"
    assert [table.name for table in state.certain] == ["roles"]


@pytest.mark.parametrize("body", [pytest.param(DEPENDENT[name], id=name) for name in DEPENDENT])
def test_a_change_that_depends_on_rows_that_no_script_inserts_is_certain(
    project: AlembicProject, body: str
) -> None:
    write_scripts(project, "pass", body)
    assert state_of(project).uncertain == ()


BLOCK = """
op.execute('''DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM roles) THEN ALTER TABLE t DROP COLUMN a; END IF;
END $$''')
"""


@pytest.mark.parametrize(("insert", "tables"), [(TEXT, [("roles", "t")]), ("pass", [])])
def test_a_block_that_depends_on_inserted_rows_is_named(
    project: AlembicProject, insert: str, tables: list[tuple[str, ...]]
) -> None:
    write_scripts(project, insert, BLOCK)
    assert [each.tables for each in state_of(project).uncertain] == tables


NOT_FILLED = {
    "from an empty table": 'op.execute("INSERT INTO roles SELECT t.id, NULL FROM t")',
    "deleted again": f'{TEXT}\nop.execute("DELETE FROM roles")',
    "dropped and created": f'{TEXT}\nop.drop_table("roles")\n{TABLES.strip().splitlines()[0]}',
    "another table": 'op.execute("INSERT INTO t (id) VALUES (1)")',
    "from a table that is created without rows": (
        'op.execute("CREATE TEMPORARY TABLE x AS SELECT id FROM t")\n'
        'op.execute("INSERT INTO roles (id) SELECT id FROM x")'
    ),
}


@pytest.mark.parametrize("insert", [pytest.param(NOT_FILLED[name], id=name) for name in NOT_FILLED])
def test_a_table_without_rows_leaves_all_certain(project: AlembicProject, insert: str) -> None:
    write_scripts(project, insert, DEPENDENT["returns early"])
    assert state_of(project).uncertain == ()


FILLED = {
    "from a filled table": (
        'op.execute("INSERT INTO t (id) VALUES (1)")\n'
        'op.execute("INSERT INTO roles (id) SELECT id FROM t")'
    ),
    "without a table": "op.execute(\"INSERT INTO roles SELECT 1, 'x'\")",
    "without INTO, as in MySQL": "op.execute(\"INSERT IGNORE roles VALUES (1, 'x')\")",
    "a renamed table": (
        'op.execute("INSERT INTO t (id) VALUES (1)")\n'
        'op.drop_table("roles")\nop.rename_table("t", "roles")\n'
        'op.create_table("t", sa.Column("a", sa.Integer))'
    ),
    "a part is deleted": f'{TEXT}\nop.execute("DELETE FROM roles LIMIT 1")',
    "another table is emptied": (
        f'{TEXT}\nop.execute("DELETE FROM t USING roles")\nop.execute("DELETE FROM t")'
    ),
    "the maximum of an empty table": (
        'op.execute("INSERT INTO roles (id) SELECT coalesce(max(id), 0) FROM t")'
    ),
    "beside an empty table": (
        'op.execute("INSERT INTO roles (id) SELECT id FROM t UNION SELECT 1")'
    ),
    "from a table that is created with rows": (
        'op.execute("CREATE TEMPORARY TABLE x AS SELECT 1 AS id")\n'
        'op.execute("INSERT INTO roles (id) SELECT id FROM x")'
    ),
    "executed in a block": (
        "op.execute(\"DO $$ BEGIN EXECUTE 'INSERT INTO roles (id) VALUES (1)'; END $$\")"
    ),
    "in a block": 'op.execute("DO $$ BEGIN INSERT INTO roles (id) VALUES (1); END $$")',
}


@pytest.mark.parametrize("insert", [pytest.param(FILLED[name], id=name) for name in FILLED])
def test_a_table_that_has_rows_is_known(project: AlembicProject, insert: str) -> None:
    write_scripts(project, insert, DEPENDENT["returns early"])
    assert [each.tables for each in state_of(project).uncertain] == [("t",)]


@pytest.mark.parametrize("database", ["postgresql"])
@pytest.mark.parametrize("body", [pytest.param(INDEPENDENT[name], id=name) for name in INDEPENDENT])
def test_a_change_beside_a_query_of_rows_is_certain(
    body: str,
    database: str,
    new_engine: Callable[[], sa.Engine],
    alembic_project: ProjectFactory,
) -> None:
    engine = new_engine()
    project = alembic_project(MODELS, engine.url.render_as_string(hide_password=False))
    write_scripts(project, TEXT, body)
    project.upgrade()
    state = state_of(project)
    assert state.uncertain == ()
    with engine.connect() as connection:
        assert differences(connection, state) == []


FUNCTION = """
op.execute('''CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO roles (id) VALUES (1); RETURN NEW; END $$''')
op.execute("CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()")
"""
INSERT = 'op.execute("INSERT INTO t VALUES (1, 2)")'


@pytest.mark.parametrize(
    ("lines", "is_filled"),
    [
        (INSERT, True),
        ('op.bulk_insert(sa.table("t", sa.column("id")), [{"id": 1}])', True),
        ('op.rename_table("t", "u")\nop.execute("INSERT INTO u VALUES (1, 2)")', True),
        ('op.execute("SELECT * FROM t")', False),
        ('op.execute("CREATE TABLE u (id INT)")\nop.execute("INSERT INTO u VALUES (1)")', False),
    ],
)
def test_a_trigger_fills_a_table(project: AlembicProject, lines: str, *, is_filled: bool) -> None:
    body = f'if {ROLES}.first():\n    op.create_table("w", sa.Column("id", sa.Integer))'
    write_scripts(project, f"{FUNCTION}\n{lines}", body)
    found = [each.reason for each in state_of(project).uncertain]
    rows = "it depends on the rows of 'roles', into which scripts insert"
    assert [rows] * is_filled == found


@pytest.mark.parametrize(
    ("line", "is_known"),
    [
        ('bind.execute(sa.text("INSERT INTO roles (id) VALUES (1)")).rowcount == 1', False),
        ('bind.execute(roles.insert().values(name="x")).inserted_primary_key[0] == 1', False),
        ("bind.execute(roles.insert().returning(roles.c.id), [{}]).scalar() == 1", False),
        ('bind.execute(sa.text("UPDATE t SET a = 1")).rowcount == 1', True),
    ],
)
def test_what_a_change_of_rows_returns_is_not_known(
    project: AlembicProject, line: str, *, is_known: bool
) -> None:
    key = 'sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String)'
    body = f"""bind, roles = op.get_bind(), sa.Table("roles", sa.MetaData(), {key})
if {line}:
    op.drop_column("t", "a")"""
    write_scripts(project, "pass", body)
    found = state_of(project).uncertain
    assert [("t",)] * (not is_known) == [each.tables for each in found]


def test_a_change_that_may_create_a_table_is_unfinished(project: AlembicProject) -> None:
    body = f'for row in {ROLES}:\n    op.create_table("u", sa.Column("id", sa.Integer))'
    write_scripts(project, TEXT, body)
    (found,) = state_of(project).uncertain
    assert (found.tables, found.unfinished) == ((), True)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT length('x') > 0",
        "SELECT now()",
        "SELECT current_database(), 1",
        "SHOW search_path",
        "SELECT pg_is_in_recovery()",
    ],
)
def test_a_change_that_depends_on_what_a_server_answers_is_named(
    project: AlembicProject, query: str
) -> None:
    body = f"""{TABLES}
if op.get_bind().execute(sa.text("{query}")).scalar():
    op.drop_column("t", "a")
"""
    write(project, "a1", body)
    (found,) = state_of(project).uncertain
    assert found.reason == f"it depends on what a server answers: {query}"
    assert found.tables == ("t",)


@pytest.mark.parametrize("query", ["SELECT 1", "SELECT true", "SELECT 'x'", "SELECT version()"])
def test_a_change_that_depends_on_a_known_value_is_certain(
    project: AlembicProject, query: str
) -> None:
    body = f"""{TABLES}
op.execute("SELECT setval('s', 1)")
if op.get_bind().execute(sa.text("{query}")).scalar():
    op.drop_column("t", "a")
"""
    write(project, "a1", body)
    state = state_of(project)
    assert state.uncertain == ()
    tables = {str(table.name): table for table in state.certain}
    assert [column.name for column in tables["t"].columns] == ["id"]


def test_a_query_built_in_python_may_depend_on_a_server(project: AlembicProject) -> None:
    body = f"""{TABLES}
if op.get_bind().scalar(sa.select(sa.func.now())):
    op.drop_column("t", "a")
"""
    write(project, "a1", body)
    (found,) = state_of(project).uncertain
    assert "what a server answers: SELECT now()" in found.reason


def test_what_a_view_returns_is_not_known(project: AlembicProject) -> None:
    body = f"""{TABLES}
op.execute("CREATE VIEW v AS SELECT 1 AS id")
for row in op.get_bind().execute(sa.text("SELECT id FROM v")):
    op.drop_column("t", "a")
"""
    write(project, "a1", body)
    assert [each.tables for each in state_of(project).uncertain] == [("t",)]


def test_a_nested_transaction_that_is_rolled_back_has_changed_nothing(
    project: AlembicProject,
) -> None:
    body = f"""{TABLES}
nested = op.get_bind().begin_nested()
op.drop_column("t", "a")
nested.rollback()
"""
    write(project, "a1", body)
    tables = {str(table.name): table for table in state_of(project).certain}
    assert [column.name for column in tables["t"].columns] == ["id", "a"]


def test_what_is_undone_fills_and_empties_nothing() -> None:
    catalogue = Catalogue(impl_of(postgresql.dialect()))  # type: ignore[no-untyped-call]
    catalogue.filled.add("roles")
    before = catalogue.copy()
    catalogue.filled.clear()
    catalogue.filled.add("t")
    catalogue.restore(before)
    assert catalogue.filled == {"roles"}
