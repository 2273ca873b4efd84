"""`alembic-moltres erd`: which tables are drawn, from where, and where the diagram goes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.commands.command_line import run
from tests.history.scripts import write

MODELS = """
import sqlalchemy as sa
target_metadata = sa.MetaData()
sa.Table("users", target_metadata, sa.Column("id", sa.Integer, primary_key=True))
sa.Table(
    "orders",
    target_metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("user_id", sa.ForeignKey("users.id")),
)
"""

USERS = """\
erDiagram
    accTitle: users
    direction LR
    users {
        INTEGER id PK
    }

"""

BOTH = """\
erDiagram
    accTitle: orders and users
    direction LR
    orders {
        INTEGER id PK
        INTEGER user_id FK "null"
    }
    users {
        INTEGER id PK
    }
    users |o--o{ orders : user_id

"""

CHANGE = """\
erDiagram
    accTitle: orders
    direction LR
    orders["+ orders"]:::added {
        INTEGER id PK
        INTEGER user_id FK "null"
    }
    users
    users |o--o{ orders : "+ user_id"
    classDef added fill:#dafbe1,stroke:#1a7f37,color:#1f2328

"""


@pytest.fixture
def project(alembic_project: ProjectFactory, pg_engine: sa.Engine) -> AlembicProject:
    project = alembic_project(MODELS, pg_engine.url.render_as_string(hide_password=False))
    write(project, "a1", 'op.create_table("users", sa.Column("id", sa.Integer, primary_key=True))')
    write(
        project,
        "b2",
        """
        op.create_table(
            "orders",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id")),
        )
        """,
        down="a1",
    )
    return project


def test_a_revision_the_heads_and_the_models_are_drawn_without_a_database(
    project: AlembicProject,
) -> None:
    assert (0, USERS) == (run(project, "erd", "a1").status, run(project, "erd", "a1").out)
    assert run(project, "erd").out == BOTH
    assert run(project, "erd", "--models").out == BOTH


def test_a_database_is_drawn_without_the_table_of_versions(
    project: AlembicProject, pg_engine: sa.Engine
) -> None:
    project.upgrade()
    url = pg_engine.url.render_as_string(hide_password=False)
    assert run(project, "erd", "--url", url).out == BOTH


def test_what_changed_between_two_revisions_is_drawn(project: AlembicProject) -> None:
    assert run(project, "erd", "a1:b2").out == CHANGE
    assert run(project, "erd", "a1:").out == CHANGE
    assert '["+ users"]:::added' in run(project, "erd", ":a1").out


RENAMED = """\
erDiagram
    accTitle: buyers and orders
    direction LR
    buyers["± users → buyers"]:::changed {
        INTEGER number PK "± id → number"
    }
    orders["± orders"]:::changed {
        INTEGER id PK
        INTEGER buyer FK "± user_id → buyer; null"
    }
    buyers |o--o{ orders : buyer
    classDef changed fill:#fff8c5,stroke:#9a6700,color:#1f2328
"""


@pytest.fixture
def renamed(project: AlembicProject) -> AlembicProject:
    """Give a project whose revision `c3` renames a table and two columns."""
    write(
        project,
        "c3",
        """
        op.rename_table("users", "buyers")
        op.alter_column("buyers", "id", new_column_name="number")
        with op.moltres_alter_table("orders") as orders:
            orders.rename_column("user_id", "buyer")
        """,
        down="b2",
    )
    return project


def drawn(project: AlembicProject, revisions: str, suffix: str = "mmd") -> str:
    file = project.directory / f"drawn.{suffix}"
    assert run(project, "erd", revisions, "--output", str(file)).status == 0
    return file.read_text("utf-8")


def test_what_was_renamed_is_drawn_once_with_both_names(renamed: AlembicProject) -> None:
    assert drawn(renamed, "b2:c3") == RENAMED


def test_a_rename_is_drawn_on_the_way_back_too(renamed: AlembicProject) -> None:
    back = drawn(renamed, "c3:b2")
    assert 'users["± buyers → users"]:::changed {' in back
    assert "buyer → user_id" in back


def test_what_was_renamed_and_dropped_is_drawn_as_removed(renamed: AlembicProject) -> None:
    write(
        renamed,
        "d4",
        """
        op.drop_table("orders")
        op.drop_table("buyers")
        """,
        down="c3",
    )
    picture = drawn(renamed, "b2:d4")
    assert 'users["- users"]:::removed {' in picture
    assert "buyers" not in picture


def test_between_two_branches_a_rename_is_not_known(renamed: AlembicProject) -> None:
    write(renamed, "x3", 'op.create_table("tags", sa.Column("id", sa.Integer))', down="b2")
    assert '["- buyers"]:::removed' in drawn(renamed, "c3:x3")


def test_a_column_that_batch_mode_renames_is_drawn_once(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    write(
        project, "a1", 'op.create_table("t", sa.Column("a", sa.Integer), sa.Column("c", sa.Text))'
    )
    write(
        project,
        "b2",
        """
        with op.batch_alter_table("t", recreate="always") as batch:
            batch.alter_column("a", new_column_name="b")
        """,
        down="a1",
    )
    assert 'INTEGER b "± a → b; null"' in drawn(project, "a1:b2")


def test_dot_has_both_names_of_what_was_renamed(renamed: AlembicProject) -> None:
    graph = drawn(renamed, "b2:c3", "dot")
    assert "<b>± users → buyers</b>" in graph
    assert ">± id → number</td>" in graph


def test_labels_that_came_and_went_are_drawn(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    write(project, "a1", 'op.create_table("t", sa.Column("a", sa.Enum("x", "y", name="e")))')
    write(
        project,
        "b2",
        """
        with op.moltres_alter_table("t") as t:
            t.alter_column(column("a", "ENUM('x','y',name='e')"), column("a", "ENUM('y','z',name='e')"))
        """,
        down="a1",
    )
    assert 'a "± changed; + z, - x; y, z; null"' in drawn(project, "a1:b2")


def test_dot_is_one_graph(project: AlembicProject) -> None:
    done = run(project, "erd", "--format", "dot")
    assert done.out.startswith("digraph erd {\n")
    assert '"users" -> "orders":c1 [arrowtail="teeodot", arrowhead="crowodot"' in done.out


def test_two_things_are_not_drawn_at_once(project: AlembicProject) -> None:
    done = run(project, "erd", "a1", "--models")
    assert (done.status, done.out) == (2, "")
    assert done.err == ("FAILED: erd takes one of a revision and --models; leave out the others\n")


def test_a_database_that_cannot_be_read_is_one_line(project: AlembicProject) -> None:
    done = run(project, "erd", "--url", "sqlite:////nowhere/at/all.db")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("FAILED: --url: the database cannot be read: ")
    assert len(done.err.splitlines()) == 1
    assert run(project, "erd", "--url", "no url").status == 2
    assert run(project, "erd", "--url", "nosuch://x").err.count("\n") == 1


def test_what_is_uncertain_is_drawn_by_name_and_told(project: AlembicProject) -> None:
    write(project, "c3", 'op.execute("ALTER TABLE orders DO SOMETHING NEW")', down="b2")
    done = run(project, "erd")
    assert done.status == 0
    assert 'orders["orders (uncertain)"]:::uncertain' in done.out
    assert done.err.startswith("drawn by name only: c3_.py:")


def test_what_is_uncertain_on_one_side_is_no_change(project: AlembicProject) -> None:
    write(project, "c3", 'op.execute("ALTER TABLE orders DO SOMETHING NEW")', down="b2")
    write(project, "d4", 'op.create_table("new", sa.Column("id", sa.Integer))', down="c3")
    assert "orders" not in run(project, "erd", "b2:d4").out


PAGE = """\
# Tables

Words before.

<!-- erd: begin -->
{}<!-- erd: end -->

Words after.
"""
FENCED = f"```mermaid\n{BOTH.rstrip()}\n```\n"


@pytest.fixture
def page(project: AlembicProject) -> Path:
    page = project.directory / "tables.md"
    page.write_text(PAGE.format(""), encoding="utf-8")
    return page


def test_in_markdown_the_diagram_is_between_the_markers(
    project: AlembicProject, page: Path
) -> None:
    for _ in range(2):
        done = run(project, "erd", "--output", "tables.md")
        assert (done.status, done.out) == (0, "")
        assert page.read_text(encoding="utf-8") == PAGE.format(FENCED)


def test_check_tells_whether_the_diagram_is_old_and_writes_nothing(
    project: AlembicProject, page: Path
) -> None:
    old = run(project, "erd", "--check", "tables.md")
    assert (old.status, old.err) == (1, "")
    assert old.out == (
        "tables.md: the diagram is out of date; run the same command with --output, not --check\n"
    )
    assert page.read_text(encoding="utf-8") == PAGE.format("")
    run(project, "erd", "--output", "tables.md")
    page.write_text(page.read_text(encoding="utf-8") + "More words.\n", encoding="utf-8")
    assert run(project, "erd", "--check", "tables.md").status == 0
    assert run(project, "erd", "a1", "--check", "tables.md").status == 1


def test_line_breaks_stay_as_they_are(project: AlembicProject, page: Path) -> None:
    page.write_bytes(PAGE.format("").replace("\n", "\r\n").encode())
    run(project, "erd", "--output", "tables.md")
    assert page.read_bytes() == PAGE.format(FENCED).replace("\n", "\r\n").encode()
    assert run(project, "erd", "--check", "tables.md").status == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("new.md", FENCED, id="markdown"),
        pytest.param("new.mmd", BOTH[:-1], id="mermaid"),
    ],
)
def test_a_file_without_markers_is_the_diagram(
    project: AlembicProject, name: str, text: str
) -> None:
    assert run(project, "erd", "--output", name).status == 0
    assert (project.directory / name).read_text(encoding="utf-8") == text
    assert run(project, "erd", "--check", name).status == 0


def test_a_dot_file_is_checked_as_well(project: AlembicProject) -> None:
    run(project, "erd", "--output", "new.dot")
    assert (project.directory / "new.dot").read_text(encoding="utf-8").startswith("digraph")
    assert run(project, "erd", "--check", "new.dot").status == 0
    assert run(project, "erd", "a1", "--check", "new.dot").status == 1


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        pytest.param(["--check", "gone.md"], "there is no file gone.md; write it", id="no file"),
        pytest.param(["--output", "x.txt"], "x.txt has no suffix of a diagram", id="suffix"),
        pytest.param(["--output", "half.md"], "half.md has no pair of markers", id="one marker"),
        pytest.param(["--check", "x.md", "--output", "x.md"], "erd takes one of", id="both"),
        pytest.param(["--output", "no/folder.md"], "no/folder.md", id="folder"),
    ],
)
def test_what_cannot_be_written_is_one_line_and_2(
    project: AlembicProject, arguments: list[str], error: str
) -> None:
    (project.directory / "half.md").write_text("<!-- erd: end -->\n<!-- erd: begin -->\n")
    done = run(project, "erd", *arguments)
    assert (done.status, done.out) == (2, "")
    assert error in done.err
    assert len(done.err.splitlines()) == 1


def test_a_diagram_that_mermaid_would_not_draw_is_not_written(project: AlembicProject) -> None:
    many = 'for n in range(999):\n    op.create_table(f"t{n}", sa.Column("c" * 60, sa.Text))'
    write(project, "c3", many, down="b2")
    done = run(project, "erd", "--output", "all.mmd")
    assert done.status == 2
    assert "and Mermaid draws at most 50000; write a .md file" in done.err
    assert run(project, "erd", "--output", "all.md").status == 0
    written = (project.directory / "all.md").read_text(encoding="utf-8")
    assert written.count("```mermaid") == 51
    assert "\n1 of 51: `orders`, `users`\n\n```mermaid\n" in f"\n{written}"
    assert written.count("`t998`") == 1


def test_graphviz_draws_an_svg(project: AlembicProject) -> None:
    if shutil.which("dot") is None:
        pytest.skip("Graphviz is not installed: apt-get install graphviz")
    done = run(project, "erd", "--svg", "tables.svg")
    assert (done.status, done.out, done.err) == (0, "", "")
    assert (
        "<title>users&#45;&gt;orders:c1</title>" in (project.directory / "tables.svg").read_text()
    )


def test_without_graphviz_the_remedy_is_told(
    project: AlembicProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(project.directory))
    done = run(project, "erd", "--svg", "tables.svg")
    assert done.status == 2
    assert done.err.startswith("FAILED: --svg needs Graphviz, and its program 'dot' is not on the")
    assert not (project.directory / "tables.svg").exists()


@pytest.mark.slow
def test_the_bytes_are_the_same_with_another_hash_seed(project: AlembicProject) -> None:
    command = [sys.executable, "-m", "alembic_moltres.commands.command_line", "erd"]
    for more in ([], ["--format", "dot"], ["base:heads"], ["--models"]):
        found = {
            subprocess.run(
                [*command, *more],
                cwd=project.directory,
                env={**os.environ, "PYTHONHASHSEED": seed},
                check=True,
                capture_output=True,
            ).stdout
            for seed in ("1", "2", "3")
        }
        assert len(found) == 1


@pytest.mark.parametrize(("kind", "mark"), [("mermaid", "%%"), ("dot", "//")])
def test_the_diagrams_of_several_databases_have_their_names(
    alembic_project: ProjectFactory, kind: str, mark: str
) -> None:
    models = f"{MODELS}target_metadata = {{'engine1': target_metadata, 'engine2': sa.MetaData()}}\n"
    urls = {"engine1": "sqlite:///one.db", "engine2": "sqlite:///two.db"}
    project = alembic_project(models, urls, template="multidb")
    done = run(project, "erd", "--models", "--format", kind)
    assert (0, "") == (done.status, done.err)
    assert [f"{mark} engine1", f"{mark} engine2"] == [
        line for line in done.out.splitlines() if line.startswith(mark)
    ]
    assert done.out.startswith(mark)
