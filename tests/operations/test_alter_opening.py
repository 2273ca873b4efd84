"""A block without `with` and a call after the block stop the upgrade: nothing happens unsaid, nothing is stamped."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError

from alembic_moltres.schema import column
from tests.alembic_project import AlembicProject, ProjectFactory
from tests.operations.circle import execute, read

MODELS = "import sqlalchemy as sa\n\ntarget_metadata = sa.MetaData()\n"
HEAD = """
from alembic import op
from alembic_moltres import column

revision, down_revision = {revision!r}, {before!r}

def downgrade():
    pass

def upgrade():
"""
AGE = 'column("age", "INTEGER")'


def script_of(body: str, revision: str = "r1", before: str | None = None) -> str:
    indented = "".join(f"    {line}\n" for line in body.splitlines())
    return HEAD.format(revision=revision, before=before) + indented


def project_of(alembic_project: ProjectFactory, engine: sa.Engine) -> AlembicProject:
    execute(engine, "CREATE TABLE users (id INTEGER)")
    return alembic_project(MODELS, engine.url.render_as_string(hide_password=False))


def columns(engine: sa.Engine) -> list[str]:
    return [each["name"] for each in sa.inspect(engine).get_columns("users")]


def stamped(engine: sa.Engine) -> list[tuple[Any, ...]]:
    """Return the rows of the version table; PostgreSQL takes back even the table."""
    if not sa.inspect(engine).has_table("alembic_version"):
        return []
    return read(engine, "SELECT version_num FROM alembic_version")


NOT_ENTERED = "op.moltres_alter_table('users') at {file}:{{0}} was not entered: write `with op.moltres_alter_table(...) as ...:`"
NOT_ENDED = (
    "op.moltres_alter_table('users') at {file}:{{0}} has not ended although the revision has: "
    "write `with op.moltres_alter_table(...) as ...:`"
)
AFTER = (
    "op.moltres_alter_table('users') at {file}:{{0}} had ended before the call at {file}:{{1}}: "
    "write the call inside the `with` block"
)
AGAIN = (
    "op.moltres_alter_table('users') at {file}:{{0}} is entered again at {file}:{{1}}: "
    "call it once for each `with`"
)
IN_SCHEMA = NOT_ENTERED.replace("('users')", "('users', schema='main')")

UNUSED = "op.moltres_{0}() at {{file}}:{{{{0}}}} was not entered: write `with op.moltres_{0}():`"

WRONG = [
    *(
        pytest.param(
            f'op.moltres_{name}()\nop.execute("SELECT 1")',
            UNUSED.format(name),
            (0,),
            id=f"{name}-without-with",
        )
        for name in ("state_only", "idempotent")
    ),
    pytest.param(
        f't = op.moltres_alter_table("users")\nt.add_column({AGE})', NOT_ENTERED, (0,), id="no-with"
    ),
    pytest.param(
        f'op.moltres_alter_table("users").drop_column({AGE})', NOT_ENTERED, (0,), id="one-line"
    ),
    pytest.param(
        'op.execute("SELECT 1")\nop.moltres_alter_table("users")',
        NOT_ENTERED,
        (1,),
        id="never-used",
    ),
    pytest.param('op.moltres_alter_table("users", "main")', IN_SCHEMA, (0,), id="with-a-schema"),
    pytest.param(
        f'op.moltres_alter_table("users").__enter__().add_column({AGE})',
        NOT_ENDED,
        (0,),
        id="never-ended",
    ),
    pytest.param(
        f'with op.moltres_alter_table("users") as t:\n    pass\nt.alter_column({AGE}, {AGE})',
        AFTER,
        (0, 2),
        id="after-the-end",
    ),
    pytest.param(
        f'with op.moltres_alter_table("users") as t:\n    with t:\n        t.add_column({AGE})',
        AGAIN,
        (0, 1),
        id="nested",
    ),
    pytest.param(
        f't = op.moltres_alter_table("users")\nwith t:\n    pass\nwith t:\n    t.add_column({AGE})',
        AGAIN,
        (0, 3),
        id="a-second-time",
    ),
]


@pytest.mark.parametrize(("body", "message", "lines"), WRONG)
def test_a_block_that_would_do_nothing_is_refused_with_its_line(
    body: str,
    message: str,
    lines: tuple[int, ...],
    alembic_project: ProjectFactory,
    sqlite_engine: sa.Engine,
) -> None:
    project = project_of(alembic_project, sqlite_engine)
    script = project.write_script("r1", script_of(body))
    first = script_of("").count("\n") + 1
    with pytest.raises(CommandError) as caught:
        project.upgrade()
    expected = message.format(file=script).format(*(first + line for line in lines))
    assert expected == str(caught.value)
    assert [] == stamped(sqlite_engine)
    assert ["id"] == columns(sqlite_engine)


def test_it_is_refused_on_every_database(
    alembic_project: ProjectFactory, any_engine: sa.Engine
) -> None:
    project = project_of(alembic_project, any_engine)
    project.write_script("r1", script_of('op.moltres_alter_table("users")'))
    with pytest.raises(CommandError, match="was not entered"):
        project.upgrade()
    assert [] == stamped(any_engine)


def test_it_is_refused_with_sql_before_the_version_is_written(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url, in_subprocess=True)
    project.write_script("r1", script_of('op.moltres_alter_table("users")'))
    with pytest.raises(CommandError) as caught:
        project.upgrade(sql=True)
    written = str(caught.value)
    assert "CREATE TABLE alembic_version" in written
    assert "INSERT INTO alembic_version" not in written
    assert "FAILED: op.moltres_alter_table('users') at " in written
    assert "Traceback" not in written


def test_a_revision_before_it_stays_stamped(
    alembic_project: ProjectFactory, sqlite_engine: sa.Engine
) -> None:
    project = project_of(alembic_project, sqlite_engine)
    good = f'with op.moltres_alter_table("users") as t:\n    t.add_column({AGE})'
    project.write_script("r1", script_of(good))
    project.write_script("r2", script_of('op.moltres_alter_table("users")', "r2", "r1"))
    with pytest.raises(CommandError, match=r"r2_\.py:\d+ was not entered"):
        project.upgrade()
    assert [("r1",)] == stamped(sqlite_engine)
    assert ["id", "age"] == columns(sqlite_engine)
    project.write_script("r2", script_of("pass", "r2", "r1"))
    project.upgrade()
    assert [("r2",)] == stamped(sqlite_engine)


def test_one_that_is_never_used_is_found_beside_one_that_is(
    alembic_project: ProjectFactory, sqlite_engine: sa.Engine
) -> None:
    project = project_of(alembic_project, sqlite_engine)
    used = f'with op.moltres_alter_table("users") as t:\n    t.add_column({AGE})'
    project.write_script("r1", script_of(f'op.moltres_alter_table("other")\n{used}'))
    with pytest.raises(CommandError, match=r"op\.moltres_alter_table\('other'\) at .* not entered"):
        project.upgrade()
    assert [] == stamped(sqlite_engine)


def test_it_is_refused_in_a_downgrade(
    alembic_project: ProjectFactory, sqlite_engine: sa.Engine
) -> None:
    project = project_of(alembic_project, sqlite_engine)
    source = script_of("pass").replace("    pass\n\n", '    op.moltres_alter_table("users")\n\n', 1)
    project.write_script("r1", source)
    project.upgrade()
    with pytest.raises(CommandError, match="was not entered"):
        project.downgrade()
    assert [("r1",)] == stamped(sqlite_engine)


def test_an_exception_inside_of_the_block_leaves_everything_undone(
    alembic_project: ProjectFactory, sqlite_engine: sa.Engine
) -> None:
    project = project_of(alembic_project, sqlite_engine)
    body = f"""
with op.moltres_alter_table("users") as t:
    t.add_column({AGE})
    raise LookupError("in the block")
"""
    project.write_script("r1", script_of(body))
    with pytest.raises(LookupError, match="in the block"):
        project.upgrade()
    assert [] == stamped(sqlite_engine)
    assert ["id"] == columns(sqlite_engine)


def test_what_is_opened_before_and_used_later_is_carried_out(
    alembic_project: ProjectFactory, sqlite_engine: sa.Engine
) -> None:
    project = project_of(alembic_project, sqlite_engine)
    body = f"""
t = op.moltres_alter_table("users")
op.execute("INSERT INTO users VALUES (1)")
with t:
    t.add_column({AGE})
with op.moltres_alter_table("users"):
    pass
"""
    project.write_script("r1", script_of(body))
    project.upgrade()
    assert [("r1",)] == stamped(sqlite_engine)
    assert [(1, None)] == read(sqlite_engine, "SELECT id, age FROM users")


def test_outside_of_a_run_the_call_is_refused_and_the_context_is_not_kept(
    sqlite_engine: sa.Engine,
) -> None:
    with sqlite_engine.connect() as connection:
        context = MigrationContext.configure(connection)
        operations: Any = Operations(context)
        opened = operations.moltres_alter_table("users")
        with pytest.raises(CommandError, match=rf"at {__file__}:\d+ was not entered"):
            opened.add_column(column("age", "INTEGER"))
        kept = weakref.ref(context)
        del context, operations, opened
        gc.collect()
        assert kept() is None
