"""A revision on SQLite is whole or nothing: killed at each statement, with the stock templates and every way to connect."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

import alembic_moltres.dialects.sqlite.alter_table
import alembic_moltres.dialects.sqlite.edit_table
import alembic_moltres.dialects.sqlite.move_and_copy  # noqa: F401 - so that not each process imports them
from tests.alembic_project import AlembicProject, ProjectFactory
from tests.operations.sqlite_file import SQLiteFile

MODELS = "import sqlalchemy as sa\ntarget_metadata = sa.MetaData()\n"

FIRST = """
from alembic import op
from alembic_moltres import TableSchema, column, foreign_key, index, primary_key

revision, down_revision = "a1", None

User = TableSchema("users", [column("id", "INTEGER"), column("name", "TEXT")], constraints=[primary_key("id")])
Post = TableSchema(
    "posts",
    [column("id", "INTEGER"), column("user_id", "INTEGER")],
    constraints=[primary_key("id"), foreign_key("user_id", "users", "id", on_delete="CASCADE")],
)

def upgrade():
    op.moltres_create_table(User)
    op.moltres_create_table(Post)
    op.execute("INSERT INTO users VALUES (1, 'ann'), (2, 'bob')")
    op.execute("INSERT INTO posts VALUES (1, 1), (2, 1), (3, 2)")

def downgrade():
    op.moltres_drop_table(Post)
    op.moltres_drop_table(User)
"""

SECOND = """
from alembic import op
from alembic_moltres import TableSchema, check, column, index

revision, down_revision = "a2", "a1"

Tag = TableSchema("tags", [column("name", "TEXT")], indexes=[index("ix_tags_name", "name")])

def upgrade():
    op.moltres_create_table(Tag)
    with op.moltres_alter_table("users") as users:
        users.alter_column(column("name", "TEXT"), column("name", "VARCHAR(50)", nullable=False))
        users.add_constraint(check("name <> ''", name="ck_users_name"))
    op.execute("INSERT INTO tags VALUES ('new')")
    op.add_column("tags", sa.Column("plain", sa.Integer))
    with op.moltres_alter_table("posts") as posts:
        posts.add_column(column("title", "TEXT"))

def downgrade():
    with op.moltres_alter_table("posts") as posts:
        posts.drop_column(column("title", "TEXT"))
    with op.moltres_alter_table("users") as users:
        users.drop_constraint(check("name <> ''", name="ck_users_name"))
        users.alter_column(column("name", "VARCHAR(50)", nullable=False), column("name", "TEXT"))
    op.moltres_drop_table(Tag)
""".replace("from alembic import op", "import sqlalchemy as sa\nfrom alembic import op")

LISTEN = "import sqlalchemy\nfrom sqlalchemy import Engine, event\n"
FOREIGN_KEYS = """
@event.listens_for(Engine, "connect")
def enforce(connection, _):
    connection.execute("PRAGMA foreign_keys=ON")
"""
RECIPE = """
@event.listens_for(Engine, "connect")
def configure(connection, _):
    connection.isolation_level = None

@event.listens_for(Engine, "begin")
def begin(connection):
    connection.exec_driver_sql("BEGIN")
"""
ISOLATION = """config.set_main_option("sqlalchemy.isolation_level", "AUTOCOMMIT")\n"""


def autocommit(value: str) -> str:
    return f"""
@event.listens_for(Engine, "do_connect")
def connect(_, __, ___, arguments):
    arguments["autocommit"] = {value}
"""


@dataclass(frozen=True)
class Way:
    """How a project connects."""

    name: str
    template: str = "generic"
    env: str = ""
    configure: str = ""
    driver: str = "sqlite"
    python: tuple[int, int] = (3, 11)

    def __str__(self) -> str:
        return self.name


WAYS = [
    Way("stock"),
    Way("foreign keys", env=LISTEN + FOREIGN_KEYS),
    Way("async", template="async", driver="sqlite+aiosqlite"),
    Way(
        "async, foreign keys",
        "async",
        LISTEN + FOREIGN_KEYS.replace("connection.execute", "connection.cursor().execute"),
        driver="sqlite+aiosqlite",
    ),
    Way("multidb", template="multidb"),
    Way("AUTOCOMMIT", env=LISTEN + FOREIGN_KEYS + ISOLATION),
    Way("begin events", env=LISTEN + RECIPE + FOREIGN_KEYS),
    Way("transactional_ddl", env=LISTEN + FOREIGN_KEYS, configure="transactional_ddl=True,"),
    Way("autocommit=False", env=LISTEN + autocommit("False"), python=(3, 12)),
    Way("autocommit=True", env=LISTEN + FOREIGN_KEYS + autocommit("True"), python=(3, 12)),
]


def project_of(make: ProjectFactory, way: Way, path: Path) -> AlembicProject:
    """Make the project at its first revision; the second one is written."""
    if sys.version_info < way.python:
        pytest.skip(f"Python {'.'.join(map(str, way.python))} has it")
    if way.template == "async":
        pytest.importorskip("aiosqlite")
    url: Any = f"{way.driver}:///{path}"
    first, second, models = FIRST, SECOND, MODELS
    if way.template == "multidb":
        url = {"engine1": url, "engine2": f"sqlite:///{path}2"}
        models = models.replace(
            "sa.MetaData()", '{"engine1": sa.MetaData(), "engine2": sa.MetaData()}'
        )
        first, second = (
            each.replace("upgrade()", "upgrade(engine_name)").replace(
                "downgrade()", "downgrade(engine_name)"
            )
            for each in (first, second)
        )
    project = make(models, url, template=way.template, env=way.env, configure=way.configure)
    project.write_script("a1", first)
    assert 0 == forked(project.upgrade)
    project.write_script("a2", second)
    return project


def forked(command: Callable[[], object], kill_at: int = 0) -> int:
    """Run in a process of its own, which may kill itself before a statement; return how it ended."""
    child = os.fork()
    if not child:
        try:
            _kill(kill_at)
            command()
        except BaseException:  # noqa: BLE001 - the parent reads the exit status
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _kill(number: int) -> None:
    sent = 0

    def count(*_: Any) -> None:
        nonlocal sent
        sent += 1
        if sent == number:
            os.kill(os.getpid(), signal.SIGKILL)

    if number:
        event.listen(sa.Engine, "before_cursor_execute", count)


def everything(path: Path) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        tables = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1"
            )
        ]
        texts = connection.execute(
            "SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2"
        ).fetchall()
        return [
            texts,
            *(connection.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in tables),
        ]


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_killed_at_any_statement_it_leaves_all_or_nothing_and_the_next_upgrade_goes_through(
    alembic_project: ProjectFactory, tmp_path: Path, way: Way
) -> None:
    path = tmp_path / "test.db"
    made = project_of(alembic_project, way, path)
    content = path.read_bytes()
    other = Path(f"{path}2")
    other_content = other.read_bytes() if other.exists() else b""
    old = everything(path)
    assert 0 == forked(made.upgrade)
    new = everything(path)
    assert ([(1, 1, None), (2, 1, None), (3, 2, None)]) == next(
        rows for rows in new if len(rows) == 3 and rows[0][0] == 1
    )
    ended, at, olds = -9, 0, 0
    while ended == -9:
        at += 1
        path.write_bytes(content)
        if other_content:
            other.write_bytes(other_content)
        ended = forked(made.upgrade, kill_at=at)
        found = everything(path)
        assert found in (old, new), at
        olds += found == old
        if at % 10 == 0 or ended == 0 or found == new:
            assert 0 == forked(made.upgrade), at
            assert new == everything(path), at
    assert 0 == ended
    assert olds > 15


EMPTY = """
from alembic import op
from alembic_moltres import TableSchema, check, column, index

revision, down_revision = "a2", "a1"

def upgrade():
    op.moltres_create_table(TableSchema("tags", [column("name", "TEXT")]))
{body}

def downgrade():
    op.moltres_drop_table(TableSchema("tags", [column("name", "TEXT")]))
"""


@pytest.fixture
def enforcing(alembic_project: ProjectFactory, tmp_path: Path) -> AlembicProject:
    """Give a project whose connections enforce foreign keys."""
    way = Way("foreign keys", env=LISTEN + FOREIGN_KEYS)
    return project_of(alembic_project, way, tmp_path / "test.db")


def write(made: AlembicProject, *lines: str) -> None:
    """Write the second revision: a table of ours is created, then these lines."""
    made.write_script("a2", EMPTY.format(body="\n".join(f"    {line}" for line in lines)))


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }


def failure(made: AlembicProject, capfd: pytest.CaptureFixture[str]) -> str:
    """Return the last line of an upgrade's error."""
    capfd.readouterr()
    assert 1 == forked(made.upgrade)
    return capfd.readouterr().err.strip().splitlines()[-1]


BATCH = (
    'op.execute("PRAGMA foreign_keys=OFF")',
    'with op.batch_alter_table("users", recreate="always") as batch:',
    '    batch.alter_column("name", nullable=False)',
    'op.execute("PRAGMA foreign_keys = ON")',
)


def test_a_pragma_of_the_scripts_own_before_alembics_batch_works_or_is_refused(
    enforcing: AlembicProject, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "test.db"
    write(enforcing, *BATCH)
    if hasattr(sqlite3.Connection, "setconfig"):
        assert 0 == forked(enforcing.upgrade)
        assert [(1, 1), (2, 1), (3, 2)] == SQLiteFile(path, "").ask("SELECT * FROM posts")
        return
    before = everything(path)
    assert (
        "alembic.util.exc.CommandError: PRAGMA foreign_keys does nothing inside a transaction, and operations of this "
        "revision began one (at PRAGMA foreign_keys=OFF); put it into `with op.get_context().autocommit_block():`, or "
        "alter the table with op.moltres_alter_table(), which needs no pragma"
    ) == failure(enforcing, capfd).replace(
        "alembic_moltres.errors.OperationError", "alembic.util.exc.CommandError"
    ).partition(" (/")[0]
    assert before == everything(path)


def test_a_pragma_that_changes_nothing_passes(enforcing: AlembicProject, tmp_path: Path) -> None:
    write(enforcing, 'op.execute("PRAGMA foreign_keys = on")', 'op.execute("PRAGMA foreign_keys")')
    assert 0 == forked(enforcing.upgrade)
    assert "tags" in tables(tmp_path / "test.db")


def test_vacuum_says_where_it_belongs(
    enforcing: AlembicProject, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write(enforcing, 'op.execute("VACUUM")')
    assert (
        "SQLite cannot VACUUM inside a transaction, and operations of this revision began one; put it into "
        "`with op.get_context().autocommit_block():`, or into a revision of its own"
    ) in failure(enforcing, capfd)
    assert "tags" not in tables(tmp_path / "test.db")


def test_an_autocommit_block_commits_what_stands_before_it(
    enforcing: AlembicProject, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write(
        enforcing,
        "with op.get_context().autocommit_block():",
        '    op.execute("VACUUM")',
        'op.moltres_create_table(TableSchema("later", [column("name", "TEXT")]))',
        'op.execute("no sql")',
    )
    failure(enforcing, capfd)
    assert {"tags"} == tables(tmp_path / "test.db") & {"tags", "later"}


def test_what_fails_after_our_operations_leaves_nothing(
    enforcing: AlembicProject, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "test.db"
    before = everything(path)
    write(
        enforcing,
        "op.execute(\"INSERT INTO tags VALUES ('x')\")",
        'op.add_column("tags", sa.Column("x", sa.Integer))',
        "raise ValueError",
    )
    failure(enforcing, capfd)
    assert before == everything(path)


def test_a_reader_that_holds_the_commit_up_is_told_in_one_line(
    enforcing: AlembicProject, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "test.db"
    before = everything(path)
    write(enforcing, 'op.execute("PRAGMA busy_timeout = 1")')
    with closing(sqlite3.connect(path)) as reader:
        rows = reader.execute("SELECT id FROM posts")
        assert (1,) == rows.fetchone()
        assert (
            "the database could not execute the COMMIT of this revision: database is locked; "
            "wait for whoever uses it, or end it, and run this again"
        ) in failure(enforcing, capfd)
        rows.close()
    assert before == everything(path)
    assert 0 == forked(enforcing.upgrade)


def test_a_deferred_key_that_does_not_hold_at_the_commit_is_told_in_one_line(
    enforcing: AlembicProject, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = everything(tmp_path / "test.db")
    write(
        enforcing,
        'op.execute("PRAGMA defer_foreign_keys = ON")',
        'op.execute("INSERT INTO posts VALUES (9, 99)")',
    )
    assert (
        "the database refuses the COMMIT of this revision: FOREIGN KEY constraint failed; correct or "
        "delete the rows that refer to nothing first"
    ) in failure(enforcing, capfd)
    assert before == everything(tmp_path / "test.db")


CONFIGURE = "        context.configure("


@pytest.mark.parametrize("commits", [True, False])
def test_a_connection_that_has_begun_before_configure_is_committed_by_its_owner(
    enforcing: AlembicProject, tmp_path: Path, capfd: pytest.CaptureFixture[str], *, commits: bool
) -> None:
    path = tmp_path / "test.db"
    env = enforcing.env.read_text(encoding="utf-8")
    assert CONFIGURE in env
    env = env.replace(CONFIGURE, f"        connection.exec_driver_sql('SELECT 1')\n{CONFIGURE}", 1)
    if commits:
        env = env.replace(
            "            context.run_migrations()\n\n\nif",
            "            context.run_migrations()\n        connection.commit()\n\n\nif",
        )
    logging = (
        "import logging\nlogging.getLogger('alembic_moltres').addHandler(logging.StreamHandler())\n"
    )
    enforcing.env.write_text(logging + env, encoding="utf-8")
    before = everything(path)
    write(enforcing)
    capfd.readouterr()
    assert 0 == forked(enforcing.upgrade)
    said = capfd.readouterr().err
    if commits:
        assert "tags" in tables(path)
        assert "" == said
    else:
        assert before == everything(path)
        assert said.startswith(
            "env.py began a transaction before context.configure() and did not commit it: nothing"
        )


def test_other_projects_are_as_before(enforcing: AlembicProject, tmp_path: Path) -> None:
    """A revision without operations of ours: the driver begins when it pleases."""
    enforcing.write_script(
        "a2",
        "from alembic import op\nimport sqlalchemy as sa\nrevision, down_revision = 'a2', 'a1'\n"
        "def upgrade():\n    op.create_table('plain', sa.Column('a', sa.Integer))\n    raise ValueError\n",
    )
    assert 1 == forked(enforcing.upgrade)
    assert "plain" in tables(tmp_path / "test.db")
