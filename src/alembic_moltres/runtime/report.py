"""What is said of a revision that has ended, and of a run that has failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..messages import get_logger
from .attempts import shortened

if TYPE_CHECKING:
    from .statements import Work

log = get_logger("alembic.runtime.migration.alembic_moltres")
"""Below `alembic`, because every project's alembic.ini shows that logger's messages."""


def report_done(name: str, work: Work, seconds: float) -> None:
    """Log what a revision took."""
    plural = "" if work.statements == 1 else "s"
    log.info("%s: %d statement%s in %.1f s", name, work.statements, plural, seconds)


def report_failure(names: Sequence[str], number: int, work: Work, *, is_callers: bool) -> None:
    """Log which revisions were run and which were not; the error itself is Alembic's to tell.

    Args:
        names: of all that were to be run.
        number: of the one that failed, from 0.
        work: what it has done.
        is_callers: it was in a transaction of the caller's, who decides what is kept.
    """
    if is_callers:
        kept = "whether anything is kept is decided in env.py, which began the transaction"
    elif work.is_committed:
        kept = "statements of it are committed and stay"
    else:
        kept = "nothing of it is kept"
    at = f" at: {shortened(work.current)}" if work.current else ""
    log.error("%s failed%s; %s", names[number], at, kept)
    if number:
        log.error("Done before it: %s", ", ".join(names[:number]))
    if names[number + 1 :]:
        log.error("Not begun: %s", ", ".join(names[number + 1 :]))
