"""`run_migrations()`: the one line of env.py."""

from __future__ import annotations

from typing import Any

from alembic import context as env_context
from alembic.runtime.environment import EnvironmentContext

from ..errors import RunnerError
from .environment import is_built_in
from .upgrade import takes_over, upgrade


def run_migrations(**arguments: Any) -> None:
    """Run the migrations; it stands in env.py in the place of two lines of Alembic's.

    One upgrade runs at a time: others wait. Each revision is a transaction of its own, which waits
    for locks for a few seconds only and is repeated if that did not suffice. Commands that migrate
    nothing, and `--sql`, do what they do without it.

    Args:
        arguments: of `upgrade()` and `downgrade()` of the scripts, as for Alembic's own function.

    Raises:
        RunnerError: it is called outside of env.py; somebody else's upgrade does not end; the
            server is read-only; there is a pooler that gives each transaction another session.

    >>> run_migrations()
    Traceback (most recent call last):
    alembic_moltres.errors.RunnerError: run_migrations() is called outside of env.py; ...
    """
    environment = _environment()
    replaced = environment.__dict__.get("run_migrations")
    if replaced is not None and not is_built_in(environment):  # a command looks at the scripts only
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
        found = env_context.get_context().environment_context
    except (NameError, AttributeError):  # nothing is behind the proxy: yet, or any more
        found = None
    if found is None:
        raise RunnerError(
            "run_migrations() is called outside of env.py; call it there, behind "
            "context.configure(), and run an Alembic command",
            run_migrations,
        )
    return found
