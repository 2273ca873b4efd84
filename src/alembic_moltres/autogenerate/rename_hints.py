"""Renames that the models declare: `info={"renamed_from": "mail"}`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from ..dialects.base.features import Features
from ..dialects.base.reflection import Key
from ..diff.renames import ColumnRename, Rename, TableRename
from .comparison_input import ComparisonInput
from .gather import CurrentTable, DesiredTable

RENAMED_FROM = "renamed_from"
"""The key in `Table.info` and `Column.info`."""


def find_renames(
    models: Mapping[Key, DesiredTable], database: Mapping[Key, CurrentTable], features: Features
) -> tuple[Rename, ...]:
    """Return the renames that are not done yet.

    A declared rename applies if the old name is in the database and not in the models, and the new
    name is not in the database; a hint that stays in the model afterwards does nothing. Where `Id`
    and `id` are one name, another case in the model is a rename too.
    """
    tables = _renamed_tables(models, database, caseless=features.caseless_tables)
    former = {(rename.schema, rename.desired): rename.current for rename in tables}
    columns: list[Rename] = []
    for (schema, name), model in models.items():
        existing = database.get((schema, former.get((schema, name), name)))
        if existing is not None:
            columns += _renamed_columns(model, existing, caseless=features.caseless_columns)
    return (*tables, *columns)


def _renamed_tables(
    models: Mapping[Key, DesiredTable], database: Mapping[Key, CurrentTable], *, caseless: bool
) -> list[TableRename]:
    existing, desired = _by_schema(database), _by_schema(models)
    renames = []
    for (schema, name), model in models.items():
        declared = model.live.info.get(RENAMED_FROM)
        old = _former(name, declared, existing[schema], desired[schema], caseless=caseless)
        if old is not None:
            renames.append(TableRename(old, name, schema))
    return renames


def _by_schema(keys: Iterable[Key]) -> dict[str | None, dict[str, None]]:
    """Return the names in each schema, in their order."""
    names: dict[str | None, dict[str, None]] = defaultdict(dict)
    for schema, name in keys:
        names[schema][name] = None
    return names


def _renamed_columns(
    model: DesiredTable, existing: CurrentTable, *, caseless: bool
) -> Iterable[ColumnRename]:
    names = dict.fromkeys([column.name for column in existing.reflected.table.columns])
    desired = {column.name: column for column in model.live.columns}
    if desired.keys() <= names.keys():
        return
    for name, column in desired.items():
        # `column.info` would create a dictionary for each column without one
        declared = vars(column).get("info", {}).get(RENAMED_FROM)
        old = _former(str(name), declared, names, desired, caseless=caseless)
        if old is not None:
            yield ColumnRename(model.compared.name, old, str(name), schema=model.compared.schema)


def _former(
    name: str,
    declared: str | None,
    existing: Collection[str],
    desired: Collection[str],
    *,
    caseless: bool,
) -> str | None:
    """Return the name before the rename, `None` if there is no rename."""
    if name in existing:
        return None
    if declared in existing and declared not in desired:
        return declared
    alike = (each for each in existing if each.lower() == name.lower() and each not in desired)
    return next(alike, None) if caseless else None


def allowed_renames(
    renames: Iterable[Rename], given: ComparisonInput
) -> tuple[tuple[Rename, ...], tuple[Rename, ...]]:
    """Return the renames that the filters include, and those of columns that they exclude.

    The filters get the column of the models, with that of the database as `compare_to`.
    """
    filters, models = given.filters, given.models
    if not filters.any:
        return tuple(renames), ()
    former = {(r.schema, r.desired): r.current for r in renames if isinstance(r, TableRename)}
    kept: list[Rename] = []
    excluded: list[Rename] = []
    for rename in renames:
        allowed = True
        if isinstance(rename, ColumnRename):
            key = rename.schema, rename.table
            existing = given.database[rename.schema, former.get(key, rename.table)]
            old = existing.reflected.table.column(rename.current)
            new = models[key].compared.column(rename.desired)
            allowed = filters.named(old, existing.reflected.table)
            allowed = allowed and filters.changed(new, models[key], old, existing)
        (kept if allowed else excluded).append(rename)
    return tuple(kept), tuple(excluded)


def kept_renames(renames: Iterable[Rename], tables: Collection[Key]) -> tuple[Rename, ...]:
    """Return the renames of and in the given tables."""
    return tuple(
        rename
        for rename in renames
        if (rename.schema, rename.desired if isinstance(rename, TableRename) else rename.table)
        in tables
    )
