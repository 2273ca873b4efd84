"""The models' constraints and indexes: their probes and their signatures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

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
from ...schema.base import EMPTY
from ...schema.dialects import is_for_dialect
from ...sqltext import POSTGRESQL, unqualified
from ..base.probes import Kind, Probe, ProbeResults, ProbeSet
from ..base.signatures import ItemSignature, Text
from .catalogue import CatalogueRow, Names
from .constraints import check_signature, comment_signature, foreign_key_signature, key_signature
from .indexes import TABLESPACE, WITH, definition_signature, plain_signature, unstated_options
from .probe_ddl import ProbeWriter
from .probes import mentioned_columns
from .unconfirmed import unconfirmed

PLAIN_OPTIONS = frozenset(
    {
        "postgresql_using",
        "postgresql_include",
        "postgresql_nulls_not_distinct",
        TABLESPACE,
        WITH,
        "postgresql_concurrently",
    }
)
"""The options of an index over plain columns that need no probe."""

COUNTING = (True, "client", "server")
"""The values of `autoincrement` for an autoincrement column in a key of several."""


@dataclass(frozen=True, slots=True)
class ExpectedItem:
    """A constraint or an index, with the text of its signature or the probe for it.

    `options` are not in the database's text.
    """

    name: str | None
    text: str | Probe
    options: Mapping[str, str] = EMPTY
    folded: bool = False


class ExpectedItems:
    """Collects the probes of the constraints and indexes of one table."""

    def __init__(
        self,
        writer: ProbeWriter,
        probes: ProbeSet,
        types: Mapping[str, str],
        names: Names,
        table: TableSchema,
    ) -> None:
        self._writer = writer
        self._probes = probes
        self._types = types
        self._names = names
        self._table = str(table.name)
        self._autoincrement = {c.name for c in table.columns if c.autoincrement in COUNTING}

    def constraints(self, table: TableSchema) -> list[tuple[Constraint, ExpectedItem | None]]:
        """Return the table's constraints; `None` for those of other dialects.

        CREATE TABLE merges a UNIQUE into an earlier key over the same columns (the server's
        `transformIndexConstraints`); added later, it is kept.
        """
        seen: set[str] = set()
        pairs: list[tuple[Constraint, ExpectedItem | None]] = []
        for constraint in table.constraints:
            expected = self._constraint(constraint) if self._is_made(constraint.ddl_if) else None
            if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint) and expected:
                like = key_signature(constraint).removeprefix("PRIMARY KEY").removeprefix("UNIQUE")
                if like in seen:
                    expected = replace(expected, folded=True)
                seen.add(like)
            pairs.append((constraint, expected))
        return pairs

    def indexes(self, table: TableSchema) -> list[tuple[Index, ExpectedItem | None]]:
        """Return the table's indexes; `None` for those of other dialects."""
        return [
            (index, self._index(index) if self._is_made(index.ddl_if) else None)
            for index in table.indexes
        ]

    def _constraint(self, constraint: Constraint) -> ExpectedItem | None:
        name, options = self._name(constraint.name), comment_signature(constraint.comment)
        match constraint:
            case PrimaryKeyConstraint() | UniqueConstraint():
                return ExpectedItem(name, key_signature(self._in_order(constraint)), options)
            case ForeignKeyConstraint():
                schema = constraint.references_schema or self._names.schema_of(
                    constraint.references_table
                )
                return ExpectedItem(name, foreign_key_signature(constraint, schema), options)
            case CheckConstraint():
                text = self._writer.expression(constraint.expression)
                if text is None:
                    return None
                return ExpectedItem(name, self._probe(Kind.CHECK, text), options)
            case ExcludeConstraint():
                text = self._writer.exclude(constraint)
                return ExpectedItem(name, self._probe(Kind.EXCLUDE, text), options)

    def _in_order(
        self, key: PrimaryKeyConstraint | UniqueConstraint
    ) -> PrimaryKeyConstraint | UniqueConstraint:
        """Return a key with its columns in the order of DDL (`columns_autoinc_first`)."""
        if isinstance(key, UniqueConstraint) or not key.autoincrement_first:
            return key
        ordered = sorted(key.columns, key=lambda name: name not in self._autoincrement)
        return replace(key, columns=tuple(ordered))

    def _index(self, index: Index) -> ExpectedItem:
        options = index.dialect_options
        own = {key for key in options if key.startswith("postgresql_") and options[key]}
        name, unstated = self._name(index.name), unstated_options(index)
        if own <= PLAIN_OPTIONS and len(index.columns) == len(index.elements):
            signature = plain_signature(
                index.columns,
                unique=index.unique,
                method=str(options.get("postgresql_using") or "btree").lower(),
                include=options.get("postgresql_include") or (),
                nulls_not_distinct=bool(options.get("postgresql_nulls_not_distinct")),
            )
            return ExpectedItem(name, signature, unstated)
        kind = Kind.UNIQUE_INDEX if index.unique else Kind.INDEX
        probe = self._probe(kind, self._writer.index_definition(index))
        return ExpectedItem(name, probe, unstated)

    def _probe(self, kind: Kind, text: str) -> Probe:
        columns = mentioned_columns(text, self._types)
        return self._probes.add(Probe(kind, text, columns=columns, table=self._table))

    def _is_made(self, ddl_if: tuple[str, ...]) -> bool:
        return is_for_dialect(ddl_if, self._writer.names[0])

    def _name(self, name: str | None) -> str | None:
        if isinstance(name, conv):
            return self._writer.kept_name(name)
        if isinstance(name, quoted_name) and not name.quote:
            return name.lower()
        return None if name is None else str(name)


def item_signature(
    expected: ExpectedItem | None, results: ProbeResults[CatalogueRow]
) -> ItemSignature | None:
    """Return the signature of a constraint or an index from the results of probes."""
    if expected is None:
        return None
    text = expected.text
    normalised = _text(expected, text, results) if isinstance(text, Probe) else text
    return ItemSignature(
        expected.name, normalised, folded=expected.folded, options=expected.options
    )


def _text(expected: ExpectedItem, probe: Probe, results: ProbeResults[CatalogueRow]) -> Text:
    row = results.given.get(probe)
    text = _unqualified(probe) if row is None else row.text
    match probe.kind:
        case Kind.CHECK:
            text = check_signature(text)
        case Kind.EXCLUDE:
            pass
        case _ if row is None:
            method = "" if text.startswith("USING ") else "USING btree "
            text = f"{probe.kind.upper()} {method}{text}"
        case _:
            text = definition_signature(text)
    if row is not None:
        return str(text)
    # a rejected text cannot be in the database
    return unconfirmed(text, certain=results.unavailable is None or expected.name is None)


def _unqualified(probe: Probe) -> str:
    """Return a text without its own table's name before columns, as the server stores it."""
    return unqualified(probe.text, probe.table, POSTGRESQL)
