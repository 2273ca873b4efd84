"""What Alembic calls when it is imported: the one list of registrations.

`setup` runs in the middle of `import alembic`, so nothing is imported before it, and what it
registers imports the rest when it is first called.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic.runtime.plugins import Plugin


def setup(plugin: Plugin) -> None:
    """Register the operations, what writes them into a script, and what finds them."""
    from alembic.util import CommandError, DispatchPriority

    from .errors import MoltresError
    from .history import ops as _  # noqa: F401 - registers what scripts say of history

    MoltresError.__bases__ = (CommandError,)  # a script's values are made before any door of ours
    plugin.add_autogenerate_comparator(
        _later("compare", "compare_tables"), "schema", "tables", priority=DispatchPriority.FIRST
    )
    plugin.add_autogenerate_comparator(
        _later("third_party", "drop_what_reads_tables_first"),
        "schema",
        "alembic_moltres.order",
        priority=DispatchPriority.LAST,
    )
    plugin.add_autogenerate_comparator(
        _later("unsupported_dialects", "convert_tables"),
        "autogenerate",
        priority=DispatchPriority.LAST,
    )
    _register_renderers()


def _register_renderers() -> None:
    """Register what writes the operations into a script."""
    from alembic.autogenerate.render import renderers

    from .operations.alter import (
        MoltresAlterEnumOp,
        MoltresAlterSequenceOp,
        MoltresAlterTableOp,
        MoltresRenameTableOp,
    )
    from .operations.foreign_keys import MoltresAddForeignKeysOp, MoltresDropForeignKeysOp
    from .operations.ops import MoltresCreateTableOp, MoltresDropTableOp

    for operation, module, renderer in (
        (MoltresCreateTableOp, "render", "render_create_table"),
        (MoltresDropTableOp, "render", "render_drop_table"),
        (MoltresAddForeignKeysOp, "render", "render_foreign_keys"),
        (MoltresDropForeignKeysOp, "render", "render_foreign_keys"),
        (MoltresAlterTableOp, "render_alter", "render_alter_table"),
        (MoltresRenameTableOp, "render_alter", "render_operation"),
        (MoltresAlterEnumOp, "render_alter", "render_operation"),
        (MoltresAlterSequenceOp, "render_alter", "render_operation"),
    ):
        renderers.dispatch_for(operation, replace=True)(_later(module, renderer))


def _later(module: str, function: str) -> Callable[..., Any]:
    """Return a function of `autogenerate` that is imported when it is first called."""

    def call(*args: Any) -> Any:
        found = import_module(f"{__package__}.autogenerate.{module}")
        return getattr(found, function)(*args)

    return call
