"""Refuses arguments of the helper functions that are of a wrong kind, such as a number as a name.

Only the functions that scripts call check this. The classes of the values do not: conversions make
thousands of them, always with the right kinds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from ..errors import SchemaError
from ..messages import argument_text, did_you_mean
from .base import Value
from .expressions import SQL
from .generated import Computed, Identity, Sequence

ACTIONS: Final = ("CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION")
"""The actions of foreign keys; PostgreSQL allows columns after SET NULL and SET DEFAULT."""

ACTION: Final = re.compile("|".join(ACTIONS).replace(" ", r"\s+") + r"\b", re.IGNORECASE)


def _text(given: object) -> bool:
    return given is None or isinstance(given, str)


def _flag(given: object) -> bool:
    return given is None or isinstance(given, bool)


def _number(given: object) -> bool:
    return given is None or (isinstance(given, int) and not isinstance(given, bool))


def _names(given: Any) -> bool:
    return all(isinstance(each, str) for each in given)


def _elements(given: Any) -> bool:
    return all(isinstance(each, str | SQL) for each in given)


def _pairs(given: Any) -> bool:
    return all(isinstance(element, str | SQL) and isinstance(of, str) for element, of in given)


def _of(kind: type[Value]) -> Callable[[object], bool]:
    return lambda given: given is None or isinstance(given, kind)


Rule = tuple[Callable[[Any], bool], str]

TEXT: Final[Rule] = (_text, "{field}='...'")
FLAG: Final[Rule] = (_flag, "{field}=True or {field}=False")
NUMBER: Final[Rule] = (_number, "{field}=1, a whole number")

RULES: Final[Mapping[str, Rule]] = {
    **dict.fromkeys(
        ("name", "comment", "schema", "references_table", "references_schema", "initially"), TEXT
    ),
    **dict.fromkeys(("on_delete", "on_update", "match", "using", "statement"), TEXT),
    **dict.fromkeys(
        ("primary_key", "deferrable", "use_alter", "persisted", "always", "on_null", "cycle"), FLAG
    ),
    **dict.fromkeys(("order", "optional", "nominvalue", "nomaxvalue"), FLAG),
    **dict.fromkeys(("start", "increment", "minvalue", "maxvalue", "cache"), NUMBER),
    "computed": (_of(Computed), "computed=computed('a * b')"),
    "identity": (_of(Identity), "identity=identity()"),
    "sequence": (_of(Sequence), "sequence=sequence('s')"),
    "columns": (_names, "the names of columns: 'a', or ['a', 'b']"),
    "references_columns": (_names, "the names of columns: 'a', or ['a', 'b']"),
}
"""What a field of a value may be, and what to write, by its name."""

ELEMENTS: Final[Mapping[str, Rule]] = {
    "index": (_elements, "columns and expressions: ['a', sql('lower(b)')]"),
    "exclude": (_pairs, "pairs: exclude(('room', '='), ('during', '&&'))"),
}
"""The rule of the field `elements`, by the helper function."""


def check_kinds(function: str, value: Value) -> None:
    """Refuse a value that a helper function has made of arguments of a wrong kind.

    Raises:
        SchemaError: with what to write.

    >>> from alembic_moltres import column
    >>> column("total", "INTEGER", computed="a * b")
    Traceback (most recent call last):
    alembic_moltres.errors.SchemaError: column() got computed='a * b'; write
        computed=computed('a * b')
    """
    for field in value.__dataclass_fields__:  # type: ignore[attr-defined]
        rule = ELEMENTS.get(function) if field == "elements" else RULES.get(field)
        if rule is None:
            continue
        given = getattr(value, field)
        fits, write = rule
        if not fits(given):
            shown = given[0] if isinstance(given, tuple) and len(given) == 1 else given
            raise SchemaError(
                f"{function}() got {field}={argument_text(shown)}; write "
                f"{write.format(field=field)}",
                value,
            )
    for field in ("on_delete", "on_update"):
        action = getattr(value, field) if field in value.__dataclass_fields__ else None  # type: ignore[attr-defined]
        if action is not None and not ACTION.match(action.strip()):
            hint = did_you_mean(action.upper(), ACTIONS) or f"; write one of {', '.join(ACTIONS)}"
            raise SchemaError(f"{function}() got {field}={action!r}{hint}", value)


def check_one_text(function: str, args: tuple[object, ...]) -> None:
    """Refuse two texts: SQLAlchemy's users mean two columns, the second is the name here.

    Raises:
        SchemaError: with both forms.
    """
    if len(args) > 1 and isinstance(args[0], str) and isinstance(args[1], str):
        first, second = str(args[0]), str(args[1])
        raise SchemaError(
            f"{function}({first!r}, {second!r}) has two texts; write {function}([{first!r}, "
            f"{second!r}]) for two columns, or name={second!r}",
            args,
        )


def check_action_has_keyword(args: tuple[object, ...]) -> None:
    """Refuse an action after the referred columns of a foreign key: its name stands there.

    Raises:
        SchemaError: with the keyword to write.
    """
    name = args[3] if len(args) > 3 else None
    if isinstance(name, str) and name.upper() in ACTIONS:
        raise SchemaError(
            f"foreign_key() got {name!r} as its name; write on_delete={name!r}, or name={name!r}",
            args,
        )
