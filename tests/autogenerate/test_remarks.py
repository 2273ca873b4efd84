"""What a script says in comments: what a change loses, and on which rows it fails."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from alembic_moltres import index
from alembic_moltres.operations.alter import MoltresCreateIndexOp
from tests.alembic_project import ProjectFactory

BEFORE = """
import sqlalchemy as sa

target_metadata = sa.MetaData()
sa.Table(
    "person",
    target_metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("mail", sa.String(20)),
    sa.Column("age", sa.BigInteger),
    sa.Column("born", sa.Integer),
    sa.Column("note", sa.Text),
)
sa.Table("old", target_metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", sa.Integer))
sa.Table("gone", target_metadata, sa.Column("y", sa.Integer))
"""
AFTER = """
import sqlalchemy as sa

target_metadata = sa.MetaData()
sa.Table(
    "person",
    target_metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(20), unique=True),
    sa.Column("age", sa.Integer, nullable=False),
    sa.Column("born", sa.Date),
    sa.CheckConstraint("age > 0", name="positive"),
)
sa.Table("new", target_metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", sa.Integer))
"""
SAID = """
# fails if rows have NULL in age; correct them before
# fails if a value of age does not fit into INTEGER
# fails if the database cannot convert a value of born
# the values of mail are lost; if it became email, give that column info={"renamed_from": 'mail'}
# the values of note are lost
# fails if rows violate this check
# the rows of gone are lost
# the rows of old are lost; if it became new, give that model info={"renamed_from": 'old'}
"""


def test_an_upgrade_says_what_it_loses_and_on_which_rows_it_fails(
    any_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    url = any_engine.url.render_as_string(hide_password=False)
    project = alembic_project(BEFORE, url, configure='moltres={"questions": False},')
    first = project.revision("before", rev_id="a1").read_text()
    assert "lost" not in first
    project.upgrade()
    project.write_models(AFTER)
    script = project.revision("after", rev_id="b2").read_text()
    upgrade, _, downgrade = script.partition("def upgrade")[2].partition("def downgrade")
    said = {line.strip() for line in upgrade.splitlines() if " fails if" in line or " lost" in line}
    assert set(SAID.strip().splitlines()) == said
    assert "lost" not in downgrade


def test_a_label_that_may_have_been_renamed_is_told_of(
    pg_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    models = """
import sqlalchemy as sa

target_metadata = sa.MetaData()
sa.Table("t", target_metadata, sa.Column("a", sa.Enum({labels}, name="mood")))
"""
    url = pg_engine.url.render_as_string(hide_password=False)
    project = alembic_project(models.format(labels='"glad", "sad"'), url)
    project.revision("before", rev_id="a1")
    project.upgrade()
    project.write_models(models.format(labels='"happy", "sad"'))
    script = project.revision("after", rev_id="b2").read_text()
    remark = "# fails if rows have 'glad'; if 'glad' became 'happy', add renamed={'glad': 'happy'}"
    assert f"    {remark}\n    op.moltres_alter_enum(" in script


def test_check_prints_what_differs_with_its_types_and_texts(
    any_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    project = alembic_project(BEFORE, any_engine.url.render_as_string(hide_password=False))
    project.revision("before", rev_id="a1")
    project.upgrade()
    project.write_models(
        BEFORE.replace(
            'sa.Column("note", sa.Text),',
            'sa.Column("note", sa.Text), sa.UniqueConstraint("mail"), sa.CheckConstraint("age > 0"), '
            'sa.Index("ix_mail", "mail"), sa.Index("ix_more", sa.text("(age + 1)")), ',
        )
    )
    with pytest.raises(CommandError) as raised:
        project.check()
    text = str(raised.value)
    assert "Column('mail', String(length=20), table=<person>)" in text
    assert "sql('age > 0')" in text
    assert "object at 0x" not in text.replace("ReadOnlyColumnCollection object at 0x", "")


LISTENERS = """
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import ExecutableDDLElement

target_metadata = sa.MetaData()

class CreateView(ExecutableDDLElement):
    inherit_cache = False

@compiles(CreateView)
def create_view(element, compiler, **kw):
    return "CREATE VIEW v AS SELECT 1"

event.listen(target_metadata, "before_create", sa.DDL("CREATE EXTENSION citext"))
event.listen(target_metadata, "after_create", CreateView())
for name in "ab":
    sa.Table(name, target_metadata, sa.Column("x", sa.Integer))
"""


def test_events_of_the_metadata_are_named_in_the_script_with_their_text(
    sqlite_url: str, alembic_project: ProjectFactory
) -> None:
    script = alembic_project(LISTENERS, sqlite_url).revision("one").read_text()
    first = script.partition('"""Upgrade schema."""')[2].partition("op.moltres")[0]
    assert "# before_create: 'CREATE EXTENSION citext' is an event of the MetaData" in first
    assert "# after_create: 'CREATE VIEW v AS SELECT 1' is an event of the MetaData" in first
    assert 2 == script.count("is an event of the MetaData")


def test_a_listener_of_every_table_is_named_once(
    sqlite_url: str, alembic_project: ProjectFactory, caplog: pytest.LogCaptureFixture
) -> None:
    def audit(*_: object, **__: object) -> None:
        """Do nothing."""

    sa.event.listen(sa.Table, "after_create", audit)
    try:
        script = alembic_project(LISTENERS, sqlite_url).revision("one").read_text()
    finally:
        sa.event.remove(sa.Table, "after_create", audit)
    assert 1 == script.count("audit is a Python function")
    assert 1 == sum("audit" in each.getMessage() for each in caplog.records)


def test_two_constraints_of_one_name_are_called_what_they_are(
    pg_url: str, alembic_project: ProjectFactory
) -> None:
    models = """
import sqlalchemy as sa

target_metadata = sa.MetaData()
for name in "ab":
    sa.Table(name, target_metadata, sa.Column("x", sa.Integer), sa.UniqueConstraint("x", name="u"))
"""
    with pytest.raises(
        CommandError, match="the unique constraint 'u' is in the tables 'a' and 'b'"
    ):
        alembic_project(models, pg_url).revision("one")


def test_how_an_index_is_created_says_nothing_of_how_it_is_dropped() -> None:
    create = MoltresCreateIndexOp("t", index("ix", "a"))
    drop = create.reverse()
    create.kw["postgresql_concurrently"] = True
    assert create.index.dialect_options == {"postgresql_concurrently": True}
    assert drop.index == index("ix", "a")
    drop.kw["postgresql_concurrently"] = True
    assert drop.index == create.index
    create.kw["postgresql_using"] = "hash"  # what it is, the drop follows
    assert drop.index.dialect_options["postgresql_using"] == "hash"
