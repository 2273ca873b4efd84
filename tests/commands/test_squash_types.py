"""`squash`: enum types that the range renames, replaces, or uses for a time."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.commands.command_line import run
from tests.commands.test_squash_between import source, write_all
from tests.history.scripts import MODELS

COLUMN = 'sa.Column("m", sa.Enum("a", "b", name="mood"), server_default="a", nullable=False)'
CREATED = (
    f'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), {COLUMN})',
    'op.drop_table("t")\nop.execute("DROP TYPE mood")',
)
RENAMED = (
    'op.execute("ALTER TYPE mood RENAME TO feel")',
    'op.execute("ALTER TYPE feel RENAME TO mood")',
)


def swapped(labels: str) -> str:
    """Return what exchanges the labels of `feel`, as people write it by hand."""
    return f"""
op.execute("ALTER TYPE feel RENAME TO feel_old")
op.execute("CREATE TYPE feel AS ENUM ({labels})")
op.execute("ALTER TABLE t ALTER m DROP DEFAULT")
op.execute("ALTER TABLE t ALTER m TYPE feel USING m::text::feel")
op.execute("ALTER TABLE t ALTER m SET DEFAULT 'a'")
op.execute("DROP TYPE feel_old")
"""


SWAPPED = (swapped("'a', 'b', 'c'"), swapped("'a', 'b'"))


@pytest.fixture
def project(alembic_project: ProjectFactory, pg_url: str) -> AlembicProject:
    return alembic_project(MODELS, pg_url)


def test_without_from_a_renamed_type_has_its_last_name(
    project: AlembicProject, pg_url: str
) -> None:
    write_all(project, CREATED, RENAMED, SWAPPED)
    assert run(project, "squash", "c3", "--scratch", pg_url).err == ""
    assert "rename" not in source(project, "c3")
    assert "ENUM('a','b','c',name='feel')" in source(project, "c3")


def test_in_a_range_it_is_renamed_and_keeps_its_rows(
    project: AlembicProject, pg_url: str, pg_engine: sa.Engine
) -> None:
    write_all(project, CREATED, RENAMED, SWAPPED)
    assert run(project, "squash", "b2:c3", "--scratch", pg_url).err == ""
    assert 'op.moltres_rename_type("mood", "feel")' in source(project, "c3")
    assert "feel_old" not in source(project, "c3")
    project.upgrade("a1")
    with pg_engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO t (id, m) VALUES (1, 'b')")
    project.upgrade()
    assert (["b"], "feel") == _rows(pg_engine)
    project.downgrade("a1")
    assert (["b"], "mood") == _rows(pg_engine)


def _rows(engine: sa.Engine) -> tuple[list[str], str]:
    """Return the labels in `t`, and the name of their type."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT m::text, pg_typeof(m)::text FROM t").all()
    return [row[0] for row in rows], rows[0][1]


def test_a_statement_with_the_old_name_runs_before_the_rename(
    project: AlembicProject, pg_url: str
) -> None:
    insert = "op.execute(\"INSERT INTO t (id, m) VALUES (1, 'b'::mood)\")"
    write_all(project, CREATED, (insert, ""), RENAMED)
    assert run(project, "squash", "b2:c3", "--scratch", pg_url).err == ""
    assert "    _upgrade_b2()\n    op.moltres_rename_type(" in source(project, "c3")


def test_a_type_that_no_column_has_is_renamed(project: AlembicProject, pg_url: str) -> None:
    created = (
        "op.execute(\"CREATE TYPE mood AS ENUM ('a')\")",
        'op.execute("DROP TYPE mood")',
    )
    added = ('op.create_table("u", sa.Column("n", sa.Integer))', 'op.drop_table("u")')
    write_all(project, created, RENAMED, added)
    assert run(project, "squash", "b2:c3", "--scratch", pg_url).err == ""
    assert "CREATE TYPE" not in source(project, "c3")
    assert "DROP TYPE" not in source(project, "c3")
    project.upgrade()
    project.downgrade()


def test_a_type_that_exists_for_a_time_only_is_created_for_it(
    project: AlembicProject, pg_url: str
) -> None:
    column = 'sa.Column("m", postgresql.ENUM("a", name="mood", create_type=False))'
    created = f"""
op.execute("CREATE TYPE mood AS ENUM ('a')")
op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), {column})
op.execute("INSERT INTO t (id, m) VALUES (1, 'a'::mood)")
"""
    write_all(project, (created, CREATED[1]), RENAMED)
    assert run(project, "squash", "b2", "--scratch", pg_url).err == ""
    assert "op.moltres_create_type(" in source(project, "b2")
    project.upgrade()
    project.downgrade()


def test_a_type_takes_the_name_of_one_that_is_dropped(project: AlembicProject, pg_url: str) -> None:
    other = 'op.add_column("t", sa.Column("n", sa.Enum("x", name="feel")))'
    both = (f"{CREATED[0]}\nop.execute(\"CREATE TYPE feel AS ENUM ('x')\")\n{other}", "")
    gone = 'op.drop_column("t", "n")\nop.execute("DROP TYPE feel")'
    write_all(project, both, (gone, ""), (RENAMED[0], ""))
    assert run(project, "squash", "b2:c3", "--scratch", pg_url).err == ""
    project.upgrade()


def test_a_name_that_is_taken_is_uncertain(project: AlembicProject) -> None:
    taken = "op.execute(\"CREATE TYPE feel AS ENUM ('x')\")"
    write_all(project, CREATED, (taken, ""), RENAMED)
    assert "the type 'feel' already exists" in run(project, "squash", "c3").err


def test_a_statement_with_a_label_that_is_removed_later_runs_before_that(
    project: AlembicProject, pg_url: str
) -> None:
    moved = """
op.execute("INSERT INTO t (id, m) VALUES (1, 'b')")
op.execute("UPDATE t SET m = 'a' WHERE m = 'b'")
"""
    removed = swapped("'a'").replace("feel", "mood")
    write_all(project, CREATED, (moved, ""), (removed, swapped("'a', 'b'").replace("feel", "mood")))
    assert run(project, "squash", "b2:c3", "--scratch", pg_url).err == ""
    assert "    _upgrade_b2()\n    op.moltres_alter_enum(" in source(project, "c3")


def test_a_label_of_a_column_is_there_while_a_statement_uses_it(
    alembic_project: ProjectFactory, mariadb_url: str
) -> None:
    project = alembic_project(MODELS, mariadb_url)
    column = 'sa.Column("m", sa.Enum({}))'
    table = f'op.create_table("t", sa.Column("id", sa.Integer), {column})'
    insert = "op.execute(\"INSERT INTO t VALUES (1, 'b')\")\nop.execute(\"UPDATE t SET m = 'a'\")"
    altered = """op.alter_column("t", "m", type_=sa.Enum("a"), existing_nullable=True)"""
    created = table.replace("{}", '"a", "b"')
    write_all(project, (created, 'op.drop_table("t")'), (insert, ""), (altered, ""))
    assert run(project, "squash", "c3", "--scratch", mariadb_url).err == ""
