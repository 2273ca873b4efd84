"""`check` and `revision --autogenerate` without a database, a server or a driver."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.commands.command_line import run
from tests.history.scripts import MODELS as NO_MODELS
from tests.history.scripts import write

NOWHERE = "postgresql+psycopg://nobody@host.invalid/none"
USERS = """\
import sqlalchemy as sa
target_metadata = metadata = sa.MetaData()
users = sa.Table("users", metadata, sa.Column("id", sa.Integer, primary_key=True))
"""
WITH_AGE = USERS.replace("primary_key=True)", 'primary_key=True), sa.Column("age", sa.Integer)')
CREATED = "op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))"
URLS: dict[str, str | dict[str, str]] = {
    "generic": NOWHERE,
    "pyproject": NOWHERE,
    "async": "postgresql+asyncpg://nobody@host.invalid/none",
    "multidb": {"engine1": NOWHERE, "engine2": "mysql+pymysql://nobody@host.invalid/none"},
}


@pytest.fixture
def project(alembic_project: ProjectFactory) -> AlembicProject:
    project = alembic_project(USERS, NOWHERE)
    write(project, "a1", CREATED)
    return project


def new_script(project: AlembicProject, *options: str) -> str:
    """Write a script offline and return it."""
    before = set(project.scripts())
    done = run(project, "revision", "--autogenerate", "--offline", "-m", "x", *options)
    assert (done.status, done.err) == (0, "")
    (script,) = set(project.scripts()) - before
    return script.read_text(encoding="utf-8")


def test_unchanged_models_are_no_difference(project: AlembicProject) -> None:
    done = run(project, "check", "--offline")
    assert (done.status, done.out) == (0, "No new upgrade operations detected.\n")


def test_unchanged_models_make_no_script(project: AlembicProject) -> None:
    done = run(project, "revision", "--autogenerate", "--offline", "-m", "x")
    assert done.status == 0
    assert done.out == "No new upgrade operations detected; no revision is created.\n"
    assert [each.name for each in project.scripts()] == ["a1_.py"]


def test_a_difference_is_one_line_and_1(project: AlembicProject) -> None:
    project.write_models(WITH_AGE)
    done = run(project, "check", "--offline")
    assert done.status == 1
    assert done.out == "New upgrade operations detected:\n  users\n    + column age INTEGER\n"


def test_check_tells_json(project: AlembicProject) -> None:
    project.write_models(WITH_AGE)
    done = run(project, "check", "--offline", "--format", "json")
    added = {
        "table": "users",
        "action": "add",
        "kind": "column",
        "name": "age",
        "text": "INTEGER",
        "remarks": [],
    }
    assert json.loads(done.out) == {"differences": [added], "uncertain": []}
    assert done.status == 1


@pytest.mark.parametrize("template", URLS)
def test_the_stock_templates_need_no_host(template: str, alembic_project: ProjectFactory) -> None:
    models = USERS
    if template == "multidb":
        models += "target_metadata = {'engine1': metadata, 'engine2': metadata}\n"
    project = alembic_project(models, URLS[template], template=template)
    script = new_script(project)
    assert script.count("op.moltres_create_table(Users)") == (2 if template == "multidb" else 1)
    assert run(project, "check", "--offline").status == 0


def test_what_is_written_offline_upgrades_and_is_then_no_difference(
    alembic_project: ProjectFactory, any_url: str
) -> None:
    project = alembic_project(USERS, any_url)
    new_script(project)
    project.upgrade()
    project.check()
    project.write_models(WITH_AGE)
    new_script(project)
    project.upgrade()
    project.check()
    assert run(project, "check", "--offline").status == 0


WITHOUT_DRIVERS = """
import importlib.machinery, sys
DRIVERS = {'psycopg', 'psycopg2', 'asyncpg', 'pymysql', 'MySQLdb'}
class WithoutDrivers(importlib.machinery.PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition('.')[0] in DRIVERS else super().find_spec(name, path, target)
sys.meta_path[:] = [WithoutDrivers if each is importlib.machinery.PathFinder else each for each in sys.meta_path]
from alembic_moltres.commands.command_line import main
main(sys.argv[1:])
"""


@pytest.mark.slow
@pytest.mark.parametrize("template", ["generic", "async", "multidb"])
def test_no_driver_is_needed(template: str, alembic_project: ProjectFactory) -> None:
    models = USERS
    if template == "multidb":
        models += "target_metadata = {'engine1': metadata, 'engine2': metadata}\n"
    project = alembic_project(models, URLS[template], template=template)
    new_script(project)
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_DRIVERS, "check", "--offline"],
        cwd=project.directory,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("No new upgrade operations detected.\n")


ENVS = {
    "the application's engine": """
from alembic import context
from application import engine
from project_models import target_metadata
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=target_metadata, {plugins})
    with context.begin_transaction():
        context.run_migrations()
""",
    "options online only": """
from alembic import context
import sqlalchemy as sa
def offline():
    context.configure(url="sqlite://")
    context.run_migrations()
def online():
    from project_models import target_metadata
    with sa.create_engine("postgresql+psycopg://nobody@host.invalid/none").begin() as connection:
        context.configure(connection=connection, target_metadata=target_metadata, {plugins})
        context.run_migrations()
offline() if context.is_offline_mode() else online()
""",
    "executes before it configures": """
from alembic import context
from application import engine
from project_models import target_metadata
from sqlalchemy import text
with engine.connect() as connection:
    connection.execute(text("CREATE SCHEMA IF NOT EXISTS app"))
    connection.execute(text("SET search_path TO app, public"))
    connection.commit()
    context.configure(connection=connection, target_metadata=target_metadata, {plugins})
    with context.begin_transaction():
        context.run_migrations()
""",
    "executes on an asynchronous connection": """
import asyncio
from alembic import context
from application import engine
from project_models import target_metadata
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
def migrate(connection):
    context.configure(connection=connection, target_metadata=target_metadata, {plugins})
    with context.begin_transaction():
        context.run_migrations()
async def run():
    async with create_async_engine("postgresql+asyncpg://nobody@host.invalid/none").begin() as connection:
        await connection.execute(text("SET search_path TO app, public"))
        await connection.run_sync(migrate)
asyncio.run(run())
""",
    "locks that may not be free": """
import sys
from alembic import context
from application import engine
from project_models import target_metadata
from sqlalchemy import func, select, text
with engine.connect() as connection:
    if not connection.scalar(text("SELECT pg_try_advisory_lock(:key) AS got"), {"key": 1}):
        sys.exit("another one migrates")
    assert connection.scalar(select(func.pg_try_advisory_xact_lock(2))) is True
    assert int(connection.scalar(text("SHOW server_version_num"))) >= 150000
    connection.commit()
    context.configure(connection=connection, target_metadata=target_metadata, {plugins})
    with context.begin_transaction():
        connection.execute(text("SELECT pg_try_advisory_xact_lock(1, 2)"))
        context.run_migrations()
""",
    "a raw connection": """
from alembic import context
from application import engine
from project_models import target_metadata
raw = engine.raw_connection()
raw.cursor().execute("SELECT 1")
raw.close()
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=target_metadata, {plugins})
    context.run_migrations()
""",
}


@pytest.mark.parametrize("shape", ENVS)
def test_env_in_the_shapes_of_real_ones(shape: str, project: AlembicProject) -> None:
    project.write_models(WITH_AGE)
    plugins = 'autogenerate_plugins=["alembic.autogenerate.*", "alembic_moltres"]'
    project.env.write_text(ENVS[shape].replace("{plugins}", plugins), encoding="utf-8")
    application = f"import sqlalchemy as sa\nengine = sa.create_engine({NOWHERE!r})\n"
    (project.directory / "application.py").write_text(application, encoding="utf-8")
    try:
        assert 'add_column(column("age", "INTEGER"))' in new_script(project)
        assert run(project, "check", "--offline").status == 0
    finally:
        sys.modules.pop("application", None)


@pytest.mark.parametrize("command", [("check", "--offline"), ("state", "b2"), ("plan", "a1:b2")])
def test_scripts_are_in_the_folders_that_env_sets(
    project: AlembicProject, command: tuple[str, ...]
) -> None:
    project.write_models(WITH_AGE)
    more = project.versions.parent / "more"
    more.mkdir()
    file = write(project, "b2", 'op.add_column("users", sa.Column("age", sa.Integer))', down="a1")
    (project.versions / file).rename(more / file)
    folders = f"context.script.version_locations = [{str(project.versions)!r}, {str(more)!r}]\n"
    project.env.write_text(
        project.env.read_text().replace("config = ", f"{folders}config = ", 1), encoding="utf-8"
    )
    done = run(project, *command)
    assert (0, "") == (done.status, done.err)
    assert ("age" in done.out) == (command[0] != "check")


def test_a_constraint_without_a_name_is_the_one_that_the_server_names(
    alembic_project: ProjectFactory,
) -> None:
    models = """\
import sqlalchemy as sa
target_metadata = metadata = sa.MetaData()
sa.Table("a", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("m", sa.Text, unique=True))
sa.Table("b", metadata, sa.Column("a_id", sa.ForeignKey("a.id")), sa.CheckConstraint("a_id > 0"))
"""
    project = alembic_project(models, NOWHERE)
    write(
        project,
        "a1",
        """
        op.execute("CREATE TABLE a (id SERIAL CONSTRAINT a_pkey PRIMARY KEY, m text)")
        op.execute("ALTER TABLE a ADD CONSTRAINT a_m_key UNIQUE (m)")
        op.create_table("b", sa.Column("a_id", sa.Integer()))
        op.create_foreign_key("b_a_id_fkey", "b", "a", ["a_id"], ["id"])
        op.create_check_constraint("b_a_id_check", "b", "a_id > 0")
        """,
    )
    done = run(project, "check", "--offline")
    assert (done.status, done.out) == (0, "No new upgrade operations detected.\n")


def test_a_unique_that_repeats_the_key_is_no_difference(alembic_project: ProjectFactory) -> None:
    models = USERS.replace(
        "primary_key=True)", 'primary_key=True), sa.UniqueConstraint("id", name="u")'
    )
    project = alembic_project(models, NOWHERE)
    write(project, "a1", CREATED)
    assert run(project, "check", "--offline").status == 0


def test_uncertain_tables_are_left_out_and_listed(project: AlembicProject) -> None:
    write(project, "b2", "op.execute(\"SELECT alter_it('users')\")", down="a1")
    models = WITH_AGE + 'sa.Table("tags", metadata, sa.Column("id", sa.Integer))\n'
    project.write_models(models)
    done = run(project, "revision", "--autogenerate", "--offline", "-m", "x", "--rev-id", "c3")
    assert done.status == 2
    listed, failed = done.err.splitlines()
    assert listed.startswith("b2_.py:14: table users uncertain")
    assert failed.startswith("FAILED: 1 line is uncertain, and left out of the comparison: 'users'")
    script = (project.versions / "c3_x.py").read_text(encoding="utf-8")
    assert "moltres_create_table(Tags)" in script
    assert "users" not in script
    (project.versions / "c3_x.py").unlink()
    done = run(project, "check", "--offline")
    assert (done.status, done.out) == (
        2,
        "New upgrade operations detected:\n  + table tags (id)\n",
    )


def test_two_heads_need_a_choice(project: AlembicProject) -> None:
    write(project, "b2", "op.create_table('b', sa.Column('id', sa.Integer()))", down="a1")
    write(project, "c3", "op.create_table('c', sa.Column('id', sa.Integer()))", down="a1")
    both = "".join(f'sa.Table("{name}", metadata, sa.Column("id", sa.Integer))\n' for name in "bc")
    project.write_models(USERS + both)
    assert run(project, "check", "--offline").status == 0
    project.write_models(WITH_AGE + both)
    done = run(project, "revision", "--autogenerate", "--offline", "-m", "x")
    assert done.status == 2
    assert "Multiple heads" in done.err
    assert len(project.scripts()) == 3
    script = new_script(project, "--head", "c3", "--branch-label", "side", "--depends-on", "b2")
    assert "down_revision: Union[str, Sequence[str], None] = 'c3'" in script
    assert "branch_labels: Union[str, Sequence[str], None] = ('side',)" in script
    assert "depends_on: Union[str, Sequence[str], None] = 'b2'" in script


def test_splice(project: AlembicProject) -> None:
    write(project, "b2", "pass", down="a1")
    project.write_models(WITH_AGE)
    done = run(project, "revision", "--autogenerate", "--offline", "-m", "x", "--head", "a1")
    assert done.status == 2
    script = new_script(project, "--head", "a1", "--splice")
    assert "down_revision: Union[str, Sequence[str], None] = 'a1'" in script


def test_hooks_of_env_see_the_script(alembic_project: ProjectFactory) -> None:
    env = """
def process(context, revision, directives):
    directives[0].message = f"from {revision}"
def include_object(object, name, type_, reflected, compare_to):
    return name != "left_out"
"""
    configure = "process_revision_directives=process, include_object=include_object,"
    models = WITH_AGE + 'sa.Table("left_out", metadata, sa.Column("id", sa.Integer))\n'
    project = alembic_project(models, NOWHERE, configure=configure, env=env)
    write(project, "a1", CREATED)
    script = new_script(project)
    assert script.startswith('"""from (\'a1\',)')
    assert "left_out" not in script


def test_nothing_is_written_where_a_script_is_broken(project: AlembicProject) -> None:
    for source, says in (
        ("revision = 'b2'\ndown_revision = 'zz'\n", "it follows the revision 'zz'"),
        ("revision = 'b2'\ndown_revision = 'a1'\ndef upgrade(:\n", "b2_.py:3: the script cannot"),
        ("revision = 'b2'\ndown_revision = 'a1'\nimport no_such\n", "b2_.py:3: the script cannot"),
        ("revision = 'b2'\ndown_revision = 'b2'\n", "b2_.py: "),
    ):
        project.write_script("b2", source)
        done = run(project, "revision", "--autogenerate", "--offline", "-m", "x")
        assert done.status == 2
        (told,) = done.err.splitlines()
        assert "b2_.py" in told
        assert says in told
        assert len(project.scripts()) == 2


def test_a_script_that_raises_is_one_line_and_nothing_is_written(project: AlembicProject) -> None:
    write(project, "b2", "1 / 0\nop.create_table('b', sa.Column('id', sa.Integer()))", down="a1")
    for command in (["check"], ["revision", "--autogenerate", "-m", "x"]):
        done = run(project, *command, "--offline")
        assert (done.status, done.out) == (2, "")
        (told,) = done.err.splitlines()
        assert told.startswith("FAILED: b2_.py:14: revision uncertain, it raises ZeroDivisionError")
    assert len(project.scripts()) == 2


def test_an_env_that_raises_is_one_line(project: AlembicProject) -> None:
    project.env.write_text("import no_such_module\n", encoding="utf-8")
    for options in ([], ["--offline"]):
        done = run(project, "check", *options)
        assert done.status == 2
        (told,) = done.err.splitlines()
        assert "env.py:1: " in told
        assert "no_such_module" in told


@pytest.mark.parametrize("options", [(), ("--offline",)], ids=" ".join)
def test_of_an_error_of_several_lines_in_env_the_rest_is_one_option_away(
    project: AlembicProject, options: tuple[str, ...]
) -> None:
    project.env.write_text("raise ValueError('2 settings\\nurl: required')\n", encoding="utf-8")
    done = run(project, "check", *options)
    assert done.status == 2
    (told,) = done.err.splitlines()
    assert told.endswith("ValueError: 2 settings; --raiseerr shows the rest")


def test_scripts_import_what_env_adds_to_the_path(project: AlembicProject) -> None:
    library = project.directory / "library"
    library.mkdir()
    (library / "names_of_scripts.py").write_text("AGE = 'age'\n", encoding="utf-8")
    body = "from names_of_scripts import AGE\nop.add_column('users', sa.Column(AGE, sa.Integer()))"
    write(project, "b2", body, down="a1")
    script = project.versions / "b2_.py"
    script.write_text(f"import names_of_scripts\n{script.read_text(encoding='utf-8')}", "utf-8")
    project.write_models(WITH_AGE)
    done = run(project, "check", "--offline")
    assert done.status == 2
    (told,) = done.err.splitlines()
    assert "b2_.py:1: the script cannot be loaded" in told
    env = project.env.read_text(encoding="utf-8")
    project.env.write_text(f"import sys\nsys.path.append({str(library)!r})\n{env}", "utf-8")
    assert run(project, "check", "--offline").status == 0
    assert run(project, "state").status == 0


APPLICATION = """
from contextlib import contextmanager
from contextvars import ContextVar

current = ContextVar("current")

@contextmanager
def context():
    token = current.set("age")
    yield
    current.reset(token)
"""


def test_scripts_are_loaded_in_the_context_that_env_enters(project: AlembicProject) -> None:
    (project.directory / "application.py").write_text(APPLICATION, encoding="utf-8")
    added = "op.add_column('users', sa.Column(AGE, sa.Integer()))"
    write(
        project,
        "b2",
        added,
        down="a1",
        before="import application\nAGE = application.current.get()",
    )
    project.write_models(WITH_AGE)
    env = project.env.read_text(encoding="utf-8")
    run_it = "with application.context():\n        run_migrations_online()"
    env = f"import application\n{env.replace('    run_migrations_online()', f'    {run_it}')}"
    project.env.write_text(env, encoding="utf-8")
    try:
        assert run(project, "check", "--offline").status == 0
        assert run(project, "state").status == 0
    finally:
        sys.modules.pop("application", None)


def test_an_unreachable_host_is_one_line(project: AlembicProject) -> None:
    done = run(project, "check")
    assert done.status == 2
    assert len(done.err.splitlines()) == 1
    assert "OperationalError" in done.err


def test_online_it_is_alembics_command(alembic_project: ProjectFactory, sqlite_url: str) -> None:
    project = alembic_project(USERS, sqlite_url)
    done = run(project, "revision", "--autogenerate", "-m", "x")
    assert done.status == 0
    assert len(project.scripts()) == 1
    project.upgrade()
    assert run(project, "check").status == 0
    assert run(project, "revision", "--autogenerate", "-m", "y").status == 0
    assert len(project.scripts()) == 1
    assert run(project, "revision", "-m", "by hand").status == 0
    assert len(project.scripts()) == 2


def test_stock_alembic_compares_with_history(alembic_project: ProjectFactory, any_url: str) -> None:
    project = alembic_project(USERS, any_url, configure='moltres={"compare_to": "history"},')
    write(project, "a1", CREATED)
    project.upgrade()
    project.check()
    project.write_models(WITH_AGE)
    script = project.revision("x")
    assert 'add_column(column("age", "INTEGER"))' in script.read_text(encoding="utf-8")
    project.upgrade()
    project.check()


def test_stock_alembic_compares_each_database_with_its_history(
    alembic_project: ProjectFactory, tmp_path: Path
) -> None:
    urls = {name: f"sqlite:///{tmp_path / name}" for name in ("engine1", "engine2")}
    models = USERS + "target_metadata = {'engine1': metadata, 'engine2': sa.MetaData()}\n"
    configure = 'moltres={"compare_to": "history"},'
    project = alembic_project(models, urls, template="multidb", configure=configure)
    project.revision("x")
    project.upgrade()
    project.check()


def test_compare_to_something_else_is_refused(alembic_project: ProjectFactory) -> None:
    project = alembic_project(NO_MODELS, NOWHERE, configure='moltres={"compare_to": "hstory"},')
    done = run(project, "check", "--offline")
    assert done.status == 2
    assert "did you mean 'history'?" in done.err


def test_two_heads_that_disagree_are_named(project: AlembicProject) -> None:
    for revision, type_ in (("b2", "Integer"), ("c3", "Text")):
        write(
            project, revision, f"op.add_column('users', sa.Column('age', sa.{type_}()))", down="a1"
        )
    project.write_models(WITH_AGE)
    done = run(project, "check", "--offline")
    assert (done.status, done.out) == (2, "No new upgrade operations detected.\n")
    listed, failed = done.err.splitlines()
    assert listed.startswith(
        ("b2_.py:14: table users uncertain", "c3_.py:14: table users uncertain")
    )
    assert "'users'" in failed


@pytest.mark.parametrize("url", [NOWHERE, "mysql+pymysql://nobody@host.invalid/none"])
def test_equal_spellings_of_a_default_are_no_difference(
    url: str, alembic_project: ProjectFactory
) -> None:
    at = 'sa.Column("at", sa.DateTime, server_default={})'
    project = alembic_project(f"{USERS}users.append_column({at.format('sa.func.now()')})\n", url)
    made = at.format("sa.text('CURRENT_TIMESTAMP')")
    write(project, "a1", CREATED.replace("True))", f"True), {made})"))
    done = run(project, "check", "--offline")
    assert (done.status, done.out) == (0, "No new upgrade operations detected.\n")
    write(
        project,
        "a2",
        "op.alter_column('users', 'at', server_default=sa.text('now() + 1'))",
        down="a1",
    )
    assert run(project, "check", "--offline").status == 1


LOG = "CREATE TABLE log (id int PRIMARY KEY, v int) PARTITION BY RANGE (id)"
PARTITIONS = (
    "CREATE TABLE night PARTITION OF log FOR VALUES FROM (10) TO (20)",
    "CREATE TABLE day (id int PRIMARY KEY, v int)",
    "ALTER TABLE log ATTACH PARTITION day FOR VALUES FROM (0) TO (10)",
    "ALTER TABLE log ADD w int",
)
OF_LOG = """\
import sqlalchemy as sa
target_metadata = metadata = sa.MetaData()
for name, options in (("log", {"postgresql_partition_by": "RANGE (id)"}), *((name, {}) for name in PARTITIONS)):
    sa.Table(
        name, metadata, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("v", sa.Integer), sa.Column("w", sa.Integer), **options
    )
"""


@pytest.mark.parametrize("modelled", [(), ("day", "night")], ids=["parent", "partitions too"])
def test_partitions_are_what_their_parent_is(
    modelled: tuple[str, ...], alembic_project: ProjectFactory, caplog: pytest.LogCaptureFixture
) -> None:
    project = alembic_project(OF_LOG.replace("PARTITIONS", repr(modelled)), NOWHERE)
    write(project, "a1", "\n".join(f"op.execute({each!r})" for each in (LOG, *PARTITIONS)))
    done = run(project, "check", "--offline")
    assert (0, "No new upgrade operations detected.\n") == (done.status, done.out)
    for name in modelled:
        assert (
            f"table {name} is a partition; only its parent is compared with history" in caplog.text
        )


CHILD_TABLE = """\
import sqlalchemy as sa
target_metadata = metadata = sa.MetaData()
sa.Table("base", metadata, sa.Column("id", sa.Integer), sa.Column("a", sa.BigInteger), sa.Column("n", sa.Integer))
sa.Table("child", metadata, INHERITED sa.Column("b", sa.Integer), postgresql_inherits="base")
"""
INHERITED = (
    'sa.Column("id", sa.Integer), sa.Column("a", sa.BigInteger), sa.Column("n", sa.Integer),'
)


@pytest.mark.parametrize("listed", [INHERITED, ""], ids=["listed", "left out"])
def test_what_a_parent_gained_is_no_difference_of_its_child_table(
    listed: str, alembic_project: ProjectFactory
) -> None:
    project = alembic_project(CHILD_TABLE.replace("INHERITED", listed), NOWHERE)
    write(
        project,
        "a1",
        """
op.create_table("base", sa.Column("id", sa.Integer), sa.Column("a", sa.Integer))
op.create_table("child", sa.Column("id", sa.Integer), sa.Column("b", sa.Integer), postgresql_inherits="base")
op.add_column("base", sa.Column("n", sa.Integer))
op.alter_column("base", "a", type_=sa.BigInteger)
""",
    )
    done = run(project, "check", "--offline")
    assert (0, "No new upgrade operations detected.\n") == (done.status, done.out), done.err
