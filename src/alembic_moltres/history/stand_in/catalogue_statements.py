"""Statements of databases that read their catalogue, as queries of `information_schema`.

MySQL's SHOW and DESCRIBE, and PostgreSQL's casts to regclass and queries without columns.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...sqltext import Syntax, Token, tokens

OF_TABLES = frozenset({"TABLES", "COLUMNS", "FIELDS", "INDEX", "INDEXES", "KEYS", "CREATE", "FULL"})
"""The words behind SHOW for which it reads the catalogue."""

PRAGMAS = frozenset(
    """table_info table_xinfo table_list index_list index_info index_xinfo
    foreign_key_list""".split()  # noqa: SIM905
)
OWN_CATALOGUE = frozenset(
    """sqlite_master sqlite_schema pragma_table_info pragma_table_xinfo pragma_table_list
    pragma_index_list pragma_index_info pragma_index_xinfo
    pragma_foreign_key_list""".split()  # noqa: SIM905
)
OID = "moltres_oid"
"""The function that returns the identifier of a table; SQL of nobody calls it."""

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


def is_statement_of_catalogue(found: Sequence[Token]) -> bool:
    """Tell whether a statement that is no SELECT reads the catalogue, or a call does."""
    words = [each.upper for each in found[:3]]
    if words[:1] == ["SHOW"]:
        return words[1:2] != [] and words[1] in OF_TABLES
    if words[:1] in (["DESCRIBE"], ["DESC"]):
        return True
    values = {each.value.lower() for each in found}
    return bool(values & {"to_regclass", "regclass"}) or is_of_sqlite(found)


def is_of_sqlite(found: Sequence[Token]) -> bool:
    """Tell whether a statement reads the catalogue as SQLite has it."""
    values = {each.value.lower() for each in found}
    pragma = bool(found) and found[0].upper == "PRAGMA" and bool(values & PRAGMAS)
    return pragma or bool(values & OWN_CATALOGUE)


def as_query(sql: str, syntax: Syntax) -> str | None:
    """Return a statement as a query that SQLite understands; `None` for one that no state answers.

    >>> from ...sqltext import MYSQL, POSTGRESQL
    >>> as_query("SHOW TABLES", MYSQL)
    'SELECT table_name AS Tables FROM information_schema.tables'
    >>> as_query("SELECT EXISTS (SELECT FROM pg_class WHERE oid = 'a'::regclass)", POSTGRESQL)
    "SELECT EXISTS (SELECT 1 FROM pg_class WHERE oid = moltres_oid('a'))"
    """
    found = tokens(sql, syntax)
    words = [each.upper for each in found]
    if words[:1] == ["SHOW"]:
        return _shown(sql, found, words)
    if words[:1] in (["DESCRIBE"], ["DESC"]):
        return _COLUMNS.format(_quoted(found[1])) if len(found) == 2 else None
    return _rewritten(sql, found, words)


def _shown(sql: str, found: Sequence[Token], words: list[str]) -> str | None:
    at = 2 if words[1:2] == ["FULL"] else 1
    kind, behind = words[at : at + 1], at + 1
    first = "Tables"
    if kind == ["TABLES"]:
        query = _TABLES
    elif kind == ["CREATE"] or words[behind : behind + 1] not in (["FROM"], ["IN"]):
        return None
    else:
        named = kind in (["COLUMNS"], ["FIELDS"])
        query = (_COLUMNS if named else _INDEXES).format(_quoted(found[behind + 1]))
        first, behind = "Field", behind + 2
    rest = words[behind : behind + 1]
    if rest == []:
        return query
    if rest == ["LIKE"]:
        return f"SELECT * FROM ({query}) WHERE {first} {sql[found[behind].start :]}"
    return f"SELECT * FROM ({query}) {sql[found[behind].start :]}" if rest == ["WHERE"] else None


def _quoted(name: Token) -> str:
    return "'" + name.value.replace("'", "''") + "'"


def _rewritten(sql: str, found: Sequence[Token], words: list[str]) -> str:
    parts, position = list[str](), 0
    for at, token in enumerate(found):
        behind = words[at + 1 : at + 3]
        if words[at] == "SELECT" and behind[:1] == ["FROM"]:
            parts += [sql[position : token.end], " 1"]
            position = token.end
        elif token.is_string and behind == ["::", "REGCLASS"]:
            parts += [sql[position : token.start], f"{OID}({token.text})"]
            position = found[at + 2].end
        elif words[at] == "TO_REGCLASS" and "FROM" in words:
            parts += [sql[position : token.start], OID]
            position = token.end
    return "".join([*parts, sql[position:]])
