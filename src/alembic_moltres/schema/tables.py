"""A table, and the DDL text attached to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from ..errors import SchemaError, UnknownColumnError
from ..messages import argument_text, did_you_mean
from .base import EMPTY, Call, FrozenMapping, Pair, Value, frozen_mapping
from .columns import ColumnDef
from .constraints import (
    CheckConstraint,
    Constraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    content_of,
    description_of,
)
from .indexes import Index

INHERITS = "_inherits"
"""The end of the option that names the tables that a table inherits from."""
PREFIXES = "prefixes"
"""The name of a table's prefixes among its options."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DDL(Value):
    """DDL text that runs with its table: `event` is `after_create`, `before_drop`, ...

    The text is what `sqlalchemy.DDL` takes: `%(table)s`, `%(schema)s`, `%(fullname)s` and the keys
    of `context` are replaced, a percent sign is written twice. `ddl_if` names the dialects.

    >>> DDL("after_create", "ANALYZE %(fullname)s", ddl_if=("postgresql",))
    ddl('after_create', 'ANALYZE %(fullname)s', ddl_if='postgresql')
    """

    event: str
    statement: str
    context: Mapping[str, Any] = EMPTY
    ddl_if: tuple[str, ...] = ()
    _function: ClassVar[str] = "ddl"
    _positional: ClassVar[tuple[str, ...]] = ("event", "statement")
    EVENTS: ClassVar[tuple[str, ...]] = (
        "before_create",
        "after_create",
        "before_drop",
        "after_drop",
    )

    def __post_init__(self) -> None:
        if self.event not in self.EVENTS:
            hint = did_you_mean(self.event, self.EVENTS)
            raise SchemaError(f"DDL runs at {self.event!r}, which is not an event{hint}", self)
        object.__setattr__(self, "context", frozen_mapping(self.context, "DDL"))
        object.__setattr__(self, "ddl_if", tuple(sorted(self.ddl_if)))


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class TableSchema(Value):
    """The definition of a table at one revision, which no later change of a model changes.

    `==` means the same table: the order of columns counts; the order of constraints and indexes
    does not, nor do `if_not_exists`, an option of the operation, and `depends_on`, additional
    dependencies for the creation order.

    Raises:
        SchemaError: the value contradicts itself: a column or an index twice, two primary keys.
        UnknownColumnError: a constraint or an index names a missing column.

    >>> TableSchema("users", [ColumnDef("id", "integer", primary_key=True)])
    TableSchema('users', [column('id', 'INTEGER', nullable=False)], constraints=[primary_key('id')])
    """

    name: str
    columns: tuple[ColumnDef, ...]
    if_not_exists: bool = False
    temporary: bool = False
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = ()
    schema: str | None = None
    comment: str | None = None
    prefixes: tuple[str, ...] = ()
    dialect_options: Mapping[str, Any] = EMPTY
    ddl: tuple[DDL, ...] = ()
    depends_on: tuple[str | Pair, ...] = ()
    _function: ClassVar[str] = "TableSchema"
    _wishes: ClassVar[tuple[str, ...]] = ("if_not_exists", "depends_on")
    _unordered: ClassVar[tuple[str, ...]] = ("constraints", "indexes")

    def __init__(
        self,
        name: str,
        columns: Iterable[ColumnDef],
        if_not_exists: bool = False,
        temporary: bool = False,
        constraints: Iterable[Constraint] = (),
        *,
        indexes: Iterable[Index] = (),
        schema: str | None = None,
        comment: str | None = None,
        prefixes: Iterable[str] = (),
        dialect_options: dict[str, Any] | FrozenMapping[Any] = EMPTY,
        ddl: Iterable[DDL] = (),
        depends_on: Iterable[str | tuple[str, str]] = (),
    ) -> None:
        if not name:
            raise SchemaError("a table has no name; name it", self)
        self._check_texts(name=name, schema=schema, comment=comment)
        put = object.__setattr__
        put(self, "name", name)
        put(self, "columns", self._all("columns", columns))
        self._check_flags(if_not_exists, temporary)
        put(self, "if_not_exists", if_not_exists)
        put(self, "temporary", temporary)
        put(self, "constraints", self._all("constraints", constraints))
        put(self, "indexes", self._all("indexes", indexes))
        put(self, "schema", schema)
        put(self, "comment", comment)
        put(self, "prefixes", tuple(prefixes))
        put(self, "dialect_options", frozen_mapping(dialect_options, f"the table {name!r}"))
        put(
            self,
            "ddl",
            tuple(sorted(self._all("ddl", ddl), key=lambda each: DDL.EVENTS.index(each.event))),
        )
        put(self, "depends_on", _dependencies(depends_on, self))
        self._normalise_primary_key()
        self._check()

    @property
    def key(self) -> str:
        """The name with its schema, as `MetaData.tables` has it."""
        return f"{self.schema}.{self.name}" if self.schema else self.name

    @property
    def primary_key(self) -> PrimaryKeyConstraint | None:
        """The primary key, if the table has one."""
        first = self.constraints[0] if self.constraints else None
        return first if isinstance(first, PrimaryKeyConstraint) else None

    @property
    def foreign_keys(self) -> tuple[ForeignKeyConstraint, ...]:
        """The foreign keys, in their order.

        >>> from alembic_moltres.schema import column, foreign_key, unique
        >>> keys = [unique("a"), foreign_key("a", "users", "id")]
        >>> TableSchema("t", [column("a", "INTEGER")], constraints=keys).foreign_keys
        (foreign_key('a', 'users', 'id'),)
        """
        return tuple(each for each in self.constraints if isinstance(each, ForeignKeyConstraint))

    def column(self, name: str) -> ColumnDef:
        """Return the column of that name.

        Raises:
            UnknownColumnError: there is none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise self._unknown(name, "a look-up")

    def content(self) -> tuple[object, ...]:
        return tuple(
            frozenset(Counter(getattr(self, name)).items())
            if name in self._unordered
            else getattr(self, name)
            for name, _ in self._fields()
            if name not in self._wishes
        )

    def call(self) -> Call:
        written = Value.call(self)
        kwargs = tuple(pair for pair in written.kwargs if pair[0] not in {"name", "columns"})
        return Call("TableSchema", (self.name, self.columns), kwargs)

    def _check_texts(self, **given: object) -> None:
        for field, text in given.items():
            if text is not None and not isinstance(text, str):
                raise SchemaError(
                    f"a table has {field}={argument_text(text)}; write {field}='...'", self
                )

    def _check_flags(self, *given: object) -> None:
        """Refuse what SQLAlchemy's `Table` takes by position, after the columns."""
        for each in given:
            if not isinstance(each, bool):
                place = next((n for n, kind in ITEM_CLASSES.items() if isinstance(each, kind)), "")
                remedy = f"{place}=[...]" if place else "if_not_exists=True or temporary=True"
                raise SchemaError(
                    f"the table {self.name!r} got {argument_text(each)} after its columns; write "
                    f"{remedy}",
                    each,
                )

    def _all(self, place: str, given: Any) -> tuple[Any, ...]:
        """Return the items of one field; SQLAlchemy's `Table` takes all kinds in one list."""
        if isinstance(given, str | Value) or not isinstance(given, Iterable):
            raise SchemaError(
                f"the table {self.name!r} has {place}={argument_text(given)}; write a list: "
                f"{place}=[...]",
                self,
            )
        items, item_class = tuple(given), ITEM_CLASSES[place]
        for item in items:
            if not isinstance(item, item_class):
                right = next(
                    (name for name, kind in ITEM_CLASSES.items() if isinstance(item, kind)), None
                )
                remedy = f"put it into {right}=[...]" if right else _written_as(place, item)
                shown = argument_text(item)
                raise SchemaError(
                    f"the table {self.name!r} has {shown} among its {place}; {remedy}", self
                )
        return items

    def _normalise_primary_key(self) -> None:
        keys = [c for c in self.constraints if isinstance(c, PrimaryKeyConstraint)]
        marked = tuple([column.name for column in self.columns if column.primary_key])
        if len(keys) > 1 or (keys and marked and set(marked) != set(keys[0].columns)):
            raise SchemaError(f"the table {self.key!r} has two primary keys; keep one", self)
        if marked:
            plain = tuple(
                replace(c, primary_key=False) if c.primary_key else c for c in self.columns
            )
            object.__setattr__(self, "columns", plain)
        if marked and not keys:
            keys = [PrimaryKeyConstraint(marked)]
        if keys:
            others = tuple(c for c in self.constraints if c is not keys[0])
            object.__setattr__(self, "constraints", (keys[0], *others))

    def _check(self) -> None:
        names = {column.name for column in self.columns}
        if len(names) != len(self.columns):
            twice = next(
                n for n, count in Counter(c.name for c in self.columns).items() if count > 1
            )
            raise SchemaError(
                f"the column {twice!r} is in the table {self.key!r} twice; remove one", self
            )
        for constraint in self.constraints:
            for name in self._columns_of(constraint):
                if name not in names:
                    raise self._unknown(name, place_of(constraint))
        for index in self.indexes:
            for name in index.columns:
                if name not in names:
                    raise self._unknown(name, f"the index {index.name!r}")
        self._check_index_names()

    def _columns_of(self, constraint: Constraint) -> tuple[str, ...]:
        """Return the columns of this table that a constraint names, a self-reference's included."""
        match constraint:
            case CheckConstraint():
                return ()
            case ForeignKeyConstraint() if self._is_referred_by(constraint):
                return constraint.columns + constraint.references_columns
            case _:
                return constraint.columns

    def _is_referred_by(self, key: ForeignKeyConstraint) -> bool:
        return (key.references_schema, key.references_table) == (self.schema, self.name)

    def _check_index_names(self) -> None:
        seen: dict[str, list[Index]] = {}
        for index in self.indexes:
            for other in seen.setdefault(index.name, []):
                if not index.ddl_if or not other.ddl_if or set(index.ddl_if) & set(other.ddl_if):
                    raise SchemaError(
                        f"the index {index.name!r} is in the table {self.key!r} twice; "
                        "rename or remove one",
                        self,
                    )
            seen[index.name].append(index)

    def _unknown(self, name: str, where: str) -> UnknownColumnError:
        known = [column.name for column in self.columns]
        hint = did_you_mean(name, known) or "; add the column or correct the name"
        return UnknownColumnError(
            f"there is no column {name!r} in the table {self.key!r} (at {where}){hint}", self
        )


def _dependencies(given: Any, table: TableSchema) -> tuple[str | Pair, ...]:
    """Return the tables that one depends on, sorted: a name, or a schema and a name."""
    names = (given,) if isinstance(given, str) else tuple(given)
    for each in names:
        parts = tuple(each) if isinstance(each, tuple | list) else (each,)
        if len(parts) not in {1, 2} or not all(isinstance(part, str) for part in parts):
            raise SchemaError(
                f"the table {table.name!r} depends on {each!r}; write a table's name, or a schema "
                "and a name: depends_on=['users', ('app', 'roles')]",
                table,
            )
    made = {each if isinstance(each, str) else Pair(each) for each in names}
    return tuple(sorted(made, key=lambda each: (each,) if isinstance(each, str) else tuple(each)))


ITEM_CLASSES: Mapping[str, Any] = {
    "columns": ColumnDef,
    "constraints": Constraint,
    "indexes": Index,
    "ddl": DDL,
}
"""The class of the items of each field."""


def place_of(constraint: Constraint) -> str:
    """Return a constraint's description as a place for errors."""
    kind = constraint.function.replace("_", " ")
    return description_of(f"the {kind} constraint", constraint.name, content_of(constraint))


WRITTEN = {
    "columns": "column('id', 'INTEGER')",
    "constraints": "unique(['a'], name='uq_name')",
    "indexes": "index('ix_name', ['a'])",
    "ddl": "ddl('after_create', 'CREATE TRIGGER ...')",
}


def _written_as(place: str, item: object) -> str:
    """Return what to write in place of an item; SQLAlchemy's have functions of the same names."""
    if type(item).__module__.partition(".")[0] == "sqlalchemy":
        return f"it is SQLAlchemy's; write {WRITTEN[place]}, imported from alembic_moltres"
    return f"write {WRITTEN[place]}"


def inherits_of(table: TableSchema) -> tuple[str, ...]:
    """Return the names of the tables that a table inherits from, all in its own schema.

    >>> inherits_of(TableSchema("town", [], dialect_options={"postgresql_inherits": "city"}))
    ('city',)
    """
    for key, names in table.dialect_options.items():
        if key.endswith(INHERITS) and names:
            return (names,) if isinstance(names, str) else tuple(names)
    return ()
