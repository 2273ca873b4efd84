"""`alembic-moltres locate`: finds the revision of a database by its tables alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from alembic.config import Config

from ..messages import one_line
from .command import FORMAT, SCRATCH, Command, Status

if TYPE_CHECKING:
    from ..autogenerate.states.locate import Match
    from .databases import ConnectedDatabase


def locate(config: Config, *, scratch: str | None = None, format: str = "text") -> Status:
    """Find the revision of a database by its tables alone. The database is only read.

    Args:
        config: the project's.
        scratch: the URL of an empty database of the same kind to run the scripts on, for what
            replay cannot know; it is emptied again.
        format: "text" or "json".

    Raises:
        HistoryError: the scripts cannot be replayed.
        OperationError: the database cannot be read.
        OptionError: `scratch` with several databases.
    """
    from ..autogenerate.gc_pause import gc_paused
    from ..autogenerate.states.locate import locate as located
    from ..history.every_revision import every_revision
    from .databases import check_only_one, known_databases, use_databases
    from .drift_command import status_of

    databases = known_databases(config)
    with gc_paused():
        revisions = every_revision(config, [each.server for each in databases])
    if scratch is not None:
        from .scratch import with_scratch_tables

        check_only_one(databases)
        revisions = {name: with_scratch_tables(config, r, scratch) for name, r in revisions.items()}
    matches: dict[str, list[Match]] = {}

    def use(database: ConnectedDatabase) -> None:
        matches[database.name] = located(database.context, revisions[database.name])

    use_databases(config, use)
    heads = {each.name: each.heads for each in databases}
    if format == "json":
        _write_json(config, matches, heads)
    else:
        _write_text(config, matches, heads)
    return max((status_of(best.drift) for best, *_ in matches.values()), default=Status.SAME)


def _write_text(
    config: Config,
    matches_by_database: Mapping[str, Sequence[Match]],
    heads: Mapping[str, tuple[str, ...]],
) -> None:
    from .drift_command import drift_lines
    from .output.console import write

    for name, matches in matches_by_database.items():
        about = f"{name}: " if name else ""
        for title, match in zip(("best match", "runner-up"), matches, strict=False):
            write(config, one_line(f"{about}{title}: {_named(match)}"))
            lines = list(drift_lines(match.drift)) or ["  nothing differs"]
            for line in lines:
                write(config, one_line(line))
        write(config, one_line(f"{about}alembic_version: {', '.join(heads[name]) or 'empty'}"))


def _named(match: Match) -> str:
    """Return the revisions of each branch; of several with the same tables, the newest first."""
    return (
        ", ".join(
            f"{newest} (the same tables: {', '.join(others)})" if others else newest
            for newest, *others in match.revisions
        )
        or "base"
    )


def _write_json(
    config: Config,
    matches_by_database: Mapping[str, Sequence[Match]],
    heads: Mapping[str, tuple[str, ...]],
) -> None:
    from .output.console import write_json_of_databases

    objects = {
        name: {
            "best": _object(matches[0]),
            "runner_up": _object(matches[1]) if len(matches) > 1 else None,
            "alembic_version": list(heads[name]),
        }
        for name, matches in matches_by_database.items()
    }
    write_json_of_databases(config, objects)


def _object(match: Match) -> dict[str, Any]:
    from .drift_command import drift_object

    return {"revisions": [list(each) for each in match.revisions], **drift_object(match.drift)}


COMMAND = Command(locate, (SCRATCH, FORMAT))
