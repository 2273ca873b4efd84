"""An index and its elements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ..errors import SchemaError
from .base import EMPTY, Value, frozen_mapping
from .dialects import COLUMNSTORE
from .expressions import SQL


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Index(Value):
    """An index over `elements`: a string is a column, `sql(...)` an expression.

    Dialects' own clauses are `dialect_options`, under SQLAlchemy's names (`postgresql_where`,
    `mysql_length`); `ddl_if` names the dialects that it is for. Only a columnstore index of
    SQL Server has no elements: it covers the whole table. SQLAlchemy has no `comment` of an index;
    one that a database has is kept.

    >>> Index("ix_users_name", ("name",), unique=True).columns
    ('name',)
    """

    name: str
    elements: tuple[str | SQL, ...]
    unique: bool = False
    dialect_options: Mapping[str, Any] = EMPTY
    ddl_if: tuple[str, ...] = ()
    comment: str | None = None
    _function: ClassVar[str] = "index"
    _positional: ClassVar[tuple[str, ...]] = ("name", "elements")

    def __post_init__(self) -> None:
        elements = tuple(self.elements)
        object.__setattr__(self, "elements", elements)
        if not self.name:
            raise SchemaError(
                f"an index on {elements!r} has no name; name it, or use a naming convention", self
            )
        if not isinstance(self.unique, bool):
            raise SchemaError(
                f"the index {self.name!r} has unique={self.unique!r}; write its columns as one "
                f"list, without the table: index({self.name!r}, ['a', 'b'])",
                self,
            )
        if not elements and not self.dialect_options.get(COLUMNSTORE):
            raise SchemaError(f"the index {self.name!r} has no elements; name at least one", self)
        if self.dialect_options is not EMPTY:
            options = frozen_mapping(self.dialect_options, f"the index {self.name!r}")
            object.__setattr__(self, "dialect_options", options)
        if self.ddl_if != ():
            object.__setattr__(self, "ddl_if", tuple(sorted(self.ddl_if)))

    @property
    def columns(self) -> tuple[str, ...]:
        """The elements that are columns."""
        return tuple(element for element in self.elements if isinstance(element, str))
