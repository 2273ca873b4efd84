"""What the rows get that there are: in a column that takes no NULL, in the place of a removed label."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.commands.command_line import Finished, run
from tests.operations.circle import execute, read

BEFORE = """\
import sqlalchemy as sa
target_metadata = metadata = sa.MetaData()
users = sa.Table(
    "users", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20))
)
"""
ADDED = BEFORE.replace(
    '"name", sa.String(20)', '"name", sa.String(20)), sa.Column("age", sa.Integer, nullable=False'
)
CLOSED = BEFORE.replace("sa.String(20)", "sa.String(20), nullable=False")
ASKED = """\
users.age is NOT NULL without a default; which value do existing rows get?
    -x moltres.fill=users.age:0
    -x moltres.fill=none
"""


def revision(project: AlembicProject, *x: str) -> Finished:
    answers = [word for each in x for word in ("-x", each)]
    return run(project, *answers, "revision", "--autogenerate", "-m", "after")


def upgrade_of(project: AlembicProject) -> str:
    script = project.scripts()[-1].read_text(encoding="utf-8")
    return script.partition("def upgrade")[2].partition("def downgrade")[0]


@pytest.fixture
def project(alembic_project: ProjectFactory, any_engine: sa.Engine) -> AlembicProject:
    """Give a project with a row of a name and one of none."""
    project = alembic_project(BEFORE, any_engine.url.render_as_string(hide_password=False))
    project.revision("before", rev_id="a1")
    project.upgrade()
    execute(any_engine, "INSERT INTO users (id, name) VALUES (1, 'ann'), (2, NULL)")
    return project


def test_a_new_column_without_null_is_asked_about(project: AlembicProject) -> None:
    project.write_models(ADDED)
    done = revision(project)
    assert 2 == done.status
    assert done.err.startswith(ASKED)
    assert 1 == len(project.scripts())


@pytest.mark.parametrize(
    ("value", "written", "found"),
    [("0", "fill=0", 0), ("-7", "fill=-7", -7), ("sql(id + 1)", 'fill=sql("id + 1")', 2)],
)
def test_the_answer_is_what_old_rows_get(
    project: AlembicProject, any_engine: sa.Engine, value: str, written: str, found: int
) -> None:
    project.write_models(ADDED)
    done = revision(project, f"moltres.fill=users.age:{value}")
    assert (0, "") == (done.status, done.err)
    assert written in upgrade_of(project)
    project.upgrade()
    assert [(found,)] == read(any_engine, "SELECT age FROM users WHERE id = 1")
    project.check()
    project.downgrade("a1")
    project.upgrade()


def test_a_value_of_another_type_is_refused(project: AlembicProject) -> None:
    project.write_models(ADDED)
    done = revision(project, "moltres.fill=users.age:many")
    assert 2 == done.status
    assert (
        "'many' is not a value of the column 'age', which is INTEGER; write a literal" in done.err
    )
    assert 1 == len(project.scripts())


@pytest.mark.parametrize("answer", ["users.ages:0", "user.age:0", "users.name:x"])
def test_an_answer_about_nothing_is_refused(project: AlembicProject, answer: str) -> None:
    project.write_models(ADDED)
    done = revision(project, f"moltres.fill={answer}", "moltres.fill=none")
    assert 2 == done.status
    assert f"FAILED: -x moltres.fill={answer} matches no difference" in done.err


def test_none_leaves_the_comment(project: AlembicProject) -> None:
    project.write_models(ADDED)
    assert 0 == revision(project, "moltres.fill=none").status
    assert "if there are rows, pass their value as fill=..." in upgrade_of(project)


def test_stock_alembic_writes_the_comment(project: AlembicProject) -> None:
    project.write_models(ADDED)
    project.revision("after")
    assert "if there are rows, pass their value as fill=..." in upgrade_of(project)


def test_nulls_of_a_column_that_takes_none_any_more_become_the_value(
    project: AlembicProject, any_engine: sa.Engine
) -> None:
    project.write_models(CLOSED)
    assert "users.name becomes NOT NULL without a default" in revision(project).err
    done = revision(project, "moltres.fill=users.name:nobody, really")
    assert (0, "") == (done.status, done.err)
    project.upgrade()
    assert [("ann",), ("nobody, really",)] == read(any_engine, "SELECT name FROM users ORDER BY id")
    project.check()
    with pytest.raises(sa.exc.DBAPIError):
        execute(any_engine, "INSERT INTO users (id) VALUES (3)")
    project.downgrade("a1")
    execute(any_engine, "INSERT INTO users (id) VALUES (3)")


@pytest.mark.parametrize("type_", ["String(20)", "String(40)"])
def test_nulls_become_an_expression_over_other_columns(
    project: AlembicProject, any_engine: sa.Engine, type_: str
) -> None:
    """No default can read a column: the UPDATE stands between two blocks, under the new name."""
    closed = f'"called", sa.{type_}, nullable=False, info={{"renamed_from": "name"}}'
    project.write_models(BEFORE.replace('"name", sa.String(20)', closed))
    done = revision(
        project, "moltres.fill=users.called:sql(CASE WHEN id > 1 THEN '5%:x' ELSE '-' END)"
    )
    assert (0, "") == (done.status, done.err)
    assert "default=" not in upgrade_of(project)
    project.upgrade()
    assert [("ann",), ("5%:x",)] == read(any_engine, "SELECT called FROM users ORDER BY id")
    project.check()
    project.downgrade("a1")
    execute(any_engine, "INSERT INTO users (id) VALUES (3)")


ENUM = """\
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
target_metadata = metadata = sa.MetaData()
mood = sa.Enum({labels}, name="mood")
users = sa.Table(
    "users", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("mood", mood),
    sa.Column("moods", pg.ARRAY(mood)),
)
"""


@pytest.fixture
def moods(alembic_project: ProjectFactory, pg_engine: sa.Engine) -> AlembicProject:
    """Give a project whose enum type has rows of each label."""
    url = pg_engine.url.render_as_string(hide_password=False)
    project = alembic_project(ENUM.format(labels="'glad', 'sad', 'so-so'"), url)
    project.revision("before", rev_id="a1")
    project.upgrade()
    execute(
        pg_engine,
        "INSERT INTO users VALUES (1, 'glad', '{glad,sad}'), (2, 'sad', '{sad}'), (3, 'so-so', NULL)",
    )
    return project


MOODS = "SELECT mood::text, moods::text FROM users ORDER BY id"


def test_a_removed_label_becomes_a_new_one(moods: AlembicProject, pg_engine: sa.Engine) -> None:
    moods.write_models(ENUM.format(labels="'glad', 'unhappy', 'so-so'"))
    done = revision(moods)
    assert 2 == done.status
    assert "the label 'sad' of mood is removed; what replaces it in rows?" in done.err
    assert "-x moltres.label=mood.sad:unhappy" in done.err
    done = revision(moods, "moltres.label=mood.sad:unhappy")
    assert (0, "") == (done.status, done.err)
    assert 'renamed={"sad": "unhappy"}' in upgrade_of(moods)
    moods.upgrade()
    moods.check()
    after = [("glad", "{glad,unhappy}"), ("unhappy", "{unhappy}"), ("so-so", None)]
    assert after == read(pg_engine, MOODS)
    moods.downgrade("a1")
    assert [("glad", "{glad,sad}"), ("sad", "{sad}"), ("so-so", None)] == read(pg_engine, MOODS)


def test_a_removed_label_becomes_one_that_stays(
    moods: AlembicProject, pg_engine: sa.Engine
) -> None:
    moods.write_models(ENUM.format(labels="'glad', 'so-so'"))
    assert "-x moltres.label=mood.sad:so-so" in revision(moods).err.replace('"', "").replace(
        "'", ""
    )
    done = revision(moods, "moltres.label=mood.sad:so-so")
    assert (0, "") == (done.status, done.err)
    moods.upgrade()
    moods.check()
    after = [("glad", "{glad,so-so}"), ("so-so", "{so-so}"), ("so-so", None)]
    assert after == read(pg_engine, MOODS)
    moods.downgrade("a1")
    assert after == read(pg_engine, MOODS)
    moods.upgrade()


def test_a_label_that_is_not_there_is_refused(moods: AlembicProject) -> None:
    moods.write_models(ENUM.format(labels="'glad', 'so-so'"))
    done = revision(moods, "moltres.label=mood.sad:sadder")
    assert 2 == done.status
    assert "names nothing that is added or kept; write one of glad, so-so" in done.err
    assert 0 == revision(moods, "moltres.label=none").status
    assert "fails if rows have 'sad'" in upgrade_of(moods)


def test_types_without_a_cast_are_asked_about(
    alembic_project: ProjectFactory, pg_engine: sa.Engine
) -> None:
    numbers = BEFORE.replace("sa.String(20)", "sa.Integer")
    url = pg_engine.url.render_as_string(hide_password=False)
    project = alembic_project(numbers, url)
    project.revision("before", rev_id="a1")
    project.upgrade()
    execute(pg_engine, "INSERT INTO users VALUES (1, 5), (2, NULL)")
    project.write_models(numbers.replace("sa.Integer)\n", "sa.Uuid)\n"))
    done = revision(project)
    assert 2 == done.status
    assert "users.name changes from INTEGER to UUID, and there is no cast" in done.err
    assert "-x moltres.using=users.name:name::text::uuid" in done.err
    done = revision(project, "moltres.using=users.name:lpad(name::text, 32, '0')::uuid")
    assert (0, "") == (done.status, done.err)
    project.upgrade()
    project.check()
    uuid = "00000000-0000-0000-0000-000000000005"
    assert [(uuid,), (None,)] == read(pg_engine, "SELECT name::text FROM users ORDER BY id")
    project.downgrade("a1")
    project.upgrade()
    project.downgrade("a1")
    project.scripts()[-1].unlink()
    assert 0 == revision(project, "moltres.using=none").status
    assert "fails if the database cannot convert a value of name" in upgrade_of(project)


def test_types_with_a_cast_are_not(alembic_project: ProjectFactory, pg_engine: sa.Engine) -> None:
    url = pg_engine.url.render_as_string(hide_password=False)
    project = alembic_project(BEFORE, url)
    project.revision("before", rev_id="a1")
    project.upgrade()
    project.write_models(BEFORE.replace("sa.String(20)", "sa.Integer"))
    done = revision(project)
    assert (0, "") == (done.status, done.err)


PORTABLE = """\
import sqlalchemy as sa
target_metadata = metadata = sa.MetaData()
sa.Table(
    "users", metadata, sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("The mood", sa.Enum({labels}, name="mood", {options})), {more}
)
"""
WITH_CHECK = "native_enum=False, create_constraint=True"
RENAMED = 'users."The mood"."it\'s :sad %s"'


@pytest.fixture(params=["", WITH_CHECK], ids=["native", "with a check"])
def own_labels(
    request: pytest.FixtureRequest, alembic_project: ProjectFactory, any_engine: sa.Engine
) -> AlembicProject:
    """Give a project whose column has labels of its own, with a row of each."""
    if not request.param and any_engine.dialect.name != "mariadb":
        pytest.skip("labels belong to a type, or to nobody")
    project = alembic_project(
        PORTABLE.format(labels='"glad", "it\'s :sad %s"', options=request.param, more=""),
        any_engine.url.render_as_string(hide_password=False),
    )
    project.revision("before", rev_id="a1")
    project.upgrade()
    table = sa.table("users", sa.column("id"), sa.column("The mood"))
    with any_engine.begin() as connection:
        rows = [{"id": 1, "The mood": "glad"}, {"id": 2, "The mood": "it's :sad %s"}]
        connection.execute(table.insert(), rows)
    project.write_models(
        PORTABLE.format(
            labels='"glad", "blue"', options=request.param, more="sa.Column('age', sa.Integer)"
        )
    )
    return project


def moods_of(engine: sa.Engine) -> list[str]:
    table = sa.table("users", sa.column("id"), sa.column("The mood"))
    with engine.connect() as connection:
        return list(connection.execute(sa.select(table.c["The mood"]).order_by("id")).scalars())


@pytest.mark.parametrize(
    ("answer", "after", "back"), [("blue", "blue", "it's :sad %s"), ("glad", "glad", "glad")]
)
def test_a_removed_label_of_a_column_s_own_is_replaced(
    own_labels: AlembicProject, any_engine: sa.Engine, answer: str, after: str, back: str
) -> None:
    asked = revision(own_labels)
    assert 2 == asked.status
    assert 'of users."The mood" is removed; what replaces it in rows?' in asked.err
    done = revision(own_labels, f"moltres.label={RENAMED}:{answer}")
    assert (0, "") == (done.status, done.err)
    own_labels.upgrade()
    assert ["glad", after] == moods_of(any_engine)
    own_labels.check()
    own_labels.downgrade("a1")
    assert ["glad", back] == moods_of(any_engine)
    own_labels.upgrade()
    assert ["glad", after] == moods_of(any_engine)


def test_none_leaves_rows_with_a_removed_label(own_labels: AlembicProject) -> None:
    assert 0 == revision(own_labels, "moltres.label=none").status
    assert "UPDATE" not in upgrade_of(own_labels)
    assert "fails if rows" in upgrade_of(own_labels)
    with pytest.raises((CommandError, sa.exc.DBAPIError)):
        own_labels.upgrade()


DEFAULTED = """\
import sqlalchemy as sa
target_metadata = metadata = sa.MetaData()
mood = sa.Enum({labels}, name="mood")
sa.Table(
    "users", metadata, sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("mood", mood, server_default="{default}", nullable=False), {more}
)
"""
CHECKED = 'sa.CheckConstraint("mood <> \'{}\'", name="ck")'


@pytest.mark.parametrize(
    ("default", "more", "labels", "operations"),
    [
        pytest.param("unhappy", "", "'glad', 'unhappy'", 1, id="default alone"),
        pytest.param("glad", "", "'glad', 'unhappy'", 2, id="default becomes another"),
        pytest.param("unhappy", "sa.Column('age', sa.Text)", "'glad', 'unhappy'", 2, id="column"),
        pytest.param("unhappy", "", "'new', 'glad', 'unhappy'", 1, id="label added"),
        pytest.param("unhappy", CHECKED, "'glad', 'unhappy'", 3, id="in a check"),
    ],
)
def test_a_renamed_label_that_is_a_default_takes_as_few_operations_as_are_right(
    alembic_project: ProjectFactory,
    pg_engine: sa.Engine,
    default: str,
    more: str,
    labels: str,
    operations: int,
) -> None:
    check = CHECKED if more is CHECKED else ""
    before = DEFAULTED.format(labels="'glad', 'sad'", default="sad", more=check.format("xxx"))
    before = before.replace("<> 'xxx'", "<> 'glad' OR mood = 'sad'")
    url = pg_engine.url.render_as_string(hide_password=False)
    project = alembic_project(before, url)
    project.revision("before", rev_id="a1")
    project.upgrade()
    execute(pg_engine, "INSERT INTO users (id) VALUES (1)")
    after = DEFAULTED.format(labels=labels, default=default, more=more.format("xxx"))
    project.write_models(after.replace("<> 'xxx'", "<> 'glad' OR mood = 'unhappy'"))
    asked = revision(project)
    assert "FAILED: a question is open" in asked.err
    assert 0 == revision(project, "moltres.label=mood.sad:unhappy").status
    written = upgrade_of(project)
    assert operations == written.count("op.moltres_"), written
    project.upgrade()
    project.check()
    assert 0 == run(project, "check", "--offline").status
    assert [(1, "unhappy")] == read(pg_engine, "SELECT id, mood::text FROM users")
    project.downgrade("a1")
    assert [(1, "sad")] == read(pg_engine, "SELECT id, mood::text FROM users")
    execute(pg_engine, "INSERT INTO users (id) VALUES (2)")
    assert [("sad",)] == read(pg_engine, "SELECT mood::text FROM users WHERE id = 2")
    project.write_models(before)
    project.scripts()[-1].unlink()
    project.check()
