"""Our operations as the lines of a script. Its constants are in `head`."""

from __future__ import annotations

from copy import copy
from itertools import groupby
from typing import TYPE_CHECKING, Final, TypeAlias

from alembic.autogenerate.render import render_op
from alembic.operations.ops import ModifyTableOps

from ...diff import AlterTable
from ...diff.changes.base import Addition
from ...operations.replace_value import MoltresReplaceValueOp
from ...operations.value_op import DatabaseOp, TableOp
from .formatting import INDENT, Bracketed, Written, comment, lay_out, prefixed, write
from .head import Constants, camel_case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic.autogenerate.api import AutogenContext

    from ...diff import Change
    from ...history.anchors.operation import MoltresAnchorOp
    from ...operations import MoltresCreateTableOp, MoltresDropTableOp
    from ...operations.alter.block import MoltresAlterTableOp
    from ...operations.foreign_keys import ForeignKeysOp
    from ...operations.idempotent import MoltresIdempotentOp

    OnTable: TypeAlias = MoltresCreateTableOp | MoltresDropTableOp | ForeignKeysOp

MARGIN: Final = "moltres_margin"
"""The option with the indentation of operations inside others: Alembic passes the context only."""


def render_create_table(autogen_context: AutogenContext, op: MoltresCreateTableOp) -> list[str]:
    """Return `op.moltres_create_table(User)`, after a comment for each omitted listener.

    Raises:
        CommandError: a rewriter put something into the operation that cannot be frozen.
    """
    if_not_exists = bool(op.if_not_exists) and not op.table_schema.if_not_exists
    options = ["if_not_exists=True"] if if_not_exists else []
    comments = [
        comment(f"{listener} is a Python function: it is not frozen, do here what it does")
        for listener in op.unfrozen
    ]
    return [*map(comment, op.remarks), *comments, _call(autogen_context, op, options)]


def render_drop_table(autogen_context: AutogenContext, op: MoltresDropTableOp) -> list[str]:
    """Return `op.moltres_drop_table(User)`, after its remarks."""
    options = ["if_exists=True"] if op.if_exists else []
    return [*map(comment, op.remarks), _call(autogen_context, op, options)]


def render_foreign_keys(autogen_context: AutogenContext, op: ForeignKeysOp) -> str:
    """Return `op.moltres_add_foreign_keys(User)` or `op.moltres_drop_foreign_keys(User)`."""
    return _call(autogen_context, op)


def _call(autogen_context: AutogenContext, op: OnTable, options: Sequence[str] = ()) -> str:
    """Return the call of an operation on a table; its constant goes into the script's head."""
    schema = op.table_schema
    constants = Constants.of(autogen_context)
    name = constants.table(schema, op.constant or camel_case(schema.name))
    constants.place(autogen_context)
    call = Bracketed(f"{_prefix(autogen_context)}{op.change.method}(", [name, *options], ")")
    return lay_out(call, indent=_margin(autogen_context))


def render_anchor(autogen_context: AutogenContext, op: MoltresAnchorOp) -> str:
    """Return `op.moltres_anchor([User, Order])`."""
    constants = Constants.of(autogen_context)
    names: list[Written] = [
        constants.table(each, op.names.get(each.key) or camel_case(each.name)) for each in op.tables
    ]
    constants.place(autogen_context)
    inside: list[Written] = [Bracketed("[", names, "]")]
    inside += ["strict=True"] if op.strict else []
    call = Bracketed(f"{_prefix(autogen_context)}moltres_anchor(", inside, ")")
    return lay_out(call, indent=_margin(autogen_context))


def render_alter_table(autogen_context: AutogenContext, op: MoltresAlterTableOp) -> list[str]:
    """Return `with op.moltres_alter_table("users") as users:` and its lines.

    A plain operation that a rewriter put among ours is rendered by Alembic, and splits the block.
    """
    lines: list[str] = []
    for ours, inside in groupby(op.ops, key=lambda each: isinstance(each, TableOp)):
        if ours:
            operations = [each for each in inside if isinstance(each, TableOp)]
            lines += _block(autogen_context, op, operations)
        else:
            plain = ModifyTableOps(op.table_name, list(inside), schema=op.schema)
            lines += render_op(autogen_context, plain)  # in a batch, with render_as_batch
    return lines


def _block(
    autogen_context: AutogenContext, op: MoltresAlterTableOp, inside: Sequence[TableOp]
) -> list[str]:
    constants = Constants.of(autogen_context)
    variable = constants.variable(op.table_name)
    opening = _written(_prefix(autogen_context), AlterTable(op.table_name, op.schema, ()))
    margin = _margin(autogen_context)
    lines = [lay_out(opening, before="with ", after=f" as {variable}:", indent=margin)]
    for each in inside:
        change = each.change
        lines += map(comment, each.remarks)
        remark = _remark(change)
        if remark:
            lines.append(remark)
        call = _written(f"{variable}.", change)
        constants.use(call)
        lines.append(lay_out(call, indent=margin + INDENT).replace("\n", f"\n{INDENT}"))
    constants.place(autogen_context)
    return [*lines, ""]


def _remark(change: Change) -> str:
    """Return a comment on a change that fails if the table has rows."""
    if isinstance(change, Addition) and change.needs_fill:
        return comment(
            f"{change.item.name} is NOT NULL without a default: if there are rows, pass their "
            "value as fill=..."
        )
    return ""


def render_idempotent(autogen_context: AutogenContext, op: MoltresIdempotentOp) -> list[str]:
    """Return `with op.moltres_idempotent():` and its operations."""
    indented = copy(autogen_context)
    indented.opts = {**autogen_context.opts, MARGIN: _margin(autogen_context) + INDENT}
    inside = [line for each in op.ops for line in render_op(indented, each)]
    opening = f"with {_prefix(autogen_context)}moltres_idempotent():"
    while inside and not inside[-1].strip():  # the empty line after the last block is ours
        inside.pop()
    return [opening, *(line.replace("\n", f"\n{INDENT}") for line in inside or ["pass"]), ""]


def render_replace_value(autogen_context: AutogenContext, op: MoltresReplaceValueOp) -> list[str]:
    """Return `op.execute("UPDATE ...")`; empty if it is irreversible."""
    return [f"{_prefix(autogen_context)}execute({op.sqltext!r})"] if op.sqltext else []


def render_operation(autogen_context: AutogenContext, op: DatabaseOp) -> list[str]:
    """Return an operation without a table's value, such as `op.moltres_rename_table("a", "b")`."""
    call = _written(_prefix(autogen_context), op.change)
    constants = Constants.of(autogen_context)
    constants.use(call)
    constants.place(autogen_context)
    return [*map(comment, op.remarks), lay_out(call, indent=_margin(autogen_context))]


def _written(prefix: str, change: Change) -> Bracketed:
    """Return the call of a change's method, with its arguments."""
    inside = [write(argument) for argument in change.arguments()]
    inside += [prefixed(f"{key}=", write(value)) for key, value in change.keywords().items()]
    return Bracketed(f"{prefix}{change.method}(", inside, ")")


def _margin(autogen_context: AutogenContext) -> str:
    """Return the indentation of an operation in the script."""
    margin: str = autogen_context.opts.get(MARGIN, INDENT)
    return margin


def _prefix(autogen_context: AutogenContext) -> str:
    return autogen_context.opts["alembic_module_prefix"] or ""
