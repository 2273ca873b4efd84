"""`connect` and `async_connect`: Moltres' own, for the databases that accept models."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from moltres import _validate_connection_string
from moltres.config import create_config
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import Session

from .async_databases import AsyncDatabase
from .databases import Database


def connect(
    dsn: str | None = None,
    engine: sa.Engine | None = None,
    session: Session | None = None,
    **options: Any,
) -> Database:
    """Return a `Database`.

    Args:
        dsn: its URL; by default MOLTRES_DSN of the environment.
        engine: the caller's engine, instead of a URL.
        session: the caller's Session, instead; everything happens in its transaction.
        options: Moltres' own: `echo`, `fetch_format`, `pool_size`, ...

    >>> with connect("sqlite://") as db:
    ...     db.get_table_names()
    []
    """
    if dsn is not None:
        _validate_connection_string(dsn)
    _check(engine, sa.Engine, "engine must be a SQLAlchemy Engine instance")
    _check_session(session, "session must be a SQLAlchemy Session or SQLModel Session instance")
    return Database(create_config(dsn=dsn, engine=engine, session=session, **options))


def async_connect(
    dsn: str | None = None,
    engine: AsyncEngine | None = None,
    session: AsyncSession | None = None,
    **options: Any,
) -> AsyncDatabase:
    """Return an `AsyncDatabase`.

    Args:
        dsn: its URL, with an asynchronous driver; by default MOLTRES_DSN of the environment.
        engine: the caller's engine, instead of a URL.
        session: the caller's AsyncSession, instead; everything happens in its transaction.
        options: Moltres' own: `echo`, `fetch_format`, `pool_size`, ...

    >>> import asyncio
    >>> async def names() -> list[str]:
    ...     async with async_connect("sqlite+aiosqlite://") as db:
    ...         return await db.get_table_names()
    >>> asyncio.run(names())
    []
    """
    if dsn is not None and not _is_async(dsn):
        _validate_connection_string(dsn, is_async=True)
    _check(engine, AsyncEngine, "engine must be a SQLAlchemy AsyncEngine instance")
    _check_session(
        session, "session must be a SQLAlchemy AsyncSession or SQLModel AsyncSession instance"
    )
    return AsyncDatabase(create_config(dsn=dsn, engine=engine, session=session, **options))


def _is_async(dsn: str) -> bool:
    try:
        return sa.make_url(dsn).get_dialect(_is_async=True).is_async
    except sa.exc.ArgumentError:
        return False  # Moltres reports the error


def _check(given: object, wanted: type, message: str) -> None:
    if given is not None and not isinstance(given, wanted):
        raise TypeError(message)


def _check_session(given: object, message: str) -> None:
    if given is not None and not hasattr(given, "get_bind"):
        raise TypeError(f"{message}. Got: {type(given).__name__}")
