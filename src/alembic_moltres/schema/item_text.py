"""Columns, constraints, indexes and expressions as a person reads them; no script, no DDL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from .columns import ColumnDef
from .constraints import (
    CheckConstraint,
    Constraint,
    ExcludeConstraint,
    ForeignKeyConstraint,
    content_of,
)
from .expressions import SQL, Now
from .generated import Computed, Identity, Sequence
from .indexes import Index
from .tables import TableSchema

_PLAIN: Final = re.compile(r"[\w$.]+")


@dataclass(frozen=True, slots=True)
class ItemText:
    """The texts of items.

    Attributes:
        dialects: the name of a dialect, then those that it extends: of what differs by dialect
            their text is given. Without them it is the common text.
        longest: the greatest length of an expression, a comment or a list of names, in letters;
            the rest is `...`.

    >>> from . import column, index
    >>> ItemText().column(column("name", "VARCHAR(50)", nullable=False, default="x"))
    "VARCHAR(50) not null default 'x'"
    >>> ItemText(longest=9).index(index("ix", ["first_name", "last_name"]))
    '(first...)'
    """

    dialects: tuple[str, ...] = ()
    longest: int | None = None

    def shortened(self, text: str) -> str:
        """Return a text that is no longer than allowed."""
        if self.longest is None or len(text) <= self.longest:
            return text
        return text[: max(self.longest - 3, 1)].rstrip() + "..."

    def name(self, name: object) -> str:
        """Return a name, in quotes if it is more than one word."""
        text = str(name)
        return text if _PLAIN.fullmatch(text) else repr(text)

    def names(self, names: Iterable[str | SQL]) -> str:
        """Return columns and expressions in parentheses."""
        texts = [self._sql(each) if isinstance(each, SQL) else self.name(each) for each in names]
        return f"({self.shortened(', '.join(texts))})"

    def value(self, content: object) -> str:
        """Return a default, an expression, a comment or an option."""
        match content:
            case None:
                return "none"
            case SQL():
                return self.shortened(self._sql(content))
            case Now():
                return "now()"
            case bool():
                return "true" if content else "false"
            case tuple():
                return self.shortened(", ".join(map(self.value, content)))
            case _:
                return self.shortened(repr(content))

    def type(self, column: ColumnDef) -> str:
        """Return the name of a column's type."""
        variants = column.type_variants
        variant = next((variants[name] for name in self.dialects if name in variants), None)
        if variant is not None or self.dialects:
            return self.shortened(variant or column.type_name)
        others = ", ".join(f"{name}: {text}" for name, text in variants.items())
        return self.shortened(f"{column.type_name} ({others})" if others else column.type_name)

    def column(self, column: ColumnDef) -> str:
        """Return a column without its name."""
        parts = [self.type(column)]
        if not column.nullable:
            parts.append("not null")
        if column.default is not None:
            parts.append(f"default {self.value(column.default)}")
        generated = (column.computed, column.identity, column.sequence)
        parts += [self.generated(each) for each in generated if each is not None]
        if column.autoincrement not in {"auto", False}:
            parts.append("autoincrement")
        parts += [f"check {self.constraint(each)}" for each in column.constraints]
        if column.comment is not None:
            parts.append(f"comment {self.value(column.comment)}")
        return " ".join((*parts, *self.options(column.dialect_options)))

    def generated(self, content: Computed | Identity | Sequence) -> str:
        """Return what generates the values of a column."""
        match content:
            case Computed():
                stored = {True: " stored", False: " virtual", None: ""}[content.persisted]
                return f"computed as {self._in_parentheses(content.expression)}{stored}"
            case Identity():
                when = "always " if content.always else ""
                return " ".join((f"{when}identity", *self._keywords(content, ("always",))))
            case Sequence():
                schema = f"{content.schema}." if content.schema else ""
                named = f"sequence {self.name(f'{schema}{content.name}')}"
                return " ".join((named, *self._keywords(content, ("name", "schema", "optional"))))

    def constraint(self, constraint: Constraint) -> str:
        """Return a constraint without its kind and name."""
        match constraint:
            case CheckConstraint():
                parts = [self._in_parentheses(constraint.expression)]
            case ForeignKeyConstraint():
                parts = [self.names(constraint.columns), self.target(constraint)]
            case ExcludeConstraint():
                pairs = [
                    f"{self._sql(each) if isinstance(each, SQL) else self.name(each)} with {by}"
                    for each, by in constraint.elements
                ]
                parts = [f"using {constraint.using} ({self.shortened(', '.join(pairs))})"]
            case _:
                parts = [self.names(content_of(constraint))]
        written = ("columns", "expression", "elements", "using", "ops", "use_alter", "name")
        refers = ("references_table", "references_columns", "references_schema")
        skipped = (*written, *refers, "autoincrement_first")
        return " ".join((*parts, *self._keywords(constraint, skipped)))

    def target(self, key: ForeignKeyConstraint) -> str:
        """Return what a foreign key refers to."""
        schema = f"{key.references_schema}." if key.references_schema else ""
        table = self.name(f"{schema}{key.references_table}")
        return f"references {table}{self.names(key.references_columns)}"

    def index(self, index: Index) -> str:
        """Return an index without its name."""
        return " ".join(
            (
                self.names(index.elements),
                *self._keywords(index, ("name", "elements", "unique")),
            )
        )

    def table(self, table: TableSchema) -> str:
        """Return a table without its name: the names of its columns."""
        return self.names(str(column.name) for column in table.columns)

    def options(self, options: Mapping[str, Any]) -> Iterator[str]:
        """Yield dialect options, those of the connected dialect without its name."""
        for key, content in options.items():
            dialect, _, name = key.partition("_")
            if dialect not in self.dialects:
                name = key
            yield f"{name} {self.value(content)}"

    def _keywords(self, content: Any, skipped: tuple[str, ...]) -> Iterator[str]:
        """Yield what is not at its default: `on_delete CASCADE` as "on delete CASCADE"."""
        for name, stated in content.call().kwargs:
            if name == "dialect_options":
                yield from self.options(stated)
            elif name == "ddl_if":
                yield f"on {', '.join(content.ddl_if)} only"
            elif name not in skipped:
                word = name.replace("_", " ")
                shown = stated if name in _TEXTS else self.value(stated)
                yield {True: word, False: f"not {word}"}.get(stated) or f"{word} {shown}"

    def _in_parentheses(self, expression: SQL) -> str:
        return f"({self.shortened(self._sql(expression))})"

    def _sql(self, expression: SQL) -> str:
        text = expression.for_dialect(self.dialects)
        return expression.text if text is None else text


_TEXTS: Final = frozenset({"on_delete", "on_update", "initially", "match", "data_type"})
"""Keywords of SQL, which are no values."""
