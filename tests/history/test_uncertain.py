"""What cannot be known is named with its line, and nothing is guessed."""

from __future__ import annotations

import pytest

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.history.agreement import state_of
from tests.history.scripts import MODELS, write

T = 'op.create_table("t", sa.Column("id", sa.Integer), sa.Column("a", sa.Integer))'


@pytest.fixture
def project(alembic_project: ProjectFactory) -> AlembicProject:
    return alembic_project(MODELS, "postgresql+psycopg://nobody@host.invalid/none")


TEXTS = {
    "a block": ("DO $$ BEGIN EXECUTE 'DROP TABLE ' || 't'; END $$", ("t",), "effect of the block"),
    "a block with an insertion before the condition": (
        (
            "DO $$ BEGIN INSERT INTO t VALUES (1); IF EXISTS (SELECT FROM t) THEN"
            " ALTER TABLE t DROP COLUMN a; END IF; END $$"
        ),
        ("t",),
        "effect of the block",
    ),
    "a block whose rows may raise": (
        (
            "DO $$ BEGIN ALTER TABLE t DROP COLUMN a; INSERT INTO t VALUES (1/0);"
            " EXCEPTION WHEN division_by_zero THEN NULL; END $$"
        ),
        ("t",),
        "effect of the block",
    ),
    "a block that executes two": (
        "DO $$ BEGIN EXECUTE 'DROP VIEW v; DROP TABLE ' || 't'; END $$",
        ("t",),
        "effect of the block",
    ),
    "a block that executes a text with a variable": (
        "DO $$ DECLARE s text := f(); BEGIN EXECUTE 'DROP VIEW v' || s; END $$",
        (),
        "block may change tables",
    ),
    "a block that formats a text with a variable": (
        "DO $$ DECLARE s text := f(); BEGIN EXECUTE format('GRANT ALL ON %I TO %s', 't', s); END $$",
        (),
        "block may change tables",
    ),
    "a block that executes two by their parts": (
        "DO $$ BEGIN EXECUTE 'DROP VIEW v' || '; DROP TABLE t'; END $$",
        ("t",),
        "effect of the block",
    ),
    "an analysed query": (
        "EXPLAIN (ANALYZE, VERBOSE) CREATE TABLE u AS SELECT * FROM t",
        ("u",),
        "expected",
    ),
    "an analysed query into a table": (
        "EXPLAIN ANALYZE VERBOSE SELECT * INTO u FROM t",
        ("u",),
        "creates a table from a query",
    ),
    "a block with a condition that a server computes": (
        ("DO $$ BEGIN IF EXISTS (SELECT FROM t) OR f() THEN DROP TABLE t; END IF; END $$"),
        ("t",),
        "effect of the block",
    ),
    "a block that executes a text of its own": (
        "DO $$ BEGIN EXECUTE format('ALTER TABLE %I ADD COLUMN b int', 't'); END $$",
        ("t",),
        "effect of the block",
    ),
    "a procedure": ("CALL convert_all()", (), "effect of CALL"),
    "a function": ("SELECT convert_table('x')", (), "may change tables"),
    "a table from a query": ("CREATE TABLE u AS SELECT * FROM t", ("u",), "expected"),
    "a query into a table": ("SELECT * INTO u FROM t", ("u",), "creates a table from a query"),
    "a table like another": ("CREATE TABLE u (LIKE t)", ("u",), "copies another table"),
    "another schema": ("SET search_path TO other", (), "is in the schema 'other'"),
    "an extension": ("DROP EXTENSION citext CASCADE", (), "depend on the extension"),
    "a function in FROM": (
        "SELECT * FROM create_hypertable('t', 'a')",
        ("t",),
        "may change tables",
    ),
    "an action": ("ALTER TABLE t EXCHANGE PARTITION p WITH TABLE u", ("t",), "is unknown"),
    "a catalogue query": (
        "SELECT relpages FROM pg_class WHERE relname = 't'",
        ("t",),
        "queries the database's catalogue",
    ),
    "an open quote": ("ALTER TABLE t ADD COLUMN b text DEFAULT 'x", ("t",), "is not a token"),
    "no statement": ("FROBNICATE t", ("t",), "effect of FROBNICATE"),
    "a table of nobody": ("ALTER TABLE u ADD COLUMN b INT", ("u",), "no script creates"),
    "a constraint of nobody": ("ALTER TABLE t DROP CONSTRAINT c", ("t",), "no constraint 'c'"),
}


@pytest.mark.parametrize(
    ("text", "tables", "says"), [pytest.param(*TEXTS[name], id=name) for name in TEXTS]
)
def test_a_text_that_cannot_be_read_is_named(
    project: AlembicProject, text: str, tables: tuple[str, ...], says: str
) -> None:
    write(project, "a1", T)
    file = write(project, "b2", f"op.execute({text!r})", down="a1")
    (found,) = state_of(project).uncertain
    assert found.tables == tables
    assert says in found.reason
    assert f"{file}:14" in str(found)
    assert (found.place.revision, found.place.line) == ("b2", 14)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0)", "a domain is altered by 'ADD CONST"),
        ("ALTER DOMAIN d SET DEFAULT 3", "a domain is altered by 'SET DEFAULT 3'"),
        (
            "DO $$ BEGIN IF true THEN ALTER DOMAIN d DROP DEFAULT; END IF; END $$",
            "the effect of the block",
        ),
        ("DROP DOMAIN d CASCADE", "columns have the type 'd'"),
        ("DROP TYPE d CASCADE", "columns have the type 'd'"),
    ],
)
def test_the_tables_with_a_type_that_changes_are_named(
    project: AlembicProject, line: str, says: str
) -> None:
    domain = 'sa.ARRAY(postgresql.DOMAIN("d", sa.Integer))'
    write(project, "a1", f'{T}\nop.create_table("u", sa.Column("a", {domain}))')
    write(project, "b2", f"op.execute({line!r})", down="a1")
    state = state_of(project)
    (found,) = state.uncertain
    assert says in found.reason
    assert [("u",), ["t"]] == [found.tables, [str(each.name) for each in state.certain]]


FUNCTION = """
op.execute('''CREATE FUNCTION change() RETURNS int AS $$
    BEGIN EXECUTE format('ALTER TABLE %I ADD COLUMN b int', 't'); RETURN 1; END $$ LANGUAGE plpgsql''')
op.execute('''CREATE FUNCTION indirect() RETURNS trigger AS $$
    BEGIN PERFORM change(); RETURN NEW; END $$ LANGUAGE plpgsql''')
op.execute('''CREATE FUNCTION harmless() RETURNS int AS $$
    BEGIN EXECUTE 'INSERT INTO u VALUES (1)'; RETURN 1; END $$ LANGUAGE plpgsql''')
op.execute('''CREATE FUNCTION variable(s text) RETURNS int AS $$
    BEGIN EXECUTE 'UPDATE u SET a = 1 ' || s; RETURN 1; END $$ LANGUAGE plpgsql''')
op.execute('''CREATE FUNCTION quoted(s text) RETURNS int AS $$
    BEGIN EXECUTE format('UPDATE %I SET a = %L', s, 1) || ' WHERE a = 2'; RETURN 1; END $$ LANGUAGE plpgsql''')
op.execute("CREATE TABLE u (a int DEFAULT harmless())")
op.execute("CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION indirect()")
"""


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('op.execute("INSERT INTO u SELECT change()")', "change() may change tables"),
        ('op.execute("SELECT change() FROM t")', "change() may change tables"),
        ("op.execute(\"SELECT variable('') FROM u\")", "variable() may change tables"),
        (
            'op.execute("DO $$ DECLARE n int := change(); BEGIN NULL; END $$")',
            "change() may change",
        ),
        ("op.get_bind().execute(sa.select(sa.func.change()))", "change() may change tables"),
        ('op.execute("INSERT INTO t VALUES (1)")', "a trigger of 't' may change tables"),
        ('op.bulk_insert(sa.table("t", sa.column("a")), [{"a": 1}])', "a trigger of 't' may"),
        (
            'op.execute("DROP FUNCTION harmless() CASCADE")',
            "the table 'u' depends on what is dropped",
        ),
    ],
)
def test_a_call_of_a_function_that_changes_tables_is_named(
    project: AlembicProject, line: str, says: str
) -> None:
    write(project, "a1", f"{T}\n{FUNCTION}")
    write(project, "b2", line, down="a1")
    (found,) = state_of(project).uncertain
    assert says in found.reason
    assert (found.tables, found.place.line) == ((), 14)


@pytest.mark.parametrize(
    "line",
    [
        "INSERT INTO u SELECT harmless()",
        "UPDATE u SET a = 1",
        "SELECT quoted('u') FROM u",
        "EXPLAIN CREATE TABLE v AS SELECT 1",
        "EXPLAIN (ANALYZE false) CREATE TABLE v AS SELECT 1",
        "DROP FUNCTION change() CASCADE",
        "SELECT lower(x) FROM jsonb_array_elements_text('[]') x",
        "DROP SCHEMA other CASCADE",
        "SET LOCAL search_path = public, other",
    ],
)
def test_what_changes_no_tables_is_certain(project: AlembicProject, line: str) -> None:
    write(project, "a1", f"{T}\n{FUNCTION}")
    write(project, "b2", f"op.execute({line!r})", down="a1")
    assert state_of(project).uncertain == ()


@pytest.mark.parametrize("line", ["DROP SCHEMA s CASCADE", "ALTER SCHEMA s RENAME TO r"])
def test_a_schema_that_goes_with_its_tables_is_named(project: AlembicProject, line: str) -> None:
    write(project, "a1", 'op.execute("CREATE SCHEMA s; CREATE TABLE s.t (a int)")')
    write(project, "b2", f"op.execute({line!r})", down="a1")
    (found,) = state_of(project).uncertain
    assert found.reason == "tables, types or sequences are in the schema"


def test_the_body_of_a_procedure_is_not_carried_out(alembic_project: ProjectFactory) -> None:
    project = alembic_project(MODELS, "mariadb+pymysql://nobody@host.invalid/none")
    procedure = """op.execute('''CREATE PROCEDURE p() BEGIN
        IF 1 THEN SELECT CASE WHEN 1 THEN 2 END; END IF;
        ALTER TABLE t DROP COLUMN a; ALTER TABLE t DROP COLUMN id;
    END; ALTER TABLE t ADD COLUMN b INT''')"""
    write(project, "a1", f"{T}\n{procedure}")
    write(
        project, "b2", 'op.execute("BEGIN NOT ATOMIC DROP TABLE t; DROP TABLE t; END")', down="a1"
    )
    write(project, "c3", 'op.execute("CALL p()")', down="b2")
    state = state_of(project)
    assert ["id", "a", "b"] == [each.name for each in state.tables["t"].columns]
    assert [("b2", ("t",)), ("c3", ())] == [
        (each.place.revision, each.tables) for each in state.uncertain
    ]


@pytest.mark.parametrize(
    ("url", "server", "text", "added"),
    [
        ("mariadb+pymysql", None, "/*!101101 ALTER TABLE t ADD b INT */", None),
        ("mariadb+pymysql", "mariadb 11.4", "/*!101101 ALTER TABLE t ADD b INT */", True),
        ("mariadb+pymysql", "mariadb 11.4", "/*!110500 ALTER TABLE t ADD b INT */", False),
        ("mariadb+pymysql", "mariadb 11.4", "/*M!110400 ALTER TABLE t ADD b INT */", True),
        ("mysql+pymysql", None, "/*!80000 ALTER TABLE t ADD b INT */", True),
        ("mysql+pymysql", None, "/*!80016 ALTER TABLE t ADD b INT */", None),
        ("mysql+pymysql", "mysql 8.4", "/*!80016 ALTER TABLE t ADD b INT */", True),
        ("mysql+pymysql", "mysql 8.4", "/*M! ALTER TABLE t ADD b INT */", False),
        ("postgresql+psycopg", None, "SELECT 1 /*! ; ALTER TABLE t ADD b INT */", False),
    ],
)
def test_a_comment_is_executed_by_the_versions_that_it_names(
    alembic_project: ProjectFactory, url: str, server: str | None, text: str, *, added: bool | None
) -> None:
    configure = f"moltres={{'server': {server!r}}}," if server else ""
    project = alembic_project(MODELS, f"{url}://nobody@host.invalid/none", configure=configure)
    write(project, "a1", T)
    write(project, "b2", f"op.execute({text!r})", down="a1")
    state = state_of(project)
    assert [("t",)] * (added is None) == [each.tables for each in state.uncertain]
    assert ["id", "a", *["b"] * (added is True)] == [
        str(each.name) for each in state.tables["t"].columns
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ALTER TABLE t ADD COLUMN b INT AFTER missing", "no column 'missing'"),
        ("ALTER TABLE t CHANGE a", "more is expected at the end"),
        ("ALTER TABLE t CHANGE missing b INT", "no column 'missing'"),
    ],
)
def test_a_text_that_mariadb_rejects_is_named(
    alembic_project: ProjectFactory, text: str, says: str
) -> None:
    project = alembic_project(MODELS, "mariadb+pymysql://nobody@host.invalid/none")
    write(project, "a1", T)
    write(project, "b2", f"op.execute({text!r})", down="a1")
    (found,) = state_of(project).uncertain
    assert found.tables == ("t",)
    assert says in found.reason


def test_a_script_that_raises_is_named_and_so_are_the_tables_behind_the_line(
    project: AlembicProject,
) -> None:
    write(project, "a1", T)
    file = write(project, "b2", 'raise ValueError("no")\nop.drop_column("t", "a")', down="a1")
    state = state_of(project)
    (found,) = state.uncertain
    assert found.tables == ("t",)
    assert str(found) == f"{file}:14: table t uncertain, it raises ValueError: no"
    assert not state.is_certain("t")
    assert list(state.certain) == []


def test_a_script_that_raises_among_rows_leaves_the_tables_certain(
    project: AlembicProject,
) -> None:
    write(project, "a1", T)
    body = 'row = op.get_bind().execute(sa.text("SELECT a FROM t")).one()\nprint(row)'
    write(project, "b2", body, down="a1")
    assert state_of(project).uncertain == ()


def test_a_table_of_a_live_model_is_uncertain(alembic_project: ProjectFactory) -> None:
    models = """
import sqlalchemy as sa
target_metadata = sa.MetaData()
users = sa.Table("users", target_metadata, sa.Column("id", sa.Integer))
"""
    project = alembic_project(models, "postgresql+psycopg://nobody@host.invalid/none")
    before = "from project_models import users"
    write(project, "a1", "users.create(op.get_bind())", before=before)
    write(project, "b2", "op.moltres_create_table(users)", before=before, down="a1")
    found = state_of(project).uncertain
    assert [each.place.revision for each in found] == ["a1", "b2", "b2"][: len(found)]
    assert {each.tables for each in found} == {("users",)}
    assert "application's model" in found[0].reason


def test_a_table_that_a_script_defines_is_certain(project: AlembicProject) -> None:
    before = """
    from sqlalchemy.orm import declarative_base
    Base = declarative_base()

    class User(Base):
        __tablename__ = "users"
        id = sa.Column(sa.Integer, primary_key=True)
    """
    write(project, "a1", "Base.metadata.create_all(op.get_bind())", before=before)
    state = state_of(project)
    assert state.uncertain == ()
    assert list(state.tables) == ["users"]


SWALLOWED = """
try:
    sa.Table("t", sa.MetaData(), autoload_with=op.get_bind())
    op.drop_column("t", "a")
except Exception:
    pass
"""
ASKED = """
if sa.inspect(op.get_bind()).has_table("people"):
    op.drop_column("t", "a")
"""


@pytest.mark.parametrize("body", [SWALLOWED, ASKED])
def test_a_line_that_inspects_a_table_of_nobody_which_a_key_needs_is_named(
    project: AlembicProject, body: str
) -> None:
    key = 'op.create_foreign_key(None, "t", "people", ["a"], ["id"])'
    write(project, "a1", f"{T}\n{key}")
    file = write(project, "b2", body, down="a1")
    (found,) = state_of(project).uncertain
    assert found.reason == "it inspects the table 'people', which no script creates"
    assert (found.place.revision, found.place.file, found.tables) == ("b2", file, ())


def test_a_line_that_inspects_a_table_of_a_later_script_is_certain(
    alembic_project: ProjectFactory,
) -> None:
    project = alembic_project(MODELS, "sqlite://")
    key = 'sa.ForeignKeyConstraint(["a"], ["people.id"])'
    write(project, "a1", f'op.create_table("t", sa.Column("a", sa.Integer), {key})')
    create = 'op.create_table("people", sa.Column("id", sa.Integer, primary_key=True))'
    asked = 'if not sa.inspect(op.get_bind()).has_table("people"):\n    '
    write(project, "b2", asked + create, down="a1")
    assert state_of(project).uncertain == ()


def test_a_dropped_table_is_not_uncertain_any_more(project: AlembicProject) -> None:
    write(project, "a1", T)
    write(project, "b2", 'op.execute("FROBNICATE t")', down="a1")
    write(project, "c3", 'op.drop_table("t")', down="b2")
    write(project, "d4", T, down="c3")
    assert state_of(project, "b2").is_certain("t") is False
    assert state_of(project).uncertain == ()


def test_state_only_says_what_other_lines_have_done(project: AlembicProject) -> None:
    write(project, "a1", T)
    body = """
    op.execute("FROBNICATE t")
    with op.moltres_state_only():
        with op.moltres_alter_table("t") as t:
            t.add_column(column("b", "INTEGER"))
    """
    write(project, "b2", body, down="a1")
    state = state_of(project)
    assert state.uncertain == ()
    assert [each.name for each in state.tables["t"].columns] == ["id", "a", "b"]


def test_state_only_gives_a_table_its_whole_value(project: AlembicProject) -> None:
    write(project, "a1", 'op.execute("CREATE TABLE t AS SELECT 1 AS a")')
    body = """
    with op.moltres_state_only():
        op.moltres_create_table(TableSchema("t", [column("a", "INTEGER")]))
    """
    write(project, "b2", body, down="a1")
    assert not state_of(project, "a1").is_certain("t")
    state = state_of(project)
    assert state.uncertain == ()
    assert list(state.tables) == ["t"]


def test_what_is_about_no_table_is_kept_as_text(project: AlembicProject) -> None:
    texts = [
        "CREATE EXTENSION citext",
        "CREATE FUNCTION f() RETURNS int AS $$ SELECT 1; $$ LANGUAGE sql",
        "CREATE VIEW v AS SELECT a FROM t",
        "CREATE TRIGGER g BEFORE INSERT ON t EXECUTE FUNCTION f()",
        "GRANT SELECT ON t TO PUBLIC",
    ]
    write(project, "a1", "\n".join([T, *(f"op.execute({text!r})" for text in texts)]))
    state = state_of(project)
    assert [each.text for each in state.texts] == texts
    assert state.uncertain == ()


def test_a_loop_that_waits_for_rows_ends(project: AlembicProject) -> None:
    write(project, "a1", T)
    body = """
    while not op.get_bind().execute(sa.text("SELECT a FROM t")).all():
        op.execute("INSERT INTO t (a) VALUES (1)")
    op.drop_column("t", "a")
    """
    file = write(project, "b2", body, down="a1")
    (found,) = state_of(project).uncertain
    assert str(found).startswith(f"{file}:")
    assert found.tables == ("t",)
    assert "has executed 20000 statements" in found.reason


HELPER = """
import sqlalchemy as sa
from alembic import op

def add_tables():
    op.create_table("a", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table("b", sa.Column("id", sa.Integer, primary_key=True))
"""


def test_a_table_that_a_function_of_the_application_creates_is_certain(
    project: AlembicProject,
) -> None:
    (project.directory / "project_helper.py").write_text(HELPER)
    write(project, "a1", "add_tables()", before="from project_helper import add_tables")
    state = state_of(project)
    assert state.uncertain == ()
    assert list(state.tables) == ["a", "b"]


UNFINISHED = {
    "in a function of the application": "add_tables(1)",
    "before one": "int('x')\nadd_tables()",
    "in the last line": "op.alter_column('t', 'a', type_=7)",
    "behind an operation in a loop": (
        "for each in ('a', 'b'):\n    op.drop_column('t', each)\n    int('x')"
    ),
    "in a function behind upgrade": "later()\nop.drop_column('t', 'a')",
}


@pytest.mark.parametrize("body", [pytest.param(UNFINISHED[name], id=name) for name in UNFINISHED])
def test_a_script_that_raises_where_tables_may_change_is_named(
    project: AlembicProject, body: str
) -> None:
    (project.directory / "project_helper.py").write_text(HELPER)
    write(project, "a1", T)
    later = "def later():\n    int('x')"
    before = f"from project_helper import add_tables\n{later}"
    file = write(project, "b2", body, down="a1", before=before)
    (found,) = state_of(project).uncertain
    assert str(found).startswith(f"{file}:")
    assert "it raises" in found.reason


def test_alembics_own_table_is_there_and_in_no_state(project: AlembicProject) -> None:
    body = """
    inspector = sa.inspect(op.get_bind())
    assert inspector.get_pk_constraint("alembic_version")["constrained_columns"] == ["version_num"]
    assert inspector.get_table_names() == ["alembic_version"]
    query = "SELECT count(*) FROM information_schema.tables WHERE table_name = 'alembic_version'"
    assert op.get_bind().execute(sa.text(query)).scalar() == 1
    op.alter_column("alembic_version", "version_num", type_=sa.String(99))
    op.execute("ALTER TABLE alembic_version ALTER COLUMN version_num TYPE VARCHAR(128)")
    with op.batch_alter_table("alembic_version") as batch:
        batch.alter_column("version_num", type_=sa.String(255))
    op.create_table("t", sa.Column("a", sa.Integer))
    """
    write(project, "a1", body)
    state = state_of(project)
    assert state.uncertain == ()
    assert list(state.tables) == ["t"]


@pytest.mark.parametrize(
    "alter",
    [
        "CONVERT TO CHARACTER SET utf8mb4",  # the text may have been in a narrower one
        "DEFAULT CHARACTER SET latin1",  # the text keeps the former one
    ],
)
def test_a_character_set_that_no_script_states_is_uncertain(
    alembic_project: ProjectFactory, alter: str
) -> None:
    project = alembic_project(MODELS, "mysql+pymysql://nobody@host.invalid/none")
    write(project, "a1", 'op.create_table("t", sa.Column("a", sa.Text))')
    write(project, "b2", f'op.execute("ALTER TABLE t {alter}")', down="a1")
    (found,) = state_of(project).uncertain
    assert found.tables == ("t",)
    assert "character set is not known" in found.reason


def test_an_asynchronous_function_runs(project: AlembicProject) -> None:
    before = """
    async def add(connection, name):
        await connection.execute(sa.text(f"ALTER TABLE t ADD COLUMN {name} INTEGER"))
        return await connection.run_sync(lambda sync: sa.inspect(sync).get_columns("t"))
    """
    body = f'{T}\nassert [c["name"] for c in op.run_async(add, "b")] == ["id", "a", "b"]'
    write(project, "a1", body, before=before)
    state = state_of(project)
    assert state.uncertain == ()
    assert [column.name for column in state.tables["t"].columns] == ["id", "a", "b"]
