"""Tables added, dropped and renamed, and their options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .case import ALL, MARIADB, POSTGRESQL, SQLITE, Case, column, enum, t

TABLES = (
    Case(
        "no change",
        t(
            column("sa.String(10)", 'server_default="x"'),
            'sa.CheckConstraint("length(a) > 0", name="ck")',
        ),
        t(
            column("sa.String(10)", 'server_default="x"'),
            'sa.CheckConstraint("length(a) > 0", name="ck")',
        ),
        finds=False,
    ),
    Case(
        "table added",
        t(),
        t(
            behind="sa.Table('u', metadata, sa.Column('id', sa.ForeignKey('t.id'), primary_key=True))"
        ),
    ),
    Case(
        "table dropped",
        t(
            behind="sa.Table('u', metadata, sa.Column('id', sa.ForeignKey('t.id'), primary_key=True))"
        ),
        t(),
    ),
    Case(
        "table renamed",
        t(column("sa.String(10)"), 'sa.Index("ix_a", "a")'),
        t(
            column("sa.String(10)"),
            'sa.Index("ix_a", "a")',
            options='    info={"renamed_from": "t"},\n',
            name="t2",
        ),
        ({"id": 1, "a": "x"},),
        on=(SQLITE, MARIADB),
    ),
    Case(
        "engine option",
        t(options='    mysql_engine="InnoDB", mariadb_engine="InnoDB",\n'),
        t(options='    mysql_engine="MyISAM", mariadb_engine="MyISAM",\n'),
        on=(MARIADB,),
    ),
    Case("autoincrement option", t(), t(options="    sqlite_autoincrement=True,\n"), on=(SQLITE,)),
)

REFERS = "sa.Column('id', sa.Integer, primary_key=True), sa.Column('r', sa.ForeignKey('{0}.id', name='fk_{1}'))"
CYCLE = "".join(
    f"sa.Table('{own}', metadata, {REFERS.format(other, own)})\n"
    for own, other in (("u", "v"), ("v", "u"))
)
SELF = f"sa.Table('u', metadata, {REFERS.format('u', 'u')})"
MOOD = enum("a", "b")
SHARED = f"sa.Table('u', metadata, {column(MOOD)})\nsa.Table('v', metadata, {column(MOOD)})"
NUMBERED = (
    "sa.Table('u', metadata, sa.Column('id', sa.Integer, sa.Sequence('numbers'), primary_key=True, "
    "server_default=sa.Sequence('numbers').next_value()))"
)
OTHER = "sa.Table('u', metadata, sa.Column('id', sa.Integer, primary_key=True), sa.Column('r', sa.ForeignKey('t.id', name='fk_u')), {0}, schema='other')"
OTHER = OTHER.format(column(enum("a", "b", more=", schema='other'")))
PARTED = "sa.Table('u', metadata, sa.Column('id', sa.Integer, primary_key=True, autoincrement=False), {0}={1!r})"
HARD = """sa.Table('Größe "100%"', metadata, sa.Column('order', sa.Integer, primary_key=True), sa.Column('a b', sa.String(20), server_default="it's %s :x"), sa.UniqueConstraint('a b', name='uq "x"'), sa.Index('ix Ü', 'a b'))"""


def _both_ways(name: str, behind: str, on: tuple[str, ...] = ALL, **stated: Any) -> Iterator[Case]:
    yield Case(f"{name} added", t(), t(behind=behind), on=on, **stated)
    yield Case(f"{name} dropped", t(behind=behind), t(), on=on, **stated)


ADDED_AND_DROPPED = (
    *_both_ways("cycle", CYCLE),
    *_both_ways("self reference", SELF),
    *_both_ways("tables with a shared enum", SHARED),
    *_both_ways("table with the enum of another", f"sa.Table('u', metadata, {column(MOOD)})"),
    *_both_ways("table with a sequence", NUMBERED, (POSTGRESQL,)),
    *_both_ways(
        "table of another schema",
        OTHER,
        (POSTGRESQL,),
        prepare=("CREATE SCHEMA other",),
        configure="include_schemas=True,",
    ),
    *_both_ways(
        "partitioned table", PARTED.format("postgresql_partition_by", "RANGE (id)"), (POSTGRESQL,)
    ),
    *_both_ways(
        "partitioned table of MariaDB",
        PARTED.format("mariadb_partition_by", "HASH(id) PARTITIONS 3"),
        (MARIADB,),
    ),
    *_both_ways(
        "table of MariaDB with ranges",
        PARTED.format(
            "mariadb_partition_by",
            "RANGE (id) (PARTITION low VALUES LESS THAN (10), PARTITION `100%%` VALUES LESS THAN MAXVALUE)",
        ),
        (MARIADB,),
    ),
    *_both_ways("table of hard names", HARD),
)


RENAMED = 'info={"renamed_from": "a"}'


def _renamed(
    before: tuple[str, ...],
    after: tuple[str, ...],
    name: str,
    *,
    behind: str = "",
    at: str = "t2",
    on: tuple[str, ...] = ALL,
) -> Case:
    source = t(
        *after,
        options='    info={"renamed_from": "t"},\n',
        name=at,
        behind=behind.format(at),
    )
    return Case(
        f"table renamed {name}",
        t(*before, behind=behind.format("t")),
        source,
        ({"id": 1, "a": 1},),
        on,
    )


TABLES_RENAMED = (
    _renamed((column("sa.Integer"),), (column("sa.Integer"),), "alone"),
    _renamed(
        (column("sa.Integer"),),
        (column("sa.BigInteger", "nullable=False", 'server_default=sa.text("1")'),),
        "and changed",
    ),
    _renamed(
        (
            column("sa.Integer"),
            'sa.UniqueConstraint("a", name="uq_t_a")',
            'sa.CheckConstraint("a > 0", name="ck_t")',
        ),
        (
            column("sa.Integer"),
            'sa.UniqueConstraint("a", name="uq_t2_a")',
            'sa.CheckConstraint("a > 0", name="ck_t2")',
        ),
        "with its constraints",
    ),
    _renamed(
        (column("sa.Integer"), 'sa.UniqueConstraint("a")', 'sa.CheckConstraint("a > 0")'),
        (column("sa.Integer"), 'sa.UniqueConstraint("a")', 'sa.CheckConstraint("a > 0")'),
        "with unnamed constraints",
    ),
    _renamed(
        (column("sa.Integer"), 'sa.Index("ix_t", "a")'),
        (column("sa.Integer"), 'sa.Index("ix_t2", "a")'),
        "with its index",
    ),
    _renamed(
        (column("sa.Integer"),),
        (column("sa.Integer"),),
        "that another refers to",
        behind="sa.Table('u', metadata, sa.Column('r', sa.ForeignKey('{0}.id', name='fk_r')))",
    ),
    _renamed(
        (column("sa.Integer"), column(MOOD, name="m")),
        (column("sa.Integer"), column(MOOD, name="m")),
        "with an enum",
    ),
    _renamed(
        (column("sa.Integer"),),
        (column("sa.Integer", 'info={"renamed_from": "a"}', name="z"),),
        "and its column",
    ),
    _renamed((column("sa.Integer"),), (column("sa.Integer"),), "to a hard name", at="Größe 100%"),
    _renamed(
        (
            column("sa.Integer", "nullable=False", "unique=True"),
            'sa.CheckConstraint("a > 0")',
            'sa.CheckConstraint("a < id + 10")',
        ),
        (
            column("sa.Integer", "nullable=False", "unique=True", RENAMED, name="z"),
            'sa.CheckConstraint("z > 0")',
            'sa.CheckConstraint("z < id + 10")',
        ),
        "and its column with unnamed constraints",
        on=(SQLITE, POSTGRESQL),
    ),
    _renamed(
        (column("sa.Integer", "unique=True"),),
        (column("sa.Integer"),),
        "without an unnamed constraint",
        on=(SQLITE, POSTGRESQL),
    ),
    _renamed(
        (column("sa.Integer"), 'sa.UniqueConstraint("a", name="t_a_key")'),
        (column("sa.Integer"), 'sa.UniqueConstraint("a", name="t_a_key")'),
        "with a constraint named as PostgreSQL does",
    ),
    Case(
        "column renamed with unnamed constraints",
        t(
            column("sa.Integer", "nullable=False", "unique=True"),
            column("sa.Integer", 'sa.ForeignKey("t.a")', name="b"),
            'sa.CheckConstraint("a > 0")',
            behind="sa.Table('u', metadata, sa.Column('r', sa.ForeignKey('t.a')))",
        ),
        t(
            column("sa.Integer", "nullable=False", "unique=True", RENAMED, name="z"),
            column("sa.Integer", 'sa.ForeignKey("t.z")', name="b"),
            'sa.CheckConstraint("z > 0")',
            behind="sa.Table('u', metadata, sa.Column('r', sa.ForeignKey('t.z')))",
        ),
        ({"id": 1, "a": 1, "b": 1},),
        on=(POSTGRESQL,),
        omits="constraint",
    ),
    Case(
        "key renamed that counts",
        't = sa.Table("t", metadata, sa.Column("id", sa.Integer), sa.Column("a", sa.Integer, primary_key=True))',
        't = sa.Table("t", metadata, sa.Column("id", sa.Integer), '
        'sa.Column("z", sa.Integer, primary_key=True, info={"renamed_from": "a"}))',
        on=(POSTGRESQL,),
    ),
)


def _option(name: str, before: str, after: str, *on: str, newest: bool = False) -> Case:
    return Case(
        f"option {name}",
        t(options=f"    {before}\n" if before else ""),
        t(options=f"    {after}\n"),
        on=on,
        newest=newest,
    )


TABLE_OPTIONS = (
    _option("character set", "", 'mariadb_charset="latin1", mysql_charset="latin1",', MARIADB),
    _option(
        "collation", "", 'mariadb_collate="utf8mb4_bin", mysql_collate="utf8mb4_bin",', MARIADB
    ),
    _option("row format", "", 'mariadb_row_format="DYNAMIC", mysql_row_format="DYNAMIC",', MARIADB),
    _option(
        "engine back",
        'mariadb_engine="MyISAM", mysql_engine="MyISAM",',
        'mariadb_engine="InnoDB", mysql_engine="InnoDB",',
        MARIADB,
    ),
    _option("strict", "", "sqlite_strict=True,", SQLITE),
    _option("without rowid", "", "sqlite_with_rowid=False,", SQLITE),
    _option("autoincrement back", "sqlite_autoincrement=True,", "", SQLITE),
    _option(
        "storage parameters", "", 'postgresql_with={"fillfactor": 50},', POSTGRESQL, newest=True
    ),
    _option("unlogged", "", 'prefixes=["UNLOGGED"],', POSTGRESQL),
)
