"""`alembic-moltres drift`: changes to a database that are in none of its scripts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from alembic.config import Config

from ..errors import OptionError
from ..messages import one_line
from .command import FORMAT, SCRATCH, Command, Status, argument

if TYPE_CHECKING:
    from ..autogenerate.states.drift import Drift
    from .databases import ConnectedDatabase


def drift(
    config: Config,
    *,
    write: bool = False,
    message: str | None = None,
    rev_id: str | None = None,
    head: str | None = None,
    include: Sequence[str] = (),
    repair: bool = False,
    sql: bool = False,
    scratch: str | None = None,
    format: str = "text",
) -> Status:
    """Show what was done to a database beside its scripts. The database is only read.

    The database is compared with the state of its current revisions.

    Args:
        config: the project's.
        write: write a revision that makes the same changes on other databases.
        message: of the revision; see Alembic's `revision`.
        rev_id: see Alembic's `revision`.
        head: see Alembic's `revision`.
        include: tables outside the history that the revision should create.
        repair: write the SQL that undoes the changes; `sql` must be set too.
        sql: see `repair`.
        scratch: the URL of an empty database of the same kind to run the scripts on, for what
            replay cannot know; it is emptied again.
        format: "text" or "json".

    Raises:
        HistoryError: the scripts cannot be replayed, or one of a revision is missing; with `write`,
            the database is not at head.
        OperationError: the database cannot be read, or cannot make a change of `repair`.
        OptionError: options exclude each other, or an included table is not outside the history.
    """
    from ..autogenerate.states.drift import find_drift
    from .databases import current_states, known_databases, use_databases

    _check_options(write=write, repair=repair, sql=sql)
    databases = known_databases(config)
    if write and len(databases) > 1:
        raise OptionError("drift --write takes one database; env.py migrates several", "--write")
    states = current_states(config, databases, scratch)
    drifts: dict[str, Drift] = {}

    def use(database: ConnectedDatabase) -> None:
        drifts[database.name] = find_drift(database.context, states[database.name])
        if repair:
            _write_repair(config, database, drifts[database.name])
        elif write:
            from .drifting.revision import NewRevision

            new = NewRevision(message, rev_id, head, include or ())
            new.write(config, database, drifts[database.name])

    use_databases(config, use)
    heads = {each.name: each.heads for each in databases}
    if format == "json" and not repair:
        _write_json(config, drifts, heads)
    elif not repair:
        _write_text(config, drifts, heads)
    return max((status_of(each) for each in drifts.values()), default=Status.SAME)


def _check_options(*, write: bool, repair: bool, sql: bool) -> None:
    if repair != sql:
        raise OptionError(
            "drift --repair and --sql go together, since the SQL is written and never run; pass "
            "both or neither",
            "--repair",
        )
    if write and repair:
        raise OptionError("drift --write and --repair exclude each other; pass one", "--write")


def status_of(drift: Drift) -> Status:
    """Return the exit status; a drift with uncertain tables has failed."""
    if drift.uncertain:
        return Status.FAILED
    return Status.DIFFERENT if drift else Status.SAME


def drift_lines(drift: Drift) -> Iterator[str]:
    """Yield a line for each difference, each object outside the history, and each uncertainty."""
    from ..diff.summary import lines

    yield from (f"  {text}" for text, _ in lines(drift.rows()))
    for table in drift.outside:
        yield f"  table {table.key!r} is outside the history"
    for stored in drift.objects:
        yield f"  {stored} is outside the history"
    for each in drift.uncertain:
        yield f"  not compared: {each}"


def drift_object(drift: Drift) -> dict[str, Any]:
    """Return a drift as JSON."""
    from .differences import json_of_row

    return {
        "differences": [json_of_row(row) for row in drift.rows(longest=None)],
        "outside": [table.key for table in drift.outside],
        "uncertain": [str(each) for each in drift.uncertain],
    }


def _write_text(
    config: Config, drifts: Mapping[str, Drift], heads: Mapping[str, tuple[str, ...]]
) -> None:
    from .output.console import write

    for name, each in drifts.items():
        revision = ", ".join(heads[name]) or "base"
        about = f"{name}: " if name else ""
        verdict = "differs from" if each or each.uncertain else "matches"
        write(config, one_line(f"{about}the database {verdict} revision {revision}"))
        for line in drift_lines(each):
            write(config, one_line(line))


def _write_repair(config: Config, database: ConnectedDatabase, drift: Drift) -> None:
    """Write the repair SQL, with comments on what it leaves alone."""
    from .drifting.repair import repair_sql
    from .output.console import write

    about = f"{database.name}: " if database.name else ""
    write(config, one_line(f"-- {about}back to revision {', '.join(database.heads) or 'base'}"))
    for line in drift_lines(drift):
        write(config, one_line(f"-- {line}"))
    statements = repair_sql(database.context, drift)
    if statements:
        write(config)
        write(config, statements)


def _write_json(
    config: Config, drifts: Mapping[str, Drift], heads: Mapping[str, tuple[str, ...]]
) -> None:
    from .output.console import write_json_of_databases

    objects = {
        name: {
            "revisions": list(heads[name]),
            **drift_object(each),
            "outside_objects": [str(stored) for stored in each.objects],
        }
        for name, each in drifts.items()
    }
    write_json_of_databases(config, objects)


COMMAND = Command(
    drift,
    (
        argument(
            "--write",
            action="store_true",
            help="write a revision that makes the same changes on other databases",
        ),
        argument("-m", "--message", help="with --write: the revision's message"),
        argument("--rev-id", help="with --write: the revision's identifier (default: a new one)"),
        argument("--head", help="with --write: the head to base it on (default: the only one)"),
        argument(
            "--include",
            action="append",
            metavar="TABLE",
            help="with --write: also create this table, which no script has; repeatable",
        ),
        argument(
            "--repair",
            action="store_true",
            help="with --sql: print the SQL that undoes the changes",
        ),
        argument("--sql", action="store_true", help="with --repair: print SQL; nothing is run"),
        SCRATCH,
        FORMAT,
    ),
)
