"""A script's queries of SQLite's catalogue, in a replay: `sqlite_master` and PRAGMA."""

from __future__ import annotations

from ...sqltext import Syntax, tokens
from ..base import replay_queries
from ..base.replay_queries import CatalogueQuery

PRAGMAS = frozenset(
    """table_info table_xinfo table_list index_list index_info index_xinfo
    foreign_key_list""".split()  # noqa: SIM905
)
TABLES = frozenset({"sqlite_master", "sqlite_schema", *(f"pragma_{name}" for name in PRAGMAS)})
COUNTERS = frozenset({"sqlite_sequence"})
"""What SQLite fills when rows are added; a state has none."""


def catalogue_query(sql: str, syntax: Syntax) -> CatalogueQuery | None:
    """Return a statement that reads the catalogue; `None` for any other.

    >>> from alembic_moltres.sqltext import SQLITE
    >>> catalogue_query("PRAGMA table_info(users)", SQLITE)
    CatalogueQuery(sql='PRAGMA table_info(users)', of_tables=True)
    """
    stream = tokens(sql, syntax)
    values = {each.value.lower() for each in stream}
    is_pragma = bool(stream) and stream[0].upper == "PRAGMA" and not PRAGMAS.isdisjoint(values)
    if is_pragma or not TABLES.isdisjoint(values):
        return CatalogueQuery(sql, of_tables=True)
    return replay_queries.catalogue_query(sql, syntax, COUNTERS)
