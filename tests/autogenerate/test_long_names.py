"""Names that are too long for PostgreSQL: it counts bytes; an engine may be told to keep less."""

from __future__ import annotations

import pytest
from alembic.util import CommandError

from tests.alembic_project import ProjectFactory

HEAD = """
import sqlalchemy as sa

target_metadata = metadata = sa.MetaData()
"""
TABLE = 'sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True), {})\n'
LONG = 32 * "é"  # 64 bytes
SHORT = 31 * "é"
NAMED = {
    "table": 'sa.Column("a", sa.Integer))\nsa.Table("{}", metadata, sa.Column("a", sa.Integer)',
    "column": 'sa.Column("{}", sa.Integer)',
    "index": 'sa.Column("a", sa.Integer), sa.Index("{}", "a")',
    "unique": 'sa.Column("a", sa.Integer), sa.UniqueConstraint("a", name="{}")',
    "enum": 'sa.Column("a", sa.Enum("x", name="{}"))',
    "sequence": 'sa.Column("a", sa.Integer, sa.Sequence("{}"))',
}


@pytest.mark.parametrize("kind", ["column", "enum", "sequence"])
def test_a_name_of_ascii_letters_that_sqlalchemy_does_not_count_is_refused_too(
    alembic_project: ProjectFactory, pg_url: str, kind: str
) -> None:
    project = alembic_project(HEAD + TABLE.format(NAMED[kind].format(64 * "a")), pg_url)
    with pytest.raises(CommandError, match="has 64 bytes, and postgresql keeps 63"):
        project.revision("new table")
    project.write_models(HEAD + TABLE.format(NAMED[kind].format(63 * "a")))
    project.revision("short", rev_id="a1")
    project.upgrade()
    project.check()


@pytest.mark.parametrize(
    "line",
    ['rename_table("t", {!r})', 'alter_table("t") as t:\n        t.rename_column("b", {!r})'],
)
def test_a_long_name_of_a_script_is_refused_where_it_is_renamed(
    alembic_project: ProjectFactory, pg_url: str, line: str
) -> None:
    project = alembic_project(HEAD + TABLE.format('sa.Column("b", sa.Integer)'), pg_url)
    project.revision("before", rev_id="a1")
    project.upgrade()
    call = ("with op.moltres_" if "alter" in line else "op.moltres_") + line.format(64 * "a")
    source = "revision, down_revision = 'b2', 'a1'\nfrom alembic import op\n"
    project.write_script("b2", f"{source}def upgrade():\n    {call}\n")
    with pytest.raises(CommandError, match="has 64 bytes, and postgresql keeps 63"):
        project.upgrade()


def test_ddl_of_the_application_may_have_names_that_the_server_cuts(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    attached = "\nsa.event.listen(metadata.tables['t'], 'after_create', sa.DDL('CREATE INDEX {} ON t (b)'))"
    models = TABLE.format('sa.Column("b", sa.Integer)') + attached.format(64 * "a")
    project = alembic_project(HEAD + models, pg_url)
    project.revision("new table")
    project.upgrade()


@pytest.mark.parametrize("kind", NAMED)
def test_a_name_of_more_than_63_bytes_is_refused_on_postgresql(
    alembic_project: ProjectFactory, pg_url: str, kind: str
) -> None:
    project = alembic_project(HEAD + TABLE.format(NAMED[kind].format(LONG)), pg_url)
    with pytest.raises(CommandError, match="has 64 bytes, and postgresql keeps 63"):
        project.revision("new table")
    project.write_models(HEAD + TABLE.format(NAMED[kind].format(SHORT)))
    project.revision("short", rev_id="a1")
    project.upgrade()
    project.check()
    project.downgrade("base")


@pytest.mark.parametrize("kind", [kind for kind in NAMED if kind != "table"])
def test_a_name_of_more_than_63_bytes_is_refused_in_a_table_that_exists(
    alembic_project: ProjectFactory, pg_url: str, kind: str
) -> None:
    project = alembic_project(HEAD + TABLE.format('sa.Column("b", sa.Integer)'), pg_url)
    project.revision("before", rev_id="a1")
    project.upgrade()
    project.write_models(HEAD + TABLE.format(NAMED[kind].format(LONG)))
    with pytest.raises(CommandError, match="has 64 bytes, and postgresql keeps 63"):
        project.revision("after", rev_id="b2")
    project.write_models(HEAD + TABLE.format('sa.Column("b", sa.Integer)'))
    project.check()


def test_a_name_of_64_letters_is_counted_in_letters_by_mariadb(
    alembic_project: ProjectFactory, mariadb_url: str
) -> None:
    project = alembic_project(HEAD + TABLE.format(NAMED["column"].format(LONG)), mariadb_url)
    project.revision("new table")
    project.upgrade()
    project.check()


CONVENTION = """
metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}
sa.Table("a_parent_of_order_lines", metadata, sa.Column("id", sa.Integer, primary_key=True))
sa.Table(
    "order_lines_of_a_long_name",
    metadata,
    sa.Column("parent_id", sa.ForeignKey("a_parent_of_order_lines.id")),
    sa.Column("customer_email_address", sa.String(10), unique=True),
    sa.Column("number_of_the_line", sa.Integer, index=True),
    sa.CheckConstraint("number_of_the_line > 0", name="positive"),
)
"""
ENGINE = """
from functools import partial

engine_from_config = partial(engine_from_config, max_identifier_length=30)
"""


@pytest.mark.parametrize("database", ["sqlite_url", "pg_url"])
def test_an_engine_that_keeps_shorter_names_gets_the_names_that_it_keeps(
    alembic_project: ProjectFactory, database: str, request: pytest.FixtureRequest
) -> None:
    dropped = 'moltres={"questions": False},'  # and added, not renamed
    url: str = request.getfixturevalue(database)
    project = alembic_project(HEAD + CONVENTION, url, env=ENGINE, configure=dropped)
    project.revision("before", rev_id="a1")
    project.upgrade()
    project.check()
    project.write_models(HEAD + CONVENTION.replace("number_of_the_line", "number_of_this_line"))
    project.revision("after", rev_id="b2")
    project.upgrade()
    project.check()
    project.downgrade("base")
