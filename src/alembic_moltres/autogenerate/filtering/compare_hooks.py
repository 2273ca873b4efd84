"""The environment's `compare_type` and `compare_server_default`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...alembic_compat import compare_server_default, compare_type
from ...options import moltres_options
from ...schema import ColumnDef, TableSchema
from ..gather import CurrentTable, DesiredTable

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


def with_compare_hooks(
    autogen_context: AutogenContext,
    current: TableSchema,
    desired: TableSchema,
    model: DesiredTable,
    existing: CurrentTable,
) -> TableSchema:
    """Return the current table, with the desired type or default where a hook reports none.

    `compare_type=False` compares no types, `moltres={"server_defaults": False}` no defaults. A
    function is called for each column: `None` leaves the decision to us, `True` reports a
    difference that our comparison does not see.
    """
    context = autogen_context.migration_context
    types = _hook(compare_type(context))
    defaults = _hook(moltres_options(autogen_context.opts).get("server_defaults", True))
    own = compare_server_default(context)
    if callable(own):
        defaults = own
    if types is None and defaults is None:
        return current
    wanted = {column.name: column for column in desired.columns}
    reflected = {column.name: column for column in existing.reflected.table.columns}
    columns = []
    for column in current.columns:
        model_column = wanted.get(column.name)
        if model_column is not None and column.name in reflected:
            hooks = _ColumnHooks(autogen_context, model, existing, column.name)
            typed = hooks.type(types, column, model_column, reflected[column.name])
            columns.append(hooks.default(defaults, typed, model_column, reflected[column.name]))
        else:
            columns.append(column)
    return replace(current, columns=tuple(columns))


def has_functions(autogen_context: AutogenContext) -> bool:
    """Tell whether the environment has functions for types or defaults."""
    context = autogen_context.migration_context
    own = moltres_options(autogen_context.opts).get("server_defaults")
    return any(map(callable, (compare_type(context), compare_server_default(context), own)))


def _hook(option: Any) -> Callable[..., bool | None] | None:
    """Return the function; `None` if the environment has none."""
    if callable(option):
        return option  # type: ignore[no-any-return]
    return None if option else lambda *_: False


class _ColumnHooks:
    """The SQLAlchemy columns of both sides, as Alembic passes them to the functions."""

    def __init__(
        self,
        autogen_context: AutogenContext,
        model: DesiredTable,
        existing: CurrentTable,
        name: str,
    ) -> None:
        self._context = autogen_context
        self._model, self._existing, self._name = model, existing, name

    def type(
        self,
        compare: Callable[..., bool | None] | None,
        current: ColumnDef,
        desired: ColumnDef,
        reflected: ColumnDef,
    ) -> ColumnDef:
        if compare is None:
            return current
        ours, theirs = self._live()
        differs = compare(self._context.migration_context, theirs, ours, theirs.type, ours.type)
        if differs is None:
            return current
        source = reflected if differs else desired
        return replace(current, type_name=source.type_name, type_variants=source.type_variants)

    def default(
        self,
        compare: Callable[..., bool | None] | None,
        current: ColumnDef,
        desired: ColumnDef,
        reflected: ColumnDef,
    ) -> ColumnDef:
        if compare is None:
            return current
        ours, theirs = self._live()
        differs = compare(
            self._context.migration_context,
            theirs,
            ours,
            _text(theirs, self._context),
            getattr(ours.server_default, "arg", None),
            _text(ours, self._context),
        )
        if differs is None:
            return current
        return replace(current, default=(reflected if differs else desired).default)

    def _live(self) -> tuple[Any, Any]:
        ours = next(c for c in self._model.live.columns if c.name == self._name)
        return ours, self._existing.live.c[self._name]


def _text(column: Any, autogen_context: AutogenContext) -> str | None:
    """Return a default as SQL of the dialect."""
    dialect = autogen_context.dialect
    compiler: Any = dialect.ddl_compiler(dialect, None)  # type: ignore[arg-type]
    text: str | None = compiler.get_column_default_string(column)
    return text
