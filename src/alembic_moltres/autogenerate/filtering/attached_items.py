"""Ignores differences in the items of one table that DDL text names; see `attached_ddl`."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from ...dialects.base.align import align
from ...dialects.base.signatures import ReflectedColumn, ReflectedItem, ReflectedTable, matches
from ...dialects.base.unstated import with_options
from ...diff.changes.constraints import immediate
from ...diff.tables import unmatched
from ...schema import CheckConstraint, Constraint, Index
from .attached_text import PARTS, AttachedText

Item = TypeVar("Item", Constraint, Index)


class AttachedItemFilter:
    """Removes what DDL text names from the comparison of one table; `removed` lists them."""

    def __init__(
        self, current: ReflectedTable, desired: ReflectedTable, text: AttachedText
    ) -> None:
        self._current, self._desired, self._text = current, desired, text
        self.removed: list[str] = []

    def sides(self) -> tuple[ReflectedTable, ReflectedTable]:
        """Return both sides without the differences."""
        current, desired = self._current, self._desired
        wanted = {each.column.name for each in desired.columns}
        dropped = {
            str(each.column.name)
            for each in current.columns
            if each.column.name not in wanted and self._text.has(each.column.name)
        }
        self.removed += [f"the column {name!r}" for name in sorted(dropped)]
        aligned = align(current, desired)
        constraints, _ = unmatched(aligned.constraints, desired.table.constraints, key=immediate)
        indexes, _ = unmatched(aligned.indexes, desired.table.indexes)
        columns = tuple(each for each in current.columns if each.column.name not in dropped)
        kept = replace(current, columns=columns).with_items(
            constraints=self._without(
                current.constraints, desired.constraints, constraints, dropped
            ),
            indexes=self._without(current.indexes, desired.indexes, indexes, dropped),
        )
        return kept, self._with_options(self._with_comment(self._with_columns(desired)))

    def _without(
        self,
        current: tuple[ReflectedItem[Item], ...],
        desired: tuple[ReflectedItem[Item], ...],
        unmatched: list[Item],
        dropped: set[str],
    ) -> tuple[ReflectedItem[Item], ...]:
        names = {each.item.name for each in desired}
        ignored = [
            each
            for each in current
            if any(each.item is item for item in unmatched)
            and each.item.name not in names
            and self._is_named(each.item, dropped)
        ]
        for each in ignored:
            kind = each.item.function.replace("_", " ")
            self.removed.append(f"the {kind} {each.item.name!r}")
        return tuple(each for each in current if not any(each is other for other in ignored))

    def _is_named(self, item: Constraint | Index, dropped: set[str]) -> bool:
        if item.name is not None and self._text.has(item.name):
            return True
        columns = set() if isinstance(item, CheckConstraint) else set(map(str, item.columns))
        if columns & dropped:
            return True
        return type(item) in self._text.nameless and all(map(self._text.has, columns))

    def _with_columns(self, desired: ReflectedTable) -> ReflectedTable:
        """Return the desired table with the column attributes that the text changes."""
        existing = {each.column.name: each for each in self._current.columns}
        columns = tuple(
            self._with_parts(each, existing[each.column.name])
            if each.column.name in existing
            else each
            for each in desired.columns
        )
        return desired if columns == desired.columns else desired.with_items(columns=columns)

    def _with_parts(self, desired: ReflectedColumn, current: ReflectedColumn) -> ReflectedColumn:
        column, signature = desired.column, desired.signature
        for part, fields in PARTS.items():
            ours = getattr(current.signature, part)
            if matches(ours, getattr(signature, part)) or not self._text.changes(column.name, part):
                continue
            column = replace(column, **{name: getattr(current.column, name) for name in fields})
            signature = replace(signature, **{part: ours})
            self.removed.append(f"the {part} of the column {str(column.name)!r}")
        return desired if column is desired.column else ReflectedColumn(column, signature)

    def _with_comment(self, desired: ReflectedTable) -> ReflectedTable:
        """Return the desired table with the comment that the text sets."""
        ours, name = self._current.comment, desired.table.name
        if desired.comment == ours or not self._text.changes(name, "comment"):
            return desired
        self.removed.append("its comment")
        return replace(desired, comment=ours, table=replace(desired.table, comment=ours))

    def _with_options(self, desired: ReflectedTable) -> ReflectedTable:
        ours = self._current.options
        keys = [
            key
            for key, text in ours.items()
            if text != desired.options.get(key) and self._text.has(_option(key))
        ]
        if not keys:
            return desired
        self.removed += [f"the option {_option(key)!r}" for key in keys]
        return replace(
            desired,
            table=with_options(desired.table, self._current.table, keys),
            options={**desired.options, **{key: ours[key] for key in keys}},
        )


def _option(key: str) -> str:
    """Return an option's name in DDL: `fillfactor` for `postgresql_with.fillfactor`."""
    prefixed = key.rpartition(".")[2]
    return prefixed if "." in key else prefixed.partition("_")[2] or prefixed
