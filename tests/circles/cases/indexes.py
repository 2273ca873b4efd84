"""Indexes."""

from __future__ import annotations

from .case import MARIADB, POSTGRESQL, SQLITE, Case, column, inside, t

INDEXES = (
    inside("index added", (), ('sa.Index("ix_a", "a")',)),
    inside("index removed", ('sa.Index("ix_a", "a")',), ()),
    inside("index columns", ('sa.Index("ix_a", "a")',), ('sa.Index("ix_a", "a", "b")',)),
    inside("index order", ('sa.Index("ix_a", "a", "b")',), ('sa.Index("ix_a", "b", "a")',)),
    inside("index unique", ('sa.Index("ix_a", "a")',), ('sa.Index("ix_a", "a", unique=True)',)),
    inside("index name", ('sa.Index("ix_a", "a")',), ('sa.Index("ix_b", "a")',)),
    inside(
        "index descending", ('sa.Index("ix_a", "a")',), ('sa.Index("ix_a", sa.text("a DESC"))',)
    ),
    inside(
        "index predicate",
        (
            'sa.Index("ix_a", "a", postgresql_where=sa.text("a > 0"), sqlite_where=sa.text("a > 0"))',
        ),
        (
            'sa.Index("ix_a", "a", postgresql_where=sa.text("a > 1"), sqlite_where=sa.text("a > 1"))',
        ),
        on=(SQLITE, POSTGRESQL),
    ),
    inside(
        "index expression",
        ('sa.Index("ix_a", sa.text("(a + 1)"))',),
        ('sa.Index("ix_a", sa.text("(a + 2)"))',),
        on=(SQLITE, POSTGRESQL),
    ),
    inside(
        "index method",
        ('sa.Index("ix_a", "a")',),
        ('sa.Index("ix_a", "a", postgresql_using="hash")',),
        on=(POSTGRESQL,),
    ),
    inside(
        "index include",
        ('sa.Index("ix_a", "a")',),
        ('sa.Index("ix_a", "a", postgresql_include=["b"])',),
        on=(POSTGRESQL,),
    ),
    inside(
        "index fillfactor",
        ('sa.Index("ix_a", "a")',),
        ('sa.Index("ix_a", "a", postgresql_with={"fillfactor": 50})',),
        on=(POSTGRESQL,),
    ),
    Case(
        "index operator class",
        t(column("sa.String(30)"), 'sa.Index("ix_a", "a")'),
        t(
            column("sa.String(30)"),
            'sa.Index("ix_a", "a", postgresql_ops={"a": "varchar_pattern_ops"})',
        ),
        on=(POSTGRESQL,),
    ),
    Case(
        "index prefix length",
        t(column("sa.String(300)"), 'sa.Index("ix_a", "a", mysql_length=10, mariadb_length=10)'),
        t(column("sa.String(300)"), 'sa.Index("ix_a", "a", mysql_length=20, mariadb_length=20)'),
        on=(MARIADB,),
    ),
)


def _index(*more: str, on: str = '"a"') -> tuple[str]:
    return (f"sa.Index({', '.join((repr('ix_a'), on, *more))})",)


OPTIONS = (
    inside("index ascending again", _index(on='sa.text("a DESC")'), _index()),
    inside("index not unique", _index("unique=True"), _index()),
    inside("index nulls first", _index(), _index(on='sa.text("a NULLS FIRST")'), on=(POSTGRESQL,)),
    inside(
        "index nulls not distinct",
        _index("unique=True"),
        _index("unique=True, postgresql_nulls_not_distinct=True"),
        on=(POSTGRESQL,),
        since=15,
    ),
    inside(
        "index predicate dropped",
        _index('postgresql_where=sa.text("a > 0")', 'sqlite_where=sa.text("a > 0")'),
        _index(),
        on=(SQLITE, POSTGRESQL),
    ),
    inside(
        "index expression of two columns",
        _index(),
        _index(on='sa.text("(a + b)")'),
        on=(SQLITE, POSTGRESQL),
    ),
    inside(
        "index fillfactor changed",
        _index('postgresql_with={"fillfactor": 50}'),
        _index('postgresql_with={"fillfactor": 60}'),
        on=(POSTGRESQL,),
    ),
    inside("index include changed", _index('postgresql_include=["b"]'), _index(), on=(POSTGRESQL,)),
    inside(
        "index method gin",
        _index('postgresql_using="gin"', on="sa.text('(ARRAY[a])')"),
        _index('postgresql_using="gin"', on="sa.text('(ARRAY[a, b])')"),
        on=(POSTGRESQL,),
    ),
    inside(
        "index method on MariaDB",
        _index(),
        _index('mysql_using="hash"', 'mariadb_using="hash"'),
        on=(MARIADB,),
        absent=(MARIADB,),
    ),
    Case(
        "index prefix dropped",
        t(column("sa.String(300)"), 'sa.Index("ix_a", "a", mysql_length=10, mariadb_length=10)'),
        t(column("sa.String(300)"), 'sa.Index("ix_a", "a")'),
        on=(MARIADB,),
    ),
    Case(
        "index of full text",
        t(column("sa.String(300)"), 'sa.Index("ix_a", "a")'),
        t(
            column("sa.String(300)"),
            'sa.Index("ix_a", "a", mysql_prefix="FULLTEXT", mariadb_prefix="FULLTEXT")',
        ),
        on=(MARIADB,),
    ),
    Case(
        "index of lower case",
        t(column("sa.String(30)"), 'sa.Index("ix_a", "a")'),
        t(column("sa.String(30)"), 'sa.Index("ix_a", sa.func.lower(sa.column("a")), unique=True)'),
        on=(SQLITE, POSTGRESQL),
    ),
)

_MOVED = 'sa.Index("ix_moved", "a")'


def _two(of_s: str = "", of_t: str = "") -> str:
    return t(column("sa.Integer"), *filter(None, [of_t])) + t(
        column("sa.Integer"), *filter(None, [of_s]), name="s"
    )


MOVED_NAMES = (
    Case("an index moves to another table", _two(of_t=_MOVED), _two(of_s=_MOVED)),
    Case("an index moves back to another table", _two(of_s=_MOVED), _two(of_t=_MOVED)),
    Case(
        "two indexes exchange their names",
        _two(_MOVED, 'sa.Index("ix_other", "a")'),
        _two('sa.Index("ix_other", "a")', _MOVED),
    ),
    *(
        Case(
            f"{kind} of a table that goes, whose name a new table gets",
            t() + t(column("sa.Integer"), item.format("a"), name="old"),
            t()
            + t(
                *(column("sa.Date", name=name) for name in ("x", "y", "z")),
                item.format("x"),
                name="made",
            ),
        )
        for kind, item in {
            "an index": 'sa.Index("ix_moved", "{}")',
            "a unique": 'sa.UniqueConstraint("{}", name="uq_moved")',
        }.items()
    ),
)
