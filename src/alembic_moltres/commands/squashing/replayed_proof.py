"""The proof without a database: the new script, replayed, does what the range does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ...errors import HistoryError
from ...history.catalogue.database import Catalogue
from ...history.states import EmptyDatabase
from ...messages import one_line
from ..scripts.effects import add_downgrade_effects, upgrade_effects_of
from ..scripts.replays import another_replay, script_of, shape
from .copied_source import remedy_of_copied
from .row_proof import check_rows
from .squash import SquashedDatabase
from .squash_range import Range

SHOWN = 10
"""How many lines an error names beside its first one."""


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
        if len(more) > SHOWN:
            more[SHOWN - 1 :] = [f"and {len(more) - SHOWN + 1} more lines"]
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
    effects = upgrade_effects_of(replay, new, database.name)
    for each in recorder.uncertainties()[uncertain:]:
        where = remedy_of_copied(path, replay.raised, squash_range.inside)
        raise HistoryError(f"as one script it would be uncertain: {each}{where}", each)
    if replay.raised is not None and not squashed.raises:
        said = f"{type(replay.raised).__name__}: {one_line(str(replay.raised))}"
        where = remedy_of_copied(path, replay.raised, squash_range.inside)
        raise HistoryError(f"as one script it would raise {said}{where}", path)
    _check_same(
        f"as one script {squash_range.last.revision} would make",
        _contents(recorder.catalogue),
        _contents(after),
    )
    statements, statements_back = squashed.copied
    check_rows(statements, effects.upgrade, recorder.syntax)
    if not hasattr(new.module, "downgrade"):
        return  # the project's template has none
    with recorder.restoring():
        add_downgrade_effects(replay, effects)
        # a column that is added again is the last one
        back = _contents(recorder.catalogue, in_order=False)
    _check_same(
        f"downgrade() of {squash_range.last.revision} would leave",
        back,
        _contents(before, in_order=False),
    )
    check_rows(statements_back, effects.downgrade, recorder.syntax)


def _contents(catalogue: Catalogue, *, in_order: bool = True) -> dict[str, object]:
    """Return the contents of a replayed database, and which columns own which sequences."""
    owners = {str(at): each for at, each in catalogue.owned.items()}
    return {**shape(catalogue, in_order=in_order), "owners of sequences": owners}


def _check_same(makes: str, one: Mapping[str, object], other: Mapping[str, object]) -> None:
    """Check that two databases have the same contents.

    Raises:
        HistoryError: they have not; the message begins with `makes`.
    """
    keys = sorted(key for key in {*one, *other} if one.get(key) != other.get(key))
    if keys:
        raise HistoryError(
            f"{makes} other tables ({one_line(', '.join(keys))}); nothing was written: squash a "
            "shorter range",
            keys,
        )
