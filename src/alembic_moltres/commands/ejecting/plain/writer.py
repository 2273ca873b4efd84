"""Types, expressions and defaults in a plain script, and the imports they need."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

import sqlalchemy as sa
from sqlalchemy import dialects
from sqlalchemy.engine import Dialect

from ....autogenerate.script.formatting import (
    INDENT,
    Bracketed,
    Written,
    flat,
    lay_out,
    literal,
    prefixed,
    write,
)
from ....convert.dialects import shipped
from ....convert.expressions import Frozen, FrozenText, escaped_text
from ....datatypes import Argument, DataType
from ....errors import MoltresError
from ....schema import SQL, Default, Now
from ....schema.dialects import is_for_dialect
from ....types.freeze import sqlalchemy_type_to_moltres_type
from ....types.registry import thaw, types
from ....types.thaw import canonical_type_name


class NoEquivalentError(MoltresError):
    """Alembic and SQLAlchemy cannot express a part of a value.

    Attributes:
        otherwise: the lines for other dialects.
    """

    otherwise: list[str] | None = None


class Writer:
    """Writes values for one script.

    Args:
        dialect: whose SQL text is written.
        sa: the script's name for `sqlalchemy`.
        op: the script's name for `alembic.op`.
        in_callers_transaction: see `Replay`; Alembic's `autocommit_block()` raises there.

    Attributes:
        imports: the import lines that the written text needs.
    """

    def __init__(
        self,
        dialect: Dialect,
        sa: str = "sa",
        op: str = "op",
        *,
        in_callers_transaction: bool = False,
    ) -> None:
        self.dialect = dialect
        self.sa, self.op = sa, op
        self.in_callers_transaction = in_callers_transaction
        self.imports: set[str] = set()

    def call(self, function: str, /, *args: Written, **keywords: Written) -> Bracketed:
        """Return a call."""
        inside = [*args, *(prefixed(f"{key}=", each) for key, each in keywords.items())]
        return Bracketed(f"{function}(", inside, ")")

    def of_sa(self, name: str, /, *args: Written, **keywords: Written) -> Bracketed:
        """Return a call of something in `sqlalchemy`."""
        return self.call(f"{self.sa}.{name}", *args, **keywords)

    def name(self, name: str) -> Written:
        """Return a name that no naming convention changes."""
        return self.call(f"{self.op}.f", literal(str(name)))

    def type_of(self, type_name: str, variants: Any) -> Written:
        """Return a type with its variants.

        Raises:
            NoEquivalentError: it is not a type of SQLAlchemy.
        """
        written = self._type(DataType.parse(type_name))
        for dialect, other in sorted(variants.items()):
            variant = self._type(DataType.parse(other))
            opening = f"{flat(written)}.with_variant("
            written = Bracketed(opening, [variant, literal(dialect)], ")")
        return written

    def _type(self, named: DataType) -> Written:
        exported = self._exported(named)
        if exported is not None:
            return exported
        registration = types.named(named.name)
        cls = registration.cls
        if cls is None or registration.package:
            raise NoEquivalentError(f"{named} is not a type of SQLAlchemy", named)
        labels = list(named.args) if registration.labels else []
        positional = () if registration.labels else named.args
        given = dict(zip(registration.positional, positional, strict=False)) | dict(named.kwargs)
        made = self.call(
            self._class(cls),
            *map(self._argument, labels),
            **{key: self._argument(each) for key, each in given.items()},
        )
        self._check(named, made)
        return made

    def _argument(self, argument: Argument) -> Written:
        if isinstance(argument, DataType):
            if argument.name == "SQL":  # the expression of a domain's default
                return self.of_sa("text", literal(escaped_text(str(argument.args[0]))))
            return self._type(argument)
        if isinstance(argument, tuple):
            return Bracketed("[", [self._argument(each) for each in argument], "]")
        return write(argument)

    def _class(self, cls: type) -> str:
        if getattr(sa, cls.__name__, None) is cls:
            return f"{self.sa}.{cls.__name__}"
        for name, module in packages().items():
            exported = [each for each in module.__all__ if getattr(module, each, None) is cls]
            if exported:
                return self._imported(name, min(exported, key=len))
        if getattr(sa.types, cls.__name__, None) is cls:
            return f"{self.sa}.types.{cls.__name__}"
        raise NoEquivalentError(f"{cls.__name__} is not a type of SQLAlchemy", cls)

    def _exported(self, named: DataType) -> Written | None:
        """Return the public type of a dialect in place of its private subclass."""
        package, _, name = named.name.partition(".")
        module = packages().get(package)
        if module is None or named.args or named.kwargs or name not in module.__all__:
            return None
        dialect, type_ = shipped(package), getattr(module, name)()
        same = type_.compile(dialect) == thaw(named).compile(dialect)
        return f"{self._imported(package, name)}()" if same else None

    def of_dialect(self, name: str) -> str:
        """Return the expression for something in a dialect's package."""
        package = next(each for each, module in packages().items() if name in module.__all__)
        return self._imported(package, name)

    def _imported(self, package: str, name: str) -> str:
        self.imports.add(f"from sqlalchemy.dialects import {package}")
        return f"{package}.{name}"

    def _check(self, named: DataType, made: Bracketed) -> None:
        """Check that the written expression makes the same type."""
        try:
            type_ = eval(made.flat, {self.sa: sa, **packages()})  # noqa: S307 - written above
        except (TypeError, ValueError, LookupError, AttributeError, NameError) as err:
            raise NoEquivalentError(f"{named} cannot be written: {err}", named) from err
        if str(sqlalchemy_type_to_moltres_type(type_)) != canonical_type_name(named):
            raise NoEquivalentError(f"{named} cannot be written: {made.flat}", named)

    def text(self, frozen: Frozen) -> str:
        """Return an expression as SQL of the dialect.

        Raises:
            NoEquivalentError: it has no SQL for the dialect.
        """
        sql = FrozenText(frozen).text_for(self.dialect)
        if sql is None:
            raise NoEquivalentError(f"{frozen!r} has no text for {self.dialect.name}", frozen)
        return sql

    def expression(self, frozen: Frozen) -> Written:
        """Return an expression, as an argument of SQLAlchemy."""
        return self.of_sa("text", literal(escaped_text(self.text(frozen))))

    def default(self, default: Default) -> Written:
        """Return an argument of `server_default`."""
        match default:
            case str():
                return literal(default)
            case bool():
                return f"{self.sa}.{'true' if default else 'false'}()"
            case Now():
                return f"{self.sa}.func.now()"
            case _:
                return self.expression(default)

    def value(self, default: Default) -> Written:
        """Return the value of a default, for a statement about rows."""
        if isinstance(default, Now | SQL):
            return self.default(default)
        return write(default)

    def is_for(self, item: Any) -> bool:
        """Tell whether an item exists on the dialect."""
        return is_for_dialect(item.ddl_if, self.dialect.name)


@cache
def packages() -> dict[str, Any]:
    """Return the packages of SQLAlchemy's dialects by name."""
    return {name: import_module(f"sqlalchemy.dialects.{name}") for name in dialects.__all__}


def list_of(parts: list[Written]) -> Bracketed:
    """Return a list."""
    return Bracketed("[", parts, "]")


def lay_out_lines(
    written: Written, before: str = "", after: str = "", indent: str = INDENT
) -> list[str]:
    """Return the lines of an expression; `indent` is already before them."""
    return lay_out(written, before=before, after=after, indent=indent).split("\n")
