"""Scripts written by hand, run by Alembic's own commands on an SQLite file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.util import CommandError

import alembic_moltres.operations  # noqa: F401  (registers op.moltres_*)
from tests.alembic_project import AlembicProject, ProjectFactory
from tests.operations.sqlite_file import SQLiteFile

MODELS = "import sqlalchemy as sa\n\ntarget_metadata = sa.MetaData()\n"

FOREIGN_KEYS = """
import sqlalchemy as sa

def enforcing(engine):
    listened = getattr(engine, "sync_engine", engine)
    sa.event.listen(
        listened, "connect", lambda dbapi, _: dbapi.cursor().execute("PRAGMA foreign_keys=ON")
    )
    return engine

def engine_from_config(*arguments, **options):
    return enforcing(sa.engine_from_config(*arguments, **options))

def async_engine_from_config(*arguments, **options):
    from sqlalchemy.ext.asyncio import async_engine_from_config as made
    return enforcing(made(*arguments, **options))
"""

SCRIPT = """
from alembic import op
from alembic_moltres import check, column, unique

revision = "{revision}"
down_revision = {down!r}


def upgrade():
{upgrade}


def downgrade():
{downgrade}
"""

BIGGER = """\
    with op.moltres_alter_table("users") as users:
        users.alter_column(column("age", "INTEGER", default=5), column("age", "BIGINT", default=6))
        users.add_constraint(check("age < 1000", name="ck_age"))
"""
SMALLER = """\
    with op.moltres_alter_table("users") as users:
        users.drop_constraint(check("age < 1000", name="ck_age"))
        users.alter_column(column("age", "BIGINT", default=6), column("age", "INTEGER", default=5))
"""
UNIQUE = """\
    with op.moltres_alter_table("posts") as posts:
        posts.add_constraint(unique(["id", "user_id"], name="uq_posts"))
    with op.moltres_alter_table("users") as users:
        users.add_column(column("mail", "VARCHAR(50)"))
"""
NOT_UNIQUE = """\
    with op.moltres_alter_table("users") as users:
        users.drop_column(column("mail", "VARCHAR(50)"))
    with op.moltres_alter_table("posts") as posts:
        posts.drop_constraint(unique(["id", "user_id"], name="uq_posts"))
"""
ROWS = "    op.execute(\"INSERT INTO log VALUES ('row')\")\n"
BIGGER_ALONE = "    with op.get_context().autocommit_block():\n" + "".join(
    f"    {line}\n" for line in BIGGER.splitlines()
)


@pytest.fixture
def file(tmp_path: Path) -> SQLiteFile:
    return SQLiteFile(tmp_path / "test.db")


@pytest.fixture(params=["", "transaction_per_migration=True,", "transactional_ddl=True,"])
def configure(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def write(project: AlembicProject, *scripts: tuple[str, str]) -> None:
    """Write scripts that follow one another, each an `upgrade` and a `downgrade`."""
    down = None
    for number, (upgrade, downgrade) in enumerate(scripts, 1):
        revision = f"r{number}"
        source = SCRIPT.format(revision=revision, down=down, upgrade=upgrade, downgrade=downgrade)
        project.write_script(revision, source)
        down = revision


def version(file: SQLiteFile) -> list[tuple[str]]:
    found: list[tuple[str]] = file.ask("SELECT version_num FROM alembic_version")
    return found


def test_two_revisions_up_and_down_with_foreign_keys(
    file: SQLiteFile, alembic_project: ProjectFactory, configure: str
) -> None:
    before, rows = file.schema(), file.rows()
    project = alembic_project(
        MODELS, f"sqlite:///{file.path}", configure=configure, env=FOREIGN_KEYS
    )
    write(project, (BIGGER, SMALLER), (UNIQUE, NOT_UNIQUE))
    project.upgrade()
    assert [("r2",)] == version(file)
    assert "age BIGINT DEFAULT 6" in file.sql()
    assert "uq_posts" in file.sql("posts")
    assert rows["posts"] == file.rows()["posts"]
    project.downgrade()
    after = file.schema()
    assert before["posts"] == after["posts"]
    assert rows["users"] == file.rows()["users"]
    project.upgrade()
    assert [("r2",)] == version(file)


def test_one_transaction_for_all_enforces_foreign_keys_and_deletes_no_child(
    file: SQLiteFile, alembic_project: ProjectFactory
) -> None:
    project = alembic_project(
        MODELS,
        f"sqlite:///{file.path}",
        configure="transactional_ddl=True,",
        env=FOREIGN_KEYS,
    )
    write(project, (ROWS, "    pass"), (BIGGER, SMALLER))
    project.upgrade()
    assert "age BIGINT" in file.sql()
    assert 3 == len(file.ask("SELECT * FROM posts"))


@pytest.mark.parametrize("body", [BIGGER, BIGGER_ALONE])
def test_rows_written_before_in_the_same_revision(
    file: SQLiteFile, alembic_project: ProjectFactory, body: str
) -> None:
    project = alembic_project(MODELS, f"sqlite:///{file.path}", env=FOREIGN_KEYS)
    write(project, (ROWS + body, "    pass"))
    project.upgrade()
    assert "age BIGINT" in file.sql()
    assert [("row",)] == file.ask("SELECT * FROM log WHERE said = 'row'")
    assert 3 == len(file.ask("SELECT * FROM posts"))


def test_a_revision_that_fails_leaves_the_version_before(
    file: SQLiteFile, alembic_project: ProjectFactory
) -> None:
    project = alembic_project(MODELS, f"sqlite:///{file.path}", env=FOREIGN_KEYS)
    write(
        project,
        (BIGGER, SMALLER),
        (BIGGER.replace("ck_age", "ck").replace("1000", "1"), "    pass"),
    )
    with pytest.raises(CommandError, match="CHECK constraint failed: ck;"):
        project.upgrade()
    assert [("r1",)] == version(file)
    assert "ck_age" in file.sql()
    with closing(sqlite3.connect(file.path)) as connection:
        assert ("ok",) == connection.execute("PRAGMA integrity_check").fetchone()


def test_offline(file: SQLiteFile, alembic_project: ProjectFactory) -> None:
    project = alembic_project(
        MODELS,
        f"sqlite:///{file.path}",
    )
    write(project, (BIGGER, SMALLER))
    with pytest.raises(
        CommandError, match="SQLite must copy the table 'users' to alter the column 'age'"
    ):
        project.upgrade(sql=True)
    write(
        project,
        (
            '    with op.moltres_alter_table("users") as users:\n        users.rename_column("age", "years")\n',
            SMALLER,
        ),
    )
    assert "ALTER TABLE users RENAME COLUMN age TO years;" in project.upgrade(sql=True)


def test_the_async_template(file: SQLiteFile, alembic_project: ProjectFactory) -> None:
    pytest.importorskip("aiosqlite")
    project = alembic_project(
        MODELS,
        f"sqlite+aiosqlite:///{file.path}",
        template="async",
        env=FOREIGN_KEYS,
    )
    write(project, (BIGGER, SMALLER), (UNIQUE, NOT_UNIQUE))
    project.upgrade()
    project.downgrade()
    project.upgrade()
    assert "age BIGINT" in file.sql()
    assert 3 == len(file.ask("SELECT * FROM posts"))
