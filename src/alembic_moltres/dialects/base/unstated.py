"""Properties of the database that a model need not state, and that are not changed.

Storage parameters, comments of constraints and indexes, and inherited items may be set elsewhere.
`with_unstated` adds them to the desired table: so they are not a difference, and an item that is
dropped and added again for another reason keeps them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar, cast

from ...schema import CheckConstraint, Constraint, Index, TableSchema
from ...schema.base import EMPTY, frozen_mapping
from ...schema.tables import PREFIXES
from .signatures import Partition, ReflectedColumn, ReflectedItem, ReflectedTable, is_own, matches

Item = TypeVar("Item", Constraint, Index)
V = TypeVar("V", TableSchema, Constraint, Index)


def with_unstated(current: ReflectedTable, desired: ReflectedTable) -> ReflectedTable:
    """Return the desired table with the properties that only the current one states.

    Args:
        current: the table of the database.
        desired: the table of the models.
    """
    if desired.keep is not None:
        desired = desired.keep(current, desired)
    options = {
        key: text
        for key, text in current.options.items()
        if desired.stated is not None
        and key not in desired.stated
        and not matches(text, desired.options.get(key))
    }
    constraints = _items(current.constraints, desired.constraints)
    indexes = _items(current.indexes, desired.indexes)
    if not options and constraints is desired.constraints and indexes is desired.indexes:
        return desired
    table = with_options(desired.table, current.table, options)
    stated = replace(desired, table=table, options={**desired.options, **options})
    return stated.with_items(constraints=constraints, indexes=indexes)


def with_chosen(current: ReflectedTable, desired: ReflectedTable) -> ReflectedTable:
    """Return the desired table with what the server alone decided for the current one.

    No script says otherwise, so it is no difference even where all else is compared.
    """
    return desired if desired.chosen is None else desired.chosen(current, desired)


def with_options(value: V, source: V, keys: Iterable[str]) -> V:
    """Return a value with these options taken from `source`, removed if it does not have them.

    Args:
        value: a table, a constraint or an index.
        source: the same kind of value.
        keys: names of fields or of dialect options; a dot and a key name an entry of a mapping.
    """
    options: dict[str, Any] = dict(getattr(value, "dialect_options", EMPTY))
    theirs: Mapping[str, Any] = getattr(source, "dialect_options", EMPTY)
    fields: dict[str, Any] = {}
    for key in keys:
        name, _, entry = key.partition(".")
        if name in {"comment", PREFIXES}:
            fields[name] = getattr(source, name)
            continue
        content = theirs.get(name)
        if entry:
            entries = {k: v for k, v in (options.get(name) or {}).items() if k.lower() != entry}
            there = {k: v for k, v in (content or {}).items() if k.lower() == entry}
            content = {**entries, **there} or None
        options.pop(name, None)
        options |= {} if content is None else {name: content}
    made = frozen_mapping(options, "options")
    if made != getattr(value, "dialect_options", EMPTY):
        fields["dialect_options"] = made
    return cast(V, replace(cast(Any, value), **fields)) if fields else value


def _items(
    current: Sequence[ReflectedItem[Item]], desired: tuple[ReflectedItem[Item], ...]
) -> tuple[ReflectedItem[Item], ...]:
    if not any(each.signature and each.signature.options for each in current):
        return desired
    left, made = list(current), list(desired)
    named_first = sorted(
        range(len(made)), key=lambda at: (sign := made[at].signature) is None or sign.name is None
    )
    for at in named_first:
        former = _former(made[at], left)
        if former is not None:
            left.remove(former)
            made[at] = _taken_over(former, made[at])
    unchanged = all(a is b for a, b in zip(made, desired, strict=True))
    return desired if unchanged else tuple(made)


def _former(
    desired: ReflectedItem[Item], current: Sequence[ReflectedItem[Item]]
) -> ReflectedItem[Item] | None:
    """Return the current item that a desired one equals or replaces."""
    wanted = desired.signature
    if wanted is None:
        return None
    alike = [(each, each.signature) for each in current if type(each.item) is type(desired.item)]
    rules: tuple[Callable[[Any, Any], bool], ...] = (
        lambda _, found: wanted.name is not None and found.name == wanted.name,
        lambda _, found: matches(found.text, wanted.text),
        lambda item, _: (
            wanted.name is None
            and not isinstance(item, CheckConstraint)
            and item.columns == desired.item.columns
        ),
    )
    for rule in rules:
        for each, found in alike:
            if found is not None and rule(each.item, found):
                return each
    return None


def _taken_over(current: ReflectedItem[Item], desired: ReflectedItem[Item]) -> ReflectedItem[Item]:
    ours, theirs = current.signature, desired.signature
    if ours is None or theirs is None:
        return desired
    same_method = _method(current.item) == _method(desired.item)
    taken = {
        key: text
        for key, text in ours.options.items()
        if key not in theirs.options and (same_method or "." not in key)
    }
    if not taken:
        return desired
    item = with_options(desired.item, current.item, taken)
    if item.name is None and item.comment:  # COMMENT ON CONSTRAINT needs the name
        item = replace(item, name=current.item.name)
    return replace(
        desired,
        item=item,
        signature=replace(theirs, options={**theirs.options, **taken}),
    )


def _method(item: Constraint | Index) -> list[object]:
    """Return the method of an index, which determines its storage parameters."""
    options: Mapping[str, object] = getattr(item, "dialect_options", EMPTY)
    return [content for name, content in options.items() if name.endswith("_using")]


def without_inherited(
    current: ReflectedTable,
    desired: TableSchema,
    models: Mapping[tuple[str | None, str], TableSchema],
) -> ReflectedTable:
    """Return the current table without inherited items that the model omits.

    An item that is also the table's own, and that no parent keeps, must be dropped here.

    Args:
        current: the table of the database.
        desired: the model's.
        models: all tables in the models.
    """
    if current.partition is not None:
        return _of_partition(current, current.partition, desired)
    if not current.parents:
        return current
    names = _names(desired)
    kept = set[str]().union(*(_names(models[p]) for p in current.parents if p in models))
    unknown = any(parent not in models for parent in current.parents)

    def stays(pair: ReflectedColumn | ReflectedItem[Constraint], name: str | None) -> bool:
        if not pair.inherited or name in names:
            return True
        return pair.local and name not in kept and not unknown

    columns = tuple(each for each in current.columns if stays(each, str(each.column.name)))
    constraints = tuple(each for each in current.constraints if stays(each, each.item.name))
    if len(columns) == len(current.columns) and len(constraints) == len(current.constraints):
        return current
    return replace(current, columns=columns).with_items(constraints=constraints)


def _of_partition(
    current: ReflectedTable, partition: Partition, desired: TableSchema
) -> ReflectedTable:
    """Return a partition without what it has from its parent and the model omits.

    A model that was reflected states the parent as an option.
    """
    modelled = {str(each.name) for each in desired.columns}

    def stays(item: Constraint | Index, others: Iterable[Constraint | Index]) -> bool:
        return item.name not in partition.inherited or any(
            item.name == each.name or (each.name is None and _is_alike(item, each))
            for each in others
        )

    columns = tuple(
        each
        for each in current.columns
        if each.column.name in modelled or each.column.name not in partition.inherited
    )
    constraints = tuple(e for e in current.constraints if stays(e.item, desired.constraints))
    indexes = tuple(e for e in current.indexes if stays(e.item, desired.indexes))
    stated = {k: v for k, v in partition.options.items() if k in desired.dialect_options}
    signed = {**current.options, **{key: repr(value) for key, value in stated.items()}}
    return replace(current, columns=columns, options=signed).with_items(
        constraints=constraints,
        indexes=indexes,
        dialect_options={**current.table.dialect_options, **stated},
    )


def _is_alike(item: Constraint | Index, other: Constraint | Index) -> bool:
    """Tell whether these are one kind of constraint over the same columns."""
    if isinstance(item, CheckConstraint) or type(item) is not type(other):
        return type(item) is type(other)
    return item.columns == other.columns


def without_merely_inherited(current: ReflectedTable) -> TableSchema:
    """Return the value of a table without items that are only inherited.

    An inherited column that its keys or indexes use is kept.
    """
    if not current.parents:
        return current.table
    constraints = [each.item for each in current.constraints if is_own(each)]
    named = {
        str(name)
        for item in (*constraints, *current.table.indexes)
        if not isinstance(item, CheckConstraint)
        for name in item.columns
    }
    columns = [each.column for each in current.columns if is_own(each) or each.column.name in named]
    return replace(current.table, columns=tuple(columns), constraints=tuple(constraints))


def _names(table: TableSchema) -> set[str]:
    items = (*table.columns, *table.constraints)
    return {str(each.name) for each in items if each.name is not None}
