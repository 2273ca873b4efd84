"""The revisions of a plan, and what each does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory

from ...dialects.base.failing_rows import Count
from ...errors import HistoryError
from ...history.anchors.replayed import from_anchors, is_anchor
from ...history.catalogue.database import Catalogue
from ...history.directory import revisions_of, scripts_until
from ...history.replay import Replay
from ...history.state import Uncertain
from ...history.states import EmptyDatabase
from ..databases import check_version_rows
from ..scripts.replays import replay_project
from .databases import Target
from .failing import Failing
from .steps import Step, recording_steps
from .undo import Undo, undo_of

CURRENT = "current"


@dataclass(slots=True)
class PlannedRevision:
    """What one revision does.

    Attributes:
        script: of the revision.
        before: the tables before it.
        after: the tables after it.
        steps: what its lines do, in order.
        undo: what `downgrade()` restores.
        uncertain: what replay cannot know.
    """

    script: Script
    before: Catalogue
    after: Catalogue
    steps: list[Step]
    undo: Undo
    uncertain: tuple[Uncertain, ...]


@dataclass(slots=True)
class Plan:
    """What the revisions of a range do to one database.

    Attributes:
        name: the database's name in `env.py`; empty if there is only one.
        context: of the stand-in database.
        target: the database, if it is connected.
        is_current: the first revision is the database's next one.
        revisions: in the order in which they run.
        counts: of the rows on which it fails.
    """

    name: str
    context: MigrationContext
    target: Target | None = None
    is_current: bool = False
    revisions: list[PlannedRevision] = field(default_factory=list)
    counts: dict[Failing, Count] = field(default_factory=dict)


def plans_of(config: Config, text: str | None, targets: Mapping[str, Target]) -> list[Plan]:
    """Replay the scripts, and return what the revisions of a range do to each database.

    Args:
        config: the project's.
        text: `[A]:[B]`, the revisions after A up to B, or one revision; `None` for those from the
            database's current revision to heads.
        targets: the connected databases, by name.

    Raises:
        HistoryError: the scripts cannot be replayed, or there is no such range.
    """
    plans: list[Plan] = []

    def plan(directory: ScriptDirectory, database: EmptyDatabase) -> None:
        plans.append(_plan(directory, database, text, targets.get(database.name)))

    replay_project(config, plan, servers=[each.server for each in targets.values()])
    return plans


def _plan(
    directory: ScriptDirectory, database: EmptyDatabase, text: str | None, target: Target | None
) -> Plan:
    if target is not None:
        check_version_rows(directory, target.heads, database.name)
    before, inside = range_of(directory, text, target)
    revisions = {each.revision for each in inside}
    scripts = from_anchors(directory, [*before, *inside])
    _check_known(scripts, inside)
    replay = database.first_replay()
    plan = Plan(database.name, database.context, target)
    if target is not None:
        applied = scripts_until(directory, ",".join(target.heads) or "base")
        plan.is_current = {each.revision for each in applied} == {each.revision for each in before}
    for script in scripts:
        if script.revision in revisions and not is_anchor(script):
            plan.revisions.append(_planned(replay, script))
        else:
            replay.run(script)
    return plan


def _check_known(scripts: Sequence[Script], inside: Iterable[Script]) -> None:
    known = {each.revision for each in scripts}
    for each in inside:
        if each.revision not in known:
            raise HistoryError(
                f"{each.revision} is before an anchor, at which replay begins; begin the range at "
                "the anchor",
                each,
            )


def _planned(replay: Replay, script: Script) -> PlannedRevision:
    recorder = replay.recorder
    before, known = recorder.catalogue.copy(), len(recorder.uncertainties())
    steps: list[Step] = []
    with recording_steps(recorder, script, steps):
        replay.run(script)
    uncertain = recorder.uncertainties()[known:]
    undo = undo_of(replay, script, before, steps)
    return PlannedRevision(
        script, before, after=recorder.catalogue.copy(), steps=steps, undo=undo, uncertain=uncertain
    )


def range_of(
    directory: ScriptDirectory, text: str | None, target: Target | None
) -> tuple[list[Script], list[Script]]:
    """Return the scripts before a range, and those in it, in the order in which they run.

    Raises:
        HistoryError: there is no such revision.
    """
    if text is not None and ":" not in text:
        inside_ids = {each.revision for each in revisions_of(directory, text.split(","))}
        if not inside_ids and text != "base":
            raise HistoryError(f"there is no revision {text!r}; see alembic history", text)
        scripts = scripts_until(directory, text)
        inside = [each for each in scripts if each.revision in inside_ids]
        return [each for each in scripts if each.revision not in inside_ids], inside
    start, _, end = (text or f"{CURRENT}:").partition(":")
    above = scripts_until(directory, _lower(start, target))
    applied = {each.revision for each in above}
    scripts = scripts_until(directory, end or "heads")
    inside = [each for each in scripts if each.revision not in applied]
    return above, inside


def _lower(start: str, target: Target | None) -> str:
    if start != CURRENT:
        return start or "base"
    if target is None:
        raise HistoryError(f"{CURRENT!r} is only known with a database; pass --url", start)
    return ",".join(target.heads) or "base"
