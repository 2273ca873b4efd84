"""The words that DuckDB reserves and PostgreSQL does not."""

from __future__ import annotations

MORE_RESERVED = frozenset(
    """anti asof at by collation concurrently glob positional semi tablesample unpack""".split()  # noqa: SIM905
)
"""Words that PostgreSQL does not reserve, or not as names of columns (`duckdb_keywords()`)."""
