"""`alembic-moltres drift`: what was done to a database beside its scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.config import Config

from ..errors import OptionError
from ..messages import one_line
from .command import FORMAT, SCRATCH, Command, Status, argument

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..autogenerate.drift import Drift
    from .databases import Database


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
    """Show what was done to a database beside its scripts; nothing in it is changed.

    The database is compared with the state of the revisions in its own alembic_version.

    Args:
        config: the project's.
        write: write the revision that brings the other databases there; the database is at head.
        message: of the revision; see Alembic's `revision`.
        rev_id: see Alembic's `revision`.
        head: see Alembic's `revision`.
        include: tables outside the history that the revision creates.
        repair: write the statements that lead back instead; `sql` has to be set, too.
        sql: see `repair`.
        scratch: the URL of an empty database of the same kind, on which the scripts are run; it
            answers what replay cannot, and is emptied again.
        format: "text" or "json".

    Raises:
        HistoryError: the scripts cannot be replayed, or lack a revision of the database; it is not
            at head.
        OperationError: the database cannot be read, or has no words for the way back.
        OptionError: options that do not go together, or a table that is not outside.
    """
    from ..autogenerate.drift import find_drift
    from .databases import known_databases, own_states, use_databases

    _check_options(write=write, repair=repair, sql=sql)
    databases = known_databases(config)
    if write and len(databases) > 1:
        raise OptionError("drift --write takes one database; env.py migrates several", "--write")
    states = own_states(config, databases, scratch)
    found: dict[str, Drift] = {}

    def use(database: Database) -> None:
        found[database.name] = find_drift(database.context, states[database.name])
        if repair:
            _write_repair(config, database, found[database.name])
        elif write:
            from .write_drift import NewRevision

            new = NewRevision(message, rev_id, head, include or ())
            new.write(config, database, found[database.name])

    use_databases(config, use)
    heads = {each.name: each.heads for each in databases}
    if format == "json" and not repair:
        _write_json(config, found, heads)
    elif not repair:
        _write_text(config, found, heads)
    return max((status_of(each) for each in found.values()), default=Status.SAME)


def _check_options(*, write: bool, repair: bool, sql: bool) -> None:
    if repair != sql:
        raise OptionError(
            "drift --repair and --sql go together: the way back is written, and never run; pass "
            "both or neither",
            "--repair",
        )
    if write and repair:
        raise OptionError("drift --write and --repair lead opposite ways; pass one", "--write")


def status_of(drift: Drift) -> Status:
    """Return the exit status: what is uncertain is neither the same nor different."""
    if drift.uncertain:
        return Status.FAILED
    return Status.DIFFERENT if drift else Status.SAME


def drift_lines(drift: Drift) -> Iterator[str]:
    """Give a line for each difference, each object outside the history, and what is uncertain."""
    yield from (f"  {text}" for _, text in drift.texts())
    for table in drift.outside:
        yield f"  table {table.key!r} is outside the history"
    for found in drift.objects.outside:
        yield f"  {found} is outside the history"
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
        name: {
            "revisions": list(heads[name]),
            **drift_object(each),
            "outside_objects": [str(found) for found in each.objects.outside],
        }
        for name, each in found.items()
    }
    write_json(config, next(iter(objects.values())) if len(objects) == 1 else objects)


COMMAND = Command(
    drift,
    (
        argument(
            "--write",
            action="store_true",
            help="write the revision that brings the other databases there",
        ),
        argument("-m", "--message", help="with --write: the revision's message"),
        argument("--rev-id", help="with --write: its identifier (default: a new one)"),
        argument("--head", help="with --write: the head that it follows (default: the only one)"),
        argument(
            "--include",
            action="append",
            metavar="TABLE",
            help="with --write: a table outside the history that it creates",
        ),
        argument("--repair", action="store_true", help="with --sql: write the way back instead"),
        argument("--sql", action="store_true", help="see --repair; nothing is run"),
        SCRATCH,
        FORMAT,
    ),
)
