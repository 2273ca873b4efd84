"""alembic-utils beside us: views and functions, made after the tables that they read, dropped before."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from tests.alembic_project import MODELS, AlembicProject, ProjectFactory
from tests.dump import dump

pytestmark = [
    pytest.mark.newest,
    pytest.mark.slow,
    # not imported to know: that would put its comparison into every later test of this process
    pytest.mark.skipif(find_spec("alembic_utils") is None, reason="pip install alembic-utils"),
]

TABLE = """
import sqlalchemy as sa

target_metadata = sa.MetaData()
sa.Table(
    "people",
    target_metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(20), nullable=False),
)
"""
IMPORT = f"from {MODELS} import target_metadata\n"
NONE = "import sqlalchemy as sa\n\ntarget_metadata = sa.MetaData()\n"
ENTITIES = """
from alembic_utils.pg_function import PGFunction
from alembic_utils.pg_view import PGView
from alembic_utils.replaceable_entity import register_entities

register_entities([
    PGFunction("public", "twice(n integer)",
               "returns integer as $$ select n * 2 $$ language sql immutable"),
    PGView("public", "names", "SELECT people.name FROM people"),
])
"""
NO_VIEW = "\n".join(line for line in ENTITIES.splitlines() if "PGView(" not in line)


def _order(text: str, *parts: str) -> list[str]:
    """Return the parts in the order in which they stand in the text."""
    return sorted(parts, key=text.index)


def _with_entities(make: ProjectFactory, url: str) -> AlembicProject:
    """Make a project whose table, and then its view and function, are in the database.

    alembic-utils tries a view out in the database, so its table must be there already.
    """
    project = make(TABLE, url, in_subprocess=True)
    project.revision("table", rev_id="a1")
    project.upgrade()
    project.env.write_text(project.env.read_text().replace(IMPORT, IMPORT + ENTITIES))
    project.revision("entities", rev_id="b2")
    project.upgrade()
    return project


def test_views_and_functions_go_round(
    alembic_project: ProjectFactory, pg_url: str, pg_engine: sa.Engine
) -> None:
    project = _with_entities(alembic_project, pg_url)
    script = project.scripts()[-1].read_text()
    assert "op.create_entity(public_names" in script
    assert "op.create_entity(public_twice" in script
    assert "moltres" not in script
    project.check()
    full = dump(pg_engine)
    assert "CREATE VIEW public.names" in full
    project.downgrade()
    assert dump(pg_engine) == ""
    project.upgrade()
    assert dump(pg_engine) == full


def test_a_changed_table_and_a_new_view_are_found_together(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = _with_entities(alembic_project, pg_url)
    born = 'sa.Column("id", sa.Integer, primary_key=True), sa.Column("born", sa.Date),'
    project.write_models(TABLE.replace('sa.Column("id", sa.Integer, primary_key=True),', born))
    text = project.env.read_text()
    project.env.write_text(text.replace("SELECT people.name", "SELECT people.name, people.id"))
    with pytest.raises(CommandError, match="born"):
        project.check()
    script = project.revision("born").read_text()
    made = ["op.moltres_alter_table", "op.replace_entity(public_names"]
    assert made == _order(script, *made)
    project.upgrade()
    project.check()
    project.downgrade("b2")


def test_a_view_that_goes_with_its_table_is_dropped_before_it(
    alembic_project: ProjectFactory, pg_url: str, pg_engine: sa.Engine
) -> None:
    project = _with_entities(alembic_project, pg_url)
    full = dump(pg_engine)
    project.write_models(NONE)
    text = project.env.read_text().replace(ENTITIES, NO_VIEW)
    empty = '"alembic_moltres"], moltres={"empty_models": True},'
    project.env.write_text(text.replace('"alembic_moltres"],', empty))
    script = project.revision("drop").read_text()
    dropped = ["op.drop_entity(public_names", "op.moltres_drop_table"]
    assert dropped == _order(script.partition("def upgrade")[2], *dropped)
    project.upgrade()
    project.check()
    assert "people" not in dump(pg_engine)
    project.downgrade("-1")
    assert dump(pg_engine) == full
