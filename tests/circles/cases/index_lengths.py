"""MariaDB: an index on a column that is too long for it, which the server shortens unasked."""

from __future__ import annotations

from .case import MARIADB, Case, column, t

LONG = {
    "a long string": "sa.String(1000)",
    "a text": "sa.Text",
    "bytes": "sa.LargeBinary",
    "a long string of bytes": "sa.VARBINARY(4000)",
    "JSON": "sa.JSON",
    "a string of another character set": 'mysql.VARCHAR(4000, charset="latin1")',
}
INDEX = 'sa.Index("ix_a", "a")'
ENGINES = ("MyISAM", "Aria", "MEMORY")


def _options(**options: str) -> str:
    return "".join(
        f"    {d}_{k}={v!r},\n" for d in ("mysql", "mariadb") for k, v in options.items()
    )


def _length(number: int) -> str:
    return f'sa.Index("ix_a", "a", mysql_length={number}, mariadb_length={number})'


INDEX_LENGTHS = (
    *(
        Case(f"index of {name} {how}", *sources, on=(MARIADB,))
        for name, type_ in LONG.items()
        for how, sources in (
            ("added", (t(column(type_)), t(column(type_), INDEX))),
            ("removed", (t(column(type_), INDEX), t(column(type_)))),
            (
                "beside a change",
                (t(column(type_), INDEX), t(column(type_), INDEX, options="    comment='c',")),
            ),
        )
    ),
    *(
        Case(
            f"index of a long string in {engine}",
            t(column("sa.String(700)"), options=_options(engine=engine)),
            t(column("sa.String(700)"), INDEX, options=_options(engine=engine)),
            on=(MARIADB,),
        )
        for engine in ENGINES
    ),
    *(
        Case(
            f"index of {before} that becomes {after}",
            t(column(before), INDEX),
            t(column(after), INDEX),
            ({"id": 1, "a": "1"},),
            on=(MARIADB,),
        )
        for before, after in (
            ("sa.String(100)", "sa.String(1000)"),
            ("sa.String(1000)", "sa.String(100)"),
            ("sa.String(1000)", "sa.String(2000)"),
            ("sa.String(1000)", "sa.Text"),
            ("sa.Text", "sa.String(1000)"),
            ("sa.Text", "sa.String(100)"),
            ("sa.Text", 'mysql.VARCHAR(1000, charset="latin1")'),
        )
    ),
    *(
        Case(
            f"index of sa.Text that becomes {after} keeps its length",
            t(column("sa.Text"), INDEX),
            t(column(after), INDEX),
            on=(MARIADB,),
            stays={"768": "3072"},
        )
        for after in ("sa.LargeBinary", 'mysql.VARCHAR(4000, charset="latin1")')
    ),
    Case(
        "index of a text to a length",
        t(column("sa.Text"), INDEX),
        t(column("sa.Text"), _length(100)),
        on=(MARIADB,),
    ),
    Case(
        "index of a text from a length",
        t(column("sa.Text"), _length(100)),
        t(column("sa.Text"), INDEX),
        on=(MARIADB,),
    ),
    Case(
        "index with a length that is too long",
        t(column("sa.String(3000)")),
        t(column("sa.String(3000)"), _length(2000)),
        on=(MARIADB,),
    ),
    Case(
        "index of a long string, descending",
        t(column("sa.String(1000)")),
        t(column("sa.String(1000)"), 'sa.Index("ix_a", sa.text("a DESC"))'),
        on=(MARIADB,),
    ),
    Case(
        "unique index of a text",
        t(column("sa.Text")),
        t(column("sa.Text"), 'sa.Index("ix_a", "a", unique=True)'),
        on=(MARIADB,),
    ),
    Case(
        "UNIQUE of a long string",
        t(column("sa.String(1000)")),
        t(column("sa.String(1000)"), 'sa.UniqueConstraint("a", name="uq")'),
        on=(MARIADB,),
    ),
    Case(
        "index of a long string renamed",
        t(column("sa.String(1000)", name="a"), 'sa.Index("ix_a", "a")'),
        t(
            column("sa.String(1000)", 'info={"renamed_from": "a"}', name="b"),
            'sa.Index("ix_a", "b")',
        ),
        on=(MARIADB,),
    ),
)
