"""The runner in our commands; it also runs an env.py that has Alembic's two lines.

`EnvironmentContext` cannot be subclassed, because `alembic.context` tests for the exact class.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from alembic.runtime.environment import EnvironmentContext

from .upgrade import takes_over, upgrade

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext


class _BuiltIn:
    """Replaces `context.begin_transaction()` and `context.run_migrations()` in an env.py."""

    def __init__(self, environment: EnvironmentContext) -> None:
        self.environment = environment

    @property
    def context(self) -> MigrationContext:
        return self.environment.get_context()

    def begin_transaction(self) -> AbstractContextManager[Any]:
        """Begin no transaction if each revision has its own."""
        if takes_over(self.context):
            return nullcontext()
        return EnvironmentContext.begin_transaction(self.environment)

    def run_migrations(self, **arguments: Any) -> None:
        if takes_over(self.context):
            upgrade(self.context, arguments)
        else:
            EnvironmentContext.run_migrations(self.environment, **arguments)


def build_in(environment: EnvironmentContext) -> None:
    """Run the migrations of an environment with our runner, whatever its env.py says."""
    built_in = _BuiltIn(environment)
    environment.__dict__.update(
        begin_transaction=built_in.begin_transaction, run_migrations=built_in.run_migrations
    )


def is_built_in(environment: EnvironmentContext) -> bool:
    """Has `build_in` been called for an environment?"""
    function = environment.__dict__.get("run_migrations")
    return isinstance(getattr(function, "__self__", None), _BuiltIn)
