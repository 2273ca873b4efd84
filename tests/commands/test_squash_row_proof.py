"""`squash`: a copied statement that asks for tables gets the answer of its own time, or is refused."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.commands.command_line import run
from tests.commands.test_squash_between import DROP, INSERT, USERS, write_all
from tests.history.scripts import MODELS

COLUMNS = 'found = {each["name"] for each in sa.inspect(op.get_bind()).get_columns("users")}'
ADD_N = ('op.add_column("users", sa.Column("n", sa.Integer))', 'op.drop_column("users", "n")')


@pytest.fixture
def project(alembic_project: ProjectFactory, any_url: str) -> AlembicProject:
    return alembic_project(MODELS, any_url)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param(
            f'{COLUMNS}\nif "n" in found:\n    return\n{INSERT}',
            'b2_.py:17: as one script it would not run "INSERT INTO users (id, mail) VALUES',
            id="return",
        ),
        pytest.param(
            f'{COLUMNS}\nif "n" not in found:\n    {INSERT}',
            'b2_.py:15: as one script it would not run "INSERT INTO users (id, mail) VALUES',
            id="if",
        ),
        pytest.param(
            f'{COLUMNS}\nnames = ", ".join(sorted(found))\n'
            'op.execute(f"INSERT INTO users ({names}) SELECT {names} FROM users WHERE id > 1")\n'
            f"{INSERT}",
            "b2_.py:16: as one script it would not run 'INSERT INTO users (id, mail, name) ",
            id="names",
        ),
        pytest.param(
            f'{COLUMNS}\nif "n" not in found:\n    return\n{INSERT}',
            'as one script it would also run "INSERT INTO users (id, mail) VALUES',
            id="additional",
        ),
    ],
)
def test_a_statement_that_would_find_other_tables_at_the_end_is_refused(
    body: str, said: str, project: AlembicProject
) -> None:
    write_all(project, (USERS, DROP), (body, ""), ADD_N)
    assert f"FAILED: {said}" in run(project, "squash", "b2:c3").err


def test_a_statement_of_downgrade_that_would_find_other_tables_is_refused(
    project: AlembicProject,
) -> None:
    back = f'{COLUMNS}\nif "n" in found:\n    return\nop.execute("DELETE FROM users")'
    write_all(project, (f"{USERS}\n{INSERT}", DROP), (INSERT.replace("1", "2"), back), ADD_N)
    said = "b2_.py:21: as one script it would not run 'DELETE FROM users'"
    assert f"FAILED: {said}" in run(project, "squash", "b2:c3").err


def test_a_statement_that_finds_the_same_tables_at_the_end_is_copied(
    project: AlembicProject, any_engine: sa.Engine
) -> None:
    body = f'{COLUMNS}\nif "mail" not in found:\n    return\n{INSERT}'
    write_all(project, (USERS, DROP), (body, ""), ADD_N)
    assert run(project, "squash", "b2:c3").err == ""
    project.upgrade()
    with any_engine.connect() as connection:
        assert [(1,)] == connection.exec_driver_sql("SELECT id FROM users").all()
