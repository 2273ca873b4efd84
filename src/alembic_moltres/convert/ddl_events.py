"""DDL text that events attach to a table, both ways."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.schema import AddConstraint, ExecutableDDLElement

from ..schema import DDL
from .ddl_if import NEVER, freeze_condition
from .dialects import doubles_percents, writing
from .expressions import NOT_COMPILED

Listeners = Sequence[tuple[str, Any]]
"""Listeners, each with the name of its event."""


def ddl_listeners(item: sa.Table | sa.MetaData) -> Listeners:
    """Return the listeners of the events that create and drop a table, or all tables."""
    dispatch = item.dispatch
    return [(name, listener) for name in DDL.EVENTS for listener in getattr(dispatch, name)]


def added_by_events(listeners: Listeners) -> set[Any]:
    """Return the constraints that listeners add (`AddConstraint`) and CREATE TABLE leaves out."""
    return {listener.element for _, listener in listeners if isinstance(listener, AddConstraint)}


def freeze_listeners(
    table: sa.Table, listeners: Listeners, dialects: Sequence[Dialect], where: str
) -> list[DDL]:
    """Return the DDL text attached to a table; functions are left to `unfrozen_listeners`."""
    frozen: list[DDL] = []
    for name, listener in listeners:
        if not isinstance(listener, ExecutableDDLElement):
            continue
        condition = freeze_condition(listener, dialects, where, table)
        if condition == NEVER:
            continue
        if isinstance(listener, sa.DDL):
            frozen.append(DDL(name, listener.statement, listener.context or {}, condition))
        else:
            frozen.extend(_compiled(name, listener, dialects, condition))
    return frozen


def _compiled(
    name: str, listener: Any, dialects: Sequence[Dialect], condition: tuple[str, ...]
) -> list[DDL]:
    """Return the texts of a DDL construct that dialects compile differently."""
    texts: dict[str, list[str]] = {}
    for dialect in dialects:
        if condition and dialect.name not in condition:
            continue
        try:
            text = _text(listener, dialect)
        except NOT_COMPILED:
            continue
        texts.setdefault(text.replace("%", "%%"), []).append(dialect.name)
    everywhere = len(texts) == 1 and not condition
    return [DDL(name, text, ddl_if=() if everywhere else tuple(on)) for text, on in texts.items()]


def _text(listener: Any, dialect: Dialect) -> str:
    """Return the text that a dialect compiles a construct to.

    Its author doubles percent signs for the drivers that SQLAlchemy doubles them for; they are
    undoubled here, because `DDL` doubles them again.
    """
    if doubles_percents(dialect):
        return str(listener.compile(dialect=writing(dialect, "format"))).strip().replace("%%", "%")
    return str(listener.compile(dialect=dialect)).strip()


def unfrozen_listeners(table: sa.Table) -> tuple[str, ...]:
    """Return the event listeners of a table that are Python functions, as `event: name`.

    They cannot be frozen; a script names them so that a person can port them.
    """
    return tuple(
        f"{name}: {_called(listener)}"
        for name, listener in ddl_listeners(table)
        if not isinstance(listener, ExecutableDDLElement) and not _is_sqlalchemy_class(listener)
    )


def listeners_of_all_tables() -> tuple[str, ...]:
    """Return the event listeners of the class `Table` that are Python functions."""
    return unfrozen_listeners(sa.Table("any", sa.MetaData()))


def metadata_listeners(metadata: sa.MetaData, dialect: Dialect | None = None) -> tuple[str, ...]:
    """Return the event listeners of a `MetaData`, DDL text included, as `event: name`.

    They belong to no table, so they are in no table's value.

    Args:
        metadata: of the models.
        dialect: which compiles the DDL constructs, to show their text.
    """
    return tuple(
        f"{name}: {_called(listener, dialect)}"
        for name, listener in ddl_listeners(metadata)
        if not _is_sqlalchemy_class(listener) or isinstance(listener, ExecutableDDLElement)
    )


def metadata_ddl(metadata: sa.MetaData, dialect: Dialect) -> list[str]:
    """Return the DDL text that is attached to a `MetaData` and that a dialect can compile."""
    texts = []
    for _, listener in ddl_listeners(metadata):
        if isinstance(listener, ExecutableDDLElement):
            with suppress(*NOT_COMPILED):
                texts.append(_text(listener, dialect))
    return texts


def _called(listener: Any, dialect: Dialect | None = None) -> str:
    if isinstance(listener, sa.DDL):
        return repr(listener.statement)
    if isinstance(listener, ExecutableDDLElement):
        try:
            return repr(_text(listener, dialect or DefaultDialect()))
        except NOT_COMPILED:
            return type(listener).__name__
    function = getattr(listener, "__wrapped__", listener)
    module = getattr(function, "__module__", "")
    return f"{module}.{getattr(function, '__qualname__', repr(function))}"


def _is_sqlalchemy_class(listener: Any) -> bool:
    """Tell whether it is one of SQLAlchemy's own, such as those that create enum types."""
    owner = getattr(listener, "__module__", None) or type(listener).__module__
    return str(owner).partition(".")[0] in {"sqlalchemy", "functools"}


def thaw_listeners(table: sa.Table, attached: Sequence[DDL]) -> None:
    """Attach DDL text to a table, to run as it did for the model."""
    make: Any = sa.DDL
    for ddl in attached:
        made = make(ddl.statement, context=dict(ddl.context) or None)
        if ddl.ddl_if:
            names: Any = ddl.ddl_if if len(ddl.ddl_if) > 1 else ddl.ddl_if[0]
            made = made.execute_if(dialect=names)
        event.listen(table, ddl.event, made)
