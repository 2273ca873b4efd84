"""The remedy for a database at a revision that was squashed into another one."""

from __future__ import annotations

from alembic.script import ScriptDirectory


def explain_squashed(directory: ScriptDirectory, missing: str) -> str | None:
    """Return what to do about a revision without a script; `None` if no script names it.

    The squashed script names it in `squashed_revisions`.
    """
    for script in directory.walk_revisions():
        if missing in getattr(script.module, "squashed_revisions", ()):
            release = getattr(script.module, "squashed_release", None)
            last = script.revision
            where = f"release {release}" if release else "a release that still has its script"
            return (
                f"the revision {missing!r} has been squashed into {last!r}: upgrade this database "
                f"to {last} with {where} first"
            )
    return None
