"""`alembic-moltres state`: the tables of a revision as text, values, DDL and JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
import sqlalchemy as sa

import alembic_moltres
from tests.alembic_project import AlembicProject, ProjectFactory
from tests.commands.command_line import run
from tests.dump import dump
from tests.history.agreement import state_of
from tests.history.scripts import MODELS, write


@pytest.fixture
def project(alembic_project: ProjectFactory) -> AlembicProject:
    project = alembic_project(MODELS, "postgresql+psycopg://nobody@host.invalid/none")
    write(
        project,
        "a1",
        """
        op.create_table(
            "users",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("mail", sa.String(50), unique=True, server_default="x"),
            sa.Column("mood", sa.Enum("calm", "wild", name="mood")),
            sa.CheckConstraint("id > 0", name="ck_id"),
        )
        """,
    )
    write(
        project,
        "b2",
        """
        op.create_table(
            "orders",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"), index=True),
        )
        """,
        down="a1",
    )
    return project


@pytest.fixture
def unclear(project: AlembicProject) -> AlembicProject:
    write(project, "c3", "op.execute(\"SELECT alter_it('users')\")", down="b2")
    write(project, "d4", 'op.execute("ALTER TABLE users DO SOMETHING NEW")', down="c3")
    return project


def test_the_tables_are_shown_as_a_person_reads_them(project: AlembicProject) -> None:
    done = run(project, "state", "a1")
    assert (done.status, done.err) == (0, "")
    assert done.out == (
        "users\n"
        "  column  type                             null  default  keys\n"
        "  ------  -------------------------------  ----  -------  -----------\n"
        "  id      INTEGER                          no             primary key\n"
        "  mail    VARCHAR(50)                      yes   'x'      unique\n"
        "  mood    ENUM('calm','wild',name='mood')  yes\n"
        "  check ck_id id > 0\n"
        "\n"
    )


def test_heads_are_the_default_and_one_table_can_be_asked_for(project: AlembicProject) -> None:
    assert "users\n" in run(project, "state").out
    done = run(project, "state", "heads", "orders")
    assert "references users(id)" in done.out
    assert "  index ix_orders_user_id on (user_id)\n" in done.out
    assert "users\n" not in done.out


def test_the_actions_of_keys_and_comments_are_shown(project: AlembicProject) -> None:
    made = """
    op.moltres_create_table(
        TableSchema(
            "notes",
            [column("id", "INTEGER"), column("user_id", "INTEGER", comment="whose")],
            constraints=[
                foreign_key("user_id", "users", "id", on_delete="CASCADE", deferrable=True),
                unique(["id", "user_id"], name="uq", deferrable=True),
            ],
        )
    )
    """
    (head,) = run(project, "heads").out.split("\n")[0].split()[:1]
    write(project, "n1", made, down=head)
    shown = run(project, "state", "heads", "notes").out
    assert "references users(id) on delete CASCADE deferrable\n" in shown
    assert "  unique uq (id, user_id) deferrable\n" in shown
    assert "  comment of user_id 'whose'\n" in shown


@pytest.mark.parametrize(
    ("revision", "absolute"), [("head-1", "a1"), ("+1", "a1"), ("a1+1", "b2"), ("b2-2", "base")]
)
def test_a_relative_revision_is_one_of_alembics(
    project: AlembicProject, revision: str, absolute: str
) -> None:
    assert run(project, "state", revision).out == run(project, "state", absolute).out


@pytest.mark.parametrize("revision", ["head-9", "a1+5", "zz+1"])
def test_a_relative_revision_that_is_not_there_is_one_line(
    project: AlembicProject, revision: str
) -> None:
    done = run(project, "state", revision)
    assert (done.status, done.out, len(done.err.splitlines())) == (2, "", 1)


def test_a_misspelt_table_gets_a_hint(project: AlembicProject) -> None:
    done = run(project, "state", "heads", "user")
    assert (done.status, done.out) == (2, "")
    assert done.err == "FAILED: there is no table 'user' (at 'heads'); did you mean 'users'?\n"


def test_a_revision_that_is_not_there_is_named(project: AlembicProject) -> None:
    done = run(project, "state", "zz")
    assert done.status == 2
    assert len(done.err.splitlines()) == 1
    assert "zz" in done.err


def test_the_values_are_those_of_a_script(project: AlembicProject) -> None:
    written = run(project, "state", "b2", "users", "--format", "values").out
    names = {name: getattr(alembic_moltres, name) for name in alembic_moltres.__all__}
    exec(written, names)
    assert [each.name for each in names["Users"].columns] == ["id", "mail", "mood"]
    assert repr(names["Users"]) == repr(state_of(project).tables["users"])


def test_the_ddl_makes_the_tables(project: AlembicProject, pg_engine: sa.Engine) -> None:
    ddl = run(project, "state", "--sql").out
    with pg_engine.begin() as connection:
        connection.exec_driver_sql(ddl.replace("%", "%%"))
        found: Any = sa.inspect(connection)
        assert sorted(found.get_table_names()) == ["orders", "users"]
        assert found.get_enums()[0]["labels"] == ["calm", "wild"]


def test_the_ddl_makes_types_and_sequences_that_no_table_has(
    alembic_project: ProjectFactory, pg_engine: sa.Engine
) -> None:
    project = alembic_project(MODELS, "postgresql+psycopg://nobody@host.invalid/none")
    write(
        project,
        "a1",
        'op.execute("CREATE TYPE alone AS ENUM (\'a\')")\nop.execute("CREATE SEQUENCE s")',
    )
    with pg_engine.begin() as connection:
        connection.exec_driver_sql(run(project, "state", "--sql").out.replace("%", "%%"))
        found: Any = sa.inspect(connection)
        assert ["alone"] == [each["name"] for each in found.get_enums()]
        assert ["s"] == found.get_sequence_names()


def test_the_ddl_gives_the_indexes_of_foreign_keys_their_names(
    alembic_project: ProjectFactory, mariadb_url: str, mariadb_engine: sa.Engine
) -> None:
    project = alembic_project(MODELS, mariadb_url)
    made = """
op.create_table("p", sa.Column("id", sa.Integer, primary_key=True))
op.create_table("t", *(sa.Column(name, sa.Integer, sa.ForeignKey("p.id")) for name in "ab"))
"""
    write(project, "a1", made)
    project.upgrade()
    before = dump(mariadb_engine)
    ddl = run(project, "state", "--sql").out
    with mariadb_engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE t")
        connection.exec_driver_sql("DROP TABLE p")
        for statement in filter(str.strip, ddl.split(";")):
            connection.exec_driver_sql(statement)
    assert before == dump(mariadb_engine)


def test_what_a_script_prints_is_not_in_the_output(
    alembic_project: ProjectFactory,
) -> None:
    project = alembic_project(MODELS, "sqlite:///none.db")
    write(project, "a1", "print('working')\nop.create_table('t', sa.Column('id', sa.Integer))")
    done = run(project, "state", "--format", "json")
    assert ["t"] == [each["key"] for each in json.loads(done.out)["tables"]]
    assert "working\n" == done.err


def test_json_has_tables_and_what_is_uncertain(unclear: AlembicProject) -> None:
    done = run(unclear, "state", "--format", "json")
    assert done.status == 0
    found = json.loads(done.out)
    assert [each["key"] for each in found["tables"]] == ["users", "orders"]
    assert [each["certain"] for each in found["tables"]] == [False, True]
    assert {"is": "column", "name": "user_id", "type_name": "INTEGER"} in found["tables"][1][
        "table"
    ]["columns"]
    assert [(each["file"], each["line"]) for each in found["uncertain"]] == [
        ("c3_.py", 14),
        ("d4_.py", 14),
    ]


def test_what_is_uncertain_is_listed_with_its_line(unclear: AlembicProject) -> None:
    done = run(unclear, "state")
    assert done.status == 0
    assert "users\n" not in done.out
    told = [line for line in done.out.splitlines() if "uncertain" in line]
    assert [line.partition(" ")[0] for line in told] == ["c3_.py:14:", "d4_.py:14:"]


def test_an_uncertain_table_that_is_asked_for_is_2(unclear: AlembicProject) -> None:
    done = run(unclear, "state", "heads", "users")
    assert done.status == 2
    assert done.err.startswith("FAILED: c3_.py:14: table users uncertain")
    assert run(unclear, "state", "heads", "orders").status == 0


def test_ddl_of_all_tables_is_2_if_one_is_uncertain(unclear: AlembicProject) -> None:
    assert run(unclear, "state", "--sql").status == 2
    assert run(unclear, "state", "heads", "orders", "--sql").status == 0


def test_a_reader_that_goes_away_is_no_failure_to_tell(project: AlembicProject) -> None:
    write(project, "c3", "for n in range(3000):\n    op.create_table(f't{n}')", down="b2")
    command = [sys.executable, "-m", "alembic_moltres.commands.command_line", "state"]
    with subprocess.Popen(
        command, cwd=project.directory, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"users\n"
        process.stdout.close()
        assert process.stderr.read() == b""


def test_a_table_of_one_of_several_databases_is_shown(alembic_project: ProjectFactory) -> None:
    models = "import sqlalchemy as sa\ntarget_metadata = {'engine1': sa.MetaData(), 'engine2': sa.MetaData()}\n"
    urls = {"engine1": "sqlite:///one.db", "engine2": "sqlite:///two.db"}
    project = alembic_project(models, urls, template="multidb")
    body = """
    if engine_name == "engine2":
        op.create_table("logs", sa.Column("id", sa.Integer))
    """
    write(project, "a1", body, arguments="engine_name")
    done = run(project, "state", "a1", "logs")
    assert (0, "") == (done.status, done.err)
    assert ["-- engine2", "logs"] == done.out.splitlines()[:2]
    written = json.loads(run(project, "state", "a1", "logs", "--format", "json").out)
    assert [0, 1] == [len(written[name]["tables"]) for name in ("engine1", "engine2")]
    done = run(project, "state", "a1", "lgos")
    assert (2, "") == (done.status, done.out)
    assert "there is no table 'lgos' (at 'a1'); did you mean 'logs'?" in done.err


def test_a_revision_without_tables_says_so(alembic_project: ProjectFactory) -> None:
    done = run(alembic_project(MODELS, "sqlite:///none.db"), "state")
    assert (0, "no tables\n") == (done.status, done.out)
