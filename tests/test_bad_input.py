"""Bad input through Alembic's own commands: the place and the remedy, no traceback, and nothing changed."""

from __future__ import annotations

import copy
import pickle
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from alembic_moltres.errors import MoltresError, SchemaError, UnknownColumnError
from tests.alembic_project import AlembicProject, ProjectFactory
from tests.dump import dump

MODELS = """\
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import UserDefinedType

class Base(DeclarativeBase):
    pass

class Point(UserDefinedType):
    cache_ok = True

class User(Base):
    __tablename__ = "users"
    id = mapped_column(sa.Integer, primary_key=True)
"""

SCRIPT = """\
import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import DeclarativeBase

from alembic_moltres import TableSchema, check, column, computed, foreign_key, index, sql, unique

revision = "bad"
down_revision = None

class Base(DeclarativeBase):
    pass

class Abstract(Base):
    __abstract__ = True

class Unmapped:
    __tablename__ = "unmapped"

Id = column("id", "INTEGER", primary_key=True)
T = {value}

def upgrade():
    op.moltres_create_table(T)

def downgrade():
    op.moltres_drop_table(T)
"""

GOOD = 'TableSchema("t", [Id])'


def model(body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f'{MODELS}\nclass T(Base):\n    __tablename__ = "t"\n    id = mapped_column(sa.Integer, primary_key=True)\n{lines}'


def refused(project: AlembicProject, engine: sa.Engine, *command: str) -> str:
    """Return the message of a command that fails; no script is written, the database is as before."""
    before, scripts = dump(engine), project.scripts()
    with pytest.raises(CommandError) as raised:
        project.run(*command)
    assert before == dump(engine)
    assert scripts == project.scripts()
    return str(raised.value)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            "where = mapped_column(Point())",
            "no portable type is registered for Point() (at t.where); register one with register_type(Point, ...)",
            id="unregistered-type",
        ),
        pytest.param(
            "user_id = mapped_column(sa.ForeignKey('users.nr'))",
            "refers to 'users.nr', which has no such column (at t.user_id); correct the name",
            id="foreign-key-to-no-column",
        ),
        pytest.param(
            "user_id = mapped_column(sa.ForeignKey('nobody.id'))",
            "a foreign key refers to the table 'nobody', which the models do not have (at t.user_id); "
            "correct the name, or import the module that defines it in env.py",
            id="foreign-key-to-no-table",
        ),
        pytest.param(
            "user_id = mapped_column(sa.ForeignKey('user.id'))",
            "a foreign key refers to the table 'user', which the models do not have (at t.user_id); "
            "did you mean 'users'? If not, import the module that defines it in env.py",
            id="foreign-key-to-a-misspelt-table",
        ),
        pytest.param(
            "__table_args__ = (sa.Index('ix'),)",
            "the index 'ix' has no elements (at t); name at least one",
            id="index-without-elements",
        ),
        pytest.param(
            "__table_args__ = (sa.Index('ix', 'id'), sa.Index('ix', 'id', unique=True))",
            "the index 'ix' is in the table 't' twice; rename or remove one",
            id="two-indexes-of-one-name",
        ),
        pytest.param(
            "__table_args__ = (sa.CheckConstraint('', name='ck'),)",
            "an expression is '' (at t, check ck); write the SQL text",
            id="empty-check",
        ),
        pytest.param(
            "x = mapped_column(sa.Integer, server_default=sa.text(' '))",
            "an expression is ' ' (at t.x); write the SQL text",
            id="empty-default",
        ),
    ],
)
def test_models_that_cannot_be_frozen_make_no_script(
    body: str, expected: str, any_url: str, any_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    project = alembic_project(model(body), any_url)
    assert expected in refused(project, any_engine, "revision", "--autogenerate", "-m", "bad")


def test_what_the_connected_database_cannot_say_makes_no_script(
    pg_url: str, pg_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    project = alembic_project(model("mood = mapped_column(sa.Enum('calm', 'wild'))"), pg_url)
    message = refused(project, pg_engine, "revision", "--autogenerate", "-m", "bad")
    assert message.endswith(
        "cannot compile column 't.mood' for postgresql: an enum type needs a name; pass name=..."
    )


def test_two_new_tables_with_an_index_of_one_name_make_no_script(
    any_url: str, any_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    indexed = "x = mapped_column(sa.Integer)\n__table_args__ = (sa.Index('ix', 'x'),)"
    other = model(indexed).partition("\nclass T")[2].replace('"t"', '"u"')
    project = alembic_project(f"{model(indexed)}\nclass U{other}", any_url)
    if any_engine.dialect.name == "mariadb":  # an index there is a part of its table
        project.revision("good")
        project.upgrade()
        return
    message = refused(project, any_engine, "revision", "--autogenerate", "-m", "bad")
    name = any_engine.dialect.name
    expected = f"the index 'ix' is in the tables 't' and 'u', and index names are unique in {name}"
    assert expected in message


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(
            'TableSchema("t", [Id, column("x", "VARCHR(3)")])',
            "no type is registered as VARCHR (at t.x); did you mean 'VARCHAR'?",
            id="misspelt-type",
        ),
        pytest.param(
            'TableSchema("t", [Id, column("x", "VARCHAR(lenght=3)")])',
            "VARCHAR(lenght=3) has an unknown argument lenght (at t.x); did you mean 'length'?",
            id="misspelt-argument",
        ),
        pytest.param(
            "Unmapped",
            "is neither a mapped class nor a Table: it has a __tablename__ but is not mapped; derive it from a declarative",
            id="model-without-a-table",
        ),
        pytest.param(
            "Abstract", "it is an abstract base; pass a class that has a table", id="abstract-base"
        ),
        pytest.param(
            "Base", "it is a declarative base; pass a class that has a table", id="declarative-base"
        ),
    ],
)
def test_a_script_that_an_operation_refuses(
    value: str, expected: str, any_url: str, any_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    project = alembic_project(MODELS, any_url)
    project.write_script("bad", SCRIPT.format(value=value))
    assert expected in refused(project, any_engine, "upgrade", "head")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(
            'TableSchema("t", [Id, column("x", "TEXT"), column("x", "TEXT")])',
            "the column 'x' is in the table 't' twice; remove one",
            id="duplicate-column",
        ),
        pytest.param(
            'TableSchema("t", [Id], constraints=[unique("nr", name="uq")])',
            "there is no column 'nr' in the table 't' (at the unique constraint 'uq'); add the column or correct the",
            id="unique-on-no-column",
        ),
        pytest.param(
            'TableSchema("t", [Id], constraints=[foreign_key("user", "users", "id")])',
            "there is no column 'user' in the table 't' (at the foreign key constraint on (user)); add the column",
            id="foreign-key-of-no-column",
        ),
        pytest.param(
            'TableSchema("t", [Id], indexes=[index("ix", "idd")])',
            "there is no column 'idd' in the table 't' (at the index 'ix'); did you mean 'id'?",
            id="index-on-no-column",
        ),
        pytest.param(
            'TableSchema("t", [Id], indexes=[index("ix", "id"), index("ix", sql("id + 1"))])',
            "the index 'ix' is in the table 't' twice; rename or remove one",
            id="two-indexes-of-one-name",
        ),
        pytest.param(
            'TableSchema("t", [Id], constraints=[check("")])',
            "an expression is ''; write the SQL text",
            id="empty-check",
        ),
        pytest.param(
            'TableSchema("t", [Id, column("x", "INTEGER", default=sql(" "))])',
            "an expression is ' '; write the SQL text",
            id="empty-default",
        ),
        pytest.param(
            'TableSchema("t", [Id, column("x", "VARCHAR(3")])',
            "of type name 'VARCHAR(3'; write NAME or NAME(arguments)",
            id="unreadable-type",
        ),
    ],
)
def test_a_value_that_contradicts_itself_is_told_with_the_scripts_line(
    value: str,
    expected: str,
    sqlite_url: str,
    sqlite_engine: sa.Engine,
    alembic_project: ProjectFactory,
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    script = project.write_script("bad", SCRIPT.format(value=value))
    line = script.read_text(encoding="utf-8").partition("T = ")[0].count("\n") + 1
    message = refused(project, sqlite_engine, "upgrade", "head")
    assert expected in message
    assert message.endswith(f"{script.name}, line {line})")


def test_a_table_that_exists_already(
    any_url: str, any_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    with any_engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x INTEGER)")
    project = alembic_project(MODELS, any_url)
    project.write_script("bad", SCRIPT.format(value=GOOD))
    message = refused(project, any_engine, "upgrade", "head")
    assert message.startswith("the table 't' cannot be made: ")
    assert "pass if_not_exists=True; if another `alembic upgrade` was running" in message
    assert "stamp" not in message


def test_a_table_to_drop_that_does_not_exist(
    any_url: str, any_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    project = alembic_project(MODELS, any_url)
    project.write_script("bad", SCRIPT.format(value=GOOD))
    project.run("stamp", "head")
    message = refused(project, any_engine, "downgrade", "base")
    assert message.startswith("the table 't' cannot be dropped: ")
    assert "; pass if_exists=True" in message


def test_an_index_name_that_another_table_has(
    sqlite_url: str, pg_url: str, alembic_project: ProjectFactory
) -> None:
    for url in (sqlite_url, pg_url):
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE other (x INTEGER)")
            connection.exec_driver_sql("CREATE INDEX ix ON other (x)")
        project = alembic_project(MODELS, url)
        project.write_script(
            "bad", SCRIPT.format(value='TableSchema("t", [Id], indexes=[index("ix", "id")])')
        )
        message = refused(project, engine, "upgrade", "head")
        assert message.startswith("the index 'ix' of the table 't' cannot be made: ")
        assert "; drop or rename one of the two" in message


def test_a_foreign_key_to_a_column_that_does_not_exist(
    pg_url: str, mariadb_url: str, alembic_project: ProjectFactory
) -> None:
    for url in (pg_url, mariadb_url):
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE users (id INTEGER PRIMARY KEY)")
        project = alembic_project(MODELS, url)
        key = 'TableSchema("t", [Id], constraints=[foreign_key("id", "users", "nr", name="fk")])'
        project.write_script("bad", SCRIPT.format(value=key))
        message = refused(project, engine, "upgrade", "head")
        assert message.startswith("the database refuses the table 't': ")
        assert "; correct the name; it is the one that the column has at this line (" in message
        assert message.endswith("bad_.py, line 23)")


def test_an_enum_type_that_exists_with_other_labels(
    pg_url: str, pg_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    with pg_engine.begin() as connection:
        connection.exec_driver_sql("CREATE TYPE mood AS ENUM ('calm', 'wild')")
    project = alembic_project(MODELS, pg_url)
    value = """TableSchema("t", [Id, column("x", "ENUM('calm','sad',name='mood')")])"""
    script = project.write_script("bad", SCRIPT.format(value=value))
    assert (
        "the enum type mood exists with the labels {calm,wild}, and {calm,sad} are wanted (at the type 'mood' of "
        "the table 't'); rename one of the two types, or give them the same definition "
        f"({script}, line 23)"
    ) == refused(project, pg_engine, "upgrade", "head")


def test_an_enum_without_a_name_on_postgresql(
    pg_url: str, pg_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    project = alembic_project(MODELS, pg_url)
    value = """TableSchema("t", [Id, column("x", "ENUM('calm','sad')")])"""
    script = project.write_script("bad", SCRIPT.format(value=value))
    message = refused(project, pg_engine, "upgrade", "head")
    assert message == (
        "cannot compile column 't.x' for postgresql: an enum type needs a name; pass name=... "
        f"({script}, line 23)"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "value",
    [
        pytest.param('TableSchema("t", [Id], indexes=[index("ix", "x")])', id="value"),
        pytest.param('TableSchema("t", [column("x", "VARCHR")])', id="operation"),
        pytest.param('TableSchema("t", [column("x", "INTEGER", default=sql("("))])', id="database"),
    ],
)
def test_the_command_fails_in_one_line_and_without_a_traceback(
    value: str, sqlite_url: str, alembic_project: ProjectFactory
) -> None:
    project = alembic_project(MODELS, sqlite_url, in_subprocess=True)
    project.write_script("bad", SCRIPT.format(value=value))
    done = subprocess.run(
        [sys.executable, "-m", "alembic", "upgrade", "head"],
        cwd=project.directory,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stdout + done.stderr
    assert re.search(r"^ *FAILED: .*\bt\b", done.stdout + done.stderr, re.MULTILINE)


@pytest.mark.parametrize("again", [copy.copy, lambda err: pickle.loads(pickle.dumps(err))])
def test_an_error_is_alembics_too_and_can_be_copied_and_sent(again: object) -> None:
    assert callable(again)
    err = UnknownColumnError("there is none", 42)
    assert isinstance(err, CommandError)
    assert isinstance(err, SchemaError)
    for each in (err, again(err)):
        assert "UnknownColumnError" == type(each).__name__
        assert ("there is none", 42) == (str(each), each.subject)


def test_without_alembic_an_error_is_ours_alone() -> None:
    source = """\
import sys
from alembic_moltres.errors import SchemaError
print(type(SchemaError("x", 1)) is SchemaError, "alembic" in sys.modules)
"""
    command = [sys.executable, "-c", source]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert said.split() == ["True", "False"]


def test_an_error_outside_a_script_tells_no_line() -> None:
    with pytest.raises(MoltresError) as raised:
        raise SchemaError(f"seen in {Path(__file__).name}", None)
    assert "seen in test_bad_input.py" == str(raised.value)


NUL_NAMES = {
    "a table": 'sa.Table("a\\0b", metadata, sa.Column("id", sa.Integer))',
    "a table renamed": 'sa.Table("a\\0b", metadata, sa.Column("id", sa.Integer), info={"renamed_from": "t"})',
    "a column": 'sa.Table("u", metadata, sa.Column("a\\0b", sa.Integer))',
    "an enum type": 'sa.Table("u", metadata, sa.Column("e", sa.Enum("x", name="a\\0b")))',
    "a sequence": 'sa.Table("u", metadata, sa.Column("s", sa.Integer, sa.Sequence("a\\0b")))',
    "a sequence of the MetaData": 'sa.Sequence("a\\0b", metadata=metadata)',
    "a type of the MetaData": 'sa.Enum("x", name="a\\0b", metadata=metadata)',
}


@pytest.mark.parametrize("named", NUL_NAMES)
def test_a_nul_in_a_name_is_refused_before_a_query_or_a_script_has_it(
    alembic_project: ProjectFactory, pg_url: str, named: str
) -> None:
    head = "import sqlalchemy as sa\ntarget_metadata = metadata = sa.MetaData()\n"
    table = 'sa.Table("t", metadata, sa.Column("id", sa.Integer))\n'
    project = alembic_project(head + table, pg_url)
    project.revision("before")
    project.upgrade()
    project.write_models(head + ("" if named == "a table renamed" else table) + NUL_NAMES[named])
    with pytest.raises(
        CommandError, match=r"^the name 'a\\x00b' has a NUL character .*take it out$"
    ):
        project.check()


def test_a_query_of_the_catalogue_that_the_server_ends_has_its_remedy(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    def slow(_: sa.Connection, cursor: Any, statement: str, *__: object) -> None:
        if "pg_get_partkeydef" in statement:
            cursor.execute("SET statement_timeout = '1ms'")
            cursor.execute("SELECT pg_sleep(1)")

    head = "import sqlalchemy as sa\ntarget_metadata = metadata = sa.MetaData()\n"
    project = alembic_project(head + 'sa.Table("t", metadata, sa.Column("id", sa.Integer))', pg_url)
    sa.event.listen(sa.Engine, "before_cursor_execute", slow)
    try:
        with pytest.raises(
            CommandError,
            match=r"^the database could not execute a query of the catalogue: canceling statement "
            "due to statement timeout; raise the time limit",
        ):
            project.check()
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", slow)
