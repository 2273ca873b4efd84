"""`alembic-moltres check`: Alembic's `check`, also without a database."""

from __future__ import annotations

from alembic.config import Config

from .command import FORMAT, SCRATCH, Command, Status
from .comparison import compare
from .differences import write_differences
from .revision_command import OFFLINE


def check(
    config: Config, *, offline: bool = False, scratch: str | None = None, format: str = "text"
) -> Status:
    """Check if revision command with autogenerate has pending upgrade ops.

    Args:
        config: the project's.
        offline: compare with the scripts instead of the database.
        scratch: the URL of an empty database to run the scripts on and compare with; it is
            emptied again.
        format: "text" or "json".

    Returns:
        whether the models equal what they are compared with.

    Raises:
        UncertainError: tables were skipped; the differences of the others are written.
    """
    return write_differences(
        config, compare(config, offline=offline, scratch=scratch), format=format
    )


COMMAND = Command(check, (OFFLINE, SCRATCH, FORMAT))
