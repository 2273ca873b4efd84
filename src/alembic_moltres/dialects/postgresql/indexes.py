"""Indexes of the database with their signatures.

Both are made from `pg_get_indexdef`, which has everything except the tablespace: the method,
elements, INCLUDE, storage parameters, and the predicate of a partial index.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from ...schema import SQL, Index
from ...schema.base import EMPTY
from ...sqltext import POSTGRESQL, tokens
from ..base.signatures import ItemSignature, ReflectedItem
from .catalogue import CatalogueRow
from .constraints import comment_signature
from .text import bare, in_parentheses, is_name, split, unquoted, with_lists

DEFAULT_TABLESPACE = "pg_default"
TABLESPACE, WITH = "postgresql_tablespace", "postgresql_with"
_NULLS_NOT_DISTINCT = " NULLS NOT DISTINCT"


class Definition(NamedTuple):
    """The parts of `pg_get_indexdef`."""

    unique: bool
    method: str
    elements: list[str]
    include: list[str]
    nulls_not_distinct: bool
    storage: dict[str, str]
    where: str | None


def parse_definition(text: str) -> Definition:
    """Parse the text of `pg_get_indexdef`.

    >>> parse_definition(
    ...     "CREATE INDEX i ON public.t USING gin (a, lower(b)) WITH (fastupdate='off')"
    ... )
    ... # doctest: +NORMALIZE_WHITESPACE
    Definition(unique=False, method='gin', elements=['a', 'lower(b)'], include=[],
               nulls_not_distinct=False, storage={'fastupdate': 'off'}, where=None)
    """
    unique, rest = _head(text)
    return _parse_method(rest, unique=unique)


@lru_cache(maxsize=4096)
def _parse_method(text: str, *, unique: bool) -> Definition:
    """Parse from the method on; indexes of several tables are equal there."""
    method, _, rest = text.partition(" ")
    inside, rest = in_parentheses(rest)
    include: list[str] = []
    if rest.startswith(" INCLUDE "):
        included, rest = in_parentheses(rest.removeprefix(" INCLUDE "))
        include = split(included)
    distinct = not rest.startswith(_NULLS_NOT_DISTINCT)
    rest = rest.removeprefix(_NULLS_NOT_DISTINCT)
    storage: dict[str, str] = {}
    if rest.startswith(" WITH "):
        options, rest = in_parentheses(rest.removeprefix(" WITH "))
        pairs = (option.partition("=") for option in split(options))
        storage = {key: value.strip("'") for key, _, value in pairs}
    where = rest.partition(" WHERE ")[2] or None
    return Definition(
        unique,
        method=method,
        elements=split(inside),
        include=include,
        nulls_not_distinct=not distinct,
        storage=storage,
        where=where,
    )


def _head(text: str) -> tuple[bool, str]:
    """Return whether an index is unique, and the text from its method on."""
    if '"' not in text:  # no name has a space
        head, using, rest = text.partition(" USING ")
        if not using:
            raise ValueError(text)
        return head.startswith("CREATE UNIQUE "), rest
    stream = tokens(text, POSTGRESQL)
    at = next((at for at, token in enumerate(stream) if token.upper == "USING"), len(stream))
    if at + 2 >= len(stream):
        raise ValueError(text)
    return stream[1].upper == "UNIQUE", text[stream[at + 1].start :]


def read_index(row: CatalogueRow) -> ReflectedItem[Index]:
    """Return an index and its signature."""
    definition = parse_definition(row.definition)
    options: dict[str, Any] = {}
    if definition.method != "btree":
        options["postgresql_using"] = definition.method
    if definition.include:
        options["postgresql_include"] = tuple(map(unquoted, definition.include))
    if definition.nulls_not_distinct:
        options["postgresql_nulls_not_distinct"] = True
    if definition.storage:
        options[WITH] = definition.storage
    if row.tablespace:
        options[TABLESPACE] = row.tablespace
    if definition.where is not None:
        options["postgresql_where"] = SQL(with_lists(bare(definition.where)))
    elements = tuple(
        unquoted(element) if is_name(element) else SQL(element) for element in definition.elements
    )
    value = Index(row.name, elements, definition.unique, options, comment=row.description or None)
    text = _signature(definition)
    return ReflectedItem(value, ItemSignature(row.name, text, options=unstated_options(value)))


def unstated_options(index: Index) -> Mapping[str, str]:
    """Return the signatures of the options that a model need not state."""
    signatures = {**storage_signatures(index.dialect_options), **comment_signature(index.comment)}
    tablespace = index.dialect_options.get(TABLESPACE)
    if tablespace and tablespace != DEFAULT_TABLESPACE:
        signatures[TABLESPACE] = str(tablespace)
    return signatures or EMPTY


def storage_signatures(options: Mapping[str, Any]) -> dict[str, str]:
    """Return the signatures of storage parameters, those of a table's TOAST table left out.

    >>> storage_signatures({"postgresql_with": {"fillfactor": 50, "fastupdate": False}})
    {'postgresql_with.fillfactor': '50', 'postgresql_with.fastupdate': 'false'}
    """
    return {
        f"{WITH}.{key.lower()}": str(content).lower()
        for key, content in (options.get(WITH) or {}).items()
        if not key.startswith("toast.")
    }


def definition_signature(text: str) -> str:
    """Return the signature of an index, from `pg_get_indexdef`: without its name and its table."""
    return _signature(parse_definition(text))


def _signature(definition: Definition) -> str:
    columns = [*definition.elements, *definition.include]
    if definition.where is None and all(map(is_name, columns)):
        return plain_signature(
            map(unquoted, definition.elements),
            unique=definition.unique,
            method=definition.method,
            include=map(unquoted, definition.include),
            nulls_not_distinct=definition.nulls_not_distinct,
        )
    kind, included = "UNIQUE INDEX" if definition.unique else "INDEX", ", ".join(definition.include)
    return (
        f"{kind} USING {definition.method} ({', '.join(definition.elements)})"
        f"{f' INCLUDE ({included})' if included else ''}"
        f"{_NULLS_NOT_DISTINCT if definition.nulls_not_distinct else ''}"
        f"{f' WHERE {definition.where}' if definition.where is not None else ''}"
    )


def plain_signature(
    columns: Iterable[str],
    *,
    unique: bool = False,
    method: str = "btree",
    include: Iterable[str] = (),
    nulls_not_distinct: bool = False,
) -> str:
    """Return the signature of an index over columns, without further options.

    >>> plain_signature(["a", "b"], unique=True)
    "UNIQUE INDEX USING btree ['a', 'b']"
    """
    kind = "UNIQUE INDEX" if unique else "INDEX"
    included = [str(name) for name in include]
    return (
        f"{kind} USING {method} {[str(name) for name in columns]!r}"
        f"{f' INCLUDE {included!r}' if included else ''}"
        f"{_NULLS_NOT_DISTINCT if nulls_not_distinct else ''}"
    )
