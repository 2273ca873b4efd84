"""`run_migrations()`: the one line of env.py, and the runner in our commands.

The commands also run an env.py that has Alembic's two lines. `EnvironmentContext` cannot be
subclassed, because `alembic.context` tests for the exact class.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from alembic import context as env_context
from alembic.runtime.environment import EnvironmentContext

from ..errors import RunnerError
from .upgrade import takes_over, upgrade

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext


def run_migrations(**arguments: Any) -> None:
    """Run the migrations; it replaces two lines of Alembic's in env.py.

    One upgrade runs at a time: others wait. Each revision has its own transaction, which waits for
    locks for only a few seconds and is retried after that. Commands that do not migrate, and
    `--sql`, work as without it.

    Args:
        arguments: of `upgrade()` and `downgrade()` of the scripts, as for Alembic's own function.

    Raises:
        RunnerError: it is called outside of env.py; another upgrade does not end; the server is
            read-only; a pooler gives each transaction another session.

    >>> run_migrations()
    Traceback (most recent call last):
    alembic_moltres.errors.RunnerError: run_migrations() is called outside of env.py; ...
    """
    environment = _environment()
    replaced = environment.__dict__.get("run_migrations")
    if replaced is not None and not is_built_in(environment):  # a command that reads scripts
        with environment.begin_transaction():
            environment.run_migrations(**arguments)
        return
    context = environment.get_context()
    if takes_over(context):
        upgrade(context, arguments)
        return
    with EnvironmentContext.begin_transaction(environment):
        EnvironmentContext.run_migrations(environment, **arguments)


def _environment() -> EnvironmentContext:
    try:
        environment = env_context.get_context().environment_context
    except (NameError, AttributeError):  # the proxy is not installed: not yet, or no longer
        environment = None
    if environment is None:
        raise RunnerError(
            "run_migrations() is called outside of env.py; call it there, after "
            "context.configure(), and run an Alembic command",
            run_migrations,
        )
    return environment


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
    """Tell whether `build_in` has been called for an environment."""
    function = environment.__dict__.get("run_migrations")
    return isinstance(getattr(function, "__self__", None), _BuiltIn)
