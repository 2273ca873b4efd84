"""`alembic-moltres drift`: what was done to a database beside its scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.config import Config

from ..errors import OptionError
from ..messages import one_line
from .command import FORMAT, Command, Status, argument

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..autogenerate.drift import Drift
    from .databases import Database


def drift(
    config: Config, *, repair: bool = False, sql: bool = False, format: str = "text"
) -> Status:
    """Show what was done to a database beside its scripts; nothing is changed.

    The database is compared with the state of the revisions in its own alembic_version.

    Args:
        config: the project's.
        repair: write the statements that lead back instead; `sql` has to be set, too.
        sql: see `repair`.
        format: "text" or "json".

    Raises:
        HistoryError: the scripts cannot be replayed, or lack a revision of the database.
        OperationError: the database cannot be read, or has no words for the way back.
        OptionError: only one of `repair` and `sql` is set.
    """
    from ..autogenerate.drift import find_drift
    from .databases import known_databases, own_states, use_databases

    if repair != sql:
        raise OptionError(
            "drift --repair and --sql go together: the way back is written, and never run; pass "
            "both or neither",
            "--repair",
        )
    databases = known_databases(config)
    states = own_states(config, databases)
    found: dict[str, Drift] = {}

    def use(database: Database) -> None:
        found[database.name] = find_drift(database.context, states[database.name])
        if repair:
            _write_repair(config, database, found[database.name])

    use_databases(config, use)
    heads = {each.name: each.heads for each in databases}
    if format == "json" and not repair:
        _write_json(config, found, heads)
    elif not repair:
        _write_text(config, found, heads)
    return max((status_of(each) for each in found.values()), default=Status.SAME)


def status_of(drift: Drift) -> Status:
    """Return the exit status: what is uncertain is neither the same nor different."""
    if drift.uncertain:
        return Status.FAILED
    return Status.DIFFERENT if drift else Status.SAME


def drift_lines(drift: Drift) -> Iterator[str]:
    """Give a line for each difference, each table outside the history, and what is uncertain."""
    yield from (f"  {text}" for _, text in drift.texts())
    for table in drift.outside:
        yield f"  table {table.key!r} is outside the history"
    for each in drift.uncertain:
        yield f"  not compared: {each}"


def drift_object(drift: Drift) -> dict[str, Any]:
    """Return a drift for JSON."""
    return {
        "differences": [{"table": table, "text": text} for table, text in drift.texts()],
        "outside": [table.key for table in drift.outside],
        "uncertain": [str(each) for each in drift.uncertain],
    }


def _write_text(
    config: Config, found: Mapping[str, Drift], heads: Mapping[str, tuple[str, ...]]
) -> None:
    from .console import write

    for name, each in found.items():
        revision = ", ".join(heads[name]) or "base"
        about = f"{name}: " if name else ""
        said = "differs from" if each or each.uncertain else "is what the scripts make until"
        write(config, one_line(f"{about}the database {said} revision {revision}"))
        for line in drift_lines(each):
            write(config, one_line(line))


def _write_repair(config: Config, database: Database, drift: Drift) -> None:
    """Write the way back, with comments on what it leaves alone."""
    from .console import write
    from .repair import repair_sql

    about = f"{database.name}: " if database.name else ""
    write(config, one_line(f"-- {about}back to revision {', '.join(database.heads) or 'base'}"))
    for line in drift_lines(drift):
        write(config, one_line(f"-- {line}"))
    statements = repair_sql(database.context, drift)
    if statements:
        write(config)
        write(config, statements)


def _write_json(
    config: Config, found: Mapping[str, Drift], heads: Mapping[str, tuple[str, ...]]
) -> None:
    from .console import write_json

    objects = {
        name: {"revisions": list(heads[name]), **drift_object(each)} for name, each in found.items()
    }
    write_json(config, next(iter(objects.values())) if len(objects) == 1 else objects)


COMMAND = Command(
    drift,
    (
        argument("--repair", action="store_true", help="with --sql: write the way back instead"),
        argument("--sql", action="store_true", help="see --repair; nothing is run"),
        FORMAT,
    ),
)
