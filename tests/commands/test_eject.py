"""`eject`: scripts as plain Alembic."""

from __future__ import annotations

import os

import pytest
import sqlalchemy as sa

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.commands.command_line import run
from tests.commands.example import BEFORE_THE_BRANCH, example
from tests.dump import dump
from tests.history.scripts import MODELS, write

NOWHERE = "postgresql+psycopg://nobody@host.invalid/none"
WITHOUT_US = "import sys\nsys.modules['alembic_moltres'] = None  # importing it raises\n"
T = 'TableSchema("t", [column("id", "INTEGER"), column("a", "VARCHAR(5)")])'


def words(engine: sa.Engine) -> list[str]:
    """Return the structure of a database; white space does not count."""
    return dump(engine).split()


@pytest.fixture
def project(alembic_project: ProjectFactory) -> AlembicProject:
    return alembic_project(MODELS, NOWHERE)


def source(project: AlembicProject, revision: str) -> str:
    return (project.versions / f"{revision}_.py").read_text(encoding="utf-8")


def test_the_example_is_ejected_and_makes_the_same_database(
    alembic_project: ProjectFactory, any_url: str, any_engine: sa.Engine
) -> None:
    project = example(alembic_project, any_url, BEFORE_THE_BRANCH)
    project.upgrade()
    before = words(any_engine)
    project.downgrade()
    finished = run(project, "eject")
    assert (finished.status, finished.err) == (0, "")
    for script in project.scripts():
        assert "moltres" not in script.read_text(encoding="utf-8")
    project.upgrade()
    assert before == words(any_engine)
    project.downgrade()
    assert dump(any_engine) == ""


@pytest.mark.slow
def test_ejected_scripts_run_where_the_package_is_not_installed(
    alembic_project: ProjectFactory, any_url: str, any_engine: sa.Engine
) -> None:
    project = example(alembic_project, any_url, BEFORE_THE_BRANCH)
    assert run(project, "eject").status == 0
    env = project.env.read_text(encoding="utf-8").replace(', "alembic_moltres"', "")
    project.env.write_text(f"{WITHOUT_US}{env}", encoding="utf-8")
    plain = AlembicProject(project.directory, in_subprocess=True)
    plain.upgrade()
    assert "reviews" in dump(any_engine)
    plain.downgrade()
    assert dump(any_engine) == ""


def test_every_other_byte_stays(project: AlembicProject) -> None:
    write(
        project,
        "a1",
        """
        x = {"a":1,   "b" : "é"}   # odd   spacing
        op.moltres_create_table(T)  # ours
        if x: op.moltres_drop_table(T)
        op.execute( "SELECT 1" )
        """,
        before=f"T = {T}",
    )
    path = project.versions / "a1_.py"
    before = path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(before)
    assert run(project, "eject").status == 0
    after = path.read_bytes()
    assert b"moltres" not in after
    assert after.count(b"\n") == after.count(b"\r\n")
    for kept in (
        '    x = {"a":1,   "b" : "é"}   # odd   spacing\r\n    op.create_table(\r\n',
        '    )  # ours\r\n    if x: op.drop_table("t")\r\n    op.execute( "SELECT 1" )\r\n',
        "from sqlalchemy.dialects import mysql, postgresql\r\n",
    ):
        assert kept.encode() in after


def test_comments_of_people_in_a_block_stay(project: AlembicProject) -> None:
    write(project, "a1", f"op.moltres_create_table({T})")
    write(
        project,
        "b2",
        """
        with op.moltres_alter_table("t") as t:
            # asked for by sales
            t.add_column(column("b", "INTEGER"))
            # b is NOT NULL without a default: this fails if there are rows
            t.drop_column(column("a", "VARCHAR(5)"))
        """,
        down="a1",
    )
    assert run(project, "eject").status == 0
    assert (
        "    # asked for by sales\n"
        '    with op.batch_alter_table("t") as batch_op:\n'
        '        batch_op.add_column(sa.Column("b", sa.Integer()))\n'
        '        batch_op.drop_column("a")\n'
    ) in source(project, "b2")


def test_one_revision_alone_is_ejected(project: AlembicProject) -> None:
    write(project, "a1", f"op.moltres_create_table({T})")
    write(project, "b2", f"op.moltres_drop_table({T})", down="a1")
    assert run(project, "eject", "b2").status == 0
    assert "moltres_create_table" in source(project, "a1")
    assert 'op.drop_table("t")' in source(project, "b2")


def test_a_name_of_ours_that_a_function_imports_from_elsewhere_stays(
    project: AlembicProject,
) -> None:
    write(project, "a1", f"op.moltres_create_table({T})\nfill()")
    (path,) = project.versions.glob("a1_*.py")
    rows = """

def fill() -> None:
    from sqlalchemy import column

    op.execute(sa.update(sa.table("t", column("id"))).values(id=1))
"""
    path.write_text(path.read_text(encoding="utf-8") + rows, encoding="utf-8")
    assert run(project, "eject").status == 0
    written = source(project, "a1")
    assert 'sa.table("t", column("id"))' in written
    assert "alembic_moltres" not in written


def test_a_constant_goes_where_a_function_has_a_class_of_its_name(
    project: AlembicProject,
) -> None:
    fill = """
        from sqlalchemy.orm import Session, declarative_base

        Users = TableSchema("users", [column("id", "INTEGER", nullable=False)],
            constraints=[primary_key("id")])

        def fill():
            class Users(declarative_base()):
                __tablename__ = "users"
                id = sa.Column(sa.Integer, primary_key=True)

            Session(op.get_bind()).add(Users(id=1))
        """
    write(project, "a1", "op.moltres_create_table(Users)\nfill()", before=fill)
    assert run(project, "eject").err == ""
    assert "alembic_moltres" not in source(project, "a1")


def test_tables_for_statements_about_rows_are_written_out(project: AlembicProject) -> None:
    write(project, "a1", f"op.moltres_create_table({T})")
    write(
        project,
        "b2",
        """
        op.bulk_insert(op.moltres_tables()["t"], [{"id": 1}])
        tables = op.moltres_tables()
        op.execute(tables["t"].delete())
        """,
        down="a1",
    )
    assert run(project, "eject").status == 0
    written = source(project, "b2")
    table = 'sa.table("t", sa.column("id", sa.Integer()), sa.column("a", sa.String(length=5)))'
    assert f'op.bulk_insert({table}, [{{"id": 1}}])' in written
    assert '    tables = {\n        "t": sa.table(\n            "t",\n' in written


def test_an_anchor_and_what_only_history_reads_go(project: AlembicProject) -> None:
    write(project, "a1", "op.execute('SELECT whatever()')")
    write(project, "b2", f"op.moltres_anchor([{T}])", down="a1")
    write(
        project,
        "c3",
        f"""
        with op.moltres_alter_table("t") as t:
            t.drop_column(column("a", "VARCHAR(5)"))
        op.execute("SELECT more()")
        with op.moltres_state_only():
            op.moltres_create_table({T.replace('"t"', '"u"')})
        """,
        down="b2",
    )
    finished = run(project, "eject")
    assert (finished.status, finished.err) == (0, "")
    assert source(project, "b2").count("    pass\n") == 2
    assert '    op.execute("SELECT more()")\n    pass\n' in source(project, "c3")


def test_scripts_before_an_anchor_are_rewritten(project: AlembicProject) -> None:
    write(project, "a1", f"op.moltres_create_table({T})")
    write(project, "b2", f"op.moltres_anchor([{T}])", down="a1")
    assert run(project, "eject").status == 0
    assert 'op.create_table(\n        "t",' in source(project, "a1")
    assert "moltres" not in source(project, "a1")


def test_a_type_of_postgresql_is_created_and_dropped_under_its_dialects_name(
    project: AlembicProject,
) -> None:
    mood = "ENUM('sad','ok',name='mood')"
    write(project, "a1", f"op.moltres_create_table({T})")
    write(
        project,
        "b2",
        f"""
        with op.moltres_alter_table("t") as t:
            t.add_column(column("m", "{mood}"))
        """,
        down="a1",
        downgrade=f"""
        with op.moltres_alter_table("t") as t:
            t.drop_column(column("m", "{mood}"))
        """,
    )
    assert run(project, "eject").status == 0
    written = source(project, "b2")
    only = '    if op.get_context().dialect.name == "postgresql":\n        '
    assert f"{only}op.execute(\"CREATE TYPE mood AS ENUM ('sad', 'ok')\")\n" in written
    assert f'{only}op.execute("DROP TYPE mood")\n' in written


def test_a_type_is_dropped_once_with_the_last_column_that_has_it(
    alembic_project: ProjectFactory, pg_url: str, pg_engine: sa.Engine
) -> None:
    project = alembic_project(MODELS, pg_url)
    types = {"a": "mood", "b": "feel"}
    columns = {n: f"""column("{n}", "ENUM('x',name='{each}')")""" for n, each in types.items()}
    table = f'TableSchema("t", [column("id", "INTEGER"), {", ".join(columns.values())}])'
    write(project, "a1", f"op.moltres_create_table({table})")
    body = f"""
        with op.moltres_alter_table("t") as t:
            t.alter_column({columns["a"]}, column("a", "TEXT"))
            t.drop_column({columns["b"]})
            t.add_column(column("e", "INTEGER"))
        """
    write(project, "b2", body, down="a1")
    assert run(project, "eject").err == ""
    assert 1 == source(project, "b2").count('op.execute("DROP TYPE')
    project.upgrade()
    assert [] == sa.inspect(pg_engine).get_enums()  # type: ignore[attr-defined]  # PostgreSQL's


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param(
            f"for name in 'ab':\n    op.moltres_drop_table({T})",
            "a1_.py:15: op.moltres_drop_table() is called in a loop; write out its calls",
            id="loop",
        ),
        pytest.param(
            "with op.moltres_alter_table('t') as t:\n    for n in 'ab':\n        t.drop_column(column(n, 'TEXT'))",
            "a1_.py:15: a loop is in the block of op.moltres_alter_table(); write out the calls, or move it",
            id="loop-in-a-block",
        ),
        pytest.param(
            "op.moltres_create_table(Live)",
            "a1_.py:14: op.moltres_create_table() takes a live model or table; run alembic-moltres freeze first",
            id="live-table",
        ),
        pytest.param(
            f"with op.moltres_idempotent():\n    op.moltres_create_table({T})",
            "a1_.py:14: plain Alembic has no equivalent of op.moltres_idempotent(); move the lines out "
            "of its block if every database has run this script",
            id="idempotent",
        ),
        pytest.param(
            f"t = {T}\nop.moltres_create_table(t)",
            "a1_.py:15: op.moltres_create_table() takes 't', a local variable; write its value "
            "into the call",
            id="local",
        ),
        pytest.param(
            f"repr(op.moltres_create_table({T}))",
            "a1_.py:14: op.moltres_create_table() is part of another expression; give it a statement of its own",
            id="expression",
        ),
        pytest.param(
            f"repr({T})\nop.moltres_create_table({T})",
            "a1_.py:14: TableSchema of alembic_moltres is used outside of its operations and "
            "constants; write the code without it",
            id="constant-used-otherwise",
        ),
        pytest.param(
            f"op.moltres_create_table({T})\nname = 't'\nop.moltres_tables()[name]",
            "a1_.py:16: op.moltres_tables()[name] does not state the table; write its name as a string",
            id="a-variable-table",
        ),
    ],
)
def test_what_cannot_be_rewritten_is_refused_with_its_line(
    project: AlembicProject, body: str, message: str
) -> None:
    before = 'Live = sa.Table("live", sa.MetaData(), sa.Column("id", sa.Integer))'
    write(project, "a1", body, before=before)
    text = source(project, "a1")
    finished = run(project, "eject")
    assert (finished.status, finished.err) == (2, f"FAILED: {message}\n")
    assert text == source(project, "a1")


def test_a_call_may_use_builtin_functions(project: AlembicProject) -> None:
    table = 'TableSchema("t", list([column("id", "INTEGER")]))'
    write(project, "a1", f"op.moltres_create_table({table})")
    assert run(project, "eject").err == ""
    assert 'op.create_table("t", sa.Column("id", sa.Integer()))' in source(project, "a1")


def test_a_project_without_our_calls_is_left_alone(project: AlembicProject) -> None:
    (project.versions / "a1_.py").write_text(
        "revision = 'a1'\ndown_revision = None\ndef upgrade():\n    pass\n", encoding="utf-8"
    )
    assert run(project, "eject").out.endswith("no script calls alembic_moltres\n")


MULTIDB = """
import sqlalchemy as sa

one, two = sa.MetaData(), sa.MetaData()
sa.Table("users", one, sa.Column("id", sa.Integer, primary_key=True), sa.Column("mail", sa.String(9), unique=True))
sa.Table("users", two, sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("mood", sa.Enum("a", "b", name="mood")))
target_metadata = {"engine1": one, "engine2": two}
"""


def test_a_project_of_several_databases_is_ejected(
    alembic_project: ProjectFactory, sqlite_url: str, pg_url: str
) -> None:
    project = alembic_project(
        MULTIDB, {"engine1": sqlite_url, "engine2": pg_url}, template="multidb"
    )
    project.revision("one", rev_id="a1")
    write(
        project,
        "b2",
        """
        if engine_name == "engine1":
            with op.moltres_alter_table("users") as t:
                t.add_column(column("age", "INTEGER"))
        else:
            op.moltres_tables()["users"]
            op.moltres_drop_table(
                TableSchema("users", [column("id", "BIGINT", nullable=False), column("mood", "ENUM('a','b',name='mood')")], constraints=[primary_key("id", name="users_pkey")])
            )
        """,
        down="a1",
        arguments="engine_name",
    )
    engines = [sa.create_engine(each, poolclass=sa.NullPool) for each in (sqlite_url, pg_url)]
    project.upgrade("a1")
    made = [words(each) for each in engines]
    project.upgrade()
    changed = [words(each) for each in engines]
    for each in engines:
        with each.begin() as connection:
            connection.exec_driver_sql("DROP TABLE IF EXISTS users")
            connection.exec_driver_sql("DROP TABLE alembic_version")
    finished = run(project, "eject")
    assert (finished.status, finished.err) == (0, "")
    for script in project.scripts():
        assert "moltres" not in script.read_text(encoding="utf-8")
    project.upgrade("a1")
    assert made == [words(each) for each in engines]
    project.upgrade()
    assert changed == [words(each) for each in engines]


def test_a_call_that_databases_need_differently_is_refused(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    urls = {"engine1": sqlite_url, "engine2": NOWHERE}
    project = alembic_project(MULTIDB, urls, template="multidb")
    table = T.replace('"VARCHAR(5)"', """"VARCHAR(5)", default=sql("lower('A')", sqlite="'a'")""")
    write(project, "a1", f"op.moltres_create_table({table})", arguments="engine_name")
    finished = run(project, "eject")
    assert finished.status == 2
    assert "needs different lines on different databases" in finished.err


def test_scripts_of_one_name_in_two_places_are_told_apart(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    other = project.directory / "more"
    other.mkdir()
    ini = project.directory / "alembic.ini"
    places = f"version_locations = {project.versions}{os.pathsep}{other}"
    text = ini.read_text(encoding="utf-8")
    ini.write_text(text.replace("[alembic]", f"[alembic]\n{places}", 1), encoding="utf-8")
    write(project, "a1", f"op.moltres_create_table({T})")
    text = (project.versions / "a1_.py").read_text(encoding="utf-8")
    text = text.replace("revision = 'a1'", "revision = 'b2'", 1).replace("None", "'a1'", 1)
    (other / "a1_.py").write_text(text.replace('"t"', '"u"'), encoding="utf-8")
    finished = run(project, "eject")
    assert (finished.status, finished.err) == (0, "")
    assert 2 == finished.out.count("plain Alembic")


def test_an_altered_domain_is_the_same_and_its_dialect_is_tested_once(
    alembic_project: ProjectFactory, pg_url: str, pg_engine: sa.Engine
) -> None:
    domains = (
        "postgresql.DOMAIN(INTEGER,name='d',check='VALUE > 0')",
        "postgresql.DOMAIN(INTEGER,name='d',check='VALUE > 1',default='5')",
    )
    project = alembic_project(MODELS, pg_url)
    table = f'TableSchema("t", [column("id", "INTEGER"), column("a", {domains[0]!r})])'
    dropped = f"op.moltres_drop_table({table})"
    write(project, "a1", f"op.moltres_create_table({table})", downgrade=dropped)
    alter = "op.moltres_alter_domain({!r}, {!r})"
    there, back = alter.format(*domains), alter.format(*domains[::-1])
    write(project, "b2", there, down="a1", downgrade=back)
    insert = "INSERT INTO t (id) VALUES (1) RETURNING a"
    found = []
    for _ in range(2):
        project.upgrade("a1")
        states = [words(pg_engine)]
        project.upgrade()
        states.append(words(pg_engine))
        with pg_engine.connect() as connection:
            assert 5 == connection.exec_driver_sql(insert).scalar()
        project.downgrade("a1")
        states.append(words(pg_engine))
        with pg_engine.connect() as connection:
            assert connection.exec_driver_sql(insert).scalar() is None
        project.downgrade()
        found.append(states)
        assert run(project, "eject").err == ""
    assert found[0] == found[1]
    assert 2 == source(project, "b2").count("dialect.name")


@pytest.mark.slow
def test_the_time_to_eject_grows_with_the_number_of_tables(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    def made(count: int) -> int:
        """Return how many tables SQLAlchemy makes while that many are created and renamed."""
        project = alembic_project(MODELS, sqlite_url)
        tables = [T.replace('"t"', f'"t{n}"') for n in range(count)]
        write(project, "a1", "\n".join(f"op.moltres_create_table({each})" for each in tables))
        renames = (f'op.moltres_rename_table("t{n}", "u{n}")' for n in range(count))
        write(project, "b2", "\n".join(renames), down="a1")
        tables_made: list[object] = []

        def note(table: object, parent: object) -> None:
            if isinstance(parent, sa.MetaData):
                tables_made.append(table)

        sa.event.listen(sa.Table, "after_parent_attach", note)
        try:
            assert run(project, "eject").err == ""
        finally:
            sa.event.remove(sa.Table, "after_parent_attach", note)
        return len(tables_made)

    assert made(16) < 3 * made(8)


BEGUN_BY_ENV = """
url = config.get_main_option("sqlalchemy.url")
with create_engine(url, poolclass=pool.NullPool).connect() as connection:
    connection.execute(text("SET lock_timeout = 4000"))
    context.configure(connection=connection, target_metadata=target_metadata)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
"""


def test_labels_are_added_in_the_transaction_that_env_has_begun(
    alembic_project: ProjectFactory, pg_url: str, pg_engine: sa.Engine
) -> None:
    project = alembic_project(MODELS, pg_url)
    write(project, "a1", """op.execute("CREATE TYPE kind AS ENUM ('a')")""")
    label = "op.moltres_alter_enum(\"ENUM('a',name='kind')\", \"ENUM('a','b',name='kind')\""
    write(project, "b2", f"{label})", down="a1")
    used = label.replace("'b'", "'b','c'").replace("'a',n", "'a','b',n")
    write(project, "c3", f"""{used}, used=True)\nop.execute("SELECT 'c'::kind")""", down="b2")
    env = project.env.read_text(encoding="utf-8").partition("\ndef run_migrations_offline")[0]
    imports = "from sqlalchemy import create_engine, text\n"
    project.env.write_text(f"{imports}{env}{BEGUN_BY_ENV}", encoding="utf-8")
    assert run(project, "eject").err == ""
    project.upgrade()  # with Alembic's `autocommit_block()` it raises an AssertionError
    with pg_engine.connect() as connection:
        labels = connection.execute(sa.text("SELECT enum_range(NULL::kind)::text")).scalar_one()
    assert labels == "{a,b,c}"


def test_a_key_with_a_new_name_stays_under_its_foreign_keys(
    alembic_project: ProjectFactory, pg_url: str, pg_engine: sa.Engine
) -> None:
    project = alembic_project(MODELS, pg_url)
    made = """
    op.execute("CREATE TABLE t (id INTEGER CONSTRAINT old PRIMARY KEY, a INTEGER UNIQUE)")
    op.execute("CREATE TABLE u (id INTEGER REFERENCES t, a INTEGER REFERENCES t (a))")
    """
    renamed = """
    with op.moltres_alter_table("t") as t:
        t.drop_constraint(primary_key("id", name="old"))
        t.drop_constraint(unique("a"))
        t.add_constraint(primary_key("id", name="new"))
        t.add_constraint(unique("a", name="a_new"))
    """
    write(project, "a1", made)
    write(project, "b2", renamed, down="a1")
    project.upgrade()
    before = words(pg_engine)
    assert "a_new" in before
    with pg_engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE alembic_version, t, u"))
    assert run(project, "eject").err == ""
    project.upgrade()
    assert words(pg_engine) == before
