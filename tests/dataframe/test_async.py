"""Everything again with `await`: aiosqlite, asyncpg, and psycopg's own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import sqlalchemy as sa
from moltres.expressions import functions as F  # noqa: N812
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from alembic_moltres import NotAModelError, QueryError, UnknownColumnError, model_to_schema
from alembic_moltres.dataframe import AsyncDatabase, AsyncDataFrame, async_connect, col
from alembic_moltres.diff import diff
from tests.dataframe.models import MODELS, ROWS, Base, Order, Parcel, Tag, User
from tests.dataframe.test_joins import FORMS
from tests.dump import dump


def run(url: str, story: Callable[[AsyncDatabase], Awaitable[None]]) -> None:
    async def told() -> None:
        async with async_connect(url) as db:
            await story(db)

    asyncio.run(told())


async def _fill(db: AsyncDatabase) -> None:
    for model in MODELS:
        await db.create_table(model).collect()
    for model, rows in ROWS:
        await db.insert(model, rows)


def _sync_engine(url: str) -> sa.Engine:
    plain = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
    made = sa.make_url(url)
    return sa.create_engine(
        made.set(drivername=plain[made.get_backend_name()]), poolclass=sa.NullPool
    )


def test_tables_are_those_of_create_all(async_url: str) -> None:
    run(async_url, _fill)
    engine = _sync_engine(async_url)
    ours = dump(engine)
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    assert dump(engine) == ours


def test_models_are_reflected_shown_and_refused(async_url: str) -> None:
    async def story(db: AsyncDatabase) -> None:
        shown = db.create_table_from_model(User).to_sql()
        assert "CREATE TABLE IF NOT EXISTS users" in shown
        handle = await db.create_table(User).collect()
        assert handle.model is User
        assert () == diff([await db.reflect_model(User)], [model_to_schema(User)])
        with pytest.raises(NotAModelError):
            await db.table(3)
        with pytest.raises(NotAModelError):
            db.create_table(3)

    run(async_url, story)


def test_queries_and_changes(async_url: str) -> None:
    async def story(db: AsyncDatabase) -> None:
        await _fill(db)
        users = (await db.table(User)).select()
        assert isinstance(users.where(User.id == 1), AsyncDataFrame)
        rows = await users.where(User.name.in_(["Bob", "Carol"])).order_by(User.id.desc()).collect()
        assert [3, 2] == [row["id"] for row in rows]
        assert ["id", "n"] == users.select(User.id, User.name.label("n")).columns
        with pytest.raises(UnknownColumnError):
            users.where(col("nme") == 1)
        assert 1 == await db.update(User, where=User.id == 1, set={User.name: "a:b"})
        assert 1 == await db.delete(Parcel, where=Parcel.sender_id == 1)
        named = await db.table("users")
        assert 1 == len(await named.select().where(col("name") == "a:b").collect())

    run(async_url, story)


@pytest.mark.parametrize("on", FORMS)
def test_each_form_joins_the_same(sqlite_url: str, on: Any) -> None:
    async def story(db: AsyncDatabase) -> None:
        await _fill(db)
        joined = (await db.table(Order)).select().join(await db.table(User), on)
        rows = await joined.select(Order.id, User.name).order_by(Order.id).collect()
        assert [(10, "Alice"), (11, "Bob"), (12, "Bob")] == [tuple(row.values()) for row in rows]

    run(sqlite_url.replace("sqlite", "sqlite+aiosqlite", 1), story)


def test_joins_and_groups(async_url: str) -> None:
    async def story(db: AsyncDatabase) -> None:
        await _fill(db)
        orders = (await db.table(Order)).select()
        rows = await orders.join(Tag).where(Tag.label == "gift").select(Order.id).collect()
        assert [{"id": 11}] == rows
        totals = orders.join(User).group_by(User.name).agg(F.count(col("amount")).alias("n"))
        assert [("Alice", 1), ("Bob", 2)] == [
            tuple(row.values()) for row in await totals.order_by("name").collect()
        ]
        assert 1 == len(await (await db.table(User)).select().anti_join(Order).collect())
        with pytest.raises(QueryError, match=r"Parcel\.receiver, Parcel\.sender"):
            (await db.table(Parcel)).select().join(User)

    run(async_url, story)


def test_a_transaction_is_rolled_back_with_its_tables(async_url: str) -> None:
    async def story(db: AsyncDatabase) -> None:
        async def interrupted() -> None:
            async with db.transaction():
                await db.create_table(Tag).collect()
                await db.insert(Tag, [{"id": 1, "label": "x"}])
                raise KeyError

        with pytest.raises(KeyError):
            await interrupted()
        assert [] == await db.get_table_names()

    run(async_url, story)


def test_each_task_has_its_own_transaction(async_url: str) -> None:
    async def story(db: AsyncDatabase) -> None:
        await db.create_table(Tag).collect()
        begun, other = asyncio.Event(), asyncio.Event()

        async def one() -> None:
            async with db.transaction():
                begun.set()
                await other.wait()

        async def two() -> None:
            await begun.wait()
            assert not db.is_in_transaction()
            other.set()

        await asyncio.gather(one(), two())

    run(async_url, story)


def test_a_session_and_a_connection_have_everything_in_their_transaction(async_url: str) -> None:
    async def story() -> None:
        engine = create_async_engine(async_url)
        async with AsyncDatabase.from_async_engine(engine) as db:
            await db.create_table(Tag).collect()
        async with AsyncSession(engine) as session:
            inside = async_connect(session=session)
            await inside.insert(Tag, [{"id": 1, "label": "x"}])
            async with inside.transaction():
                await inside.insert(Tag, [{"id": 2, "label": "x"}])
            assert 2 == await (await inside.table(Tag)).select().count()
            await session.rollback()
        async with engine.connect() as connection:
            inside = AsyncDatabase.from_async_connection(connection)
            await inside.insert(Tag, [{"id": 3, "label": "x"}])
            await connection.rollback()
        async with AsyncDatabase.from_async_engine(engine) as db:
            assert 0 == await (await db.table(Tag)).select().count()
        await engine.dispose()

    asyncio.run(story())


def test_a_driver_that_is_not_asynchronous_is_refused_as_before() -> None:
    with pytest.raises(Exception, match="aiosqlite"):
        async_connect("sqlite://")


@pytest.mark.filterwarnings("ignore:.*Records.* is deprecated")  # Moltres calls its own old form
def test_what_moltres_has_besides_is_there(async_url: str) -> None:
    async def story(db: AsyncDatabase) -> None:
        await _fill(db)
        frame = await db.createDataFrame([{"id": 1, "label": "x"}], pk="id")
        assert isinstance(frame, AsyncDataFrame)
        assert [{"n": 1}] == await db.sql("SELECT id AS n FROM tags").where(col("n") == 1).collect()
        assert 1 == await db.merge(Tag, [{"id": 5, "label": "y", "weight": 1}], on=["id"])
        assert 1 == await db.insert("tags", [{"id": 6, "label": "z", "weight": 1}])
        async with db.transaction():
            await db.delete(Tag, where=Tag.id == 6)
            with pytest.raises(KeyError):
                await _deleting_all(db)
        ids = (await db.table(Tag)).select(Tag.id)
        assert 3 == await ids.union(ids).count()
        with pytest.raises(ValueError, match="isolation level"):
            await db.connection_manager.begin_transaction(isolation_level="NONE")
        assert not db.is_in_transaction()

    async def _deleting_all(db: AsyncDatabase) -> None:
        async with db.transaction(savepoint=True):
            await db.delete("tags", where=col("id") > 0)
            raise KeyError

    run(async_url, story)


def test_a_session_that_is_not_asynchronous_is_refused() -> None:
    engine = sa.create_engine("sqlite://")
    db = async_connect(session=Session(engine))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"Session's bind must be an AsyncEngine.*give connect"):
        _ = db.connection_manager.engine
    engine.dispose()
