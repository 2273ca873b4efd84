"""What the database would say of the models' constraints and indexes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from ...schema import (
    CheckConstraint,
    Constraint,
    ExcludeConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    TableSchema,
    UniqueConstraint,
    conv,
    quoted_name,
)
from .catalogue import Names
from .indexes import plain_signature
from .key_signatures import foreign_key_signature, key_signature
from .probe_ddl import Writer
from .probes import Kind, Probe, mentioned
from .unresolved import UnresolvedItem

PLAIN_OPTIONS = frozenset(
    {
        "postgresql_using",
        "postgresql_include",
        "postgresql_nulls_not_distinct",
        "postgresql_tablespace",
        "postgresql_concurrently",
    }
)
"""The options of an index over columns that can be told without asking; the first word decides."""


COUNTING = (True, "client", "server")
"""What `autoincrement` is for the column of a key of several that counts by itself."""


class ExpectedItems:
    """Drafts the constraints and indexes of one table."""

    def __init__(
        self,
        writer: Writer,
        probed: Callable[[Probe], Probe],
        types: Mapping[str, str],
        names: Names,
        table: TableSchema,
    ) -> None:
        self._writer = writer
        self._asked = probed
        self._types = types
        self._names = names
        self._table = str(table.name)
        self._counting = {c.name for c in table.columns if c.autoincrement in COUNTING}

    def constraints(self, constraints: Iterable[Constraint]) -> tuple[UnresolvedItem | None, ...]:
        """Return the drafts of constraints; `None` for those that this database does not get.

        A UNIQUE of what an earlier key has already is folded into it by CREATE TABLE (the server's
        `transformIndexConstraints`), but stands if it is added later.
        """
        seen: set[str] = set()
        drafts: list[UnresolvedItem | None] = []
        for constraint in constraints:
            draft = self._constraint(constraint) if self._is_made(constraint.ddl_if) else None
            if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint) and draft:
                like = key_signature(constraint).removeprefix("PRIMARY KEY").removeprefix("UNIQUE")
                if like in seen:
                    draft = replace(draft, folded=True)
                seen.add(like)
            drafts.append(draft)
        return tuple(drafts)

    def indexes(self, indexes: Iterable[Index]) -> tuple[UnresolvedItem | None, ...]:
        """Return the drafts of indexes; `None` for those that this database does not get."""
        return tuple(
            self._index(index) if self._is_made(index.ddl_if) else None for index in indexes
        )

    def _constraint(self, constraint: Constraint) -> UnresolvedItem | None:
        name = self._name(constraint.name)
        match constraint:
            case PrimaryKeyConstraint() | UniqueConstraint():
                constraint = self._in_order(constraint)
                comment = constraint.comment or None
                return UnresolvedItem(name, key_signature(constraint, comment=comment))
            case ForeignKeyConstraint():
                schema = constraint.references_schema or self._names.schema_of(
                    constraint.references_table
                )
                return UnresolvedItem(name, foreign_key_signature(constraint, schema))
            case CheckConstraint():
                text = self._writer.expression(constraint.expression)
                if text is None:
                    return None
                return UnresolvedItem(name, self._ask(Kind.CHECK, text), constraint.comment or None)
            case ExcludeConstraint():
                text = self._writer.exclude(constraint)
                return UnresolvedItem(
                    name, self._ask(Kind.EXCLUDE, text), constraint.comment or None
                )

    def _in_order(
        self, key: PrimaryKeyConstraint | UniqueConstraint
    ) -> PrimaryKeyConstraint | UniqueConstraint:
        """Return a key with its columns in the order of DDL (`columns_autoinc_first`)."""
        if isinstance(key, UniqueConstraint) or not key.autoincrement_first:
            return key
        ordered = sorted(key.columns, key=lambda name: name not in self._counting)
        return replace(key, columns=tuple(ordered))

    def _index(self, index: Index) -> UnresolvedItem:
        options = index.dialect_options
        own = {key for key in options if key.startswith("postgresql_") and options[key]}
        tablespace = options.get("postgresql_tablespace")
        name = self._name(index.name)
        if own <= PLAIN_OPTIONS and len(index.columns) == len(index.elements):
            signature = plain_signature(
                index.columns,
                unique=index.unique,
                method=str(options.get("postgresql_using") or "btree").lower(),
                include=options.get("postgresql_include") or (),
                nulls_not_distinct=bool(options.get("postgresql_nulls_not_distinct")),
                tablespace=tablespace,
            )
            return UnresolvedItem(name, signature)
        kind = Kind.UNIQUE_INDEX if index.unique else Kind.INDEX
        question = self._ask(kind, self._writer.index(index))
        return UnresolvedItem(name, question, tablespace=tablespace)

    def _ask(self, kind: Kind, text: str) -> Probe:
        columns = mentioned(text, self._types)
        return self._asked(Probe(kind, text, columns=columns, table=self._table))

    def _is_made(self, ddl_if: tuple[str, ...]) -> bool:
        return not ddl_if or self._writer.names[0] in ddl_if

    def _name(self, name: str | None) -> str | None:
        if isinstance(name, conv):
            return self._writer.name(name)
        if isinstance(name, quoted_name) and not name.quote:
            return name.lower()
        return None if name is None else str(name)
