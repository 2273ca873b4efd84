"""The taken names of a schema."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from ...convert.names import kept_name
from ...dialects.base.impl import DialectImpl
from ...diff import TableKey
from ...schema import Constraint, Index, PrimaryKeyConstraint, TableSchema, UniqueConstraint


class TakenNames(Collection[str]):
    """The taken names of a schema.

    Args:
        taken: the number of uses, by schema and name.
        schema: the schema.
    """

    def __init__(self, taken: Counter[tuple[str | None, str]], schema: str | None) -> None:
        self._taken = taken
        self._schema = schema

    def __contains__(self, name: object) -> bool:
        return self._taken[self._schema, str(name)] > 0

    def __iter__(self) -> Iterator[str]:
        return (name for (at, name), n in self._taken.items() if at == self._schema and n > 0)

    def __len__(self) -> int:
        return sum(1 for _ in self)


NameOf: TypeAlias = Callable[[TableSchema, Constraint | Index], str | None]
"""Returns the name of a table's item, the generated one if its value has none."""


def name_of(impl: DialectImpl, table: TableSchema, item: Constraint | Index) -> str | None:
    """Return the name that the database has: shortened, or generated if the value has none."""
    if item.name is not None:
        return kept_name(item.name, impl.dialect)
    return impl.generated_name(table, item, ())


def names_of(table: TableSchema, name_of: NameOf) -> frozenset[str]:
    """Return the names of a table's items."""
    names = (
        *(name_of(table, index) for index in table.indexes),
        *(name_of(table, constraint) for constraint in table.constraints),
    )
    return frozenset(name for name in names if name is not None)


def with_folded_keys(table: TableSchema) -> TableSchema:
    """Return a table as CREATE TABLE makes it: a UNIQUE is folded into a key like it.

    That is the primary key, or an earlier UNIQUE. It takes the name if it has none itself
    (PostgreSQL's `transformIndexConstraints`). They are two if only one is deferrable.

    >>> from alembic_moltres.schema import column, primary_key, unique
    >>> keys = [unique("a", name="uq"), primary_key("a"), unique("a")]
    >>> with_folded_keys(TableSchema("t", [column("a", "DATE")], constraints=keys)).constraints
    (primary_key('a', name='uq'),)
    """
    names: dict[UniqueConstraint, str | None] = {}
    like: dict[int, UniqueConstraint] = {}
    folded: set[int] = set()
    keys = (e for e in table.constraints if isinstance(e, PrimaryKeyConstraint | UniqueConstraint))
    for each in sorted(keys, key=lambda key: isinstance(key, UniqueConstraint)):
        content = UniqueConstraint(
            each.columns,
            deferrable=each.deferrable,
            initially=each.initially,
            dialect_options=each.dialect_options,
        )
        if content in names:
            folded.add(id(each))
        else:
            like[id(each)] = content
        names[content] = names.get(content) or each.name
    constraints = tuple(
        replace(each, name=names[like[id(each)]]) if id(each) in like else each
        for each in table.constraints
        if id(each) not in folded
    )
    return replace(table, constraints=constraints) if folded else table


class NamesOfSchemas:
    """The names of all tables and their items, by schema; each table is looked at once.

    Args:
        name_of: names the items.
    """

    def __init__(self, name_of: NameOf) -> None:
        self._name_of = name_of
        self._named: dict[TableKey, tuple[TableSchema, frozenset[str]]] = {}
        self._taken: Counter[tuple[str | None, str]] = Counter()

    def of_schema(
        self, schema: str | None, tables: Mapping[TableKey, TableSchema]
    ) -> Collection[str]:
        """Return the names that are taken in a schema by these tables, which are all that exist."""
        for key, each in tables.items():
            known = self._named.get(key)
            if known is None or known[0] is not each:
                self._forget(key)
                names = names_of(each, self._name_of) | {str(each.name)}
                self._named[key] = (each, names)
                self._taken.update((each.schema, name) for name in names)
        if len(self._named) > len(tables):
            for key in [each for each in self._named if each not in tables]:
                self._forget(key)
        return TakenNames(self._taken, schema)

    def _forget(self, key: TableKey) -> None:
        if key in self._named:
            table, names = self._named.pop(key)
            for name in names:
                self._taken[table.schema, name] -= 1
