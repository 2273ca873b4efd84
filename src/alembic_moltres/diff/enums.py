"""Changes of named types: labels and domains change once, although many columns may use them.

Only PostgreSQL has named enum types. Reflection calls them `postgresql.ENUM`, which distinguishes
them from the `ENUM` of other databases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from ..datatypes import Argument, DataType
from ..schema import ColumnDef, FrozenMapping, TableSchema
from ..schema.named_types import DOMAIN, NATIVE, PORTABLE
from .changes.alter_table import AlterTable
from .changes.base import Change
from .changes.columns import AlterColumn, ColumnChange
from .changes.domains import AlterDomain, domains_in, type_place, without_inner
from .changes.enums_and_sequences import (
    AlterEnum,
    enum_identity,
    named_enum,
    relabelled,
    relabelled_table,
    type_with_enums,
)
from .label_uses import strings_of, uses


@dataclass(slots=True)
class EnumChanges:
    """The changes of enum types and domains, and the types between these changes.

    Attributes:
        before: the changes before all others.
        after: the changes after the tables are altered.
        between: the types between the two.
    """

    before: list[AlterEnum | AlterDomain] = field(default_factory=list)
    after: list[AlterEnum] = field(default_factory=list)
    between: list[DataType] = field(default_factory=list)

    def meanwhile(self, table: TableSchema) -> TableSchema:
        """Return a table with the labels that its types have while tables are altered."""
        for enum in self.between:
            table = relabelled_table(table, enum)
        return table

    def altered(self, tables: Iterable[AlterTable]) -> list[AlterTable]:
        """Return the changes inside tables without those that are only changes of an enum type."""
        changes = [
            (
                table,
                tuple(
                    each for each in map(self._without_labels, table.changes) if each is not None
                ),
            )
            for table in tables
        ]
        return [replace(table, changes=inside) for table, inside in changes if inside]

    def _without_labels(self, change: Change) -> Change | None:
        if isinstance(change, ColumnChange):
            change = change.mapped(self._column)
        if not isinstance(change, AlterColumn):
            return change
        rest = _with_desired_type_name(change)
        return rest if rest.current != rest.desired else None

    def _column(self, column: ColumnDef) -> ColumnDef:
        for enum in self.between:
            column = relabelled(column, enum)
        return column


def enum_changes(
    current: Iterable[TableSchema],
    desired: Iterable[TableSchema],
    altered: Iterable[AlterTable],
    added: Iterable[TableSchema] = (),
    removed: Iterable[TableSchema] = (),
) -> EnumChanges:
    """Return the changes of enum types and domains that columns of both sides have.

    They change before the tables. If a default changes with labels, or an altered or dropped table
    uses or may contain old labels, new labels are added before that and old ones dropped after it.

    Args:
        current: the tables in the database.
        desired: the tables of the models.
        altered: the changes inside tables.
        added: the tables that are created.
        removed: the tables that are dropped.
    """
    altered, removed = list(altered), list(removed)
    current, desired = list(current), list(desired)
    before = _enums(current, native=True)
    after = _enums(desired, unlike=before)
    changes = [
        AlterEnum(str(enum), str(_with_labels(enum, after[key].args)))
        for key, enum in before.items()
        if key in after and enum.args != after[key].args
    ]
    with_default = {
        enum_identity(enum)
        for change in (each for table in altered for each in table.altered_columns)
        if change.current.default != change.desired.default
        and (enum := named_enum(change.current)) is not None
    }
    made = EnumChanges()
    strings = strings_of(altered, [*added, *removed]) if changes else []
    dropped = _enums(removed)
    for change in sorted(changes, key=lambda each: each.current):
        old_type, new_type = change.types()
        identity = enum_identity(old_type)
        old = [str(label) for label in old_type.args if label not in new_type.args]
        late = identity in with_default or identity in dropped or uses(strings, old)
        _put(made, change, late=late)
    made.before = [_with_use(each, strings) for each in made.before if isinstance(each, AlterEnum)]
    made.after = [_with_use(each, strings) for each in made.after]
    for domain in _domain_changes(altered, [*current, *desired]):
        made.before.append(domain)
        made.between.append(domain.types()[1])
    return made


def _domain_changes(
    altered: Iterable[AlterTable], tables: Iterable[TableSchema]
) -> list[AlterDomain]:
    """Return the changes of the domains that a column has on both sides.

    Args:
        altered: the changes inside tables.
        tables: all tables of both sides.
    """
    changes: dict[object, AlterDomain] = {}
    for change in (each for table in altered for each in table.altered_columns):
        before, after = (
            DataType.parse(type_with_enums(column)) for column in (change.current, change.desired)
        )
        if before == after:
            continue
        desired = {type_place(each): each for each in domains_in(after)}
        current = {type_place(each): each for each in domains_in(before)}
        column = change.current
        for each in desired.values():
            column = relabelled(column, each)
        if DataType.parse(type_with_enums(column)) != after:
            continue  # the column gets another type, and its domain is merely spelt otherwise
        for place, each in desired.items():
            if without_inner(each) != without_inner(current[place]):
                changes.setdefault(place, AlterDomain(str(current[place]), str(each)))
    if not changes:
        return []
    types = (DataType.parse(type_with_enums(c)) for table in tables for c in table.columns)
    in_arrays = {
        type_place(each) for t in types if t.name.endswith("ARRAY") for each in domains_in(t)
    }
    return [replace(each, in_arrays=place in in_arrays) for place, each in changes.items()]


def _with_use(change: AlterEnum, strings: list[str]) -> AlterEnum:
    """Return the change with `used` if a label that differs is among the strings."""
    before, after = change.types()
    labels = {str(label) for label in before.args} ^ {str(label) for label in after.args}
    return replace(change, used=True) if uses(strings, labels) else change


def _enums(
    tables: Iterable[TableSchema],
    *,
    native: bool = False,
    unlike: Mapping[object, DataType] = MappingProxyType({}),
) -> dict[object, DataType]:
    """Return the enum types by schema and name; with `native`, only reflected ones.

    A type name without "ENUM" in it is not parsed, to save time. Of two columns with different
    labels for the same type, the one whose labels are not in `unlike` counts: a filter has left the
    other one unchanged.
    """
    columns = (column for table in tables for column in table.columns)
    enums: dict[object, DataType] = {}
    for enum in (named_enum(each) for each in columns if PORTABLE in type_with_enums(each)):
        if enum is None or (native and enum.name != NATIVE):
            continue
        key = enum_identity(enum)
        if key not in enums or key not in unlike or enum.args != unlike[key].args:
            enums[key] = enum
    return enums


def _put(made: EnumChanges, change: AlterEnum, *, late: bool) -> None:
    current, desired = change.types()
    removed = [label for label in current.args if label not in desired.args]
    added = [label for label in desired.args if label not in current.args]
    if not late or not removed:
        made.before.append(change)
        made.between.append(desired)
    elif not added:
        made.after.append(change)
        made.between.append(current)
    else:
        both = _with_labels(desired, (*desired.args, *removed))
        made.before.append(AlterEnum(change.current, str(both)))
        made.after.append(AlterEnum(str(both), change.desired))
        made.between.append(both)


def _with_labels(enum: DataType, labels: tuple[Argument, ...]) -> DataType:
    return DataType(enum.name, labels, enum.kwargs)


def _with_desired_type_name(change: AlterColumn) -> AlterColumn:
    """Return the change with the desired type name on both sides if both are the same named type.

    Reflection gives `postgresql.ENUM`, whatever a model's column is on other databases.
    """
    current, desired = change.current, change.desired
    enum = named_enum(current)
    domain = DOMAIN in current.type_name and not current.type_variants
    if enum is None and domain and current.type_name == type_with_enums(desired):
        return _with_type_name_of(desired, change)
    if enum is None:
        return change
    reflected = enum.name == NATIVE and not current.type_variants
    if _portable_type(current) != _portable_type(desired) and not (
        reflected and _portable(current.type_name) == _portable(type_with_enums(desired))
    ):
        return change
    return _with_type_name_of(desired, change)


def _with_type_name_of(desired: ColumnDef, change: AlterColumn) -> AlterColumn:
    type_name, variants = desired.type_name, FrozenMapping(desired.type_variants)
    current = replace(change.current, type_name=type_name, type_variants=variants)
    return replace(change, current=current)


def _portable_type(column: ColumnDef) -> tuple[str, dict[str, str]]:
    variants = {dialect: _portable(text) for dialect, text in column.type_variants.items()}
    return _portable(column.type_name), variants


def _portable(type_name: str) -> str:
    """Return a type name without what models and reflection write differently.

    PostgreSQL does not keep the number of an array's dimensions.
    """
    type_ = DataType.parse(type_name.replace(NATIVE, PORTABLE))
    depth = 0
    while type_.name.rpartition(".")[2] == "ARRAY" and isinstance(type_.args[0], DataType):
        type_, depth = type_.args[0], 1
    return f"{type_}{'[]' * depth}"
