"""A script's queries of the database's catalogue, which a replay answers from its state.

The state is written to tables of an in-memory SQLite database, and the query runs there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ...sqltext import Syntax, tokens

if TYPE_CHECKING:
    from ...datatypes import DataType
    from ...diff import TableKey
    from ...schema import Constraint, Index, TableSchema

INFORMATION_SCHEMA = "information_schema"
SHOWN = frozenset({"TABLES", "COLUMNS", "FIELDS", "INDEX", "INDEXES", "KEYS", "CREATE", "FULL"})
"""The words behind SHOW for which it reads the catalogue, in several databases."""


@dataclass(frozen=True, slots=True)
class CatalogueQuery:
    """A statement that reads the catalogue.

    Attributes:
        sql: the same as a query that SQLite understands; `None` if only a server has the result.
        of_tables: it reads SQLite's own catalogue, so the tables themselves must exist.
    """

    sql: str | None
    of_tables: bool = False


@dataclass(frozen=True, slots=True)
class CatalogueTables:
    """Tables of a catalogue beside the information schema.

    Attributes:
        columns: the columns of each table, by its name with its schema.
        rows: the rows of each table.
        functions: functions of one argument that queries call, by name.
    """

    columns: Mapping[str, Sequence[str]]
    rows: Mapping[str, Sequence[Sequence[object]]]
    functions: Mapping[str, Callable[[str], str | int | None]]


class ReplayedCatalogue(Protocol):
    """The state of a replay.

    Attributes:
        types: the named types, by schema and name.
    """

    types: dict[tuple[str | None, str], DataType]

    @property
    def all_tables(self) -> Mapping[TableKey, TableSchema]:
        """The tables, with Alembic's own."""

    @property
    def sequence_keys(self) -> tuple[tuple[str | None, str], ...]:
        """The schemas and names of all sequences."""

    @property
    def default_schema(self) -> str | None:
        """The schema that statements need not name."""

    def name_of(self, table: TableSchema, item: Constraint | Index) -> str | None:
        """Return the name of a constraint or an index."""


def catalogue_query(
    sql: str, syntax: Syntax, names: AbstractSet[str] = frozenset()
) -> CatalogueQuery | None:
    """Return a statement that reads the catalogue; `None` for any other.

    The result of SHOW and DESCRIBE differs by database, so that it is unknown.

    Args:
        sql: the statement.
        syntax: of the database.
        names: its tables and schemas beside the information schema.

    >>> from alembic_moltres.sqltext import POSTGRESQL
    >>> catalogue_query("SELECT 1 FROM pg_type WHERE typname = 'mood'", POSTGRESQL, {"pg_type"})
    CatalogueQuery(sql="SELECT 1 FROM pg_type WHERE typname = 'mood'", of_tables=False)
    >>> catalogue_query("SELECT name FROM users WHERE name = 'a'", POSTGRESQL, {"pg_type"})
    """
    stream = tokens(sql, syntax)
    found = {token.value.lower() for token in stream if token.is_name}
    words = [token.upper for token in stream[:2]]
    if is_show(words) or words[:1] in (["DESCRIBE"], ["DESC"]):
        return CatalogueQuery(None)
    if found.isdisjoint({INFORMATION_SCHEMA, *names}):
        return None
    values = [token.value.lower() for token in stream]
    condition = values[values.index("where") :] if "where" in values else []
    return CatalogueQuery(None if "column_default" in condition else sql)


def is_show(words: Sequence[str]) -> bool:
    """Tell whether a statement with these keywords is a SHOW that reads the catalogue."""
    return words[:1] == ["SHOW"] and not SHOWN.isdisjoint(words[1:2])
