"""Ignores differences in what the DDL text of events names: indexes, columns, options, tables.

Such text runs with its table and is not compared, so the database has items that no model states.
An item whose name is in the text is assumed to be made by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from ...convert import metadata_ddl
from ...dialects.base.align import align
from ...dialects.base.reflection import Key
from ...dialects.base.signatures import ReflectedColumn, ReflectedItem, ReflectedTable, matches
from ...dialects.base.unstated import with_options
from ...diff.changes.constraints import immediate
from ...diff.tables import unmatched
from ...messages import COMPARISON_LOGGER, get_logger
from ...schema import CheckConstraint, Constraint, Index, TableSchema
from ...schema.dialects import is_for_dialect
from ...sqltext import Syntax
from ..gather import DesiredTable, ModelTable
from .attached_text import PARTS, AttachedText

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

log = get_logger(COMPARISON_LOGGER)

Item = TypeVar("Item", Constraint, Index)

MAKING = ("before_create", "after_create")
"""The events whose text makes something permanent."""


def attached_ddl(
    autogen_context: AutogenContext, models: Mapping[Key, DesiredTable], syntax: Syntax
) -> AttachedDDL:
    """Return the DDL text attached to the models."""
    dialect = autogen_context.dialect
    statements = [
        statement
        for metadata in dict.fromkeys(
            model.live.metadata for model in models.values() if isinstance(model, ModelTable)
        )
        for statement in metadata_ddl(metadata, dialect)
    ]
    tables = [model.compared for model in models.values()]
    return AttachedDDL(tables, statements, syntax, dialect.name)


class AttachedDDL:
    """The DDL text attached to all models.

    Args:
        models: the tables that the database should have.
        statements: the text attached to their MetaData.
        syntax: of the database.
        prefix: the dialect's name.
    """

    def __init__(
        self, models: Iterable[TableSchema], statements: Iterable[str], syntax: Syntax, prefix: str
    ) -> None:
        self._syntax, self._prefix = syntax, prefix
        self._common = AttachedText.of(statements, syntax)
        self._texts = {each.key: self._text(each) for each in models if each.ddl}
        self._logged: set[tuple[str, str]] = set()

    def _text(self, table: TableSchema) -> AttachedText:
        statements = [
            expanded(ddl.statement, table, ddl.context)
            for ddl in table.ddl
            if ddl.event in MAKING and is_for_dialect(ddl.ddl_if, self._prefix)
        ]
        return AttachedText.of(statements, self._syntax)

    def is_created_by_ddl(self, table: TableSchema) -> bool:
        """Whether attached DDL creates the table."""
        key = next(
            (key for key, text in self._texts.items() if text.has(table.name)),
            "the MetaData" if self._common.has(table.name) else None,
        )
        if key is not None:
            self._log(key, f"the table {table.key!r}")
        return key is not None

    def without_attached(
        self, current: ReflectedTable, desired: ReflectedTable
    ) -> tuple[ReflectedTable, ReflectedTable]:
        """Return both sides without differences in what the table's text names.

        Args:
            current: the table in the database.
            desired: the table in the models.
        """
        text = self._texts.get(desired.table.key, AttachedText()).joined(self._common)
        if not text.names:
            return current, desired
        item_filter = AttachedItemFilter(current, desired, text)
        sides = item_filter.sides()
        for what in item_filter.removed:
            self._log(desired.table.key, what)
        return sides

    def _log(self, owner: str, what: str) -> None:
        if (owner, what) not in self._logged:
            self._logged.add((owner, what))
            log.info("The DDL attached to %s names %s, which is ignored", owner, what)


def expanded(statement: str, table: TableSchema, context: Any = ()) -> str:
    """Return DDL text as it runs for a table, names without quotes; unchanged if it cannot expand.

    >>> expanded("CREATE INDEX ix_%(table)s ON %(fullname)s (a)", TableSchema("t", [], schema="s"))
    'CREATE INDEX ix_t ON s.t (a)'
    """
    names = {"table": table.name, "schema": table.schema or "", "fullname": table.key}
    try:
        return statement % {**names, **dict(context)}
    except (KeyError, TypeError, ValueError):
        return statement


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
