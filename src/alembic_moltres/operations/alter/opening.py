"""Checks that each block of a script ends before the revision does.

Alembic has no hook between the last line of a script and the update of its version table, and
`on_version_apply` is called after that update. So the context's impl, which executes it, checks
first, online and with `--sql`. A block outside a run of revisions is not checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sqlalchemy import UpdateBase

from ...alembic_compat import before_each_statement, version_table
from ...errors import OperationError
from ..script_line import place_in_script

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext


class OpeningState(Enum):
    """The state of a block."""

    OPENED = auto()
    ENTERED = auto()
    ENDED = auto()


@dataclass(slots=True, eq=False)
class Opening:
    """One call of `op.moltres_alter_table`.

    Attributes:
        call: the call in the script.
        place: the script's file and line.
        statement: what to write in its place.
        state: of the block.
    """

    call: str
    place: str
    statement: str = "with op.moltres_alter_table(...) as ...:"
    state: OpeningState = OpeningState.OPENED

    def enter(self) -> None:
        """Begin the block.

        Raises:
            OperationError: it was entered before.
        """
        if self.state is not OpeningState.OPENED:
            raise OperationError(
                f"{self.call} at {self.place} is entered again at {place_in_script()}: "
                "call it once for each `with`",
                self,
            )
        self.state = OpeningState.ENTERED

    def check_entered(self) -> None:
        """Check that the table may be changed now.

        Raises:
            OperationError: the block has not begun, or has ended.
        """
        if self.state is OpeningState.OPENED:
            raise self.not_entered()
        if self.state is OpeningState.ENDED:
            raise OperationError(
                f"{self.call} at {self.place} had ended before the call at {place_in_script()}: "
                "write the call inside the `with` block",
                self,
            )

    def check_ended(self) -> None:
        """Check that the block has been carried out.

        Raises:
            OperationError: it was not entered, or has not ended.
        """
        if self.state is OpeningState.OPENED:
            raise self.not_entered()
        if self.state is OpeningState.ENTERED:
            raise OperationError(
                f"{self.call} at {self.place} has not ended although the revision has: "
                f"write `{self.statement}`",
                self,
            )

    def not_entered(self) -> OperationError:
        """Return the error of a block without `with`."""
        return OperationError(
            f"{self.call} at {self.place} was not entered: write `{self.statement}`",
            self,
        )


_OPEN: WeakKeyDictionary[MigrationContext, list[Opening]] = WeakKeyDictionary()
"""The blocks of each context that have not ended."""


def opening(context: MigrationContext, name: str, schema: str | None) -> Opening:
    """Register the block that the script opens, to check its end."""
    stated = repr(str(name)) if schema is None else f"{str(name)!r}, schema={str(schema)!r}"
    opened = Opening(f"op.moltres_alter_table({stated})", place_in_script())
    return _registered(context, opened)


def checked_block(
    context: MigrationContext, function: str, block: AbstractContextManager[object]
) -> AbstractContextManager[None]:
    """Register a block without a table, such as that of `op.moltres_idempotent()`."""
    call = f"op.{function}()"
    return _entered(_registered(context, Opening(call, place_in_script(), f"with {call}:")), block)


@contextmanager
def _entered(opened: Opening, block: AbstractContextManager[object]) -> Iterator[None]:
    opened.enter()
    try:
        with block:
            yield
    finally:
        opened.state = OpeningState.ENDED


def _registered(context: MigrationContext, opened: Opening) -> Opening:
    if context not in _OPEN:
        _OPEN[context] = []
        _check_before_version_row(context, _OPEN[context])
    _OPEN[context].append(opened)
    return opened


def _check_before_version_row(context: MigrationContext, opened: list[Opening]) -> None:
    """Make the context's impl refuse to write the version row while a block is open."""
    version = version_table(context)

    def check(statement: object) -> None:
        if isinstance(statement, UpdateBase) and statement.table is version:
            blocks = opened.copy()
            opened.clear()
            for block in blocks:
                block.check_ended()

    before_each_statement(context.impl, check)
