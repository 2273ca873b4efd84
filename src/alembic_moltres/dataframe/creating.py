"""Creating tables: exactly what `op.moltres_create_table` creates."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from typing import Any, cast

import moltres.table.actions as synchronous
import moltres.table.async_actions as asynchronous
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from moltres.table.async_table import AsyncDatabase
from moltres.table.batch import get_active_batch
from moltres.table.table import Database
from moltres.table.table_operations_helpers import build_create_table_params
from moltres.utils.exceptions import ExecutionError
from sqlalchemy.engine import Connection, Dialect

from ..convert import is_sqlalchemy_model
from ..dialects.base.as_connected import as_connected
from ..dialects.base.create_table import create_statements
from ..dialects.base.execution import Execution
from ..dialects.base.registry import execution_on, impl_of
from ..operations import as_schema
from ..operations.ops import thawed
from ..schema import TableSchema
from .handles import AsyncTableHandle, TableHandle, async_handle_of, handle_of
from .reading import model_scan
from .scans import ModelScan, scan
from .transactions import begun


@dataclass(frozen=True)
class Creation:
    """A table that is to be created.

    Args:
        schema: its value, with `if_not_exists` and `temporary`.
        model: the class that the caller passed, if it was one.
    """

    schema: TableSchema
    model: type[Any] | None = None

    def on(self, connection: Connection) -> None:
        """Create it, in the connection's transaction.

        Raises:
            OperationError: the dialect has no DDL for it, or the database refuses it.
            ExecutionError: a temporary failure of the database, such as a lock.
        """
        begun(connection)
        context = MigrationContext.configure(connection)
        try:
            self._run(execution_on(context.impl))
        except sa.exc.DBAPIError as err:
            raise ExecutionError(f"cannot make the table {self.schema.key!r}: {err}") from err

    def sql(self, dialect: Dialect) -> str:
        """Return the statements that make it."""
        written = io.StringIO()
        opts = {"as_sql": True, "output_buffer": written}
        context = MigrationContext.configure(dialect=dialect, opts=opts)
        with as_connected(dialect):
            self._run(execution_on(context.impl))
        return written.getvalue().strip()

    def _run(self, execution: Execution) -> None:
        schema = impl_of(execution.dialect).creatable(self.schema)
        if_not_exists, table = schema.if_not_exists, thawed(schema)
        execution.run(
            create_statements(schema, table, execution.dialect, if_not_exists=if_not_exists)
        )

    @property
    def scan(self) -> ModelScan:
        """What reads it."""
        return scan(thawed(self.schema)) if self.model is None else model_scan(self.model)


def creation_of(
    source: object,
    columns: Any,
    constraints: Any,
    dialect: Dialect,
    *,
    if_not_exists: bool,
    temporary: bool,
) -> Creation:
    """Return the table that `create_table` is to create.

    Args:
        source: a model, a `Table`, a `TableSchema` (ours or Moltres'), or a name.
        columns: of a table that is named.
        constraints: of a table that is named.
        dialect: the connected one.
        if_not_exists: leave a table of that name as it is.
        temporary: for this connection only; also if the value is temporary.

    Raises:
        NotAModelError: it is none of these.
        ValidationError: a table is named, and has no columns.
        MoltresError: it cannot be frozen; see `model_to_schema`.
    """
    model = source if is_sqlalchemy_model(source) else None
    if isinstance(source, str):
        source = build_create_table_params(source, columns, constraints=constraints)
    schema = as_schema(source, (dialect,))
    temporary = temporary or schema.temporary
    made = replace(schema, if_not_exists=if_not_exists, temporary=temporary)
    return Creation(made, model)


@dataclass(frozen=True)
class CreateTableOperation(synchronous.CreateTableOperation):
    """A table that `collect` makes."""

    create_statements: Creation = field(kw_only=True)

    def collect(self) -> TableHandle:
        """Make the table; return its handle.

        Raises:
            OperationError: the dialect has no DDL for it, or the database refuses it.
        """
        with self.database.connection_manager.connect() as connection:
            self.create_statements.on(connection)
        return handle_of(self.create_statements.scan, self.database)

    def to_sql(self) -> str:
        """Return the statements that make it, as this database gets them."""
        return self.create_statements.sql(self.database.connection_manager.engine.dialect)


@dataclass(frozen=True)
class AsyncCreateTableOperation(asynchronous.AsyncCreateTableOperation):
    """A table that `await ... .collect()` makes."""

    create_statements: Creation = field(kw_only=True)

    async def collect(self) -> AsyncTableHandle:
        """Make the table; return its handle.

        Raises:
            OperationError: the dialect has no DDL for it, or the database refuses it.
        """
        async with self.database.connection_manager.connect() as connection:
            await connection.run_sync(self.create_statements.on)
        return async_handle_of(self.create_statements.scan, self.database)

    def to_sql(self) -> str:
        """Return the statements that make it, as this database gets them."""
        return self.create_statements.sql(self.database.connection_manager.engine.dialect)


def create(database: Database, create_statements: Creation) -> CreateTableOperation:
    """Return the operation that makes a table; in a `batch()`, a part of it."""
    operation = CreateTableOperation(
        **_fields(create_statements, database), create_statements=create_statements
    )
    batch = get_active_batch()
    if batch is not None:
        batch.add(operation)
    return operation


def create_async(database: AsyncDatabase, create_statements: Creation) -> AsyncCreateTableOperation:
    """Return the operation that makes a table."""
    return AsyncCreateTableOperation(
        **_fields(create_statements, database), create_statements=create_statements
    )


def _fields(create_statements: Creation, database: object) -> dict[str, Any]:
    """Return the fields of Moltres' operation; our columns have all attributes of Moltres' ones."""
    schema = create_statements.schema
    return {
        "database": database,
        "name": str(schema.name),
        "columns": cast(Any, schema.columns),
        "if_not_exists": schema.if_not_exists,
        "temporary": schema.temporary,
        "constraints": cast(Any, schema.constraints),
        "model": create_statements.model,
    }
