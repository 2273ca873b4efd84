"""Random models and what they become: the replayed state is what the database has.

The suite always takes the same ones; `MOLTRES_RANDOM_MODELS=1000` takes that many new ones.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import op
from alembic.runtime.migration import MigrationContext
from hypothesis import HealthCheck, given, settings

from alembic_moltres.dialects.base.registry import impl_of
from alembic_moltres.history.recorded_operations import recording_operations
from alembic_moltres.history.recording import Recorder
from alembic_moltres.history.replay import connect
from tests.circles.cases import ALL
from tests.circles.conftest import Database, new_database
from tests.circles.random_models import changes
from tests.circles.test_changes import models
from tests.circles.test_random import OPTIONS, empty, execute, migration
from tests.history.agreement import differences

__all__ = ["new_database"]

NEW = os.environ.get("MOLTRES_RANDOM_MODELS")


def replay(context: MigrationContext, operations: Any) -> Recorder:
    """Replay operations on the stand-in of a context."""
    dialect: Any = context.dialect
    recorder: Recorder = dialect.database
    recorder.begin("r", __file__)
    with recording_operations(context, recorder):
        for operation in operations.ops:
            op.invoke(operation)
    recorder.end()
    return recorder


@pytest.mark.parametrize("database", ALL)
def test_the_state_of_random_models_is_what_the_database_has(
    database: str, new_database: Database
) -> None:
    engine = sa.create_engine(new_database(), poolclass=sa.NullPool)
    with engine.connect() as connection:
        server = impl_of(connection.dialect).server()

    @settings(
        max_examples=int(NEW or 15),
        deadline=None,
        derandomize=NEW is None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(changes(database))
    def agree(change: tuple[str, str, dict[str, str]]) -> None:
        empty(engine)
        standing = MigrationContext.configure(connect(engine.dialect, server), opts=OPTIONS)
        for metadata in map(models, change[:2]):
            upgrade = migration(engine, metadata).upgrade_ops
            if not execute(engine, upgrade):
                return
            state = replay(standing, upgrade).state()
            assert () == state.uncertain
            with engine.connect() as connection:
                assert [] == differences(connection, state)

    agree()
