"""Gives the database's tables the models' form wherever the signatures match.

Afterwards, the values differ exactly if the tables do.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from ...schema import (
    SQL,
    CheckConstraint,
    ColumnDef,
    Constraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    TableSchema,
    UniqueConstraint,
)
from .signatures import ItemSignature, ReflectedColumn, ReflectedItem, ReflectedTable, matches
from .unstated import with_options

Item = TypeVar("Item", Constraint, Index)
Constraints = tuple[ReflectedItem[Constraint], ...]
Indexes = tuple[ReflectedItem[Index], ...]


def comparable(table: TableSchema) -> TableSchema:
    """Return the table with its columns' CHECKs as table constraints, as reflection returns them.

    >>> from alembic_moltres.schema import check, column
    >>> price = column("price", "INTEGER", constraints=[check("price > 0")])
    >>> comparable(TableSchema("items", [price]))
    TableSchema('items', [column('price', 'INTEGER')], constraints=[check('price > 0')])
    """
    checks = [check for column in table.columns for check in column.constraints]
    if not checks:
        return table
    columns = tuple(replace(column, constraints=()) for column in table.columns)
    return replace(table, columns=columns, constraints=(*table.constraints, *checks))


def align(current: ReflectedTable, desired: ReflectedTable) -> TableSchema:
    """Return the `current` table in the form of `desired` wherever their signatures match.

    What this database does not store is taken from `desired`, as are DDL text and the order of
    matching items. If nothing differs, the result is `desired` itself.
    """
    table, wanted = current.table, desired.table
    constraints, indexes = _with_unique_indexes(current, desired)
    names = {column.name for column in table.columns}
    parts: dict[str, Any] = {
        "columns": _columns(current.columns, desired),
        "constraints": _items(constraints, desired.constraints, names, wanted.constraints),
        "indexes": _items(
            _without_implied_indexes(indexes, desired), desired.indexes, names, wanted.indexes
        ),
        "comment": wanted.comment if current.comment == desired.comment else table.comment,
        **_options(current, desired),
    }
    if all(
        part is getattr(wanted, name) or part == getattr(wanted, name)
        for name, part in parts.items()
    ):
        return wanted
    return replace(table, **parts, temporary=wanted.temporary, ddl=wanted.ddl)


def _with_unique_indexes(
    current: ReflectedTable, desired: ReflectedTable
) -> tuple[Constraints, Indexes]:
    """Return `current` with unique constraints as indexes where `desired` has indexes.

    A database that does not distinguish them gives both the same signature.
    """
    named = {
        (pair.signature.name, pair.signature.text) for pair in desired.indexes if pair.signature
    }
    constraints = {pair.signature.text for pair in desired.constraints if pair.signature}
    indexes = {text for _, text in named} - constraints
    moved: list[ReflectedItem[Index]] = []
    kept: list[ReflectedItem[Constraint]] = []
    for pair in current.constraints:
        item, signature = pair.item, pair.signature
        alike = signature and (
            signature.text in indexes or (signature.name, signature.text) in named
        )
        if isinstance(item, UniqueConstraint) and alike:
            index = Index(str(item.name), item.columns, unique=True)
            moved.append(ReflectedItem(index, signature))
        else:
            kept.append(pair)
    if not moved:
        return current.constraints, current.indexes
    return tuple(kept), (*current.indexes, *moved)


def _without_implied_indexes(indexes: Indexes, desired: ReflectedTable) -> Indexes:
    """Return the current indexes without those that exist only for a desired constraint.

    An index is kept if a desired index has its name, or if a desired index or key replaces it.
    """
    if not any(pair.signature and pair.signature.implied_by for pair in indexes):
        return indexes
    constraints = {str(pair.signature.text) for pair in desired.constraints if pair.signature}
    names = {pair.signature.name for pair in desired.indexes if pair.signature}
    return tuple(
        pair
        for pair in indexes
        if (signature := pair.signature) is None
        or not signature.implied_by
        or signature.name in names
        or not any(text.startswith(signature.implied_by) for text in constraints)
        or _is_replaced(signature, desired)
    )


def _is_replaced(made: ItemSignature, desired: ReflectedTable) -> bool:
    """Tell whether a desired index or key replaces an index that was named explicitly.

    An index with the name of the foreign key, or of its first column, was created for the key, and
    the database drops it as soon as another index supports the key.
    """
    supporting = [index.columns for index in desired.table.indexes] + [
        item.columns
        for item in desired.table.constraints
        if isinstance(item, PrimaryKeyConstraint | UniqueConstraint)
    ]
    keys = [
        pair.item
        for pair in desired.constraints
        if isinstance(pair.item, ForeignKeyConstraint)
        and pair.signature
        and str(pair.signature.text).startswith(str(made.implied_by))
        and made.name not in {pair.item.name, pair.item.columns[0]}
    ]
    return any(columns[: len(key.columns)] == key.columns for key in keys for columns in supporting)


def _columns(
    current: tuple[ReflectedColumn, ...], desired: ReflectedTable
) -> tuple[ColumnDef, ...]:
    if len(current) == len(desired.columns) and all(
        ours.signature == theirs.signature and ours.column.name == theirs.column.name
        for ours, theirs in zip(current, desired.columns, strict=True)
    ):
        return desired.table.columns
    wanted = {each.column.name: each for each in desired.columns}
    return tuple(
        _column(each, wanted[each.column.name]) if each.column.name in wanted else each.column
        for each in current
    )


def _column(current: ReflectedColumn, desired: ReflectedColumn) -> ColumnDef:
    ours, theirs = current.signature, desired.signature
    column, wanted = current.column, desired.column
    if ours == theirs:
        return wanted
    agreed: dict[str, object] = {}
    same_type = matches(ours.type, theirs.type)
    if ours.options == theirs.options:
        agreed["dialect_options"] = wanted.dialect_options
    if same_type:
        agreed |= {"type_name": wanted.type_name, "type_variants": wanted.type_variants}
    elif (column.type_name, column.type_variants) == (wanted.type_name, wanted.type_variants):
        agreed["type_name"] = f"CUSTOM({ours.type!r})"  # such as another table's collation
    if ours.checks == theirs.checks:
        agreed["constraints"] = wanted.constraints
    if ours.nullable == theirs.nullable:
        agreed["nullable"] = wanted.nullable
    if matches(ours.default, theirs.default) and (same_type or not isinstance(wanted.default, SQL)):
        agreed["default"] = wanted.default  # an expression of the new type is none of the old one
    if matches(ours.generated, theirs.generated):
        agreed |= {
            "computed": wanted.computed,
            "identity": wanted.identity,
            "sequence": wanted.sequence,
            "autoincrement": wanted.autoincrement,
        }
        if not same_type and column.autoincrement is False:
            # optional for a text, required for a number; an identity has no place for it
            del agreed["autoincrement"]
            agreed["identity"] = column.identity
    if ours.comment == theirs.comment:
        agreed["comment"] = wanted.comment
    return replace(column, **agreed)  # type: ignore[arg-type]


def _items(
    current: Sequence[ReflectedItem[Item]],
    desired: Sequence[ReflectedItem[Item]],
    names: Collection[str],
    wanted: tuple[Item, ...],
) -> tuple[Item, ...]:
    """Return the current items, each matching one replaced by its desired item.

    Named items are matched first, items that may be folded into another key last. An item that the
    database does not store matches, unless it is on a column that is still to be added.

    Args:
        current: the items of the database.
        desired: those of the models.
        names: the names of the table's columns.
        wanted: the desired items, without those of other dialects.
    """
    left = list(current)
    agreed: set[int] = {
        n
        for n, pair in enumerate(desired)
        if (pair.signature is None or pair.signature.folded)
        and _columns_of(pair.item) <= set(names)
    }
    choosing = [(n, pair.signature) for n, pair in enumerate(desired) if pair.signature is not None]
    taken = {each.name for _, each in choosing if each.name is not None and not each.folded}
    for n, signature in sorted(choosing, key=lambda each: (each[1].folded, each[1].name is None)):
        at = _position(left, signature, taken)
        if at is not None:
            del left[at]
            agreed.add(n)
    if not left and len(agreed) == len(desired):
        return wanted
    matched = [pair.item for n, pair in enumerate(desired) if n in agreed]
    return tuple(matched + [pair.item for pair in left])


def _columns_of(item: Constraint | Index) -> set[str]:
    """Return the columns of its own table that an item names."""
    return set(() if isinstance(item, CheckConstraint) else item.columns)


def _position(
    items: Sequence[ReflectedItem[Item]], signature: ItemSignature, names: Collection[str]
) -> int | None:
    """Return the position of an item with the same signature: one with the same name if possible.

    Args:
        items: to search.
        signature: of the desired item.
        names: of the desired items that are not folded; a nameless item does not match an item with
            one of these names.
    """
    same = [
        (i, pair.signature.name)
        for i, pair in enumerate(items)
        if pair.signature
        and matches(pair.signature.text, signature.text)
        and pair.signature.options == signature.options
    ]
    of_that_name = [i for i, name in same if name == signature.name]
    free = [i for i, name in same if signature.name is None and name not in names]
    fitting = of_that_name or free
    return fitting[0] if fitting else None


def _options(current: ReflectedTable, desired: ReflectedTable) -> Mapping[str, object]:
    """Return the current options and prefixes: the desired ones where signatures match."""
    ours, theirs = current.options, desired.options
    differing = {key for key in {*ours, *theirs} if not matches(ours.get(key), theirs.get(key))}
    made = with_options(desired.table, current.table, sorted(differing))
    return {"dialect_options": made.dialect_options, "prefixes": made.prefixes}
