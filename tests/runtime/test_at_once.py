"""Several upgrades at once: each of them succeeds, each revision is applied once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.alembic_project import ProjectFactory
from tests.runtime.processes import at_once, command, with_line, write_scripts

MAKE = """
op.create_table('counters', sa.Column('k', sa.Integer))
op.execute('INSERT INTO counters VALUES (0)')
"""
ADD = "op.execute('UPDATE counters SET k = k + 1')"
OTHERS = "op.create_table('others', sa.Column('id', sa.Integer, primary_key=True))"
BOTH = f"""
{ADD}
op.execute('INSERT INTO others VALUES (1)')
"""
ROUNDS = int(os.environ.get("MOLTRES_UPGRADES_AT_ONCE", "3"))
SCRIPTS = (MAKE, ADD, OTHERS, BOTH)


def counted(url: str) -> tuple[int, int, list[str]]:
    """Return the counter, the other rows, and the heads of a database."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return (
            connection.execute(sa.text("SELECT sum(k) FROM counters")).scalar_one(),
            connection.execute(sa.text("SELECT count(*) FROM others")).scalar_one(),
            list(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalars()),
        )


def drivers(url: str, template: str) -> str:
    """Return the URL of a database with the driver that a template needs."""
    if "async" not in template:
        return url
    for sync, of_asyncio in (("+psycopg", "+asyncpg"), ("sqlite:", "sqlite+aiosqlite:")):
        url = url.replace(sync, of_asyncio)
    return url


@pytest.mark.slow
@pytest.mark.parametrize("template", ["generic", "async", "multidb", "pyproject"])
def test_the_one_line_works_in_each_template(
    template: str, alembic_project: ProjectFactory, any_url: str, tmp_path: Path
) -> None:
    if template == "async" and "mysql" in any_url:
        pytest.skip("there is no driver of asyncio")
    project = with_line(alembic_project, drivers(any_url, template), template)
    write_scripts(project, *SCRIPTS)
    for process in at_once(8, command(project, "upgrade", "head"), tmp_path):
        assert process.wait() == 0, process.text()
    assert counted(any_url) == (2, 1, ["a4"])
    assert list(tmp_path.glob("*lock*")) == []


@pytest.mark.slow
def test_eight_at_once_again_and_again(
    any_url: str, alembic_project: ProjectFactory, tmp_path: Path
) -> None:
    project = with_line(alembic_project, any_url)
    write_scripts(project, *SCRIPTS)
    engine = sa.create_engine(any_url, poolclass=sa.NullPool)
    for _ in range(ROUNDS):
        for process in at_once(8, command(project, "upgrade", "head"), tmp_path):
            assert process.wait() == 0, process.text()
        assert counted(any_url) == (2, 1, ["a4"])
        with engine.begin() as connection:
            for table in ("counters", "others", "alembic_version"):
                connection.execute(sa.text(f"DROP TABLE {table}"))
