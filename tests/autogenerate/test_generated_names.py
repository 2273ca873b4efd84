"""Names that PostgreSQL made of a table's name: a new table of the old name gets its own."""

from __future__ import annotations

import sqlalchemy as sa

from tests.alembic_project import ProjectFactory
from tests.operations.circle import read

HEAD = """
import sqlalchemy as sa

target_metadata = metadata = sa.MetaData()
sa.Table(
    "{}",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("a", sa.Integer, unique=True),
    info={{"renamed_from": "t"}},
)
"""
AGAIN = 'sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True))'
NAMES = """
SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('i', 'S')
AND relname !~ '^alembic' ORDER BY 1
"""
OLD = [("t_a_key",), ("t_id_seq",), ("t_pkey",)]


def test_a_new_table_of_the_old_name_has_the_names_of_a_first_one(
    alembic_project: ProjectFactory, pg_engine: sa.Engine
) -> None:
    url = pg_engine.url.render_as_string(hide_password=False)
    project = alembic_project(HEAD.format("t"), url)
    project.revision("before", rev_id="a1")
    project.upgrade()
    assert OLD == read(pg_engine, NAMES)
    project.write_models(HEAD.format("t2"))
    project.revision("renamed", rev_id="b2")
    project.write_models(HEAD.format("t2") + AGAIN)
    project.upgrade()
    project.revision("taken", rev_id="c3")
    project.upgrade()
    project.check()
    new = [("t2_a_key",), ("t2_id_seq",), ("t2_pkey",), ("t_id_seq",), ("t_pkey",)]
    assert new == read(pg_engine, NAMES)
    project.downgrade("a1")
    assert OLD == read(pg_engine, NAMES)
