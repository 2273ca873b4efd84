"""`op` during a replay: our operations are recorded, all others run on the stand-in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic.operations import BatchOperations, Operations
from alembic.operations.ops import MigrateOperation
from alembic.runtime.migration import MigrationContext

from ..errors import HistoryError
from ..operations import MoltresCreateTableOp
from ..schema import TableSchema
from .lazy_tables import CreatedTable, TablesAtLine
from .recording import Recorder
from .state_only import check_own


class RecordedOperations:
    """Replaces methods of `Operations`; not a subclass, since Alembic's proxy needs that class.

    Args:
        operations: the `op` of the scripts.
        recorder: records them.
    """

    def __init__(self, operations: Operations, recorder: Recorder) -> None:
        self._operations = operations
        self._recorder = recorder
        for name in (
            "invoke",
            "moltres_create_table",
            "state_only",
            "tables_at_line",
            "known_table",
            "batch_alter_table",
            "run_async",
        ):
            setattr(operations, name, getattr(self, name))

    def invoke(self, operation: MigrateOperation) -> Any:
        """Record an operation of this package; run any other."""
        if self._recorder.is_declaring:
            check_own(operation)
        if self._recorder.record(operation):
            if isinstance(operation, MoltresCreateTableOp):
                return CreatedTable(operation.to_table)
            return None
        return Operations.invoke(self._operations, operation)

    def moltres_create_table(self, table: object, **stated: Any) -> sa.Table:
        """Record a table; an application's model makes it uncertain."""
        with self._recorder.noting_live(table):
            return MoltresCreateTableOp.moltres_create_table(self._operations, table, **stated)

    def tables_at_line(self) -> TablesAtLine:
        """Return the tables at this line."""
        self._recorder.tables_requested()
        return TablesAtLine(self._recorder.state())

    def known_table(self, name: str, schema: str | None) -> TableSchema | None:
        """Return a table at this line, to look up columns by name; `None` if it is unknown."""
        return self._recorder.known_table(name, schema)

    @contextmanager
    def state_only(self) -> Iterator[None]:
        """Record the operations in the block as the effect of other lines of the script."""
        with self._recorder.state_only():
            yield

    def run_async(self, function: Callable[..., Any], *args: Any, **stated: Any) -> Any:
        """Run an asynchronous function; on the stand-in it never has to wait."""
        from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

        connection: Any = self._operations.get_bind()
        connection.dialect.is_async = True
        running = None
        try:
            bind = AsyncConnection(AsyncEngine(connection.engine), connection)
            running = function(bind, *args, **stated)
            running.send(None)
        except StopIteration as done:
            return done.value
        finally:
            connection.dialect.is_async = False
        running.close()
        raise HistoryError("the function of run_async() waits for something outside", function)

    @contextmanager
    def batch_alter_table(
        self, table_name: str, schema: str | None = None, *args: Any, **stated: Any
    ) -> Iterator[BatchOperations]:
        """Run a batch; it does nothing on a table that no script creates."""
        operations = self._operations
        if self._recorder.is_unknown(table_name, schema):
            impl: Any = NoBatch(operations, table_name, schema)
            yield BatchOperations(operations.migration_context, impl=impl)
            return
        batched = Operations.batch_alter_table(operations, table_name, schema, *args, **stated)
        with batched as batch:
            yield batch


@contextmanager
def recording_operations(context: MigrationContext, recorder: Recorder) -> Iterator[None]:
    """Make `op` record the scripts' operations in the block."""
    with Operations.context(context) as operations:
        RecordedOperations(operations, recorder)
        yield


class NoBatch:
    """A batch on an unknown table; it does nothing."""

    def __init__(self, operations: Operations, table_name: str, schema: str | None) -> None:
        self.operations = operations
        self.table_name = table_name
        self.schema = schema
        impl: Any = operations.impl
        self.dialect = impl.dialect
        self.__dialect__ = impl.__dialect__

    def __getattr__(self, name: str) -> Any:
        return self._nothing

    def _nothing(self, *_: object, **__: object) -> None:
        """Do nothing."""
