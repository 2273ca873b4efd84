"""The comments that a server executes: `/*! ... */` and `/*!80000 ... */`, MariaDB's `/*M! ... */`.

MySQL's manual, "Comments", and MariaDB's, "Comment Syntax".
"""

from __future__ import annotations

import re
from itertools import pairwise

from ...sqltext import Syntax, Token, comments, tokens

OPENING = re.compile(r"/\*(?P<mariadb>M?)!(?P<version>\d{5,6})?", re.IGNORECASE)
OF_MYSQL_ONLY = range(50700, 100000)
"""The versions in `/*!` whose comments MariaDB never executes: they are MySQL's."""


def executed_text(sql: str, syntax: Syntax, server: str, *, exact: bool) -> tuple[str, list[str]]:
    r"""Return a text as a server executes it, and the contents of comments that it may execute.

    Args:
        sql: the text.
        syntax: of the server.
        server: its name and version.
        exact: it has this version, not a newer one; the last part of a version is unknown.

    >>> from alembic_moltres.sqltext import MYSQL
    >>> executed_text("/*!40101 DROP TABLE a */", MYSQL, "mysql 8.0", exact=True)
    (' DROP TABLE a   ', [])
    >>> executed_text("/*!80400 DROP TABLE a */", MYSQL, "mysql 8.0", exact=False)
    ('/*!80400 DROP TABLE a */', [' DROP TABLE a '])
    """
    unknown: list[str] = []
    if OPENING.search(sql) is None:
        return sql, unknown
    name, _, version = server.partition(" ")
    major, minor = map(int, version.split(".")[:2])
    oldest, at = major * 10000 + minor * 100, 0
    while (found := _opening(sql, syntax, at)) is not None:
        comment, opening = found
        needed, is_mariadb = int(opening["version"] or 0), name == "mariadb"
        only_other = (
            not is_mariadb if opening["mariadb"] else needed in OF_MYSQL_ONLY and is_mariadb
        )
        at = comment.end
        if only_other or (exact and needed >= oldest + 100):
            continue
        if needed > oldest:
            unknown.append(comment.text[opening.end() :].removesuffix("*/"))
            continue
        at = comment.start
        sql = _uncommented(f"{sql[:at]}{sql[at + opening.end() :]}", syntax, at)
    return sql, unknown


def _opening(sql: str, syntax: Syntax, at: int) -> tuple[Token, re.Match[str]] | None:
    """Return the next comment that a server may execute, and how it begins."""
    for comment in comments(sql, syntax):
        opening = OPENING.match(comment.text)
        if comment.start >= at and opening is not None:
            return comment, opening
    return None


def _uncommented(sql: str, syntax: Syntax, at: int) -> str:
    """Return a text without the end of the comment whose content begins at `at`."""
    for star, slash in pairwise(tokens(sql, syntax)):
        if star.start >= at and star.end == slash.start and star.text + slash.text == "*/":
            return f"{sql[: star.start]}  {sql[slash.end :]}"
    return sql
