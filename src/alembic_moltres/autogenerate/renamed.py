"""Renames that the models tell of: `info={"renamed_from": "mail"}`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..diff import ColumnRename, Rename, TableRename, as_renamed
from ..diff.renames import rename_identifiers
from ..reflect.database import Key
from ..reflect.words import Described, ItemWords, Words
from ..schema import ForeignKeyConstraint
from .gather import Existing, Modelled

RENAMED_FROM = "renamed_from"
"""The key in `Table.info` and `Column.info`."""


def find_renames(
    models: Mapping[Key, Modelled], database: Mapping[Key, Existing]
) -> tuple[Rename, ...]:
    """Return the renames that still have to be carried out.

    One holds if the old name is in the database and not in the models, and the new one is not in
    the database; left in a model afterwards it does nothing.
    """
    tables = [
        TableRename(old, name, schema)
        for (schema, name), model in models.items()
        if (old := model.live.info.get(RENAMED_FROM)) is not None
        and (schema, old) in database
        and (schema, old) not in models
        and (schema, name) not in database
    ]
    former = {(rename.schema, rename.desired): rename.current for rename in tables}
    columns: list[Rename] = []
    for (schema, name), model in models.items():
        existing = database.get((schema, former.get((schema, name), name)))
        if existing is not None:
            columns += _renamed_columns(model, existing)
    return (*tables, *columns)


def _renamed_columns(model: Modelled, existing: Existing) -> Iterable[ColumnRename]:
    there = {column.name for column in existing.described.table.columns}
    wanted = {column.name for column in model.live.columns}
    for column in model.live.columns:
        old = column.info.get(RENAMED_FROM)
        if old in there and old not in wanted and column.name not in there:
            yield ColumnRename(
                model.compared.name, old, str(column.name), schema=model.compared.schema
            )


def described_as_renamed(
    database: Mapping[Key, Existing], renames: tuple[Rename, ...]
) -> dict[Key, Described]:
    """Return the tables of the database under the names that they will have, words included."""
    described = [existing.described for existing in database.values()]
    if renames:
        tables = as_renamed((each.table for each in described), renames)
        described = [
            Described(table, _renamed_words(before, table.name, renames))
            for before, table in zip(described, tables, strict=True)
        ]
    return {(each.table.schema, str(each.table.name)): each for each in described}


def _renamed_words(before: Described, name: str, renames: tuple[Rename, ...]) -> Words:
    own: dict[str, str] = {}
    other: dict[str, str] = {}
    for rename in renames:
        match rename:
            case TableRename():
                other[rename.current] = rename.desired
            case ColumnRename() if (rename.schema, rename.table) == (before.table.schema, name):
                own[rename.current] = rename.desired
            case _:
                pass
    words = before.words
    return replace(
        words,
        columns={own.get(column, column): said for column, said in words.columns.items()},
        constraints=tuple(
            _renamed_item(said, _names(item, own, other, renames))
            for item, said in zip(before.table.constraints, words.constraints, strict=True)
        ),
        indexes=tuple(_renamed_item(said, own) for said in words.indexes),
    )


def _names(
    item: object, own: dict[str, str], tables: dict[str, str], renames: tuple[Rename, ...]
) -> dict[str, str]:
    """Return the new names of what a constraint names: a key names another table's as well."""
    if not isinstance(item, ForeignKeyConstraint):
        return own
    referred = tables.get(item.references_table, item.references_table)
    theirs = {
        rename.current: rename.desired
        for rename in renames
        if isinstance(rename, ColumnRename) and rename.table == referred
    }
    return {**theirs, **tables, **own}


def _renamed_item(words: ItemWords | None, names: dict[str, str]) -> ItemWords | None:
    if words is None or not names:
        return words
    return ItemWords(words.name, rename_identifiers(words.text, names))
