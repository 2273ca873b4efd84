"""What Alembic calls when it is imported: the one list of registrations.

`setup` runs in the middle of `import alembic`, so nothing is imported before it, and what it
registers imports the rest when it is first called.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from alembic.autogenerate.api import RevisionContext
    from alembic.runtime.plugins import Plugin

OPERATIONS: Final = (
    *("moltres_create_table", "moltres_drop_table", "moltres_alter_table", "moltres_rename_table"),
    *("moltres_add_foreign_keys", "moltres_drop_foreign_keys", "moltres_idempotent"),
    *("moltres_alter_enum", "moltres_alter_sequence", "moltres_alter_domain"),
    *("moltres_create_type", "moltres_drop_type", "moltres_rename_type"),
    *("moltres_create_sequence", "moltres_drop_sequence"),
    *("moltres_anchor", "moltres_state_only", "moltres_tables"),
)
"""The functions of `op`."""


def setup(plugin: Plugin) -> None:
    """Register the comparison; the operations follow when a script calls the first one."""
    _rebase_errors()
    _register_impl_loader()
    _explain_squashed()
    _set_check_message()
    _add_comparators(plugin)
    _add_operations()


def _add_operations() -> None:
    """Let the first call of an operation import all of them.

    Their values and changes take longer to import than the rest of `alembic --help`.
    """
    from .alembic_compat import add_operations_on_demand, before_operations

    add_operations_on_demand(OPERATIONS, _operation, _register_operations)
    before_operations(_refuse_values)


def _operation(name: str) -> Callable[..., Any]:
    """Import the operations, and return a function of `op`; another name there is not ours."""
    if not name.startswith("moltres_"):
        raise AttributeError(f"module 'alembic.op' has no attribute {name!r}", name=name)
    from .operations.calls import function_of_op

    return function_of_op(name)


def _register_operations() -> None:
    """Register the operations of history, and the renderers of all."""
    from alembic.autogenerate.render import renderers

    from .history import ops as _  # noqa: F401 - registers what scripts say of history
    from .history.anchors.operation import MoltresAnchorOp
    from .operations import MoltresAlterTableOp, MoltresRenameTableOp
    from .operations.alter.enums_and_sequences import OUTSIDE_TABLES
    from .operations.foreign_keys import MoltresAddForeignKeysOp, MoltresDropForeignKeysOp
    from .operations.idempotent import MoltresIdempotentOp
    from .operations.ops import MoltresCreateTableOp, MoltresDropTableOp
    from .operations.replace_value import MoltresReplaceValueOp

    for operation, renderer in (
        (MoltresCreateTableOp, "render_create_table"),
        (MoltresDropTableOp, "render_drop_table"),
        (MoltresAddForeignKeysOp, "render_foreign_keys"),
        (MoltresDropForeignKeysOp, "render_foreign_keys"),
        (MoltresAlterTableOp, "render_alter_table"),
        (MoltresIdempotentOp, "render_idempotent"),
        (MoltresRenameTableOp, "render_operation"),
        *((each, "render_operation") for each in OUTSIDE_TABLES),
        (MoltresAnchorOp, "render_anchor"),
        (MoltresReplaceValueOp, "render_replace_value"),
    ):
        renderers.dispatch_for(operation, replace=True)(_later("script.render", renderer))


def _refuse_values(name: str, args: Sequence[object], kwargs: Mapping[str, object]) -> None:
    """Let Alembic's own operations refuse our values; without their module there are none."""
    if f"{__package__}.schema.base" in sys.modules:
        from .operations.alembic_calls import refuse_values

        refuse_values(name, args, kwargs)


def _add_comparators(plugin: Plugin) -> None:
    from alembic.util import DispatchPriority

    plugin.add_autogenerate_comparator(
        _later("compare", "compare_tables"), "schema", "tables", priority=DispatchPriority.FIRST
    )
    plugin.add_autogenerate_comparator(
        _later("third_party", "drop_entities_first"),
        "schema",
        "alembic_moltres.order",
        priority=DispatchPriority.LAST,
    )
    plugin.add_autogenerate_comparator(
        _later("compare", "convert_tables"),
        "autogenerate",
        priority=DispatchPriority.LAST,
    )
    plugin.add_autogenerate_comparator(
        _later("empty_revisions", "check_scripts"),
        "autogenerate",
        "alembic_moltres.empty_revisions",
        priority=DispatchPriority.LAST,
    )


def _later(module: str, function: str) -> Callable[..., Any]:
    """Return a function of `autogenerate` that is imported when it is first called."""

    def call(*args: Any) -> Any:
        imported = import_module(f"{__package__}.autogenerate.{module}")
        return getattr(imported, function)(*args)

    return call


def _rebase_errors() -> None:
    """Make `CommandError` the base of our errors, so that Alembic shows those of a script's values.

    Such values are made while a script is loaded, outside of operations.
    """
    from alembic.util import CommandError

    from .errors import MoltresError

    MoltresError.__bases__ = (CommandError,)


def _explain_squashed() -> None:
    """Let Alembic say what to do with a database at a revision that has been squashed."""
    from .alembic_compat import explain_missing_revisions

    def explain(directory: Any, missing: str) -> str | None:
        from .history.directory import explain_squashed

        return explain_squashed(directory, missing)

    explain_missing_revisions(explain)


def _set_check_message() -> None:
    """Let `alembic check` list our differences line by line; none without our operations."""
    from .alembic_compat import set_check_message

    list_differences = _later("check_message", "check_message")

    def build(message: str, context: RevisionContext) -> str:
        if f"{__package__}.operations.value_op" not in sys.modules:
            return message
        return str(list_differences(message, context))

    set_check_message(build)


def _register_impl_loader() -> None:
    """Let Alembic load our impl of a dialect that it has none for."""
    from .alembic_compat import load_impls_on_demand

    def load(dialect_name: str) -> None:
        from .dialects.base.registry import load_alembic_impl

        load_alembic_impl(dialect_name)

    load_impls_on_demand(load)
