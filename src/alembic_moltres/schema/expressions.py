"""SQL text as a value: checks, computed columns, predicates, index elements, server defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from ..errors import SchemaError
from ..messages import argument_text
from .base import EMPTY, Call, FrozenMapping, NotSQLAlchemyError, Value
from .dialects import DIALECT_CLASSES


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SQL(Value):
    """An expression as DDL has it, and the texts of dialects that differ.

    `variants` maps a dialect's name to its text; `None` means that this dialect has nothing there
    (the CHECK of a `Boolean` does not exist where the type is native). As everywhere in SQLAlchemy,
    `mysql` does not mean `mariadb`.

    Raises:
        SchemaError: the text is empty.

    >>> SQL("lower(name)", {"mssql": "LOWER(name)", "oracle": "lower(name)"})
    sql('lower(name)', mssql='LOWER(name)')
    """

    text: str
    variants: Mapping[str, str | None] = EMPTY
    _function: ClassVar[str] = "sql"

    def __post_init__(self) -> None:
        text: Any = self.text
        if _is_plain_clause(text):
            object.__setattr__(self, "text", text := text.text)
        if not isinstance(text, str) or not text.strip():
            raise SchemaError(f"an expression is {argument_text(text)}; write the SQL text", text)
        if not isinstance(self.variants, FrozenMapping):
            object.__setattr__(self, "variants", FrozenMapping(self.variants))
        if self.text in self.variants.values():
            object.__setattr__(self, "variants", self._without_superfluous())

    def _without_superfluous(self) -> FrozenMapping[str | None]:
        """Leave out variants that equal `text`.

        A third-party dialect that extends a shipped one keeps its own variant even if it equals the
        text.
        """
        others = {name: text for name, text in self.variants.items() if text != self.text}
        if DIALECT_CLASSES.keys().isdisjoint(others):
            return FrozenMapping(others) if others else EMPTY
        kept = {n: t for n, t in self.variants.items() if n in others or n not in DIALECT_CLASSES}
        return FrozenMapping(kept)

    def for_dialect(self, names: Iterable[str]) -> str | None:
        """Return the text for the first of `names` that has its own, else the common one.

        Args:
            names: a dialect's name, then those of the dialects that it extends.

        >>> sql("lower(name)", mssql="LOWER(name)").for_dialect(["mssql"])
        'LOWER(name)'
        """
        if self.variants:
            for name in names:
                if name in self.variants:
                    return self.variants[name]
        return self.text

    def call(self) -> Call:
        return Call(self._function, (self.text,), tuple(sorted(self.variants.items())))


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Now(Value):
    """The current time, which every dialect writes differently; written `sql.now()`.

    >>> Now() == sql.now()
    True
    """

    _function: ClassVar[str] = "sql.now"


class _Expressions:
    """The helper function `sql`, and the expressions that have a name of their own.

    >>> sql("NULL"), sql.now()
    (sql('NULL'), sql.now())
    """

    def __call__(self, text: str = "", /, **variants: str | None) -> SQL:
        """Make an expression; see `SQL`.

        >>> sql("length(name) > 0", mssql="LEN(name) > 0")
        sql('length(name) > 0', mssql='LEN(name) > 0')
        """
        return SQL(text, FrozenMapping(variants) if variants else EMPTY)

    if not TYPE_CHECKING:  # a checker finds what is missing

        def __getattr__(self, name: str) -> Any:
            raise NotSQLAlchemyError(
                f"sql has no {name}(); write sql('...') for an expression, sql.now() for the time",
                name,
            )

    def now(self) -> Now:
        """The current time, in every dialect's own SQL.

        >>> sql.now()
        sql.now()
        """
        return Now()


sql = _Expressions()


def _is_plain_clause(given: Any) -> bool:
    """Tell whether it is SQLAlchemy's `text()`, without parameters and escapes."""
    return type(given).__name__ == "TextClause" and not {":", "\\"} & set(given.text)


def as_sql(expression: SQL | str) -> SQL:
    """Return `expression` as a value; a plain string is its text."""
    return expression if isinstance(expression, SQL) else SQL(expression)


def most_common(texts: Mapping[str, str | None]) -> SQL:
    """Return the expression with the text of each dialect in `texts`.

    The common text is the one that most dialects have; of a tie, the earlier one.

    Raises:
        SchemaError: no dialect has a text.

    >>> most_common({"sqlite": "lower(a)", "mssql": "LOWER(a)", "mysql": "lower(a)"})
    sql('lower(a)', mssql='LOWER(a)')
    """
    counts: dict[str, int] = {}
    for text in texts.values():
        if text is not None:
            counts[text] = counts.get(text, 0) + 1
    if not counts:
        raise SchemaError("an expression has no text in any dialect; remove it", texts)
    common = max(counts, key=counts.__getitem__)
    return SQL(common, FrozenMapping(texts))


class OfExpression(Value):
    """A value that is made of an expression, and written with the text alone if that suffices."""

    __slots__ = ()
    expression: SQL

    def call(self) -> Call:
        plain = Value.call(self)
        expression = self.expression
        only = expression if expression.variants else expression.text
        return Call(plain.function, (only,), plain.kwargs)
