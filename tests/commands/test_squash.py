"""`squash`: one script in the place of many."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.commands.command_line import run
from tests.commands.example import BEFORE_THE_BRANCH, example
from tests.dump import dump
from tests.history.agreement import state_of
from tests.history.scripts import MODELS, write

NOWHERE = "postgresql+psycopg://nobody@host.invalid/none"
USERS = 'op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("mail", sa.String(9)))'


@pytest.fixture
def project(alembic_project: ProjectFactory) -> AlembicProject:
    return alembic_project(MODELS, NOWHERE)


def source(project: AlembicProject, revision: str) -> str:
    return (project.versions / f"{revision}_.py").read_text(encoding="utf-8")


def tags(engine: sa.Engine) -> list[str]:
    with engine.connect() as connection:
        return sorted(connection.exec_driver_sql("SELECT name FROM tags").scalars())


def test_the_example_is_squashed_and_makes_the_same_database(
    alembic_project: ProjectFactory, any_url: str, any_engine: sa.Engine
) -> None:
    project = example(alembic_project, any_url, BEFORE_THE_BRANCH)
    project.upgrade()
    before, rows = dump(any_engine), tags(any_engine)
    finished = run(project, "squash", "c27e51f09a6d")
    assert (finished.status, finished.err) == (0, "")
    (script,) = project.scripts()
    text = script.read_text(encoding="utf-8")
    assert "    op.moltres_create_table(ProductTags)\n" in text
    project.upgrade()  # a database at the revision needs nothing
    assert before == dump(any_engine)
    project.downgrade()
    assert dump(any_engine) == ""
    project.upgrade()
    assert (before, rows) == (dump(any_engine), tags(any_engine))
    aside = project.directory / "migrations" / "squashed" / "c27e51f09a6d"
    assert len(list(aside.glob("*.py"))) == 3
    assert str(aside) in finished.out


@pytest.mark.parametrize("kind", ["sqlite", "postgresql", "mariadb"])
def test_a_scratch_database_proves_it(
    kind: str, alembic_project: ProjectFactory, request: pytest.FixtureRequest
) -> None:
    fixtures = {"postgresql": "pg_url", "mariadb": "mariadb_url"}
    url = "sqlite://" if kind == "sqlite" else request.getfixturevalue(fixtures[kind])
    project = example(
        alembic_project, "sqlite:///none.db" if kind == "sqlite" else url, BEFORE_THE_BRANCH
    )
    finished = run(project, "squash", "8a94d2e7c5b3:c27e51f09a6d", "--scratch", url)
    assert finished.err == ""
    assert len(project.scripts()) == 2


@pytest.mark.parametrize(
    ("script", "told"),
    [
        pytest.param(
            "#!/bin/sh\necho 'pg_dump: error: aborting\nbecause of \33[2J' >&2\nexit 1\n",
            "pg_dump failed (error: aborting\\nbecause of \\x1b[2J)",
            id="it fails",
        ),
        pytest.param("#!/bin/sh\nexit 3\n", "pg_dump failed (exit status 3)", id="without a word"),
        pytest.param(None, "pg_dump is not installed", id="there is none"),
    ],
)
def test_a_proof_without_pg_dump_is_told_in_a_line(
    script: str | None,
    told: str,
    alembic_project: ProjectFactory,
    pg_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if script is not None:
        (tmp_path / "pg_dump").write_text(script, encoding="utf-8")
        (tmp_path / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    project = example(alembic_project, pg_url, BEFORE_THE_BRANCH)
    finished = run(project, "squash", "c27e51f09a6d", "--scratch", pg_url)
    assert finished.err == ""
    assert f"compared without the database's own dump: {told}" in finished.out.splitlines()


def test_a_scratch_database_shows_rows_that_would_differ(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    write(project, "a1", USERS)
    write(project, "b2", 'op.execute("INSERT INTO users (id) VALUES (1)")', down="a1")
    batch = 'with op.batch_alter_table("users") as t:\n    t.'
    write(project, "c3", f'{batch}alter_column("mail", server_default="x")', down="b2")
    finished = run(project, "squash", "c3", "--scratch", "sqlite://")
    assert finished.err == (
        "FAILED: as one script c3 would make another database: the table 'users' would have other "
        "rows; nothing was written\n"
    )
    assert len(project.scripts()) == 3
    left_out = ("--leave-out", "b2_.py:14")
    assert run(project, "squash", "c3", "--scratch", "sqlite://", *left_out).err == ""


def test_an_older_database_is_told_which_release_to_upgrade_with(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = example(alembic_project, sqlite_url, BEFORE_THE_BRANCH)
    project.upgrade("8a94d2e7c5b3")
    assert run(project, "squash", "c27e51f09a6d", "--release", "2.3").status == 0
    message = (
        "the revision '8a94d2e7c5b3' has been squashed into 'c27e51f09a6d': upgrade this database to "
        "c27e51f09a6d with release 2.3 first"
    )
    with pytest.raises(CommandError, match=f"^{message}$"):
        project.upgrade()
    with pytest.raises(CommandError, match="Can't locate revision identified by 'nothing'"):
        project.upgrade("nothing")


def test_a_statement_may_create_and_drop_what_it_needs_to_change_tables(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    body = """
    def change():
        op.execute('CREATE FUNCTION same(a text, b text) RETURNS boolean AS $$ SELECT a = b $$ LANGUAGE sql')
        op.execute('CREATE OPERATOR public.=== (leftarg = text, rightarg = text, procedure = same)')
        op.execute("ALTER TABLE users ALTER COLUMN mail TYPE text")
        op.execute("DROP OPERATOR public.=== (text, text)")
        op.execute("DROP FUNCTION same(text, text)")

    change()
    """
    write(project, "a1", USERS)
    write(project, "b2", body, down="a1")
    assert run(project, "squash", "b2", "--scratch", pg_url).err == ""
    assert "OPERATOR" not in source(project, "b2")


def test_a_statement_may_change_settings_of_its_session(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    body = """
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 4000")
        op.execute("CREATE INDEX CONCURRENTLY ix ON users (mail)")
        op.execute("RESET lock_timeout")
    """
    write(project, "a1", USERS)
    write(project, "b2", body, down="a1")
    assert run(project, "squash", "b2", "--scratch", pg_url).err == ""


def test_a_unique_that_creating_the_table_folds_into_its_key_is_not_added(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    keys = 'sa.PrimaryKeyConstraint("id"), sa.UniqueConstraint("id")'
    write(project, "a1", f'op.create_table("t", sa.Column("id", sa.Integer), {keys})')
    write(project, "b2", 'op.add_column("t", sa.Column("n", sa.Integer))', down="a1")
    assert run(project, "squash", "b2", "--scratch", pg_url).err == ""


def test_a_column_may_be_altered_to_what_it_is(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    body = """
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_mail")
        op.execute("ALTER TABLE users ALTER COLUMN id SET NOT NULL, ALTER mail DROP DEFAULT")
    """
    write(project, "a1", f'{USERS}\nop.create_index("ix_mail", "users", ["mail"])')
    write(project, "b2", body, down="a1")
    assert run(project, "squash", "b2", "--scratch", pg_url).err == ""


@pytest.mark.parametrize(
    "downgrade", ['op.drop_constraint(None, "users")', 'raise NotImplementedError("no way back")']
)
def test_a_downgrade_that_raises_has_one_in_the_new_script(
    downgrade: str, project: AlembicProject
) -> None:
    write(project, "a1", USERS, downgrade='op.drop_table("users")')
    add = 'op.add_column("users", sa.Column("x", sa.Integer))'
    write(project, "b2", add, down="a1", downgrade=f"{downgrade}\nop.drop_column('users', 'x')")
    assert run(project, "squash", "b2").err == ""
    text = source(project, "b2")
    assert "op.moltres_drop_table(Users)" in text
    assert downgrade.partition("(")[0] not in text


def test_a_line_that_raises_at_the_end_of_the_range_is_named_in_its_script(
    project: AlembicProject,
) -> None:
    body = """
    users = sa.Table("users", sa.MetaData(), autoload_with=op.get_bind())
    if users.c.mail is not None:
        op.execute("INSERT INTO users (id) VALUES (1)")
    """
    write(project, "a1", USERS)
    write(project, "b2", body, down="a1")
    write(project, "c3", 'op.drop_column("users", "mail")', down="b2")
    finished = run(project, "squash", "c3")
    assert finished.err == (
        "FAILED: as one script it would raise AttributeError: mail (it is b2_.py:15; pass that with "
        "--leave-out, and do the same at the end)\n"
    )
    assert len(project.scripts()) == 3
    assert run(project, "squash", "c3", "--leave-out", "b2_.py:15").err == ""


def test_a_temporary_table_is_copied_with_the_statements_about_its_rows(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    rows = """
    op.execute("INSERT INTO users VALUES (1, 'a')")
    op.execute("CREATE TEMPORARY TABLE found AS SELECT id FROM users")
    op.execute("UPDATE users SET mail = 'b' WHERE id IN (SELECT id FROM found)")
    op.execute("DROP TABLE found")
    """
    write(project, "a1", USERS)
    write(project, "b2", rows, down="a1")
    write(project, "c3", rows.replace("1, 'a'", "2, 'a'"), down="b2")
    assert run(project, "squash", "c3", "--scratch", "sqlite://").err == ""
    assert source(project, "c3").count("DROP TABLE found") == 2


def test_a_range_is_the_net_change_and_keeps_renamed_columns(
    alembic_project: ProjectFactory, sqlite_url: str, sqlite_engine: sa.Engine
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    write(project, "a1", USERS, downgrade='op.drop_table("users")')
    rename = (
        'with op.batch_alter_table("users") as t:\n    t.alter_column({!r}, new_column_name={!r})'
    )
    write(
        project, "b2", rename.format("mail", "m"), down="a1", downgrade=rename.format("m", "mail")
    )
    write(
        project, "c3", rename.format("m", "email"), down="b2", downgrade=rename.format("email", "m")
    )
    project.upgrade("a1")
    with sqlite_engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO users VALUES (1, 'x')")
    assert run(project, "squash", "b2:c3").err == ""
    assert 'users.rename_column("mail", "email")' in source(project, "c3")
    assert "down_revision = 'a1'" in source(project, "c3").replace(
        ": Union[str, Sequence[str], None]", ""
    )
    project.upgrade()
    with sqlite_engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT email FROM users").scalars().all() == ["x"]


def test_a_query_of_what_its_own_statement_cannot_use_is_refused(project: AlembicProject) -> None:
    write(project, "a1", USERS)
    body = """
    found = op.get_bind().execute(sa.text("SELECT mail FROM users")).fetchall()
    op.drop_column("users", "mail")
    op.execute(f"INSERT INTO users (id) VALUES ({len(found)})")
    """
    write(project, "b2", body, down="a1")
    write(project, "c3", 'op.add_column("users", sa.Column("n", sa.Integer))', down="b2")
    finished = run(project, "squash", "b2:c3")
    assert finished.err.startswith("FAILED: b2_.py:14: it uses 'mail', which does not exist")


def test_an_index_that_was_made_concurrently_is_made_with_its_table(
    project: AlembicProject,
) -> None:
    write(project, "a1", USERS)
    body = """
    with op.get_context().autocommit_block():
        op.drop_index("ix_mail", "users", if_exists=True, postgresql_concurrently=True)
        op.create_index("ix_mail", "users", ["mail"], postgresql_concurrently=True)
    """
    write(project, "b2", body, down="a1")
    assert run(project, "squash", "b2").err == ""
    written = source(project, "b2")
    assert 'index("ix_mail", "mail")' in written
    assert "concurrently" not in written


def test_a_commit_before_an_index_that_was_made_concurrently_is_not_copied(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    write(project, "a1", USERS)
    body = """
    op.execute("INSERT INTO users (id, mail) VALUES (1, 'a')")
    op.get_bind().commit()
    op.execute("INSERT INTO users (id, mail) VALUES (2, 'b')")
    op.get_bind().commit()
    with op.get_context().autocommit_block():
        op.create_index("ix_mail", "users", ["mail"], postgresql_concurrently=True)
    """
    write(project, "b2", body, down="a1")
    assert run(project, "squash", "b2", "--scratch", pg_url).err == ""
    assert source(project, "b2").count(".commit()") == 1


def test_scripts_without_a_message_become_one_with_alembics(project: AlembicProject) -> None:
    write(project, "a1", USERS)
    write(project, "b2", "op.drop_table('users')", down="a1")
    assert run(project, "squash", "b2").err == ""
    assert source(project, "b2").startswith('"""empty message\n')


def test_labels_and_dependencies_stay(project: AlembicProject) -> None:
    write(project, "x1", "pass", labels=("other",))
    write(project, "a1", USERS, depends="x1")
    write(project, "b2", 'op.drop_column("users", "mail")', down="a1", labels=("main",))
    assert run(project, "squash", "b2").err == ""
    text = source(project, "b2")
    assert "('main',)" in text
    assert "'x1'" in text
    assert [each.name for each in state_of(project, "main@head").tables["users"].columns] == ["id"]


def test_functions_come_before_the_tables_and_views_after_them(project: AlembicProject) -> None:
    view = f'{USERS}\nop.execute("CREATE VIEW v AS SELECT id FROM users")'
    write(project, "a1", view, downgrade='op.execute("DROP VIEW v")\nop.drop_table("users")')
    write(
        project,
        "b2",
        """
        op.execute("CREATE EXTENSION citext")
        op.execute("DROP VIEW v")
        op.execute("CREATE VIEW v AS SELECT id, mail FROM users")
        """,
        down="a1",
        downgrade='op.execute("DROP VIEW v")\nop.execute("CREATE VIEW v AS SELECT id FROM users")\nop.execute("DROP EXTENSION citext")',
    )
    assert run(project, "squash", "b2").err == ""
    text = source(project, "b2")
    assert "SELECT id FROM" not in text
    body = text[text.index("def upgrade()") :]
    assert (
        "    _upgrade_b2_objects()\n    op.moltres_create_table(Users)\n    _upgrade_b2()\n" in body
    )
    assert (
        "    _downgrade_b2()\n    op.moltres_drop_table(Users)\n    _downgrade_b2_objects()\n"
        in body
    )


def test_a_function_that_no_table_needs_comes_after_them(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    """PostgreSQL checks the body of a function in SQL: the tables have to be there."""
    project = alembic_project(MODELS, pg_url)
    reads = "CREATE FUNCTION number_of_users() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM users'"
    inner = "CREATE FUNCTION one() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'"
    needed = "CREATE FUNCTION two() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT one() + 1'"
    write(project, "a1", f"op.execute({inner!r})\nop.execute({needed!r})\n{USERS}")
    table = 'op.create_table("x", sa.Column("n", sa.Integer, server_default=sa.text("two()")))'
    write(project, "b2", f"op.execute({reads!r})\n{table}", down="a1")
    finished = run(project, "squash", "b2", "--scratch", pg_url)
    assert finished.err == ""
    text = source(project, "b2")
    calls = [line.strip() for line in text[text.index("def upgrade()") :].splitlines()]
    assert calls.index("_upgrade_a1_objects()") < calls.index("op.moltres_create_table(Users)")
    assert calls.index("op.moltres_create_table(Users)") < calls.index("_upgrade_b2()")


def test_statements_bring_what_they_need_and_keep_their_text(project: AlembicProject) -> None:
    write(
        project,
        "a1",
        f"""
        users = {USERS}
        # the first one
        op.bulk_insert(users, [row(1)])
        """,
        before='def row(number):\n    text = """a\nb"""\n    return {"id": number, "mail": text}',
    )
    write(project, "b2", "pass", down="a1")
    assert run(project, "squash", "b2").err == ""
    text = source(project, "b2")
    assert '    users = op.moltres_tables()["users"]\n    # the first one\n' in text
    assert '    def row(number):\n        text = """a\nb"""\n' in text


def test_a_copied_line_that_the_scratch_database_refuses_is_named(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    index = 'op.create_index("ix", "users", ["mail"])'
    comment = """op.execute("COMMENT ON INDEX ix IS 'of mails'")"""
    write(project, "a1", f"{USERS}\n{index}\n{comment}")
    write(project, "b2", 'op.drop_index("ix")', down="a1")
    finished = run(project, "squash", "b2", "--scratch", pg_url)
    assert finished.err.startswith("FAILED: as one script b2 would raise ProgrammingError: ")
    assert 'relation "ix" does not exist (it is a1_.py:' in finished.err
    assert finished.err.endswith(
        "; pass that with --leave-out, and do the same at the end); nothing was written\n"
    )
    assert comment in source(project, "a1")


UPPER = """
class Upper(sa.types.TypeDecorator):
    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return value.upper()
"""


@pytest.mark.parametrize(
    ("column", "python"),
    [
        ('sa.Column("mail", Upper(9))', "the type Upper"),
        ('sa.Column("mail", sa.String(9), default=lambda: "x")', "the default of 'users.mail'"),
        ('sa.Column("mail", sa.String(9), default=sa.func.hex(1))', "the default of 'users.mail'"),
    ],
)
def test_a_statement_that_needs_what_only_the_scripts_table_has_is_refused(
    column: str, python: str, project: AlembicProject
) -> None:
    made = (
        f'users = op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), {column})'
    )
    given = '{"id": 1, "mail": "x"}' if "Upper" in python else '{"id": 1}'
    write(project, "a1", f"{made}\nop.bulk_insert(users, [{given}])", before=UPPER)
    write(project, "b2", "pass", down="a1")
    finished = run(project, "squash", "b2")
    assert finished.err.startswith("FAILED: a1_.py:")
    assert f"would not have {python}; state the table with sa.table()" in finished.err
    assert 'users = op.create_table("users"' in source(project, "a1")  # nothing was written


def test_a_default_that_is_not_used_needs_nothing(project: AlembicProject) -> None:
    made = USERS.replace("sa.String(9)", 'sa.String(9), default="y", onupdate="z"')
    inserted = 'op.bulk_insert(users, [{"id": 1, "mail": "x"}])'
    write(project, "a1", f"users = {made}\n{inserted}\nop.execute(users.delete())")
    write(project, "b2", "pass", down="a1")
    assert run(project, "squash", "b2").err == ""


def test_a_statement_to_leave_out_must_be_there(project: AlembicProject) -> None:
    write(project, "a1", USERS)
    write(project, "b2", "pass", down="a1")
    finished = run(project, "squash", "b2", "--leave-out", "b2_.py:99")
    assert finished.err.startswith("FAILED: --leave-out b2_.py:99 is not a statement of the range")


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        pytest.param(
            "d4", "c3_.py: it follows a1, inside the range; merge the branch first", id="out"
        ),
        pytest.param(
            "b2:e5", "e5_.py: it follows c3, outside of the range; begin the range", id="in"
        ),
        pytest.param("d4:b2", "b2 does not follow d4; swap them", id="order"),
        pytest.param(
            "c3:d4", "d4 does not follow c3; they are of different branches; squash up", id="branch"
        ),
        pytest.param("a1", "a1 is only one script; name a longer range", id="one"),
    ],
)
def test_a_branch_in_the_way_is_refused(
    project: AlembicProject, argument: str, message: str
) -> None:
    write(project, "a1", USERS)
    write(project, "b2", "pass", down="a1")
    write(project, "c3", "pass", down="a1")
    write(project, "d4", "pass", down="b2")
    write(project, "e5", "pass", down=("d4", "c3"))
    finished = run(project, "squash", argument)
    assert finished.status == 2
    assert finished.err.startswith(f"FAILED: {message}")
    assert len(project.scripts()) == 5


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param(
            'op.execute("SELECT change_users()")',
            "b2_.py:14: revision uncertain, change_users() may change tables",
            id="uncertain",
        ),
        pytest.param(
            'op.execute("INSERT INTO users VALUES (1); ALTER TABLE users ADD COLUMN n INTEGER")',
            "b2_.py:14: it changes tables and does something else",
            id="two-things",
        ),
        pytest.param(
            'op.execute("CREATE VIEW v AS SELECT 1 AS a; ALTER TABLE users ADD COLUMN n INTEGER")',
            "b2_.py:14: it changes tables and does something else",
            id="two-things-view",
        ),
        pytest.param(
            'if op.get_bind().dialect.name == "mysql":\n    op.drop_column("users", "mail")',
            "b2_.py:14: it does nothing on this database and changes tables on another",
            id="other-database",
        ),
    ],
)
def test_what_cannot_be_squashed_is_refused_with_its_line_until_it_is_left_out(
    project: AlembicProject, body: str, message: str
) -> None:
    write(project, "a1", USERS)
    write(project, "b2", body, down="a1")
    finished = run(project, "squash", "b2")
    assert finished.status == 2
    if "two-things" not in message:
        assert finished.err.startswith("FAILED: b2_.py:14: ")
    assert message.rpartition(": ")[2] in finished.err
    assert len(project.scripts()) == 2
    assert run(project, "squash", "b2", "--leave-out", "b2_.py:14").err == ""


def test_the_first_of_several_uncertain_lines_is_named(project: AlembicProject) -> None:
    write(project, "a1", f'{USERS}\nraise ValueError(7)\nop.create_table("posts")')
    write(project, "b2", 'op.create_index("i", "posts", ["id"])', down="a1")
    assert run(project, "squash", "b2").err == (
        "FAILED: a1_.py:15: revision uncertain, it raises ValueError: 7; declare what the line "
        "does in 'with op.moltres_state_only():', or let 'alembic-moltres anchor' write all tables of "
        "a database at head and squash up to that\n"
    )


def test_scripts_before_an_anchor_are_squashed_too(project: AlembicProject) -> None:
    write(project, "a1", 'op.execute("SELECT make_users()")')
    table = 'TableSchema("users", [column("id", "INTEGER")])'
    write(project, "b2", f"op.moltres_anchor([{table}])", down="a1")
    assert run(project, "squash", "b2", "--leave-out", "a1_.py:14").err == ""
    assert set(state_of(project).tables) == {"users"}


def words(engine: sa.Engine) -> list[str]:
    """Return the structure of a database; white space and quotes of names do not count."""
    return dump(engine).replace('"', "").split()


MULTIDB = """
import sqlalchemy as sa

one, two = sa.MetaData(), sa.MetaData()
sa.Table("users", one, sa.Column("id", sa.Integer, primary_key=True), sa.Column("mail", sa.String(9)))
sa.Table("users", two, sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("mood", sa.Enum("a", "b", name="mood")))
target_metadata = {"engine1": one, "engine2": two}
"""


def test_a_project_of_several_databases_is_squashed(
    alembic_project: ProjectFactory, sqlite_url: str, pg_url: str
) -> None:
    project = alembic_project(
        MULTIDB, {"engine1": sqlite_url, "engine2": pg_url}, template="multidb"
    )
    project.revision("one", rev_id="a1")
    project.upgrade()
    models = MULTIDB.replace("sa.String(9)", "sa.String(9), unique=True")
    project.write_models(models.replace('"a", "b"', '"a", "b", "c"'))
    project.revision("two", rev_id="b2")
    path = project.versions / "b2_two.py"
    text = path.read_text(encoding="utf-8")
    _, marker, rest = text.partition('"""Upgrade engine2 schema."""\n')
    text = text.replace(
        f"{marker}{rest}", f'{marker}    op.execute("INSERT INTO users (id) VALUES (7)")\n{rest}'
    )
    path.write_text(text, encoding="utf-8")
    project.upgrade()
    engines = [sa.create_engine(each, poolclass=sa.NullPool) for each in (sqlite_url, pg_url)]
    made = [words(each) for each in engines]
    for each in engines:
        with each.begin() as connection:
            connection.exec_driver_sql("DROP TABLE users")
            connection.exec_driver_sql("DROP TABLE alembic_version")
            if each.dialect.name == "postgresql":
                connection.exec_driver_sql("DROP TYPE mood")
    refused = run(project, "squash", "b2", "--scratch", "sqlite://")
    assert "--scratch takes one database, and env.py migrates 2; leave it out" in refused.err
    finished = run(project, "squash", "b2")
    assert (finished.status, finished.err) == (0, "")
    assert len(project.scripts()) == 1
    project.upgrade()
    assert made == [words(each) for each in engines]
    with engines[1].connect() as connection:
        assert [7] == list(connection.exec_driver_sql("SELECT id FROM users").scalars())
    project.downgrade()
    assert ["", ""] == [dump(each) for each in engines]


def test_the_order_of_foreign_keys_is_no_difference_of_the_proof(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    other = USERS.replace("users", "z").replace(', sa.Column("mail", sa.String(9))', "")
    write(project, "a1", f'{USERS}\n{other}\nop.add_column("users", sa.Column("n", sa.Integer))')
    write(
        project,
        "b2",
        """
        op.create_foreign_key("one", "users", "z", ["n"], ["id"])
        op.create_foreign_key("a", "users", "users", ["n"], ["id"])
        """,
        down="a1",
        downgrade="""
        op.drop_constraint("a", "users")
        op.drop_constraint("one", "users")
        """,
    )
    assert run(project, "squash", "b2", "--scratch", pg_url).err == ""


def test_a_scratch_database_shows_rows_of_another_schema_that_would_differ(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    create = """
        op.execute("CREATE SCHEMA other")
        op.create_table("users", sa.Column("id", sa.Integer, primary_key=True),
                        sa.Column("mail", sa.String(9)), schema="other")
        """
    write(project, "a1", create)
    insert = 'op.execute("INSERT INTO other.users (id) VALUES (1)")'
    write(project, "b2", insert, down="a1")
    alter = 'op.alter_column("users", "mail", server_default="x", schema="other")'
    write(project, "c3", alter, down="b2")
    assert run(project, "squash", "c3", "--scratch", pg_url).err == (
        "FAILED: as one script c3 would make another database: the table 'other.users' would have "
        "other rows; nothing was written\n"
    )
    assert len(project.scripts()) == 3


@pytest.mark.parametrize("schema", ["", "public."])
@pytest.mark.parametrize("create", ["CREATE UNIQUE INDEX ux ON {}v (id)", None], ids=["text", "op"])
def test_an_index_of_a_materialized_view_is_kept_with_it(
    create: str | None, schema: str, alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    write(project, "a1", USERS, downgrade='op.drop_table("users")')
    view = f'op.execute("CREATE MATERIALIZED VIEW {schema}v AS SELECT id FROM users")'
    index = 'op.create_index("ux", "v", ["id"], unique=True)'
    if create is not None:
        index = f'op.execute("{create.format(schema)}")'
    dropped = 'op.execute("DROP INDEX ux")'
    drop = f'{dropped}\nop.execute("DROP MATERIALIZED VIEW {schema}v")'
    write(project, "b2", f"{view}\n{index}", down="a1", downgrade=drop)
    write(project, "c3", f"{dropped}\n{index}", down="b2", downgrade=f"{dropped}\n{index}")
    assert (0, "") == (run(project, "state").status, run(project, "state").err)
    assert "uncertain" not in run(project, "state").out
    assert run(project, "squash", "c3", "--scratch", pg_url).err == ""
    assert 1 == source(project, "c3").count(index)
    engine = sa.create_engine(pg_url, poolclass=sa.NullPool)
    project.upgrade()
    assert "CREATE UNIQUE INDEX ux ON public.v" in dump(engine)
    project.downgrade()
    assert dump(engine) == ""


def test_an_index_goes_with_its_materialized_view(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    write(project, "a1", USERS, downgrade='op.drop_table("users")')
    view = 'op.execute("CREATE MATERIALIZED VIEW v AS SELECT id FROM users")'
    index = 'op.execute("CREATE INDEX ix ON v (id)")'
    drop = 'op.execute("DROP MATERIALIZED VIEW v")'
    write(project, "b2", f"{view}\n{index}", down="a1", downgrade=drop)
    write(project, "c3", drop, down="b2", downgrade=f"{view}\n{index}")
    assert run(project, "squash", "c3", "--scratch", pg_url).err == ""
    assert "VIEW" not in source(project, "c3")
    assert "INDEX" not in source(project, "c3")


def test_rights_go_with_their_view(alembic_project: ProjectFactory, pg_url: str) -> None:
    project = alembic_project(MODELS, pg_url)
    write(project, "a1", USERS, downgrade='op.drop_table("users")')
    view = 'op.execute("CREATE VIEW v AS SELECT id FROM users")'
    grant = 'op.execute("GRANT SELECT ON v TO PUBLIC")'
    drop = 'op.execute("DROP VIEW v")'
    write(project, "b2", f"{view}\n{grant}", down="a1", downgrade=drop)
    wider = view.replace("id", "id, mail")
    changed = f"{drop}\n{wider}\n{grant}"
    write(project, "c3", changed, down="b2", downgrade=f"{drop}\n{view}\n{grant}")
    assert run(project, "squash", "c3", "--scratch", pg_url).err == ""
    assert 1 == source(project, "c3").count("GRANT")


@pytest.mark.parametrize("message", [r"finds \d+ of C:\users", '"""', "\x1b[2J\r\x0c\\"])
def test_the_last_scripts_message_is_that_of_the_squash(
    message: str, project: AlembicProject
) -> None:
    write(project, "r1", USERS, downgrade='op.drop_table("users")')
    write(project, "r2", 'op.add_column("users", sa.Column("a", sa.Integer))', down="r1")
    path = project.versions / "r2_.py"
    path.write_text(f"{message!r}\n{source(project, 'r2')}", encoding="utf-8")
    assert (0, "") == (run(project, "squash", "r2").status, "")
    (node, *_) = ast.parse(source(project, "r2")).body
    assert isinstance(node, ast.Expr)
    assert isinstance(node.value, ast.Constant)
    assert str(node.value.value).startswith(f"{message.strip()}\n\nRevision ID: r2\n")


def test_parentheses_around_a_default_are_no_difference(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    default = 'server_default=sa.text("(\\n  (\\n abs(random())  )\\n )")'
    table = f'op.create_table("t", sa.Column("id", sa.Integer), sa.Column("k", sa.Text, {default}))'
    batch = """
    with op.batch_alter_table("t") as t:
        t.alter_column("id", type_=sa.{}, existing_type=sa.{})
    """
    write(project, "a1", table)
    write(project, "b2", batch.format("Text", "Integer"), down="a1")
    write(project, "c3", batch.format("Integer", "Text"), down="b2")
    write(project, "d4", batch.format("Text", "Integer"), down="c3")
    assert run(project, "squash", "b2:d4", "--scratch", "sqlite://").err == ""


def test_a_new_partition_that_is_altered_is_refused_and_an_old_one_kept(
    alembic_project: ProjectFactory, pg_url: str, pg_engine: sa.Engine
) -> None:
    project = alembic_project(MODELS, pg_url)
    n = 'sa.Column("n", sa.Integer)'
    write(project, "a1", f'op.create_table("t", {n}, postgresql_partition_by="LIST (n)")')
    text = "CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1)"
    write(project, "b2", f'op.execute("{text}")', down="a1", downgrade='op.drop_table("t1")')
    create, drop = 'op.create_index("{}", "t1", ["n"])', 'op.drop_index("{}")'
    for name, index, down in (("c3", "i", "b2"), ("d4", "j", "c3")):
        write(project, name, create.format(index), down=down, downgrade=drop.format(index))
    message = "FAILED: the range creates the partition 't1' and alters it; end the range"
    for refused in ("d4", "b2:d4"):
        assert run(project, "squash", refused).err.startswith(message)
    assert len(project.scripts()) == 4
    project.upgrade()
    made = dump(pg_engine)
    project.downgrade("b2")
    before = dump(pg_engine)
    finished = run(project, "squash", "c3:d4")
    assert finished.err == ""
    project.upgrade()
    assert made == dump(pg_engine)
    project.downgrade("b2")
    assert dump(pg_engine) == before
