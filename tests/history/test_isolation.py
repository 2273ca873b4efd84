"""A replayed script reaches nothing outside: it ends at that line, which is uncertain."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.config import Config

from alembic_moltres.errors import HistoryError
from alembic_moltres.history.directory import open_directory
from tests.alembic_project import AlembicProject, ProjectFactory
from tests.history.agreement import state_of
from tests.history.scripts import MODELS, write

NOWHERE = "postgresql+psycopg://nobody@host.invalid/none"


@pytest.fixture
def project(alembic_project: ProjectFactory) -> AlembicProject:
    return alembic_project(MODELS, NOWHERE)


OUTSIDE = {
    "a file": ('open("written", "w").write("x")', "writes the file 'written'"),
    "a file by its path": (
        'import pathlib\npathlib.Path("written").write_text("x")',
        "writes the file 'written'",
    ),
    "a folder": ('import os\nos.mkdir("made")', "creates a folder"),
    "a removed file": ('import os\nos.remove("alembic.ini")', "removes a file"),
    "a socket": (
        'import socket\nsocket.create_connection(("127.0.0.1", 9), timeout=1)',
        "looks up a host",
    ),
    "a process": ('import subprocess\nsubprocess.run(["true"])', "starts a process"),
    "a command": ('import os\nos.system("true")', "starts a process"),
    "an engine": (
        'sa.create_engine("sqlite:///made.db").connect()',
        "connects to a database with its own engine",
    ),
    "a file's mode": ('import os\nos.chmod("alembic.ini", 0o600)', "changes a file"),
    "a file's time": ('import os\nos.utime("alembic.ini", (0, 0))', "changes a file"),
    "a datagram": (
        'import socket\nwith socket.socket(type=socket.SOCK_DGRAM) as s:\n    s.sendto(b"x", ("127.0.0.1", 9))',
        "opens a socket",
    ),
    "a host": ('import socket\nsocket.gethostbyname("localhost")', "looks up a host"),
    "a signal": ("import os\nos.kill(os.getpid(), 0)", "sends a signal"),
    "a driver": ('import sqlite3\nsqlite3.connect("made.db")', "connects to a database"),
}


def test_a_driver_that_python_does_not_report_is_guarded(project: AlembicProject) -> None:
    body = 'psycopg.connect("host=127.0.0.1 port=1 connect_timeout=1")'
    file = write(project, "a1", body, before="import psycopg")
    (uncertain,) = state_of(project).uncertain
    text = Path(project.versions, file).read_text(encoding="utf-8")
    assert uncertain.place.line == text.splitlines().index(f"    {body}") + 1
    assert "connects to a database with its driver" in str(uncertain)


@pytest.mark.parametrize(
    ("body", "says"), [pytest.param(*OUTSIDE[name], id=name) for name in OUTSIDE]
)
def test_what_is_outside_is_not_touched(project: AlembicProject, body: str, says: str) -> None:
    file = write(project, "a1", body)
    before = sorted(Path(project.directory).iterdir())
    (uncertain,) = state_of(project).uncertain
    assert says in uncertain.reason
    assert uncertain.place.file == file
    assert uncertain.place.line
    assert before == sorted(Path(project.directory).iterdir())


THREADS = {
    "a thread": """
        import threading
        thread = threading.Thread(target=open, args=("written", "w"))
        thread.start()
        thread.join()
        """,
    "a pool": """
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor() as pool:
            pool.submit(open, "written", "w")
        """,
    "a thread of a thread": """
        import threading
        def outer():
            inner = threading.Thread(target=open, args=("written", "w"))
            inner.start()
            inner.join()
        thread = threading.Thread(target=outer)
        thread.start()
        thread.join()
        """,
}


@pytest.mark.parametrize("body", [pytest.param(THREADS[name], id=name) for name in THREADS])
def test_a_thread_of_a_script_touches_nothing_either(project: AlembicProject, body: str) -> None:
    file = write(project, "a1", body)
    (uncertain,) = state_of(project).uncertain
    assert "writes the file 'written'" in uncertain.reason
    assert uncertain.place.file == file
    assert not (Path(project.directory) / "written").exists()


def test_a_script_that_catches_everything_is_uncertain_as_well(project: AlembicProject) -> None:
    write(project, "a1", 'try:\n    open("written", "w")\nexcept Exception:\n    pass')
    (uncertain,) = state_of(project).uncertain
    assert "writes the file" in uncertain.reason
    assert not (project.directory / "written").exists()


def test_scripts_after_one_that_reaches_outside_are_replayed(project: AlembicProject) -> None:
    write(project, "a1", 'op.create_table("rows", sa.Column("id", sa.Integer))')
    write(project, "a2", 'open("written", "w")\nop.drop_table("rows")', down="a1")
    write(project, "a3", 'op.create_table("tags", sa.Column("id", sa.Integer))', down="a2")
    state = state_of(project)
    assert [str(table.name) for table in state.certain] == ["tags"]
    assert [each.tables for each in state.uncertain] == [("rows",)]


def test_what_a_script_outside_of_the_replay_does_can_be_stated(project: AlembicProject) -> None:
    write(project, "a1", 'open("written", "w")\nwith op.moltres_state_only():\n    pass')
    assert [each.place.revision for each in state_of(project).uncertain] == ["a1"]
    write(project, "a1", 'with op.moltres_state_only():\n    pass\nopen("written", "w")')
    assert not state_of(project).uncertain


def test_a_script_that_reaches_outside_when_it_is_loaded_is_stopped(
    project: AlembicProject,
) -> None:
    file = write(project, "a1", "pass", before='open("written", "w").write("x")')
    with pytest.raises(HistoryError, match=rf"{file}:\d+: it writes .* when it is loaded"):
        state_of(project)
    assert not (project.directory / "written").exists()


def test_what_a_script_catches_when_it_is_loaded_is_named_as_well(project: AlembicProject) -> None:
    catching = 'try:\n    open("written", "w")\nexcept Exception:\n    pass'
    file = write(project, "a1", "pass", before=catching)
    with pytest.raises(HistoryError, match=rf"{file}:\d+: it writes .* when it is loaded"):
        state_of(project)


def test_an_application_that_a_script_imports_may_make_its_folder(project: AlembicProject) -> None:
    application = "import os\nos.makedirs('home', exist_ok=True)\nNAME = 'tags'\n"
    (project.directory / "storefront.py").write_text(application, encoding="utf-8")
    write(
        project,
        "a1",
        "op.create_table(storefront.NAME, sa.Column('id', sa.Integer))",
        before="import storefront",
    )
    assert list(state_of(project).tables) == ["tags"]
    assert (project.directory / "home").is_dir()


def test_reading_a_file_is_allowed(project: AlembicProject) -> None:
    (project.directory / "names.txt").write_text("tags", encoding="utf-8")
    write(
        project,
        "a1",
        "import pathlib\n"
        'op.create_table(pathlib.Path("names.txt").read_text(), sa.Column("id", sa.Integer))',
    )
    assert list(state_of(project).tables) == ["tags"]


def test_python_may_keep_what_it_has_compiled(
    project: AlembicProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project, "a1", "pass")
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    open_directory(Config(project.directory / "alembic.ini"))
    assert list(project.versions.glob("__pycache__/a1_*.pyc"))
