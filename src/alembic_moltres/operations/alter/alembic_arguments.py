"""Arguments of a block as Alembic's batch takes them: `sa.Column`s, and names of what there is.

A name stands for what the table has: in the database online, in the state of a replay. With `--sql`
nothing is read, and the error says what to write. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from ...diff import AlterTable
from ...errors import OperationError, did_you_mean
from ...schema import ColumnDef, Constraint, Index, TableSchema, index
from ..sources import as_schema

if TYPE_CHECKING:
    from alembic.operations import Operations

STATE: Final = "known_table"
"""What `op` has in a replay: gives the table of a name and a schema at this line."""

METHODS: Final = {
    "create_unique_constraint": "add_constraint(unique(['a'], name='uq_name'))",
    "create_check_constraint": "add_constraint(check('a > 0', name='ck_name'))",
    "create_foreign_key": "add_constraint(foreign_key('a', 'other', 'id', name='fk_name'))",
    "create_primary_key": "add_constraint(primary_key(['a'], name='pk_name'))",
    "create_exclude_constraint": "add_constraint(exclude(('a', '='), name='ex_name'))",
    "create_table_comment": "set_comment('new', 'old')",
    "drop_table_comment": "set_comment(None, 'old')",
    "create_column": "add_column(column('a', 'INTEGER'))",
    "remove_column": "drop_column(column('a', 'INTEGER'))",
    "add_index": "create_index(index('ix_name', ['a']))",
    "rename": "rename_column('old', 'new')",
    "execute": "op.execute() outside of the block",
}
"""What to write for methods that blocks do not have."""

OWN: Final = (
    *("add_column", "drop_column", "alter_column", "rename_column", "add_constraint"),
    *("drop_constraint", "create_index", "drop_index", "set_comment", "set_options"),
    "rename_generated_names",
)
ALTERED: Final = ("nullable", "type_", "server_default", "comment", "new_column_name", "name")


class Block(Protocol):
    """The block so far."""

    table_name: str
    schema: str | None

    @property
    def change(self) -> AlterTable:
        """Its changes."""


class Arguments:
    """Turns the arguments of one block into values.

    Args:
        operations: what the script has as `op`.
        block: the block so far.
    """

    def __init__(self, operations: Operations, block: Block) -> None:
        self._operations, self._block = operations, block
        self._dialects = (operations.impl.dialect,)

    @property
    def _of_table(self) -> str:
        return f"(at the table {str(self._block.table_name)!r})"

    def column(self, given: object, method: str) -> ColumnDef:
        """Return a column by its value, its name, or SQLAlchemy's form of it.

        Raises:
            OperationError: it is none of these, or the name is not known.
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
        """Refuse more than one argument: the block has the table already.

        Raises:
            OperationError: there are more.
        """
        if more:
            raise OperationError(
                f"{method} got {given!r} and {called(more[0])} {self._of_table}; write "
                f"{method}(column('age', 'INTEGER')): one column, without the table",
                given,
            )

    def added(self, given: object, method: str) -> tuple[Any, ...]:
        """Return a column, then the constraints and indexes that SQLAlchemy's form of it brings."""
        import sqlalchemy as sa

        if isinstance(given, ColumnDef):
            return (given,)
        if not isinstance(given, sa.Column):
            raise self._wrong(given, method, "column('age', 'INTEGER')")
        table: sa.Table | None = getattr(given, "table", None)
        if table is not None:
            of_table = as_schema(table, self._dialects)
            return (of_table.column(str(given.name)),)
        block = self._block
        alone = sa.Table(block.table_name, sa.MetaData(), given, schema=block.schema)
        made = as_schema(alone, self._dialects)
        return (*made.columns, *made.constraints, *made.indexes)

    def constraint(self, given: object, method: str) -> Constraint:
        """Return a constraint by its value or its name."""
        if isinstance(given, str):
            write = f"{method}(unique(['a'], name={str(given)!r})), or as what it is"
            known = {str(each.name): each for each in self._known(given, method, write).constraints}
            return cast(Constraint, self._named(given, known, "constraint"))
        if not isinstance(given, Constraint):
            raise self._wrong(given, method, "unique(['a'], name='uq_name')")
        return given

    def index(self, given: object, columns: object, unique: bool, method: str) -> Index:
        """Return an index by its value, its name, or its name and columns."""
        if isinstance(given, str) and columns is not None:
            listed = (columns,) if isinstance(columns, str) else columns
            if not isinstance(listed, Iterable):
                raise self._wrong(columns, method, "index('ix_name', ['a'])")
            return index(given, cast("Sequence[str]", listed), unique)
        if isinstance(given, str) and method == "drop_index":
            write = f"{method}(index({str(given)!r}, ['a'])), with its columns"
            known = {str(each.name): each for each in self._known(given, method, write).indexes}
            return cast(Index, self._named(given, known, "index"))
        if not isinstance(given, Index):
            raise self._wrong(given, method, "index('ix_name', ['a'])")
        return given

    def altered(
        self, old: ColumnDef, new: object, stated: Mapping[str, Any]
    ) -> tuple[ColumnDef, str | None]:
        """Return a column with Alembic's arguments of `alter_column`, and its new name.

        Raises:
            OperationError: one of them is not known here.
        """
        import sqlalchemy as sa

        from ...convert.columns import freeze_column
        from ...convert.dialects import dialects_for

        wishes = {key: value for key, value in stated.items() if not key.startswith("existing_")}
        unknown = sorted(wishes.keys() - set(ALTERED))
        if new is not None or unknown or not wishes:
            given = f"the argument {unknown[0]!r}" if unknown else f"only {old.name!r}"
            given = "two columns and more" if new is not None else given
            raise OperationError(
                f"alter_column got {given} {self._of_table}; write the column as it is and as it "
                f"is to be: alter_column({old!r}, column({old.name!r}, 'BIGINT'))",
                old,
            )
        parts: dict[str, Any] = {k: wishes[k] for k in ("nullable", "comment") if k in wishes}
        model: dict[str, Any] = {}
        if wishes.get("server_default", False) is not False:
            model["server_default"] = wishes["server_default"]
        made = sa.Column(old.name, wishes.get("type_", sa.Integer()), **model)
        frozen = freeze_column(made, dialects_for(self._dialects))
        if "type_" in wishes:
            parts |= {"type_name": frozen.type_name, "type_variants": frozen.type_variants}
        if model:
            parts["default"] = frozen.default
        return replace(old, **parts), wishes.get("new_column_name", wishes.get("name"))

    def _known(self, given: str, method: str, write: str) -> TableSchema:
        """Return the table as it is at this line of the block."""
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

        name, schema = self._block.table_name, self._block.schema
        replayed = getattr(self._operations, STATE, None)
        if replayed is not None:
            return cast("TableSchema | None", replayed(name, schema))
        impl: Any = self._operations.impl
        database = impl_of(impl.dialect)
        if impl.as_sql or impl.connection is None or not database.reads:
            return None
        found = database.read(impl.connection, schema, [name])
        if not found:
            hint = did_you_mean(name, database.table_names(impl.connection, schema))
            raise OperationError(f"there is no table {name!r}{hint or '; correct the name'}", name)
        return replace(found[0].table, name=name, schema=schema)

    def _named(self, name: str, known: Mapping[str, object], kind: str) -> object:
        if name not in known:
            hint = did_you_mean(name, known) or "; correct the name"
            raise OperationError(f"there is no {kind} {str(name)!r} {self._of_table}{hint}", name)
        return known[name]

    def _wrong(self, given: object, method: str, write: str) -> OperationError:
        return OperationError(
            f"{method} got {called(given)} {self._of_table}; write {method}({write}), with "
            "the functions of alembic_moltres",
            given,
        )


def called(given: object) -> str:
    """Return what an argument is, for an error; what another import has shadowed is named so."""
    kind = type(given)
    if kind.__module__.partition(".")[0] == "sqlalchemy":
        return f"SQLAlchemy's {kind.__name__}"
    return repr(given)


def missing_method(name: str) -> OperationError | None:
    """Return the error for a method that blocks do not have, `None` if nothing is near."""
    if name in METHODS:
        return OperationError(f"a block has no {name}(); write {METHODS[name]}", name)
    hint = did_you_mean(name, OWN)
    return OperationError(f"a block has no {name}(){hint}", name) if hint else None
