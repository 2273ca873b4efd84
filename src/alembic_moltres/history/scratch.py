"""A scratch database: scripts are run on it, and it is emptied afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import Script
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import SQLAlchemyError

from ..alembic_compat import transaction_of_script
from ..dialects.base.driver_messages import database_message
from ..dialects.base.registry import impl_of
from ..errors import HistoryError


@contextmanager
def scratch_database(url: str) -> Iterator[Connection]:
    """Yield a connection to a scratch database, and empty it afterwards.

    Args:
        url: of an empty database; `sqlite://` is one in memory.

    Raises:
        HistoryError: it cannot be connected, or is not empty; then nothing is dropped.
    """
    engine = _engine(url)
    shown = engine.url.render_as_string()
    try:
        with engine.connect() as connection:
            _check_empty(connection, shown)
    except SQLAlchemyError as err:
        engine.dispose()
        raise HistoryError(f"--scratch {shown}: {_message(err)}", url) from err
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            impl_of(connection.dialect).clear(connection)
            remaining = impl_of(connection.dialect).contents(connection)
        engine.dispose()
    if remaining:
        raise HistoryError(
            f"--scratch {shown}: {', '.join(remaining)} could not be dropped; drop it by hand", url
        )


def _engine(url: str) -> Engine:
    try:
        made = sa.make_url(url)
        dialect: Any = made.get_dialect()
        usual = dialect.get_pool_class(made)
        in_memory = usual is sa.SingletonThreadPool
        return sa.create_engine(made, poolclass=sa.StaticPool if in_memory else sa.NullPool)
    except (SQLAlchemyError, ImportError) as err:
        raise HistoryError(f"--scratch {url!r} is not a database URL: {err}", url) from err


def _check_empty(connection: Connection, shown: str) -> None:
    contents = impl_of(connection.dialect).contents(connection)
    if contents:
        listed = ", ".join(contents[:5]) + (", ..." if len(contents) > 5 else "")
        raise HistoryError(
            f"--scratch {shown} is not empty ({listed}); pass the URL of an empty database, "
            "because scripts are run on it and everything in it is dropped afterwards",
            shown,
        )


def _message(err: SQLAlchemyError) -> str:
    return database_message(err) if isinstance(err, sa.exc.DBAPIError) else str(err)


def check_same_kind(scratch: Dialect, project: Dialect) -> None:
    """Check that a scratch database is of the same kind as the project's.

    Raises:
        HistoryError: it is not.
    """
    one, other = type(impl_of(scratch)), type(impl_of(project))
    if not (issubclass(one, other) or issubclass(other, one)):
        raise HistoryError(
            f"--scratch is {scratch.name}, and env.py migrates {project.name}; pass a "
            f"database of {project.name}",
            scratch.name,
        )


def run_on_scratch(
    context: MigrationContext, scripts: Iterable[Script], arguments: Mapping[str, Any]
) -> None:
    """Run the `upgrade()` of scripts, each in its own transaction if the database has them.

    Args:
        context: on a scratch database.
        scripts: in order.
        arguments: of `upgrade()`.
    """
    with Operations.context(context):
        for script in scripts:
            with transaction_of_script(context):
                script.module.upgrade(**arguments)
