"""What autogenerate makes of a project's own settings: filters, schemas, rewriters, other operations."""

from __future__ import annotations

import logging
import re

import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.dump import dump

MODELS = """
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    pass

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(20), index=True)
    email: Mapped[str] = mapped_column(sa.String(20), index=True)
"""
NO_MODELS = "import sqlalchemy as sa\n\ntarget_metadata = sa.MetaData()\n"
EMPTY = 'moltres={"empty_models": True},'
CALL = re.compile(r"^    (op\.\w+\([^)\n]*)", re.MULTILINE)


def calls(script: str) -> list[str]:
    """Return the calls of `upgrade()`, without what follows the first closing parenthesis."""
    upgrade = script.partition("def upgrade")[2].partition("def downgrade")[0]
    return [f"{call})" for call in CALL.findall(upgrade)]


def revision(project: AlembicProject, rev_id: str = "one") -> str:
    return project.revision(rev_id, rev_id=rev_id).read_text("utf-8")


def up_and_down(project: AlembicProject) -> None:
    project.upgrade()
    project.downgrade()
    project.upgrade()


def test_a_table_that_include_object_leaves_out_is_not_in_the_script(
    sqlite_url: str, alembic_project: ProjectFactory
) -> None:
    project = alembic_project(
        MODELS, sqlite_url, configure="include_object=lambda o, name, kind, *rest: name != 'users',"
    )
    assert calls(revision(project)) == []


def test_an_index_that_include_object_leaves_out_is_not_in_the_value(
    sqlite_url: str, sqlite_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    project = alembic_project(
        MODELS,
        sqlite_url,
        configure="include_object=lambda o, name, kind, *rest: name != 'ix_users_name',",
    )
    script = revision(project)
    assert "ix_users_name" not in script
    project.upgrade()
    assert [index["name"] for index in sa.inspect(sqlite_engine).get_indexes("users")] == [
        "ix_users_email"
    ]


def test_a_removed_table_comes_back_without_the_index_that_a_filter_leaves_out(
    sqlite_url: str, alembic_project: ProjectFactory
) -> None:
    project = alembic_project(
        MODELS,
        sqlite_url,
        configure=f"include_object=include_object, include_name=include_name, {EMPTY}",
        env=(
            "def include_object(o, name, kind, reflected, other):\n"
            "    return not reflected or name != 'ix_users_name'\n"
            "def include_name(name, kind, parents):\n"
            "    return kind != 'index' or parents['table_name'] == 'users' and name != 'ix_users_email'\n"
        ),
    )
    revision(project)
    project.upgrade()
    project.write_models(NO_MODELS)
    assert "ix_users" not in revision(project, "two")


@pytest.mark.parametrize(("left_out", "found"), [("check_constraint", False), ("index", True)])
def test_a_check_that_include_object_leaves_out_is_not_added(
    *, left_out: str, found: bool, sqlite_url: str, alembic_project: ProjectFactory
) -> None:
    configure = f"include_object=lambda o, name, kind, *_: kind != '{left_out}',"
    project = alembic_project(MODELS, sqlite_url, configure=configure)
    revision(project)
    project.upgrade()
    check = "    __table_args__ = (sa.CheckConstraint('length(name) > 0', name='ck_users_name'),)"
    project.write_models(f"{MODELS}{check}\n")
    assert ("ck_users_name" in revision(project, "two")) == found


def test_a_table_that_include_name_leaves_out_is_not_dropped(
    sqlite_url: str, sqlite_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    with sqlite_engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE theirs (id INTEGER)")
    project = alembic_project(
        MODELS, sqlite_url, configure="include_name=lambda name, kind, parents: name != 'theirs',"
    )
    assert calls(revision(project)) == ["op.moltres_create_table(User)"]


def test_the_version_table_is_left_alone(sqlite_url: str, alembic_project: ProjectFactory) -> None:
    project = alembic_project(MODELS, sqlite_url, configure="version_table='history',")
    assert calls(revision(project)) == ["op.moltres_create_table(User)"]
    up_and_down(project)
    project.check()


def test_other_schemas_are_compared_where_include_schemas_says_so(
    pg_url: str, pg_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    with pg_engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA app")
    empty = dump(pg_engine)
    models = """
import enum
import sqlalchemy as sa
target_metadata = sa.MetaData()
mood = sa.Enum("happy", "sad", name="mood", schema="app")
sa.Table("a", target_metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("m", mood), schema="app")
sa.Table(
    "b",
    target_metadata,
    sa.Column("id", sa.ForeignKey("app.a.id"), primary_key=True),
    sa.Column("n", sa.Integer, index=True),
    sa.Column("m", mood),
    schema="public",
)
"""
    project = alembic_project(models, pg_url, configure=f"include_schemas=True, {EMPTY}")
    assert calls(revision(project)) == ["op.moltres_create_table(A)", "op.moltres_create_table(B)"]
    up_and_down(project)
    made = dump(pg_engine)  # Alembic's own check stumbles over a foreign key in a schema "public"
    project.write_models(NO_MODELS)
    assert calls(revision(project, "two")) == [
        "op.moltres_drop_table(B)",
        "op.moltres_drop_table(A)",
    ]
    project.upgrade()
    assert empty == dump(pg_engine)
    project.downgrade("one")
    assert made == dump(pg_engine)


def test_several_metadata_are_one_project(sqlite_url: str, alembic_project: ProjectFactory) -> None:
    models = """
import sqlalchemy as sa
first, second = sa.MetaData(), sa.MetaData()
sa.Table("b", first, sa.Column("id", sa.Integer, primary_key=True))
sa.Table("a", second, sa.Column("id", sa.Integer, primary_key=True))
target_metadata = [first, second]
"""
    project = alembic_project(models, sqlite_url)
    assert calls(revision(project)) == ["op.moltres_create_table(A)", "op.moltres_create_table(B)"]
    up_and_down(project)
    project.check()


def test_what_changes_inside_a_table_comes_between_the_creations_and_the_drops(
    pg_url: str, alembic_project: ProjectFactory
) -> None:
    before = """
import sqlalchemy as sa
target_metadata = sa.MetaData()
sa.Table("old", target_metadata, sa.Column("id", sa.Integer, primary_key=True))
sa.Table(
    "kept",
    target_metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("old_id", sa.Integer),
    sa.ForeignKeyConstraint(["old_id"], ["old.id"], name="fk_kept_old"),
)
"""
    after = """
import sqlalchemy as sa
target_metadata = sa.MetaData()
sa.Table("new", target_metadata, sa.Column("id", sa.Integer, primary_key=True))
sa.Table(
    "kept",
    target_metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("new_id", sa.ForeignKey("new.id", name="fk_kept_new")),
)
"""
    project = alembic_project(before, pg_url)
    revision(project)
    project.upgrade()
    project.write_models(after)
    script = revision(project, "two")
    assert re.findall(r"\bop\.(\w{2,})", script.partition("def downgrade")[0]) == [
        "moltres_create_table",
        "moltres_alter_table",
        "moltres_drop_table",
    ]
    up_and_down(project)
    project.check()


REWRITER = """
from alembic.autogenerate.rewriter import Rewriter
from alembic.operations import ops
import sqlalchemy as sa
writer = Rewriter()
"""


def test_a_rewriter_for_create_table_sees_ours_and_its_change_is_in_the_script(
    sqlite_url: str, sqlite_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    env = f"""{REWRITER}
@writer.rewrites(ops.CreateTableOp)
def add_a_column(context, revision, op):
    op.columns = [*op.columns, sa.Column("tenant", sa.String(10))]
    return op
"""
    project = alembic_project(
        MODELS, sqlite_url, env=env, configure="process_revision_directives=writer,"
    )
    script = revision(project)
    assert script.count('column("tenant", "VARCHAR(10)")') == 1
    assert script.count("op.moltres_drop_table(User)") == 1
    up_and_down(project)
    assert [column["name"] for column in sa.inspect(sqlite_engine).get_columns("users")][
        -1
    ] == "tenant"


def test_a_rewriter_for_drop_table_sees_ours(
    sqlite_url: str, alembic_project: ProjectFactory
) -> None:
    env = f"""{REWRITER}
@writer.rewrites(ops.DropTableOp)
def gently(context, revision, op):
    op.if_exists = True
    return op
"""
    project = alembic_project(
        MODELS, sqlite_url, env=env, configure="process_revision_directives=writer,"
    )
    assert "    op.moltres_drop_table(User, if_exists=True)\n" in revision(project)
    up_and_down(project)


def test_a_plain_operation_beside_ours_is_rendered_as_alembic_renders_it(
    sqlite_url: str, alembic_project: ProjectFactory
) -> None:
    env = f"""{REWRITER}
@writer.rewrites(ops.CreateTableOp)
def and_a_comment(context, revision, op):
    if op.table_name == "users":
        return [op, ops.ExecuteSQLOp("SELECT 1"), ops.CreateTableOp("plain", [sa.Column("id", sa.Integer)])]
    return op
"""
    project = alembic_project(
        MODELS, sqlite_url, env=env, configure="process_revision_directives=writer,"
    )
    script = revision(project)
    assert "    op.execute('SELECT 1')\n" in script
    assert (
        "    op.create_table('plain',\n    sa.Column('id', sa.Integer(), nullable=True)\n    )\n"
        in script
    )
    project.upgrade()


def test_an_import_of_another_operation_stands_before_ours_and_its_names_are_taken(
    sqlite_url: str, alembic_project: ProjectFactory
) -> None:
    env = """
def directives(context, revision, directives):
    directives[0].imports = {"from zoneinfo import ZoneInfo as User"}
"""
    project = alembic_project(
        MODELS, sqlite_url, env=env, configure="process_revision_directives=directives,"
    )
    script = revision(project)
    assert script.index("from zoneinfo") < script.index("from alembic_moltres")
    assert "\nUser2 = TableSchema(" in script


def test_the_prefix_is_alembics(sqlite_url: str, alembic_project: ProjectFactory) -> None:
    project = alembic_project(MODELS, sqlite_url, configure="alembic_module_prefix='alembic.op.',")
    assert "    alembic.op.moltres_create_table(User)\n" in revision(project)


def test_a_listener_that_is_a_function_is_named_in_the_script_and_in_the_log(
    sqlite_url: str, alembic_project: ProjectFactory, caplog: pytest.LogCaptureFixture
) -> None:
    listener = """
@sa.event.listens_for(User.__table__, "after_create")
def install_triggers(table, connection, **options):
    pass
"""
    with caplog.at_level(logging.WARNING, "alembic"):
        script = revision(alembic_project(MODELS + listener, sqlite_url))
    named = "after_create: project_models.install_triggers"
    assert f"    # {named} is a Python function" in script
    assert [
        record.args for record in caplog.records if record.name.endswith("alembic_moltres")
    ] == [("users", named)]


def test_check_names_what_is_new(sqlite_url: str, alembic_project: ProjectFactory) -> None:
    project = alembic_project(MODELS, sqlite_url)
    with pytest.raises(CommandError, match=r"New upgrade operations detected.*add_table.*users"):
        project.check()


def test_what_cannot_be_frozen_is_refused_by_name_before_a_script_is_written(
    sqlite_url: str, alembic_project: ProjectFactory
) -> None:
    odd = """
class Odd(sa.types.TypeEngine):
    __visit_name__ = "odd"

class Thing(Base):
    __tablename__ = "things"
    id: Mapped[int] = mapped_column(primary_key=True)
    odd: Mapped[str] = mapped_column(Odd)
"""
    project = alembic_project(MODELS + odd, sqlite_url)
    with pytest.raises(CommandError, match=r"things.*odd"):
        revision(project)
    assert project.scripts() == []


def test_what_listens_to_the_metadata_is_named_in_the_log(
    sqlite_url: str, alembic_project: ProjectFactory, caplog: pytest.LogCaptureFixture
) -> None:
    listener = """
sa.event.listen(Base.metadata, "after_create", sa.DDL("CREATE VIEW everybody AS SELECT 1"))
"""
    with caplog.at_level(logging.WARNING, "alembic"):
        revision(alembic_project(MODELS + listener, sqlite_url))
    assert "after_create: 'CREATE VIEW everybody AS SELECT 1'" in caplog.text


def test_a_key_that_does_not_count_does_not_count_after_a_change_of_its_type_and_back(
    any_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    models = """
import sqlalchemy as sa
target_metadata = sa.MetaData()
sa.Table("t", target_metadata, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))
"""
    project = alembic_project(models, any_engine.url.render_as_string(hide_password=False))
    revision(project)
    project.upgrade()
    before = dump(any_engine)
    project.write_models(
        models.replace("sa.Integer", "sa.String(9)").replace(", autoincrement=False", "")
    )
    revision(project, "two")
    project.upgrade()
    project.downgrade("one")
    if any_engine.dialect.name != "sqlite":  # which keeps the layout of texts
        assert before == dump(any_engine)
