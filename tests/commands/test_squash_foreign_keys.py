"""`squash`: the names of foreign keys and of their indexes on MariaDB; SQLite's enforcement."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.circles.test_changes import order_apart
from tests.commands.command_line import run
from tests.history.scripts import MODELS, write

ID = 'sa.Column("id", sa.Integer, primary_key=True)'
COLUMNS = ", ".join(f'sa.Column("{name}", sa.Integer)' for name in "abc")
KEYS = ", ".join(f'sa.ForeignKeyConstraint(["{name}"], ["p.id"])' for name in "cab")
STATED = """
for number, name in ((1, "c"), (3, "b")):
    op.drop_constraint(f"t_ibfk_{number}", "t", type_="foreignkey")
    op.create_foreign_key(f"t_ibfk_{number}", "t", "p", [name], ["id"], ondelete="CASCADE")
"""
BACK = STATED.replace(', ondelete="CASCADE"', "")


def written(project: AlembicProject) -> AlembicProject:
    """Write scripts that leave a key to the server, and state names like the generated ones."""
    write(project, "a1", f'op.create_table("p", {ID})', downgrade='op.drop_table("p")')
    for name, table, down in (("b2", "t", "a1"), ("c3", "u", "b2")):
        created = f'op.create_table("{table}", {ID}, {COLUMNS}, {KEYS})'
        write(project, name, created, down=down, downgrade=f'op.drop_table("{table}")')
    write(project, "d4", STATED, down="c3", downgrade=BACK)
    return project


@pytest.mark.parametrize("squashed", ["d4", "b2:d4", "c3:d4", "d4:e5"])
def test_keys_and_indexes_have_the_names_that_the_scripts_gave_them(
    squashed: str, alembic_project: ProjectFactory, mariadb_url: str, mariadb_engine: sa.Engine
) -> None:
    project = written(alembic_project(MODELS, mariadb_url))
    table = 'op.create_table("x", sa.Column("n", sa.Integer))'
    write(project, "e5", table, down="d4", downgrade='op.drop_table("x")')
    first, _, last = squashed.rpartition(":")
    parent = {"": "base", "b2": "a1", "c3": "b2", "d4": "c3"}[first]
    project.upgrade(last)
    after = order_apart(mariadb_engine)
    if parent != "base":
        project.downgrade("a1")
        project.upgrade(parent)
    finished = run(project, "squash", squashed)
    assert finished.err == ""
    project.downgrade("base")
    project.upgrade(last)
    assert after == order_apart(mariadb_engine)


def test_a_pragma_around_changes_of_tables_goes_with_them(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    off, on = 'op.execute("PRAGMA foreign_keys=OFF")', 'op.execute("PRAGMA foreign_keys = ON")'
    add = 'with op.batch_alter_table("t") as t:\n    t.add_column(sa.Column("n", sa.Integer))'
    drop = 'with op.batch_alter_table("t") as t:\n    t.drop_column("n")'
    insert = 'op.execute("INSERT INTO t (id) VALUES (1)")'
    write(project, "a1", f'op.create_table("t", {ID})\n{insert}', downgrade='op.drop_table("t")')
    body = f"{off}\n{add}\nsa.MetaData().reflect(op.get_bind())\n{on}"
    write(project, "b2", body, down="a1", downgrade=f"{off}\n{drop}\n{on}")
    finished = run(project, "squash", "b2", "--scratch", "sqlite://")
    assert finished.err == ""
    (script,) = project.scripts()
    text = script.read_text(encoding="utf-8")
    assert "PRAGMA" not in text
    assert "INSERT INTO t" in text
    project.upgrade()
    project.downgrade()
