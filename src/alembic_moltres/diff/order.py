"""The order in which tables are created: referred tables first, cycles of foreign keys cut.

Tables are dropped in the reverse order. Pure: values in, values out.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace
from typing import TypeAlias

from ..errors import SchemaError
from ..schema import ForeignKeyConstraint, TableSchema
from ..schema.tables import inherits_of

Key: TypeAlias = tuple[str, str]
"""A table's schema and name; keys sort as tables do."""


def creation_order(tables: Iterable[TableSchema]) -> list[TableSchema]:
    """Return the tables with every referred one before those that refer to it.

    Ties are broken by name. If foreign keys form a cycle over two or more tables, one key of it
    gets `use_alter=True`: a named one if there is one, because not every database can drop an
    unnamed key. A key that has `use_alter` already, or that refers to its own table or to one that
    is not among `tables`, imposes no order. Tables that one inherits from or depends on
    (`depends_on`) precede it; such a link is never cut.

    Raises:
        SchemaError: such links alone form a cycle.

    >>> from alembic_moltres.schema import column, foreign_key
    >>> id = column("id", "INTEGER", primary_key=True)
    >>> users = TableSchema("users", [id], constraints=[foreign_key("id", "orders", "id")])
    >>> orders = TableSchema("orders", [id], constraints=[foreign_key("id", "users", "id")])
    >>> for table in creation_order([users, orders]):
    ...     print(table.name, added_later(table))
    orders [foreign_key('id', 'users', 'id', use_alter=True)]
    users []
    """
    by_key = {_key(table.schema, table.name): table for table in tables}
    waiting = {key: _referred(by_key[key], by_key) for key in sorted(by_key)}
    waiters: dict[Key, list[Key]] = {key: [] for key in by_key}
    for key, targets in waiting.items():
        for target in targets:
            waiters[target].append(key)
    ordered: list[Key] = []
    ready = [key for key, referred in waiting.items() if not referred]
    while waiting:
        if not ready:
            table, referred = _link_to_cut(waiting, by_key)
            by_key[table] = _cut(by_key[table], referred)
            waiting[table].remove(referred)
            ready = [] if waiting[table] else [table]
        for key in ready:
            del waiting[key]
        ordered += ready
        ready = _now_ready(ready, waiting, waiters)
    return [by_key[key] for key in ordered]


def _now_ready(
    done: list[Key], waiting: dict[Key, set[Key]], waiters: dict[Key, list[Key]]
) -> list[Key]:
    """Return the tables that wait only for finished ones."""
    freed = set()
    for key in done:
        for waiter in waiting.keys() & waiters[key]:
            waiting[waiter].discard(key)
            freed.add(waiter)
    return sorted(key for key in freed if not waiting[key])


def added_later(table: TableSchema) -> list[ForeignKeyConstraint]:
    """Return the foreign keys that are added when all tables exist.

    >>> added_later(TableSchema("users", []))
    []
    """
    return [key for key in table.foreign_keys if key.use_alter]


def first_keys(table: TableSchema) -> list[ForeignKeyConstraint]:
    """Return the foreign keys that are created with the table."""
    return [key for key in table.foreign_keys if not key.use_alter]


def _key(schema: str | None, name: str) -> Key:
    return schema or "", name


def _target(key: ForeignKeyConstraint) -> Key:
    return _key(key.references_schema, key.references_table)


def _referred(table: TableSchema, known: Container[Key]) -> set[Key]:
    """Return the other tables that must exist before this one."""
    targets = {_target(key) for key in table.foreign_keys if not key.use_alter}
    targets |= _needed(table)
    own = _key(table.schema, table.name)
    return {target for target in targets if target in known and target != own}


def _needed(table: TableSchema) -> set[Key]:
    """Return the tables that must precede this one for reasons other than foreign keys.

    INHERITS has names without a schema, which are in this table's schema or the default one.
    """
    parents = {_key(schema, n) for n in inherits_of(table) for schema in (table.schema, None)}
    named = (("", each) if isinstance(each, str) else each for each in table.depends_on)
    return parents | {_key(schema, name) for schema, name in named}


def _link_to_cut(waiting: dict[Key, set[Key]], by_key: dict[Key, TableSchema]) -> tuple[Key, Key]:
    """Return a link to cut: a table of some cycle and the table that it refers to."""
    path = [min(waiting)]
    while (referred := min(waiting[path[-1]])) not in path:
        path.append(referred)
    cycle = path[path.index(referred) :]
    links = zip(cycle, [*cycle[1:], cycle[0]], strict=True)
    keys = [link for link in links if link[1] not in _needed(by_key[link[0]])]
    if not keys:
        named = ", ".join(repr(by_key[key].key) for key in cycle)
        raise SchemaError(
            f"the tables {named} depend on each other, so none can be created first; take out one "
            "add_is_dependent_on() or INHERITS",
            by_key[cycle[0]],
        )
    return min(keys, key=lambda link: (_is_nameless(by_key[link[0]], link[1]), link))


def _is_nameless(table: TableSchema, referred: Key) -> bool:
    return any(key.name is None for key in table.foreign_keys if _target(key) == referred)


def _cut(table: TableSchema, referred: Key) -> TableSchema:
    constraints = tuple(
        replace(item, use_alter=True)
        if isinstance(item, ForeignKeyConstraint) and _target(item) == referred
        else item
        for item in table.constraints
    )
    return replace(table, constraints=constraints)
