"""Our errors as Alembic's `CommandError`, so that the user reads `FAILED: ...`."""

from __future__ import annotations

from contextlib import ContextDecorator
from types import TracebackType

from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from ..errors import MoltresError


class as_command_errors(ContextDecorator):
    """Turn our errors into Alembic's, in a `with` block or a whole function.

    What is SQLAlchemy's exception too stays it, for who waits and runs the statement again.

    A class: a script enters it for each of its operations, and a generator takes longer.
    """

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        raised: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(error, MoltresError) and not isinstance(error, DBAPIError):
            raise CommandError(str(error)) from error
