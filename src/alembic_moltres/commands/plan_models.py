"""`plan --models`: what `revision --autogenerate` would write."""

from __future__ import annotations

from alembic.config import Config

from .command import Status
from .comparison import compare
from .differences import write_differences


def plan_models(
    config: Config, *, offline: bool = False, scratch: str | None = None, format: str = "text"
) -> Status:
    """Show what the database lacks of the models, with remarks.

    Args:
        config: the project's.
        offline: compare with the scripts instead of the database.
        scratch: the URL of an empty database to run the scripts on and compare with; it is
            emptied again.
        format: "text", "markdown" or "json".

    Returns:
        whether the models equal what they are compared with.

    Raises:
        UncertainError: tables were skipped; the differences of the others are written.
    """
    compared = compare(config, offline=offline, scratch=scratch)
    return write_differences(config, compared, format=format, remarks=True)
