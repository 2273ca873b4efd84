"""Every private name of Alembic that the package uses, each with its reason.

What `sqla_compat` is for SQLAlchemy's, in the same layer. `tests/test_alembic_compat.py` has a test
of each. Alembic itself is imported when it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    import sqlalchemy as sa
    from alembic.autogenerate.api import AutogenContext, RevisionContext
    from alembic.ddl.impl import DefaultImpl
    from alembic.operations import Operations
    from alembic.operations.ops import CreateTableOp
    from alembic.runtime.environment import EnvironmentContext
    from alembic.runtime.migration import MigrationContext, RevisionStep
    from alembic.script import Script, ScriptDirectory

NAMESPACE_METADATA: Final = "_namespace_metadata"
"""The attribute of `CreateTableOp` that Alembic's own renderer reads beside the public ones."""


def leave_column_constraints_out(op: CreateTableOp) -> None:
    """Let `CreateTableOp.to_table` add no constraint that `unique=True` of a column stands for.

    The attribute is set by its constructor, which ours does not call.
    """
    op._constraints_included = False


def comparators(autogen_context: AutogenContext) -> dict[tuple[Any, ...], list[Any]]:
    """Return the comparators of a run by target, dialect and priority, with their subgroups.

    They may be changed: the dispatcher is a copy for this run. Publicly it lists nothing.
    """
    return autogen_context.comparators._registry


def install_proxy(operations: Operations) -> None:
    """Let `op` of scripts be these operations again, after others have taken their place.

    `Operations.context` makes new ones.
    """
    operations._install_proxy()


@contextmanager
def invoking(operations: Operations, invoke: Callable[[Any], Any]) -> Iterator[None]:
    """Let a function run the operations of this object in the block.

    Alembic's proxies call the methods of `Operations` itself, so a subclass would not be asked.
    """
    attributes = vars(operations)
    before = attributes.get("invoke")
    attributes["invoke"] = invoke
    try:
        yield
    finally:
        del attributes["invoke"]
        if before is not None:
            attributes["invoke"] = before


def mark_current(script: Script, *, is_current: bool) -> None:
    """Let a script show that a database is at it; Alembic's own `history` sets it."""
    script._db_current_indicator = is_current


def version_folders(directory: ScriptDirectory) -> Sequence[str | Path]:
    """Return the folders of a project's scripts; `version_locations` is empty for the usual one."""
    return directory._version_locations


def relative_revision(directory: ScriptDirectory, target: str) -> str:
    """Return the revision that `head-1`, `a1b2+2` or `+1` names, counted from an empty database.

    Publicly Alembic resolves these only while it upgrades.

    Raises:
        RevisionError: there are not as many revisions.
    """
    from alembic.script.revision import RevisionError

    (found,) = directory.revision_map._parse_upgrade_target((), target, assert_relative_length=True)
    if found is None:
        raise RevisionError(f"Relative revision {target!r}: there are not as many revisions")
    return str(getattr(found, "revision", found))


class _OperationOnDemand:
    """An attribute of `Operations` until the operation of that name is registered."""

    def __init__(self, name: str, load: Callable[[str], object]) -> None:
        self._name, self._load = name, load

    def __get__(self, instance: Operations | None, owner: type[Operations]) -> Any:
        self._load(self._name)
        return getattr(owner if instance is None else instance, self._name)


_REGISTER: list[Callable[[], None]] = []
"""What registers the operations of other parts, once ours are imported."""


def add_operations_on_demand(
    names: Iterable[str], load: Callable[[str], object], register: Callable[[], None]
) -> None:
    """Give `Operations` and `op` functions whose operations are imported on first access.

    Publicly an operation is registered by its class, which must be there. `op` would make each
    function of its class at once, so the attributes are set past its metaclass.

    Args:
        names: of the functions.
        load: imports the operations and returns a function of `op`; it raises `AttributeError` if
            there is none of that name.
        register: called once when the operations are imported, see `operations_imported`.
    """
    from alembic import op
    from alembic.operations import Operations

    known = frozenset(names)
    for name in known:
        type.__setattr__(Operations, name, _OperationOnDemand(name, load))
    _REGISTER.append(register)
    vars(op).setdefault("__getattr__", load)
    vars(op).setdefault("__dir__", lambda: sorted({*vars(op), *known}))


def operations_imported() -> None:
    """Register what waits for the operations; the package of them calls it at its end."""
    while _REGISTER:
        _REGISTER.pop()()


Check: TypeAlias = Callable[[str, Sequence[object], Mapping[str, object]], None]


def before_operations(check: Check) -> None:
    """Let Alembic's operations call `check` with their name and arguments, in a batch, too.

    It has no hook before an operation is made of them. `op` calls the methods of these classes, so
    its functions need not be made again, as the metaclass would.
    """
    from alembic.operations import BatchOperations, Operations

    for operations in (Operations, BatchOperations):
        for name in CHECKED:
            method = getattr(operations, name, None)
            if method is not None:
                type.__setattr__(operations, name, _checked(name, method, check))


CHECKED: Final = (
    *("create_table", "drop_table", "rename_table", "add_column", "drop_column", "alter_column"),
    *("create_index", "drop_index", "create_unique_constraint", "create_check_constraint"),
    *("create_primary_key", "create_foreign_key", "drop_constraint", "create_table_comment"),
    *("drop_table_comment", "batch_alter_table", "bulk_insert", "execute"),
)
"""Alembic's operations; that of PostgreSQL is registered after the plugins."""


def _checked(name: str, method: Callable[..., Any], check: Check) -> Callable[..., Any]:
    @wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        check(name, args[1:], kwargs)
        return method(*args, **kwargs)

    return call


class _ImplsOnDemand(dict[str, Any]):
    """Alembic's impls by dialect name; ours for a missing one is loaded on first access."""

    def __init__(self, known: Mapping[str, Any], load: Callable[[str], None]) -> None:
        super().__init__(known)
        self._load = load

    def __missing__(self, name: str) -> Any:
        self._load(name)
        if name in self:
            return self[name]
        raise KeyError(name)


def load_impls_on_demand(load: Callable[[str], None]) -> None:
    """Let Alembic call `load` with the name of a dialect that it has no impl for.

    It registers an impl's class when the class is made, and looks it up in this mapping when a
    context is configured; there is no other hook between the two.
    """
    from alembic.ddl import impl

    if not isinstance(impl._impls, _ImplsOnDemand):
        impl._impls = _ImplsOnDemand(impl._impls, load)


def version_table(context: MigrationContext) -> sa.Table:
    """Return the table in which a run stamps its revisions; publicly there is its name only."""
    return context._version


def commits(context: MigrationContext) -> bool:
    """Tell whether Alembic itself commits the open transaction; no public attribute has that."""
    return context._transaction is not None


def callers_transaction(context: MigrationContext) -> bool:
    """Tell whether `configure` got a connection in a transaction, which its owner commits."""
    return context._in_external_transaction


def leave_transaction_open(context: MigrationContext) -> None:
    """Let the owner of the connection's transaction end it, as if it was there in `configure`."""
    context._in_external_transaction = True


def transaction_of_script(context: MigrationContext) -> AbstractContextManager[object]:
    """Return the transaction that a run begins for each script, if it has one for each.

    `autocommit_block()` ends it; only a run itself can begin it.
    """
    return context.begin_transaction(_per_migration=True)


def explain_missing_revisions(explain: Callable[[ScriptDirectory, str], str | None]) -> None:
    """Let Alembic say what `explain` returns of a revision that it cannot locate.

    All of its commands turn the errors of the map of revisions into their own in one place.
    """
    from alembic.script import ScriptDirectory
    from alembic.script.revision import ResolutionError
    from alembic.util import CommandError

    catch = ScriptDirectory._catch_revision_errors

    @contextmanager
    def explained(directory: ScriptDirectory, *args: Any, **stated: Any) -> Iterator[None]:
        try:
            with catch(directory, *args, **stated):
                yield
        except CommandError as err:
            cause = err.__cause__
            missing = cause.argument if isinstance(cause, ResolutionError) else None
            reason = None if missing is None else explain(directory, missing)
            if reason is None:
                raise
            raise CommandError(reason) from err

    ScriptDirectory._catch_revision_errors = explained  # type: ignore[method-assign,assignment]


def set_check_message(build: Callable[[str, RevisionContext], str]) -> None:
    """Let Alembic's `check` fail with the message that `build` makes of its own and the comparison.

    The exception is public; `check` itself composes the message, of the `repr` of a list.
    """
    from alembic.util import AutogenerateDiffsDetected

    initialise = AutogenerateDiffsDetected.__init__

    def initialise_with_message(
        error: AutogenerateDiffsDetected,
        message: str,
        revision_context: RevisionContext,
        diffs: list[tuple[Any, ...]],
    ) -> None:
        initialise(error, build(message, revision_context), revision_context, diffs)

    AutogenerateDiffsDetected.__init__ = initialise_with_message  # type: ignore[method-assign,assignment]


def before_each_statement(impl: DefaultImpl, check: Callable[[object], None]) -> None:
    """Let an impl call `check` with each statement before executing it, or writing it with `--sql`.

    All go through one method, those of the version table too, for which Alembic has no hook.
    """
    execute = impl._exec

    def checked(construct: Any, *args: Any, **stated: Any) -> Any:
        check(construct)
        return execute(construct, *args, **stated)

    impl._exec = checked  # type: ignore[method-assign]


def filter_statements(impl: DefaultImpl, allows: Callable[[object], bool]) -> None:
    """Let an impl execute only those statements that `allows` returns true for."""
    execute = impl._exec

    def filtered(construct: Any, *args: Any, **stated: Any) -> Any:
        return execute(construct, *args, **stated) if allows(construct) else None

    impl._exec = filtered  # type: ignore[method-assign]


def object_filters(autogen_context: AutogenContext) -> Sequence[Callable[..., bool]]:
    """Return the `include_object` functions of a run; `opts` has only the environment's own."""
    return autogen_context._object_filters


def name_filters(autogen_context: AutogenContext) -> Sequence[Callable[..., bool]]:
    """Return the `include_name` functions of a run; `opts` has only the environment's own."""
    return autogen_context._name_filters


def compare_type(context: MigrationContext) -> Any:
    """Return the option `compare_type` of a run, which may be set after `configure()`."""
    return context._user_compare_type


def compare_server_default(context: MigrationContext) -> Any:
    """Return the option `compare_server_default` of a run; see `compare_type`."""
    return context._user_compare_server_default


def transaction_for_each_revision(context: MigrationContext) -> None:
    """Let a run begin a transaction for each script; publicly only `configure` can say so."""
    context._transaction_per_migration = True


def run_only(context: MigrationContext, step: RevisionStep) -> None:
    """Let the next run of a context run one step; publicly only a command can say which."""
    context._migrations_fn = lambda *_: [step]


@contextmanager
def each_environment(prepare: Callable[[EnvironmentContext], None]) -> Iterator[None]:
    """Let Alembic's commands call `prepare` with the environment that they make.

    They make it themselves, and it cannot be subclassed.
    """
    import alembic.command

    commands: Any = alembic.command
    made = commands.EnvironmentContext

    def make(*args: Any, **stated: Any) -> EnvironmentContext:
        environment: EnvironmentContext = made(*args, **stated)
        prepare(environment)
        return environment

    commands.EnvironmentContext = make
    try:
        yield
    finally:
        commands.EnvironmentContext = made
