"""The revision that makes the manual changes of one database on the others."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from alembic.autogenerate.api import RevisionContext
from alembic.config import Config
from alembic.operations.ops import MigrationScript
from alembic.script import Script

from ...autogenerate.script.formatting import docstring
from ...dialects.base.registry import impl_of
from ...diff import AddConstraint, AlterTable, Change, CreateTable, DropConstraint
from ...errors import HistoryError, OptionError
from ...history.directory import script_directory
from ...messages import did_you_mean
from ...operations import MoltresIdempotentOp
from ...operations.value_op import operation_of
from ..databases import check_at_head

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

    from ...autogenerate.states.drift import Drift
    from ..databases import ConnectedDatabase


@dataclass(frozen=True, slots=True)
class NewRevision:
    """The options of the new revision.

    Attributes:
        message: see `alembic revision`.
        rev_id: see `alembic revision`.
        head: see `alembic revision`.
        tables: tables outside the history that it should create.
    """

    message: str | None = None
    rev_id: str | None = None
    head: str | None = None
    tables: Collection[str] = ()

    def write(self, config: Config, database: ConnectedDatabase, drift: Drift) -> Script | None:
        """Write the script and return it; `None` if there is nothing to write.

        Args:
            config: the project's.
            database: at head; it is only read.
            drift: of the database.

        Raises:
            HistoryError: the database is not at head, or a table is uncertain.
            OptionError: an included table is not outside the history.
        """
        directory = script_directory(config)
        check_at_head(directory, database.heads, database.name, "which keeps the manual changes")
        for each in drift.uncertain:
            raise HistoryError(f"{each}; no revision can be written without knowing it", each)
        changes = self._changes(database.context, drift)
        if not changes:
            return None
        dialects = (database.context.dialect,)

        def fill(context: MigrationContext, _: Any, scripts: list[MigrationScript]) -> None:
            operation = MoltresIdempotentOp([operation_of(each, dialects) for each in changes])
            scripts[-1].upgrade_ops_list[-1].ops.append(operation)
            scripts[-1].downgrade_ops_list[-1].ops.append(operation.reverse())

        arguments = {
            "message": docstring(self.message or "made by hand"),
            "rev_id": self.rev_id,
            "head": self.head or "head",
            "sql": False,
            **dict.fromkeys(("splice", "branch_label", "depends_on", "version_path")),
        }
        revision = RevisionContext(config, directory, arguments, process_revision_directives=fill)
        revision.run_no_autogenerate(database.heads, database.context)
        return next(iter(revision.generate_scripts()))

    def _changes(self, context: MigrationContext, drift: Drift) -> list[Change]:
        """Return the changes, in the order in which other databases make them.

        Raises:
            OptionError: an included table is not outside the history.
        """
        outside = {table.key: table for table in drift.outside}
        for name in self.tables:
            if name not in outside:
                raise OptionError(
                    f"there is no table {name!r} outside the history"
                    f"{did_you_mean(name, outside) or '; drift lists them'}",
                    name,
                )
        impl = impl_of(context.dialect)
        before = [table for table in drift.current if table.key not in outside]
        changes: list[Change] = [CreateTable(outside[name]) for name in self.tables]
        changes += impl.with_dependents(drift.done, before)
        generated = impl.features.generated_checks
        return [_without_generated_names(each, generated) for each in changes]


def _without_generated_names(change: Change, generated: re.Pattern[str]) -> Change:
    """Return a block whose constraints have no name where the server numbered them.

    Each database has numbers of its own, and names the index of a foreign key accordingly.

    Args:
        change: of a table.
        generated: matches such names.
    """
    if not isinstance(change, AlterTable):
        return change
    changes = (
        replace(each, constraint=replace(each.constraint, name=None))
        if isinstance(each, AddConstraint | DropConstraint)
        and generated.search(str(each.constraint.name))
        else each
        for each in change.changes
    )
    return replace(change, changes=tuple(changes))
