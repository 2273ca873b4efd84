"""MariaDB: a table's character set changes together with columns that have their own."""

from __future__ import annotations

from .case import MARIADB, Case, column, t

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

_OWN = 'sa.Column("b", mysql.VARCHAR(9, charset="ascii"), nullable=False, server_default="q", comment="c")'
_REFERS = (
    "sa.Table('u', metadata, sa.Column('r', mysql.VARCHAR(9, charset='ascii'), "
    "sa.ForeignKey('t.b', name='fk')))"
)

KEPT_CHARSETS = tuple(
    Case(
        f"character set of a table changed around a column of another one, {name}",
        _with("latin1", *columns) + more,
        _with("utf8mb4", *columns) + more,
        ({"id": 1, "b": "y"},),
        on=(MARIADB,),
        says="b keeps its character set",
    )
    for name, columns, more in (
        ("with a default", (_OWN,), ""),
        (
            "with its own collation",
            (column('sa.String(9, collation="utf8mb3_bin")', name="b"),),
            "",
        ),
        ("with an index", (ASCII, 'sa.Index("ix", "b")'), ""),
        ("with a foreign key to it", (ASCII, 'sa.UniqueConstraint("b", name="uq")'), _REFERS),
    )
)

_BEYOND = "é \U0001f4a5 y"

BEYOND_UTF8MB3 = (
    Case(
        "comments with a letter beyond utf8mb3",
        t(column("sa.Integer")),
        t(
            column("sa.BigInteger", f"comment={_BEYOND!r}"),
            options=f"    comment={_BEYOND!r},\n",
        ),
        ({"id": 1, "a": 1},),
        on=(MARIADB,),
    ),
    Case(
        "expressions with a letter beyond utf8mb3",
        t(column("sa.String(9)")),
        t(
            column("sa.String(9)"),
            column(
                "sa.String(20)",
                f"""sa.Computed("concat(a, {_BEYOND!r}, '?')", persisted=True)""",
                name="c",
            ),
            f"""sa.CheckConstraint("a <> {_BEYOND!r}", name="ck")""",
        ),
        ({"id": 1, "a": "x"},),
        on=(MARIADB,),
    ),
)

_TEXT = column("sa.String(9)")

COLLATED = tuple(
    Case(
        f"{name} beside a stated character set, which is not the database's",
        t(_TEXT, options=f"    {before}\n"),
        t(_TEXT, options=f"    {after}\n"),
        ({"id": 1, "a": "\U0001f4a5"},),
        on=(MARIADB,),
        prepare=("ALTER DATABASE CHARACTER SET latin1",),
    )
    for name, before, after in (
        (
            "a collation",
            'mariadb_charset="utf8mb4",',
            'mariadb_charset="utf8mb4", mariadb_collate="utf8mb4_bin",',
        ),
        (
            "another collation",
            'mariadb_charset="utf8mb4", mariadb_collate="utf8mb4_unicode_ci",',
            'mariadb_charset="utf8mb4", mariadb_collate="utf8mb4_bin",',
        ),
    )
)
