"""Blocks written by hand on PostgreSQL: how many statements, and several revisions in one transaction."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from alembic_moltres.schema import TableSchema, check, column, index, primary_key, unique
from tests.alembic_project import AlembicProject, ProjectFactory
from tests.operations.circle import create, execute, read
from tests.operations.context import offline, run

T = TableSchema(
    "t",
    [
        column("id", "INTEGER", nullable=False, autoincrement=False),
        column("mail", "VARCHAR(9)"),
        column("n", "INTEGER", default=1),
        column("gone", "TEXT"),
    ],
    constraints=[primary_key("id", name="pk"), unique("mail", name="uq_mail")],
    indexes=[index("ix_n", "n")],
)


def simple(op: Any) -> None:
    with op.moltres_alter_table("t") as t:
        t.drop_constraint(unique("mail", name="uq_mail"))
        t.drop_column(column("gone", "TEXT"))
        t.add_column(column("age", "INTEGER", nullable=False, default=5))
        t.alter_column(column("mail", "VARCHAR(9)"), column("mail", "VARCHAR(20)"))
        t.alter_column(column("n", "INTEGER", default=1), column("n", "BIGINT", default=2))
        t.add_constraint(check("age > 0", name="ck_age"))
        t.add_constraint(unique(["mail", "age"], name="uq_mail_age"))


def without_queries(statements: list[str]) -> list[str]:
    """Return the statements but for those that ask what no script states, such as STORAGE."""
    return [each for each in statements if not each.startswith("SELECT ")]


def test_a_simple_block_is_one_statement(pg_engine: sa.Engine) -> None:
    run(pg_engine, create(T))
    execute(pg_engine, "INSERT INTO t (id, mail) VALUES (1, 'x')")

    (statement,) = without_queries(run(pg_engine, simple))

    assert [(1, "x", 1, 5)] == read(pg_engine, "SELECT id, mail, n, age FROM t")
    assert f"{statement};\n\n" == offline(pg_engine.url, simple)


def with_an_index_and_a_comment(op: Any) -> None:
    with op.moltres_alter_table("t") as t:
        t.drop_index(index("ix_n", "n"))
        t.add_column(column("age", "INTEGER", comment="years"))
        t.alter_column(column("mail", "VARCHAR(9)"), column("mail", "VARCHAR(20)"))
        t.create_index(index("ix_age", "age"))


def test_what_postgresql_has_apart_stands_around_one_statement(pg_engine: sa.Engine) -> None:
    run(pg_engine, create(T))
    assert ["DROP INDEX", "ALTER TABLE", "COMMENT ON", "CREATE INDEX"] == [
        " ".join(each.split()[:2])
        for each in without_queries(run(pg_engine, with_an_index_and_a_comment))
    ]


MODELS = "import sqlalchemy as sa\n\ntarget_metadata = sa.MetaData()\n"
USED = (
    "CREATE TYPE mood AS ENUM ('sad', 'ok')",
    "CREATE TABLE t (m mood DEFAULT 'ok', ms mood[], CONSTRAINT ck CHECK (m <> 'sad'))",
    "CREATE INDEX ix ON t (m) WHERE m = 'ok'",
    "INSERT INTO t VALUES ('ok', '{sad}')",
)
OLD, NEW = "ENUM('sad','ok',name='mood')", "ENUM('sad','ok','great',name='mood')"
FIRST = f"""
from alembic import op
revision, down_revision = "r1", None

def upgrade():
    op.moltres_alter_enum({OLD!r}, {NEW!r})

def downgrade():
    op.moltres_alter_enum({NEW!r}, {OLD!r})
"""
SECOND = """
from alembic import op
revision, down_revision = "r2", "r1"

def upgrade():
    op.execute("UPDATE t SET m = 'great'")
    op.execute("ALTER TABLE t ALTER m SET DEFAULT 'great'")

def downgrade():
    op.execute("ALTER TABLE t ALTER m SET DEFAULT 'ok'")
    op.execute("UPDATE t SET m = 'ok'")
"""


@pytest.fixture(params=["", "transaction_per_migration=True,"])
def project(
    request: pytest.FixtureRequest, alembic_project: ProjectFactory, pg_engine: sa.Engine
) -> AlembicProject:
    """Give two revisions, the second of which uses the label that the first one adds."""
    execute(pg_engine, *USED)
    url = pg_engine.url.render_as_string(hide_password=False)
    made = alembic_project(MODELS, url, configure=str(request.param))
    made.write_script("r1", FIRST)
    made.write_script("r2", SECOND)
    return made


def test_a_label_is_used_by_the_next_revision(
    project: AlembicProject, pg_engine: sa.Engine
) -> None:
    project.upgrade()
    assert [("great",)] == read(pg_engine, "SELECT m FROM t")
    project.downgrade()
    assert [("ok",)] == read(pg_engine, "SELECT m FROM t")
    assert [("{sad,ok}",)] == read(pg_engine, "SELECT enum_range(NULL::mood)::text")


def test_a_label_is_used_by_the_next_revision_of_an_sql_script(
    project: AlembicProject, pg_engine: sa.Engine
) -> None:
    script = project.upgrade(sql=True)
    execute(pg_engine, script.replace("BEGIN;", "").replace("COMMIT;", ""))
    assert [("great",)] == read(pg_engine, "SELECT m FROM t")


def test_a_label_that_rows_hold_is_not_removed_and_nothing_has_happened(
    project: AlembicProject, pg_engine: sa.Engine
) -> None:
    project.upgrade()
    execute(pg_engine, "INSERT INTO t VALUES ('great', '{great}')")
    project.write_script("r2", SECOND.replace("UPDATE t SET m = 'ok'", "SELECT 1"))
    with pytest.raises(CommandError, match="hold a label that is removed"):
        project.downgrade()
    assert [("{sad,ok,great}",)] == read(pg_engine, "SELECT enum_range(NULL::mood)::text")
