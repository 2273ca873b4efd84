"""A third party's comparators of tables and columns, registered in both ways that Alembic has."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.alembic_project import AlembicProject, ProjectFactory

pytestmark = pytest.mark.slow

MODELS = """
import sqlalchemy as sa

target_metadata = sa.MetaData()
for name in ("kept", "new"):
    sa.Table(
        name,
        target_metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.String(20), info={"note": "of " + name}),
    )
"""
NONE = "import sqlalchemy as sa\n\ntarget_metadata = sa.MetaData()\n"
COMPARATORS = """
import sqlalchemy as sa
from alembic.operations import ops
from alembic.util import DispatchPriority, PriorityDispatchResult

def note_tables(context, found, schema, name, existing, modelled):
    assert all(isinstance(each, sa.Table) for each in (existing, modelled) if each is not None)
    said = [None if each is None else each.name for each in (existing, modelled)]
    print("table", schema, name, *said)
    if existing is not None and modelled is not None:
        found.ops.append(ops.CreateTableCommentOp(name, "noted", schema=schema))

def note_columns(context, alter, schema, table, name, existing, modelled):
    assert existing.table.name == modelled.table.name == table
    print("column", table, name, existing.type.length if name == "a" else "")
    if modelled.info.get("note") and existing.comment != modelled.info["note"]:
        alter.modify_comment = modelled.info["note"]

def stop(*args):
    print("stop", args[3])
    return PriorityDispatchResult.STOP

def never(*args):
    raise AssertionError("a comparator that another one has stopped")
"""
GLOBAL = f"""{COMPARATORS}
from alembic.autogenerate import comparators

comparators.dispatch_for("table")(note_tables)
comparators.dispatch_for("column", qualifier=ON)(note_columns)
"""
PLUGIN = f"""{COMPARATORS}
from alembic.runtime.plugins import Plugin

plugin = Plugin("noting")
plugin.add_autogenerate_comparator(note_tables, "table")
plugin.add_autogenerate_comparator(note_columns, "column", qualifier=ON)
plugin.add_autogenerate_comparator(stop, "column", "own", priority=DispatchPriority.FIRST)
plugin.add_autogenerate_comparator(never, "column", "own")
"""


@pytest.fixture
def existing(any_engine: sa.Engine) -> sa.Engine:
    """Give a database that has the table `kept`, and one that no model has."""
    with any_engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE kept (id INTEGER PRIMARY KEY, a VARCHAR(20))")
        connection.exec_driver_sql("CREATE TABLE gone (id INTEGER PRIMARY KEY)")
    return any_engine


def _project(
    alembic_project: ProjectFactory, engine: sa.Engine, env: str, configure: str = ""
) -> AlembicProject:
    return alembic_project(
        MODELS,
        engine.url.render_as_string(hide_password=False),
        env=f"ON = {engine.dialect.name!r}\n{env}",
        configure=configure,
        in_subprocess=True,
    )


def said(project: AlembicProject) -> list[str]:
    """Return what the comparators print while autogenerate runs."""
    printed = project.run("revision", "--autogenerate", "-m", "noted").splitlines()
    return [line for line in printed if line.startswith(("table", "column", "stop"))]


def test_comparators_registered_without_a_plugin_see_tables_and_columns(
    alembic_project: ProjectFactory, existing: sa.Engine
) -> None:
    assert said(_project(alembic_project, existing, GLOBAL)) == [
        "table None gone gone None",
        "column kept id ",
        "column kept a 20",
        "table None kept kept kept",
        "table None new None new",
    ]


def test_comparators_of_a_plugin_stop_each_other_as_in_alembic(
    alembic_project: ProjectFactory, existing: sa.Engine
) -> None:
    project = _project(alembic_project, existing, PLUGIN)
    text = project.env.read_text().replace('"alembic_moltres"]', '"alembic_moltres", "noting"]')
    project.env.write_text(text)
    assert said(project)[1:5] == ["stop kept", "column kept id ", "stop kept", "column kept a 20"]


def test_what_a_comparator_adds_is_in_the_script_and_runs_both_ways(
    alembic_project: ProjectFactory, existing: sa.Engine
) -> None:
    if existing.dialect.name == "sqlite":
        pytest.skip("SQLite has no comments")
    project = _project(alembic_project, existing, GLOBAL)
    script = project.revision("noted").read_text()
    assert "op.moltres_create_table" in script
    assert "op.create_table_comment(" in script
    assert "op.alter_column('kept', 'a'" in script
    assert "op.alter_column('kept', 'id'" not in script
    project.upgrade()
    inspector = sa.inspect(existing)
    assert inspector.get_table_comment("kept") == {"text": "noted"}
    assert inspector.get_columns("kept")[1]["comment"] == "of kept"
    assert set(inspector.get_table_names()) == {"alembic_version", "kept", "new"}
    project.downgrade()
    assert sa.inspect(existing).get_columns("kept")[1]["comment"] is None


def test_comparators_are_not_asked_about_what_the_filters_leave_out(
    alembic_project: ProjectFactory, existing: sa.Engine
) -> None:
    only_kept = "include_object=lambda item, name, kind, *_: kind != 'table' or name == 'kept',"
    seen = said(_project(alembic_project, existing, GLOBAL, only_kept))
    assert [line for line in seen if line.startswith("table")] == ["table None kept kept kept"]
