"""`CockroachDBImpl`: CockroachDB, where it differs from PostgreSQL; written to, not read.

It runs no DO blocks with exception handlers, has no domains, does not drop a type that another
table uses, and accepts most actions of ALTER TABLE one at a time only (its manual: CREATE TYPE,
ALTER TYPE, DROP TYPE, ALTER TABLE, DROP INDEX). Enum types change without a swap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import DDLCompiler

from ..convert.names import thaw_name
from ..datatypes import DataType
from ..diff import AlterColumn, AlterEnum, AlterSequence, AlterTable, SetOptions
from ..errors import OperationError
from ..schema import Constraint, ExcludeConstraint, UniqueConstraint
from ..sqltext import POSTGRESQL
from .base.constraint_names import with_generated_name
from .base.locks import Locks
from .base.statement import RawDDL, Statement
from .postgresql.alter_columns import AlteredColumn
from .postgresql.alter_table import PostgreSQLAlteration, run_alteration
from .postgresql.casts import bare_type
from .postgresql.constraint_names import LIMIT
from .postgresql.identity import SERIAL, source
from .postgresql.impl import PostgreSQLImpl
from .postgresql.type_ddl import CreateNamedType, DropNamedType, drop_enum_type, refuse_domain

if TYPE_CHECKING:
    from .base.execution import Execution

INTEGERS = frozenset({"SMALLINT", "INTEGER", "BIGINT"})
"""Types that are converted to each other without USING."""


class CockroachDBImpl(PostgreSQLImpl):
    """CockroachDB: PostgreSQL's DDL without its DO blocks."""

    names = ("cockroachdb",)
    features = replace(
        PostgreSQLImpl.features,
        reads=False,
        index_names_in_schema=False,
        keys_are_indexes=False,
        keeps_generated_names=False,
        when_connected={**PostgreSQLImpl.features.when_connected, "supports_smallserial": False},
        enum_package=None,
    )

    def locks(self) -> Locks:
        """Return the base class without locks: CockroachDB's advisory locks have no effect."""
        return Locks(self.dialect)

    def alter_table(self, execution: Execution, change: AlterTable) -> None:
        run_alteration(CockroachDBAlteration(execution, change), change)

    def alter_sequence(self, change: AlterSequence) -> Iterable[Statement]:
        from .base.alter_sequence import alter_sequence

        return alter_sequence(self, change)

    def alter_enum(self, change: AlterEnum) -> Iterable[Statement]:
        """Rename, add and drop labels, each with its own statement.

        The database refuses to drop a label that rows contain.

        Raises:
            OperationError: labels change their order.
        """
        before, after = change.types()
        kept = [change.renamed.get(str(label), str(label)) for label in before.args]
        name = self._type_name(after)
        subject = f"the enum type {name.replace(chr(34), '')!r}"
        actions = [
            *(
                f"RENAME VALUE {POSTGRESQL.literal(old)} TO {POSTGRESQL.literal(new)}"
                for old, new in change.renamed.items()
            ),
            *changed_labels(kept, [str(label) for label in after.args], subject),
        ]
        return [Statement(RawDDL(f"ALTER TYPE {name} {action}"), subject) for action in actions]

    def default_constraint_name(
        self, table: str, kind: type[Constraint], columns: Sequence[str]
    ) -> str | None:
        """Return PostgreSQL's name if it is not truncated: names are longer here."""
        name = super().default_constraint_name(table, kind, columns)
        return None if name is None or len(name.encode()) >= LIMIT else name

    def _type_name(self, type_: DataType) -> str:
        preparer: Any = self.dialect.identifier_preparer
        schema = type_.kwargs.get("schema")
        parts = [str(part) for part in (schema, type_.kwargs["name"]) if part is not None]
        return ".".join(preparer.quote(thaw_name(part)) for part in parts)


def changed_labels(current: Sequence[str], desired: Sequence[str], subject: str) -> Iterator[str]:
    """Yield the actions of ALTER TYPE that add and drop labels, added ones first.

    Raises:
        OperationError: kept labels change their order.

    >>> list(changed_labels(["a", "c"], ["a", "b"], "the enum type 'e'"))
    ["ADD VALUE 'b' AFTER 'a'", "DROP VALUE 'c'"]
    """
    staying = [label for label in desired if label in current]
    if staying != [label for label in current if label in desired]:
        raise OperationError(
            f"cockroachdb cannot reorder labels (at {subject}); create a second type, change the "
            "columns to it, and drop the first",
            subject,
        )
    previous = None
    for label in desired:
        if label not in current:
            place = f" AFTER {POSTGRESQL.literal(previous)}" if previous is not None else ""
            if previous is None and current:
                place = f" BEFORE {POSTGRESQL.literal(current[0])}"
            yield f"ADD VALUE {POSTGRESQL.literal(label)}{place}"
        previous = label
    yield from (
        f"DROP VALUE {POSTGRESQL.literal(label)}" for label in current if label not in desired
    )


@compiles(CreateNamedType, "cockroachdb")
def _create_type(element: CreateNamedType, compiler: DDLCompiler, **_: Any) -> str:
    refuse_domain(element, compiler)
    preparer: Any = compiler.preparer
    labels = ", ".join(POSTGRESQL.literal(str(label)) for label in element.type.enums)
    return f"CREATE TYPE IF NOT EXISTS {preparer.format_type(element.type)} AS ENUM ({labels})"


@compiles(DropNamedType, "cockroachdb")
def _drop_type(element: DropNamedType, compiler: DDLCompiler, **_: Any) -> str:
    return drop_enum_type(element, compiler)


class CockroachDBColumn(AlteredColumn):
    """Alters a column with a separate statement for each action.

    ALTER COLUMN TYPE cannot be combined with another action, nor a DROP COLUMN with an ADD COLUMN
    of the same name.
    """

    blocks: ClassVar[bool] = False

    def alter(self) -> None:
        if self._renumbered():
            raise OperationError(
                f"cockroachdb cannot change how the column {self.desired.name!r} autoincrements "
                f"(at {self.ddl.of_table}); add a second column, fill it with op.execute(), "
                "drop the first and rename the second",
                self.desired,
            )
        super().alter()

    def _renumbered(self) -> bool:
        """Tell whether PostgreSQL would look up the SERIAL's sequence in a DO block."""
        before, after = source(self.current), source(self.desired)
        if before == after:
            return before == SERIAL and self.retyped
        return after is not None or before == SERIAL

    def _add(self, actions: list[str]) -> None:
        for action in actions:
            self.builder.flush()
            super()._add([action])
        self.builder.flush()

    def _recreate(self) -> None:
        alter = f"ALTER TABLE {self.ddl.table}"
        self.builder.separate(f"{alter} DROP COLUMN {self.after.name}")
        self.builder.separate(f"{alter} ADD COLUMN {self.after.definition}")

    def _drops(self) -> list[str]:
        actions = super()._drops()
        return ["DROP STORED" if each == "DROP EXPRESSION" else each for each in actions]

    def _using(self) -> str | None:
        """Return the conversion, which is required except between integers."""
        conversion = super()._using()
        old, new = (bare_type(text) for text in self.types)
        if conversion is not None or old == new or {old, new} <= INTEGERS:
            return conversion
        return f"{self.after.name}::{self.types[1]}"


class CockroachDBAlteration(PostgreSQLAlteration):
    """Turns the changes of a table into statements."""

    def altered_column(self, change: AlterColumn) -> AlteredColumn:
        return CockroachDBColumn(
            self.builder, change.current, change.desired, fill_null=change.fills_null
        )

    def add_constraint(self, constraint: Constraint) -> None:
        if isinstance(constraint, ExcludeConstraint):
            raise OperationError(
                f"cockroachdb has no exclude constraints (at {self.ddl.of_table}); "
                "leave it out with ddl_if",
                constraint,
            )
        super().add_constraint(constraint)

    def set_options(self, change: SetOptions) -> None:
        refused = [
            name
            for name in (*change.current, *change.desired)
            if name.startswith("postgresql_")
            and name != "postgresql_with"
            and change.current.get(name) != change.desired.get(name)
        ]
        if refused:
            raise OperationError(
                f"cockroachdb cannot change the option {refused[0]!r} (at {self.ddl.of_table}); "
                "leave it out of set_options",
                refused[0],
            )
        super().set_options(change)

    def _drop(self, constraint: Constraint) -> None:
        """Drop a constraint; a unique one is dropped as an index."""
        if not isinstance(constraint, UniqueConstraint):
            super()._drop(constraint)
            return
        named_constraint = with_generated_name(
            self.execution, self.ddl.name, self.ddl.schema, constraint
        )
        made = self.ddl.thawed_constraint(named_constraint)
        if made is not None:
            self.builder.separate(
                f"DROP INDEX {self.ddl.table}@{self.ddl.constraint_name(made)} CASCADE",
                f"the unique constraint {named_constraint.name!r} of {self.ddl.of_table}",
            )


IMPL = CockroachDBImpl
