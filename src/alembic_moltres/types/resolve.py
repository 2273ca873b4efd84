"""`Resolver`: names a type, and the types inside it, as one dialect sees them.

Decorators, variants and hand-written DDL are resolved here. Which dialects a type is resolved for,
and how the results are combined, is in `freeze.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Dialect
from sqlalchemy.exc import CompileError
from sqlalchemy.types import TIMESTAMP, NullType, TypeDecorator, TypeEngine, to_instance

from ..datatypes import DataType
from ..errors import UnregisteredTypeError
from ..sqla_compat import has_compiles, variants_of
from .argument_checks import TYPE_ARGUMENTS
from .custom import compile_text, has_text_of_its_own, is_compiled_by_hand
from .registry import nearest, thaw
from .third_party import dialects_of_package, is_third_party, writes_alike


def survey(type_: TypeEngine[Any], mentioned: dict[str, None]) -> bool:
    """Collect the dialects that variants name; tell whether the DDL depends on the dialect.

    Args:
        type_: a type, with those inside it.
        mentioned: where the names of dialects are put, in the order of their first mention.
    """
    cls = type(type_)
    registration = nearest(cls)
    varies = registration is None or (has_compiles(cls) and not registration.is_registered_ddl(cls))
    if isinstance(type_, TypeDecorator):
        varies = survey(to_instance(type_.impl), mentioned) or varies
    elif registration is not None and registration.nests:
        for inside in (getattr(type_, key, None) for key in TYPE_ARGUMENTS):
            varies = (inside is not None and survey(inside, mentioned)) or varies
    for dialect_name in dialects_of_package(cls):
        mentioned[dialect_name] = None
        varies = True
    for dialect_name, variant in variants_of(type_).items():
        mentioned[dialect_name] = None
        varies = survey(variant, mentioned) or varies
    return varies


@dataclass(frozen=True, slots=True)
class Resolver:
    """Names types for one dialect.

    Args:
        dialect: to resolve for.
        column: what `get_col_spec` and `@compiles` get as `type_expression`.
        where: the place that an error names; by default that of the column.
    """

    dialect: Dialect
    column: Any = None
    where: str | None = None

    def on(self, dialect: Dialect) -> Resolver:
        """Return the same for another dialect."""
        return Resolver(dialect, self.column, self.where)

    def name(self, type_: TypeEngine[Any]) -> DataType:
        """Name a type.

        Raises:
            UnregisteredTypeError: it has neither a name nor DDL on this dialect.
        """
        type_ = variants_of(type_).get(self.dialect.name, type_)
        cls = type(type_)
        registration = nearest(cls)
        written = type_
        if registration is not None and isinstance(type_, TypeDecorator):  # Interval, PickleType
            written = self._implementation(type_)
        stands = registration is not None and registration.is_registered_ddl(cls)
        if not stands and is_compiled_by_hand(type(written), self.dialect.name):
            return self._custom(written)
        if registration is not None:
            named = registration.freeze(type_, self.name)
            return named if stands else self._written_alike(type_, named)
        if isinstance(type_, TypeDecorator):
            return self._written_alike(type_, self.name(self._implementation(type_)))
        if isinstance(type_, NullType):
            raise UnregisteredTypeError(
                f"{cls.__name__}(){self._place()} has no DDL; give the column a type", type_
            )
        if has_text_of_its_own(cls):
            return self._custom(type_)
        raise self._unregistered(type_)

    def _written_alike(self, type_: TypeEngine[Any], named: DataType) -> DataType:
        """Return the name, or the text where a third party's dialect writes the type otherwise."""
        if (
            not is_third_party(self.dialect)
            or type(type_).__module__.startswith("sqlalchemy.")
            or writes_alike(self.dialect, type_, thaw(named), self.column)
        ):
            return named
        return self._custom(type_)

    def _implementation(self, type_: TypeDecorator[Any]) -> TypeEngine[Any]:
        try:
            return type_.type_engine(self.dialect)
        except Exception as err:  # application code may raise anything
            raise UnregisteredTypeError(
                f"{type(type_).__name__}(){self._place()} has no type on {self.dialect.name}: "
                f"{err}; let its load_dialect_impl return one",
                type_,
            ) from err

    def _custom(self, type_: TypeEngine[Any]) -> DataType:
        try:
            text = compile_text(type_, self.dialect, self.column)
            text = "".join(text)  # of a subclass of `str`, too, such as a `quoted_name`
        except Exception as err:  # application code may raise anything
            raise self._unregistered(type_, err) from err
        # MySQL manual, TIMESTAMP: NOT NULL unless NULL is stated; SQLAlchemy states it by class
        writes_null = self.dialect.name in {"mysql", "mariadb"} and isinstance(type_, TIMESTAMP)
        if writes_null and getattr(self.column, "nullable", False):
            text += " NULL"
        return DataType("CUSTOM", (text,))

    def _unregistered(
        self, type_: TypeEngine[Any], err: Exception | None = None
    ) -> UnregisteredTypeError:
        name = type(type_).__name__
        if err is not None and not isinstance(err, CompileError):
            return UnregisteredTypeError(
                f"{name}(){self._place()} has no DDL on {self.dialect.name}: "
                f"{type(err).__name__}: {err}; correct what writes it",
                type_,
            )
        return UnregisteredTypeError(
            f"no portable type is registered for {name}(){self._place()}; "
            f"register one with register_type({name}, ...)",
            type_,
        )

    def _place(self) -> str:
        where = self.where
        if where is None and getattr(self.column, "table", None) is not None:
            where = f"{self.column.table.fullname}.{self.column.name}"
        return f" (at {where})" if where else ""
