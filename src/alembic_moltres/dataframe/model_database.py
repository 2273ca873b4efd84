"""`ModelDatabase`: what `Database` and `AsyncDatabase` have in common."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from moltres.logical.plan import LogicalPlan

from .compiler import compiled
from .connections import dialect_name
from .creating import Creation, creation_of

Operation = TypeVar("Operation")


class ModelDatabase(Generic[Operation]):
    """Mixin for Moltres databases: accepts models, and queries on them.

    The attributes are those of Moltres.

    Attributes:
        config: the engine's.
        dialect: the connected one.
        connection_manager: gives the connections.
    """

    config: Any
    dialect: Any
    connection_manager: Any

    @property
    def _dialect_name(self) -> str:
        return dialect_name(self.config.engine)

    def create_table(
        self,
        name_or_model: Any,
        columns: Any = None,
        *,
        if_not_exists: bool = True,
        temporary: bool = False,
        constraints: Any = None,
    ) -> Operation:
        """Return the operation that creates a table, exactly as `op.moltres_create_table` does.

        Args:
            name_or_model: a model, a `Table`, a `TableSchema` (ours or Moltres'), or a name.
            columns: of a table that is named.
            if_not_exists: leave a table of that name as it is.
            temporary: for this connection only.
            constraints: of a table that is named.

        Raises:
            NotAModelError: it is none of these.
            MoltresError: it cannot be frozen; see `model_to_schema`.
        """
        return self._create(
            creation_of(
                name_or_model,
                columns,
                constraints,
                self.connection_manager.engine.dialect,
                if_not_exists=if_not_exists,
                temporary=temporary,
            )
        )

    def create_table_from_model(self, model: Any, **options: Any) -> Operation:
        """Return what `create_table` returns for a model.

        Raises:
            NotAModelError: it is no model and no `Table`.
        """
        return self.create_table(model, **options)

    def compile_plan(self, plan: LogicalPlan) -> Any:
        """Return the statement of a plan."""
        return compiled(plan, self.dialect)

    def _create(self, creation: Creation) -> Operation:
        raise NotImplementedError
