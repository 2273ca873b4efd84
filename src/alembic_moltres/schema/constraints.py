"""The constraints of a table, each with everything that SQLAlchemy has for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ..errors import SchemaError
from .base import EMPTY, Call, FrozenMapping, Pair, Value, frozen_mapping
from .expressions import SQL, OfExpression, as_sql


def description_of(kind: str, name: str | None, columns: tuple[object, ...] = ()) -> str:
    """Return a constraint's description for errors: its name, else its columns."""
    return f"{kind} {name!r}" if name else f"{kind} on ({', '.join(map(str, columns))})"


def content_of(constraint: Any) -> tuple[str, ...]:
    """Return what a constraint without a name is described by: columns, or expressions.

    >>> content_of(CheckConstraint("a > 0")), content_of(UniqueConstraint(("a", "b")))
    (('a > 0',), ('a', 'b'))
    """
    match constraint:
        case CheckConstraint():
            return (constraint.expression.text,)
        case ExcludeConstraint():
            elements = (element for element, _ in constraint.elements)
            return tuple(each.text if isinstance(each, SQL) else each for each in elements)
        case _:
            return tuple(constraint.columns)


def _normalise(value: Any, kind: str, content: tuple[object, ...]) -> None:
    """Normalise the fields that all constraints share; `kind` and `content` are for errors."""
    options = value.dialect_options
    if options is not EMPTY:
        frozen = (
            frozen_mapping(options, description_of(kind, value.name, content)) if options else EMPTY
        )
        object.__setattr__(value, "dialect_options", frozen)
    if value.ddl_if:
        object.__setattr__(value, "ddl_if", tuple(sorted(value.ddl_if)))


def _normalise_columns(value: Any, kind: str) -> None:
    columns = tuple(value.columns)
    object.__setattr__(value, "columns", columns)
    if not columns:
        raise SchemaError(
            f"{description_of(kind, value.name)} has no columns; name at least one", value
        )
    if len(set(columns)) != len(columns):
        where = description_of(kind, value.name, columns)
        raise SchemaError(f"{where} names a column twice; name it once", value)
    _normalise(value, kind, columns)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class PrimaryKeyConstraint(Value):
    """PRIMARY KEY over `columns`, in that order.

    `autoincrement_first` puts the autoincrement column first, as MySQL requires; SQL Server keeps
    the order nevertheless. SQLAlchemy does so for columns with `primary_key=True`.

    >>> PrimaryKeyConstraint(("order_id", "line"), name="pk_lines")
    primary_key(['order_id', 'line'], name='pk_lines')
    """

    columns: tuple[str, ...]
    name: str | None = None
    deferrable: bool | None = None
    initially: str | None = None
    comment: str | None = None
    autoincrement_first: bool = False
    dialect_options: Mapping[str, Any] = EMPTY
    ddl_if: tuple[str, ...] = ()
    _function: ClassVar[str] = "primary_key"
    _positional: ClassVar[tuple[str, ...]] = ("columns",)

    def __post_init__(self) -> None:
        _normalise_columns(self, "the primary key")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class UniqueConstraint(Value):
    """UNIQUE over `columns`, in that order.

    >>> UniqueConstraint(("email",), deferrable=True)
    unique('email', deferrable=True)
    """

    columns: tuple[str, ...]
    name: str | None = None
    deferrable: bool | None = None
    initially: str | None = None
    comment: str | None = None
    dialect_options: Mapping[str, Any] = EMPTY
    ddl_if: tuple[str, ...] = ()
    _function: ClassVar[str] = "unique"
    _positional: ClassVar[tuple[str, ...]] = ("columns",)

    def __post_init__(self) -> None:
        _normalise_columns(self, "the unique constraint")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class CheckConstraint(OfExpression):
    """CHECK (expression).

    >>> CheckConstraint("age >= 0", name="ck_age")
    check('age >= 0', name='ck_age')
    """

    expression: SQL
    name: str | None = None
    deferrable: bool | None = None
    initially: str | None = None
    comment: str | None = None
    dialect_options: Mapping[str, Any] = EMPTY
    ddl_if: tuple[str, ...] = ()
    columns: ClassVar[tuple[str, ...]] = ()
    """Always empty: nobody looks for columns in the expression."""
    _function: ClassVar[str] = "check"
    _positional: ClassVar[tuple[str, ...]] = ("expression",)

    def __post_init__(self) -> None:
        object.__setattr__(self, "expression", as_sql(self.expression))
        _normalise(self, "the check constraint", (self.expression.text,))


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ForeignKeyConstraint(Value):
    """FOREIGN KEY (columns) REFERENCES references_table (references_columns).

    `references_schema` is the referred table's schema; `use_alter` adds the key after both tables
    exist, where the dialect can.

    >>> ForeignKeyConstraint(("user_id",), "users", ("id",), on_delete="CASCADE")
    foreign_key('user_id', 'users', 'id', on_delete='CASCADE')
    """

    columns: tuple[str, ...]
    references_table: str
    references_columns: tuple[str, ...]
    name: str | None = None
    on_delete: str | None = None
    on_update: str | None = None
    references_schema: str | None = None
    deferrable: bool | None = None
    initially: str | None = None
    match: str | None = None
    use_alter: bool = False
    comment: str | None = None
    dialect_options: Mapping[str, Any] = EMPTY
    ddl_if: tuple[str, ...] = ()
    _function: ClassVar[str] = "foreign_key"
    _positional: ClassVar[tuple[str, ...]] = ("columns", "references_table", "references_columns")

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", tuple(self.columns))
        object.__setattr__(self, "references_columns", tuple(self.references_columns))
        if not self.columns or not self.references_table:
            where = description_of("the foreign key", self.name, self.columns)
            raise SchemaError(f"{where} refers to nothing; name columns and a table", self)
        if len(self.columns) != len(self.references_columns):
            where = description_of("the foreign key", self.name, self.columns)
            raise SchemaError(
                f"{where} has {len(self.columns)} columns and refers to "
                f"{len(self.references_columns)} of {self.references_table!r}; name as many",
                self,
            )
        _normalise(self, "the foreign key", self.columns)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ExcludeConstraint(Value):
    """PostgreSQL's EXCLUDE: each element is a column or an expression with its operator.

    >>> ExcludeConstraint((("room", "="), ("during", "&&"))).columns
    ('room', 'during')
    """

    elements: tuple[tuple[str | SQL, str], ...]
    name: str | None = None
    using: str = "gist"
    where: SQL | None = None
    ops: Mapping[str, str] = EMPTY
    deferrable: bool | None = None
    initially: str | None = None
    comment: str | None = None
    dialect_options: Mapping[str, Any] = EMPTY
    ddl_if: tuple[str, ...] = ()
    _function: ClassVar[str] = "exclude"

    def __post_init__(self) -> None:
        elements = tuple((element, operator) for element, operator in self.elements)
        object.__setattr__(self, "elements", elements)
        object.__setattr__(self, "ops", FrozenMapping(self.ops))
        if self.where is not None:
            object.__setattr__(self, "where", as_sql(self.where))
        if not elements:
            where = description_of("the exclude constraint", self.name)
            raise SchemaError(f"{where} has no elements; name at least one", self)
        _normalise(self, "the exclude constraint", elements)

    def call(self) -> Call:
        written = Value.call(self)
        kwargs = tuple((key, entry) for key, entry in written.kwargs if key != "elements")
        return Call(written.function, tuple(Pair(pair) for pair in self.elements), kwargs)

    @property
    def columns(self) -> tuple[str, ...]:
        """The elements that are columns."""
        return tuple(element for element, _ in self.elements if isinstance(element, str))


Constraint = (
    PrimaryKeyConstraint
    | UniqueConstraint
    | CheckConstraint
    | ForeignKeyConstraint
    | ExcludeConstraint
)
