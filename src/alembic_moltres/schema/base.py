"""The base of all values: content equality, one written form, read-only mappings.

Not here: what a value means. A value is written as the call of a helper function, because that is
what scripts contain: `repr` writes the call on one line, `autogenerate.script.formatting` on
several.
"""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from keyword import iskeyword
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar, cast, overload

from ..errors import SchemaError
from ..messages import argument_text, did_you_mean
from .dialects import option_hint

V = TypeVar("V")
T = TypeVar("T")


class FrozenMapping(Mapping[str, V]):
    """A read-only, hashable mapping; ordered, but equality ignores the order.

    >>> FrozenMapping({"mysql_engine": "InnoDB"})
    {'mysql_engine': 'InnoDB'}
    >>> hash(FrozenMapping(a=1, b=2)) == hash(FrozenMapping(b=2, a=1))
    True
    """

    __slots__ = ("_entries",)

    def __init__(self, entries: Mapping[str, V] = {}, /, **more: V) -> None:
        self._entries = {**entries, **more}

    def __getitem__(self, key: str) -> V:
        return self._entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    # `Mapping` has these too, built on the three above: several times as slow, and called most.
    def __contains__(self, key: object) -> bool:
        return key in self._entries

    @overload
    def get(self, key: str, default: None = None, /) -> V | None: ...
    @overload
    def get(self, key: str, default: V | T, /) -> V | T: ...
    def get(self, key: str, default: Any = None, /) -> Any:
        return self._entries.get(key, default)

    def items(self) -> ItemsView[str, V]:
        return self._entries.items()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping):
            return NotImplemented
        return self is other or distinct(self) == distinct(FrozenMapping(other))

    def __hash__(self) -> int:
        return hash(distinct(self))

    def __repr__(self) -> str:
        return repr(self._entries)

    def __reduce__(self) -> tuple[type, tuple[dict[str, V]]]:
        return FrozenMapping, (self._entries,)


EMPTY: FrozenMapping[Any] = FrozenMapping()
NO_CONTENT: frozenset[object] = frozenset()
"""The result of `distinct` for an empty mapping."""


def distinct(value: object) -> object:
    """Return a hashable that is equal only for the same content *and* class.

    In Python `1 == True == 1.0`; as server defaults they differ.
    """
    if value is None or isinstance(value, str):
        return value
    if value is EMPTY:
        return NO_CONTENT
    if isinstance(value, (bool, int, float, Decimal)):
        return type(value), repr(value)
    if isinstance(value, tuple):
        return tuple(distinct(item) for item in value)
    if isinstance(value, FrozenMapping):
        return frozenset((key, distinct(item)) for key, item in value.items())
    return value


def frozen(value: object, where: str) -> object:
    """Return an option's value with lists as tuples and dicts as `FrozenMapping`s.

    Raises:
        SchemaError: a script cannot contain the value.
    """
    if value is None or isinstance(value, (str, bytes, bool, int, float, Decimal, Value)):
        return value
    if isinstance(value, (list, tuple)):
        return tuple(frozen(item, where) for item in value)
    if isinstance(value, Mapping):
        return frozen_mapping(value, where)
    raise SchemaError(
        f"an option is {value!r} (at {where}); a value holds literals, sql(...), lists and dicts",
        value,
    )


def frozen_mapping(entries: Mapping[str, object], where: str) -> FrozenMapping[Any]:
    """Return `entries` with everything in it frozen; see `frozen`."""
    if not entries:
        return EMPTY
    if isinstance(entries, FrozenMapping):
        return entries
    if not isinstance(entries, Mapping):
        raise SchemaError(
            f"{where} has the options {argument_text(entries)}; write them as "
            "{'mysql_engine': 'InnoDB'}",
            entries,
        )
    return FrozenMapping({str(key): frozen(item, where) for key, item in entries.items()})


@dataclass(frozen=True, slots=True)
class Call:
    """The written form of a value: a helper function with its arguments, defaults left out."""

    function: str
    args: tuple[object, ...] = ()
    kwargs: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        parts = [repr(plain(arg)) for arg in self.args]
        parts += [f"{key}={plain(arg)!r}" for key, arg in self.keywords()]
        unpacked = self.unpacked()
        parts += [f"**{unpacked!r}"] if unpacked else []
        return f"{self.function}({', '.join(parts)})"

    def keywords(self) -> tuple[tuple[str, object], ...]:
        """Return the keyword arguments whose keys are identifiers."""
        return tuple((key, arg) for key, arg in self.kwargs if is_keyword_argument(key))

    def unpacked(self) -> dict[str, object]:
        """Return the others, which are written in a dict; a dialect may have any name."""
        return {key: plain(arg) for key, arg in self.kwargs if not is_keyword_argument(key)}


def is_keyword_argument(key: str) -> bool:
    """Tell whether Python reads `key=` as this key; it normalises letters beyond ASCII."""
    is_name = key.isascii() and key.isidentifier()
    return is_name and not iskeyword(key) and key != "__debug__"


class Pair(tuple[Any, ...]):
    """Written in a script as `(a, b)`; other tuples are written as lists."""

    __slots__ = ()


def plain(value: object) -> object:
    """Return tuples as lists, the way a person writes several columns."""
    if isinstance(value, tuple) and not isinstance(value, Pair):
        return [plain(item) for item in value]
    return value


class ArgumentError(SchemaError, TypeError):
    """A value's class is called with wrong arguments."""


class MisusedValueError(SchemaError, TypeError):
    """A value is used like a mapping, a list, a function or an expression."""


class NotSQLAlchemyError(SchemaError, AttributeError):
    """A value was passed instead of a SQLAlchemy object."""


class ValueType(type):
    """The class of the values' classes: wrong arguments are our error, not a traceback."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        try:
            return type.__call__(cls, *args, **kwargs)  # quicker than `super()`
        except TypeError as err:
            class_name, init, problem = str(err).partition(".__init__() ")
            if not init or class_name != cls.__name__:
                raise
            known = [field.name for field in fields(cast(Any, cls))]
            unknown = next((key for key in kwargs if key not in known), None)
            hint = unknown and (option_hint(unknown) or did_you_mean(unknown, known))
            write = hint or f"; its arguments are {', '.join(known)}"
            raise ArgumentError(f"{cls.__name__}() {problem}{write}", kwargs) from err


class Value(metaclass=ValueType):
    """The base of all values: frozen, compared by content, written as a helper's call.

    `_function` is the helper, `_positional` the fields that it takes by position. A subclass with
    more than one written form overrides `call`.
    """

    __slots__ = ()
    _function: ClassVar[str]
    _positional: ClassVar[tuple[str, ...]] = ()

    @property
    def function(self) -> str:
        """The name of the helper function, such as `foreign_key`."""
        return self._function

    def call(self) -> Call:
        """Return the call of the helper function that makes this value again."""
        args, kwargs = [], []
        for name, default in self._fields():
            content = getattr(self, name)
            if name in self._positional:
                args.append(single(content))
            elif distinct(content) != distinct(default):
                kwargs.append((name, single(content) if name == "ddl_if" else content))
        return Call(self._function, tuple(args), tuple(kwargs))

    def content(self) -> tuple[object, ...]:
        """Return what `==` compares."""
        return tuple([distinct(getattr(self, name)) for name, _ in self._fields()])

    @classmethod
    def _fields(cls) -> tuple[tuple[str, object], ...]:
        defaults = _FIELDS.get(cls)
        if defaults is None:
            defaults = _FIELDS[cls] = tuple(
                (field.name, None if field.default is MISSING else field.default)
                for field in fields(cast(Any, cls))
            )
        return defaults

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self is other or self.content() == other.content()

    def __hash__(self) -> int:
        return hash((type(self), self.content()))

    def __repr__(self) -> str:
        return str(self.call())

    if not TYPE_CHECKING:  # a checker finds what is missing

        def __getitem__(self, key: object) -> Any:
            raise MisusedValueError(
                f"{type(self).__name__}[{key!r}]: a value has no items; write "
                "op.moltres_tables()['users'].c['id'] for a column in a statement, or "
                "column('id', 'INTEGER') in an operation",
                key,
            )

        def __bool__(self) -> bool:
            return True  # although `len()` is refused

        def __len__(self) -> int:
            raise MisusedValueError(
                f"len({type(self).__name__}): a value has no length; write len(User.columns)", self
            )

        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            raise MisusedValueError(
                f"{type(self).__name__}(): a value cannot be called; pass it to op.moltres_...",
                self,
            )

        def __getattr__(self, name: str) -> Any:
            if name == "__clause_element__":  # SQLAlchemy asks it of what a statement is made of
                raise MisusedValueError(
                    f"a statement got {type(self).__name__}, which is a value; write "
                    "op.moltres_tables()['users'] for a table in a statement",
                    name,
                )
            raise NotSQLAlchemyError(
                f"{type(self).__name__!r} has no attribute {name!r}: it is a value, for "
                "op.moltres_...; Alembic's own functions take sa.Column and sa.Table",
                name,
            )


def _refused(operator: str) -> Callable[..., Any]:
    def refuse(self: Value, other: object = None) -> Any:
        raise MisusedValueError(
            f"{type(self).__name__} {operator} ...: a value is no expression; write it as text, "
            "check('age > 5') or sql('age + 1'), or use op.moltres_tables()['users'].c['age'] in a "
            "statement",
            self,
        )

    return refuse


OPERATORS: Final[Mapping[str, str]] = {
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
    "add": "+",
    "radd": "+",
    "sub": "-",
    "rsub": "-",
    "mul": "*",
    "rmul": "*",
    "truediv": "/",
    "rtruediv": "/",
    "mod": "%",
    "and": "&",
    "rand": "&",
    "or": "|",
    "ror": "|",
    "invert": "~",
    "neg": "-",
}
"""The operators that expressions of SQLAlchemy have, by the method's name."""
for _name, _operator in OPERATORS.items():
    setattr(Value, f"__{_name}__", _refused(_operator))

_FIELDS: dict[type, tuple[tuple[str, object], ...]] = {}


def single(content: object) -> object:
    """Return the one string of a tuple of one, the way a person writes a single column."""
    if isinstance(content, tuple) and len(content) == 1 and isinstance(content[0], (str, Value)):
        return content[0]
    return content
