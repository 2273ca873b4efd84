"""`alembic-moltres plan`: which revisions, what they do, and errors."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.commands.command_line import run
from tests.history.scripts import MODELS, write

NOWHERE = "postgresql+psycopg://nobody@host.invalid/none"
USERS = """
Users = TableSchema(
    "users",
    [
        column("id", "INTEGER", nullable=False),
        column("mail", "VARCHAR(50)"),
        column("age", "INTEGER"),
        column("mood", "ENUM('calm','wild',name='mood')"),
    ],
    constraints=[primary_key("id")],
)
"""
CHANGED = """
op.moltres_alter_enum("ENUM('calm','wild',name='mood')", "ENUM('calm','wild','sad',name='mood')")
with op.moltres_alter_table("users") as users:
    users.rename_column("mail", "email")
    users.drop_column(column("age", "INTEGER"))
op.execute("UPDATE users SET email = lower(email)")
op.create_table("tags", sa.Column("n", sa.String(5), index=True), sa.Column("k", sa.Enum("x", name="kind")))
"""


def histories(project: AlembicProject) -> AlembicProject:
    write(
        project,
        "a1",
        "op.moltres_create_table(Users)",
        before=USERS,
        downgrade="op.moltres_drop_table(Users)",
    )
    write(project, "b2", CHANGED, down="a1")
    return project


@pytest.fixture
def project(alembic_project: ProjectFactory) -> AlembicProject:
    return histories(alembic_project(MODELS, NOWHERE))


def sql_in(out: str) -> list[str]:
    """Return the lines of SQL of a plan."""
    steps = out.partition("\n\n")[2]
    return [line.strip() for line in steps.splitlines() if line.startswith("         ")]


def test_a_range_needs_no_database_and_its_blocks_are_one_line(project: AlembicProject) -> None:
    done = run(project, "plan", "a1:b2")
    assert (done.status, done.err) == (0, "")
    assert [
        "ALTER TYPE mood ADD VALUE 'sad';",
        "ALTER TABLE users RENAME COLUMN mail TO email;",
        "ALTER TABLE users DROP COLUMN age;",
        "UPDATE users SET email = lower(email);",
        "CREATE TYPE kind AS ENUM ('x');",
        "CREATE TABLE tags (",
        "n VARCHAR(5),",
        "k kind",
        ");",
        "CREATE INDEX ix_tags_n ON tags (n);",
    ] == sql_in(done.out)
    assert "rename column mail -> email" in done.out
    assert "- column age INTEGER" in done.out


def test_sql_itself_keeps_its_blocks(project: AlembicProject) -> None:
    assert "DO $moltres$" in project.upgrade("a1:b2", sql=True)
    assert "DO $moltres$" not in run(project, "plan", "b2").out


@pytest.mark.parametrize(
    ("text", "revisions"),
    [
        ("base:heads", ["a1", "b2"]),
        (":", ["a1", "b2"]),
        ("a1:", ["b2"]),
        (":a1", ["a1"]),
        ("b2", ["b2"]),
        ("a1", ["a1"]),
        ("head", ["b2"]),
        ("b2:head", []),
    ],
)
def test_a_range_begins_after_its_first_revision(
    project: AlembicProject, text: str, revisions: list[str]
) -> None:
    done = run(project, "plan", text)
    assert done.status == 0
    found = [line.split()[0] for line in done.out.splitlines() if line[:2] in {"a1", "b2"}]
    assert revisions == found
    assert revisions or done.out == "Nothing to do: there are no revisions in this range.\n"


@pytest.mark.parametrize("text", ["zz", "zz:heads", "a1:zz", "current:zz"])
def test_a_revision_that_is_not_there_is_one_line(project: AlembicProject, text: str) -> None:
    done = run(project, "plan", text)
    assert (done.status, done.out) == (2, "")
    assert len(done.err.splitlines()) == 1


def test_without_a_database_the_error_says_what_needs_none(project: AlembicProject) -> None:
    done = run(project, "plan")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("FAILED: cannot connect to the database")
    assert len(done.err.splitlines()) == 1
    assert "plan base:heads" in done.err


def test_what_the_database_lacks_is_the_default(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = histories(alembic_project(MODELS, pg_url))
    assert "\nb2" in run(project, "plan").out
    project.upgrade("a1")
    assert run(project, "plan").out == run(project, "plan", "current:heads").out
    assert run(project, "plan").out.startswith("b2")
    project.upgrade()
    assert run(project, "plan").out.startswith("Nothing to do")


def test_a_url_takes_the_place_of_what_env_connects(
    project: AlembicProject, alembic_project: ProjectFactory, pg_url: str
) -> None:
    assert run(project, "plan", "--url", pg_url).out.startswith("a1")
    with sa.create_engine(pg_url, poolclass=sa.NullPool).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('a1')")
    assert run(project, "plan", "--url", pg_url).out.startswith("b2")


def test_a_copy_of_sqlite_is_shown(alembic_project: ProjectFactory) -> None:
    project = alembic_project(MODELS, "sqlite://")
    write(project, "a1", "op.moltres_create_table(Users)", before=USERS)
    body = """
    with op.moltres_alter_table("users") as users:
        users.alter_column(column("age", "INTEGER"), column("age", "BIGINT"))
    """
    write(project, "b2", body, down="a1")
    done = run(project, "plan", "b2")
    assert (done.status, done.err) == (0, "")
    assert 'DROP TABLE "main"."users";' in sql_in(done.out)
    assert "INSERT INTO" in done.out


def test_rows_are_counted_and_queries_are_left_out(project: AlembicProject) -> None:
    body = """
    tags = sa.table("tags", sa.column("n", sa.String))
    op.bulk_insert(tags, [{"n": "a"}, {"n": "b"}])
    op.bulk_insert(tags, [{"n": "it's"}])
    op.get_bind().execute(sa.select(tags.c.n))
    """
    write(project, "c3", body, down="b2")
    out = run(project, "plan", "c3").out
    assert "SQL of the script, for 2 rows" in out
    assert sql_in(out) == [
        "INSERT INTO tags (n) VALUES (:n);",
        "INSERT INTO tags (n) VALUES ('it''s');",
    ]


@pytest.mark.parametrize(
    ("downgrade", "says"),
    [
        ("pass", "no: downgrade() does nothing"),
        (
            "raise NotImplementedError",
            "no: downgrade() raises NotImplementedError",
        ),
        ("op.drop_table('extra')", "yes"),
        ("op.drop_column('extra', 'n')", "in part: downgrade() does not restore table extra"),
        ("op.execute('SELECT alter_it(1)')", "not known: c3_.py:18"),
    ],
)
def test_whether_it_can_be_undone_is_tried(
    project: AlembicProject, downgrade: str, says: str
) -> None:
    body = 'op.create_table("extra", sa.Column("id", sa.Integer), sa.Column("n", sa.Integer))'
    write(project, "c3", body, down="b2", downgrade=downgrade)
    (undo,) = (line for line in run(project, "plan", "c3").out.splitlines() if "  undo " in line)
    assert undo.split(None, 1)[1].startswith(says)


def test_names_from_outside_make_no_line(project: AlembicProject) -> None:
    write(project, "c3", r'op.execute("SELECT 1 -- \x1b[2J\u202e")', down="b2")
    body = r'op.add_column("users", sa.Column("a\x1b[2J\n  undo   yes", sa.Integer))'
    write(project, "d4", body, down="c3")
    out = run(project, "plan", "c3:d4").out
    assert "\x1b" not in out
    assert r"+ column 'a\x1b[2J\n  undo   yes' INTEGER" in out


def test_what_is_not_known_is_told(project: AlembicProject) -> None:
    write(project, "c3", 'op.execute("ALTER TABLE users DO SOMETHING NEW")', down="b2")
    out = run(project, "plan", "c3").out
    assert "  unclear  c3_.py:14: table users uncertain" in out


def test_the_locks_of_an_operation_that_replay_cannot_carry_out_are_unknown(
    project: AlembicProject,
) -> None:
    write(project, "c3", 'op.add_column("gone", sa.Column("a", sa.Integer))', down="b2")
    out = run(project, "plan", "c3").out
    assert "  unclear  c3_.py:14: table gone uncertain" in out
    assert "  locks    the locks of step 1 are unknown" in out


def test_every_database_of_a_project_has_its_plan(alembic_project: ProjectFactory) -> None:
    project = alembic_project(
        "import sqlalchemy as sa\ntarget_metadata = {'engine1': sa.MetaData(), 'engine2': sa.MetaData()}\n",
        {"engine1": NOWHERE, "engine2": "sqlite://"},
        template="multidb",
    )
    write(
        project,
        "a1",
        "if engine_name == 'engine1':\n    op.create_table('a', sa.Column('n', sa.Integer))",
        arguments="engine_name",
    )
    done = run(project, "plan", "base:heads")
    assert (done.status, done.err) == (0, "")
    assert done.out.index("Database engine1") < done.out.index("CREATE TABLE a")
    assert done.out.index("CREATE TABLE a") < done.out.index("Database engine2")
