from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import ExecutableDDLElement

from alembic_moltres.convert import model_to_schema, schema_to_table, unfrozen_listeners
from alembic_moltres.errors import FreezeError
from alembic_moltres.schema import ddl
from tests.lossless import assert_lossless

DDL: Any = sa.DDL


class Statistics(ExecutableDDLElement):
    """A construct of an application, with DDL on PostgreSQL only."""


@compiles(Statistics, "postgresql")
def _statistics(_: Any, compiler: Any, **__: Any) -> str:
    remainder = compiler.sql_compiler.process(sa.column("a") % 2, literal_binds=True)
    return f"CREATE STATISTICS s ON {remainder} FROM t"


def _table(**options: Any) -> sa.Table:
    return sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer), **options)


TEXTS: list[Any] = [
    pytest.param(DDL("CREATE TRIGGER x ON %(table)s"), id="table"),
    pytest.param(DDL("COMMENT ON %(fullname)s IS 'it''s 100%%: ok'"), id="percent"),
    pytest.param(DDL("SELECT '%(who)s'", context={"who": "it's"}), id="context"),
    pytest.param(DDL("SELECT '%(n)s'", context={"n": 5}), id="context-number"),
    pytest.param(DDL("SELECT 1").execute_if(dialect="postgresql"), id="one-dialect"),
    pytest.param(DDL("SELECT 1").execute_if(dialect=("mysql", "mariadb")), id="two-dialects"),
    pytest.param(
        DDL("SELECT 1").execute_if(callable_=lambda *_, dialect, **__: dialect.name == "sqlite"),
        id="callable",
    ),
    pytest.param(
        DDL("SELECT 1").execute_if(
            callable_=lambda ddl, target, bind, *, state, dialect, **_: (
                target.name == "t" and state == 5
            ),
            state=5,
        ),
        id="callable-with-everything",
    ),
    pytest.param(DDL("SELECT 1").execute_if(callable_=lambda *_, **__: False), id="never"),
    pytest.param(Statistics(), id="a-construct-of-the-application"),
    pytest.param(Statistics().execute_if(dialect="postgresql"), id="construct-for-one-dialect"),
]


@pytest.mark.parametrize("event", ["before_create", "after_create", "before_drop", "after_drop"])
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("schema", [None, "shop"])
def test_ddl_that_an_event_runs_is_kept(event: str, text: Any, schema: str | None) -> None:
    table = _table(schema=schema)
    sa.event.listen(table, event, text)
    assert_lossless(table)


def test_ddl_is_kept_in_its_order() -> None:
    table = _table()
    for number in (3, 1, 2):
        sa.event.listen(table, "after_create", DDL(f"SELECT {number}"))
    expected = tuple(ddl("after_create", f"SELECT {number}") for number in (3, 1, 2))
    assert expected == assert_lossless(table).ddl


def test_a_condition_that_asks_for_a_connection_is_refused() -> None:
    table = _table()

    def condition(ddl: Any, target: Any, bind: Any, **_: Any) -> bool:
        return bool(bind.scalar(sa.text("SELECT 1")))

    sa.event.listen(table, "after_create", DDL("SELECT 1").execute_if(callable_=condition))
    with pytest.raises(FreezeError, match=r"more than a dialect \(at t\).*use ddl_if\(dialect="):
        model_to_schema(table)


def test_listeners_that_are_python_functions_are_named() -> None:
    table = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("a", sa.Enum("x", name="e")),
        listeners=[("after_create", _after_create)],
    )
    sa.event.listen(table, "before_drop", lambda *_, **__: None)
    sa.event.listen(table, "after_create", DDL("SELECT 1"))
    first, second = unfrozen_listeners(table)
    assert f"after_create: {__name__}._after_create" == first
    assert second.startswith(f"before_drop: {__name__}.")
    assert second.endswith(".<lambda>")
    assert (ddl("after_create", "SELECT 1"),) == model_to_schema(table).ddl


def test_listeners_of_every_table_are_named_once() -> None:
    table = _table()
    assert () == unfrozen_listeners(table)
    sa.event.listen(sa.Table, "after_create", _after_create)
    try:
        assert (f"after_create: {__name__}._after_create",) == unfrozen_listeners(table)
    finally:
        sa.event.remove(sa.Table, "after_create", _after_create)


def test_what_sqlalchemy_listens_to_itself_is_not_named() -> None:
    column: Any = sa.Column("a", sa.Enum("x", name="e", metadata=sa.MetaData()))
    table = sa.Table("t", sa.MetaData(), column)
    assert () == unfrozen_listeners(table)
    assert () == unfrozen_listeners(schema_to_table(model_to_schema(table), sa.MetaData()))


def _after_create(*_: Any, **__: Any) -> None:
    """Stand for what an application does when its table is made."""
