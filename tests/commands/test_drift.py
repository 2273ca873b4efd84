"""`alembic-moltres drift`: what was done to a database beside its scripts."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.commands.command_line import Finished, run
from tests.commands.hand import execute
from tests.history.scripts import MODELS, write

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("mail", sa.String(50), server_default="x"),
    sa.Column("born", sa.Date()),
    sa.CheckConstraint("mail <> ''", name="ck_mail"),
)
op.create_index("ix_mail", "users", ["mail"])
op.create_table(
    "orders",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id")),
)
"""


@pytest.fixture
def project(alembic_project: ProjectFactory, any_url: str) -> AlembicProject:
    return with_users(alembic_project(MODELS, any_url))


def with_users(project: AlembicProject) -> AlembicProject:
    write(project, "a1", USERS)
    project.upgrade()
    return project


def test_a_database_that_nobody_touched_is_the_same(project: AlembicProject) -> None:
    done = run(project, "drift")
    assert Finished(0, "the database matches revision a1\n", "") == done


def test_what_was_done_by_hand_is_listed_by_table(project: AlembicProject, any_url: str) -> None:
    execute(
        any_url,
        "ALTER TABLE users ADD COLUMN age INTEGER",
        "CREATE INDEX ix_born ON users (born)",
        "DROP INDEX ix_mail ON users" if "maria" in any_url else "DROP INDEX ix_mail",
    )
    done = run(project, "drift")
    assert (1, "") == (done.status, done.err)
    assert done.out.splitlines() == [
        "the database differs from revision a1",
        "  users",
        "    - index ix_mail (mail)",
        "    + column age INTEGER",
        "    + index ix_born (born)",
    ]


def test_a_column_that_was_altered_is_told_with_both_sides(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = with_users(alembic_project(MODELS, pg_url))
    execute(
        pg_url,
        "ALTER TABLE users ALTER mail TYPE varchar(80), ALTER mail SET NOT NULL,"
        " ALTER mail SET DEFAULT 'y'",
        "COMMENT ON TABLE users IS 'people'",
        "ALTER TABLE users DROP CONSTRAINT ck_mail",
        "DROP TABLE orders",
    )
    done = run(project, "drift")
    assert (1, "") == (done.status, done.err)
    assert set(done.out.splitlines()[1:]) == {
        "  - table orders (id, user_id)",
        "  users",
        "    ~ column mail: VARCHAR(50) -> VARCHAR(80), not null, default 'x' -> 'y'",
        "    ~ comment: 'people'",
        "    - check ck_mail (mail <> '')",
    }


def test_another_spelling_is_no_drift(alembic_project: ProjectFactory, pg_url: str) -> None:
    project = with_users(alembic_project(MODELS, pg_url))
    execute(
        pg_url,
        "ALTER TABLE users DROP CONSTRAINT ck_mail, ADD CONSTRAINT ck_mail CHECK (((mail)::text) != '')",
        "ALTER TABLE users DROP CONSTRAINT ck_mail, ADD CONSTRAINT ck_mail CHECK ((mail)::text<>''::text)",
        "ALTER TABLE users ALTER mail SET DEFAULT 'x'::character varying",
    )
    assert 0 == run(project, "drift").status


def test_a_table_outside_the_history_is_listed_once(project: AlembicProject, any_url: str) -> None:
    execute(any_url, "CREATE TABLE audit (id INTEGER)")
    done = run(project, "drift")
    assert (1, "") == (done.status, done.err)
    assert done.out.splitlines()[1:] == ["  table 'audit' is outside the history"]


def test_what_env_leaves_out_is_not_told(alembic_project: ProjectFactory, sqlite_url: str) -> None:
    project = with_users(
        alembic_project(
            MODELS,
            sqlite_url,
            configure='include_object=lambda o, name, *_: name not in ("audit", "ix_own"),',
        )
    )
    execute(sqlite_url, "CREATE TABLE audit (id INTEGER)", "CREATE INDEX ix_own ON users (mail)")
    assert 0 == run(project, "drift").status


def test_a_drift_is_json_for_programs(alembic_project: ProjectFactory, sqlite_url: str) -> None:
    project = with_users(alembic_project(MODELS, sqlite_url))
    execute(
        sqlite_url, "ALTER TABLE users ADD COLUMN age INTEGER", "CREATE TABLE audit (id INTEGER)"
    )
    done = run(project, "drift", "--format", "json")
    assert 1 == done.status
    assert json.loads(done.out) == {
        "revisions": ["a1"],
        "differences": [
            {
                "table": "users",
                "action": "add",
                "kind": "column",
                "name": "age",
                "text": "INTEGER",
                "remarks": [],
            }
        ],
        "outside": ["audit"],
        "outside_objects": [],
        "uncertain": [],
    }


def test_a_table_that_is_uncertain_is_not_compared(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = with_users(alembic_project(MODELS, sqlite_url))
    script = write(
        project,
        "b2",
        'op.execute("CREATE TABLE more AS SELECT 1 AS a")',
        down="a1",
    )
    project.upgrade()
    done = run(project, "drift")
    assert 2 == done.status
    assert f"  not compared: {script}:14: table more uncertain" in done.out
    assert "outside" not in done.out


def test_a_revision_without_a_script_is_one_line(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = with_users(alembic_project(MODELS, sqlite_url))
    execute(sqlite_url, "UPDATE alembic_version SET version_num = 'zz'")
    done = run(project, "drift")
    assert (2, "") == (done.status, done.out)
    assert "FAILED: the database is at revision 'zz', which has no script in" in done.err
    assert 1 == done.err.count("\n")


def test_a_database_that_is_not_there_is_one_line(alembic_project: ProjectFactory) -> None:
    project = alembic_project(MODELS, "postgresql+psycopg://nobody@127.0.0.1:1/none")
    done = run(project, "drift")
    assert (2, "") == (done.status, done.out)
    assert "env.py" in done.err
    assert 1 == done.err.count("\n")


def test_each_database_of_a_project_is_told_by_its_name(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    urls = {"engine1": sqlite_url, "engine2": f"{sqlite_url}2"}
    project = alembic_project(
        "import sqlalchemy as sa\ntarget_metadata = "
        "{'engine1': sa.MetaData(), 'engine2': sa.MetaData()}\n",
        urls,
        template="multidb",
    )
    write(
        project,
        "a1",
        'op.create_table(engine_name, sa.Column("a", sa.Integer()))',
        arguments="engine_name",
    )
    project.upgrade()
    execute(f"{sqlite_url}2", "ALTER TABLE engine2 ADD COLUMN b INTEGER")
    done = run(project, "drift")
    assert done.out.splitlines() == [
        "engine1: the database matches revision a1",
        "engine2: the database differs from revision a1",
        "  engine2",
        "    + column b INTEGER",
    ]
    assert 1 == done.status


def test_the_way_back_is_written_and_leads_back(project: AlembicProject, any_url: str) -> None:
    execute(
        any_url,
        "ALTER TABLE users ADD COLUMN age INTEGER",
        "CREATE INDEX ix_born ON users (born)",
        "DROP TABLE orders",
        "CREATE TABLE audit (id INTEGER)",
    )
    done = run(project, "drift", "--repair", "--sql")
    assert (1, "") == (done.status, done.err)
    assert "--   table 'audit' is outside the history" in done.out
    assert "DROP TABLE audit" not in done.out
    assert 1 == run(project, "drift").status  # nothing has been run
    run_sql(any_url, done.out)
    again = run(project, "drift")
    assert again.out.splitlines()[1:] == ["  table 'audit' is outside the history"]


def test_the_way_back_on_sqlite_copies_a_table_with_its_rows(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = with_users(alembic_project(MODELS, sqlite_url))
    execute(
        sqlite_url,
        "PRAGMA foreign_keys=OFF",
        "DROP TABLE users",
        "CREATE TABLE users (id INTEGER PRIMARY KEY, mail VARCHAR(50), born DATE NOT NULL)",
        "INSERT INTO users VALUES (1, 'a', '2000-01-01')",
        "INSERT INTO orders VALUES (5, 1)",
    )
    done = run(project, "drift", "--repair", "--sql")
    assert (1, "") == (done.status, done.err)
    run_sql(sqlite_url, done.out)
    assert 0 == run(project, "drift").status
    with sa.create_engine(sqlite_url, poolclass=sa.NullPool).connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM users, orders").all()
    assert [(1, "a", "2000-01-01", 5, 1)] == rows


def test_repair_is_never_run(alembic_project: ProjectFactory, sqlite_url: str) -> None:
    done = run(with_users(alembic_project(MODELS, sqlite_url)), "drift", "--repair")
    assert (2, "") == (done.status, done.out)
    assert "--repair and --sql go together" in done.err


def run_sql(url: str, script: str) -> None:
    """Run a script as a person would: statement by statement."""
    lines = [line for line in script.splitlines() if not line.startswith("--")]
    engine = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in "\n".join(lines).split(";"):
            if statement.strip():
                connection.exec_driver_sql(statement.strip())


def test_a_new_default_of_the_database_is_no_drift(
    alembic_project: ProjectFactory, mariadb_url: str
) -> None:
    project = with_users(alembic_project(MODELS, mariadb_url))
    name = sa.make_url(mariadb_url).database
    execute(mariadb_url, f"ALTER DATABASE {name} CHARACTER SET latin1")
    done = run(project, "drift")
    assert (0, "") == (done.status, done.err), done.out


OBJECTS = {
    "sqlite": (
        ["CREATE VIEW v_outside AS SELECT id FROM users"],
        ["view 'v_outside'"],
    ),
    "mariadb": (
        [
            "CREATE VIEW v_outside AS SELECT id FROM users",
            "CREATE FUNCTION f_outside() RETURNS INT DETERMINISTIC RETURN 1",
            "CREATE TRIGGER t_outside BEFORE INSERT ON users FOR EACH ROW SET NEW.id = 1",
        ],
        ["function 'f_outside'", "trigger 't_outside' on 'users'", "view 'v_outside'"],
    ),
    "postgresql": (
        [
            "CREATE VIEW v_outside AS SELECT id FROM users",
            "CREATE FUNCTION f_outside() RETURNS INT LANGUAGE sql AS 'SELECT 1'",
            "CREATE TYPE e_outside AS ENUM ('a')",
            "CREATE SEQUENCE s_outside",
            "CREATE SCHEMA elsewhere",
            "CREATE VIEW elsewhere.v AS SELECT 1",
            "CREATE FOREIGN DATA WRAPPER w_outside",
            "CREATE SERVER v_outside FOREIGN DATA WRAPPER w_outside",
            "CREATE FOREIGN TABLE r_outside (id INTEGER) SERVER v_outside",
        ],
        [
            "foreign table 'r_outside'",
            "function 'f_outside'",
            "sequence 's_outside'",
            "type 'e_outside'",
            "view 'v_outside'",
        ],
    ),
}


def kind_of(url: str) -> str:
    return url.partition(":")[0].partition("+")[0]


def test_objects_that_no_script_makes_are_listed_once(
    alembic_project: ProjectFactory, any_url: str
) -> None:
    project = alembic_project(MODELS, any_url)
    dropped = "CREATE VIEW v_dropped AS SELECT 1"
    write(
        project,
        "a1",
        f"{USERS}\n"
        "op.execute('CREATE VIEW v_inside AS SELECT id FROM users')\n"
        f"op.execute({dropped!r})\n"
        "op.execute('DROP VIEW v_dropped')",
    )
    project.upgrade()
    assert run(project, "drift").out == "the database matches revision a1\n"
    made, told = OBJECTS[kind_of(any_url)]
    execute(any_url, *made)
    done = run(project, "drift")
    assert (1, "") == (done.status, done.err)
    assert done.out.splitlines()[1:] == [f"  {each} is outside the history" for each in told]
    execute(any_url, dropped)
    more = json.loads(run(project, "drift", "--format", "json").out)
    assert "view 'v_dropped'" in more["outside_objects"]
    back = run(project, "drift", "--repair", "--sql").out
    assert "DROP" not in back


def test_views_from_before_an_anchor_are_of_the_history(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    write(project, "a1", f"{USERS}\nop.execute('CREATE VIEW v AS SELECT id FROM users')")
    project.upgrade()
    assert 0 == run(project, "anchor", "-m", "now").status
    project.upgrade()
    assert 0 == run(project, "drift").status
    done = run(project, "stamp", "--verify", "a1")
    assert (2, 0) == (done.status, done.out.count(":0:"))


@pytest.mark.parametrize("kind", ["type", "sequence"])
def test_a_type_or_sequence_that_no_column_uses_is_compared(
    alembic_project: ProjectFactory, pg_url: str, kind: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    what = "AS ENUM ('a')" if kind == "type" else ""
    write(project, "a1", f"op.execute({f'CREATE {kind} alone {what}'!r})")
    project.upgrade()
    assert 0 == run(project, "drift").status
    execute(pg_url, f"DROP {kind} alone")
    done = run(project, "drift")
    line = "  - enum type alone ENUM('a')" if kind == "type" else "  - sequence alone"
    assert (1, [line]) == (done.status, done.out.splitlines()[1:])


def test_an_extension_that_no_script_makes_is_listed_unless_a_table_needs_it(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = with_users(alembic_project(MODELS, pg_url))
    engine = sa.create_engine(pg_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        known = connection.exec_driver_sql("SELECT name FROM pg_available_extensions").scalars()
        if "citext" not in known.all():
            pytest.skip("the server has no extension citext")
    execute(pg_url, "CREATE EXTENSION citext")
    done = run(project, "drift")
    assert done.out.splitlines()[1:] == ["  extension 'citext' is outside the history"]
    write(project, "b2", 'op.execute("ALTER TABLE users ADD COLUMN tag citext")', down="a1")
    project.upgrade()
    assert "extension" not in run(project, "drift").out


def test_options_of_a_sequence_that_only_python_reads_are_compared(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    write(
        project,
        "a1",
        "numbers = sa.Sequence('t_numbers', start=5)\n"
        "op.moltres_create_table(sa.Table('t', sa.MetaData(), sa.Column('id', sa.Integer, numbers)))",
    )
    project.upgrade()
    assert 0 == run(project, "drift").status
    execute(pg_url, "ALTER SEQUENCE t_numbers INCREMENT 7")
    done = run(project, "drift")
    assert done.out.splitlines()[1:] == ["  ~ sequence t_numbers: increment 7"]
    assert "INCREMENT BY 1" in run(project, "drift", "--repair", "--sql").out
