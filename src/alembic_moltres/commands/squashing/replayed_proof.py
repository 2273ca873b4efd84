"""The proof without a database: the new script, replayed, does what the range does."""

from __future__ import annotations

import traceback
from pathlib import Path

from ...errors import HistoryError
from ...history.states import EmptyDatabase
from ...messages import one_line
from ..scripts.replays import another_replay, script_of, shape
from .copied_source import origin_of
from .squash import SquashedDatabase
from .squash_range import Range


def prove(
    database: EmptyDatabase, squash_range: Range, path: Path, squashed: SquashedDatabase
) -> None:
    """Replay the new script on a database, up and down.

    Args:
        database: the stand-in.
        squash_range: the range.
        path: of the new script.
        squashed: what the script must do.

    Raises:
        HistoryError: the script makes something else.
    """
    try:
        _prove(database, squash_range, path, squashed)
    except HistoryError as err:
        if not squashed.between:
            raise
        more = [each.split(": ")[0] for each in squashed.between[1:]]
        raise HistoryError(
            f"{squashed.between[0]}, and cannot run in between ({err.args[0]}); pass the line with "
            "--leave-out, and do the same at the end"
            f"{'; so with ' if more else ''}{', '.join(more)}",
            err.subject,
        ) from err


def _prove(
    database: EmptyDatabase, squash_range: Range, path: Path, squashed: SquashedDatabase
) -> None:
    before, after = squashed.before, squashed.after
    replay = another_replay(database)
    for script in squash_range.before:
        replay.run(script)
    recorder = replay.recorder
    uncertain = len(recorder.uncertainties())
    new = script_of(path, squash_range.last.revision)
    replay.run(new)
    for each in recorder.uncertainties()[uncertain:]:
        where = _where(path, replay.raised, squash_range)
        raise HistoryError(f"as one script it would be uncertain: {each}{where}", each)
    if replay.raised is not None and not squashed.raises:
        raise HistoryError(
            f"as one script it would raise {type(replay.raised).__name__}: "
            f"{one_line(str(replay.raised))}{_where(path, replay.raised, squash_range)}",
            path,
        )
    if shape(recorder.catalogue) != shape(after) or recorder.catalogue.owned != after.owned:
        raise HistoryError(
            f"as one script {squash_range.last.revision} would make other tables; "
            "nothing was written",
            squash_range,
        )
    if not hasattr(new.module, "downgrade"):
        return  # the project's template has none
    with recorder.restoring():
        replay.run_downgrade(new)
        # a column that is added again is the last one
        back = shape(recorder.catalogue, in_order=False)
        owned = recorder.catalogue.owned.copy()
    if back != shape(before, in_order=False) or owned != before.owned:
        raise HistoryError(
            f"downgrade() of {squash_range.last.revision} would leave other tables; "
            "nothing was written",
            squash_range,
        )


def _where(path: Path, raised: Exception | None, squash_range: Range) -> str:
    """Return the origin of the failing line, with the remedy."""
    frames = traceback.extract_tb(raised.__traceback__ if raised else None)
    lines = [frame.lineno for frame in frames if frame.filename == str(path) and frame.lineno]
    origin = origin_of(path, lines[-1], squash_range.inside) if lines else None
    if origin is None:
        return ""
    return f" (it is {origin}; pass that with --leave-out, and do the same at the end)"
