"""Alters a domain, which is an object outside the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from ...datatypes import DataType
from ...errors import OperationError
from ...schema import ColumnDef, FrozenMapping
from ...schema.base import EMPTY
from ...schema.dialects import NAMED_ENUMS
from ...schema.named_types import DOMAIN
from .base import Change, Line, TableKey, Tables, called

if TYPE_CHECKING:
    from ...schema.item_text import ItemText


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AlterDomain(Change):
    """Alters the type, CHECK, default or NOT NULL of a domain; both sides are type names.

    Attributes:
        current: the domain before.
        desired: the domain afterwards, with the same name and schema.
        in_arrays: whether columns are arrays of it, whose elements PostgreSQL does not check again.

    Raises:
        OperationError: one is not a domain, or they have different names.

    >>> change = AlterDomain(
    ...     "postgresql.DOMAIN(INTEGER,name='d')",
    ...     "postgresql.DOMAIN(INTEGER,name='d',not_null=True)",
    ... )
    >>> change.reverse().desired
    "postgresql.DOMAIN(INTEGER,name='d')"
    """

    current: str
    desired: str
    in_arrays: bool = False
    method: ClassVar[str] = "moltres_alter_domain"

    def __post_init__(self) -> None:
        for name in ("current", "desired"):
            object.__setattr__(self, name, str(DataType.parse(getattr(self, name))))
        before, after = self.types()
        for type_ in (before, after):
            if type_.name != DOMAIN or not type_.kwargs.get("name"):
                raise OperationError(
                    f"{type_} is no domain; write {DOMAIN}(INTEGER,name='...')", type_
                )
        if type_place(before) != type_place(after):
            raise OperationError(
                f"{before} and {after} are different domains; give both the same name and schema",
                after,
            )

    def types(self) -> tuple[DataType, DataType]:
        """Return both domains, parsed."""
        return DataType.parse(self.current), DataType.parse(self.desired)

    def keywords(self) -> Mapping[str, Any]:
        return {"in_arrays": True} if self.in_arrays else EMPTY

    def message(self, table: str = "") -> str:
        return f"changed domain: {self.current} becomes {self.desired}"

    def lines(self, texts: ItemText) -> Iterator[Line]:
        before, after = self.types()
        name = called(type_place(after))
        yield Line("alter", "domain", name, f"{definition(before)} -> {definition(after)}")

    def reverse(self) -> AlterDomain:
        return AlterDomain(self.desired, self.current, self.in_arrays)

    def apply(self, tables: Tables, table: TableKey | None = None) -> Tables:
        _, desired = self.types()
        return {
            key: replace(each, columns=tuple(with_domain(c, desired) for c in each.columns))
            for key, each in tables.items()
        }


def type_place(type_: DataType) -> TableKey:
    """Return the schema and name of an enum type or a domain."""
    return type_.kwargs.get("schema"), type_.kwargs.get("name")  # type: ignore[return-value]


def definition(type_: DataType) -> str:
    """Return the text of a named type without its name and its schema."""
    rest = {name: each for name, each in type_.kwargs.items() if name not in {"name", "schema"}}
    return str(DataType(type_.name.rpartition(".")[2], type_.args, rest))


def domains_in(type_: DataType) -> Iterator[DataType]:
    """Yield the domains inside a type, the innermost first.

    >>> text = "postgresql.ARRAY(postgresql.DOMAIN(postgresql.DOMAIN(INTEGER,name='a'),name='b'))"
    >>> [str(each.kwargs["name"]) for each in domains_in(DataType.parse(text))]
    ['a', 'b']
    """
    for argument in type_.args:
        if isinstance(argument, DataType):
            yield from domains_in(argument)
    if type_.name == DOMAIN and type_.kwargs.get("name"):
        yield type_


def without_inner(domain: DataType) -> DataType:
    """Return a domain without the definition of a domain that is its base type."""
    base = domain.args[0]
    inner = list(domains_in(base)) if isinstance(base, DataType) else []
    args = (str(type_place(inner[-1])),) if inner else domain.args
    return DataType(domain.name, args, domain.kwargs)


def with_domain(column: ColumnDef, desired: DataType) -> ColumnDef:
    """Return the column with `desired` instead of the domain of the same name."""
    text = column.type_variants.get(NAMED_ENUMS, column.type_name)
    if DOMAIN not in text:
        return column
    type_ = DataType.parse(text)
    now = _with(type_, desired)
    if now == type_:
        return column
    if NAMED_ENUMS not in column.type_variants:
        return replace(column, type_name=str(now))
    variants = FrozenMapping({**column.type_variants, NAMED_ENUMS: str(now)})
    return replace(column, type_variants=variants)


def _with(type_: DataType, desired: DataType) -> DataType:
    if type_.name == DOMAIN and type_place(type_) == type_place(desired):
        return desired
    arguments = tuple(
        _with(each, desired) if isinstance(each, DataType) else each for each in type_.args
    )
    return DataType(type_.name, arguments, type_.kwargs)
