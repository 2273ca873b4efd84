"""Applies renames to the tables of a database: to values and to signatures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from ...diff.renames import (
    ColumnRename,
    Rename,
    TableRename,
    inherits_renamed,
    renamed_column,
    renamed_constraint,
    renamed_index,
    renamed_key,
)
from ...schema import (
    Constraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from ...sqltext import GENERIC, Syntax, rename_columns, tokens
from .signatures import ItemSignature, ReflectedItem, ReflectedTable

KEYS = (PrimaryKeyConstraint, UniqueConstraint, ForeignKeyConstraint)
"""The constraints whose signatures are lists of names, not SQL."""

_WRITTEN: Mapping[str, Callable[[str], str]] = {
    "word": str,
    "quoted": GENERIC.quoted_name,
    "string": repr,
    "escaped": repr,
}
"""Matches a name in the signature of a key; some dialects write a list of strings."""

Columns = Mapping[tuple[str | None, str], Mapping[str, str]]
Tables = Mapping[tuple[str | None, str], str]


def rename_tables(
    tables: Iterable[ReflectedTable], renames: Iterable[Rename], syntax: Syntax
) -> list[ReflectedTable]:
    """Return the database's tables under their names after the renames.

    Keys, indexes, expressions and other tables' foreign keys get the new names, too, as in the
    database.

    Args:
        tables: as reflected.
        renames: of tables and columns.
        syntax: of the database's SQL.
    """
    renames = tuple(renames)
    names = _NewNames.of(renames, syntax)
    return [names.table(each) for each in tables] if renames else list(tables)


@dataclass(frozen=True, slots=True)
class _NewNames:
    """The new names: of tables by the schema and the old name, of columns by the new one."""

    tables: Tables
    columns: Columns
    syntax: Syntax

    @classmethod
    def of(cls, renames: Iterable[Rename], syntax: Syntax) -> _NewNames:
        tables: dict[tuple[str | None, str], str] = {}
        columns: dict[tuple[str | None, str], dict[str, str]] = {}
        for rename in renames:
            match rename:
                case TableRename():
                    tables[rename.schema, rename.current] = rename.desired
                case ColumnRename():
                    names = columns.setdefault((rename.schema, rename.table), {})
                    names[rename.current] = rename.desired
        return cls(tables, columns, syntax)

    def table(self, reflected: ReflectedTable) -> ReflectedTable:
        """Return a table under its new name."""
        old = reflected.table
        name = self.tables.get((old.schema, old.name), old.name)
        own = self.columns.get((old.schema, name), {})
        columns = (
            replace(each, column=renamed_column(each.column, own, self.syntax)) if own else each
            for each in reflected.columns
        )
        indexes = (
            replace(
                each,
                item=renamed_index(each.item, own, self.syntax),
                signature=self._signature(each.item, each.signature, own),
            )
            if own
            else each
            for each in reflected.indexes
        )
        renamed = reflected.with_items(
            columns=columns,
            constraints=(self._constraint(each, own) for each in reflected.constraints),
            indexes=indexes,
            name=name,
            dialect_options=inherits_renamed(old, self.tables).dialect_options,
        )
        partition = reflected.partition
        return replace(
            renamed,
            parents=self._parents(reflected.parents),
            partition=partition and replace(partition, parents=self._parents(partition.parents)),
        )

    def _parents(
        self, parents: tuple[tuple[str | None, str], ...]
    ) -> tuple[tuple[str | None, str], ...]:
        return tuple((key[0], self.tables.get(key, key[1])) for key in parents)

    def _constraint(
        self, reflected: ReflectedItem[Constraint], own: Mapping[str, str]
    ) -> ReflectedItem[Constraint]:
        """Return a constraint with the new names; a foreign key also has those of its target."""
        item, names = reflected.item, dict(own)
        if isinstance(item, ForeignKeyConstraint):
            referred = self.tables.get((item.references_schema, item.references_table))
            target = (item.references_schema, referred or item.references_table)
            names = {**self.columns.get(target, {}), **own}
            if referred is not None:
                names[item.references_table] = referred
            item = renamed_key(item, self.tables, self.columns)
        if not names:
            return reflected
        return replace(
            reflected,
            item=renamed_constraint(item, own, self.syntax) if own else item,
            signature=self._signature(item, reflected.signature, names),
            in_column=own.get(reflected.in_column or "", reflected.in_column),
        )

    def _signature(
        self, item: Constraint | Index, signature: ItemSignature | None, names: Mapping[str, str]
    ) -> ItemSignature | None:
        if signature is None or not names:
            return signature
        implied_by = signature.implied_by and _renamed_key(signature.implied_by, names)
        text = str(signature.text)
        if isinstance(item, KEYS):
            text = _renamed_key(text, names)
        else:  # the text before the bracket is ours, not a column's name
            kind, bracket, rest = text.partition("(")
            text = kind + rename_columns(bracket + rest, names, self.syntax)
        return replace(signature, text=text, implied_by=implied_by)


def _renamed_key(text: str, names: Mapping[str, str]) -> str:
    """Return the signature of a key, a list of names, with new names."""
    for token in reversed(tokens(text, GENERIC)):
        new = names.get(token.value) if token.is_name or token.is_string else None
        if new is not None:
            text = f"{text[: token.start]}{_WRITTEN[token.kind](new)}{text[token.end :]}"
    return text
