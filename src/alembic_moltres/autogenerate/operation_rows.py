"""Operations as lines of text, including those of Alembic and of other packages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, Final

from alembic.operations.ops import MigrateOperation, MigrationScript

from ..diff import AlterTable, Change
from ..diff.changes.base import called
from ..diff.summary import SHORT, Row, lines, summary
from ..messages import one_line
from ..operations import MoltresAlterTableOp
from ..operations.value_op import TableOp, ValueOp
from ..schema.item_text import ItemText

ACTIONS: Final = {"add": "add", "create": "add", "remove": "drop", "drop": "drop"}
"""The action for the first word of a diff tuple; any other word alters."""

FULL_KINDS: Final = {"fk": "foreign key"}


def operation_rows(
    operations: Iterable[MigrateOperation], longest: int | None = SHORT.longest
) -> list[Row]:
    """Return the rows of operations, in their order; see `summary`.

    Args:
        operations: of one direction of a script.
        longest: see `ItemText`.

    >>> from alembic_moltres.diff import DropColumn
    >>> from alembic_moltres.operations.value_op import operation_of
    >>> from alembic_moltres.schema import column
    >>> change = AlterTable("users", None, (DropColumn(column("mail", "TEXT")),))
    >>> [str(row) for row in operation_rows([operation_of(change)])]
    ['- column mail TEXT']
    """
    rows: list[Row] = []
    remarks: dict[int, Sequence[str]] = {}
    flat = _flat(operations, remarks)
    for is_change, group in groupby(flat, lambda each: isinstance(each[0], Change)):
        pairs: list[Any] = list(group)
        if is_change:
            texts = ItemText(_lineage(pairs[0][1]), longest)
            rows += summary([change for change, _ in pairs], texts)
        else:
            texts = ItemText(longest=longest)
            rows += [row for operation, _ in pairs for row in _foreign(operation, texts)]
    return [replace(row, remarks=tuple(remarks.get(id(row.change), ()))) for row in rows]


def script_rows(
    scripts: Iterable[MigrationScript], longest: int | None = SHORT.longest
) -> dict[str, list[Row]]:
    """Return the rows of scripts' upgrades, by database name.

    A single database has no name; with `multidb` the name is that of its `upgrade_token`.
    """
    rows_by_database: dict[str, list[Row]] = {}
    for script in scripts:
        several = len(script.upgrade_ops_list) > 1
        for upgrade in script.upgrade_ops_list:
            name = upgrade.upgrade_token.removesuffix("_upgrades") if several else ""
            rows_by_database.setdefault(name, []).extend(operation_rows(upgrade.ops, longest))
    return rows_by_database


def text_of(rows: dict[str, list[Row]]) -> Iterator[tuple[str, Row | None]]:
    """Yield lines of text, each with its row; with several databases, their names are above."""
    for name, of_database in rows.items():
        if name and of_database:
            yield one_line(f"{ItemText().name(name)}:"), None
        indent = "  " if name else ""
        yield from ((f"{indent}{text}", row) for text, row in lines(of_database))


def _flat(
    operations: Iterable[Any], remarks: dict[int, Sequence[str]]
) -> Iterator[tuple[Any, Sequence[Any]]]:
    """Yield changes, or operations that are not ours, each with its dialects.

    Args:
        operations: of a script.
        remarks: collects the remarks on changes, by the change's `id()`.
    """
    for each in operations:
        dialects = getattr(each, "dialects", ())
        if isinstance(each, MoltresAlterTableOp):
            yield from _inside(each, remarks)
        elif isinstance(each, ValueOp) and not isinstance(each, TableOp):
            change = each.change
            remarks[id(change)] = each.remarks
            yield change, dialects
        elif hasattr(each, "ops"):
            yield from _flat(each.ops, remarks)
        else:
            yield each, dialects


def _inside(
    block: MoltresAlterTableOp, remarks: dict[int, Sequence[str]]
) -> Iterator[tuple[Any, Sequence[Any]]]:
    """Yield the changes of a block, without the index that is dropped with its key (no `ops`)."""
    shown = [each for each in block.ops if getattr(each, "ops", True)]
    for is_ours, group in groupby(shown, lambda each: isinstance(each, TableOp)):
        operations: list[Any] = list(group)
        if is_ours:
            changes = tuple(each.change for each in operations)
            remarks |= {
                id(change): each.remarks for change, each in zip(changes, operations, strict=True)
            }
            yield AlterTable(block.table_name, block.schema, changes), _dialects(operations)
        else:
            yield from ((each, ()) for each in operations)


def _dialects(operations: Iterable[Any]) -> Sequence[Any]:
    return next((each.dialects for each in operations if each.dialects), ())


def _lineage(dialects: Sequence[Any]) -> tuple[str, ...]:
    from ..convert.dialects import lineage

    return lineage(dialects[0]) if dialects else ()


def _foreign(operation: Any, texts: ItemText) -> Iterator[Row]:
    """Yield the rows of an operation of Alembic's or of another package, by its diff tuples."""
    try:
        diffs = operation.to_diff_tuple()
    except NotImplementedError:  # an operation that autogenerate never makes
        diffs = (type(operation).__name__,)
    for each in diffs if isinstance(diffs, list) else [diffs]:
        word, *content = each
        first, _, kind = str(word).partition("_")
        kind = FULL_KINDS.get(kind, kind.replace("_", " "))
        if first == "modify" and len(content) >= 4:
            schema, table, column, *_, before, after = content
            text = f"{kind} {before!r} -> {after!r}"
            yield Row("alter", "column", str(column), text, called((schema, str(table))))
        else:
            yield _named(ACTIONS.get(first, "alter"), kind or first, content, texts)


def _named(action: str, kind: str, content: Sequence[Any], texts: ItemText) -> Row:
    """Return the row of an item with a name, or with a text."""
    named = next((each for each in content if getattr(each, "name", None)), None)
    if named is None:
        text = " ".join(each if isinstance(each, str) else repr(each) for each in content if each)
        return Row(action, kind, "", texts.shortened(text))
    table = getattr(named, "table", None)
    if kind == "column":
        schema, name, *_ = content
        text = repr(named.type)
        return Row(action, kind, str(named.name), text, called((schema, str(name))))
    if kind == "table":
        return Row(action, kind, str(named.key), "", str(named.key))
    return Row(action, kind, str(named.name), "", "" if table is None else str(table.key))
