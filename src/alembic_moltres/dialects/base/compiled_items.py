"""The signatures of constraints and indexes from their values or their DDL; see `compiled`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy.engine import Dialect

from ...convert import lineage
from ...convert.names import kept_name
from ...schema import (
    SQL,
    CheckConstraint,
    Constraint,
    ExcludeConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    TableSchema,
    UniqueConstraint,
    quoted_name,
)
from ...schema.dialects import is_for_dialect
from ...sqltext import normal_form
from .ddl import DDLWriter
from .impl import DialectImpl
from .signatures import ItemSignature

Item = TypeVar("Item", Constraint, Index)
KEYS = (PrimaryKeyConstraint, UniqueConstraint)


class CompiledItems:
    """The constraints and indexes of one table, compiled for one dialect.

    Args:
        dialect: one that doubles no percent signs.
        impl: of that dialect.
        table: of these items.
    """

    def __init__(self, dialect: Dialect, impl: DialectImpl, table: TableSchema) -> None:
        self._dialect = dialect
        self._impl = impl
        self._names = lineage(dialect)
        self._table = table
        self._folded: set[tuple[object, ...]] = set()

    @cached_property
    def _ddl(self) -> DDLWriter:
        return DDLWriter(self._dialect, self._table.name, self._table.schema)

    def constraint(self, constraint: Constraint) -> ItemSignature | None:
        """Return the signature of a constraint; `None` if it is for other dialects."""
        if not is_for_dialect(constraint.ddl_if, self._names[0]):
            return None
        text = self._text(constraint)
        if text is None:
            return None
        behind = " ".join(self._behind(constraint))
        signature = ItemSignature(self._name(constraint), f"{text} {behind}" if behind else text)
        if self._impl.features.folds_keys and isinstance(constraint, KEYS):
            like = (constraint.columns, behind)
            signature = replace(signature, folded=like in self._folded)
            self._folded.add(like)
        return signature

    def index(self, index: Index) -> ItemSignature | None:
        """Return the signature of an index; `None` if it is for other dialects."""
        if not is_for_dialect(index.ddl_if, self._names[0]):
            return None
        text = self._index_text(index)
        if text is None:
            return None
        if index.comment and self._impl.features.index_comments:
            text = f"{text} comment {index.comment!r}"
        return ItemSignature(self._kept(index.name), text)

    def _index_text(self, index: Index) -> str | None:
        kind = "unique index" if index.unique else "index"
        own = self._own(index.dialect_options)
        if not own and len(index.columns) == len(index.elements):
            return f"{kind} {self._listed(index.columns)}"
        if any(self._expression(each) is None for each in index.elements if isinstance(each, SQL)):
            return None
        made = self._ddl.index(index)
        if made is None:
            return None
        head, rest = self._ddl.index_pieces(made)
        if not index.unique:  # FULLTEXT, SPATIAL
            kind = head.partition(" INDEX")[0].lower().replace("index", "").strip()
            kind = f"{kind} index" if kind and not head.startswith("INDEX") else "index"
        return f"{kind} {self._normal(rest).removeprefix('using btree ')}"

    def reflected(self, item: Item) -> Item:
        """Return an item as reflection returns it, without the parts for other dialects."""
        stated: dict[str, Any] = {"ddl_if": (), "dialect_options": self.own_options(item)}
        match item:
            case CheckConstraint():
                stated["expression"] = self._plain(item.expression)
            case Index():
                stated["elements"] = tuple(map(self._plain, item.elements))
            case _:
                pass
        return replace(item, **stated)

    def own_options(self, item: Constraint | Index | TableSchema) -> dict[str, Any]:
        """Return the options of this dialect."""
        return {
            key: self._plain(value)
            for key, value in item.dialect_options.items()
            if key.partition("_")[0] in self._names
        }

    def _plain(self, content: Any) -> Any:
        """Return an expression with this dialect's text only."""
        return SQL(self._expression(content) or "") if isinstance(content, SQL) else content

    def _text(self, constraint: Constraint) -> str | None:
        match constraint:
            case PrimaryKeyConstraint():
                return f"primary key {self._listed(constraint.columns)}"
            case UniqueConstraint():
                kind = "unique index" if self._impl.features.unique_is_index else "unique"
                return f"{kind} {self._listed(constraint.columns)}"
            case ForeignKeyConstraint():
                return self._foreign_key(constraint)
            case CheckConstraint():
                text = self._expression(constraint.expression)
                return None if text is None else f"check ({self._normal(text)})"
            case ExcludeConstraint():
                written = self._ddl.constraint(replace(constraint, name=None, comment=None))
                return None if written is None else self._normal(written)

    def _foreign_key(self, key: ForeignKeyConstraint) -> str | None:
        if not self._impl.features.keys_across_schemas and (
            key.references_schema != self._table.schema
        ):
            return None
        schema = f"{key.references_schema}." if key.references_schema else ""
        target = self._column_name(key.references_table)
        text = f"foreign key {self._listed(key.columns)} references {schema}{target}"
        text = f"{text} {self._listed(key.references_columns)}"
        for event, action in (("delete", key.on_delete), ("update", key.on_update)):
            rule = "" if action is None else " ".join(action.lower().split())
            if rule not in self._no_action:
                text = f"{text} on {event} {rule}"
        if key.match is not None and key.match.upper() != "SIMPLE":
            text = f"{text} match {key.match.lower()}"
        return text

    @property
    def _no_action(self) -> tuple[str, ...]:
        """The actions that equal none; with InnoDB, RESTRICT does too."""
        same = ("restrict",) if self._impl.features.keys_create_indexes else ()
        return ("", "no action", *same)

    def _behind(self, constraint: Constraint) -> Iterator[str]:
        if constraint.deferrable or constraint.initially:
            yield f"deferrable initially {(constraint.initially or 'immediate').lower()}"
        own = self._own(constraint.dialect_options)
        if own:
            yield repr(sorted(own.items()))
        if constraint.comment and self._dialect.supports_constraint_comments:
            yield f"comment {constraint.comment!r}"

    def _own(self, options: Mapping[str, object]) -> dict[str, object]:
        own = {}
        uncompared = self._impl.features.uncompared_item_options
        for key, value in options.items():
            prefix, _, name = key.partition("_")
            if prefix in self._names and value and name not in uncompared:
                own[name] = value
        return own

    def _name(self, constraint: Constraint) -> str | None:
        is_primary = isinstance(constraint, PrimaryKeyConstraint)
        if is_primary and not self._impl.features.primary_key_has_name:
            return None
        return self._kept(constraint.name)

    def _kept(self, name: str | None) -> str | None:
        if name is None:
            return None
        if isinstance(name, quoted_name) and not name.quote:
            return name.lower()
        return kept_name(str(name), self._dialect)

    def _expression(self, text: SQL) -> str | None:
        return text.for_dialect(self._names)

    def _normal(self, text: str) -> str:
        return normal_form(text, self._impl.syntax, str(self._table.name))

    def _listed(self, names: Iterable[str]) -> str:
        return f"( {' , '.join(map(self._column_name, names))} )"

    def _column_name(self, name: str) -> str:
        folded = name.lower() if self._impl.features.caseless_columns else str(name)
        return self._impl.syntax.written_name(folded)
