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
DROP = 'op.drop_table("users")'
DROP_MOOD = 'op.drop_table("t")\nop.execute("DROP TYPE mood")'
ADD_N = ('op.add_column("t", sa.Column("n", sa.Integer))', "")


Body = tuple[str, str]
"""The bodies of `upgrade()` and of `downgrade()`."""

NAMES = ("a1", "b2", "c3")


def write_all(project: AlembicProject, *bodies: Body) -> None:
    """Write the scripts a1, b2 and c3, one after the other."""
    for name, down, (body, back) in zip(NAMES, (None, *NAMES), bodies, strict=False):
        write(project, name, body, down=down, downgrade=back or "pass")


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
    renamed = (rename("mail", "address"), rename("address", "mail"))
    write_all(project, (f"{USERS}\n{INSERT}", DROP), (COPY, ""), renamed)
    assert run(project, "squash", "c3", "--scratch", scratch(any_url)).err == ""
    assert source(project, "c3").index("_upgrade_b2()\n    with") > 0
    project.upgrade()
    with any_engine.connect() as connection:
        assert [(1, "x", "x")] == connection.exec_driver_sql(
            "SELECT id, address, name FROM users"
        ).all()
    project.downgrade()


QUERY = """
found = op.get_bind().execute(sa.text("SELECT id, mail FROM users")).all()
for number, mail in found:
    op.execute(f"UPDATE users SET name = '{mail}' WHERE id = {number}")
"""


@pytest.mark.parametrize(
    "body", [pytest.param(COPY, id="UPDATE"), pytest.param(QUERY, id="SELECT")]
)
def test_a_range_runs_its_statements_before_the_column_is_dropped(
    body: str,
    alembic_project: ProjectFactory,
    any_url: str,
    any_engine: sa.Engine,
) -> None:
    project = alembic_project(MODELS, any_url)
    write_all(project, (USERS, DROP), (body, ""), drop("mail"))
    project.upgrade("a1")
    with any_engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO users VALUES (1, 'x', 'y')")
    assert run(project, "squash", "b2:c3").err == ""
    project.upgrade()
    with any_engine.connect() as connection:
        assert [(1, "x")] == connection.exec_driver_sql("SELECT * FROM users").all()


def test_a_range_runs_its_statements_back_after_the_column_is_added(
    alembic_project: ProjectFactory, any_url: str, any_engine: sa.Engine
) -> None:
    project = alembic_project(MODELS, any_url)
    back = 'op.execute("UPDATE users SET mail = name")'
    write_all(project, (f"{USERS}\n{INSERT}", DROP), (COPY, back), drop("mail"))
    assert run(project, "squash", "b2:c3").err == ""
    project.upgrade()
    project.downgrade("a1")
    with any_engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT mail, name FROM users").all()
    assert [("x", "x")] == rows


def test_a_column_that_takes_the_name_of_a_dropped_one_keeps_its_rows(
    alembic_project: ProjectFactory, pg_url: str, pg_engine: sa.Engine
) -> None:
    project = alembic_project(MODELS, pg_url)
    body = 'op.drop_column("users", "mail")\n'
    body += 'op.alter_column("users", "name", new_column_name="mail")'
    added = ('op.add_column("users", sa.Column("n", sa.Integer))', "")
    write_all(project, (USERS, ""), (body, ""), added)
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
    write_all(
        project,
        (f'op.create_table("t", {mood})', DROP_MOOD),
        ("op.execute(\"ALTER TYPE mood ADD VALUE 'b'\")", ""),
        ADD_N,
    )
    assert run(project, "squash", "b2:c3", "--scratch", pg_url).err == ""
    assert "op.moltres_alter_enum(" in source(project, "c3")


def test_copied_rows_use_a_label_that_the_range_adds(
    alembic_project: ProjectFactory, pg_url: str, pg_engine: sa.Engine
) -> None:
    project = alembic_project(MODELS, pg_url)
    mood = 'sa.Column("mood", sa.Enum("a", name="mood"))'
    used = "op.execute(\"UPDATE t SET mood = 'b' WHERE n = 1\")"
    write_all(
        project,
        (f'op.create_table("t", sa.Column("n", sa.Integer), {mood})', DROP_MOOD),
        ("op.execute(\"ALTER TYPE mood ADD VALUE 'b'\")", ""),
        (used, ""),
    )
    project.upgrade("a1")
    with pg_engine.begin() as connection:
        rows = "INSERT INTO t SELECT n, 'a' FROM generate_series(1, 300000) n"
        connection.exec_driver_sql(rows)  # a table of this size is not rewritten if it need not be
    assert run(project, "squash", "b2:c3").err == ""
    project.upgrade()
    with pg_engine.connect() as connection:
        changed = "SELECT count(*) FROM t WHERE mood = 'b'"
        assert connection.exec_driver_sql(changed).scalar_one() == 1


def test_a_type_that_no_column_creates_is_created(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    mood = 'sa.Column("mood", postgresql.ENUM("a", name="mood", create_type=False))'
    body = f'op.execute("CREATE TYPE mood AS ENUM (\'a\')")\nop.create_table("t", {mood})'
    write_all(project, (body, DROP_MOOD), ADD_N)
    assert run(project, "squash", "b2", "--scratch", pg_url).err == ""
    project.upgrade()
    project.downgrade()


def test_a_type_that_a_range_drops_is_dropped_and_created_on_the_way_back(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    mood = 'sa.Column("mood", postgresql.ENUM("a", name="mood", create_type=False))'
    create = "op.execute(\"CREATE TYPE mood AS ENUM ('a')\")"
    drop_column = 'op.drop_column("t", "mood")\nop.execute("DROP TYPE mood")'
    write_all(
        project,
        (f'{create}\nop.create_table("t", sa.Column("id", sa.Integer), {mood})', DROP_MOOD),
        (drop_column, f'{create}\nop.add_column("t", {mood})'),
        ADD_N,
    )
    assert run(project, "squash", "b2:c3", "--scratch", pg_url).err == ""
    project.upgrade()
    project.downgrade()


BULK_INSERT = (
    f'{USERS.replace("op.create", "users = op.create")}\nop.bulk_insert(users, [{{"id": 1}}])'
)
OTHER = 'op.create_table("other", sa.Column("mail", sa.String(9)))'


@pytest.mark.parametrize(
    "bodies",
    [
        pytest.param(
            (
                (BULK_INSERT, ""),
                ("op.execute(op.moltres_tables()['users'].update().values(name='y'))", ""),
            ),
            id="moltres_tables",
        ),
        pytest.param(
            ((f"{USERS}\n{OTHER}\n{INSERT}", ""), (COPY, ""), drop("mail")),
            id="a dropped column whose name another table has",
        ),
    ],
)
def test_the_new_script_does_what_its_revisions_did(
    bodies: tuple[Body, ...], alembic_project: ProjectFactory, any_url: str
) -> None:
    project = alembic_project(MODELS, any_url)
    write_all(project, *bodies)
    last = NAMES[len(bodies) - 1]
    assert run(project, "squash", last, "--scratch", scratch(any_url)).err == ""


def test_a_trigger_on_a_table_that_is_renamed_later_is_created_before_that(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    body = """
    op.execute(\"\"\"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RETURN NEW; END $$\"\"\")
    op.execute("CREATE TRIGGER g BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION f()")
    """
    write_all(project, (USERS, ""), (body, ""), ('op.rename_table("users", "people")', ""))
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
    write_all(project, (USERS, ""), (statement, ""), drop("mail"))
    finished = run(project, "squash", "c3", "--scratch", "sqlite://")
    assert finished.err == ""
    assert "left out, for they find no rows:\n  b2_.py:1" in finished.out
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
    update = "op.execute(\"UPDATE users SET name = 'y'\")"
    write_all(project, (f"{USERS}\n{other}\n{before}", ""), (update, ""))
    finished = run(project, "squash", "b2", "--scratch", "sqlite://")
    assert finished.err == ""
    assert "UPDATE users" in source(project, "b2")
    assert "left out" not in finished.out


def test_a_table_keeps_its_rows_when_it_is_renamed(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    renamed = f'{USERS}\n{INSERT}\nop.rename_table("users", "people")'
    write_all(project, (renamed, ""), ("op.execute(\"UPDATE people SET name = 'y'\")", ""))
    assert run(project, "squash", "b2", "--scratch", "sqlite://").err == ""
    assert "UPDATE people" in source(project, "b2")


def test_rows_of_tables_that_downgrade_drops_are_left_alone(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    deleted = 'op.execute("DELETE FROM users WHERE mail IS NULL")'
    write_all(project, (USERS, DROP), (INSERT, deleted))
    assert run(project, "squash", "b2").err == ""
    assert "DELETE" not in source(project, "b2")


def test_what_cannot_run_in_between_is_refused_with_its_line_until_it_is_left_out(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    mood = 'postgresql.ENUM("a", name="mood", create_type=False)'
    table = f'op.create_table("t", sa.Column("mood", {mood}))'
    first = f"{USERS}\n{INSERT}\nop.execute(\"CREATE TYPE mood AS ENUM ('a')\")\n{table}"
    third = 'op.drop_column("users", "mail")\nop.execute("CREATE SCHEMA other")\n'
    third += 'op.execute("ALTER TYPE mood SET SCHEMA other")'
    write_all(project, (first, ""), (COPY, ""), (third, ""))
    finished = run(project, "squash", "c3")
    assert finished.err.startswith(
        "FAILED: a1_.py:15: it uses 'mail', which does not exist at the end, and cannot run in "
        "between ("
    )
    assert len(project.scripts()) == 3
    left_out = ("--leave-out", "b2_.py:14", "--leave-out", "a1_.py:15")
    assert run(project, "squash", "c3", *left_out, "--scratch", pg_url).err == ""


def test_an_operation_that_changes_nothing_is_not_copied(project_of_mysql: AlembicProject) -> None:
    same = 'op.alter_column("users", "mail", existing_type=sa.String(9))'
    write_all(project_of_mysql, (USERS, ""), (same, same))
    assert run(project_of_mysql, "squash", "b2").err == ""
    assert "alter_column" not in source(project_of_mysql, "b2")


def test_a_constraint_that_is_dropped_if_it_exists_is_not_copied(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    body = 'op.execute("ALTER TABLE users DROP CONSTRAINT IF EXISTS uq")\n'
    body += 'op.create_unique_constraint("uq", "users", ["mail"])'
    write_all(project, (USERS, ""), (body, ""))
    assert run(project, "squash", "b2", "--scratch", pg_url).err == ""
    assert "IF EXISTS" not in source(project, "b2")


def test_a_project_whose_template_has_no_downgrade_is_squashed(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    template = project.directory / "migrations" / "script.py.mako"
    text = template.read_text(encoding="utf-8")
    template.write_text(text.partition("def downgrade")[0], encoding="utf-8")
    write_all(project, (USERS, ""), (INSERT, ""))
    assert run(project, "squash", "b2").err == ""
    assert "def downgrade" not in source(project, "b2")


@pytest.fixture
def project_of_mysql(alembic_project: ProjectFactory) -> AlembicProject:
    return alembic_project(MODELS, "mariadb+pymysql://nobody@host.invalid/none")


def test_a_loop_that_changes_tables_is_not_copied_for_its_variable(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    loops = """
    for name in ("x", "y"):
        op.add_column("users", sa.Column(name, sa.String(9)))
    for name in ("x", "y"):
        op.execute(f"INSERT INTO users (mail, {name}) VALUES ('m', 'v')")
    """
    write_all(project, (USERS, DROP), (loops, ""), ("pass", ""))
    assert run(project, "squash", "b2:c3", "--scratch", "sqlite://").err == ""
    text = source(project, "c3")
    assert "op.add_column" not in text
    assert "INSERT INTO users" in text


def test_the_classes_that_a_mapped_class_names_in_a_text_are_copied_with_it(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    classes = """
        from sqlalchemy.orm import Session, declarative_base, relationship

        Base = declarative_base()

        class User(Base):
            __tablename__ = "users"
            id = sa.Column(sa.Integer, primary_key=True)
            owner = sa.Column(sa.ForeignKey("users.id"))
            places = relationship("Place", secondary="lived", back_populates="users")

        class Place(Base):
            __tablename__ = "places"
            id = sa.Column(sa.Integer, primary_key=True)
            users = relationship("User", secondary="lived", back_populates="places")

        links = sa.Table("lived", Base.metadata, sa.Column("a", sa.ForeignKey("users.id")),
            sa.Column("b", sa.ForeignKey("places.id")))
        """
    body = "session = Session(op.get_bind())\nsession.add(User(id=7))\nsession.flush()"
    table = 'op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), '
    table += 'sa.Column("owner", sa.Integer))'
    write(project, "a1", table)
    write(project, "b2", body, down="a1", before=classes)
    assert run(project, "squash", "b2", "--scratch", "sqlite://").err == ""


@pytest.mark.parametrize(
    ("move", "name"),
    [
        pytest.param(
            """
            op.rename_table("users", "old")
            op.create_table("users", sa.Column("id", sa.Integer), sa.Column("name", sa.String({})))
            op.execute("INSERT INTO users SELECT id, name FROM old")
            op.drop_table("old")
            """,
            "old",
            id="table",
        ),
        pytest.param(
            """
            op.add_column("users", sa.Column("new", sa.String({})))
            op.execute("UPDATE users SET new = name")
            op.drop_column("users", "name")
            op.alter_column("users", "new", new_column_name="name", existing_type=sa.String({}))
            """,
            "new",
            id="column",
        ),
    ],
)
def test_what_exists_only_inside_downgrade_is_refused_with_its_line(
    move: str, name: str, alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    write_all(
        project,
        (USERS, DROP),
        (move.replace("{}", "20"), move.replace("{}", "9")),
        ('op.create_table("other", sa.Column("id", sa.Integer))', 'op.drop_table("other")'),
    )
    err = run(project, "squash", "b2:c3").err
    assert f"it uses {name!r}, which exists only inside downgrade()" in err
    assert len(project.scripts()) == 3
