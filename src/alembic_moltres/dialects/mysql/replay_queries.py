"""A script's queries of MySQL's catalogue, in a replay: SHOW and DESCRIBE as SELECT."""

from __future__ import annotations

from collections.abc import Sequence

from ...sqltext import Syntax, Token, tokens
from ..base import replay_queries
from ..base.replay_queries import CatalogueQuery, is_show

_COLUMNS = """
SELECT column_name AS Field, column_type AS Type, is_nullable AS `Null`, k AS `Key`,
  CASE WHEN k = 'PRI' AND column_default = char(0) THEN NULL ELSE column_default END AS `Default`,
  CASE WHEN k = 'PRI' AND column_default = char(0) THEN 'auto_increment' ELSE '' END AS Extra
FROM (
  SELECT c.*, CASE
    WHEN EXISTS (SELECT 1 FROM information_schema.statistics s WHERE s.table_name = c.table_name
      AND s.column_name = c.column_name AND s.index_name = 'PRIMARY') THEN 'PRI'
    WHEN EXISTS (SELECT 1 FROM information_schema.statistics s WHERE s.table_name = c.table_name
      AND s.column_name = c.column_name AND s.non_unique = 0 AND NOT EXISTS (
        SELECT 1 FROM information_schema.statistics o WHERE o.table_name = s.table_name
        AND o.index_name = s.index_name AND o.column_name <> s.column_name)) THEN 'UNI'
    WHEN EXISTS (SELECT 1 FROM information_schema.statistics s WHERE s.table_name = c.table_name
      AND s.column_name = c.column_name AND s.seq_in_index = 1) THEN 'MUL'
    ELSE '' END AS k
  FROM information_schema.columns c WHERE c.table_name = {0} ORDER BY ordinal_position)
"""
_TABLES = "SELECT table_name AS Tables FROM information_schema.tables"
_INDEXES = """
SELECT table_name AS `Table`, non_unique AS Non_unique, index_name AS Key_name,
  seq_in_index AS Seq_in_index, column_name AS Column_name
FROM information_schema.statistics WHERE table_name = {0}
"""


def catalogue_query(sql: str, syntax: Syntax) -> CatalogueQuery | None:
    """Return a statement that reads the catalogue; `None` for any other.

    >>> from alembic_moltres.sqltext import MYSQL
    >>> catalogue_query("SHOW TABLES", MYSQL).sql
    'SELECT table_name AS Tables FROM information_schema.tables'
    """
    stream = tokens(sql, syntax)
    words = [each.upper for each in stream]
    if is_show(words):
        return CatalogueQuery(_shown(sql, stream, words))
    if words[:1] in (["DESCRIBE"], ["DESC"]) and len(stream) == 2:
        return CatalogueQuery(_COLUMNS.format(_quoted(stream[1])))
    return replay_queries.catalogue_query(sql, syntax)


def _shown(sql: str, stream: Sequence[Token], words: list[str]) -> str | None:
    at = 2 if words[1:2] == ["FULL"] else 1
    kind, behind = words[at : at + 1], at + 1
    first = "Tables"
    if kind == ["TABLES"]:
        query = _TABLES
    elif kind == ["CREATE"] or words[behind : behind + 1] not in (["FROM"], ["IN"]):
        return None
    else:
        named = kind in (["COLUMNS"], ["FIELDS"])
        query = (_COLUMNS if named else _INDEXES).format(_quoted(stream[behind + 1]))
        first, behind = "Field", behind + 2
    rest = words[behind : behind + 1]
    if rest == []:
        return query
    if rest == ["LIKE"]:
        return f"SELECT * FROM ({query}) WHERE {first} {sql[stream[behind].start :]}"
    return f"SELECT * FROM ({query}) {sql[stream[behind].start :]}" if rest == ["WHERE"] else None


def _quoted(name: Token) -> str:
    return "'" + name.value.replace("'", "''") + "'"
