"""Generated values of a column: a computed expression, an identity, a sequence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ..datatypes import DataType
from .base import EMPTY, Value, frozen_mapping
from .expressions import SQL, OfExpression, as_sql


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Computed(OfExpression):
    """`GENERATED ALWAYS AS (expression)`; stored, virtual, or the database's choice (`None`).

    >>> Computed("price * quantity", persisted=True).expression
    sql('price * quantity')
    """

    expression: SQL
    persisted: bool | None = None
    _function: ClassVar[str] = "computed"
    _positional: ClassVar[tuple[str, ...]] = ("expression",)

    def __post_init__(self) -> None:
        object.__setattr__(self, "expression", as_sql(self.expression))


@dataclass(frozen=True, slots=True, repr=False, eq=False, kw_only=True)
class Identity(Value):
    """`GENERATED ... AS IDENTITY`; an option of its sequence that is `None` is not stated.

    >>> Identity(always=True, start=100)
    identity(always=True, start=100)
    """

    always: bool = False
    on_null: bool | None = None
    start: int | None = None
    increment: int | None = None
    minvalue: int | None = None
    maxvalue: int | None = None
    nominvalue: bool | None = None
    nomaxvalue: bool | None = None
    cycle: bool | None = None
    cache: int | None = None
    order: bool | None = None
    dialect_options: Mapping[str, Any] = EMPTY
    _function: ClassVar[str] = "identity"

    def __post_init__(self) -> None:
        options = frozen_mapping(self.dialect_options, "an identity")
        object.__setattr__(self, "dialect_options", options)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Sequence(Value):
    """A sequence and its options; an `optional` one exists only where the dialect needs it.

    >>> Sequence("order_numbers", schema="shop", start=1000)
    sequence('order_numbers', schema='shop', start=1000)
    """

    name: str
    schema: str | None = None
    start: int | None = None
    increment: int | None = None
    minvalue: int | None = None
    maxvalue: int | None = None
    nominvalue: bool | None = None
    nomaxvalue: bool | None = None
    cycle: bool | None = None
    cache: int | None = None
    order: bool | None = None
    data_type: str | None = None
    optional: bool = False
    dialect_options: Mapping[str, Any] = EMPTY
    _function: ClassVar[str] = "sequence"
    _positional: ClassVar[tuple[str, ...]] = ("name",)

    def __post_init__(self) -> None:
        options = frozen_mapping(self.dialect_options, f"the sequence {self.name!r}")
        object.__setattr__(self, "dialect_options", options)
        if self.data_type is not None:
            object.__setattr__(self, "data_type", str(DataType.parse(self.data_type)))
