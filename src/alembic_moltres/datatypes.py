"""`DataType`: a portable type name with its arguments; `DataType.parse` is the inverse of `str`.

This file is for the *text* of a type: its grammar and its one canonical spelling. It knows no
type; which names exist, and which arguments they take, is for `alembic_moltres.types`.

    type      ::= [prefix "."] NAME ["(" [argument ("," argument)*] ")"]
    argument  ::= [key "="] (type | literal)
    literal   ::= what Python reads as str, bytes, int, float, bool, None, or a tuple of arguments
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TypeAlias

from .errors import TypeNameError

Argument: TypeAlias = "str | int | float | bool | bytes | DataType | tuple[Argument, ...] | None"
"""An argument of a type name."""

_NAME = re.compile(r"(?:[a-z_][a-z0-9_]*\.)?[A-Z_][A-Z0-9_]*")
_KEY = re.compile(r"[a-z_][a-z0-9_]*")
_LITERALS_IN_ANY_CASE = {"TRUE": True, "FALSE": False, "NONE": None}


@dataclass(frozen=True, slots=True, repr=False)
class DataType:
    """Name a type, with its arguments.

    Two are equal when their canonical texts are: `VARCHAR(1)` is not `VARCHAR(True)`. In the
    canonical text no space follows a comma, and of the keyword arguments `name` stands first and
    the others in alphabetical order.

    Args:
        name: upper case, optionally behind a lower-case prefix (`"postgresql.ARRAY"`).
        args: positional arguments.
        kwargs: keyword arguments, kept read-only.

    Raises:
        TypeNameError: the name or an argument could not be read back from text.

    >>> DataType("ENUM", ("a", "b"), {"schema": "app", "name": "mood"})
    DataType.parse("ENUM('a','b',name='mood',schema='app')")
    >>> str(DataType("postgresql.ARRAY", (DataType("VARCHAR", (5,)),), {"dimensions": 2}))
    'postgresql.ARRAY(VARCHAR(5),dimensions=2)'
    """

    name: str = field(compare=False)
    args: tuple[Argument, ...] = field(default=(), compare=False)
    kwargs: Mapping[str, Argument] = field(default_factory=dict, compare=False)
    text: str = field(init=False, default="")

    def __post_init__(self) -> None:
        """Check the parts, and write the canonical text once."""
        if not _NAME.fullmatch(self.name):
            raise TypeNameError(
                f"{self.name!r} is not a type name; write NAME in upper case, or prefix.NAME",
                self.name,
            )
        for key in self.kwargs:
            if not _KEY.fullmatch(key):
                raise TypeNameError(
                    f"{key!r} is not a keyword of {self.name}; write it in lower case", self.name
                )
        ordered = dict(sorted(self.kwargs.items(), key=_name_first))
        parts = [_spell(value) for value in self.args]
        parts += [f"{key}={_spell(value)}" for key, value in ordered.items()]
        object.__setattr__(self, "args", tuple(self.args))
        object.__setattr__(self, "kwargs", MappingProxyType(ordered))
        text = f"{self.name}({','.join(parts)})" if parts else self.name
        object.__setattr__(self, "text", text)

    @classmethod
    def parse(cls, text: str) -> DataType:
        """Read a type name, in any spacing and any case.

        Args:
            text: what `str()` of a `DataType` gives, or the same as a person writes it.

        Raises:
            TypeNameError: the text is no type name; the message has the position.

        >>> str(DataType.parse("decimal ( 10 , 2 )"))
        'DECIMAL(10,2)'
        >>> DataType.parse("double precision")
        Traceback (most recent call last):
        alembic_moltres.errors.TypeNameError: invalid syntax at position 7 of type name \
'double precision'; write NAME or NAME(arguments), or CUSTOM('...') for the database's own text
        """
        return _parse(text)

    def __str__(self) -> str:
        """Return the canonical text."""
        return self.text

    def __repr__(self) -> str:
        """Return the expression that makes an equal value."""
        quoted = (
            f'"{self.text}"' if '"' not in self.text and "\\" not in self.text else repr(self.text)
        )
        return f"DataType.parse({quoted})"

    def __reduce__(self) -> tuple[object, tuple[str]]:
        """Copy and pickle by the canonical text, because a read-only mapping cannot be."""
        return _parse, (self.text,)


@lru_cache(maxsize=4096)
def _parse(text: str) -> DataType:
    source = text.strip()
    try:
        tree = ast.parse(source, mode="eval")
    except SyntaxError as err:
        position = (err.offset or 1) - 1
        raise _unreadable(err.msg, position, text) from err
    except (ValueError, RecursionError, MemoryError) as err:
        raise _unreadable(str(err) or "too deeply nested", 0, text) from err
    value = _read(tree.body, source)
    if not isinstance(value, DataType):
        raise _unreadable("a literal is not a type", 0, text)
    return value


def _read(node: ast.expr, source: str) -> Argument:
    """Turn a syntax node into a literal or a type."""
    match node:
        case ast.Constant(value=str() | bytes() | int() | float() | None as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return tuple(_read(element, source) for element in elements)
        case ast.Name(id=name) if name.upper() in _LITERALS_IN_ANY_CASE:
            return _LITERALS_IN_ANY_CASE[name.upper()]
        case ast.Name() | ast.Attribute():
            return DataType(_read_name(node, source))
        case ast.Call(func=function, args=args, keywords=keywords):
            kwargs = _read_keywords(keywords, source)
            return DataType(
                _read_name(function, source), tuple(_read(arg, source) for arg in args), kwargs
            )
        case _:
            raise _refusal(node, source)


def _read_name(node: ast.expr, source: str) -> str:
    match node:
        case ast.Name(id=name):
            return name.upper()
        case ast.Attribute(value=ast.Name(id=prefix), attr=name):
            return f"{prefix.lower()}.{name.upper()}"
        case _:
            raise _refusal(node, source)


def _read_keywords(keywords: list[ast.keyword], source: str) -> dict[str, Argument]:
    kwargs: dict[str, Argument] = {}
    for keyword in keywords:
        if keyword.arg is None:
            raise _refusal(keyword.value, source)
        key = keyword.arg.lower()
        if key in kwargs:
            raise _unreadable(f"{key} is given twice", keyword.col_offset, source)
        kwargs[key] = _read(keyword.value, source)
    return kwargs


def _spell(value: Argument) -> str:
    """Write an argument so that it reads back as itself."""
    if isinstance(value, DataType):
        return value.text
    if isinstance(value, tuple):
        inside = ",".join(_spell(element) for element in value)
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if type(value) not in {str, int, float, bool, bytes, type(None)}:
        raise TypeNameError(
            f"{value!r} is not an argument of a type name; "
            "give a str, int, float, bool, None, bytes, tuple or DataType",
            value,
        )
    if isinstance(value, float) and not math.isfinite(value):
        raise TypeNameError(
            f"{value!r} is not an argument of a type name; give a finite number", value
        )
    return repr(value)


def _name_first(item: tuple[str, Argument]) -> tuple[bool, str]:
    return item[0] != "name", item[0]


def _refusal(node: ast.expr, source: str) -> TypeNameError:
    source_text = ast.get_source_segment(source, node) or type(node).__name__
    return _unreadable(f"{source_text!r} is neither a literal nor a type", node.col_offset, source)


def _unreadable(problem: str, position: int, text: str) -> TypeNameError:
    return TypeNameError(
        f"{problem} at position {position} of type name {text!r}; "
        "write NAME or NAME(arguments), or CUSTOM('...') for the database's own text",
        text,
    )


SCALED = frozenset({"DECIMAL", "NUMERIC"})
"""The names of types, without a prefix, that have a precision and a scale."""


def with_precision(type_name: str, precision: int | None, scale: int | None) -> str:
    """Return a type's name with a precision and a scale as its arguments.

    Raises:
        TypeNameError: one of the two is missing, or the name has arguments already.

    >>> with_precision("DECIMAL", 10, 2), with_precision("REAL", 24, None)
    ('DECIMAL(10,2)', 'REAL(24)')
    >>> with_precision("DECIMAL", 10, None)
    Traceback (most recent call last):
    alembic_moltres.errors.TypeNameError: a precision without a scale; give scale=..., or write
        DECIMAL(10)
    """
    if precision is None:
        raise TypeNameError(f"a scale without a precision of {type_name}; give both", type_name)
    for key, value in (("precision", precision), ("scale", scale)):
        if value is not None and type(value) is not int:
            raise TypeNameError(f"{key}={value!r} of {type_name}; give a whole number", type_name)
    if "(" in type_name:
        raise TypeNameError(
            f"a precision beside the arguments of {type_name!r}; keep one of the two", type_name
        )
    name = type_name.strip().upper()
    if scale is None and name.rpartition(".")[2] in SCALED:
        raise TypeNameError(
            f"a precision without a scale; give scale=..., or write {name}({precision})", type_name
        )
    numbers = f"{precision}" if scale is None else f"{precision},{scale}"
    return f"{type_name}({numbers})"
