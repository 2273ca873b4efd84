"""Ignores differences in what the DDL text of events names: indexes, columns, options, tables.

Such text runs with its table and is not compared, so the database has items that no model states.
An item whose name is in the text is assumed to be made by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ...convert import metadata_ddl
from ...dialects.base.reflection import Key
from ...dialects.base.signatures import ReflectedTable
from ...messages import COMPARISON_LOGGER, get_logger
from ...schema import TableSchema
from ...schema.dialects import is_for_dialect
from ...sqltext import Syntax
from ..gather import DesiredTable, ModelTable
from .attached_text import AttachedText

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

log = get_logger(COMPARISON_LOGGER)

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
        from .attached_items import AttachedItemFilter

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
