"""Alters one column: its type, default, nullability, expression, and autoincrement.

The order of the actions in one ALTER TABLE does not matter: PostgreSQL drops first, then changes
types, and sets defaults and NOT NULL last (its sources, `tablecmds.c`, "AlterTablePass").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ...diff.tables import unmatched
from ...schema.base import distinct
from .casts import bare_type, using
from .column_types import create_types_and_sequences, drop_types_and_sequences, has_named_type
from .identity import NumberSource

if TYPE_CHECKING:
    from ...schema import CheckConstraint, ColumnDef
    from ..base.alter_table import AlterTableBuilder


class AlteredColumn:
    """Alters the column `current` to `desired`.

    Attributes:
        blocks: whether the database has DO blocks.
        recreated: whether it is dropped and added, since PostgreSQL cannot change a generated
            column.
        checks_dropped: the CHECKs of its definition that are dropped.
        checks_added: those that are added.
    """

    blocks: ClassVar[bool] = True

    def __init__(
        self,
        builder: AlterTableBuilder,
        current: ColumnDef,
        desired: ColumnDef,
        *,
        fill_null: bool = False,
    ) -> None:
        self.builder, self.ddl = builder, builder.ddl
        self.current, self.desired, self.fill_null = current, desired, fill_null
        self.before, self.after = self.ddl.column(current), self.ddl.column(desired)
        self.types = (self.before.type, self.after.type)
        self.defaults = (self.before.default, self.after.default)
        self.retyped = self.types[0] != self.types[1]
        self.using = self._using() if self.retyped else None
        self.recreated = self._is_recreated()
        dropped, added = unmatched(current.constraints, desired.constraints)
        self.checks_dropped: list[CheckConstraint] = [] if self.recreated else dropped
        self.checks_added: list[CheckConstraint] = [] if self.recreated else added

    def alter(self) -> None:
        """Add the statements to the builder."""
        create_types_and_sequences(self.builder, self.after, self.before)
        if self.recreated:
            self._recreate()
        else:
            self._alter()
        drop_types_and_sequences(self.builder, self.before, self.after)

    def _alter(self) -> None:
        source = NumberSource(self.builder, self.before, self.after, blocks=self.blocks)
        source.before()
        if self.retyped and self._drops_identity():
            self._add(["DROP IDENTITY"])  # a statement before: one looks at the column as it is
        actions = [*self._drops(), *self._type(), *self._default()]
        not_null = self.current.nullable and not self.desired.nullable
        if not_null and not self.fill_null:
            actions.append("SET NOT NULL")
        self._add(actions)
        if not_null and self.fill_null:
            name, table = self.after.name, self.ddl.table
            self.builder.separate(f"UPDATE {table} SET {name} = DEFAULT WHERE {name} IS NULL")
            self._add(["SET NOT NULL"])
        source.after()

    def _recreate(self) -> None:
        name = self.desired.name
        self.builder.add(f"DROP COLUMN {self.after.name}", touching=("column", name))
        self.builder.add(f"ADD COLUMN {self.after.definition}", touching=("added", name))

    def _add(self, actions: list[str]) -> None:
        if actions:
            self.builder.add(
                *(f"ALTER COLUMN {self.after.name} {action}" for action in actions),
                touching=("column", self.desired.name),
            )

    def _is_recreated(self) -> bool:
        if self.desired.computed is None:
            return False
        return self.current.computed != self.desired.computed or self.using is not None

    def _using(self) -> str | None:
        named = all(has_named_type(self.builder, each) for each in (self.before, self.after))
        return using(*self.types, self.after.name, named=named)

    def _drops(self) -> list[str]:
        actions = []
        if self.current.computed is not None and self.desired.computed is None:
            actions.append("DROP EXPRESSION")
        if self._drops_identity() and not self.retyped:
            actions.append("DROP IDENTITY")
        if self.desired.nullable and not self.current.nullable:
            actions.append("DROP NOT NULL")
        return actions

    def _drops_identity(self) -> bool:
        return self.current.identity is not None and self.desired.identity is None

    def _type(self) -> list[str]:
        if not self.retyped:
            return []
        conversion = f" USING {self.using}" if self.using else ""
        changed = [f"TYPE {self.types[1]}{conversion}"]
        if self._default_in_the_way():
            return ["DROP DEFAULT", *changed]
        return changed

    def _default_in_the_way(self) -> bool:
        """Tell whether PostgreSQL cannot convert the old default to the new type."""
        families = [bare_type(text) for text in self.types]
        return self.defaults[0] is not None and families[0] != families[1]

    def _default(self) -> list[str]:
        before, after = self.defaults
        if before is None and after is None:
            return []
        dropped = self.retyped and self._default_in_the_way()
        same = distinct(self.current.default) == distinct(self.desired.default)
        if after is None:
            return [] if dropped else ["DROP DEFAULT"]
        return [] if same and not dropped else [f"SET DEFAULT {after}"]
