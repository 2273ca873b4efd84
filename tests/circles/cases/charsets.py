"""MariaDB: a table's character set changes together with columns that have their own."""

from __future__ import annotations

from .case import MARIADB, Case, t

ASCII = 'sa.Column("b", mysql.VARCHAR(9, charset="ascii"))'
LATIN = 'sa.Column("b", mysql.VARCHAR(9, charset="latin1"))'


def _with(charset: str, *columns: str) -> str:
    return t(*columns, options=f"    mariadb_charset={charset!r},\n")


CHARSETS = tuple(
    Case(
        f"character set of a table with {name}",
        _with("latin1", *before),
        _with("utf8mb4", *after),
        ({"id": 1, **rows},),
        on=(MARIADB,),
    )
    for name, before, after, rows in (
        (
            "another one of a column",
            ('sa.Column("a", sa.String(20))', ASCII),
            ('sa.Column("a", sa.String(30))', LATIN),
            {"a": "x", "b": "y"},
        ),
        ("a new column of another one", (), (ASCII,), {}),
        (
            "an index that would be too long",
            ('sa.Column("a", sa.String(1000))', 'sa.Index("ix", "a")'),
            ('sa.Column("a", sa.String(700))', 'sa.Index("ix", "a")'),
            {"a": "x"},
        ),
    )
)
