"""Projects that cannot be loaded: each command ends with one line that names the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.commands.command_line import Finished, run
from tests.history.scripts import MODELS, write

Break = Callable[[AlembicProject], object]

OURS = (
    ("state",),
    ("drift",),
    ("locate",),
    ("squash", "b2"),
    ("eject",),
    ("freeze", "b2"),
    ("anchor",),
    ("plan",),
    ("plan", "--models"),
    ("erd",),
    ("check",),
    ("check", "--offline"),
    ("revision", "--autogenerate", "-m", "new"),
    ("revision", "--autogenerate", "--offline", "-m", "new"),
    ("revision", "-m", "new"),
    ("stamp", "--verify", "b2"),
    ("history", "-i"),
    ("history",),
)
ALEMBICS = (
    ("heads",),
    ("branches",),
    ("current",),
    ("show", "b2"),
    ("merge", "heads"),
    ("upgrade", "head"),
    ("upgrade", "head", "--sql"),
    ("downgrade", "base"),
)


@pytest.fixture
def project(alembic_project: ProjectFactory) -> AlembicProject:
    project = alembic_project(MODELS, "sqlite:///app.db")
    write(
        project, "a1", "op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))"
    )
    write(project, "b2", "op.add_column('users', sa.Column('age', sa.Integer()))", down="a1")
    with sqlite3.connect(project.directory / "app.db") as database:
        database.executescript(
            "CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, age INTEGER);"
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);"
            "INSERT INTO alembic_version VALUES ('b2')"
        )
    return project


def script(project: AlembicProject, text: str, name: str = "c3_.py") -> None:
    (project.versions / name).write_text(text, encoding="utf-8")


def broken_syntax(project: AlembicProject) -> None:
    script(project, "revision = 'c3'\ndown_revision = 'b2'\ndef upgrade(:\n")


def missing_import(project: AlembicProject) -> None:
    script(project, "import no_such_application\nrevision = 'c3'\ndown_revision = 'b2'\n")


def missing_revision(project: AlembicProject) -> None:
    script(project, "revision = 'c3'\ndown_revision = 'gone'\n")


def cycle(project: AlembicProject) -> None:
    script(project, "revision = 'c3'\ndown_revision = 'c3'\n")


def no_identifier(project: AlembicProject) -> None:
    script(project, "def upgrade():\n    pass\n", "nameless.py")


def key_error(project: AlembicProject) -> None:
    script(project, "revision = 'c3'\ndown_revision = 'b2'\nFOUND = {}['users']\n")


def named_in_passing(project: AlembicProject) -> None:
    script(project, "revision = 'a0'\ndown_revision = None\n# 'gone' is no more\n", "a0_.py")
    script(project, "revision = 'c3'\ndown_revision = (\n    'b2',\n    'gone',\n)\n")


def numbers(project: AlembicProject) -> None:
    script(project, "revision = 3\ndown_revision = 'b2'\n")


def number_before(project: AlembicProject) -> None:
    script(project, "revision = 'c3'\ndown_revision = 2\n")


def nothing_before(project: AlembicProject) -> None:
    script(project, "revision = 'c3'\n")


def bad_letter(project: AlembicProject) -> None:
    script(project, "revision = 'c@3'\ndown_revision = 'b2'\n")


def nul(project: AlembicProject) -> None:
    script(project, "revision = 'c3'\ndown_revision = 'b2'\n\0")


def exiting(project: AlembicProject) -> None:
    script(project, "revision = 'c3'\ndown_revision = 'b2'\nraise SystemExit(0)\n")


def repeated_identifier(project: AlembicProject) -> None:
    script(project, "revision = 'b2'\ndown_revision = 'a1'\n", "other.py")


BROKEN = [
    pytest.param(broken_syntax, "c3_.py:3: the script cannot be loaded", id="syntax error"),
    pytest.param(missing_import, "c3_.py:1: the script cannot be loaded", id="missing import"),
    pytest.param(missing_revision, "c3_.py: it follows the revision 'gone'", id="missing revision"),
    pytest.param(cycle, "c3_.py: Self-loop is detected", id="cycle"),
    pytest.param(no_identifier, "nameless.py", id="no identifier"),
]


def refused(project: AlembicProject, *command: str) -> Finished:
    """Run a command; its error is one line, and nothing is written."""
    before = files(project)
    done = run(project, *command)
    assert before == files(project)
    return done


def files(project: AlembicProject) -> dict[str, bytes]:
    return {
        str(each.relative_to(project.directory)): each.read_bytes()
        for each in sorted(project.directory.rglob("*"))
        if each.is_file() and "__pycache__" not in each.parts
    }


SELDOM_BROKEN = [
    pytest.param(key_error, "c3_.py:3: the script cannot be loaded, KeyError", id="KeyError"),
    pytest.param(
        named_in_passing, "c3_.py: it follows the revision 'gone'", id="missing, named elsewhere"
    ),
    pytest.param(numbers, "c3_.py: the script cannot be loaded, TypeError", id="number"),
    pytest.param(number_before, "c3_.py: the script cannot be loaded, TypeError", id="number 2"),
    pytest.param(nothing_before, "c3_.py: the script cannot be loaded", id="no down_revision"),
    pytest.param(bad_letter, "c3_.py: Character(s) '@' not allowed", id="bad letter"),
    pytest.param(nul, "c3_.py", id="NUL"),
    pytest.param(exiting, "c3_.py:3: SystemExit: 0", id="exits"),
    pytest.param(
        repeated_identifier,
        "b2_.py and other.py: both have the revision identifier 'b2'; change one of them",
        id="two scripts with one identifier",
    ),
]


@pytest.mark.parametrize(
    "command", [("state",), ("check",), ("history", "-i"), ("heads",), ("upgrade", "head")]
)
@pytest.mark.parametrize(("broken", "expected"), SELDOM_BROKEN)
def test_what_seldom_breaks_a_script_is_one_line_that_names_it(
    project: AlembicProject, broken: Break, expected: str, command: tuple[str, ...]
) -> None:
    broken(project)
    done = refused(project, *command)
    assert done.status == (255 - 256 if command[0] in {"heads", "upgrade"} else 2)
    (line,) = (done.out + done.err).splitlines()
    assert expected in line


@pytest.mark.parametrize("command", OURS, ids=" ".join)
@pytest.mark.parametrize(("broken", "expected"), BROKEN)
def test_a_script_that_cannot_be_loaded_is_named_by_each_command_of_ours(
    project: AlembicProject, broken: Break, expected: str, command: tuple[str, ...]
) -> None:
    broken(project)
    done = refused(project, *command)
    assert (2, "") == (done.status, done.out)
    (line,) = done.err.splitlines()
    assert line.startswith("FAILED: ")
    assert expected in line


@pytest.mark.parametrize("command", ALEMBICS, ids=" ".join)
@pytest.mark.parametrize(("broken", "expected"), BROKEN)
def test_a_script_that_cannot_be_loaded_is_named_by_each_command_of_alembics(
    project: AlembicProject, broken: Break, expected: str, command: tuple[str, ...]
) -> None:
    broken(project)
    done = refused(project, *command)
    assert done.status == 255 - 256
    assert expected in done.out + done.err
    assert "Traceback" not in done.err


def missing_folder(project: AlembicProject) -> None:
    configure(project, "version_locations = %(here)s/migrations/versions:%(here)s/nowhere")


def configure(project: AlembicProject, line: str) -> None:
    ini = project.directory / "alembic.ini"
    text = ini.read_text(encoding="utf-8").replace("\n# version_locations =", f"\n{line}\n#")
    ini.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        pytest.param(
            missing_folder,
            "nowhere, which is not a folder; correct it, or create the folder",
            id="missing version location",
        ),
    ],
)
@pytest.mark.parametrize("command", [("state",), ("check", "--offline"), ("squash", "b2")])
def test_what_alembic_only_warns_of_is_refused_where_the_scripts_are_replayed(
    project: AlembicProject, broken: Break, expected: str, command: tuple[str, ...]
) -> None:
    broken(project)
    done = refused(project, *command)
    assert (2, "") == (done.status, done.out)
    (line,) = done.err.splitlines()
    assert line.endswith(expected)


def no_ini(project: AlembicProject) -> None:
    (project.directory / "alembic.ini").unlink()


def ini_in_another_encoding(project: AlembicProject) -> None:
    (project.directory / "alembic.ini").write_bytes(b"[alembic]\nscript_location = h\xe9\n")


def broken_toml(project: AlembicProject) -> None:
    (project.directory / "pyproject.toml").write_text("[tool.alembic\n")


def env_that_does_nothing(project: AlembicProject) -> None:
    project.env.write_text("", encoding="utf-8")


def ini_without_section(project: AlembicProject) -> None:
    (project.directory / "alembic.ini").write_text("script_location = migrations\n")


def env_that_raises(project: AlembicProject) -> None:
    project.env.write_text("raise ValueError('no settings')\n", encoding="utf-8")


def no_database(project: AlembicProject) -> None:
    ini = project.directory / "alembic.ini"
    ini.write_text(ini.read_text().replace("sqlite:///app.db", "sqlite:////nowhere/x/app.db"))


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        pytest.param(ini_without_section, "alembic.ini", id="ini without a section"),
        pytest.param(no_ini, "alembic.ini: there is no such file; change to", id="no ini"),
        pytest.param(ini_in_another_encoding, "alembic.ini: 'utf-8' codec", id="ini not UTF-8"),
        pytest.param(broken_toml, "pyproject.toml: Expected ']'", id="broken pyproject.toml"),
        pytest.param(env_that_raises, "env.py:1: ", id="env.py that raises"),
        pytest.param(
            no_database,
            "unable to open database file; correct the URL that env.py connects with, or start",
            id="no database",
        ),
    ],
)
@pytest.mark.parametrize("command", [("check",), ("current",), ("upgrade", "head")])
def test_a_broken_environment_is_one_line_of_each_command(
    project: AlembicProject, broken: Break, expected: str, command: tuple[str, ...]
) -> None:
    broken(project)
    done = refused(project, *command)
    assert done.status == (2 if command == ("check",) else 255 - 256)
    assert expected in done.out + done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "command", [("check",), ("plan", "--models"), ("revision", "--autogenerate", "-m", "x")]
)
def test_an_env_that_migrates_nothing_is_not_taken_for_no_difference(
    project: AlembicProject, command: tuple[str, ...]
) -> None:
    env_that_does_nothing(project)
    done = refused(project, *command)
    assert (2, "") == (done.status, done.out)
    assert done.err.endswith("env.py: it never runs the migrations\n")


@pytest.mark.parametrize("code", ["0", "'no'"])
def test_a_script_that_exits_fails_an_upgrade(project: AlembicProject, code: str) -> None:
    end = f"raise SystemExit({code})"
    script(project, f"revision = 'c3'\ndown_revision = 'b2'\ndef upgrade():\n    {end}\n")
    for command in (("upgrade", "head"), ("upgrade", "head", "--sql")):
        done = refused(project, *command)
        assert done.status == 255 - 256
        assert "c3_.py:4: " in done.out + done.err


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("async def upgrade():\n    op.drop_table('users')\n", "upgrade() is async, so it does"),
        ("def upgrade():\n    yield op.drop_table('users')\n", "upgrade() is a generator, so it"),
    ],
)
@pytest.mark.parametrize("command", [("upgrade", "head"), ("check", "--offline"), ("state",)])
def test_a_function_that_would_silently_do_nothing_is_refused(
    project: AlembicProject, command: tuple[str, ...], function: str, expected: str
) -> None:
    head = "from alembic import op\nrevision = 'c3'\ndown_revision = 'b2'\n"
    script(project, head + function)
    done = run(project, *command)
    assert "c3_.py: " in done.out + done.err
    assert expected in done.out + done.err
    assert command == ("state",) or done.status
    assert run(project, "current").out.startswith("b2")


def test_an_interrupted_command_ends_as_a_shell_expects(project: AlembicProject) -> None:
    script(
        project,
        "revision = 'c3'\ndown_revision = 'b2'\ndef upgrade():\n    raise KeyboardInterrupt\n",
    )
    for command in (("upgrade", "head"), ("state",)):
        done = refused(project, *command)
        assert 130 == done.status
        assert done.err.endswith("interrupted\n")
        assert "Traceback" not in done.err


def test_what_a_scripts_function_raises_keeps_its_traceback_in_alembics_commands(
    project: AlembicProject,
) -> None:
    script(project, "revision = 'c3'\ndown_revision = 'b2'\ndef upgrade():\n    1 / 0\n")
    with pytest.raises(ZeroDivisionError):
        run(project, "upgrade", "head")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('op.execute("UPDATE userz\\nSET x = 1")', "[SQL: UPDATE userz SET x = 1]; --raiseerr"),
        ('op.get_bind().exec_driver_sql("SELEC 1")', "syntax error [SQL: SELEC 1]; --raiseerr"),
    ],
)
def test_what_the_database_refuses_in_a_script_is_one_line_with_the_statement(
    project: AlembicProject, line: str, expected: str
) -> None:
    head = "from alembic import op\nrevision = 'c3'\ndown_revision = 'b2'\n"
    script(project, f"{head}def upgrade():\n    {line}\n")
    done = refused(project, "upgrade", "head")
    assert "c3_.py:5: OperationalError: (sqlite3.OperationalError) " in done.out + done.err
    assert expected in done.out + done.err
    assert "Traceback" not in done.err
    with pytest.raises(CommandError) as raised:
        run(project, "--raiseerr", "upgrade", "head")
    assert isinstance(raised.value.__cause__, sa.exc.OperationalError)


SCRIPT_ERRORS = (
    ('op.add_column("t", sa.Column("x", "INTEGER"))', "c3_.py:7: ArgumentError: ", "sa.Integer()"),
    ('sa.Column("x", int)', "c3_.py:7: ArgumentError: ", "write a type such as sa.Integer(), or"),
    (
        'column("a", "INTEGER").nullable = False',
        "c3_.py:7: FrozenInstanceError: cannot assign to field 'nullable' of a value",
        "make another with dataclasses.replace()",
    ),
    (
        'op.bulk_insert("users", [{"id": 1}])',
        "op.bulk_insert() of Alembic got the name 'users' (at ",
        "write op.bulk_insert(op.moltres_tables()['users'], [{'id': 1}])",
    ),
    (
        'op.bulk_insert(table="t", rows=[{"id": 1}])',
        "op.bulk_insert() of Alembic got the name 't' (at ",
        "write op.bulk_insert(op.moltres_tables()['t'], [{'id': 1}])",
    ),
    (
        'op.moltres_tables["users"]',
        "op.moltres_tables is not called (at ",
        "write op.moltres_tables()['users']",
    ),
    (
        'op.moltres_alter_table["users"]',
        "op.moltres_alter_table is not called (at ",
        "write with op.moltres_alter_table('users', schema=None) as users:",
    ),
    *(
        (
            f"with op.moltres_{name}: pass",
            f"op.moltres_{name} is not called (at ",
            f"write with op.moltres_{name}():",
        )
        for name in ("state_only", "idempotent")
    ),
    (
        "op.moltres_tables.users",
        "op.moltres_tables is not called (at ",
        "write op.moltres_tables()['users']",
    ),
    (
        'op.alter_column("t", "id", type_=sa.Column("id", sa.Text()))',
        "op.alter_column() of Alembic got type_=SQLAlchemy's Column (at ",
        "write type_=sa.Integer(), or with op.moltres_alter_table(",
    ),
    (
        'with op.moltres_create_table(sa.Table("x", sa.MetaData(), sa.Column("a", sa.Text))): pass',
        "c3_.py:7: TypeError: 'Table' object does not support the context manager protocol",
        "write with op.moltres_alter_table('users') as",
    ),
    (
        'TableSchema("t", [column("id", "TEXT")]).columns["id"]',
        "c3_.py:7: TypeError: tuple indices must be integers",
        "write User.column('id') for the value",
    ),
    (
        'op.bulk_insert(sa.table("t", sa.column("id")), {"id": 1})',
        "c3_.py:7: TypeError: List expected",
        "write a list of dictionaries: op.bulk_insert(table, [{'id': 1}])",
    ),
    (
        'sa.table("t", sa.column("id")).insert().execute()',
        "c3_.py:7: AttributeError: 'Insert' object has no attribute 'execute'",
        "write op.execute(...) around the statement",
    ),
    (
        'op.get_bind().execute("SELECT 1")',
        "c3_.py:7: ObjectNotExecutableError: Not an executable object: 'SELECT 1'",
        "write op.execute('UPDATE ...'), or sa.text('...')",
    ),
    (
        'sa.Column("a", sa.Integer(), server_default=sql("5"))',
        "c3_.py:7: ArgumentError: Argument 'arg' is expected to be one of type",
        "write SQLAlchemy's own there, sa.text('5')",
    ),
    (
        'op.execute(sa.text("SELECT :a"), {"a": 1})',
        "op.execute() of Alembic got {'a': 1} after the statement (at ",
        "write op.get_bind().execute(sa.text('...'), {...}), or",
    ),
    (
        'op.execute(sa.table("t", sa.column("id")).update().values(idd=5))',
        "c3_.py:7: CompileError: Unconsumed column names: idd",
        "--raiseerr shows the traceback",
    ),
    (
        'op.moltres_alter_table("t", schema=5)',
        "schema=5; write schema='...' (",
        "c3_.py, line 7)",
    ),
    (
        'with op.moltres_alter_table("t") as t: t.add_column("x")',
        "add_column got 'x' (at the table 't'); write add_column(column('age', 'INTEGER'))",
        "c3_.py, line 7)",
    ),
    (
        'asyncio.run(op.moltres_alter_table("users").__aenter__())',
        "a block is not asynchronous (at the table 'users')",
        "write `with` instead of `async with`",
    ),
)


@pytest.mark.parametrize(("line", "found", "remedy"), SCRIPT_ERRORS)
def test_a_wrong_use_in_a_script_is_one_line_that_shows_what_to_write(
    project: AlembicProject, line: str, found: str, remedy: str
) -> None:
    imports = (
        "import asyncio, sqlalchemy as sa\nfrom alembic_moltres import TableSchema, column, sql"
    )
    head = f"from alembic import op\n{imports}\nrevision = 'c3'\ndown_revision = 'b2'\n"
    script(project, f"{head}def upgrade():\n    {line}\n")
    done = refused(project, "upgrade", "head")
    assert found in done.out + done.err
    assert remedy in done.out + done.err
    assert "Traceback" not in done.err


def test_a_statement_before_the_end_of_a_block_is_told_that_its_changes_come_later(
    project: AlembicProject,
) -> None:
    head = "from alembic import op\nfrom alembic_moltres import column\n"
    block = 'with op.moltres_alter_table("a") as a:\n        a.add_column(column("x", "INTEGER"))\n'
    script(
        project,
        f"{head}revision = 'c3'\ndown_revision = 'b2'\ndef upgrade():\n    {block}"
        '        op.execute("UPDATE a SET x = 1")\n',
    )
    done = refused(project, "upgrade", "head")
    assert "c3_.py:8: OperationalError: " in done.out + done.err
    assert "its end: write what uses them after it\n" in done.out + done.err


def test_a_wrong_use_in_a_module_of_the_user_keeps_its_traceback(project: AlembicProject) -> None:
    (project.directory / "own.py").write_text("def f():\n    return 1 + 'a'\n", encoding="utf-8")
    script(
        project, "import own\nrevision = 'c3'\ndown_revision = 'b2'\ndef upgrade():\n    own.f()\n"
    )
    with pytest.raises(TypeError):
        run(project, "upgrade", "head")


def test_raiseerr_shows_the_cause_of_a_broken_script(project: AlembicProject) -> None:
    broken_syntax(project)
    with pytest.raises(CommandError) as raised:
        run(project, "--raiseerr", "heads")
    assert isinstance(raised.value.__cause__, SyntaxError)


@pytest.mark.parametrize("cookie", ["# coding: latin-1\n", ""], ids=["declared", "not declared"])
@pytest.mark.parametrize(
    "command",
    [("state",), ("drift",), ("locate",), ("eject",), ("squash", "b2"), ("check", "--offline")],
    ids=" ".join,
)
def test_a_script_in_another_encoding_is_read_as_python_reads_it(
    project: AlembicProject, cookie: str, command: tuple[str, ...]
) -> None:
    source = "revision = 'c3'  # h\xe9\ndown_revision = 'b2'\ndef downgrade(): pass\n"
    (project.versions / "c3_.py").write_bytes(f"{cookie}{source}".encode("latin-1"))
    done = run(project, *command)
    assert "Unicode" not in done.err + done.out


def test_a_script_of_an_unknown_encoding_is_not_rewritten(project: AlembicProject) -> None:
    script(project, "")
    (project.versions / "c3_.py").write_bytes(
        b"revision = 'c3'\ndown_revision = 'b2'\n# moltres \xe9\ndef upgrade(): pass\n"
    )
    done = refused(project, "freeze", "c3")
    assert done.status == 2
    assert done.err.startswith("FAILED: c3_.py: the script cannot be read, it is not utf-8; ")


RAISING = """
revision = "c3"
down_revision = "b2"
from alembic import op
from alembic_moltres import column

def upgrade():
    raise RuntimeError("two\\nlines")
    with op.moltres_alter_table("users") as users:
        users.add_column(column("mail", "VARCHAR(9)"))

def downgrade():
    pass
"""


@pytest.mark.parametrize(
    "command",
    [("check", "--offline"), ("revision", "--autogenerate", "--offline", "-m", "x"), ("eject",)],
    ids=" ".join,
)
def test_a_script_that_raises_is_named_with_its_line_and_no_other(
    project: AlembicProject, command: tuple[str, ...]
) -> None:
    script(project, RAISING)
    done = refused(project, *command)
    expected = (
        "FAILED: c3_.py:8: table users uncertain, it raises RuntimeError: two; fix the script, or "
        "declare what it does in 'with op.moltres_state_only():'\n"
    )
    assert (2, expected) == (done.status, done.err)


@pytest.mark.parametrize(
    "command",
    [
        ("drift",),
        ("history", "-i"),
        ("plan",),
        ("plan", "current:a1"),
        ("plan", "--models"),
        ("anchor",),
        ("check",),
        ("revision", "--autogenerate", "-m", "new"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param("zz", "is at revision 'zz', which has no script in ", id="unknown"),
        pytest.param("a1", "is at the revisions 'b2', 'a1', and one comes before", id="two rows"),
    ],
)
def test_rows_of_alembic_version_that_the_scripts_do_not_explain_are_one_line(
    project: AlembicProject, row: str, expected: str, command: tuple[str, ...]
) -> None:
    with sqlite3.connect(project.directory / "app.db") as database:
        database.execute("INSERT INTO alembic_version VALUES (?)", [row])
    done = refused(project, *command)
    assert (2, "") == (done.status, done.out)
    (line,) = done.err.splitlines()
    assert line.startswith("FAILED: the database ")
    assert expected in line
    assert line.endswith("alembic-moltres locate, and stamp it with --purge")


def test_a_row_without_a_script_is_purged_or_refused_by_a_verified_stamp(
    project: AlembicProject,
) -> None:
    with sqlite3.connect(project.directory / "app.db") as database:
        database.execute("UPDATE alembic_version SET version_num = 'zz'")
    done = refused(project, "stamp", "--verify", "b2")
    assert (2, "") == (done.status, done.out)
    assert done.err.startswith("FAILED: the database is at revision 'zz', which has no script in ")
    assert 0 == run(project, "stamp", "--verify", "--purge", "b2").status


def url_with_a_percent_sign(project: AlembicProject) -> None:
    ini = project.directory / "alembic.ini"
    ini.write_text(ini.read_text().replace("sqlite:///app.db", "sqlite:///a%pp.db"))


@pytest.mark.parametrize("command", [("check",), ("drift",), ("current",)], ids=" ".join)
def test_a_value_that_ini_cannot_interpolate_is_one_line_with_the_file(
    project: AlembicProject, command: tuple[str, ...]
) -> None:
    url_with_a_percent_sign(project)
    done = refused(project, *command)
    assert "alembic.ini: '%' must be followed by '%' or '('" in done.out + done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("code", ["", "0", "3"])
@pytest.mark.parametrize("place", ["module", "upgrade", "env.py"])
def test_a_script_that_exits_is_a_failure_whatever_its_status(
    project: AlembicProject, place: str, code: str
) -> None:
    end = f"__import__('sys').exit({code})"
    head = "revision = 'c3'\ndown_revision = 'b2'\n"
    if place == "env.py":
        project.env.write_text(f"{end}\n", encoding="utf-8")
    else:
        script(project, f"{head}{end}\n" if place == "module" else f"{head}def upgrade(): {end}\n")
    done = refused(project, "check", "--offline")
    assert (2, "") == (done.status, done.out)
    (line,) = done.err.splitlines()
    file = "env.py:1" if place == "env.py" else "c3_.py:3"
    assert f"{file}: SystemExit" in line


ODD = """import sqlalchemy as sa
from alembic_moltres import register_type

class Odd(sa.types.UserDefinedType):
    cache_ok = True
    def __init__(self, size=1):
        self.width = size
    def get_col_spec(self, **_):
        return f"ODD({self.width})"

register_type(Odd, "app.ODD", "size")
target_metadata = metadata = sa.MetaData()
sa.Table("users", metadata, sa.Column("shoe", Odd(7)))
"""


def test_a_type_that_has_no_name_is_an_error_with_its_column_and_no_line_of_python(
    project: AlembicProject,
) -> None:
    project.write_models(ODD)
    done = run(project, "revision", "--autogenerate", "-m", "new")
    assert done.status == 2
    assert done.err.strip().endswith(
        "'width' is lost (at users.shoe); name every argument in register_type, and keep each as an "
        "attribute of the same name"
    )
