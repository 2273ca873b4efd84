"""`squash`: statements that use names of their own time, and those that find no rows."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.commands.command_line import run
from tests.history.scripts import MODELS, write

USERS = (
    'op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), '
    'sa.Column("mail", sa.String(9)), sa.Column("name", sa.String(9)))'
)
INSERT = "op.execute(\"INSERT INTO users (id, mail) VALUES (1, 'x')\")"
COPY = 'op.execute("UPDATE users SET name = mail")'


def source(project: AlembicProject, revision: str) -> str:
    return (project.versions / f"{revision}_.py").read_text(encoding="utf-8")


def scratch(url: str) -> str:
    """Return a scratch database of the project's kind: the database itself, while it is empty."""
    return "sqlite://" if url.startswith("sqlite") else url


def rename(current: str, desired: str) -> str:
    return (
        f'with op.moltres_alter_table("users") as t:\n    t.rename_column("{current}", "{desired}")'
    )


def drop(name: str) -> tuple[str, str]:
    """Return the block that drops a column, and the one that adds it."""
    block = 'with op.moltres_alter_table("users") as t:\n    t.'
    value = f'column("{name}", "VARCHAR(9)")'
    return f"{block}drop_column({value})", f"{block}add_column({value})"


def test_a_statement_about_what_is_renamed_later_runs_before_that(
    alembic_project: ProjectFactory, any_url: str, any_engine: sa.Engine
) -> None:
    project = alembic_project(MODELS, any_url)
    write(project, "a1", f"{USERS}\n{INSERT}", downgrade='op.drop_table("users")')
    write(project, "b2", COPY, down="a1")
    write(project, "c3", rename("mail", "address"), down="b2", downgrade=rename("address", "mail"))
    assert run(project, "squash", "c3", "--scratch", scratch(any_url)).err == ""
    assert source(project, "c3").index("_upgrade_b2()\n    with") > 0
    project.upgrade()
    with any_engine.connect() as connection:
        assert [(1, "x", "x")] == connection.exec_driver_sql(
            "SELECT id, address, name FROM users"
        ).all()
    project.downgrade()


def test_a_range_runs_its_statements_before_the_column_is_dropped(
    alembic_project: ProjectFactory, any_url: str, any_engine: sa.Engine
) -> None:
    project = alembic_project(MODELS, any_url)
    write(project, "a1", USERS, downgrade='op.drop_table("users")')
    write(project, "b2", COPY, down="a1", downgrade='op.execute("UPDATE users SET mail = name")')
    there, back = drop("mail")
    write(project, "c3", there, down="b2", downgrade=back)
    project.upgrade("a1")
    with any_engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO users (id, mail) VALUES (1, 'x')")
    assert run(project, "squash", "b2:c3").err == ""
    project.upgrade()
    with any_engine.connect() as connection:
        assert [(1, "x")] == connection.exec_driver_sql("SELECT * FROM users").all()
    project.downgrade("a1")
    with any_engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT mail, name FROM users").all()
    assert [("x", "x")] == rows


def test_results_of_a_query_are_used_before_the_column_is_dropped(
    alembic_project: ProjectFactory, sqlite_url: str, sqlite_engine: sa.Engine
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    body = """
    found = op.get_bind().execute(sa.text("SELECT id, mail FROM users")).all()
    for number, mail in found:
        op.execute(f"UPDATE users SET name = '{mail}' WHERE id = {number}")
    """
    write(project, "a1", USERS)
    write(project, "b2", body, down="a1")
    write(project, "c3", drop("mail")[0], down="b2", downgrade=drop("mail")[1])
    project.upgrade("a1")
    with sqlite_engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO users (id, mail) VALUES (1, 'x')")
    assert run(project, "squash", "b2:c3").err == ""
    project.upgrade()
    with sqlite_engine.connect() as connection:
        assert [(1, "x")] == connection.exec_driver_sql("SELECT * FROM users").all()


def test_a_column_that_takes_the_name_of_a_dropped_one_keeps_its_rows(
    alembic_project: ProjectFactory, pg_url: str, pg_engine: sa.Engine
) -> None:
    project = alembic_project(MODELS, pg_url)
    write(project, "a1", USERS, downgrade='op.drop_table("users")')
    body = 'op.drop_column("users", "mail")\n'
    body += 'op.alter_column("users", "name", new_column_name="mail")'
    back = 'op.alter_column("users", "mail", new_column_name="name")\n'
    back += 'op.add_column("users", sa.Column("mail", sa.String(9)))'
    write(project, "b2", body, down="a1", downgrade=back)
    write(project, "c3", 'op.add_column("users", sa.Column("n", sa.Integer))', down="b2")
    project.upgrade("a1")
    with pg_engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO users VALUES (1, 'old', 'new')")
    assert run(project, "squash", "b2:c3").err == ""
    project.upgrade()
    with pg_engine.connect() as connection:
        assert [(1, "new", None)] == connection.exec_driver_sql("SELECT * FROM users").all()


def test_labels_that_a_range_adds_to_a_portable_enum_are_added_to_its_type(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    mood = 'sa.Column("mood", sa.Enum("a", name="mood"))'
    write(
        project,
        "a1",
        f'op.create_table("t", {mood})',
        downgrade='op.drop_table("t")\nop.execute("DROP TYPE mood")',
    )
    write(project, "b2", "op.execute(\"ALTER TYPE mood ADD VALUE 'b'\")", down="a1")
    write(project, "c3", 'op.add_column("t", sa.Column("n", sa.Integer))', down="b2")
    assert run(project, "squash", "b2:c3", "--scratch", pg_url).err == ""
    assert "op.moltres_alter_enum(" in source(project, "c3")


def test_the_proof_knows_the_tables_of_the_new_script(
    alembic_project: ProjectFactory, any_url: str
) -> None:
    project = alembic_project(MODELS, any_url)
    body = USERS.replace("op.create", "users = op.create")
    write(project, "a1", f'{body}\nop.bulk_insert(users, [{{"id": 1}}])')
    write(
        project,
        "b2",
        "op.execute(op.moltres_tables()['users'].update().values(name='y'))",
        down="a1",
    )
    assert run(project, "squash", "b2", "--scratch", scratch(any_url)).err == ""


def test_a_column_whose_name_another_table_has_is_used_before_it_is_dropped(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    other = 'op.create_table("other", sa.Column("mail", sa.String(9)))'
    write(project, "a1", f"{USERS}\n{other}\n{INSERT}")
    write(project, "b2", COPY, down="a1")
    write(project, "c3", drop("mail")[0], down="b2", downgrade=drop("mail")[1])
    assert run(project, "squash", "c3", "--scratch", "sqlite://").err == ""


def test_a_type_that_no_column_creates_is_created(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    mood = 'sa.Column("mood", postgresql.ENUM("a", name="mood", create_type=False))'
    body = f'op.execute("CREATE TYPE mood AS ENUM (\'a\')")\nop.create_table("t", {mood})'
    back = 'op.drop_table("t")\nop.execute("DROP TYPE mood")'
    write(project, "a1", body, downgrade=back)
    write(project, "b2", 'op.add_column("t", sa.Column("n", sa.Integer))', down="a1")
    assert run(project, "squash", "b2", "--scratch", pg_url).err == ""
    project.upgrade()
    project.downgrade()


def test_a_trigger_on_a_table_that_is_renamed_later_is_created_before_that(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    body = """
    op.execute(\"\"\"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RETURN NEW; END $$\"\"\")
    op.execute("CREATE TRIGGER g BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION f()")
    """
    write(project, "a1", USERS)
    write(project, "b2", body, down="a1")
    write(project, "c3", 'op.rename_table("users", "people")', down="b2")
    assert run(project, "squash", "c3", "--scratch", pg_url).err == ""


@pytest.mark.parametrize(
    "statement",
    [
        COPY,
        'op.execute("DELETE FROM users WHERE mail IS NULL")',
        'op.execute("INSERT INTO users (id, name) SELECT id, lower(mail) FROM users")',
        'op.execute(sa.table("users", sa.column("mail")).update().values(mail="a"))',
        'for each in op.get_bind().execute(sa.text("SELECT mail FROM users")):\n    print(each)',
        'found = op.get_bind().scalar(sa.text("SELECT count(mail) FROM users"))\nif found:\n    print(found)',
    ],
)
def test_a_statement_that_finds_no_rows_is_left_out(
    statement: str, alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    write(project, "a1", USERS)
    write(project, "b2", statement, down="a1")
    write(project, "c3", drop("mail")[0], down="b2", downgrade=drop("mail")[1])
    finished = run(project, "squash", "c3", "--scratch", "sqlite://")
    assert finished.err == ""
    assert "left out, for they find no rows: b2_.py:1" in finished.out
    assert "mail" not in source(project, "c3")


@pytest.mark.parametrize(
    "before",
    [
        INSERT,
        'op.bulk_insert(sa.table("users", sa.column("id")), [{"id": 1}])',
        'op.execute("INSERT INTO users (id) SELECT 1")',
        'op.execute("INSERT INTO users (id) SELECT max(id) + 1 FROM users")',
        'op.execute("INSERT INTO users (id) SELECT 1 FROM users UNION SELECT 2")',
        'op.execute("INSERT INTO users (id) SELECT total(id) FROM users")',
        (
            'op.execute("CREATE TRIGGER g AFTER INSERT ON other BEGIN INSERT INTO users (id) VALUES (new.id); END")\n'
            'op.execute("INSERT INTO other VALUES (7)")'
        ),
    ],
)
def test_a_statement_that_may_find_rows_is_copied(
    before: str, alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    other = 'op.create_table("other", sa.Column("id", sa.Integer, primary_key=True))'
    write(project, "a1", f"{USERS}\n{other}\n{before}")
    write(project, "b2", "op.execute(\"UPDATE users SET name = 'y'\")", down="a1")
    finished = run(project, "squash", "b2", "--scratch", "sqlite://")
    assert finished.err == ""
    assert "UPDATE users" in source(project, "b2")
    assert "left out" not in finished.out


def test_a_table_keeps_its_rows_when_it_is_renamed(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    write(project, "a1", f'{USERS}\n{INSERT}\nop.rename_table("users", "people")')
    write(project, "b2", "op.execute(\"UPDATE people SET name = 'y'\")", down="a1")
    assert run(project, "squash", "b2", "--scratch", "sqlite://").err == ""
    assert "UPDATE people" in source(project, "b2")


def test_rows_of_tables_that_downgrade_drops_are_left_alone(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    write(project, "a1", USERS, downgrade='op.drop_table("users")')
    write(
        project,
        "b2",
        INSERT,
        down="a1",
        downgrade='op.execute("DELETE FROM users WHERE mail IS NULL")',
    )
    assert run(project, "squash", "b2").err == ""
    assert "DELETE" not in source(project, "b2")


def test_what_cannot_run_in_between_is_refused_with_its_line_until_it_is_left_out(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    mood = 'postgresql.ENUM("a", name="mood", create_type=False)'
    table = f'op.create_table("t", sa.Column("mood", {mood}))'
    write(
        project,
        "a1",
        f"{USERS}\n{INSERT}\nop.execute(\"CREATE TYPE mood AS ENUM ('a')\")\n{table}",
    )
    write(project, "b2", COPY, down="a1")
    body = 'op.drop_column("users", "mail")\nop.execute("ALTER TYPE mood RENAME TO feeling")'
    write(project, "c3", body, down="b2")
    finished = run(project, "squash", "c3")
    assert finished.err.startswith(
        "FAILED: a1_.py:15: it uses 'mail', which does not exist at the end, and cannot run in "
        "between ("
    )
    assert len(project.scripts()) == 3
    left_out = ("--leave-out", "b2_.py:14", "--leave-out", "a1_.py:15")
    assert run(project, "squash", "c3", *left_out, "--scratch", pg_url).err == ""


def test_an_operation_that_changes_nothing_is_not_copied(project_of_mysql: AlembicProject) -> None:
    write(project_of_mysql, "a1", USERS)
    same = 'op.alter_column("users", "mail", existing_type=sa.String(9))'
    write(project_of_mysql, "b2", same, down="a1", downgrade=same)
    assert run(project_of_mysql, "squash", "b2").err == ""
    assert "alter_column" not in source(project_of_mysql, "b2")


def test_a_constraint_that_is_dropped_if_it_exists_is_not_copied(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    write(project, "a1", USERS)
    body = 'op.execute("ALTER TABLE users DROP CONSTRAINT IF EXISTS uq")\n'
    body += 'op.create_unique_constraint("uq", "users", ["mail"])'
    write(project, "b2", body, down="a1")
    assert run(project, "squash", "b2", "--scratch", pg_url).err == ""
    assert "IF EXISTS" not in source(project, "b2")


def test_a_project_whose_template_has_no_downgrade_is_squashed(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    template = project.directory / "migrations" / "script.py.mako"
    text = template.read_text(encoding="utf-8")
    template.write_text(text.partition("def downgrade")[0], encoding="utf-8")
    write(project, "a1", USERS)
    write(project, "b2", INSERT, down="a1")
    assert run(project, "squash", "b2").err == ""
    assert "def downgrade" not in source(project, "b2")


@pytest.fixture
def project_of_mysql(alembic_project: ProjectFactory) -> AlembicProject:
    return alembic_project(MODELS, "mariadb+pymysql://nobody@host.invalid/none")
