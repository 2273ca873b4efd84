"""A sequence that was made by hand stays when its last default goes; one that scripts made goes with it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.alembic_project import ProjectFactory
from tests.commands.command_line import run
from tests.operations.circle import execute, read

HEAD = "import sqlalchemy as sa\ntarget_metadata = metadata = sa.MetaData()\n"
OTHER = "sa.Table('o', metadata, sa.Column('id', sa.Integer, primary_key=True))\n"
TABLE = OTHER + "sa.Table('t', metadata, sa.Column('id', sa.Integer, primary_key=True){})\n"
BY_TEXT = ", sa.Column('n', sa.Integer, server_default=sa.text(\"nextval('s')\"))"
OWN = ", sa.Column('n', sa.Integer, sa.Sequence('s'), server_default=sa.Sequence('s').next_value())"
WITHOUT = {
    "default dropped": TABLE.format(", sa.Column('n', sa.Integer)"),
    "default changed": TABLE.format(", sa.Column('n', sa.Integer, server_default='5')"),
    "column dropped": TABLE.format(""),
    "table dropped": OTHER,
}


@pytest.mark.parametrize("after", WITHOUT.values(), ids=WITHOUT.keys())
@pytest.mark.parametrize(("column", "stays"), [(BY_TEXT, 1), (OWN, 0)], ids=["by hand", "own"])
def test_only_a_sequence_of_a_script_goes_with_its_last_default(
    alembic_project: ProjectFactory, pg_engine: sa.Engine, column: str, stays: int, after: str
) -> None:
    if column is BY_TEXT:
        execute(pg_engine, "CREATE SEQUENCE s START 50")
    before = HEAD + TABLE.format(column)
    project = alembic_project(before, pg_engine.url.render_as_string(hide_password=False))
    project.revision("before", rev_id="a1")
    project.upgrade()
    project.write_models(HEAD + after)
    project.revision("after")
    project.upgrade()
    project.check()

    def count() -> int:
        (row,) = read(pg_engine, "SELECT count(*) FROM pg_sequences WHERE sequencename = 's'")
        return int(row[0])

    assert stays == count()
    project.downgrade("a1")
    assert 1 == count()
    project.scripts()[-1].unlink()
    project.write_models(before)
    assert 0 == run(project, "check").status
    project.downgrade("base")
    assert stays == count()
