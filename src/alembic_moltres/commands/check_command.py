"""`alembic-moltres check`: Alembic's, also without a database."""

from __future__ import annotations

from alembic.config import Config

from .command import FORMAT, SCRATCH, Command, Status
from .comparison import compare
from .differences import tell
from .revision_command import OFFLINE


def check(
    config: Config, *, offline: bool = False, scratch: str | None = None, format: str = "text"
) -> Status:
    """Check if revision command with autogenerate has pending upgrade ops.

    Args:
        config: the project's.
        offline: compare with the scripts instead of the database.
        scratch: compare with an empty database of this URL on which the scripts are run; it is
            emptied again.
        format: "text" or "json".

    Returns:
        whether the models and what they are compared with are the same.

    Raises:
        UncertainError: tables have been left out; the others have been told of.
    """
    return tell(config, compare(config, offline=offline, scratch=scratch), format=format)


COMMAND = Command(check, (OFFLINE, SCRATCH, FORMAT))
