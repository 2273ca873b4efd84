"""Tables without columns: PostgreSQL has them, elsewhere they are refused before a script is written."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from alembic_moltres import TableSchema
from tests.alembic_project import ProjectFactory
from tests.operations.context import offline, run

ONE = 'import sqlalchemy as sa\ntarget_metadata = metadata = sa.MetaData()\nsa.Table("t", metadata{})\n'
REFUSED = "the table 't' has no columns, which (sqlite|mysql|mariadb) does not allow; give it one"


@pytest.mark.parametrize("before", ["", ONE.format(', sa.Column("a", sa.Integer)')])
def test_a_model_without_columns_makes_no_script(
    alembic_project: ProjectFactory, sqlite_url: str, mariadb_url: str, before: str
) -> None:
    for url in (sqlite_url, mariadb_url):
        project = alembic_project(before or ONE.format(""), url)
        if before:
            project.revision("before")
            project.upgrade()
        project.write_models(ONE.format(""))
        scripts = project.scripts()
        with pytest.raises(CommandError, match=REFUSED):
            project.revision("without")
        assert scripts == project.scripts()


def test_a_script_is_refused_before_anything_runs(sqlite_engine: sa.Engine) -> None:
    with pytest.raises(CommandError, match=REFUSED):
        run(sqlite_engine, lambda op: op.moltres_create_table(TableSchema("t", [])))
    for url in ("sqlite://", "mysql://", "mariadb://"):
        with pytest.raises(CommandError, match=REFUSED):
            offline(url, lambda op: op.moltres_create_table(TableSchema("t", [])))


def test_postgresql_has_them() -> None:
    written = offline("postgresql://", lambda op: op.moltres_create_table(TableSchema("t", [])))
    assert "CREATE TABLE t ( );" == " ".join(written.split())


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(', sa.Column("a", sa.Integer)', id="gets a column"),
        pytest.param(', comment="x"', id="gets a comment"),
    ],
)
def test_postgresql_compares_and_alters_them(
    alembic_project: ProjectFactory, pg_url: str, after: str
) -> None:
    project = alembic_project(ONE.format(""), pg_url)
    project.revision("before", rev_id="a1")
    project.upgrade()
    project.check()
    project.write_models(ONE.format(after))
    project.revision("after")
    project.upgrade()
    project.check()
    project.downgrade("a1")
    project.scripts()[-1].unlink()
    project.write_models(ONE.format(""))
    project.check()
    project.downgrade("base")
