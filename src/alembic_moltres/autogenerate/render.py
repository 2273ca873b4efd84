"""Our operations as the lines of a script. What the script's head holds is in `constants`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ..operations.command_errors import as_command_errors
from .formatting import INDENT, Bracketed, comment, lay_out
from .script_head import Constants, camel_case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic.autogenerate.api import AutogenContext

    from ..operations import MoltresCreateTableOp, MoltresDropTableOp
    from ..operations.foreign_keys import ForeignKeysOp

    OnTable: TypeAlias = MoltresCreateTableOp | MoltresDropTableOp | ForeignKeysOp


@as_command_errors()
def render_create_table(autogen_context: AutogenContext, op: MoltresCreateTableOp) -> list[str]:
    """Return `op.moltres_create_table(User)`, behind a comment for each listener left out.

    Raises:
        CommandError: what a rewriter has put into the operation cannot be held by a value.
    """
    wish = bool(op.if_not_exists) and not op.table_schema.if_not_exists
    options = ["if_not_exists=True"] if wish else []
    comments = [
        comment(f"{listener} is a Python function: it is not frozen, do here what it does")
        for listener in op.unfrozen
    ]
    return [*comments, _call(autogen_context, op, options)]


def render_drop_table(autogen_context: AutogenContext, op: MoltresDropTableOp) -> str:
    """Return `op.moltres_drop_table(User)`."""
    options = ["if_exists=True"] if op.if_exists else []
    return _call(autogen_context, op, options)


def render_foreign_keys(autogen_context: AutogenContext, op: ForeignKeysOp) -> str:
    """Return `op.moltres_add_foreign_keys(User)` or `op.moltres_drop_foreign_keys(User)`."""
    return _call(autogen_context, op)


@as_command_errors()
def _call(autogen_context: AutogenContext, op: OnTable, options: Sequence[str] = ()) -> str:
    """Return the call of an operation on a table, whose constant goes into the script's head."""
    schema = op.table_schema
    constants = Constants.of(autogen_context)
    name = constants.table(schema, op.constant or camel_case(schema.name))
    constants.place(autogen_context)
    prefix = autogen_context.opts["alembic_module_prefix"] or ""
    return lay_out(Bracketed(f"{prefix}{op.change.method}(", [name, *options], ")"), indent=INDENT)
