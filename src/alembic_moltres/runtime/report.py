"""Log lines for a revision that has ended, and for a run that has failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..messages import RUN_LOGGER, get_logger, short_statement

if TYPE_CHECKING:
    from .statements import Attempt

log = get_logger(RUN_LOGGER)


def report_done(name: str, attempt: Attempt, seconds: float) -> None:
    """Log the number of statements and the time of a revision."""
    plural = "" if attempt.statements == 1 else "s"
    log.info("%s: %d statement%s in %.1f s", name, attempt.statements, plural, seconds)


def report_failure(
    names: Sequence[str], number: int, attempt: Attempt, *, is_callers: bool
) -> None:
    """Log which revisions were run and which were not; Alembic reports the error itself.

    Args:
        names: of all revisions to run.
        number: index of the failed one.
        attempt: the statements of the failed one.
        is_callers: the caller's transaction decides what is kept.
    """
    if is_callers:
        kept = "env.py began the transaction, and decides whether anything is kept"
    elif attempt.is_committed:
        kept = "some of its statements are committed and stay"
    else:
        kept = "nothing of it is kept"
    at = f" at: {short_statement(attempt.current)}" if attempt.current else ""
    log.error("%s failed%s; %s", names[number], at, kept)
    if number:
        log.error("Done before it: %s", ", ".join(names[:number]))
    if names[number + 1 :]:
        log.error("Not begun: %s", ", ".join(names[number + 1 :]))
