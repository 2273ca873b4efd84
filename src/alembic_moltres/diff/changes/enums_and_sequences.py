"""Creates, drops and alters enum types and sequences, which are objects outside the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from ...datatypes import Argument, DataType
from ...errors import OperationError
from ...messages import argument_text
from ...schema import ColumnDef, FrozenMapping, Sequence, TableSchema
from ...schema.base import EMPTY
from ...schema.dialects import NAMED_ENUMS
from ...schema.named_types import DOMAIN, NATIVE, PORTABLE
from .base import Change, Line, TableKey, Tables, arrow, called
from .column_text import labels_text
from .domains import definition, type_place, with_domain

if TYPE_CHECKING:
    from ...schema.item_text import ItemText


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AlterEnum(Change):
    """Alters the labels of a named enum type; both sides are type names.

    Attributes:
        current: the type before.
        desired: the type afterwards, with the same name and schema.
        renamed: maps labels of `current` to labels of `desired`; rows are changed, too. If both
            types have the new label, the rows are merged with those of it, also after the reverse.
        used: whether the same revision uses labels that only one of the types has, in a default or
            an expression.

    Raises:
        OperationError: the types have no name or different ones, or a renamed label is in neither.

    >>> change = AlterEnum("ENUM('a','b',name='m')", "ENUM('a','c',name='m')", {"b": "c"})
    >>> change.reverse().renamed
    {'c': 'b'}
    """

    current: str
    desired: str
    renamed: Mapping[str, str] = EMPTY
    used: bool = False
    method: ClassVar[str] = "moltres_alter_enum"

    def __post_init__(self) -> None:
        for name in ("current", "desired"):
            object.__setattr__(self, name, str(DataType.parse(getattr(self, name))))
        object.__setattr__(self, "renamed", FrozenMapping(self.renamed))
        self._check()

    def _check(self) -> None:
        before, after = self.types()
        for type_ in (before, after):
            if not isinstance(type_.kwargs.get("name"), str):
                raise OperationError(
                    f"{type_} is not an enum type with a name; write ENUM('a','b',name='...')",
                    type_,
                )
        if type_place(before) != type_place(after):
            raise OperationError(
                f"{before} and {after} are different types; give both the same name and schema",
                after,
            )
        for old, new in self.renamed.items():
            if old not in before.args or new not in after.args:
                raise OperationError(
                    f"the label {old!r} is renamed {new!r} (at {before} to {after}); "
                    "rename a label of the first to one of the second",
                    self,
                )

    def types(self) -> tuple[DataType, DataType]:
        """Return both types, parsed."""
        return DataType.parse(self.current), DataType.parse(self.desired)

    def keywords(self) -> Mapping[str, Any]:
        renamed = {"renamed": self.renamed} if self.renamed else {}
        return {**renamed, "used": True} if self.used else renamed

    def message(self, table: str = "") -> str:
        return f"changed labels of an enum type: {self.current} becomes {self.desired}"

    def lines(self, texts: ItemText) -> Iterator[Line]:
        before, after = self.types()
        name = called(type_place(before))
        yield Line("alter", "enum type", name, labels_text(before, after, self.renamed))

    def reverse(self) -> AlterEnum:
        before, _ = self.types()
        back = {
            new: old
            for old, new in self.renamed.items()
            if new not in before.args or new in self.renamed  # else two have become one
        }
        return AlterEnum(self.desired, self.current, back, self.used)

    def apply(self, tables: Tables, table: TableKey | None = None) -> Tables:
        _, desired = self.types()
        identity = enum_identity(desired)
        return {
            key: relabelled_table(renamed_defaults(each, identity, self.renamed), desired)
            for key, each in tables.items()
        }


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AlterSequence(Change):
    """Alters the options of a sequence.

    >>> from alembic_moltres.schema import sequence
    >>> AlterSequence(sequence("s"), sequence("s", start=5)).message()
    "changed sequence 's'"
    """

    current: Sequence
    desired: Sequence
    method: ClassVar[str] = "moltres_alter_sequence"

    def __post_init__(self) -> None:
        for given in (self.current, self.desired):
            if not isinstance(given, Sequence):
                raise OperationError(
                    f"{self.method} got {argument_text(given)}; write op.{self.method}("
                    "sequence('s'), sequence('s', start=5))",
                    given,
                )

    def message(self, table: str = "") -> str:
        return f"changed sequence {self.desired.name!r}"

    def lines(self, texts: ItemText) -> Iterator[Line]:
        name = called((self.desired.schema, self.desired.name))
        before, after = (dict(each.call().kwargs) for each in (self.current, self.desired))
        parts = [
            f"{option} {arrow(before.get(option), after.get(option), texts)}"
            for option in dict.fromkeys((*before, *after))
            if before.get(option) != after.get(option)
        ]
        yield Line("alter", "sequence", name, ", ".join(parts))

    def reverse(self) -> AlterSequence:
        return AlterSequence(self.desired, self.current)

    def apply(self, tables: Tables, table: TableKey | None = None) -> Tables:
        return {key: self._altered(each) for key, each in tables.items()}

    def _altered(self, table: TableSchema) -> TableSchema:
        if not any(self._is_of(column) for column in table.columns):
            return table
        columns = tuple(
            replace(column, sequence=self.desired) if self._is_of(column) else column
            for column in table.columns
        )
        return replace(table, columns=columns)

    def _is_of(self, column: ColumnDef) -> bool:
        own, wanted = column.sequence, self.current
        return own is not None and (own.schema, own.name) == (wanted.schema, wanted.name)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class CreateType(Change):
    """Creates an enum type or a domain that no column needs; `type` is its name.

    >>> CreateType("ENUM('a',name='mood')").message()
    "added type 'mood'"
    """

    type: str
    method: ClassVar[str] = "moltres_create_type"

    def __post_init__(self) -> None:
        object.__setattr__(self, "type", _named(self.type))

    def message(self, table: str = "") -> str:
        return f"added type {called(type_place(DataType.parse(self.type)))!r}"

    def lines(self, texts: ItemText) -> Iterator[Line]:
        yield _line_of_type("add", self.type)

    def reverse(self) -> DropType:
        return DropType(self.type)

    def apply(self, tables: Tables, table: TableKey | None = None) -> Tables:
        return tables


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DropType(Change):
    """Drops an enum type or a domain, unless something still uses it."""

    type: str
    method: ClassVar[str] = "moltres_drop_type"

    def __post_init__(self) -> None:
        object.__setattr__(self, "type", _named(self.type))

    def message(self, table: str = "") -> str:
        return f"removed type {called(type_place(DataType.parse(self.type)))!r}"

    def lines(self, texts: ItemText) -> Iterator[Line]:
        yield _line_of_type("drop", self.type)

    def reverse(self) -> CreateType:
        return CreateType(self.type)

    def apply(self, tables: Tables, table: TableKey | None = None) -> Tables:
        return tables


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class CreateSequence(Change):
    """Creates a sequence that no column needs.

    >>> from alembic_moltres.schema import sequence
    >>> CreateSequence(sequence("s")).reverse()
    DropSequence(sequence('s'))
    """

    sequence: Sequence
    method: ClassVar[str] = "moltres_create_sequence"

    def message(self, table: str = "") -> str:
        return f"added sequence {called((self.sequence.schema, self.sequence.name))!r}"

    def lines(self, texts: ItemText) -> Iterator[Line]:
        name = called((self.sequence.schema, self.sequence.name))
        yield Line("add", "sequence", name, "")

    def reverse(self) -> DropSequence:
        return DropSequence(self.sequence)

    def apply(self, tables: Tables, table: TableKey | None = None) -> Tables:
        return tables


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DropSequence(Change):
    """Drops a sequence, unless something in the database still uses it."""

    sequence: Sequence
    method: ClassVar[str] = "moltres_drop_sequence"

    def message(self, table: str = "") -> str:
        return f"removed sequence {called((self.sequence.schema, self.sequence.name))!r}"

    def lines(self, texts: ItemText) -> Iterator[Line]:
        name = called((self.sequence.schema, self.sequence.name))
        yield Line("drop", "sequence", name, "")

    def reverse(self) -> CreateSequence:
        return CreateSequence(self.sequence)

    def apply(self, tables: Tables, table: TableKey | None = None) -> Tables:
        return tables


def _named(text: str) -> str:
    """Return a type name in its canonical form.

    Raises:
        OperationError: it is not an enum type or domain with a name.
    """
    type_ = DataType.parse(text)
    if type_.name not in {NATIVE, PORTABLE, DOMAIN} or not type_.kwargs.get("name"):
        raise OperationError(
            f"{type_} is no enum type or domain with a name; write ENUM('a','b',name='...')", type_
        )
    return str(type_)


def _line_of_type(action: str, text: str) -> Line:
    type_ = DataType.parse(text)
    kind = "domain" if type_.name == DOMAIN else "enum type"
    return Line(action, kind, called(type_place(type_)), definition(type_))


def enum_identity(type_: DataType) -> tuple[Argument, Argument] | None:
    """Return the schema and name of an enum type; `None` for other types.

    >>> enum_identity(DataType.parse("ENUM('a',name='mood')"))
    (None, 'mood')
    >>> enum_identity(DataType.parse("ENUM('a',name='mood',native_enum=False)")) is None
    True
    """
    if type_.name not in {NATIVE, PORTABLE} or not type_.kwargs.get("native_enum", True):
        return None
    name = type_.kwargs.get("name")
    return None if name is None else (type_.kwargs.get("schema"), name)


def named_enum(column: ColumnDef) -> DataType | None:
    """Return the named enum type of a column, also inside an array.

    >>> from alembic_moltres.schema import column
    >>> named_enum(column("moods", "postgresql.ARRAY(ENUM('a',name='mood'))"))
    DataType.parse("ENUM('a',name='mood')")
    """
    type_ = DataType.parse(type_with_enums(column))
    while type_.args and isinstance(type_.args[0], DataType):
        type_ = type_.args[0]
    return type_ if enum_identity(type_) is not None else None


def type_with_enums(column: ColumnDef) -> str:
    """Return the column's type name on the dialect with named enum types."""
    return column.type_variants.get(NAMED_ENUMS, column.type_name)


def relabelled(column: ColumnDef, desired: DataType) -> ColumnDef:
    """Return the column with the labels of `desired`, if it has the enum type of that name.

    A domain replaces the one of the same name.
    """
    if desired.name == DOMAIN:
        return with_domain(column, desired)
    enum = named_enum(column)
    if enum is None or enum_identity(enum) != enum_identity(desired):
        return column
    now = str(_with_labels(DataType.parse(type_with_enums(column)), desired.args))
    if NAMED_ENUMS not in column.type_variants:
        return replace(column, type_name=now)
    return replace(column, type_variants={**column.type_variants, NAMED_ENUMS: now})


def _with_labels(type_: DataType, labels: tuple[Argument, ...]) -> DataType:
    inside = type_.args[0] if type_.args else None
    if isinstance(inside, DataType):
        labels = (_with_labels(inside, labels), *type_.args[1:])
    return DataType(type_.name, labels, type_.kwargs)


def relabelled_table(table: TableSchema, desired: DataType) -> TableSchema:
    """Return the table with the labels of `desired`; itself if no column has the type."""
    columns = tuple(relabelled(each, desired) for each in table.columns)
    if all(new is old for new, old in zip(columns, table.columns, strict=True)):
        return table
    return replace(table, columns=columns)


def renamed_default(
    column: ColumnDef, enum: tuple[Argument, Argument] | None, renames: Mapping[str, str]
) -> ColumnDef:
    """Return the column with a renamed label as its default, if it has that enum type."""
    default = column.default
    if not isinstance(default, str) or default not in renames:
        return column
    found = named_enum(column)
    if found is None or enum_identity(found) != enum:
        return column
    return replace(column, default=renames[default])


def renamed_defaults(
    table: TableSchema, enum: tuple[Argument, Argument] | None, renames: Mapping[str, str]
) -> TableSchema:
    """Return the table with renamed labels in defaults; itself if there are none."""
    if not renames:
        return table
    columns = tuple(renamed_default(each, enum, renames) for each in table.columns)
    if all(new is old for new, old in zip(columns, table.columns, strict=True)):
        return table
    return replace(table, columns=columns)
