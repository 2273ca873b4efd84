"""Random models become other random models: nothing is missed, nothing invented, and the way back is the same.

The suite always takes the same ones; `MOLTRES_RANDOM_MODELS=1000` takes that many new ones.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import produce_migrations
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st

from tests.circles.cases import ALL, MARIADB, POSTGRESQL
from tests.circles.conftest import Database
from tests.circles.random_models import changes
from tests.circles.test_changes import models, order_apart

OPTIONS = {"autogenerate_plugins": ["alembic.autogenerate.*", "alembic_moltres"]}
NEW = os.environ.get("MOLTRES_RANDOM_MODELS")
NO_CAST = "no cast leads from one type to the other"


def set_by_hand(engine: sa.Engine, tables: Iterable[str]) -> None:
    """Set what no model states."""
    with engine.begin() as connection:
        for table in tables:
            connection.exec_driver_sql(f"ALTER TABLE {table} SET (fillfactor = 70)")


def migration(
    engine: sa.Engine, metadata: sa.MetaData, *, strict: bool = False, **more: Any
) -> Any:
    with engine.connect() as connection:
        options = {**OPTIONS, "moltres": {"strict": strict}, **more}
        context = MigrationContext.configure(connection, opts=options)
        return produce_migrations(context, metadata)


def difference(
    engine: sa.Engine, metadata: sa.MetaData, *, strict: bool = False, **more: Any
) -> list[Any]:
    found: list[Any] = migration(engine, metadata, strict=strict, **more).upgrade_ops.ops
    return found


def execute(engine: sa.Engine, operations: Any) -> bool:
    """Run the operations; tell whether the database can turn every type into the other."""
    try:
        with engine.begin() as connection:
            run = Operations(MigrationContext.configure(connection, opts=OPTIONS))
            for operation in operations.ops:
                run.invoke(operation)
    except CommandError as err:
        if NO_CAST not in str(err):
            raise
        return False
    return True


def empty(engine: sa.Engine) -> sa.Engine:
    schema = ("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")  # with the types
    tables = [f"DROP TABLE IF EXISTS {name}" for name in ("t", "u", "v", "parent")]
    if engine.dialect.name == MARIADB:
        tables.insert(0, "SET foreign_key_checks = 0")
    with engine.begin() as connection:
        for statement in schema if engine.dialect.name == POSTGRESQL else tables:
            connection.exec_driver_sql(statement)
    return engine


@pytest.mark.parametrize("database", ALL)
def test_random_models_become_others_and_themselves_again(
    database: str, new_database: Database
) -> None:
    engine, other = (sa.create_engine(new_database(), poolclass=sa.NullPool) for _ in range(2))

    @settings(
        max_examples=int(NEW or 60),
        deadline=None,
        derandomize=NEW is None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(changes(database))
    def circle(change: tuple[str, str, dict[str, str]]) -> None:
        *sources, by_hand = change
        old, new = map(models, sources)
        new.create_all(empty(other))
        old.create_all(empty(engine))
        set_by_hand(other, by_hand.values())
        set_by_hand(engine, by_hand)
        strict = database == POSTGRESQL and not by_hand
        assert [] == difference(engine, old, strict=strict)
        before, found = order_apart(engine), migration(engine, new, strict=strict)

        if not execute(engine, found.upgrade_ops):
            assert database == MARIADB or before == order_apart(engine)
            return
        assert [] == difference(engine, new, strict=strict)
        assert order_apart(other) == order_apart(engine)

        if execute(engine, found.downgrade_ops):
            assert before == order_apart(engine)

    circle()


KINDS = ("check_constraint", "foreign_key_constraint", "index", "unique_constraint")


def leaving_out(kinds: frozenset[str]) -> dict[str, Any]:
    """Return the option that leaves all objects of these kinds out."""
    return {
        "include_object": lambda _object, _name, kind, _reflected, _compare_to: kind not in kinds
    }


def counts(engine: sa.Engine, kinds: frozenset[str], tables: Collection[str]) -> Counter[object]:
    """Count the constraints of these kinds by table; indexes not, of which a server makes some.

    MariaDB's unique indexes are constraints to an inspector, and are told by their names.
    """
    inspector = sa.inspect(engine)
    reads: dict[str, Any] = {
        "unique_constraint": inspector.get_multi_unique_constraints,
        "foreign_key_constraint": inspector.get_multi_foreign_keys,
        "check_constraint": inspector.get_multi_check_constraints,
    }
    return Counter(
        {
            (kind, table): sum(not str(each["name"]).startswith("ix_") for each in constraints)
            for kind in kinds & set(reads)
            for (_, table), constraints in reads[kind]().items()
            if table in tables
        }
    )


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection:sqlalchemy.exc.SAWarning")
@pytest.mark.parametrize("database", ALL)
def test_random_models_settle_with_kinds_of_objects_left_out(
    database: str, new_database: Database
) -> None:
    engine = sa.create_engine(new_database(), poolclass=sa.NullPool)

    @settings(
        max_examples=int(NEW or 20),
        deadline=None,
        derandomize=NEW is None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(changes(database), st.frozensets(st.sampled_from(KINDS), min_size=1))
    def settle(change: tuple[str, str, dict[str, str]], kinds: frozenset[str]) -> None:
        old, new = map(models, change[:2])
        left_out = leaving_out(kinds)
        old.create_all(empty(engine))
        assert [] == difference(engine, old, **left_out)
        before = counts(engine, kinds, old.tables)
        try:
            assume(execute(engine, migration(engine, new, **left_out).upgrade_ops))
        except CommandError:  # what stays uses a column that goes
            reject()
        assert [] == difference(engine, new, **left_out)
        assert counts(engine, kinds, old.tables) <= before

    settle()
