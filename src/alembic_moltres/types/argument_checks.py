"""The values that arguments of types take: whole numbers, texts, types, True or False."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from inspect import Parameter, signature
from typing import Any, Final

from ..datatypes import Argument, DataType
from ..errors import TypeNameError

WHOLE_NUMBERS: Final = frozenset(
    {"length", "precision", "scale", "dimensions", "fsp", "display_width", "binary_precision"}
    | {"second_precision", "day_precision", "dim"}
)
TEXTS: Final = frozenset({"collation", "charset", "name", "schema", "ddl"})
TYPE_ARGUMENTS: Final = frozenset({"item_type", "data_type"})
"""The arguments that are types."""
EXAMPLES: Final[Mapping[str, str]] = {
    **dict.fromkeys(TYPE_ARGUMENTS, "INTEGER"),
    "name": "'positive'",
    "ddl": "'geometry(POINT,4326)'",
}
"""Values of arguments without which a type cannot be made."""


def checked(type_name: str, key: str, value: Argument, keywords: Mapping[str, object]) -> Argument:
    """Return the value of an argument, a number that is written as text as a number.

    Args:
        type_name: of the type.
        key: the argument.
        value: as it stands in the name.
        keywords: the type's arguments with a default.

    Raises:
        TypeNameError: the argument does not take it.

    >>> checked("VARCHAR", "length", "20", {})
    20
    """
    if key in WHOLE_NUMBERS:
        if isinstance(value, str) and value.isdecimal():
            return int(value)
        is_less = type(value) is int and value < 0 and key != "scale"  # Oracle's may be
        if (type(value) is not int and value not in {None, "max"}) or is_less:
            raise _error(type_name, key, value, "a whole number")
    elif key in TEXTS:
        if not isinstance(value, str) and value is not None:
            raise _error(type_name, key, value, "a text")
    elif key in TYPE_ARGUMENTS:
        if not isinstance(value, DataType):
            raise _error(type_name, key, value, "a type, such as INTEGER")
    elif isinstance(keywords.get(key), bool) and not isinstance(value, bool):
        raise _error(type_name, key, value, "True or False")
    return value


def _error(type_name: str, key: str, value: Argument, kind: str) -> TypeNameError:
    written = value.text if isinstance(value, DataType) else repr(value)
    return TypeNameError(f"{type_name} has {key}={written}; give {kind}", value)


def check_labels(named: DataType) -> None:
    """Check that the labels of an enum are texts.

    Raises:
        TypeNameError: one is not.
    """
    for label in named.args:
        if not isinstance(label, str):
            written = label.text if isinstance(label, DataType) else repr(label)
            raise TypeNameError(
                f"{named} has the label {written}; write a text, as in ENUM('a','b',name='mood')",
                named,
            )


def missing(make: Callable[..., Any], given: Collection[str]) -> list[str]:
    """Return the arguments without which a type cannot be made."""
    return [
        name
        for name, each in signature(make).parameters.items()
        if each.default is Parameter.empty
        and each.kind in {Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY}
        and name not in given
    ]
