"""The rows on which a revision fails, as `plan` tells of them, against what each database does."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.commands.command_line import run
from tests.history.scripts import MODELS, write
from tests.operations.circle import execute

TABLES = """
Users = TableSchema(
    "users",
    [
        column("id", "INTEGER", nullable=False),
        column("mail", "VARCHAR(50)"),
        column("age", "BIGINT"),
        column("sum", "DECIMAL(10,2)"),
        column("Boss's \\"id\\"", "INTEGER"),
    ],
    constraints=[primary_key("id")],
)
Keys = TableSchema("pairs", [column("n", "INTEGER")])
"""
ROWS = (
    'INSERT INTO users (id, mail, age, sum, "Boss\'s ""id""") VALUES'
    " (1, 'ann', 5, 1.5, NULL), (2, 'ann', 5000000000, 99999999.99, 1), (3, NULL, NULL, NULL, 9),"
    " (4, 'a name that is long  ', 7, 0, 8), (5, 'ann', 8, 0, NULL)"
)
ALL = frozenset({"postgresql", "mariadb", "sqlite"})
SERVERS = ALL - {"sqlite"}


@dataclass(frozen=True)
class Case:
    """A change, the rows on which it fails, where it does, and where there is such a change."""

    name: str
    change: str
    text: str
    now: int | None
    on: frozenset[str] = ALL
    unit: str = "rows"
    of: frozenset[str] = ALL


USERS = 'with op.moltres_alter_table("users") as users:\n    users.'
CASES = (
    Case(
        "NOT NULL",
        USERS
        + 'alter_column(column("mail", "VARCHAR(50)"), column("mail", "VARCHAR(50)", nullable=False))',
        "NULL in users.mail",
        1,
    ),
    Case(
        "a column without a value",
        USERS + 'add_column(column("new", "INTEGER", nullable=False))',
        "any row of users: new is NOT NULL without a default",
        5,
        ALL - {"mariadb"},
    ),
    Case(
        "UNIQUE",
        USERS + 'add_constraint(unique("mail", name="uq"))',
        "rows of users that repeat (mail)",
        1,
        unit="values",
    ),
    Case(
        "a unique index",
        USERS + 'create_index(index("uq", ["mail"], unique=True))',
        "rows of users that repeat (mail)",
        1,
        unit="values",
    ),
    Case(
        "a unique index over an expression",
        USERS + 'create_index(index("uq", [sql("(length(mail))")], unique=True))',
        "rows of users that repeat ((length(mail)))",
        1,
        unit="values",
        of=ALL - {"mariadb"},
    ),
    Case(
        "a primary key",
        'with op.moltres_alter_table("pairs") as pairs:\n'
        '    pairs.add_constraint(primary_key("n", name="pk"))',
        "rows of pairs that repeat (n)",
        1,
        unit="values",
    ),
    Case(
        "CHECK",
        USERS + 'add_constraint(check("age < 100", name="ck"))',
        "rows of users that violate CHECK (age < 100)",
        1,
    ),
    Case(
        "FOREIGN KEY",
        USERS + """add_constraint(foreign_key("Boss's \\"id\\"", "users", "id", name="fk"))""",
        """rows of users whose (Boss's "id") is not in users (id)""",
        2,
    ),
    Case(
        "a shorter text",
        USERS + 'alter_column(column("mail", "VARCHAR(50)"), column("mail", "VARCHAR(10)"))',
        "values of users.mail that do not fit into VARCHAR(10)",
        1,
        SERVERS,
    ),
    Case(
        "a narrower integer",
        USERS + 'alter_column(column("age", "BIGINT"), column("age", "INTEGER"))',
        "values of users.age that do not fit into INTEGER",
        1,
        SERVERS,
    ),
    Case(
        "fewer digits",
        USERS + 'alter_column(column("sum", "DECIMAL(10,2)"), column("sum", "DECIMAL(9,2)"))',
        "values of users.sum that do not fit into DECIMAL(9,2)",
        1,
        SERVERS,
    ),
    Case(
        "a conversion",
        USERS + 'alter_column(column("mail", "VARCHAR(50)"), column("mail", "INTEGER"))',
        "values of users.mail that cannot be converted to INTEGER",
        None,
        SERVERS,
    ),
)


def project_of(factory: ProjectFactory, engine: sa.Engine, change: str) -> AlembicProject:
    """Make a project at a1, with rows, of which b2 is pending."""
    project = factory(MODELS, engine.url.render_as_string(hide_password=False))
    both = "op.moltres_create_table(Users)\nop.moltres_create_table(Keys)"
    write(project, "a1", both, before=TABLES)
    write(project, "b2", change, down="a1")
    project.upgrade("a1")
    with engine.begin() as connection:
        if engine.dialect.name == "mariadb":
            connection.exec_driver_sql("SET SESSION sql_mode = concat(@@sql_mode, ',ANSI_QUOTES')")
        connection.exec_driver_sql(ROWS)
        connection.exec_driver_sql("INSERT INTO pairs (n) VALUES (1), (1), (2)")
    return project


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_told_is_what_the_database_does(
    alembic_project: ProjectFactory, any_engine: sa.Engine, case: Case
) -> None:
    name = any_engine.dialect.name
    if name not in case.of:
        return
    project = project_of(alembic_project, any_engine, case.change)
    (plan,) = json.loads(run(project, "plan", "--format", "json").out)
    told = {"what": case.text, "unit": case.unit, "now": case.now, "more": False}
    fails = name in case.on
    assert ([told] if fails else []) == plan["revisions"][0]["fails_on"]
    if fails:
        with pytest.raises((CommandError, DBAPIError)):
            project.upgrade()
    execute(any_engine, "DELETE FROM users", "DELETE FROM pairs")
    (plan,) = json.loads(run(project, "plan", "--format", "json").out)
    now = [each["now"] for each in plan["revisions"][0]["fails_on"]]
    assert ([None if case.now is None else 0] if fails else []) == now
    project.upgrade()


MIXED = """
op.execute("UPDATE users SET mail = 'none' WHERE mail IS NULL")
with op.moltres_alter_table("users") as users:
    users.rename_column("age", "years")
    users.add_column(column("age", "INTEGER"))
    users.add_constraint(check("years < 100", name="ck"))
    users.add_constraint(check("age < 100", name="ck2"))
    users.alter_column(column("mail", "VARCHAR(50)"), column("mail", "VARCHAR(50)", nullable=False))
op.moltres_create_table(TableSchema("new", [column("a", "INTEGER")]))
with op.moltres_alter_table("new") as new:
    new.add_constraint(unique("a", name="ua"))
"""
TOLD = """\
  fails on rows of users that violate CHECK (years < 100): 1 row now
           NULL in users.mail: 1 row now
           rows of users that violate CHECK (age < 100)
"""


def test_only_what_the_database_has_now_is_counted(
    alembic_project: ProjectFactory, any_engine: sa.Engine
) -> None:
    project = project_of(alembic_project, any_engine, MIXED)
    assert TOLD in run(project, "plan").out
    assert ": 1 row now" not in run(project, "plan", "b2").out
    assert (
        "- **Fails on:**\n  - rows of users that violate CHECK \\(years \\< 100\\)\\: 1 row now\n"
        in (run(project, "plan", "--format", "markdown").out)
    )


def test_counting_ends_at_a_thousand_and_writes_nothing(
    alembic_project: ProjectFactory, pg_engine: sa.Engine
) -> None:
    project = project_of(alembic_project, pg_engine, CASES[0].change)
    execute(pg_engine, "INSERT INTO users (id) SELECT n FROM generate_series(10, 5000) n")
    assert "NULL in users.mail: more than 1,000 rows now\n" in run(project, "plan").out
    body = """
    op.execute("CREATE FUNCTION f(n bigint) RETURNS boolean AS $$ INSERT INTO pairs VALUES (7) RETURNING true $$ LANGUAGE sql")
    with op.moltres_alter_table("users") as users:
        users.add_constraint(check("f(age)", name="ck"))
    """
    write(project, "c3", body, down="b2")
    execute(pg_engine, "DELETE FROM pairs")
    assert "rows of users that violate CHECK (f(age))\n" in run(project, "plan").out
    execute(
        pg_engine,
        "CREATE FUNCTION f(n bigint) RETURNS boolean AS $$ INSERT INTO pairs VALUES (7) RETURNING true $$ LANGUAGE sql",
    )
    assert "rows of users that violate CHECK (f(age))\n" in run(project, "plan").out
    with pg_engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM pairs").scalar() == 0


def test_a_removed_label_is_counted_in_every_column_that_has_it(
    alembic_project: ProjectFactory, pg_engine: sa.Engine
) -> None:
    project = alembic_project(MODELS, pg_engine.url.render_as_string(hide_password=False))
    kind = "ENUM('a','b','c',name='kind')"
    moods = f"""Moods = TableSchema("moods", [column("m", "{kind}"), column("o", "{kind}"), column("l", "postgresql.ARRAY({kind})")])"""
    write(project, "a1", "op.moltres_create_table(Moods)", before=moods)
    write(project, "b2", f"""op.moltres_alter_enum("{kind}", "ENUM('a',name='kind')")""", down="a1")
    project.upgrade("a1")
    execute(pg_engine, "INSERT INTO moods VALUES ('a', 'b', '{c}'), ('a', 'c', '{a}')")
    out = run(project, "plan").out
    assert (
        "  fails on 'b', 'c' in moods.o: 2 rows now\n           'b', 'c' in moods.l\n"
        "           'b', 'c' in moods.m: none now\n"
    ) in out
