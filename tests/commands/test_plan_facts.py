"""What `plan` tells of locks, rewrites, losses and sizes, as text, Markdown and JSON."""

from __future__ import annotations

import json
import re

import pytest
import sqlalchemy as sa

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.commands.command_line import run
from tests.history.scripts import MODELS, write

NOWHERE = "postgresql+psycopg://nobody@host.invalid/none"
TABLES = """
Users = TableSchema(
    "users",
    [column("id", "INTEGER", nullable=False), column("mail", "VARCHAR(50)"), column("age", "INTEGER")],
    constraints=[primary_key("id")],
)
Orders = TableSchema(
    "orders",
    [column("id", "INTEGER", nullable=False), column("total", "DECIMAL(10,2)"), column("user_id", "INTEGER")],
    constraints=[primary_key("id")],
)
"""
CHANGED = """
with op.moltres_alter_table("users") as users:
    users.drop_column(column("age", "INTEGER"))
    users.alter_column(column("mail", "VARCHAR(50)"), column("mail", "VARCHAR(80)"))
with op.moltres_alter_table("orders") as orders:
    orders.alter_column(column("total", "DECIMAL(10,2)"), column("total", "INTEGER"))
    orders.add_constraint(foreign_key("user_id", "users", "id", name="fk_user"))
op.create_index("ix_mail", "users", ["mail"], postgresql_concurrently=True)
"""
BACK = """
op.drop_index("ix_mail", "users")
with op.moltres_alter_table("orders") as orders:
    orders.drop_constraint(foreign_key("user_id", "users", "id", name="fk_user"))
    orders.alter_column(column("total", "INTEGER"), column("total", "DECIMAL(10,2)"))
with op.moltres_alter_table("users") as users:
    users.alter_column(column("mail", "VARCHAR(80)"), column("mail", "VARCHAR(50)"))
    users.add_column(column("age", "INTEGER"))
"""


def history(project: AlembicProject) -> AlembicProject:
    both = "op.moltres_create_table(Users)\nop.moltres_create_table(Orders)"
    write(project, "a1", both, before=TABLES)
    write(project, "b2", CHANGED, down="a1", downgrade=BACK)
    return project


@pytest.fixture
def project(alembic_project: ProjectFactory) -> AlembicProject:
    return history(alembic_project(MODELS, NOWHERE))


def summary(out: str) -> list[str]:
    """Return the lines above the first step."""
    return out.partition("\n\n")[0].splitlines()[1:]


def test_what_locks_and_what_is_lost_stands_first(project: AlembicProject) -> None:
    assert [
        "  locks    orders: readers and writers wait (ACCESS EXCLUSIVE); the table is rewritten",
        "           users: readers and writers wait (ACCESS EXCLUSIVE); an index is built",
        "  loses    the values of users.age",
        "           the fractions of orders.total",
        "  fails on values of orders.total that cannot be converted to INTEGER",
        "           rows of orders whose (user_id) is not in users (id)",
        "  undo     in part: the tables, but not what is lost",
    ] == summary(run(project, "plan", "b2").out)


def test_tables_of_the_same_revision_are_in_nobodys_use(project: AlembicProject) -> None:
    assert [
        "  locks    no existing table",
        "  loses    nothing",
        "  fails on no row",
        "  undo     no: downgrade() does nothing",
    ] == summary(run(project, "plan", "a1").out)


def test_each_step_has_its_own_locks(project: AlembicProject) -> None:
    out = run(project, "plan", "b2").out
    assert [
        "users: readers and writers wait (ACCESS EXCLUSIVE); no row is touched",
        "orders: readers and writers wait (ACCESS EXCLUSIVE); the table is rewritten",
        "users: writers wait (SHARE ROW EXCLUSIVE); no row is touched",
        "users: nobody waits (SHARE UPDATE EXCLUSIVE); an index is built",
    ] == re.findall(r"^       > (.*)$", out, re.MULTILINE)


def test_a_renamed_table_is_the_same_one(project: AlembicProject) -> None:
    body = 'op.rename_table("users", "people")\nop.drop_column("people", "mail")'
    write(project, "c3", body, down="b2")
    assert [
        "  locks    users: readers and writers wait (ACCESS EXCLUSIVE); no row is touched",
        "  loses    the values of people.mail",
    ] == summary(run(project, "plan", "c3").out)[:2]


def test_a_dropped_table_loses_its_rows(
    alembic_project: ProjectFactory, any_engine: sa.Engine
) -> None:
    url = any_engine.url.render_as_string(hide_password=False)
    project = history(alembic_project(MODELS, url))
    write(project, "c3", 'op.drop_table("orders")\nop.drop_table("users")', down="b2")
    before, *_ = summary(run(project, "plan", "c3").out)
    assert before.endswith("; all rows are deleted"), before
    assert '"work": "delete"' in run(project, "plan", "c3", "--format", "json").out


def test_sql_of_a_script_is_not_known(project: AlembicProject) -> None:
    write(project, "c3", 'op.execute("ALTER TABLE users ADD COLUMN n INTEGER")', down="b2")
    assert summary(run(project, "plan", "c3").out)[0] == (
        "  locks    the locks of step 1 are unknown"
    )


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("DELETE FROM users", "the losses of step 1 are unknown"),
        (
            "WITH gone AS (DELETE FROM users RETURNING 1) SELECT 1",
            "the losses of step 1 are unknown",
        ),
        ("INSERT INTO users (id) VALUES (7)", "nothing"),
        ("ALTER TABLE users DROP COLUMN mail", "the values of users.mail"),
    ],
)
def test_what_sql_of_a_script_loses(project: AlembicProject, body: str, told: str) -> None:
    write(project, "c3", f"op.execute({body!r})", down="b2")
    assert f"  loses    {told}" == summary(run(project, "plan", "c3").out)[1]


def test_sizes_are_those_of_the_database(alembic_project: ProjectFactory, pg_url: str) -> None:
    project = history(alembic_project(MODELS, pg_url))
    project.upgrade("a1")
    engine = sa.create_engine(pg_url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(
            "INSERT INTO users SELECT n, 'x', 1 FROM generate_series(1, 12345) n"
        )
        connection.exec_driver_sql("ANALYZE users")
    assert re.match(
        r"           users \(about 12,300 rows, \d{3} kB\): readers",
        summary(run(project, "plan").out)[1],
    )
    found = json.loads(run(project, "plan", "--format", "json").out)
    assert found[0]["revisions"][0]["tables"][1]["rows"] == 12345


ENUM = """
    Moods = TableSchema("moods", [column("m", "ENUM('a',name='mood')")])
"""


def test_a_large_table_is_not_rewritten_for_a_label(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    write(project, "a1", "op.moltres_create_table(Moods)", before=ENUM)
    label = """op.moltres_alter_enum("ENUM('a',name='mood')", "ENUM('a','b',name='mood')")"""
    write(project, "b2", label, down="a1")
    project.upgrade("a1")
    unknown = "the table is rewritten (up to 8 MB; a larger table is neither locked nor rewritten)"
    assert summary(run(project, "plan", "b2").out)[0].endswith(unknown)
    assert summary(run(project, "plan").out)[0].endswith("the table is rewritten")
    engine = sa.create_engine(pg_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO moods SELECT 'a' FROM generate_series(1, 300000)")
    assert summary(run(project, "plan").out)[0] == "  locks    no existing table"


def test_sizes_of_mariadb(alembic_project: ProjectFactory, mariadb_url: str) -> None:
    project = history(alembic_project(MODELS, mariadb_url))
    project.upgrade("a1")
    out = run(project, "plan").out
    assert re.search(r" orders \(about \d+ rows, \d.* kB\): writers wait \(ALGORITHM=COPY", out)


def test_sizes_of_sqlite(alembic_project: ProjectFactory, sqlite_url: str) -> None:
    project = history(alembic_project(MODELS, sqlite_url))
    project.upgrade("a1")
    engine = sa.create_engine(sqlite_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO users (id) VALUES (1), (7)")
    assert "users (about 7 rows): writers wait (the whole database)" in run(project, "plan").out


def test_json_has_what_the_text_says(project: AlembicProject) -> None:
    done = run(project, "plan", "a1:b2", "--format", "json")
    assert (done.status, done.err) == (0, "")
    (plan,) = json.loads(done.out)
    (revision,) = plan["revisions"]
    assert (plan["dialect"], revision["revision"], revision["locks_known"]) == (
        "postgresql",
        "b2",
        True,
    )
    assert revision["tables"][0] == {
        "table": "orders",
        "lock": "ACCESS EXCLUSIVE",
        "waits": "everybody",
        "work": "rewrite",
        "note": "",
        "rows": None,
        "bytes": None,
    }
    assert revision["loses"] == ["the values of users.age", "the fractions of orders.total"]
    assert [
        "values of orders.total that cannot be converted to INTEGER",
        "rows of orders whose (user_id) is not in users (id)",
    ] == [each["what"] for each in revision["fails_on"]]
    assert {None} == {each["now"] for each in revision["fails_on"]}
    assert revision["undo"] == {"way": "in part", "why": "the tables, but not what is lost"}
    assert [each["own_sql"] for each in revision["steps"]] == [False, False, False]
    assert revision["steps"][2]["sql"] == ["CREATE INDEX CONCURRENTLY ix_mail ON users (mail)"]


def test_markdown_has_a_table_and_folded_steps(project: AlembicProject) -> None:
    out = run(project, "plan", "b2", "--format", "markdown").out
    assert out.startswith(
        "### `b2`\n\n| table | size | who waits | lock | rows |\n|---|---|---|---|---|\n"
    )
    assert (
        "| `users` |  | readers and writers wait | ACCESS EXCLUSIVE | an index is built |\n" in out
    )
    assert (
        "- **Loses:**\n  - the values of users\\.age\n  - the fractions of orders\\.total\n" in out
    )
    assert "<details><summary>3 steps, SQL</summary>\n" in out
    assert "   ```sql\n   CREATE INDEX CONCURRENTLY ix_mail ON users (mail);\n   ```\n" in out


EVIL = "x|y`z</details><script>[a](http://b) @me ```\n# H"


def test_names_make_no_markdown(project: AlembicProject) -> None:
    body = f"op.add_column('users', sa.Column({EVIL!r}, sa.Integer))\nop.drop_column('users', {EVIL!r})"
    write(project, "c3", body, down="b2")
    out = run(project, "plan", "c3", "--format", "markdown").out
    outside = re.sub(r"^   (`{3,})sql\n.*?^   \1$", "", out, flags=re.MULTILINE | re.DOTALL)
    assert "<script>" not in outside
    assert "](http" not in outside.replace("\\]\\(http", "")
    assert len(re.findall(r"^</details>$", outside, re.MULTILINE)) == 1
    assert "</details>" not in outside.replace("\n</details>\n", "\n")
    assert "\n# H" not in out
    fences = re.findall(r"^   (`{3,})sql$", out, re.MULTILINE)
    assert fences == ["````", "````"]
