"""What the environment says of types, defaults and renames, and what the log says of each difference."""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.operations.circle import execute, read

BEFORE = """
import sqlalchemy as sa

target_metadata = sa.MetaData()
sa.Table(
    "person",
    target_metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("mail", sa.String(20), server_default="x"),
    sa.Column("n", sa.Integer, server_default="1"),
    sa.Index("ix_mail", "mail"),
)
"""
TYPE = BEFORE.replace("String(20)", "String(30)")
DEFAULT = BEFORE.replace('"1"', '"2"')
RENAMED = (
    BEFORE.replace('"person",\n    target_metadata,', '"people",\n    target_metadata,')
    .replace('"mail", sa.String(20)', '"email", sa.String(20), info={"renamed_from": "mail"}')
    .replace('"ix_mail", "mail"),', '"ix_mail", "email"),\n    info={"renamed_from": "person"},')
)
ASKED = """
asked = []

def {name}(context, theirs, ours, *rest):
    asked.append((ours.table.name, ours.name, *map(str, rest)))
    return {answer}
"""


@pytest.fixture
def project(alembic_project: ProjectFactory, any_engine: sa.Engine) -> AlembicProject:
    """Give a project whose database is that of `BEFORE`, with a row."""
    url = any_engine.url.render_as_string(hide_password=False)
    made = alembic_project(BEFORE, url)
    made.revision("before", rev_id="a1")
    made.upgrade()
    execute(any_engine, "INSERT INTO person (id, mail) VALUES (1, 'a@b')")
    return made


def configure(project: AlembicProject, options: str, env: str = "") -> None:
    """Write more arguments into the calls of `context.configure`."""
    text = project.env.read_text()
    text = text.replace('"alembic_moltres"],', f'"alembic_moltres"], {options}')
    project.env.write_text(f"{env}\n{text}")


def changes(project: AlembicProject, models: str) -> str:
    """Return what upgrade() does for these models; the script is thrown away."""
    project.write_models(models)
    script = project.revision("changes")
    text = script.read_text().partition("def upgrade")[2].partition("def downgrade")[0]
    script.unlink()
    return text


def test_types_and_defaults_are_compared_unless_somebody_says_otherwise(
    project: AlembicProject,
) -> None:
    assert "alter_column" in changes(project, TYPE)
    assert "alter_column" in changes(project, DEFAULT)
    configure(project, 'compare_type=False, moltres={"server_defaults": False},')
    assert "alter" not in changes(project, TYPE)
    assert "alter" not in changes(project, DEFAULT)
    assert "nullable=False" in changes(
        project, DEFAULT.replace('default="2"', 'default="2", nullable=False')
    )


def test_alembics_own_switch_for_defaults_says_nothing(project: AlembicProject) -> None:
    configure(project, "compare_server_default=False,")
    assert "alter_column" in changes(project, DEFAULT)


@pytest.mark.parametrize(
    ("name", "models"), [("compare_type", TYPE), ("compare_server_default", DEFAULT)]
)
def test_a_function_decides_as_in_alembic(project: AlembicProject, name: str, models: str) -> None:
    configure(project, f"{name}={name},", ASKED.format(name=name, answer="False"))
    assert "alter" not in changes(project, models)


@pytest.mark.parametrize("name", ["compare_type", "compare_server_default"])
def test_a_function_that_decides_nothing_leaves_it_to_us(
    project: AlembicProject, name: str
) -> None:
    configure(project, f"{name}={name},", ASKED.format(name=name, answer="None"))
    assert "alter" not in changes(project, BEFORE)
    assert "alter_column" in changes(project, TYPE if name == "compare_type" else DEFAULT)


def test_a_function_is_given_what_alembic_gives(
    project: AlembicProject, capsys: pytest.CaptureFixture[str]
) -> None:
    env = ASKED.format(
        name="compare", answer="print(*asked[-1], sep='|') if ours.name == 'mail' else None"
    )
    configure(project, "compare_type=compare, compare_server_default=compare,", env)
    project.write_models(DEFAULT)
    said = project.run("revision", "--autogenerate", "-m", "asked").splitlines()
    lines = [line for line in said if line.startswith("person|")]
    assert [("person", "mail")] * 2 == [tuple(line.split("|")[:2]) for line in lines]
    assert "VARCHAR(20)" in lines[0]
    assert lines[1].split("|")[3:] == ["x", "'x'"]


def test_renames_that_the_models_tell_of(
    project: AlembicProject, any_engine: sa.Engine, caplog: pytest.LogCaptureFixture
) -> None:
    project.write_models(RENAMED)
    with caplog.at_level(logging.INFO, "alembic"):
        script = project.revision("renamed", rev_id="b2").read_text()
    detected = [each.getMessage() for each in caplog.records if "Detected" in each.getMessage()]
    assert "Detected table 'person' renamed to 'people'" in detected
    assert "Detected column 'people.mail' renamed to 'email'" in detected
    upgrade = script.partition("def upgrade")[2].partition("def downgrade")[0]
    assert 'op.moltres_rename_table("person", "people")' in upgrade
    assert 'people.rename_column("mail", "email")' in upgrade
    assert "add_column" not in upgrade
    project.upgrade()
    assert [(1, "a@b", 1)] == read(any_engine, "SELECT id, email, n FROM people")
    project.check()  # what is told of stays in the models and does nothing
    project.downgrade("a1")
    assert [(1, "a@b", 1)] == read(any_engine, "SELECT id, mail, n FROM person")


def test_a_rename_is_none_where_the_old_name_is_still_modelled(project: AlembicProject) -> None:
    both = RENAMED + BEFORE.replace("target_metadata = sa.MetaData()", "").replace(
        "ix_mail", "ix_person_mail"
    )
    found = changes(project, both)
    assert "rename" not in found
    assert "op.moltres_create_table(People)" in found


def test_a_renamed_table_that_a_filter_leaves_out_is_left_alone(project: AlembicProject) -> None:
    configure(project, "include_object=lambda o, name, kind, *rest: kind != 'table',")
    assert "pass" in changes(project, RENAMED)


def test_each_difference_is_one_line_of_the_log(
    project: AlembicProject, caplog: pytest.LogCaptureFixture
) -> None:
    project.write_models(
        TYPE.replace('"1"', '"2"')
        .replace('sa.Index("ix_mail", "mail")', 'sa.Index("ix_n", "n")')
        .replace('sa.Column("n"', 'sa.Column("added", sa.Integer), sa.Column("n"')
        + '\nsa.Table("more", target_metadata, sa.Column("id", sa.Integer, primary_key=True))\n'
    )
    with caplog.at_level(logging.INFO, "alembic"):
        project.revision("all")
    detected = [each.getMessage() for each in caplog.records if "Detected" in each.getMessage()]
    assert [
        "Detected added column 'person.added'",
        "Detected added index 'ix_n' on table 'person'",
        "Detected added table 'more'",
        "Detected removed index 'ix_mail' on table 'person'",
        "Detected server default changed on column 'person.n'",
        "Detected type changed on column 'person.mail'",
    ] == sorted(detected)
