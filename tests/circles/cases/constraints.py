"""Keys, checks, foreign keys and exclusions."""

from __future__ import annotations

from .case import MARIADB, POSTGRESQL, SQLITE, Case, column, inside, t

CONSTRAINTS = (
    inside("unique added", (), ('sa.UniqueConstraint("a", name="uq_a")',)),
    inside("unique removed", ('sa.UniqueConstraint("a", name="uq_a")',), ()),
    inside(
        "unique renamed",
        ('sa.UniqueConstraint("a", name="uq_a")',),
        ('sa.UniqueConstraint("a", name="uq_b")',),
    ),
    inside(
        "unique columns",
        ('sa.UniqueConstraint("a", name="uq_a")',),
        ('sa.UniqueConstraint("a", "b", name="uq_a")',),
    ),
    inside("unnamed unique removed", ('sa.UniqueConstraint("a")',), ()),
    inside("unnamed unique added", (), ('sa.UniqueConstraint("a")',)),
    inside(
        "unique deferrable",
        ('sa.UniqueConstraint("a", name="uq_a")',),
        ('sa.UniqueConstraint("a", name="uq_a", deferrable=True, initially="DEFERRED")',),
        on=(POSTGRESQL,),
    ),
    inside(
        "nulls not distinct",
        ('sa.UniqueConstraint("a", name="uq_a")',),
        ('sa.UniqueConstraint("a", name="uq_a", postgresql_nulls_not_distinct=True)',),
        on=(POSTGRESQL,),
        since=15,
    ),
    inside("check added", (), ('sa.CheckConstraint("a > 0", name="ck_a")',)),
    inside("check removed", ('sa.CheckConstraint("a > 0", name="ck_a")',), ()),
    inside(
        "check renamed",
        ('sa.CheckConstraint("a > 0", name="ck_a")',),
        ('sa.CheckConstraint("a > 0", name="ck_b")',),
    ),
    inside(
        "check expression",
        ('sa.CheckConstraint("a > 0", name="ck_a")',),
        ('sa.CheckConstraint("a > 0 AND b IN (2, 4)", name="ck_a")',),
    ),
    inside(
        "unnamed check expression",
        ('sa.CheckConstraint("a > 0")',),
        ('sa.CheckConstraint("a > -1")',),
    ),
    inside(
        "one of two equal unnamed checks removed",
        ('sa.CheckConstraint("a > 0")', 'sa.CheckConstraint("a > 0")'),
        ('sa.CheckConstraint("a > 0")',),
    ),
    inside(
        "two equal unnamed checks removed",
        ('sa.CheckConstraint("a > 0")', 'sa.CheckConstraint("a > 0")'),
        (),
    ),
    inside(
        "unnamed check beside another that the database spells otherwise",
        ('sa.CheckConstraint("a in (1, 3)")', 'sa.CheckConstraint("b not between 10 and 20")'),
        ('sa.CheckConstraint("b not between 10 and 20")',),
        stays={"CONSTRAINT_2": "CONSTRAINT_1"},
    ),
    inside(
        "foreign key added", (), ('sa.ForeignKeyConstraint(["a"], ["parent.id"], name="fk_a")',)
    ),
    inside(
        "foreign key removed", ('sa.ForeignKeyConstraint(["a"], ["parent.id"], name="fk_a")',), ()
    ),
    inside(
        "foreign key on delete",
        ('sa.ForeignKeyConstraint(["a"], ["parent.id"], name="fk_a")',),
        (
            'sa.ForeignKeyConstraint(["a"], ["parent.id"], name="fk_a", ondelete="CASCADE", onupdate="CASCADE")',
        ),
    ),
    inside(
        "foreign key deferrable",
        ('sa.ForeignKeyConstraint(["a"], ["parent.id"], name="fk_a")',),
        (
            'sa.ForeignKeyConstraint(["a"], ["parent.id"], name="fk_a", deferrable=True, initially="DEFERRED")',
        ),
        on=(SQLITE, POSTGRESQL),
    ),
    inside("unnamed foreign key removed", ('sa.ForeignKeyConstraint(["a"], ["parent.id"])',), ()),
    inside(
        "exclude added",
        (),
        ('pg.ExcludeConstraint(("a", "="), name="ex_a", using="btree")',),
        on=(POSTGRESQL,),
    ),
    Case(
        "primary key columns",
        't = sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False), '
        'sa.Column("a", sa.Integer, nullable=False))',
        't = sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False), '
        'sa.Column("a", sa.Integer, primary_key=True, autoincrement=False))',
        ({"id": 1, "a": 1},),
    ),
    Case(
        "primary key name",
        t(),
        't = sa.Table("t", metadata, sa.Column("id", sa.Integer), '
        'sa.PrimaryKeyConstraint("id", name="pk_new"))',
        on=(POSTGRESQL,),
    ),
)


def _key(*more: str, columns: str = '["a"], ["parent.id"]', name: str = "fk_a") -> str:
    return f"sa.ForeignKeyConstraint({', '.join((columns, f'name={name!r}', *more))})"


def _excluded(*more: str, what: str = '("a", "=")', name: str = "ex_a") -> str:
    return f"pg.ExcludeConstraint({', '.join((what, f'name={name!r}', *more))})"


BTREE = 'using="btree"'
REFERENCES = (
    inside("foreign key renamed", (_key(),), (_key(name="fk_b"),)),
    inside("foreign key columns", (_key(),), (_key(columns='["b"], ["parent.id"]'),)),
    inside(
        "foreign key on delete only", (_key('ondelete="CASCADE"'),), (_key('ondelete="SET NULL"'),)
    ),
    inside("foreign key on update only", (_key(),), (_key('onupdate="CASCADE"'),)),
    inside("foreign key on delete dropped", (_key('ondelete="CASCADE"'),), (_key(),)),
    # MariaDB's names of keys count up, and the index that it makes for a key stays behind
    inside(
        "unnamed foreign key added",
        (),
        ('sa.ForeignKeyConstraint(["a"], ["parent.id"])',),
        on=(SQLITE, POSTGRESQL),
    ),
    inside(
        "unnamed foreign key on delete",
        ('sa.ForeignKeyConstraint(["a"], ["parent.id"])',),
        ('sa.ForeignKeyConstraint(["a"], ["parent.id"], ondelete="CASCADE")',),
        on=(SQLITE, POSTGRESQL),
    ),
    inside(
        "foreign key not deferrable",
        (_key('deferrable=True, initially="DEFERRED"'),),
        (_key(),),
        on=(SQLITE, POSTGRESQL),
    ),
    inside("foreign key match", (_key(),), (_key('match="FULL"'),), on=(POSTGRESQL,)),
    inside(
        "unique not deferrable",
        ('sa.UniqueConstraint("a", name="uq_a", deferrable=True)',),
        ('sa.UniqueConstraint("a", name="uq_a")',),
        on=(POSTGRESQL,),
    ),
    inside(
        "unique to index",
        ('sa.UniqueConstraint("a", name="uq_a")',),
        ('sa.Index("uq_a", "a", unique=True)',),
        on=(SQLITE, POSTGRESQL),
    ),
    inside(
        "unnamed unique columns", ('sa.UniqueConstraint("a")',), ('sa.UniqueConstraint("a", "b")',)
    ),
    inside("unnamed check added", (), ('sa.CheckConstraint("a > 0")',)),
    inside("unnamed check removed", ('sa.CheckConstraint("a > 0")',), ()),
    inside(
        "check with quotes and percent signs",
        ('sa.CheckConstraint("a > 0", name="ck_a")',),
        ("""sa.CheckConstraint("a % 2 >= 0 AND 'it''s 100%' <> 'x'", name="ck_a")""",),
    ),
    inside("exclude removed", (_excluded(BTREE),), (), on=(POSTGRESQL,)),
    inside(
        "exclude renamed", (_excluded(BTREE),), (_excluded(BTREE, name="ex_b"),), on=(POSTGRESQL,)
    ),
    inside(
        "exclude columns",
        (_excluded(BTREE),),
        (_excluded(BTREE, what='("a", "="), ("b", "=")'),),
        on=(POSTGRESQL,),
    ),
    inside(
        "exclude predicate",
        (_excluded(BTREE),),
        (_excluded(BTREE, 'where=sa.text("a > 0")'),),
        on=(POSTGRESQL,),
    ),
    inside(
        "exclude deferrable",
        (_excluded(BTREE),),
        (_excluded(BTREE, "deferrable=True"),),
        on=(POSTGRESQL,),
    ),
    inside("exclude method", (_excluded(BTREE),), (_excluded('using="hash"'),), on=(POSTGRESQL,)),
    Case(
        "primary key columns fewer",
        't = sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False), '
        'sa.Column("a", sa.Integer, primary_key=True, autoincrement=False))',
        't = sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False), '
        'sa.Column("a", sa.Integer, nullable=False))',
        ({"id": 1, "a": 1},),
    ),
    Case(
        "primary key name given and changed",
        't = sa.Table("t", metadata, sa.Column("id", sa.Integer), sa.PrimaryKeyConstraint("id", name="pk_old"))',
        't = sa.Table("t", metadata, sa.Column("id", sa.Integer), sa.PrimaryKeyConstraint("id", name="pk_new"))',
        on=(SQLITE, POSTGRESQL),
    ),
    Case(
        "primary key added",
        't = sa.Table("t", metadata, sa.Column("id", sa.Integer, nullable=False))',
        't = sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))',
    ),
)

NAMELESS = (
    Case(
        "nameless checks beside another that the database has named",
        t(column("sa.String(5)"), column("sa.Date", name="d"), 'sa.CheckConstraint("id > 0")'),
        t(
            column("sa.String(5)"),
            column("sa.Date", name="d"),
            'sa.CheckConstraint("id > 0")',
            """sa.CheckConstraint("a IN ('a', 'b')")""",
            'sa.CheckConstraint("id BETWEEN 1 AND 50")',
            """sa.CheckConstraint("d > '2020-01-01'")""",
        ),
        ({"id": 1, "a": "a"}, {"id": 2, "a": "b"}),
        on=(POSTGRESQL,),
    ),
    Case(
        "nameless exclude over an expression",
        t(column("sa.Integer")),
        t(
            column("sa.Integer"),
            'pg.ExcludeConstraint((sa.text("int4range(a, a+1)"), "&&"))',
            'pg.ExcludeConstraint((sa.text("int4range(a, a+2)"), "&&"), where=sa.text("a > 100"))',
        ),
        ({"id": 1, "a": 1}, {"id": 2, "a": 3}),
        on=(POSTGRESQL,),
    ),
)

_POSITIVE = 'sa.CheckConstraint("a > 0")'

IN_COLUMNS = (
    Case(
        "check in a column of another type",
        t(column("sa.Integer", _POSITIVE)),
        t(column("sa.BigInteger", _POSITIVE)),
        ({"id": 1, "a": 1},),
        on=(MARIADB, SQLITE, POSTGRESQL),
    ),
    Case(
        "check in a column removed",
        t(column("sa.Integer", _POSITIVE)),
        t(column("sa.Integer")),
        ({"id": 1, "a": 1},),
        on=(MARIADB, SQLITE, POSTGRESQL),
    ),
    Case(
        "check in a column changed",
        t(column("sa.Integer", _POSITIVE)),
        t(column("sa.Integer", 'sa.CheckConstraint("a > 1")')),
        ({"id": 1, "a": 2},),
        on=(MARIADB, SQLITE, POSTGRESQL),
    ),
    Case(
        "check in a column renamed and of another type",
        t(column("sa.Integer", _POSITIVE)),
        t(
            column(
                "sa.BigInteger",
                'sa.CheckConstraint("z > 0")',
                'info={"renamed_from": "a"}',
                name="z",
            )
        ),
        ({"id": 1, "a": 1},),
        on=(MARIADB,),
    ),
    Case(
        "check in a column that becomes not null beside a JSON",
        t(column("sa.Integer", _POSITIVE), column("sa.JSON", name="j")),
        t(
            column("sa.Integer", _POSITIVE, "nullable=False", 'server_default="3"'),
            column("sa.Text", name="j"),
        ),
        ({"id": 1, "a": None},),
        upgraded={"a": 3},
        downgraded={"a": 3},
        on=(MARIADB,),
    ),
)

TWO_NAMELESS = (
    Case(
        "table renamed with two nameless checks of a column",
        t(column("sa.Integer"), 'sa.CheckConstraint("a > 0")', 'sa.CheckConstraint("a < 9")'),
        t(
            column("sa.Integer"),
            'sa.CheckConstraint("a > 0")',
            'sa.CheckConstraint("a < 9")',
            options='    info={"renamed_from": "t"},\n',
            name="u",
        ),
        ({"id": 1, "a": 1},),
        on=(POSTGRESQL,),
    ),
    Case(
        "table and column renamed with two nameless checks of the column",
        t(column("sa.Integer"), 'sa.CheckConstraint("a > 0")', 'sa.CheckConstraint("a < 9")'),
        t(
            column("sa.Integer", 'info={"renamed_from": "a"}', name="z"),
            'sa.CheckConstraint("z > 0")',
            'sa.CheckConstraint("z < 9")',
            options='    info={"renamed_from": "t"},\n',
            name="u",
        ),
        ({"id": 1, "a": 1},),
        on=(POSTGRESQL,),
    ),
)

NAMELESS_BESIDE_RENAME = tuple(
    Case(
        f"nameless check {change} beside a renamed column",
        t('sa.Column("a", sa.Integer)', 'sa.CheckConstraint("a > 1")'),
        t(
            'sa.Column("z", sa.Integer, info={"renamed_from": "a"})',
            f'sa.CheckConstraint("{text}")',
        ),
        ({"id": 1, "a": 3},),
    )
    for change, text in (("changed", "z > 2"), ("kept", "z > 1"))
)
