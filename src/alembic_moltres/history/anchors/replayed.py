"""The effect of an anchor on a replay: it begins there, without earlier scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from alembic.script import Script, ScriptDirectory

from ..state import Place, State, Uncertain

METHOD = "moltres_anchor"
OF_DATABASE = "upgrade_"
"""How the names of the functions of Alembic's template for several databases begin."""


def is_anchor(script: Script) -> bool:
    """Tell whether a script's `upgrade()` has an anchor, or its function for each database."""
    functions = vars(script.module)
    each = [functions[name] for name in functions if name.startswith(OF_DATABASE)]
    return _has_anchor(functions.get("upgrade")) or (bool(each) and all(map(_has_anchor, each)))


def _has_anchor(function: object) -> bool:
    return METHOD in getattr(getattr(function, "__code__", None), "co_names", ())


def from_anchors(directory: ScriptDirectory, scripts: Sequence[Script]) -> list[Script]:
    """Return scripts without those before an anchor; anchors are first.

    A script on a branch beside an anchor alters tables of the anchor.
    """
    anchors = [each for each in scripts if is_anchor(each)]
    if not anchors:
        return list(scripts)
    before = set().union(*(_ancestors(directory, each) for each in anchors))
    kept = [each for each in scripts if each.revision not in before]
    return sorted(kept, key=lambda each: each not in anchors)


def anchor_after(directory: ScriptDirectory, scripts: Sequence[Script]) -> Script | None:
    """Return the anchor that comes after all these scripts, if there is one."""
    revisions = {each.revision for each in scripts}
    if not revisions:
        return None
    others = (each for each in directory.walk_revisions() if each.revision not in revisions)
    anchors = (each for each in others if is_anchor(each))
    return next((each for each in anchors if revisions <= _ancestors(directory, each)), None)


def before_anchor(state: State, anchor: Script) -> State:
    """Return the state of a revision before an anchor: all of it is uncertain."""
    reason = f"it is before the anchor {anchor.revision}, at which replay begins"
    line = anchor.module.upgrade.__code__.co_firstlineno
    place = Place(anchor.revision, Path(anchor.path).name, line)
    uncertain = Uncertain(reason, place, tables=tuple(state.tables))
    return replace(state, uncertain=(uncertain,))


def _ancestors(directory: ScriptDirectory, script: Script) -> set[str]:
    ancestors = directory.iterate_revisions(script.revision, "base", implicit_base=True)
    return {each.revision for each in ancestors} - {script.revision}
