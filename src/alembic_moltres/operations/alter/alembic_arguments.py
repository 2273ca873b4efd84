"""Arguments of a block in the form of Alembic's batch: `sa.Column`s, and names of existing items.

A name refers to an item of the table: in the database if online, in the state if replayed. With
`--sql` nothing is read, and an error says what to write instead.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, Protocol, cast

from alembic.operations import Operations

from ...diff import AlterTable
from ...errors import OperationError
from ...messages import argument_text, did_you_mean
from ...schema import (
    CheckConstraint,
    ColumnDef,
    Constraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    TableSchema,
    UniqueConstraint,
    index,
)
from ...schema.tables import PREFIXES
from ..calls import LEFT_OUT
from ..sources import as_schema

STATE: Final = "known_table"
"""The attribute of `op` in a replay: returns the table of a name and a schema at this line."""

TYPES: Final[Mapping[str, type[Any]]] = {
    "unique": UniqueConstraint,
    "foreignkey": ForeignKeyConstraint,
    "primary": PrimaryKeyConstraint,
    "check": CheckConstraint,
}
"""Alembic's names for the types of constraints."""

ALTERED: Final = ("nullable", "type_", "server_default", "comment", "new_column_name", "name")


USING: Final = (
    "; write op.execute('ALTER TABLE ... ALTER COLUMN ... TYPE ... USING ...') in its place"
)
"""What to write instead of `postgresql_using`, which blocks do not have."""


class Block(Protocol):
    """The changes of a block that have been made so far."""

    table_name: str
    schema: str | None

    @property
    def change(self) -> AlterTable:
        """These changes."""


class Arguments:
    """Turns the arguments of one block into values.

    Args:
        operations: the `op` of the script.
        block: the block so far.
    """

    def __init__(self, operations: Operations, block: Block) -> None:
        self._operations, self._block = operations, block
        self._dialects = (operations.impl.dialect,)

    @property
    def _of_table(self) -> str:
        return f"(at the table {str(self._block.table_name)!r})"

    def column(self, given: object, method: str) -> ColumnDef:
        """Return a column, given by its value, its name, or an `sa.Column`.

        Raises:
            OperationError: it is none of these, or there is no column with that name.
        """
        if isinstance(given, ColumnDef):
            return given
        if isinstance(given, str):
            write = f"{method}(column({str(given)!r}, 'INTEGER')), with its own type"
            known = {each.name: each for each in self._known(given, method, write).columns}
            return cast(ColumnDef, self._named(given, known, "column"))
        made: ColumnDef = self.added(given, method)[0]
        return made

    def only(self, given: object, more: Sequence[object], method: str) -> None:
        """Refuse more than one argument: the block knows the table.

        Raises:
            OperationError: there are more.
        """
        if more:
            raise OperationError(
                f"{method} got {given!r} and {argument_text(more[0])} {self._of_table}; write "
                f"{method}(column('age', 'INTEGER')): one column, without the table",
                given,
            )

    def added(self, given: object, method: str) -> tuple[Any, ...]:
        """Return a column, and the constraints and indexes that an `sa.Column` has."""
        import sqlalchemy as sa

        if isinstance(given, ColumnDef):
            return (given,)
        if not isinstance(given, sa.Column):
            raise self._wrong(given, method, "column('age', 'INTEGER')")
        table: sa.Table | None = getattr(given, "table", None)
        if table is not None:
            of_table = as_schema(table, self._dialects)
            return (of_table.column(str(given.name)),)
        if not given.name:
            raise OperationError(
                f"{method} got a column without a name {self._of_table}; write "
                f"{method}(sa.Column('age', sa.Integer()))",
                given,
            )
        block = self._block
        alone = sa.Table(block.table_name, sa.MetaData(), given, schema=block.schema)
        made = as_schema(alone, self._dialects)
        return (*made.columns, *made.constraints, *made.indexes)

    def texts(self, given: Sequence[object], method: str, write: str) -> None:
        """Refuse what is neither a text nor `None`.

        Raises:
            OperationError: one of them is.
        """
        for each in given:
            if each is not None and not isinstance(each, str):
                raise OperationError(
                    f"{method} got {argument_text(each)} {self._of_table}; write {write}", each
                )

    def options(self, *given: object) -> None:
        """Refuse what is no mapping of dialect options.

        Raises:
            OperationError: one of them is none, or an option has no dialect's name.
        """
        for each in given:
            named = isinstance(each, Mapping) and all("_" in key or key == PREFIXES for key in each)
            if not named:
                raise OperationError(
                    f"set_options got {argument_text(each)} {self._of_table}; write "
                    "set_options({'mysql_engine': 'InnoDB'}, {}): the new ones, then the old",
                    each,
                )

    def altered_to(self, old: ColumnDef, new: object) -> ColumnDef:
        """Return the column that `alter_column` has as second argument.

        Raises:
            OperationError: it is a type, or another name.
        """
        import sqlalchemy as sa

        if isinstance(new, ColumnDef | sa.Column):
            return self.column(new, "alter_column")
        name = str(old.name)
        type_ = f"alter_column({name!r}, type_={str(new) if isinstance(new, str) else '...'!r})"
        raise OperationError(
            f"alter_column got {argument_text(new)} after the column {self._of_table}; write "
            f"{type_} for a type, or rename_column({name!r}, 'new') for a name",
            new,
        )

    def name(self, given: object, method: str) -> str:
        """Return the name of a column."""
        import sqlalchemy as sa

        named = given.name if isinstance(given, ColumnDef | sa.Column) else given
        if not isinstance(named, str) or not named:
            raise OperationError(
                f"{method} got {argument_text(given)} {self._of_table}; write "
                f"{method}('old', 'new')",
                given,
            )
        return named

    def constraint(self, given: object, method: str) -> Constraint:
        """Return a constraint, given by its value."""
        if not isinstance(given, Constraint):
            raise self._wrong(given, method, "unique(['a'], name='uq_name')")
        return given

    def dropped_constraint(self, given: object, type_: str | None) -> Constraint:
        """Return a constraint, given by its value or its name; a primary key also by its type.

        Raises:
            OperationError: it is none of these, or of another type.
        """
        if type_ is not None and type_ not in TYPES:
            hint = did_you_mean(type_, TYPES) or f"; write one of {', '.join(TYPES)}"
            raise OperationError(
                f"drop_constraint got type_={type_!r} {self._of_table}{hint}", given
            )
        if not isinstance(given, str) and (given is not None or type_ != "primary"):
            return self.constraint(given, "drop_constraint")
        write = f"drop_constraint(unique(['a'], name={str(given)!r})), or as what it is"
        table = self._known(str(given), "drop_constraint", write)
        named: dict[str, Constraint] = {str(each.name): each for each in table.constraints}
        if type_ == "primary" and (given is None or given not in named):
            alone = [each for each in table.constraints if isinstance(each, TYPES["primary"])]
            named = {str(given): each for each in alone if given is None or each.name is None}
        self._other_kind(given, named, table.indexes, "an index: write drop_index")
        constraint = cast(Constraint, self._named(str(given), named, "constraint"))
        if type_ is not None and not isinstance(constraint, TYPES[type_]):
            raise OperationError(
                f"drop_constraint({given!r}) got type_={type_!r}, and it is {constraint!r} "
                f"{self._of_table}; take type_ out, or correct the name",
                constraint,
            )
        return constraint

    def created_index(
        self, given: object, columns: object, unique: bool, options: Mapping[str, Any]
    ) -> Index:
        """Return an index, given by its value, or by its name and columns."""
        known = self._options(options, "create_index")
        if isinstance(given, Index) and (columns is not None or unique is not False):
            raise OperationError(
                f"create_index got {given!r} and more {self._of_table}; write it into the index: "
                "create_index(index('ix_name', ['a'], unique=True))",
                given,
            )
        if not isinstance(given, str) or columns is None:
            return self._index_value(given, known, "create_index")
        listed = columns if isinstance(columns, Sequence) else (columns,)
        listed = (listed,) if isinstance(listed, str) else listed
        elements = [self._expression(each) for each in listed]
        return index(given, elements, unique, dialect_options=known)

    def dropped_index(self, given: object, options: Mapping[str, Any]) -> Index:
        """Return an index, given by its value or its name."""
        known = self._options(options, "drop_index")
        if isinstance(given, str):
            write = f"drop_index(index({str(given)!r}, ['a'])), with its columns"
            table = self._known(given, "drop_index", write)
            named = {str(each.name): each for each in table.indexes}
            self._other_kind(given, named, table.constraints, "a constraint: write drop_constraint")
            given = self._named(given, named, "index")
        return self._index_value(given, known, "drop_index")

    def _index_value(self, given: object, options: Mapping[str, Any], method: str) -> Index:
        if not isinstance(given, Index):
            raise self._wrong(given, method, "index('ix_name', ['a'])")
        if not options:
            return given
        return replace(given, dialect_options={**given.dialect_options, **options})

    def _options(self, options: Mapping[str, Any], method: str) -> dict[str, Any]:
        """Return the dialect options among keyword arguments."""
        for name in options:
            if name in LEFT_OUT or "_" not in name:
                hint = did_you_mean(name, ("index", "columns", "unique"))
                out = "; leave it out: a block says what the table has at this line"
                raise OperationError(
                    f"{method}() has no argument {name!r} {self._of_table}{hint or out}", name
                )
        return {name: self._expression(value) for name, value in options.items()}

    def _expression(self, given: object) -> Any:
        """Return the value of a SQLAlchemy expression; anything else unchanged."""
        from sqlalchemy.sql import ClauseElement

        from ...convert.dialects import dialects_for
        from ...convert.expressions import freeze_expression

        if not isinstance(given, ClauseElement):
            return given
        return freeze_expression(given, dialects_for(self._dialects), str(self._block.table_name))

    def _other_kind(
        self, name: object, known: Collection[str], others: Iterable[Any], write: str
    ) -> None:
        if name not in known and name in {str(each.name) for each in others}:
            raise OperationError(f"{name!r} is {write}({name!r}) {self._of_table}", name)

    def altered(
        self, old: ColumnDef, new: object, stated: Mapping[str, Any]
    ) -> tuple[ColumnDef, str | None]:
        """Return a column altered by arguments of Alembic's `alter_column`, and its new name.

        Raises:
            OperationError: an argument is not supported here.
        """
        import sqlalchemy as sa
        from sqlalchemy.exc import ArgumentError

        from ...convert.columns import freeze_column
        from ...convert.dialects import dialects_for

        wishes = {key: value for key, value in stated.items() if not key.startswith("existing_")}
        self._refuse_unknown(old, new, wishes)
        self.texts((wishes.get("comment"),), "alter_column", "comment='...'")
        parts: dict[str, Any] = {k: wishes[k] for k in ("nullable", "comment") if k in wishes}
        model: dict[str, Any] = {}
        if wishes.get("server_default", False) is not False:
            model["server_default"] = wishes["server_default"]
        type_ = wishes.get("type_", sa.Integer())
        try:
            made = sa.Column(old.name, sa.Integer() if isinstance(type_, str) else type_, **model)
        except (ArgumentError, TypeError) as err:
            wrong = {"type_": type_, **model}
            shown = ", ".join(
                f"{key}={argument_text(wrong[key])}" for key in wrong if key in wishes
            )
            raise OperationError(
                f"alter_column got {shown} {self._of_table}; write a type such as "
                "type_='VARCHAR(50)', and a default as text or sa.text(): server_default='5'",
                old,
            ) from err
        frozen = freeze_column(made, dialects_for(self._dialects))
        if isinstance(type_, str):
            parts |= {"type_name": type_, "type_variants": {}}
        elif "type_" in wishes:
            parts |= {"type_name": frozen.type_name, "type_variants": frozen.type_variants}
        if model:
            parts["default"] = frozen.default
        return replace(old, **parts), wishes.get("new_column_name", wishes.get("name"))

    def _refuse_unknown(self, old: ColumnDef, new: object, wishes: Mapping[str, Any]) -> None:
        unknown = next((key for key in sorted(wishes) if key not in ALTERED), None)
        if new is None and unknown is None and wishes:
            return
        given = f"only {old.name!r}" if unknown is None else f"the argument {unknown!r}"
        given = given if new is None else "two columns and more"
        write = (
            f"; write the column as it is and as it is to be: alter_column({old!r}, "
            f"column({old.name!r}, 'BIGINT'))"
        )
        if unknown is not None and new is None:
            own_cast = USING if unknown.endswith("_using") else write
            write = did_you_mean(unknown, ALTERED) or own_cast
        raise OperationError(f"alter_column got {given} {self._of_table}{write}", old)

    def _known(self, given: str, method: str, write: str) -> TableSchema:
        """Return the table at this line of the block."""
        table = self._table()
        if table is None:
            raise OperationError(
                f"{method}({str(given)!r}) has a name only, and the table is not read "
                f"{self._of_table}; write {write}",
                given,
            )
        key = (self._block.schema, self._block.table_name)
        return self._block.change.apply({key: table})[key]

    def _table(self) -> TableSchema | None:
        from ...dialects.base.registry import impl_of
        from ...dialects.base.statement_errors import driver_errors

        name, schema = self._block.table_name, self._block.schema
        replayed = getattr(self._operations, STATE, None)
        if replayed is not None:
            return cast("TableSchema | None", replayed(name, schema))
        impl: Any = self._operations.impl
        database = impl_of(impl.dialect)
        if impl.as_sql or impl.connection is None or not database.reads:
            return None
        reading = f"the reading of the table {str(name)!r}"
        with driver_errors(database, impl.connection, None, reading):
            tables = database.read(impl.connection, schema, [name])
        if not tables:
            hint = did_you_mean(name, database.table_names(impl.connection, schema))
            raise OperationError(f"there is no table {name!r}{hint or '; correct the name'}", name)
        return replace(tables[0].table, name=name, schema=schema)

    def _named(self, name: str, known: Mapping[str, object], kind: str) -> object:
        if name not in known:
            hint = did_you_mean(name, known) or "; correct the name"
            raise OperationError(f"there is no {kind} {str(name)!r} {self._of_table}{hint}", name)
        return known[name]

    def _wrong(self, given: object, method: str, write: str) -> OperationError:
        return OperationError(
            f"{method} got {argument_text(given)} {self._of_table}; write {method}({write}), with "
            "the functions of alembic_moltres",
            given,
        )
