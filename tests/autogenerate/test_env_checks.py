"""What an env.py lacks or chooses: plugins, models, the databases that scripts serve."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from tests.alembic_project import ProjectFactory

MODELS = """
import sqlalchemy as sa

target_metadata = sa.MetaData()
for name in ("a", "b", "c"):
    sa.Table(
        name,
        target_metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String().with_variant(sa.String(255), "mysql", "mariadb")),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now(), comment="when"
        ),
        sa.CheckConstraint("name <> 'a long text that fills a whole line' and name <> 'another one'", name="long"),
    )
"""
NONE = "import sqlalchemy as sa\n\ntarget_metadata = sa.MetaData()\n"


def test_our_plugin_without_alembics_is_refused(
    sqlite_url: str, alembic_project: ProjectFactory
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    project.env.write_text(project.env.read_text().replace('"alembic.autogenerate.*", ', ""))
    with pytest.raises(CommandError, match=r'write autogenerate_plugins=\["alembic.autogenerate'):
        project.revision("one")


def test_models_without_a_table_do_not_drop_the_database(
    any_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    project = alembic_project(NONE, any_engine.url.render_as_string(hide_password=False))
    project.revision("nothing", rev_id="a1")
    project.write_models(MODELS)
    project.upgrade()
    project.revision("one", rev_id="b2")
    project.upgrade()
    project.write_models(NONE)
    with pytest.raises(CommandError, match=r"the table 'a' and 2 more .* import the modules"):
        project.revision("drop")
    text = project.env.read_text()
    allowed = '"alembic_moltres"], moltres={"empty_models": True},'
    project.env.write_text(text.replace('"alembic_moltres"],', allowed))
    assert "op.moltres_drop_table(A)" in project.revision("drop").read_text()


def test_a_script_serves_the_chosen_databases_only(
    sqlite_url: str, alembic_project: ProjectFactory
) -> None:
    every = alembic_project(MODELS, sqlite_url).revision("one").read_text()
    assert "type_variants" in every
    chosen = alembic_project(
        MODELS, sqlite_url, configure='moltres={"databases": ["postgresql", "sqlite"]},'
    )
    script = chosen.revision("one").read_text()
    assert "type_variants" not in script
    chosen.upgrade()
    chosen.check()


@pytest.mark.parametrize("databases", ["'postgresql'", "[]", "['postgres']"])
def test_a_database_that_does_not_exist_is_refused(
    databases: str, sqlite_url: str, alembic_project: ProjectFactory
) -> None:
    project = alembic_project(
        MODELS, sqlite_url, configure=f"moltres={{'databases': {databases}}},"
    )
    with pytest.raises(CommandError, match="has no known database"):
        project.revision("one")


def test_a_value_of_several_lines_that_three_tables_have_is_one_constant(
    any_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    project = alembic_project(MODELS, any_engine.url.render_as_string(hide_password=False))
    script = project.revision("one", rev_id="a1").read_text()
    assert 1 == script.count('"created_at",')
    assert 1 == script.count("created_at_column = column(")
    assert 3 == script.count("    created_at_column,") + script.count(", created_at_column")
    assert 1 == script.count("long_check = check(")
    project.upgrade()
    project.check()
    project.downgrade()
    two = MODELS.replace('"a", "b", "c"', '"a", "b"')
    fewer = alembic_project(two, any_engine.url.render_as_string(hide_password=False))
    assert 2 == fewer.revision("one").read_text().count('"created_at",')


def test_a_translated_schema_is_refused_where_the_database_is_compared(
    any_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    project = alembic_project(MODELS, any_engine.url.render_as_string(hide_password=False))
    connected = "with connectable.connect() as connection:\n"
    text = project.env.read_text()
    assert connected in text
    line = "connection = connection.execution_options(schema_translate_map={'app': 'tenant'})\n"
    project.env.write_text(text.replace(connected, f"{connected}        {line}"))
    with pytest.raises(CommandError, match=r"schema_translate_map={'app': 'tenant'} is not"):
        project.revision("one")
    project.env.write_text(project.env.read_text().replace("tenant", "app"))
    project.revision("one")
