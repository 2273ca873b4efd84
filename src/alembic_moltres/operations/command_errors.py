"""Our errors as Alembic's `CommandError`, so that the user reads `FAILED: ...`."""

from __future__ import annotations

from contextlib import ContextDecorator

from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from ..errors import MoltresError, Translation


class as_command_errors(Translation, ContextDecorator):
    """Turn our errors into Alembic's, in a `with` block or a whole function.

    What is SQLAlchemy's exception too stays it, for who waits and runs the statement again.
    """

    def translated(self, error: BaseException) -> CommandError | None:
        if isinstance(error, MoltresError) and not isinstance(error, DBAPIError):
            return CommandError(str(error))
        return None
