"""The database's tables in the models' spelling, wherever the two say the same.

After this a difference of the values is a difference of the tables: nothing else is left.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from ...schema import (
    CheckConstraint,
    ColumnDef,
    Constraint,
    ForeignKeyConstraint,
    FrozenMapping,
    Index,
    PrimaryKeyConstraint,
    TableSchema,
    UniqueConstraint,
)
from .signatures import ColumnSignature, ItemSignature, ReflectedTable

Item = TypeVar("Item", Constraint, Index)


def comparable(table: TableSchema) -> TableSchema:
    """Return the table with the CHECKs of its columns as the table's own, which they are.

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
    """Return the `current` table, spelt as `desired` is wherever their words agree.

    What this database keeps nothing for is taken from `desired`, as are DDL text, prefixes and
    the order of what agrees.
    """
    wanted = desired.table
    current = _without_made_indexes(_with_unique_indexes(current, desired), desired)
    names = {column.name for column in current.table.columns}
    return replace(
        current.table,
        columns=_columns(current, desired),
        constraints=_items(
            zip(current.table.constraints, current.signature.constraints, strict=True),
            zip(wanted.constraints, desired.signature.constraints, strict=True),
            names,
        ),
        indexes=_items(
            zip(current.table.indexes, current.signature.indexes, strict=True),
            zip(wanted.indexes, desired.signature.indexes, strict=True),
            names,
        ),
        comment=wanted.comment
        if current.signature.comment == desired.signature.comment
        else current.table.comment,
        dialect_options=_options(current, desired),
        prefixes=wanted.prefixes,
        temporary=wanted.temporary,
        ddl=wanted.ddl,
    )


def _with_unique_indexes(current: ReflectedTable, desired: ReflectedTable) -> ReflectedTable:
    """Return `current` with those UNIQUEs as indexes that `desired` has as indexes.

    Where a database does not tell the two apart, they have the same words.
    """
    named = {
        (signature.name, signature.text) for signature in desired.signature.indexes if signature
    }
    constraints = {signature.text for signature in desired.signature.constraints if signature}
    indexes = {text for _, text in named} - constraints
    pairs = list(zip(current.table.constraints, current.signature.constraints, strict=True))
    moved, kept = [], []
    for item, said in pairs:
        alike = said and (said.text in indexes or (said.name, said.text) in named)
        if isinstance(item, UniqueConstraint) and alike:
            moved.append((Index(str(item.name), item.columns, unique=True), said))
        else:
            kept.append((item, said))
    if not moved:
        return current
    table = replace(
        current.table,
        constraints=tuple(item for item, _ in kept),
        indexes=(*current.table.indexes, *(index for index, _ in moved)),
    )
    signature = replace(
        current.signature,
        constraints=tuple(said for _, said in kept),
        indexes=(*current.signature.indexes, *(said for _, said in moved)),
    )
    return ReflectedTable(table, signature)


def _without_made_indexes(current: ReflectedTable, desired: ReflectedTable) -> ReflectedTable:
    """Return `current` without indexes that it has for a desired constraint only.

    Those of a name that `desired` has as well stay, and those in whose place it has another.
    """
    if not any(signature and signature.made_for for signature in current.signature.indexes):
        return current
    constraints = {signature.text for signature in desired.signature.constraints if signature}
    names = {signature.name for signature in desired.signature.indexes if signature}
    kept = [
        (index, signature)
        for index, signature in zip(current.table.indexes, current.signature.indexes, strict=True)
        if not signature
        or not signature.made_for
        or signature.name in names
        or not any(text.startswith(signature.made_for) for text in constraints)
        or _is_replaced(signature, desired)
    ]
    return ReflectedTable(
        replace(current.table, indexes=tuple(index for index, _ in kept)),
        replace(current.signature, indexes=tuple(signature for _, signature in kept)),
    )


def _is_replaced(made: ItemSignature, desired: ReflectedTable) -> bool:
    """Has `desired` another index or key in the place of an index that somebody has named?

    One that bears the name of the foreign key, or of its first column, came with the key, and goes
    when there is another.
    """
    constraints = list(zip(desired.table.constraints, desired.signature.constraints, strict=True))
    serving = [index.columns for index in desired.table.indexes] + [
        item.columns
        for item, _ in constraints
        if isinstance(item, PrimaryKeyConstraint | UniqueConstraint)
    ]
    keys = [
        item
        for item, signature in constraints
        if isinstance(item, ForeignKeyConstraint)
        and signature
        and signature.text.startswith(str(made.made_for))
        and made.name not in {item.name, item.columns[0]}
    ]
    return any(columns[: len(key.columns)] == key.columns for key in keys for columns in serving)


def _columns(current: ReflectedTable, desired: ReflectedTable) -> tuple[ColumnDef, ...]:
    ours, theirs = current.signature.columns, desired.signature.columns
    if list(ours) == list(theirs) and ours == theirs:
        return desired.table.columns
    wanted = {column.name: column for column in desired.table.columns}
    return tuple(
        _column(column, ours[column.name], wanted[column.name], theirs[column.name])
        if column.name in wanted
        else column
        for column in current.table.columns
    )


def _column(
    current: ColumnDef,
    signature: ColumnSignature,
    desired: ColumnDef,
    desired_signature: ColumnSignature,
) -> ColumnDef:
    if signature == desired_signature:
        return desired
    agreed: dict[str, object] = {}
    if signature.options == desired_signature.options:
        agreed["dialect_options"] = desired.dialect_options
    if signature.type == desired_signature.type:
        agreed |= {"type_name": desired.type_name, "type_variants": desired.type_variants}
    elif (current.type_name, current.type_variants) == (desired.type_name, desired.type_variants):
        agreed["type_name"] = f"CUSTOM({signature.type!r})"  # such as another table's collation
    if signature.nullable == desired_signature.nullable:
        agreed["nullable"] = desired.nullable
    if signature.default == desired_signature.default:
        agreed["default"] = desired.default
    if signature.generated == desired_signature.generated:
        agreed |= {
            "computed": desired.computed,
            "identity": desired.identity,
            "sequence": desired.sequence,
            "autoincrement": desired.autoincrement,
        }
        if signature.type != desired_signature.type and current.autoincrement is False:
            del agreed["autoincrement"]  # what a text need not say, a number has to
    if signature.comment == desired_signature.comment:
        agreed["comment"] = desired.comment
    return replace(current, **agreed)  # type: ignore[arg-type]


def _items(
    current: Iterable[tuple[Item, ItemSignature | None]],
    desired: Iterable[tuple[Item, ItemSignature | None]],
    names: Collection[str],
) -> tuple[Item, ...]:
    """Return the current items, those that agree with a desired one replaced by it.

    What has a name chooses first, what may be folded into another key last. What the database says
    nothing of agrees, unless it is on a column that the table is still to get.

    Args:
        current: the items of the database.
        desired: those of the models.
        names: the columns that the table has.
    """
    left: list[tuple[Item, ItemSignature | None]] = list(current)
    wanted: list[tuple[Item, ItemSignature | None]] = list(desired)
    agreed: set[int] = {
        n
        for n, (item, signature) in enumerate(wanted)
        if (signature is None or signature.folded) and _columns_of(item) <= set(names)
    }
    choosing = [(n, signature) for n, (_, signature) in enumerate(wanted) if signature is not None]
    for n, signature in sorted(choosing, key=lambda each: (each[1].folded, each[1].name is None)):
        found = _position(left, signature)
        if found is not None:
            del left[found]
            agreed.add(n)
    matched = [item for n, (item, _) in enumerate(wanted) if n in agreed]
    return tuple(matched + [item for item, _ in left])


def _columns_of(item: Constraint | Index) -> set[str]:
    """Return the columns of its own table that an item names."""
    return set(() if isinstance(item, CheckConstraint) else item.columns)


def _position(
    items: Sequence[tuple[Item, ItemSignature | None]], signature: ItemSignature
) -> int | None:
    """Return where the item with those words stands: one of that name first, else any name."""
    same = [i for i, (_, theirs) in enumerate(items) if theirs and theirs.text == signature.text]
    for i in same:
        theirs = items[i][1]
        if theirs is not None and theirs.name == signature.name:
            return i
    return same[0] if same and signature.name is None else None


def _options(current: ReflectedTable, desired: ReflectedTable) -> Mapping[str, object]:
    """Return the current options: as desired where the words agree or say nothing of it."""
    ours, theirs = current.signature.options, desired.signature.options
    if ours == theirs:
        return desired.table.dialect_options
    options = {
        key: value
        for key, value in current.table.dialect_options.items()
        if ours.get(key) != theirs.get(key)
    }
    options |= {
        key: value
        for key, value in desired.table.dialect_options.items()
        if ours.get(key) == theirs.get(key)
    }
    return FrozenMapping(options)
