"""What alters a table, a type or a sequence, as the lines of a script."""

from __future__ import annotations

from functools import singledispatch
from itertools import groupby
from typing import TYPE_CHECKING, Any

from alembic.autogenerate.render import render_op

from ..operations.alter import (
    MoltresAddColumnOp,
    MoltresAddConstraintOp,
    MoltresAlterColumnOp,
    MoltresAlterEnumOp,
    MoltresAlterSequenceOp,
    MoltresAlterTableOp,
    MoltresCreateIndexOp,
    MoltresDropColumnOp,
    MoltresDropConstraintOp,
    MoltresDropIndexOp,
    MoltresRenameColumnOp,
    MoltresRenameTableOp,
    MoltresSetCommentOp,
    MoltresSetOptionsOp,
)
from ..operations.command_errors import as_command_errors
from ..schema.base import Call
from .formatting import INDENT, Bracketed, comment, lay_out, write
from .script_head import Constants

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.operations.ops import MigrateOperation

    from ..schema import ColumnDef


@as_command_errors()
def render_alter_table(autogen_context: AutogenContext, op: MoltresAlterTableOp) -> list[str]:
    """Return `with op.moltres_alter_table("users") as users:` and its lines.

    A plain operation that a rewriter put among ours is rendered as Alembic renders it, and parts
    the block in two.
    """
    lines: list[str] = []
    for ours, inside in groupby(op.ops, key=_is_ours):
        if ours:
            lines += _block(autogen_context, op, list(inside))
        else:
            for each in inside:
                lines += render_op(autogen_context, each)
    return lines


def _is_ours(op: MigrateOperation) -> bool:
    return written.dispatch(type(op)) is not written.dispatch(object)


def _block(
    autogen_context: AutogenContext, op: MoltresAlterTableOp, inside: list[MigrateOperation]
) -> list[str]:
    constants = Constants.of(autogen_context)
    variable = constants.variable(op.table_name)
    lines = [_opening(autogen_context, op, variable)]
    for each in inside:
        name, *arguments = written(each)
        remark = _remark(each)
        if remark:
            lines.append(remark)
        call = Bracketed(f"{variable}.{name}(", [write(entry) for entry in arguments], ")")
        if isinstance(each, MoltresAlterColumnOp) and each.fill_null:
            call = Bracketed(call.opening, [*call.inside, "fill_null=True"], ")")
        constants.use(call)
        lines.append(lay_out(call, indent=INDENT * 2).replace("\n", f"\n{INDENT}"))
    constants.place(autogen_context)
    return [*lines, ""]


def _opening(autogen_context: AutogenContext, op: MoltresAlterTableOp, variable: str) -> str:
    arguments = [write(str(op.table_name))]
    if op.schema is not None:
        arguments.append(f"schema={lay_out(write(str(op.schema)))}")
    prefix = autogen_context.opts["alembic_module_prefix"] or ""
    call = Bracketed(f"{prefix}moltres_alter_table(", arguments, ")")
    return lay_out(call, before="with ", after=f" as {variable}:", indent=INDENT)


def _remark(op: MigrateOperation) -> str:
    """Return a comment on what cannot be done when the table has rows."""
    if isinstance(op, MoltresAddColumnOp) and _needs_a_value(op.definition):
        name = op.definition.name
        return comment(f"{name} is NOT NULL without a default: this fails if there are rows")
    return ""


def _needs_a_value(column: ColumnDef) -> bool:
    made = column.computed or column.identity or column.sequence or column.autoincrement is True
    return not column.nullable and column.default is None and not made


@singledispatch
def written(op: object) -> tuple[Any, ...]:
    """Return the method of the block that does what `op` does, and its arguments."""
    raise TypeError(op)


@written.register
def _(op: MoltresAddColumnOp) -> tuple[Any, ...]:
    return "add_column", op.definition


@written.register
def _(op: MoltresDropColumnOp) -> tuple[Any, ...]:
    return "drop_column", op.definition


@written.register
def _(op: MoltresAlterColumnOp) -> tuple[Any, ...]:
    return "alter_column", op.current, op.desired


@written.register
def _(op: MoltresRenameColumnOp) -> tuple[Any, ...]:
    return "rename_column", str(op.old_name), str(op.new_name)


@written.register
def _(op: MoltresAddConstraintOp) -> tuple[Any, ...]:
    return "add_constraint", op.constraint


@written.register
def _(op: MoltresDropConstraintOp) -> tuple[Any, ...]:
    return "drop_constraint", op.constraint


@written.register
def _(op: MoltresCreateIndexOp) -> tuple[Any, ...]:
    return "create_index", op.index


@written.register
def _(op: MoltresDropIndexOp) -> tuple[Any, ...]:
    return "drop_index", op.index


@written.register
def _(op: MoltresSetCommentOp) -> tuple[Any, ...]:
    return "set_comment", op.comment, op.existing_comment


@written.register
def _(op: MoltresSetOptionsOp) -> tuple[Any, ...]:
    return "set_options", op.desired, op.current


@as_command_errors()
def render_rename_table(autogen_context: AutogenContext, op: MoltresRenameTableOp) -> str:
    """Return `op.moltres_rename_table("person", "people")`."""
    stated = (("schema", str(op.schema)),) if op.schema is not None else ()
    names = (str(op.table_name), str(op.new_table_name))
    return _call(autogen_context, Call("moltres_rename_table", names, stated))


@as_command_errors()
def render_alter_enum(autogen_context: AutogenContext, op: MoltresAlterEnumOp) -> str:
    """Return `op.moltres_alter_enum("ENUM('a',name='mood')", "ENUM('a','b',name='mood')")`."""
    stated = (("renamed", op.renamed),) if op.renamed else ()
    return _call(autogen_context, Call("moltres_alter_enum", (op.current, op.desired), stated))


@as_command_errors()
def render_alter_sequence(autogen_context: AutogenContext, op: MoltresAlterSequenceOp) -> str:
    """Return `op.moltres_alter_sequence(sequence("no"), sequence("no", start=5))`."""
    return _call(autogen_context, Call("moltres_alter_sequence", (op.current, op.desired)))


def _call(autogen_context: AutogenContext, call: Call) -> str:
    inside = [write(arg) for arg in call.args]
    inside += [f"{key}={lay_out(write(arg))}" for key, arg in call.kwargs]
    prefix = autogen_context.opts["alembic_module_prefix"] or ""
    laid_out = Bracketed(f"{prefix}{call.function}(", inside, ")")
    constants = Constants.of(autogen_context)
    constants.use(laid_out)
    constants.place(autogen_context)
    return lay_out(laid_out, indent=INDENT)
