"""The changes of a column as text, for the log and for a summary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ...datatypes import DataType
from ...schema import ColumnDef, Default
from .base import arrow

if TYPE_CHECKING:
    from ...schema.item_text import ItemText

PARTS = {
    "type_name": "type",
    "type_variants": "type",
    "nullable": "nullability",
    "default": "server default",
    "computed": "computed expression",
    "identity": "identity",
    "sequence": "sequence",
    "autoincrement": "autoincrement",
    "comment": "comment",
    "constraints": "check",
    "dialect_options": "options",
}
"""The names of a column's parts in log messages."""


def differing_parts(current: ColumnDef, desired: ColumnDef) -> list[str]:
    """Return the names of the parts that differ, each once."""
    parts = [PARTS[name] for name in PARTS if getattr(current, name) != getattr(desired, name)]
    return list(dict.fromkeys(parts))


def altered_text(
    current: ColumnDef, desired: ColumnDef, filled: Default | None, texts: ItemText
) -> str:
    """Return the changes of a column; a part that it did not have before has only its new value.

    Args:
        current: the column before.
        desired: the column afterwards.
        filled: the value that replaces NULLs.
        texts: writes the parts.
    """
    types = [(each.type_name, each.type_variants) for each in (current, desired)]
    parts = [_type(current, desired, texts)] if types[0] != types[1] else []
    if current.nullable != desired.nullable:
        fill = "" if filled is None else f", NULL becomes {texts.value(filled)}"
        parts.append("null allowed" if desired.nullable else f"not null{fill}")
    for name in ("default", "comment"):
        before, after = getattr(current, name), getattr(desired, name)
        if before != after or type(before) is not type(after):
            parts.append(f"{name} {arrow(before, after, texts)}")
    parts += _generated(current, desired, texts)
    if current.autoincrement != desired.autoincrement:
        parts.append(f"autoincrement {current.autoincrement} -> {desired.autoincrement}")
    if current.constraints != desired.constraints:
        parts.append(" -> ".join(_checks(each, texts) for each in (current, desired)))
    options = current.dialect_options, desired.dialect_options
    for name in sorted({*options[0], *options[1]}):
        before, after = (each.get(name) for each in options)
        if before != after:
            parts.append(f"{name} {arrow(before, after, texts)}")
    return ", ".join(parts)


def _generated(current: ColumnDef, desired: ColumnDef, texts: ItemText) -> Iterator[str]:
    for name in ("computed", "identity", "sequence"):
        before, after = getattr(current, name), getattr(desired, name)
        if before == after:
            continue
        shown = [name if each is None else texts.generated(each) for each in (before, after)]
        if after is None:
            yield f"no longer {shown[0]}"
        else:
            yield shown[1] if before is None else " -> ".join(shown)


def _checks(column: ColumnDef, texts: ItemText) -> str:
    return " ".join(f"check {texts.constraint(each)}" for each in column.constraints) or "none"


def _type(current: ColumnDef, desired: ColumnDef, texts: ItemText) -> str:
    before, after = texts.type(current), texts.type(desired)
    if before == after:  # it differs on another database
        everywhere = replace(texts, dialects=(), longest=None)
        before, after = everywhere.type(current), everywhere.type(desired)
    if "ENUM(" in before and "ENUM(" in after:
        types = [DataType.parse(each.type_name) for each in (current, desired)]
        if types[0].name == types[1].name and types[0].kwargs == types[1].kwargs:
            return f"{types[1].name} {labels_text(types[0], types[1], {})}"
    return f"{before} -> {after}"


def labels_text(before: DataType, after: DataType, renamed: Mapping[str, str]) -> str:
    """Return which labels of an enum type are added, dropped, renamed and moved."""
    removed = [each for each in before.args if each not in (*after.args, *renamed)]
    new = [each for each in after.args if each not in (*before.args, *renamed.values())]
    parts = [f"+ {each!r}" for each in new] + [f"- {each!r}" for each in removed]
    parts += [f"rename {old!r} -> {given!r}" for old, given in renamed.items()]
    kept = [renamed.get(str(each), each) for each in before.args if each not in removed]
    if kept != [each for each in after.args if each not in new] or not parts:
        parts.append(f"order {', '.join(map(repr, after.args))}")
    return ", ".join(parts)
