"""Projects made by `alembic-moltres init`: the commands read scripts whose constants stand below the functions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from alembic_moltres.autogenerate.script.head import COMMENT
from alembic_moltres.commands.scripts.template import MARK, with_constants_below
from tests.alembic_project import AlembicProject
from tests.commands.command_line import run
from tests.dump import dump

NO_MODELS = "import sqlalchemy as sa\ntarget_metadata = sa.MetaData()\n"
MODELS = """\
import sqlalchemy as sa
from sqlalchemy import orm

class Base(orm.DeclarativeBase):
    pass

class Stamped:
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    at: orm.Mapped[str] = orm.mapped_column(
        sa.DateTime(timezone=True), server_default=sa.func.now(), comment="When it was written down"
    )

class User(Stamped, Base):
    __tablename__ = "users"
    name: orm.Mapped[str] = orm.mapped_column(sa.String(20))

class Order(Stamped, Base):
    __tablename__ = "orders"
    user_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("users.id"))

class Note(Stamped, Base):
    __tablename__ = "notes"
    text: orm.Mapped[str | None] = orm.mapped_column(sa.String(500))

target_metadata = Base.metadata
"""

Make = Callable[..., AlembicProject]


@pytest.fixture
def made(tmp_path: Path, sqlite_url: str) -> Make:
    """Give what makes a project as a user would, with `init` and three lines of his own."""

    def make(*options: str, template: str = "generic") -> AlembicProject:
        project = AlembicProject(tmp_path)
        assert run(project, "init", "-t", template, "migrations").status == 0
        ini = tmp_path / "alembic.ini"
        given = "sqlalchemy.url = driver://user:pass@localhost/dbname"
        ini.write_text(ini.read_text("utf-8").replace(given, f"sqlalchemy.url = {sqlite_url}"))
        env = project.env.read_text("utf-8").replace("    fileConfig(config", "    print(config")
        env = env.replace("target_metadata = None", "from project_models import target_metadata")
        line = '    "autogenerate_plugins"'
        project.env.write_text(env.replace(line, "\n".join([*options, line])), "utf-8")
        project.write_models(MODELS)
        return project

    return make


def written(project: AlembicProject, message: str = "first") -> Path:
    before = set(project.scripts())
    done = run(
        project, "revision", "--autogenerate", "--offline", "-m", message, "--rev-id", message
    )
    assert (done.status, done.err) == (0, "")
    (script,) = set(project.scripts()) - before
    return script


def test_what_is_repeated_is_a_constant_above_the_tables_that_use_it(made: Make) -> None:
    project = made()
    text = written(project).read_text("utf-8")
    _, functions, constants = text.partition("\ndef upgrade()")
    assert "TableSchema(" not in functions
    below = constants[constants.index(COMMENT) :].splitlines()
    assert below[1] == "at_column = column("
    assert below.count("        at_column,") == 3
    project.upgrade()
    project.check()


def test_only_the_databases_that_env_py_names_are_served(made: Make) -> None:
    project = made('    "moltres": {"databases": ["sqlite"]},')
    project.write_models(
        "import sqlalchemy as sa\ntarget_metadata = sa.MetaData()\n"
        "sa.Table('t', target_metadata, sa.Column('key', sa.Uuid().with_variant(sa.String(32), 'mysql')))"
    )
    assert 'column("key", "UUID")' in written(project).read_text("utf-8")


def test_a_change_is_remarked_on(made: Make) -> None:
    project = made()
    written(project)
    users = "sa.String(20))\n\nclass Order"
    assert users in MODELS
    project.write_models(MODELS.replace(users, "sa.String(10))\n\nclass Order"))
    text = written(project, "shorter").read_text("utf-8")
    assert "    # fails if a value of name does not fit into VARCHAR(10)\n" in text
    assert COMMENT not in text
    assert text.endswith("    # ### end Alembic commands ###\n")
    project.write_models(NO_MODELS)
    assert "    # the rows of users are lost\n" in written_without_models(project)


def written_without_models(project: AlembicProject) -> str:
    env = project.env.read_text("utf-8")
    project.env.write_text(
        env.replace('    "autog', '    "moltres": {"empty_models": True},\n    "autog'), "utf-8"
    )
    return written(project, "none").read_text("utf-8")


@pytest.mark.parametrize("template", ["generic", "async", "pyproject"])
def test_a_script_without_a_table_is_as_alembic_writes_it(made: Make, template: str) -> None:
    project = made(template=template)
    script = project.revision("empty", autogenerate=False)
    assert script.read_text("utf-8").endswith('    """Downgrade schema."""\n    pass\n')
    assert "\n\n\n\n" not in script.read_text("utf-8")


def test_every_command_reads_such_scripts(made: Make) -> None:
    project = made()
    written(project)
    project.write_models(MODELS.replace("sa.String(20)", "sa.String(30)"))
    written(project, "second")
    project.upgrade()
    project.check()
    assert run(project, "check", "--offline").status == 0
    assert "users" in run(project, "state").out
    assert run(project, "drift").status == 0
    assert "second" in run(project, "locate").out
    assert "CREATE TABLE users" in project.upgrade("first", sql=True)
    project.downgrade()
    done = run(project, "squash", "second")
    assert (done.status, done.err) == (0, "")
    (script,) = project.scripts()
    text = script.read_text("utf-8")
    assert text.index("def downgrade()") < text.index(COMMENT) < text.index("TableSchema(\n")
    project.upgrade()
    project.check()


def test_an_ejected_script_ends_with_its_functions(made: Make, sqlite_engine: sa.Engine) -> None:
    project = made()
    script = written(project)
    project.upgrade()
    head = dump(sqlite_engine)
    project.downgrade()
    assert run(project, "eject").status == 0
    text = script.read_text("utf-8")
    assert "moltres" not in text
    assert text.endswith("    # ### end Alembic commands ###\n")
    project.upgrade()
    assert sorted(head) == sorted(dump(sqlite_engine))


def test_a_template_of_ones_own_is_left_as_it_is() -> None:
    assert with_constants_below("${imports}\n") == "${imports}\n"


def test_the_template_finds_our_comment() -> None:
    assert COMMENT.startswith(MARK)
    assert MARK == "# Tables as this revision"  # in the templates of users, for ever


def test_the_documentation_has_the_lines_of_the_template() -> None:
    page = (Path(__file__).parents[2] / "docs" / "commands.md").read_text("utf-8")
    head, foot = (each.partition("```")[0] for each in page.split("```mako\n")[1:])
    template = with_constants_below('${imports if imports else ""}\n').replace("\n\n%", "\n%")
    comment, _, rest = template.partition("\n")
    assert comment.startswith("##")
    assert f"{head}{foot}" == rest
