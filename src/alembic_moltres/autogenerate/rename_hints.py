"""Renames that the models tell of: `info={"renamed_from": "mail"}`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from sqlalchemy.engine import Dialect

from ..convert import lineage
from ..dialects.base.reflection import Key
from ..dialects.base.signatures import ItemSignature, ReflectedTable, TableSignature
from ..diff import ColumnRename, Rename, TableRename, as_renamed
from ..schema import (
    Constraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from ..sqltext import GENERIC, Syntax, rename_columns, syntax_of, tokens
from .gather import Existing, Modelled

RENAMED_FROM = "renamed_from"
"""The key in `Table.info` and `Column.info`."""

KEYS = (PrimaryKeyConstraint, UniqueConstraint, ForeignKeyConstraint)

CASELESS_TABLES = frozenset({"sqlite"})
CASELESS_COLUMNS = frozenset({"sqlite", "mysql", "mariadb"})
"""The dialects to which `Id` and `id` are one name: neither can be added beside the other."""


def find_renames(
    models: Mapping[Key, Modelled], database: Mapping[Key, Existing], dialect: Dialect
) -> tuple[Rename, ...]:
    """Return the renames that still have to be carried out.

    One that a model tells of holds if the old name is in the database and not in the models, and
    the new one is not in the database; left in a model afterwards it does nothing. Where `Id` and
    `id` are one name, a model that spells it in another case tells of a rename as well.
    """
    names = lineage(dialect)
    tables = _renamed_tables(models, database, caseless=not CASELESS_TABLES.isdisjoint(names))
    former = {(rename.schema, rename.desired): rename.current for rename in tables}
    caseless = not CASELESS_COLUMNS.isdisjoint(names)
    columns: list[Rename] = []
    for (schema, name), model in models.items():
        existing = database.get((schema, former.get((schema, name), name)))
        if existing is not None:
            columns += _renamed_columns(model, existing, caseless=caseless)
    return (*tables, *columns)


def _renamed_tables(
    models: Mapping[Key, Modelled], database: Mapping[Key, Existing], *, caseless: bool
) -> list[TableRename]:
    there, wanted = _by_schema(database), _by_schema(models)
    renames = []
    for (schema, name), model in models.items():
        told = model.live.info.get(RENAMED_FROM)
        old = _former(name, told, there[schema], wanted[schema], caseless=caseless)
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
    model: Modelled, existing: Existing, *, caseless: bool
) -> Iterable[ColumnRename]:
    there = dict.fromkeys(column.name for column in existing.reflected.table.columns)
    wanted = {column.name for column in model.live.columns}
    for column in model.live.columns:
        name = str(column.name)
        # `column.info` would make a dictionary for each column that has none
        told = vars(column).get("info", {}).get(RENAMED_FROM)
        old = _former(name, told, there, wanted, caseless=caseless)
        if old is not None:
            yield ColumnRename(model.compared.name, old, name, schema=model.compared.schema)


def _former(
    name: str, told: str | None, there: Collection[str], wanted: Collection[str], *, caseless: bool
) -> str | None:
    """Return the name that something has in the database, `None` where it has none but its own."""
    if name in there:
        return None
    if told in there and told not in wanted:
        return told
    alike = (each for each in there if each.lower() == name.lower() and each not in wanted)
    return next(alike, None) if caseless else None


def kept_renames(renames: Iterable[Rename], tables: Collection[Key]) -> tuple[Rename, ...]:
    """Return the renames of those tables and in them: the others are left out by a filter."""
    return tuple(
        rename
        for rename in renames
        if (rename.schema, rename.desired if isinstance(rename, TableRename) else rename.table)
        in tables
    )


def reflected_as_renamed(
    database: Mapping[Key, Existing], renames: tuple[Rename, ...], dialect: Dialect
) -> dict[Key, ReflectedTable]:
    """Return the tables of the database under the names that they will have, words included."""
    reflected = [existing.reflected for existing in database.values()]
    if renames:
        syntax = syntax_of(lineage(dialect))
        tables = as_renamed((each.table for each in reflected), renames, syntax)
        reflected = [
            ReflectedTable(table, _renamed_signature(before, table.name, renames, syntax))
            for before, table in zip(reflected, tables, strict=True)
        ]
    return {(each.table.schema, str(each.table.name)): each for each in reflected}


def _renamed_signature(
    before: ReflectedTable, name: str, renames: tuple[Rename, ...], syntax: Syntax
) -> TableSignature:
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
    signature = before.signature
    return replace(
        signature,
        columns={own.get(column, column): said for column, said in signature.columns.items()},
        constraints=tuple(
            _renamed_item(item, said, _names(item, own, other, renames), syntax)
            for item, said in zip(before.table.constraints, signature.constraints, strict=True)
        ),
        indexes=tuple(
            _renamed_item(item, said, own, syntax)
            for item, said in zip(before.table.indexes, signature.indexes, strict=True)
        ),
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


def _renamed_item(
    item: Constraint | Index,
    signature: ItemSignature | None,
    names: dict[str, str],
    syntax: Syntax,
) -> ItemSignature | None:
    if signature is None or not names:
        return signature
    made_for = signature.made_for and _renamed_words(signature.made_for, names)
    if isinstance(item, KEYS):
        return replace(signature, text=_renamed_words(signature.text, names), made_for=made_for)
    # before the bracket stand words of ours, whatever a column is called
    kind, bracket, rest = signature.text.partition("(")
    text = kind + rename_columns(bracket + rest, names, syntax)
    return replace(signature, text=text, made_for=made_for)


def _renamed_words(text: str, names: Mapping[str, str]) -> str:
    """Return the words of a key, which are no SQL, with other names."""
    for token in reversed(tokens(text, GENERIC)):
        new = names.get(token.value) if token.is_name else None
        if new is not None:
            new = new if token.kind == "word" else GENERIC.quoted_name(new)
            text = f"{text[: token.start]}{new}{text[token.end :]}"
    return text
