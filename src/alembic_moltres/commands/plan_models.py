"""`plan --models`: what `revision --autogenerate` would write, without writing it."""

from __future__ import annotations

from alembic.config import Config

from .command import Status
from .comparison import compare
from .differences import tell


def plan_models(
    config: Config, *, offline: bool = False, scratch: str | None = None, format: str = "text"
) -> Status:
    """Show what the models have that the database has not, and what to know before.

    Args:
        config: the project's.
        offline: compare with the scripts instead of the database.
        scratch: compare with an empty database of this URL on which the scripts are run; it is
            emptied again.
        format: "text", "markdown" or "json".

    Returns:
        whether the models and what they are compared with are the same.

    Raises:
        UncertainError: tables have been left out; the others have been told of.
    """
    compared = compare(config, offline=offline, scratch=scratch)
    return tell(config, compared, format=format, remarks=True)
