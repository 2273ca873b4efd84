"""The rights that docs/howto/least-rights.md gives to a role that only compares are enough."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

DOCS = Path(__file__).parents[2] / "docs" / "howto" / "least-rights.md"
GRANTS = re.findall(r"```sql\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
PLUGINS = ["alembic.autogenerate.*", "alembic_moltres"]


def models(default: str = "x") -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table("alembic_version", metadata, sa.Column("version_num", sa.String(32), primary_key=True))
    sa.Table("parent", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table(
        "child",
        metadata,
        sa.Column("id", sa.Integer, sa.Identity(), primary_key=True),
        sa.Column("parent_id", sa.ForeignKey("parent.id", ondelete="CASCADE"), index=True),
        sa.Column("mood", sa.Enum("glad", "sad", name="mood")),
        sa.Column("name", sa.String(20), server_default=default, comment="who"),
        sa.Column("twice", sa.Integer, sa.Computed("parent_id * 2", persisted=True)),
        sa.CheckConstraint("name IN ('x', 'y')", name="known"),
        comment="children",
    )
    return metadata


@pytest.fixture
def granted(any_engine: sa.Engine) -> Iterator[sa.Engine]:
    """Give an engine of a role that has the rights of the docs, and no others."""
    name = any_engine.dialect.name
    if name == "sqlite":
        pytest.skip("SQLite has no users")
    models().create_all(any_engine)
    role, database = f"moltres_test_{secrets.token_hex(4)}", any_engine.url.database
    text = GRANTS[0 if name == "postgresql" else 1]
    text = text.replace("autogenerate", role).replace("shop", str(database))
    admin = any_engine.execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for statement in filter(None, map(str.strip, text.split(";"))):
            connection.exec_driver_sql(statement)
    engine = sa.create_engine(
        any_engine.url.set(username=role, password="secret"), poolclass=sa.NullPool
    )
    yield engine
    with admin.connect() as connection:
        if name == "postgresql":
            connection.exec_driver_sql(f"DROP OWNED BY {role}")
        connection.exec_driver_sql(f"DROP {'ROLE' if name == 'postgresql' else 'USER'} {role}")


def test_a_role_with_these_rights_compares_exactly(
    granted: sa.Engine, caplog: pytest.LogCaptureFixture
) -> None:
    opts = {"autogenerate_plugins": PLUGINS}
    with granted.connect() as connection, caplog.at_level(logging.WARNING):
        context = MigrationContext.configure(connection, opts=opts)
        same = models()
        same.remove(same.tables["alembic_version"])
        assert compare_metadata(context, same) == []
        assert context.get_current_heads() == ()
        other = models("y")
        other.remove(other.tables["alembic_version"])
        ((found,),) = compare_metadata(context, other)
        assert found[0] == "modify_default"
    assert [] == [each.getMessage() for each in caplog.records]
    with granted.connect() as connection, pytest.raises(sa.exc.DBAPIError):
        connection.exec_driver_sql("DELETE FROM parent")
