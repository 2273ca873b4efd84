"""MariaDB commits each statement of DDL: a revision that was interrupted goes on when it is run again."""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.dump import dump

HEAD = """import sqlalchemy as sa
target_metadata = metadata = sa.MetaData()
"""
BEFORE = """
sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.String(9)),
    sa.Column("old", sa.Integer), sa.CheckConstraint("old > 0"), sa.Index("ix_old", "old"))
"""
AFTER = """
sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("a", sa.String(20), nullable=False, server_default="x"), sa.Column("b", sa.Integer),
    sa.CheckConstraint("b > 0"), sa.CheckConstraint("b < 9", name="ck"), sa.Index("ix_b", "b"))
sa.Table("u", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("c", sa.String(9), index=True),
    sa.Column("d", sa.String(9), index=True), sa.Column("t_id", sa.ForeignKey("t.id")))
sa.Table("v", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.UniqueConstraint("id", name="uq"))
"""
KILLED = """
import os, signal
from sqlalchemy import event
from sqlalchemy.engine import Engine

left = int(os.environ.get("STATEMENTS", "1000"))


@event.listens_for(Engine, "after_cursor_execute")
def count(conn, cursor, statement, *_):
    global left
    if statement.split()[0].upper() in {"CREATE", "ALTER", "DROP", "UPDATE"} and "TEMPORARY" not in statement:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
"""
STATEMENTS = 9
"""More than the revision has."""


def prepared(engine: sa.Engine, make: ProjectFactory, **stated: object) -> AlembicProject:
    url = engine.url.render_as_string(hide_password=False)
    # it drops a column and adds one of the same type
    stated["configure"] = 'moltres={"questions": False},'
    project = make(HEAD + BEFORE, url, **stated)  # type: ignore[arg-type]
    project.revision("before", rev_id="a1")
    project.upgrade()
    project.write_models(HEAD + AFTER)
    project.revision("after", rev_id="b2")
    return project


@pytest.mark.slow
@pytest.mark.parametrize("statements", range(1, STATEMENTS + 1))
def test_a_revision_that_was_killed_after_any_statement_goes_on(
    mariadb_engine: sa.Engine,
    alembic_project: ProjectFactory,
    monkeypatch: pytest.MonkeyPatch,
    statements: int,
) -> None:
    project = prepared(mariadb_engine, alembic_project, in_subprocess=True, env=KILLED)
    monkeypatch.setenv("STATEMENTS", str(statements))
    try:
        project.upgrade()
        killed = False
    except CommandError:
        killed = True
    assert killed == (statements < STATEMENTS)
    monkeypatch.delenv("STATEMENTS")
    project.upgrade()
    project.check()
    assert "uq" in dump(mariadb_engine)
    assert 2 == dump(mariadb_engine).count("CONSTRAINT_1") + dump(mariadb_engine).count("`ck`")


SCRIPT = """from alembic import op
from alembic_moltres import TableSchema, column, primary_key

revision, down_revision = "b2", "a1"
A, B = (TableSchema(n, [column("id", "INTEGER")], constraints=[primary_key("id")]) for n in "AB")


def upgrade():
    op.moltres_create_table(A)
    op.execute("UPDATE t SET old = old + 1")
    op.moltres_create_table(B)
    op.execute("{last}")
"""


def with_own_statement(engine: sa.Engine, make: ProjectFactory) -> AlembicProject:
    """Run a revision whose last statement fails."""
    url = engine.url.render_as_string(hide_password=False)
    project = make(HEAD + BEFORE, url)
    project.revision("before", rev_id="a1")
    project.upgrade()
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO t (old) VALUES (1)")
    project.write_script("b2", SCRIPT.format(last="WRONG"))
    with pytest.raises(sa.exc.ProgrammingError):
        project.upgrade()
    project.write_script("b2", SCRIPT.format(last="DO 1"))
    return project


def old(engine: sa.Engine) -> object:
    with engine.connect() as connection:
        return connection.exec_driver_sql("SELECT old FROM t").scalar()


def test_a_statement_of_the_scripts_own_is_not_run_again_unasked(
    mariadb_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    project = with_own_statement(mariadb_engine, alembic_project)
    for _ in range(2):
        with pytest.raises(CommandError, match=r"b2_\.py:10, and it is .* -x moltres\.ran=10 or"):
            project.upgrade()
    assert 2 == old(mariadb_engine)


@pytest.mark.parametrize(("said", "expected"), [("ran=10,12", 2), ("not_ran=10", 3)])
def test_a_revision_goes_on_when_somebody_says_whether_it_ran(
    mariadb_engine: sa.Engine,
    alembic_project: ProjectFactory,
    said: str,
    expected: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    project = with_own_statement(mariadb_engine, alembic_project)
    if said.startswith("not_ran"):  # as after a kill before the second table
        with mariadb_engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE B")
    with caplog.at_level(logging.INFO):
        project.run("-x", f"moltres.{said}", "upgrade", "head")
    assert "Skipped, an earlier run has done it: added table 'A'" in caplog.text
    assert expected == old(mariadb_engine)
    assert {"A", "B"} <= set(sa.inspect(mariadb_engine).get_table_names())


def test_a_revision_that_nothing_has_interrupted_passes_over_nothing_and_says_nothing_of_it(
    mariadb_engine: sa.Engine, alembic_project: ProjectFactory, caplog: pytest.LogCaptureFixture
) -> None:
    url = mariadb_engine.url.render_as_string(hide_password=False)
    project = alembic_project(HEAD + BEFORE, url)
    project.revision("before", rev_id="a1")
    with caplog.at_level(logging.INFO):
        project.upgrade()
        project.downgrade()
    assert "Skipped" not in caplog.text


def test_a_failure_lists_what_the_revision_has_done(
    mariadb_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    project = prepared(mariadb_engine, alembic_project)
    with mariadb_engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE v (id INTEGER)")
    with pytest.raises(CommandError, match=r"has committed the .*table.*'u'.*skipped"):
        project.upgrade()
    with mariadb_engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE v")
    project.upgrade()
    project.check()


REMOVES = """from alembic import op
from alembic_moltres import TableSchema, check, column, index, primary_key

revision, down_revision = "b2", "a1"
A = TableSchema("A", [column("id", "INTEGER")], constraints=[primary_key("id")])


def upgrade():
    with op.moltres_alter_table("t") as t:
        t.drop_index(index("ix_old", "old"))
    with op.moltres_alter_table("t") as t:
        t.rename_column("a", "aa")
        t.create_index(index("ix_aa", "aa"))
    op.moltres_rename_table("t", "tt")
    op.moltres_create_table(A)
{last}
"""


@pytest.mark.parametrize("lines", [["9"], ["9,11"], ["9", "11"]], ids=" ".join)
def test_what_removes_only_is_skipped_when_somebody_says_that_it_ran(
    lines: list[str], mariadb_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    """Nobody can tell a removal that is done from a name that is wrong."""
    project = alembic_project(
        HEAD + BEFORE, mariadb_engine.url.render_as_string(hide_password=False)
    )
    project.revision("before", rev_id="a1")
    project.upgrade()
    project.write_script("b2", REMOVES.format(last='    op.execute("WRONG")'))
    with pytest.raises(sa.exc.ProgrammingError):
        project.upgrade()
    project.write_script("b2", REMOVES.format(last=""))
    with pytest.raises(CommandError, match=r"has executed line 9, pass -x moltres\.ran=9$"):
        project.upgrade()
    again = [argument for each in lines for argument in ("-x", f"moltres.ran={each}")]
    project.run(*again, "upgrade", "head")
    found = sa.inspect(mariadb_engine)
    assert {"A", "tt"} <= set(found.get_table_names())
    assert {"ix_aa"} == {each["name"] for each in found.get_indexes("tt")}


def test_a_block_of_which_nothing_is_done_is_run_whole(
    mariadb_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    """What it makes uses a name that it gives before."""
    project = alembic_project(
        HEAD + BEFORE, mariadb_engine.url.render_as_string(hide_password=False)
    )
    project.revision("before", rev_id="a1")
    project.upgrade()
    lines = REMOVES.format(last="").replace('"t")', '"tt")').splitlines(keepends=True)
    renames = '    op.moltres_rename_table("t", "tt")\n'
    (start,) = [at for at, line in enumerate(lines) if line.startswith("def upgrade")]
    kept = [line for line in lines[start + 1 :] if "rename_table" not in line]
    project.write_script("b2", "".join([*lines[: start + 1], renames, *kept]))
    with mariadb_engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE t DROP INDEX ix_old, RENAME tt")
    project.run("-x", "moltres.ran=10", "upgrade", "head")
    assert {"ix_aa"} == {each["name"] for each in sa.inspect(mariadb_engine).get_indexes("tt")}


RENAMED = """from alembic import op
from alembic_moltres import TableSchema, column, foreign_key, index, primary_key

revision, down_revision = "b2", "a1"
A, C = (
    TableSchema(
        name,
        [column("id", "INTEGER"), column("t_id", "INTEGER")],
        constraints=[primary_key("id"), foreign_key("t_id", "t", "id", name=f"fk_{{name}}")],
        indexes=[index(f"ix_{{name}}", ["id", "t_id"])],
    )
    for name in ("a", "c")
)


def upgrade():
    op.moltres_create_table(A)
{between}    op.moltres_rename_table("a", "b")
    op.moltres_create_table(C)
    op.execute("{last}")
"""


@pytest.mark.parametrize(
    "undone", ["", "DROP TABLE c", "DROP TABLE c; ALTER TABLE b RENAME a, DROP INDEX ix_a"]
)
def test_a_table_that_a_later_line_renames_is_known_by_that_name(
    mariadb_engine: sa.Engine, alembic_project: ProjectFactory, undone: str
) -> None:
    project = renamed(mariadb_engine, alembic_project, "")
    if undone:  # as after a kill earlier
        with mariadb_engine.begin() as connection:
            for statement in undone.split("; "):
                connection.exec_driver_sql(statement)
    project.run("-x", "moltres.not_ran=20", "upgrade", "head")
    found = sa.inspect(mariadb_engine)
    assert {"b", "c"} == set(found.get_table_names()) - {"t", "alembic_version"}
    assert {"ix_a"} == {each["name"] for each in found.get_indexes("b")} - {"fk_a"}


def test_a_table_that_takes_the_place_of_another_one_is_created(
    mariadb_engine: sa.Engine, alembic_project: ProjectFactory
) -> None:
    """The other one looks alike; only the lines between tell that it is not the new one."""
    url = mariadb_engine.url.render_as_string(hide_password=False)
    project = alembic_project(HEAD + BEFORE, url)
    project.revision("before", rev_id="a1")
    project.upgrade()
    with mariadb_engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE b (id int PRIMARY KEY, t_id int)")
        connection.exec_driver_sql("INSERT INTO b VALUES (1, 2)")
    lines = RENAMED.format(
        between='    op.execute("INSERT INTO a SELECT id + 1, NULL FROM b")\n    op.drop_table("b")\n',
        last="DO 1",
    )
    lines = lines.replace(', foreign_key("t_id", "t", "id", name=f"fk_{name}")', "")
    project.write_script("b2", lines.replace('[index(f"ix_{name}", ["id", "t_id"])]', "[]"))
    project.upgrade()
    with mariadb_engine.connect() as connection:
        assert [(2, None)] == list(connection.exec_driver_sql("SELECT * FROM b"))


def renamed(engine: sa.Engine, make: ProjectFactory, between: str) -> AlembicProject:
    """Run a revision that renames what it has created, and whose last statement fails."""
    project = make(HEAD + BEFORE, engine.url.render_as_string(hide_password=False))
    project.revision("before", rev_id="a1")
    project.upgrade()
    project.write_script("b2", RENAMED.format(between=between, last="WRONG"))
    with pytest.raises(sa.exc.ProgrammingError):
        project.upgrade()
    project.write_script("b2", RENAMED.format(between=between, last="DO 1"))
    return project


PARENT = 'sa.Table("parent", metadata, sa.Column("id", sa.Integer, primary_key=True))\n'
OF_PARENT = """
sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Integer),
    sa.Column("b", sa.Integer), sa.CheckConstraint("a > 0"), sa.CheckConstraint("a < b", name="ck"),
    sa.ForeignKeyConstraint(["a"], ["parent.id"], name="fk"), sa.UniqueConstraint("a", name="a"))
"""
COLUMN_RENAMED = """
sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("z", sa.Integer, info={"renamed_from": "a"}), sa.Column("b", sa.BigInteger),
    sa.CheckConstraint("z > 1"), sa.CheckConstraint("z <= b", name="ck"),
    sa.ForeignKeyConstraint(["z"], ["parent.id"], name="fk"), sa.Index("fk", "z", unique=True))
"""


@pytest.mark.parametrize("statements", range(3))
def test_a_block_that_renames_a_column_goes_on_before_any_statement(
    mariadb_engine: sa.Engine, alembic_project: ProjectFactory, statements: int
) -> None:
    url = mariadb_engine.url.render_as_string(hide_password=False)
    project = alembic_project(HEAD + PARENT + OF_PARENT, url)
    project.revision("before", rev_id="a1")
    project.upgrade()
    project.write_models(HEAD + PARENT + COLUMN_RENAMED)
    project.revision("after", rev_id="b2")
    left = statements

    def stop(connection: object, cursor: object, statement: str, *_: object) -> None:
        nonlocal left
        if (
            statement.split(maxsplit=1)[0] in {"CREATE", "ALTER", "DROP", "UPDATE"}
            and "TEMPORARY" not in statement
        ):
            left -= 1
            if left < 0:
                raise InterruptedError

    sa.event.listen(sa.Engine, "before_cursor_execute", stop)
    try:
        with pytest.raises(InterruptedError):
            project.upgrade()
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", stop)
    project.upgrade()
    project.check()
