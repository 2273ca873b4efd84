"""What blocks do not have, and what to write instead."""

from __future__ import annotations

from typing import Final

from ...errors import OperationError
from ...messages import did_you_mean
from ..calls import CONSTRAINTS, METHODS

INSTEAD: Final = {
    **{name: f"add_constraint({value})" for name, value in CONSTRAINTS.items()},
    **dict.fromkeys(
        ("add_unique", "add_unique_constraint", "create_unique"), "add_constraint(unique(['a']))"
    ),
    **dict.fromkeys(
        ("add_check", "add_check_constraint", "create_check"), "add_constraint(check('a > 0'))"
    ),
    **dict.fromkeys(("drop_foreign_key", "drop_unique", "drop_check"), "drop_constraint('name')"),
    **dict.fromkeys(("modify_column", "change_column"), "alter_column('a', nullable=False)"),
    **dict.fromkeys(("columns", "c"), "op.moltres_tables()['users'].c outside of the block"),
    "add_foreign_key": "add_constraint(foreign_key('a', 'other', 'id', name='fk_name'))",
    "add_primary_key": "add_constraint(primary_key(['a'], name='pk_name'))",
    "drop_primary_key": "drop_constraint(None, type_='primary')",
    "create_table_comment": "set_comment('new', 'old')",
    "drop_table_comment": "set_comment(None, 'old')",
    "comment": "set_comment('new', 'old')",
    "create_column": "add_column(column('a', 'INTEGER'))",
    "remove_column": "drop_column(column('a', 'INTEGER'))",
    "add_index": "create_index(index('ix_name', ['a']))",
    "rename": (
        "rename_column('old', 'new'), or op.moltres_rename_table('old', 'new') outside of the block"
    ),
    "rename_table": "op.moltres_rename_table('old', 'new') outside of the block",
    "drop_table": "op.moltres_drop_table(User) outside of the block",
    "create_table": "op.moltres_create_table(User) outside of the block",
    "fill": "add_column(column('a', 'INTEGER'), fill=0)",
    "execute": "op.execute() outside of the block",
}
"""What to write instead of methods that blocks do not have."""

PLAIN: Final = frozenset({"columns", "c", "comment"})
"""Those that are attributes elsewhere."""


def missing_method(name: str) -> OperationError:
    """Return the error for a method that blocks do not have."""
    from alembic.operations import Operations

    called = name if name in PLAIN else f"{name}()"
    if name in INSTEAD:
        return OperationError(f"a block has no {called}; write {INSTEAD[name]}", name)
    hint = did_you_mean(name, METHODS)
    if not hint and hasattr(Operations, name):
        hint = f"; write op.{name}() outside of the block"
    hint = hint or f"; it has {', '.join(METHODS)}"
    return OperationError(f"a block has no {called}{hint}", name)
