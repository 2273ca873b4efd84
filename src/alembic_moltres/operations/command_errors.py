"""Our errors as Alembic's `CommandError`, so that the user reads `FAILED: ...`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic.util import CommandError

from ..errors import MoltresError


@contextmanager
def as_command_errors() -> Iterator[None]:
    """Turn our errors into Alembic's."""
    try:
        yield
    except MoltresError as err:
        raise CommandError(str(err)) from err
