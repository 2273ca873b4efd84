"""`alembic-moltres erd`: which tables are drawn, from where, and where the diagram goes."""

from __future__ import annotations

import os
import subprocess
import sys

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
    users {
        INTEGER id PK
    }

"""

BOTH = """\
erDiagram
    accTitle: orders and users
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


def test_dot_is_one_graph(project: AlembicProject) -> None:
    done = run(project, "erd", "--format", "dot")
    assert done.out.startswith("digraph erd {\n")
    assert '"users" -> "orders":c1 [arrowtail="teeodot", arrowhead="crowodot"' in done.out


def test_two_things_are_not_drawn_at_once(project: AlembicProject) -> None:
    done = run(project, "erd", "a1", "--models")
    assert (done.status, done.out) == (2, "")
    assert done.err == (
        "FAILED: erd draws one thing, and a revision and --models are two; pass one\n"
    )


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
