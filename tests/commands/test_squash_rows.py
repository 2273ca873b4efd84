"""`squash` on PostgreSQL: statements that find no rows, triggers, routines, and rows in the proof."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.commands.command_line import run
from tests.commands.test_squash_between import ADD_N, DROP, INSERT, USERS, source, write_all
from tests.dump import dump
from tests.history.scripts import MODELS, write

OTHER = 'op.create_table("other", sa.Column("id", sa.Integer))'
BOTH = (f"{USERS}\n{OTHER}", f'op.drop_table("other")\n{DROP}')


def function(name: str, body: str, language: str = "plpgsql", returns: str = "trigger") -> str:
    begin = f"BEGIN {body}; RETURN NEW; END" if language == "plpgsql" else body
    sql = f"CREATE OR REPLACE FUNCTION {name}() RETURNS {returns} LANGUAGE {language} AS $$ {begin} $$"
    return f"op.execute({sql!r})"


def trigger(table: str, called: str) -> str:
    return (
        f"op.execute('CREATE TRIGGER g AFTER INSERT OR UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE PROCEDURE {called}()')"
    )


@pytest.fixture
def project(alembic_project: ProjectFactory, pg_url: str) -> AlembicProject:
    return alembic_project(MODELS, pg_url)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("LOCK TABLE other, ONLY users IN EXCLUSIVE MODE", id="lock"),
        pytest.param("REINDEX INDEX ix", id="reindex"),
        pytest.param("REINDEX TABLE users", id="reindex-table"),
        pytest.param(
            "WITH a AS (INSERT INTO other (id) SELECT id FROM users RETURNING id) "
            "UPDATE users SET name = 'x' FROM a WHERE a.id = users.id",
            id="insert-in-with",
        ),
        pytest.param(
            "WITH a AS NOT MATERIALIZED (SELECT mail, max(id) AS b FROM users GROUP BY mail), "
            "c (d) AS (SELECT b FROM a) INSERT INTO users (id) SELECT d FROM c",
            id="with-groups",
        ),
        pytest.param(
            "DO $$ DECLARE r record; BEGIN FOR r IN SELECT mail FROM users LOOP "
            "UPDATE users SET name = r.mail WHERE mail = r.mail; END LOOP; END $$",
            id="block",
        ),
    ],
)
def test_what_finds_no_rows_is_left_out(
    statement: str, project: AlembicProject, pg_url: str
) -> None:
    index = 'op.create_index("ix", "users", ["mail"])'
    second = (f'op.execute("{statement}")', "")
    write_all(project, (f"{BOTH[0]}\n{index}", BOTH[1]), second, ADD_N_TO_OTHER)
    finished = run(project, "squash", "c3", "--scratch", pg_url)
    assert (finished.status, finished.err) == (0, "")
    assert "left out, for they find no rows:\n  b2_.py:14" in finished.out


ADD_N_TO_OTHER = (ADD_N[0].replace('"t"', '"other"'), "")


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("LOCK TABLE users, other", id="lock"),
        pytest.param("REINDEX INDEX none", id="index-of-nothing"),
        pytest.param("REINDEX SCHEMA public", id="reindex-schema"),
        pytest.param(
            "WITH a AS (SELECT max(id) AS b FROM users) INSERT INTO other (id) SELECT b FROM a",
            id="aggregate-without-groups",
        ),
        pytest.param(
            "WITH a AS (SELECT count(*) AS b FROM users) INSERT INTO other (id) SELECT b FROM a",
            id="count-in-with",
        ),
        pytest.param(
            "INSERT INTO other (id) SELECT coalesce(count(*), 0) FROM users", id="count-in-a-call"
        ),
        pytest.param("INSERT INTO other (id) SELECT 1 FROM users HAVING true", id="having"),
        pytest.param(
            "INSERT INTO other (id) SELECT max(id) FROM users GROUP BY ()", id="group-of-all"
        ),
        pytest.param(
            'DO $$ DECLARE n int; BEGIN n := \\"f\\"(); DELETE FROM users; END $$', id="quoted-call"
        ),
        pytest.param(
            "DO $$ BEGIN REFRESH MATERIALIZED VIEW v; DELETE FROM users; END $$", id="refresh"
        ),
        pytest.param(
            "WITH RECURSIVE a AS (SELECT id FROM users) DELETE FROM users", id="recursive"
        ),
        pytest.param("DO $$ BEGIN RAISE NOTICE 'x'; END $$", id="block-that-raises"),
        pytest.param(
            "DO $$ BEGIN IF f() THEN DELETE FROM users; END IF; END $$", id="unknown-call"
        ),
        pytest.param("DO $$ BEGIN UPDATE other SET id = 2; END $$", id="block-about-rows"),
    ],
)
def test_what_may_do_something_is_copied(statement: str, project: AlembicProject) -> None:
    fill = 'op.execute("INSERT INTO other VALUES (1)")'
    write_all(project, (f"{BOTH[0]}\n{fill}", BOTH[1]), (f'op.execute("{statement}")', ""))
    finished = run(project, "squash", "b2")
    assert "left out" not in finished.out
    assert "_upgrade_b2()" in source(project, "b2")


UPDATE = ("op.execute(\"UPDATE users SET name = 'x'\")", "")
FILL = 'op.execute("INSERT INTO other VALUES (1)")'


@pytest.mark.parametrize(
    ("body", "fills"),
    [
        pytest.param("UPDATE other SET id = 2", False, id="updates"),
        pytest.param("INSERT INTO other (id) VALUES (2)", False, id="inserts-into-another"),
        pytest.param("INSERT INTO public.users (id) VALUES (2)", True, id="inserts"),
        pytest.param("NEW.id := helper()", True, id="calls-what-inserts"),
        pytest.param("NEW.id := nobody_knows()", True, id="calls-what-is-unknown"),
        pytest.param("EXECUTE 'INSERT INTO users (id) VALUES (2)'", True, id="executes"),
    ],
)
def test_a_trigger_fills_the_tables_that_its_function_inserts_into(
    body: str, *, fills: bool, project: AlembicProject
) -> None:
    helper = function("helper", "INSERT INTO users (id) VALUES (3) RETURNING id", "sql", "int")
    first = "\n".join((BOTH[0], helper, function("f", body), trigger("other", "f"), FILL))
    write_all(project, (first, BOTH[1]), UPDATE)
    finished = run(project, "squash", "b2")
    assert (finished.status, finished.err) == (0, "")
    assert fills is ("left out, for they find no rows:\n  b2_.py:14" not in finished.out)


def test_a_function_in_another_language_may_fill_any_table(project: AlembicProject) -> None:
    body = "op.execute(\"CREATE FUNCTION f() RETURNS trigger LANGUAGE c AS 'library', 'f'\")"
    first = "\n".join((BOTH[0], body, trigger("other", "f"), FILL))
    write_all(project, (first, BOTH[1]), UPDATE)
    assert "left out" not in run(project, "squash", "b2").out


@pytest.mark.parametrize(
    ("body", "fills"),
    [("INSERT INTO users (id) VALUES (9)", True), ("UPDATE other SET id = 2", False)],
)
def test_a_trigger_of_sqlite_fills_what_it_inserts_into(
    body: str, *, fills: bool, alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    made = f"op.execute('CREATE TRIGGER g AFTER INSERT ON other BEGIN {body}; END')"
    write_all(project, (f"{BOTH[0]}\n{made}\n{FILL}", BOTH[1]), UPDATE)
    finished = run(project, "squash", "b2", "--scratch", "sqlite://")
    assert (finished.status, finished.err) == (0, "")
    assert fills is ("left out" not in finished.out)


def test_a_trigger_of_a_renamed_table_is_dropped_with_its_function(
    project: AlembicProject, pg_url: str
) -> None:
    first = f"{USERS}\n{function('f', 'NULL')}\n{trigger('users', 'f')}"
    rename = ('op.rename_table("users", "people")', 'op.rename_table("people", "users")')
    third = 'op.execute("DROP TRIGGER g ON people")\nop.execute("DROP FUNCTION f()")'
    write_all(project, (first, DROP), rename, (third, ""))
    assert run(project, "squash", "c3", "--scratch", pg_url).err == ""
    assert "TRIGGER" not in source(project, "c3")
    assert "FUNCTION" not in source(project, "c3")


def test_a_function_that_a_trigger_uses_stays_until_it_is_replaced(
    project: AlembicProject, pg_url: str
) -> None:
    first = f"{USERS}\n{function('f', 'NULL')}\n{trigger('users', 'f')}"
    replaced = (function("f", "NEW.id := 1"), function("f", "NULL"))
    write_all(project, (first, DROP), replaced)
    assert run(project, "squash", "b2", "--scratch", pg_url).err == ""
    assert source(project, "b2").count("FUNCTION f()") >= 2


def test_the_way_back_makes_a_function_before_what_uses_it(
    project: AlembicProject, pg_url: str, pg_engine: sa.Engine
) -> None:
    made = f"{function('f', 'NULL')}\n{trigger('users', 'f')}"
    gone = 'op.execute("DROP TRIGGER g ON users")\nop.execute("DROP FUNCTION f()")'
    write_all(project, (f"{USERS}\n{made}", f"{gone}\n{DROP}"), (gone, made), ADD_N_TO_USERS)
    assert run(project, "squash", "b2:c3", "--scratch", pg_url).err == ""
    project.upgrade()
    project.downgrade("a1")
    with pg_engine.connect() as connection:
        query = "SELECT count(*) FROM pg_trigger WHERE tgname = 'g'"
        assert 1 == connection.exec_driver_sql(query).scalar()
    project.downgrade()


ADD_N_TO_USERS = (ADD_N[0].replace('"t"', '"users"'), 'op.drop_column("users", "n")')


def test_identifiers_that_the_server_makes_are_no_difference(
    project: AlembicProject, pg_url: str
) -> None:
    key = 'sa.Column("key", sa.Uuid, server_default=sa.text("gen_random_uuid()"))'
    table = f'op.create_table("t", {key}, sa.Column("a", sa.Text))'
    code = 'sa.Column("a", sa.Text, server_default=sa.text("md5(random()::text)"))'
    other = f'op.create_table("u", {code}, sa.Column("n", sa.Integer))'
    rows = "op.execute(\"INSERT INTO t (a) VALUES ('x')\")\n"
    rows += 'op.execute("INSERT INTO u (n) VALUES (1)")'
    back = 'op.drop_table("u")\nop.drop_table("t")'
    write_all(project, (f"{table}\n{other}", back), (rows, ""))
    assert run(project, "squash", "b2", "--scratch", pg_url).err == ""


def test_rows_with_values_that_have_no_hash_are_compared(
    project: AlembicProject, pg_url: str
) -> None:
    table = 'op.create_table("t", sa.Column("a", sa.dialects.postgresql.INT4MULTIRANGE))'
    rows = "op.execute(\"INSERT INTO t VALUES ('{[1,3)}')\")"
    write_all(project, (table, 'op.drop_table("t")'), (rows, ""))
    assert run(project, "squash", "b2", "--scratch", pg_url).err == ""


def test_a_cast_that_a_default_kept_from_its_column_is_no_difference(
    project: AlembicProject, pg_url: str
) -> None:
    table = (
        'op.create_table("t", sa.Column("a", sa.Text, server_default=""), '
        'sa.Column("n", sa.Integer, server_default="0"), sa.Column("d", sa.Integer))'
    )
    altered = 'op.alter_column("t", "a", type_=sa.String)\n'
    altered += 'op.alter_column("t", "n", type_=sa.BigInteger)'
    write_all(project, (table, 'op.drop_table("t")'), (altered, ""))
    assert run(project, "squash", "b2", "--scratch", pg_url).err == ""


def test_what_is_dropped_and_made_again_under_its_name_is_another_column(
    project: AlembicProject, pg_url: str, pg_engine: sa.Engine
) -> None:
    swap = (
        'op.add_column("users", sa.Column("new", sa.Uuid))\n'
        'op.drop_column("users", "mail")\n'
        'op.alter_column("users", "new", new_column_name="mail")'
    )
    write_all(project, (USERS, DROP), (swap, ""), ADD_N_TO_USERS)
    assert run(project, "squash", "b2:c3", "--scratch", pg_url).err == ""
    project.upgrade("a1")
    with pg_engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO users (id, mail) VALUES (1, 'x')")
    project.upgrade()
    with pg_engine.connect() as connection:
        assert None is connection.exec_driver_sql("SELECT mail FROM users").scalar()


def test_constraints_of_a_renamed_table_keep_their_names_on_the_way_back(
    project: AlembicProject, pg_url: str
) -> None:
    unique = 'op.create_unique_constraint(None, "users", ["mail"])'
    rename = 'op.alter_column("users", "mail", new_column_name="address")\n'
    rename += 'op.rename_table("users", "people")'
    added = (ADD_N_TO_USERS[0].replace('"users"', '"people"'), "")
    write_all(project, (f"{USERS}\n{unique}", DROP), (rename, ""), added)
    assert run(project, "squash", "b2:c3", "--scratch", pg_url).err == ""
    assert "constraint(" not in source(project, "c3")


def test_the_way_back_uses_what_is_there_only_during_its_script(
    project: AlembicProject, pg_url: str, pg_engine: sa.Engine
) -> None:
    up = (
        'op.add_column("users", sa.Column("n", sa.Integer))\n'
        'op.execute("UPDATE users SET n = length(mail)")\n'
        'op.drop_column("users", "mail")'
    )
    down = (
        'op.add_column("users", sa.Column("mail", sa.String(9)))\n'
        "op.execute(\"UPDATE users SET mail = repeat('x', n)\")\n"
        'op.drop_column("users", "n")'
    )
    write_all(project, (USERS, DROP), (up, down), (OTHER, 'op.drop_table("other")'))
    assert run(project, "squash", "b2:c3", "--scratch", pg_url).err == ""
    project.upgrade("a1")
    with pg_engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO users (id, mail) VALUES (1, 'abc')")
    project.upgrade()
    project.downgrade("a1")
    with pg_engine.connect() as connection:
        assert "xxx" == connection.exec_driver_sql("SELECT mail FROM users").scalar()


def test_a_block_runs_while_its_columns_are_there(project: AlembicProject, pg_url: str) -> None:
    block = 'op.execute("DO $$ BEGIN UPDATE users SET name = mail; END $$")'
    first = (f"{USERS}\n{INSERT}", DROP)
    write_all(project, first, (block, ""), ('op.drop_column("users", "mail")', ""))
    assert run(project, "squash", "c3", "--scratch", pg_url).err == ""
    assert source(project, "c3").index("_upgrade_b2()\n    with") > 0


def test_tables_that_no_script_creates_are_created_from_an_anchor(
    project: AlembicProject, pg_engine: sa.Engine
) -> None:
    change = 'op.alter_column("users", "mail", nullable=False)'
    write_all(project, (change, ""), (OTHER, 'op.drop_table("other")'))
    assert "or let 'alembic-moltres anchor'" in run(project, "squash", "b2").err
    with pg_engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE users (id int PRIMARY KEY, mail text)")
    project.upgrade()
    assert run(project, "anchor").err == ""
    assert run(project, "squash", "head").err == ""
    (script,) = project.scripts()
    assert "op.moltres_create_table(Users)" in script.read_text(encoding="utf-8")


def test_all_lines_that_cannot_be_copied_are_named_at_once(project: AlembicProject) -> None:
    other = 'if op.get_bind().dialect.name == "mysql":\n    op.drop_column("users", "name")'
    write_all(project, (USERS, DROP), (other, other), ADD_N_TO_USERS)
    err = run(project, "squash", "c3").err
    assert err.startswith(
        "FAILED: b2_.py:14, b2_.py:19: it does nothing on this database and changes"
    )
    left_out = ("--leave-out", "b2_.py:14", "--leave-out", "b2_.py:19")
    assert run(project, "squash", "c3", *left_out).err == ""


def test_functions_of_one_name_with_other_arguments_are_several(
    project: AlembicProject, pg_url: str
) -> None:
    def made(argument: str) -> str:
        sql = f"CREATE FUNCTION g({argument}) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$"
        return f"op.execute({sql!r})"

    again = made("b integer = 5").replace("CREATE", "CREATE OR REPLACE").replace("b int", "a int")
    dropped = "op.execute('DROP FUNCTION g(character varying)')"
    first = f"{USERS}\n{made('a int')}\n{made('a date')}"
    write_all(project, (first, DROP), (made("a varchar(9)"), ""), (f"{again}\n{dropped}", ""))
    assert run(project, "squash", "c3", "--scratch", pg_url).err == ""
    text = source(project, "c3")
    assert ["g(a date)" in text, "g(a integer = 5)" in text] == [True, True]
    assert "varchar" not in text


def test_a_unique_constraint_like_the_primary_key_stays_a_constraint_of_its_own(
    project: AlembicProject, pg_url: str
) -> None:
    table = f'{USERS[:-1]}, sa.UniqueConstraint("name", name="uq"))'
    added = 'op.create_unique_constraint("uq2", "users", ["name"])\n'
    added += 'op.create_unique_constraint("uq_users_id", "users", ["id"])'
    dropped = 'op.drop_constraint("uq_users_id", "users")\nop.drop_constraint("uq2", "users")'
    write_all(project, (table, DROP), (added, dropped))
    assert run(project, "squash", "b2", "--scratch", pg_url).err == ""


def test_a_dropped_table_gets_its_unique_constraint_like_the_primary_key_back(
    project: AlembicProject, pg_engine: sa.Engine
) -> None:
    added = 'op.create_unique_constraint("uq_users_id", "users", ["id"])'
    write_all(project, (f"{USERS}\n{added}", DROP), (OTHER, 'op.drop_table("other")'))
    write(project, "c3", DROP, down="b2", downgrade=f"{USERS}\n{added}")
    project.upgrade("a1")
    before = dump(pg_engine)
    project.upgrade()
    assert run(project, "squash", "b2:c3").err == ""
    project.downgrade("a1")
    assert before == dump(pg_engine)


HAS = """
def has(table, name):
    inspector = sa.inspect(op.get_bind())
    return any(each["name"] == name for each in inspector.get_columns(table))


def add_unless_there(table, added):
    if not has(table, added.name):
        op.add_column(table, added)
"""
ADDED = 'sa.Column("name", sa.String(9))'


@pytest.mark.parametrize(
    ("body", "before"),
    [
        pytest.param(f'add_unless_there("users", {ADDED})', HAS, id="function"),
        pytest.param(
            f'if not has("users", "name"):\n    op.add_column("users", {ADDED})', HAS, id="if"
        ),
        pytest.param(
            "bind = op.get_bind()\n"
            "key = sa.inspect(bind).get_pk_constraint('users')\n"
            "if not key['constrained_columns']:\n"
            "    op.create_primary_key('pk', 'users', ['id'])\n"
            "else:\n    str('there')",
            "",
            id="key",
        ),
        pytest.param(
            "for each in sa.inspect(op.get_bind()).get_indexes('users'):\n"
            "    op.drop_index(each['name'])",
            "",
            id="loop",
        ),
    ],
)
def test_what_an_inspector_says_is_unneeded_is_left_out(
    body: str, before: str, project: AlembicProject, pg_url: str
) -> None:
    write(project, "a1", USERS)
    write(project, "b2", body, down="a1", before=before)
    write(project, "c3", 'op.drop_column("users", "name")', down="b2")
    assert run(project, "squash", "c3", "--scratch", pg_url).status == 0
    assert "inspect" not in source(project, "c3")


@pytest.mark.parametrize(
    "condition",
    [
        'op.get_bind().dialect.name.startswith("mysql")',
        'sa.inspect(op.get_bind()).dialect.name == "mysql"',
        'FLAG and sa.inspect(op.get_bind()).has_table("users")',
        'os.getenv("FLAG") or not sa.inspect(op.get_bind()).has_table("users")',
    ],
)
def test_what_something_else_than_an_inspector_decides_is_refused(
    condition: str, project: AlembicProject
) -> None:
    write(project, "a1", USERS)
    body = f'if {condition}:\n    op.drop_column("users", "name")'
    write(project, "b2", body, down="a1", before='import os\nFLAG = os.environ.get("FLAG")')
    assert "it does nothing on this database and changes" in run(project, "squash", "b2").err


def test_a_script_that_an_inspector_ends_early_stays_whole(
    project: AlembicProject, pg_url: str
) -> None:
    body = f'if has("users", "name"):\n    return\n{INSERT}'
    write(project, "a1", USERS)
    write(project, "b2", body, down="a1", before=HAS)
    assert run(project, "squash", "b2", "--scratch", pg_url).err == ""
