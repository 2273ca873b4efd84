"""A column."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from ..datatypes import DataType, with_precision
from ..errors import SchemaError, TypeNameError
from ..messages import argument_text
from .base import EMPTY, FrozenMapping, Value, frozen_mapping
from .constraints import CheckConstraint
from .expressions import SQL, Now
from .generated import Computed, Identity, Sequence

SQLALCHEMY_AUTOINCREMENT = ("auto", True, False, "ignore_fk")
"""SQLAlchemy's own values of `autoincrement`."""

AUTOINCREMENT = (*SQLALCHEMY_AUTOINCREMENT, "client", "server")
"""The values of `autoincrement`: SQLAlchemy's own, and two for defaults that DDL does not show.

`"client"` is True with a default made in Python, `"server"` True with one made by a trigger: the
first makes no SERIAL on PostgreSQL, the second no AUTO_INCREMENT on MySQL.
"""

Default = bool | int | float | Decimal | str | bytes | SQL | Now
"""A server default: a literal, compared with its class, or an expression."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ColumnDef(Value):
    """A column: its name, its type, and where its values come from.

    `type_name` is canonical, `type_variants` maps dialects to the type that they have instead.
    `precision` and `scale` are another way of writing `DECIMAL(p,s)` and are always `None`
    afterwards; `primary_key=True` becomes the table's primary key constraint.

    `constraints` are the CHECKs in the column's own DDL.

    Raises:
        SchemaError: the column contradicts itself.
        TypeNameError: its type cannot be read.

    >>> ColumnDef("price", "decimal", nullable=False, precision=10, scale=2)
    column('price', 'DECIMAL(10,2)', nullable=False)
    """

    name: str
    type_name: str
    nullable: bool = True
    default: Default | None = None
    primary_key: bool = False
    precision: int | None = None
    scale: int | None = None
    type_variants: Mapping[str, str] = EMPTY
    computed: Computed | None = None
    identity: Identity | None = None
    sequence: Sequence | None = None
    autoincrement: bool | str = "auto"
    comment: str | None = None
    constraints: tuple[CheckConstraint, ...] = ()
    dialect_options: Mapping[str, Any] = EMPTY
    _function: ClassVar[str] = "column"
    _positional: ClassVar[tuple[str, ...]] = ("name", "type_name")

    def __post_init__(self) -> None:
        if not self.name:
            raise SchemaError("a column has no name; name it", self)
        type_name = self._type_text()
        if type_name is not self.type_name:
            object.__setattr__(self, "type_name", type_name)
        if self.precision is not None:
            object.__setattr__(self, "precision", None)
            object.__setattr__(self, "scale", None)
        if self.type_variants is not EMPTY:
            object.__setattr__(self, "type_variants", self._variants())
        if self.primary_key and self.nullable:
            object.__setattr__(self, "nullable", False)
        if self.constraints:
            object.__setattr__(self, "constraints", tuple(self.constraints))
        if self.dialect_options is not EMPTY:
            options = frozen_mapping(self.dialect_options, self._where)
            object.__setattr__(self, "dialect_options", options)
        self._check()

    @property
    def _where(self) -> str:
        return f"the column {self.name!r}"

    def _type_text(self) -> str:
        text: object = self.type_name
        if isinstance(text, str) and (self.precision, self.scale) != (None, None):
            try:
                text = with_precision(text, self.precision, self.scale)
            except TypeNameError as err:
                raise SchemaError(f"{self._where} has {err}", self) from err
        return self._canonical(text)

    def _canonical(self, type_name: object) -> str:
        if not isinstance(type_name, str):
            raise SchemaError(
                f"{self._where} has the type {argument_text(type_name)}; write its name, such as "
                "'INTEGER'",
                self,
            )
        try:
            return DataType.parse(type_name).text
        except TypeNameError as err:
            raise type(err)(f"{err} (at {self._where})", self) from err

    def _variants(self) -> FrozenMapping[str]:
        texts = {name: self._canonical(text) for name, text in self.type_variants.items()}
        kept = {name: text for name, text in texts.items() if text != self.type_name}
        return FrozenMapping(kept) if kept else EMPTY

    def _check(self) -> None:
        if not isinstance(self.nullable, bool):
            raise SchemaError(
                f"{self._where} has nullable={self.nullable!r}; write True or False, and "
                "constraints and indexes into those of the table",
                self,
            )
        if self.autoincrement not in AUTOINCREMENT:
            raise SchemaError(
                f"{self._where} has autoincrement={self.autoincrement!r}; "
                f"write one of {', '.join(map(repr, AUTOINCREMENT))}",
                self,
            )
        if self.identity is not None and self.autoincrement is False:
            raise SchemaError(
                f"{self._where} is an identity with autoincrement=False; remove one of them", self
            )
        if self.default is not None:
            self._check_default()
        parts = {
            "is computed": self.computed,
            "is an identity": self.identity,
            "has a default": self.default,
        }
        stated = [description for description, part in parts.items() if part is not None]
        if len(stated) > 1:
            raise SchemaError(f"{self._where} {' and '.join(stated)}; keep one of them", self)

    def _check_default(self) -> None:
        match self.default:
            case bool() | int() | Decimal() | str() | bytes() | SQL() | Now():
                pass
            case float() if math.isfinite(self.default):
                pass
            case _:
                raise SchemaError(
                    f"{self._where} has the default {argument_text(self.default)}; "
                    f"{_literal_of(self.default)}",
                    self,
                )


def _literal_of(default: object) -> str:
    """Return what to write in place of a default that is none."""
    if isinstance(default, date):
        return f"write {str(default)!r}"
    if isinstance(default, dict | list):
        return "write its JSON as text, such as '{}'"
    if callable(default):
        return "it is Python's, not the database's; write sql.now() for the time, or a literal"
    return "a default is a finite literal or sql(...)"
