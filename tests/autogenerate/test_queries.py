"""How many queries autogenerate sends for tables that are as their models say."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

PLUGINS = ["alembic.autogenerate.*", "alembic_moltres"]
TABLES = 200


@pytest.fixture
def metadata() -> sa.MetaData:
    """Tables with a key, a check, a unique, an index, a default and an enum each, all different."""
    metadata = sa.MetaData()
    for number in range(TABLES):
        sa.Table(
            f"t{number}",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("other", sa.Integer, sa.ForeignKey(f"t{max(number - 1, 0)}.id")),
            sa.Column("code", sa.String(20), server_default=f"code {number}", unique=True),
            sa.Column("kind", sa.Enum("a", "b", name=f"kind{number}")),
            sa.CheckConstraint(f"other <> {number + 1000}", name=f"ck{number}"),
            sa.Index(f"ix{number}", "code", "kind"),
        )
    return metadata


def queries(engine: sa.Engine, metadata: sa.MetaData, tables: int) -> int:
    """Return how many queries it takes to find nothing in the first tables."""
    names = {f"t{number}" for number in range(tables)}
    sent: list[str] = []
    opts = {
        "autogenerate_plugins": PLUGINS,
        "include_name": lambda name, kind, _: kind != "table" or name in names,
        "include_object": lambda item, *_: not isinstance(item, sa.Table) or item.name in names,
    }
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=opts)
        sa.event.listen(connection, "before_cursor_execute", lambda *args: sent.append(args[2]))
        assert compare_metadata(context, metadata) == []
    return len(sent)


def test_two_hundred_tables_take_one_query_more_at_most(
    pg_engine: sa.Engine, sqlite_engine: sa.Engine, metadata: sa.MetaData
) -> None:
    for engine in (pg_engine, sqlite_engine):
        metadata.create_all(engine)
        few = queries(engine, metadata, 2)
        assert queries(engine, metadata, TABLES) <= few + 1


def test_mariadb_is_asked_less_than_once_in_five_tables(
    mariadb_engine: sa.Engine, metadata: sa.MetaData
) -> None:
    metadata.create_all(mariadb_engine)
    few = queries(mariadb_engine, metadata, 2)
    assert queries(mariadb_engine, metadata, TABLES) < few + TABLES / 5
