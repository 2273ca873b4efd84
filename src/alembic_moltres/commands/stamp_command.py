"""`alembic-moltres stamp --verify`: stamps a revision only if the database is at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from alembic.config import Config

from ..errors import OptionError
from ..messages import one_line
from .command import SCRATCH, Command, Status, argument

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

    from ..autogenerate.states.drift import Drift
    from .databases import ConnectedDatabase


def stamp(
    config: Config,
    revisions: str | Sequence[str],
    sql: bool = False,
    tag: str | None = None,
    purge: bool = False,
    *,
    verify: bool = False,
    scratch: str | None = None,
) -> Status:
    """Stamp the revision table; with --verify only if the database is at that revision.

    Args:
        config: the project's.
        revisions: see Alembic's `stamp`.
        sql: see Alembic's `stamp`.
        tag: see Alembic's `stamp`.
        purge: see Alembic's `stamp`.
        verify: compare the database with the state of the revisions first, and do not stamp if
            they differ.
        scratch: with `verify`; see `drift`.

    Raises:
        HistoryError: the scripts cannot be replayed, or there is no such revision.
        OperationError: the database cannot be read.
        OptionError: `verify` together with `sql`, which reads no database.
    """
    from alembic.command import stamp as stamp_unverified

    named = [revisions] if isinstance(revisions, str) else list(revisions)
    if verify:
        if sql:
            raise OptionError(
                "stamp --verify reads the database, and --sql does not; pass one of them",
                "--sql",
            )
        status = _verify(config, named, purge=purge, scratch=scratch)
        if status:
            return status
    stamp_unverified(config, named, sql=sql, tag=tag, purge=purge)
    return Status.SAME


def _verify(config: Config, named: Sequence[str], *, purge: bool, scratch: str | None) -> Status:
    """Compare each database with its revisions after the stamp, and write the differences."""
    from ..autogenerate.states.drift import find_drift
    from ..history.directory import open_directory
    from .databases import (
        check_rows_have_scripts,
        current_states,
        known_databases,
        use_databases,
    )
    from .drift_command import status_of

    known = known_databases(config)
    directory = open_directory(config)
    for each in () if purge else known:
        check_rows_have_scripts(directory, each.heads, each.name)
    stamped = [
        replace(each, heads=_heads(directory, named, () if purge else each.heads)) for each in known
    ]
    states = current_states(config, stamped, scratch)
    drifts: dict[str, Drift] = {}

    def use(database: ConnectedDatabase) -> None:
        drifts[database.name] = find_drift(database.context, states[database.name])

    use_databases(config, use)
    for each in stamped:
        if status_of(drifts[each.name]):
            _write_refusal(config, each.name, each.heads, drifts[each.name])
    return max((status_of(each) for each in drifts.values()), default=Status.SAME)


def _heads(
    directory: ScriptDirectory, named: Sequence[str], current: Sequence[str]
) -> tuple[str, ...]:
    """Return the contents of `alembic_version` after the stamp; other branches keep their heads.

    Raises:
        HistoryError: there is no such revision.
    """
    from ..history.directory import revisions_of

    wanted = revisions_of(directory, named)
    inside = {each.revision for each in wanted}
    existing = {each.revision for each in directory.walk_revisions()}
    stay = [head for head in current if head in existing and head not in inside]
    ancestors = {
        each: {s.revision for s in directory.iterate_revisions(each, "base", implicit_base=True)}
        for each in (*inside, *stay)
    }
    kept = [
        head
        for head in stay
        if inside and not any(head in ancestors[each] or each in ancestors[head] for each in inside)
    ]
    return tuple(dict.fromkeys((*(each.revision for each in wanted), *kept)))


def _write_refusal(config: Config, name: str, heads: tuple[str, ...], drift: Drift) -> None:
    from .drift_command import drift_lines
    from .output.console import write

    about = f"{name}: " if name else ""
    revision = ", ".join(heads) or "base"
    write(config, one_line(f"{about}the database differs from revision {revision}; not stamped"))
    for line in drift_lines(drift):
        write(config, one_line(line))


COMMAND = Command(
    stamp,
    (
        argument(
            "--verify",
            action="store_true",
            help="stamp only if the database has the tables of the revision",
        ),
        SCRATCH,
    ),
)
"""It replaces Alembic's command, and does the same without `--verify`."""
