"""Turns our errors into Alembic's `CommandError`, so that the user reads `FAILED: ...`."""

from __future__ import annotations

from contextlib import ContextDecorator

from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from ..errors import MoltresError
from ..translation import Translation


class as_command_errors(Translation, ContextDecorator):
    """Turn our errors into Alembic's, as a context manager or a decorator.

    An error that is also an exception of SQLAlchemy stays one, for callers that retry.
    """

    def translated(self, error: BaseException) -> CommandError | None:
        if isinstance(error, MoltresError) and not isinstance(error, DBAPIError):
            return CommandError(str(error))
        return None
