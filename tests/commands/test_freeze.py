"""`freeze`: values in the place of live models and tables."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alembic_moltres.commands.scripts.template import with_constants_below
from tests.alembic_project import AlembicProject, ProjectFactory
from tests.commands.command_line import run
from tests.dump import dump
from tests.history.agreement import state_of
from tests.history.scripts import write

MODELS = """
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    pass

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(50))

class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    number: Mapped[int] = mapped_column(default=lambda: 1)

def clean(text):
    return text.strip()
"""
NO_MODELS = "import sqlalchemy as sa\ntarget_metadata = sa.MetaData()\n"


@pytest.fixture
def project(alembic_project: ProjectFactory, sqlite_url: str) -> AlembicProject:
    return alembic_project(MODELS, sqlite_url)


def source(project: AlembicProject) -> str:
    return (project.versions / "a1_.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("body", "tables"),
    [
        pytest.param(
            "op.moltres_create_table(User)\nop.moltres_create_table(models.Order)",
            {"users", "orders"},
            id="operations",
        ),
        pytest.param("Base.metadata.create_all(op.get_bind())", {"users", "orders"}, id="metadata"),
        pytest.param("User.__table__.create(op.get_bind())", {"users"}, id="table"),
        pytest.param(
            "Base.metadata.tables['users'].create(op.get_bind())", {"users"}, id="table-of-metadata"
        ),
        pytest.param(
            "Base.metadata.create_all(op.get_bind(), tables=[User.__table__])",
            {"users"},
            id="listed",
        ),
        pytest.param(
            "Base.metadata.create_all(op.get_bind(), (models.Base.metadata.tables['users'], ), False)",
            {"users"},
            id="listed-by-position",
        ),
        pytest.param(
            "from project_models import User as U\nU.__table__.create(bind=op.get_bind(), checkfirst=True)",
            {"users"},
            id="inside-the-function",
        ),
    ],
)
def test_a_frozen_script_makes_the_same_tables_without_the_models(
    project: AlembicProject, sqlite_engine: sa.Engine, body: str, tables: set[str]
) -> None:
    before = "import project_models as models\nfrom project_models import Base, User, clean\nx = clean(' a ')"
    write(project, "a1", body, before=before)
    project.upgrade()
    made = dump(sqlite_engine)
    with sqlite_engine.begin() as connection:
        for name in sorted(tables):
            connection.exec_driver_sql(f"DROP TABLE {name}")
        connection.exec_driver_sql("DELETE FROM alembic_version")
    finished = run(project, "freeze", "a1")
    assert (finished.status, finished.err) == (0, "")
    text = source(project)
    assert "User(" not in text.replace("FrozenUser", "")
    assert "from project_models import " in text
    project.write_models(NO_MODELS + "def clean(text):\n    return text\nBase = User = None\n")
    state = state_of(project)
    assert (set(state.tables), state.uncertain) == (tables, ())
    project.upgrade()
    assert made.split() == dump(sqlite_engine).split()


def test_statements_about_rows_keep_their_table(
    project: AlembicProject, sqlite_engine: sa.Engine
) -> None:
    write(
        project,
        "a1",
        """
        op.moltres_create_table(User)
        op.bulk_insert(User.__table__, [{"id": 1, "name": "a"}])
        op.execute(sa.update(User).where(User.id == 1).values(name="b"))
        """,
        before="from project_models import User",
    )
    assert run(project, "freeze", "a1").status == 0
    assert "project_models" not in source(project)
    project.write_models(NO_MODELS)
    project.upgrade()
    with sqlite_engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT name FROM users").scalars().all() == ["b"]


def test_every_other_byte_stays(project: AlembicProject) -> None:
    write(
        project,
        "a1",
        "x = {  'a':clean('1') }   # odd\nop.moltres_create_table( User )  # now",
        before="import json\nfrom project_models import User, clean  # the application",
    )
    assert run(project, "freeze", "a1").status == 0
    assert (
        "    x = {  'a':clean('1') }   # odd\n    op.moltres_create_table( FrozenUser )  # now\n"
        in source(project)
    )
    assert "\nimport json\nfrom project_models import clean  # the application\n" in source(project)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param("print(User(name='a'))", "the model User is used as a class", id="instance"),
        pytest.param("Session().query(User)", "the model User is used as a class", id="query"),
        pytest.param(
            "op.bulk_insert(Order.__table__, [])",
            "rows of 'orders' get a value of 'number' from Python",
            id="python-default",
        ),
        pytest.param("print(Base.metadata)", "a live MetaData is used", id="metadata"),
        pytest.param(
            "Base.metadata.create_all(op.get_bind(), tables=Base.metadata.sorted_tables)",
            "tables= of a live MetaData is no list of tables",
            id="tables-of-metadata",
        ),
        pytest.param(
            "User.__table__.create(op.get_bind(), checkfirst=bool(clean))",
            "checkfirst= is neither True nor False",
            id="computed-checkfirst",
        ),
        pytest.param(
            "Base.metadata.tables['nothing'].create(op.get_bind())",
            "a live MetaData is used",
            id="unknown-table",
        ),
    ],
)
def test_what_no_value_can_be_is_refused_with_its_line(
    project: AlembicProject, body: str, message: str
) -> None:
    write(project, "a1", body, before="from project_models import Base, Order, User, clean")
    before = source(project)
    finished = run(project, "freeze", "a1")
    assert finished.status == 2
    assert finished.err.startswith(f"FAILED: a1_.py:14: {message}")
    assert before == source(project)


@pytest.mark.parametrize(
    ("call", "operation"),
    [
        (
            "User.__table__.create(op.get_bind(), True)",
            "op.moltres_create_table(FrozenUser, if_not_exists=True)",
        ),
        ("User.__table__.drop(op.get_bind(), False)", "op.moltres_drop_table(FrozenUser)"),
        (
            "Base.metadata.create_all(op.get_bind(), [User.__table__], False)",
            "op.moltres_create_table(FrozenUser)",
        ),
    ],
)
def test_checkfirst_may_be_positional(project: AlembicProject, call: str, operation: str) -> None:
    write(project, "a1", call, before="from project_models import Base, User")
    assert run(project, "freeze", "a1").status == 0
    assert f"    {operation}\n" in source(project)


def test_a_table_name_needs_no_constant(project: AlembicProject) -> None:
    body = "op.create_table(User.__tablename__, sa.Column('id', sa.Integer, primary_key=True))"
    write(project, "a1", body, before="from project_models import User")
    before = source(project)
    assert run(project, "freeze", "a1").status == 0
    expected = before.replace("User.__tablename__", "'users'")
    assert source(project) == expected.replace("from project_models import User\n", "")


def test_an_import_of_the_application_that_nothing_uses_goes_too(project: AlembicProject) -> None:
    write(
        project,
        "a1",
        "op.moltres_create_table(User)\nop.drop_table(Order.__tablename__)",
        before="import project_models\nfrom project_models import Order, User, clean",
    )
    finished = run(project, "freeze", "a1")
    assert (finished.status, finished.out.strip()[-6:]) == (0, "frozen")
    assert "project_models" not in source(project)
    assert "op.drop_table('orders')" in source(project)


def test_an_import_in_a_function_that_fails_is_named_with_its_line(project: AlembicProject) -> None:
    script = write(project, "a1", "from project_models import Gone\nop.drop_table('users')")
    before = source(project)
    finished = run(project, "freeze", "a1")
    assert (2, "") == (finished.status, finished.out)
    assert finished.err.startswith("FAILED: ")
    assert f"{script}:14: it raises ImportError: cannot import name 'Gone'" in finished.err
    assert before == source(project)


def test_what_is_still_imported_is_told(project: AlembicProject) -> None:
    write(
        project,
        "a1",
        "op.moltres_create_table(User)\nclean('a')",
        before="from project_models import *",
    )
    finished = run(project, "freeze", "a1")
    assert finished.out.strip().endswith("frozen; it still imports clean (line 11)")
    assert "op.moltres_create_table(FrozenUser)" in source(project)
    assert "from project_models import *" in source(project)


def test_constants_stand_behind_the_docstring(project: AlembicProject) -> None:
    path = project.versions / "a1_.py"
    path.write_text(
        '''"""create users"""
revision = "a1"
down_revision = None

def upgrade():
    from alembic import op
    from project_models import User
    op.moltres_create_table(User)
''',
        encoding="utf-8",
    )
    assert run(project, "freeze", "a1").status == 0
    assert source(project).startswith('"""create users"""\nfrom alembic_moltres import ')


def test_a_project_of_several_databases_is_frozen(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    models = MODELS + "target_metadata = {'engine1': Base.metadata, 'engine2': sa.MetaData()}\n"
    urls = {"engine1": sqlite_url, "engine2": "postgresql+psycopg://nobody@host.invalid/none"}
    project = alembic_project(models, urls, template="multidb")
    write(
        project,
        "a1",
        "op.moltres_create_table(User)",
        before="from project_models import User",
        arguments="engine_name",
    )
    finished = run(project, "freeze", "a1")
    assert (finished.status, finished.err) == (0, "")
    assert "project_models" not in source(project)


def test_constants_stand_where_the_template_has_them(project: AlembicProject) -> None:
    template = project.directory / "migrations" / "script.py.mako"
    template.write_text(with_constants_below(template.read_text("utf-8")), encoding="utf-8")
    imports = "from project_models import User"
    write(project, "a1", "op.moltres_create_table(User)", before=imports)
    write(
        project,
        "b2",
        "live.create(op.get_bind())",
        down="a1",
        before=f"{imports}\nlive = User.__table__",
    )
    assert run(project, "freeze", "a1", "b2").err == ""
    text = source(project)
    assert text.index("import ") < text.index("def upgrade") < text.index("FrozenUser = ")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    above = (project.versions / "b2_.py").read_text(encoding="utf-8")
    assert above.index("FrozenUser = ") < above.index("live = ")
    assert {"users"} == set(state_of(project, "a1").tables)
