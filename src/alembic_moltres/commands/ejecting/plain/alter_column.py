"""The calls of `op` for an altered column."""

from __future__ import annotations

from dataclasses import replace

from .... import diff as changes
from ....autogenerate.script.formatting import Written, flat, literal, write
from ....dialects.base.registry import impl_of
from ....schema import ColumnDef
from ....sqltext import Cursor, tokens
from .block import PlainBlock
from .columns import computed_of, identity_of, plain_column
from .constraints import schema_keyword
from .writer import NoEquivalentError, Writer, lay_out_lines


def existing_of(writer: Writer, column: ColumnDef) -> dict[str, Written]:
    """Return the `existing_...` arguments, which MySQL needs to keep the rest of a column."""
    existing: dict[str, Written] = {
        "existing_type": writer.type_of(column.type_name, column.type_variants),
        "existing_nullable": repr(column.nullable),
    }
    filling = _filling(writer, column)
    if filling != "None":
        existing["existing_server_default"] = filling
    if column.comment is not None:
        existing["existing_comment"] = literal(column.comment)
    if column.autoincrement is True and impl_of(writer.dialect).features.keys_create_indexes:
        existing["existing_autoincrement"] = "True"
    return existing


ALTERED = ("type_name", "type_variants", "nullable", "default", "comment", "computed", "identity")
"""The parts of a column that `op.alter_column` can change."""


def alter_column(change: changes.AlterColumn, block: PlainBlock) -> None:
    """Add the lines for an altered column."""
    current, desired = change.current, change.desired
    kept = {part: getattr(current, part) for part in ALTERED}
    if replace(desired, **kept) != current:
        block.execute(change)
        return
    if _does_less(change, block):
        other = PlainBlock(block.writer, block.change, block.tables, block.generated)
        _plain_alter(change, other)
        other.flush()
        block.execute(change, otherwise=other.lines)
        return
    _plain_alter(change, block)


PLAIN = ("ALTER TABLE", "UPDATE", "COMMENT")
"""The first words of the statements that Alembic writes for an altered column."""


def _does_less(change: changes.AlterColumn, block: PlainBlock) -> bool:
    """Tell whether Alembic does less than we do on the dialect, or in an order that fails.

    It casts before it drops the old default, keeps the type of a column's sequence, does not
    reset a part of an identity, and drops the CHECK in a definition (MariaDB).
    """
    current, desired = change.current, change.desired
    if not block.dialect.supports_alter:
        return False
    if current.identity and desired.identity and current.identity != desired.identity:
        return True
    if current.constraints or desired.constraints:
        return True
    if not change.retypes:
        return False
    if current.default is not None and _using(change, block):
        return True
    return any(not each.startswith(PLAIN) for each in block.raw(change))


def _plain_alter(change: changes.AlterColumn, block: PlainBlock) -> None:
    if change.fills_null:
        _fill(change, block)
    name = literal(str(change.current.name))
    block.add("alter_column", name, **_altered(change, block))


def _altered(change: changes.AlterColumn, block: PlainBlock) -> dict[str, Written]:
    writer, current, desired = block.writer, change.current, change.desired
    keywords = existing_of(writer, current)
    if (current.type_name, current.type_variants) != (desired.type_name, desired.type_variants):
        keywords["type_"] = writer.type_of(desired.type_name, desired.type_variants)
        using = _using(change, block)
        if using:
            keywords[f"{writer.dialect.name}_using"] = literal(using)
    if current.nullable != desired.nullable:
        keywords["nullable"] = repr(desired.nullable)
    parts = ("default", "computed", "identity")
    if any(repr(getattr(current, part)) != repr(getattr(desired, part)) for part in parts):
        keywords["server_default"] = _filling(writer, desired)
    if current.comment != desired.comment:
        keywords["comment"] = write(desired.comment)
    return keywords


def _filling(writer: Writer, column: ColumnDef) -> Written:
    if column.computed is not None:
        return computed_of(writer, column.computed)
    if column.identity is not None:
        return identity_of(writer, column.identity)
    return "None" if column.default is None else writer.default(column.default)


def _using(change: changes.AlterColumn, block: PlainBlock) -> str:
    """Return the USING expression that converts existing values, if the dialect needs one."""
    if not block.dialect.supports_alter:
        return ""
    syntax = impl_of(block.dialect).syntax
    for statement in block.raw(change):
        cursor = Cursor(statement, tokens(statement, syntax))
        cursor.skip("USING")
        if cursor.accept("USING"):
            return cursor.until(",")
    return ""


def _fill(change: changes.AlterColumn, block: PlainBlock) -> None:
    """Add the UPDATE that replaces NULLs by the new default."""
    writer, column = block.writer, change.desired
    if column.default is None:
        raise NoEquivalentError(
            f"{change!r} fills NULLs with a value that DDL does not have", change
        )
    owner = [literal(str(block.change.name)), plain_column(writer, change.current)]
    named = f"{writer.sa}.column({literal(str(column.name))})"
    table = writer.of_sa("table", *owner, **schema_keyword(block.change.schema))
    value = flat(writer.value(column.default))
    values = f"{{{literal(str(column.name))}: {value}}}"
    update = f"{writer.sa}.update({table.flat}).where({named}.is_(None)).values({values})"
    block.between(lay_out_lines(writer.call(f"{writer.op}.execute", update)))
