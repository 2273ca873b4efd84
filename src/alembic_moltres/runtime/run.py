"""`run_migrations()`: the one line of env.py."""

from __future__ import annotations

from typing import Any

from alembic import context as env_context
from alembic.runtime.environment import EnvironmentContext

from ..errors import RunnerError
from .environment import is_built_in
from .upgrade import takes_over, upgrade


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
