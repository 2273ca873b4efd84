"""Resumes an interrupted revision, on a database that commits each statement of DDL.

When it is run again, its first operations are compared with the database: those that it has
completely are skipped, up to the first one that it has not. A statement of the script itself after
a skipped operation may have run or not: the user says so with `-x moltres.ran=LINE` or `-x
moltres.not_ran=LINE`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from alembic.util import CommandError
from sqlalchemy import UpdateBase
from sqlalchemy.exc import DBAPIError

from ..alembic_compat import filter_statements, version_table
from ..dialects.base.registry import impl_of
from ..diff import (
    AddConstraint,
    AlterColumn,
    AlterTable,
    CreateIndex,
    CreateTable,
    DropConstraint,
    RenameColumn,
    RenameTable,
)
from ..diff.changes.base import Addition, Removal
from ..errors import OperationError, SchemaError
from ..messages import RUN_LOGGER, get_logger
from ..options import moltres_values
from ..schema import ColumnDef, Index, PrimaryKeyConstraint, UniqueConstraint
from .later_names import later_names
from .script_line import line_in_script, place_in_script

if TYPE_CHECKING:
    import sqlalchemy as sa
    from alembic.operations import Operations
    from alembic.operations.ops import MigrateOperation
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy.engine import Connection, Dialect

    from ..dialects.base.impl_protocol import ImplProtocol
    from ..dialects.base.pending import Sides
    from ..diff import Change


Run = TypeVar("Run", bound=Callable[..., Any])

log = get_logger(RUN_LOGGER)


@dataclass(slots=True)
class ResumeProgress:
    """The progress of the revision that is running.

    Attributes:
        committed: the subjects of the statements that the database has committed.
        resuming: whether all operations so far were in the database already, or could not be
            compared.
        skipped: the changes that an earlier run has made.
        inside: whether an operation of this package is running.
    """

    committed: list[str] = field(default_factory=list)
    resuming: bool = True
    skipped: list[str] = field(default_factory=list)
    inside: bool = False

    def begin_revision(self) -> None:
        """Reset for the next revision."""
        self.committed.clear()
        self.skipped.clear()
        self.resuming = True


_PROGRESS: WeakKeyDictionary[MigrationContext, ResumeProgress] = WeakKeyDictionary()


def progress_of(context: MigrationContext) -> ResumeProgress:
    """Return the progress of the revision that a context is running."""
    if context not in _PROGRESS:
        _PROGRESS[context] = ResumeProgress()
        _watch(context, _PROGRESS[context])
    return _PROGRESS[context]


def _watch(context: MigrationContext, progress: ResumeProgress) -> None:
    """Watch the script's own statements, and the version table, whose update ends a revision."""
    version = version_table(context)

    def allows(statement: object) -> bool:
        if isinstance(statement, UpdateBase) and statement.table is version:
            progress.begin_revision()
            return True
        if progress.inside or not (progress.resuming and progress.skipped):
            return True
        return _may_run(context, progress)

    filter_statements(context.impl, allows)


def _may_run(context: MigrationContext, progress: ResumeProgress) -> bool:
    """Tell whether a statement of the script's own is to be executed.

    Raises:
        OperationError: it is unknown whether it ran before.
    """
    place, line = place_in_script(), line_in_script()
    if line in _lines_given(context, "ran"):
        log.info("Skipped, it ran before: the statement at %s", place)
        return False
    if line in _lines_given(context, "not_ran"):
        progress.resuming = False
        return True
    raise OperationError(
        f"an earlier run executed all before {place}, and it is unknown whether it executed that "
        f"line too; check the database, and pass -x moltres.ran={line} or "
        f"-x moltres.not_ran={line}",
        place,
    )


def _impl_of_upgrade(context: MigrationContext) -> ImplProtocol | None:
    """Return the impl of the database of an upgrade, if each statement of DDL is committed."""
    if context.as_sql or context.environment_context is None:
        return None
    impl = impl_of(context.impl.dialect)
    return impl if impl.features.implicit_commit else None


def _with_line(err: CommandError) -> CommandError:
    line = line_in_script()
    return CommandError(
        f"{err}; if an earlier run of this revision has executed line {line}, pass "
        f"-x moltres.ran={line}"
    )


def _lines_given(context: MigrationContext, name: str) -> list[str]:
    """Return the lines of `-x moltres.NAME=LINE,...`, which may be given more than once."""
    environment = context.environment_context
    given = environment.get_x_argument() if environment else ()
    return ",".join(moltres_values(given, name)).split(",")


def _may_have_run(err: CommandError, impl: ImplProtocol) -> bool:
    """Tell whether an error means that the statement ran before."""
    from ..dialects.base.dbapi_errors import rejection_of
    from ..dialects.base.driver_messages import database_message
    from ..dialects.base.rejections import AGAIN

    cause: BaseException | None = err
    while cause is not None and not isinstance(cause, DBAPIError):
        cause = cause.__cause__
    return cause is not None and rejection_of(cause, impl, database_message(cause)) in AGAIN


def resumable(run: Run) -> Run:
    """Skip the implementation of an operation that an earlier run has completed."""

    @wraps(run)
    def resumed(operations: Operations, operation: Any) -> Any:
        context = operations.migration_context
        impl = _impl_of_upgrade(context)
        connection = context.impl.connection
        if impl is None or connection is None or progress_of(context).inside:
            return run(operations, operation)
        progress = progress_of(context)
        change = operation.change
        if progress.resuming and line_in_script() in _lines_given(context, "ran"):
            return _skipped(change, progress)
        first, progress.inside = progress.resuming, True
        try:
            remaining = _remaining(connection, change, progress, reads=impl.reads)
            if remaining is None:
                return _skipped(change, progress)
            if remaining is not change:
                from .ops import thawed

                rest = operation_of_rest(remaining, context.impl.dialect)
                if not isinstance(rest, type(operation)):
                    operations.invoke(rest)
                    return thawed(change.table)
                operation = rest
            return run(operations, operation)
        except CommandError as err:
            if first and _may_have_run(err, impl):
                raise _with_line(err) from err
            raise
        finally:
            progress.inside = False

    return resumed  # type: ignore[return-value]


def _skipped(change: Change, progress: ResumeProgress) -> sa.Table | None:
    progress.skipped.append(change.text)
    return skip(change, "an earlier run has done it")


def skip(change: Change, reason: str) -> sa.Table | None:
    """Log that an operation is skipped, and return what it would have returned."""
    from .ops import thawed

    log.info("Skipped, %s: %s", reason, change.text)
    return thawed(change.table) if isinstance(change, CreateTable) else None


def operation_of_rest(remaining: Change, dialect: Dialect) -> MigrateOperation:
    """Log that an operation is skipped but for the rest of its change; return one of the rest."""
    from .value_op import operation_of

    log.info("Skipped but for this: %s", remaining.text)
    return operation_of(remaining, (dialect,))


def _remaining(
    connection: Connection, change: Change, progress: ResumeProgress, *, reads: bool
) -> Change | None:
    """Return the pending part of a change; `None` if an earlier run has completed it.

    Raises:
        OperationError: the database is neither as before nor as after it.
    """
    if not (progress.resuming and reads):
        return change
    named, change = change, _under_present_name(connection, change)  # the script's, the database's
    if not progress.skipped:
        known = _is_begun(connection, change)
        if not known:
            progress.resuming = known is None
            return named
    from ..dialects.base.pending import finding

    progress.resuming = False
    try:
        remaining = _pending(connection, change)
    except (OperationError, SchemaError) as err:
        if not progress.skipped or _is_begun(connection, change) is False:
            return named  # the database tells what is wrong
        passed = "; ".join(progress.skipped)
        raise OperationError(
            f"{finding(err)} (at {change.method}); an earlier run has done this of the revision: "
            f"{passed}; bring what it has not finished to one of the two states by hand",
            change,
        ) from err
    progress.resuming = remaining is None
    return named if remaining is change else remaining


def _under_present_name(connection: Connection, change: Change) -> Change:
    """Return a change of a table under the name that a later line of the script has given it."""
    match change:
        case CreateTable(table=table):
            name, schema = str(table.name), table.schema
        case AlterTable(name=name, schema=schema):
            pass
        case _:
            return change
    names = list(later_names(place_in_script(), str(name)))
    if not names or _exists(connection, name, schema):
        return change
    later = next((each for each in names if _exists(connection, each, schema)), None)
    if later is None:
        return change
    if isinstance(change, AlterTable):
        return replace(change, name=later)
    return replace(change, table=replace(change.table, name=later))


def _exists(connection: Connection, name: str, schema: str | None) -> bool:
    from ..dialects.base.pending import read_table

    return read_table(connection, schema, name) is not None


def _pending(connection: Connection, change: Change) -> Change | None:
    """Return the pending part of a change.

    Between the statements of a block a column may be half altered; it is altered again.
    """
    from ..dialects.base.pending import Sides, pending, pending_of_block, read_table

    match change:
        case RenameTable():
            return None if _is_begun(connection, change) else change
        case CreateTable():
            return _missing_indexes(connection, change) or pending(connection, change)
        case AlterTable():
            found = read_table(connection, change.schema, change.name)
            if found is None:
                return change
            sides = Sides.of(connection, found, change)
            return pending_of_block(change, sides, partial(_is_pending, connection, sides))
        case _:
            return pending(connection, change)


def _is_pending(connection: Connection, sides: Sides, change: Change) -> bool:
    from ..dialects.base.registry import impl_of

    impl, block = impl_of(connection.dialect), sides.block
    constraint = change.constraint if isinstance(change, AddConstraint | DropConstraint) else None
    is_key = isinstance(constraint, PrimaryKeyConstraint)
    if constraint is not None and constraint.name is None and not is_key:
        columns = [each for each in block.changes if _adds_column_name(each)]
        if columns:  # they come in the same statement or before
            adds = isinstance(change, AddConstraint)
            if any(sides.is_pending(each) for each in columns) or not adds:
                return any(sides.is_pending(each) for each in columns)
        names = impl.find_constraint_names(connection, block.name, block.schema, constraint)
        return bool(names) != isinstance(change, AddConstraint)
    try:
        return sides.is_pending(change)
    except OperationError:
        if isinstance(change, AlterColumn):
            return True
        generated = impl.features.generated_checks
        if isinstance(change, DropConstraint) and generated.search(str(change.constraint.name)):
            return False  # the server has given its name to another one since
        raise


def _adds_column_name(change: Change) -> bool:
    match change:
        case Addition(item=ColumnDef()) | RenameColumn():
            return True
        case _:
            return False


def _missing_indexes(connection: Connection, change: CreateTable) -> AlterTable | None:
    """Return the change that creates the indexes of a table, if nothing else is missing."""
    from ..dialects.base.pending import compared_with
    from ..diff import diff

    compared = compared_with(connection, change.table)
    if compared is None:
        return None
    current, desired = compared
    for each in diff([current], [desired]):
        if isinstance(each, AlterTable):
            made = [inside for inside in each.changes if isinstance(inside, CreateIndex)]
            return each if len(made) == len(each.changes) else None
    return None


def _is_begun(connection: Connection, change: Change) -> bool | None:
    """Tell whether something exists that the change creates; `None` if no name can tell."""
    from ..dialects.base.pending import read_table

    match change:
        case CreateTable(table=table):
            return _exists(connection, table.name, table.schema)
        case RenameTable(current=current, desired=desired, schema=schema):
            return not _exists(connection, current, schema) and _exists(connection, desired, schema)
        case AlterTable():
            generated = impl_of(connection.dialect).features.generated_checks
            made = {each for each in _made_names(change) if not generated.search(each[1])}
            reflected = read_table(connection, change.schema, change.name) if made else None
            if reflected is None:
                return None
            table = reflected.table
            items = (*table.columns, *table.constraints, *table.indexes)
            return bool(made & {(_kind(each), str(each.name)) for each in items})
        case _:
            return None


def _made_names(change: AlterTable) -> set[tuple[type, str]]:
    """Return kind and name of the items that a block creates and does not drop or rename before."""
    made: set[tuple[type, str]] = set()
    dropped: set[tuple[type, str]] = set()
    for each in change.changes:
        match each:
            case Addition(item=item) if item.name is not None:
                made.add((_kind(item), str(item.name)))
            case Removal(item=item):
                dropped.add((_kind(item), str(item.name)))
            case RenameColumn(current=old, desired=new):
                made.add((ColumnDef, str(new)))
                dropped.add((ColumnDef, str(old)))
    return made - dropped


def _kind(item: Any) -> type:
    """Return the kind of an item: a key has the name of its index, not of another constraint."""
    return Index if isinstance(item, UniqueConstraint | PrimaryKeyConstraint) else type(item)
