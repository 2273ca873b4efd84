"""Changes of models, each with what stands in the database meanwhile.

`before` and `after` are the bodies of a module of models; `metadata`, `sa`, `pg` and `mysql` are there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

SQLITE, POSTGRESQL, MARIADB = "sqlite", "postgresql", "mariadb"
ALL = (SQLITE, POSTGRESQL, MARIADB)
SERVERS = (POSTGRESQL, MARIADB)


@dataclass(frozen=True)
class Case:
    """A change of models.

    `rows` are inserted into `t` before the change; `finds` says whether there is a difference at all.
    """

    name: str
    before: str
    after: str
    rows: tuple[dict[str, Any], ...] = ({"id": 1}, {"id": 2})
    on: tuple[str, ...] = ALL
    finds: bool = True
    absent: tuple[str, ...] = field(default=())
    """Databases on which the change is none (they do not know such a thing)."""


def t(*items: str, options: str = "", before: str = "", behind: str = "", name: str = "t") -> str:
    """Return the source of a table `t` with an integer key and these items."""
    inside = "".join(
        f"    {item},\n" for item in ('sa.Column("id", sa.Integer, primary_key=True)', *items)
    )
    return f'{before}\nt = sa.Table(\n    "{name}",\n    metadata,\n{inside}{options})\n{behind}\n'


def column(type_: str, *more: str, name: str = "a") -> str:
    """Return the source of a column."""
    return f'sa.Column("{name}", {", ".join((type_, *more))})'


def changed(
    name: str,
    before: str,
    after: str,
    value: Any = None,
    *more: str,
    on: tuple[str, ...] = ALL,
    **stated: Any,
) -> Case:
    """Return a change of the column `a` from one source to another, with `value` in its rows."""
    rows = (
        ({"id": 1, "a": value}, {"id": 2, "a": value})
        if value is not None
        else ({"id": 1}, {"id": 2})
    )
    return Case(name, t(before, *more), t(after, *more), rows, on, **stated)


TYPES = (
    changed("string longer", column("sa.String(10)"), column("sa.String(50)"), "x"),
    changed("string shorter", column("sa.String(50)"), column("sa.String(10)"), "x"),
    changed("string to text", column("sa.String(50)"), column("sa.Text"), "x"),
    changed("integer to bigint", column("sa.Integer"), column("sa.BigInteger"), 5),
    changed("integer to string", column("sa.Integer"), column("sa.String(20)"), 5),
    changed("string to integer", column("sa.String(20)"), column("sa.Integer"), "5"),
    changed(
        "string to integer with a default",
        column("sa.String(20)", 'server_default="1"'),
        column("sa.Integer", 'server_default=sa.text("2")'),
        "5",
    ),
    changed("precision", column("sa.Numeric(10, 2)"), column("sa.Numeric(12, 2)"), 1.5),
    changed("scale", column("sa.Numeric(10, 2)"), column("sa.Numeric(10, 4)"), 1.5),
    changed(
        "time zone", column("sa.DateTime"), column("sa.DateTime(timezone=True)"), on=(POSTGRESQL,)
    ),
    changed(
        "collation",
        column("sa.String(10)"),
        column('sa.String(10, collation="C")'),
        "x",
        on=(POSTGRESQL,),
    ),
    changed(
        "collation on SQLite",
        column("sa.String(10)"),
        column('sa.String(10, collation="NOCASE")'),
        "x",
        on=(SQLITE,),
    ),
    changed(
        "collation on MariaDB",
        column("sa.String(10)"),
        column('sa.String(10, collation="utf8mb4_bin")'),
        "x",
        on=(MARIADB,),
    ),
    changed("json to jsonb", column("sa.JSON"), column("pg.JSONB"), on=(POSTGRESQL,)),
    changed(
        "array item",
        column("pg.ARRAY(sa.Integer)"),
        column("pg.ARRAY(sa.BigInteger)"),
        [1, 2],
        on=(POSTGRESQL,),
    ),
    changed(
        "unsigned", column("sa.Integer"), column("mysql.INTEGER(unsigned=True)"), 5, on=(MARIADB,)
    ),
    Case(
        "type under a computed column",
        t(
            column("sa.Integer"),
            column("sa.Integer", 'sa.Computed("a * 2", persisted=True)', name="b"),
        ),
        t(
            column("sa.BigInteger"),
            column("sa.Integer", 'sa.Computed("a * 2", persisted=True)', name="b"),
        ),
        ({"id": 1, "a": 3},),
    ),
    changed(
        "type with index, unique and check",
        column("sa.String(10)"),
        column("sa.String(30)"),
        None,
        'sa.Index("ix_a", "a")',
        'sa.UniqueConstraint("a", name="uq_a")',
        'sa.CheckConstraint("length(a) > 0", name="ck_a")',
    ),
)

PAIR = (
    "parent = sa.Table('parent', metadata, sa.Column('id', sa.{0}, primary_key=True, autoincrement=False))\n"
    "t = sa.Table('t', metadata, sa.Column('id', sa.Integer, primary_key=True), "
    "sa.Column('a', sa.{0}, sa.ForeignKey('parent.id', name='fk_a')))"
)
KEYS = (
    Case(
        "type of both sides of a key",
        PAIR.format("Integer"),
        PAIR.format("BigInteger"),
        ({"id": 1, "a": 5},),
    ),
)

NULLS = (
    changed("not null", column("sa.Integer"), column("sa.Integer", "nullable=False"), 5),
    changed("nullable again", column("sa.Integer", "nullable=False"), column("sa.Integer"), 5),
    changed(
        "not null with a default and NULLs there",
        column("sa.Integer"),
        column("sa.Integer", 'server_default=sa.text("7")', "nullable=False"),
    ),
)

DEFAULTS = (
    changed(
        "string default",
        column("sa.String(10)", 'server_default="x"'),
        column("sa.String(10)", 'server_default="y"'),
    ),
    changed(
        "empty string default",
        column("sa.String(10)"),
        column("sa.String(10)", 'server_default=""'),
    ),
    changed(
        "number default",
        column("sa.Integer", 'server_default=sa.text("1")'),
        column("sa.Integer", 'server_default=sa.text("2")'),
    ),
    changed(
        "boolean default",
        column("sa.Boolean", "server_default=sa.false()"),
        column("sa.Boolean", "server_default=sa.true()"),
    ),
    changed(
        "expression default",
        column("sa.DateTime"),
        column("sa.DateTime", "server_default=sa.func.now()"),
    ),
    changed(
        "default dropped", column("sa.Integer", 'server_default=sa.text("1")'), column("sa.Integer")
    ),
    changed(
        "json default",
        column("sa.JSON", "server_default=sa.text(\"'{}'\")"),
        column("sa.JSON", "server_default=sa.text(\"'[]'\")"),
    ),
    changed(
        "jsonb default",
        column("pg.JSONB", "server_default=sa.text(\"'{}'::jsonb\")"),
        column("pg.JSONB", "server_default=sa.text(\"'[]'::jsonb\")"),
        on=(POSTGRESQL,),
    ),
    changed(
        "quotes and percent signs",
        column("sa.String(30)", 'server_default="x"'),
        column("sa.String(30)", 'server_default="it\'s 100% :a"'),
    ),
)

COMMENTS = (
    changed(
        "column comment",
        column("sa.Integer"),
        column("sa.Integer", 'comment="it\'s 100%"'),
        on=SERVERS,
    ),
    changed(
        "column comment dropped",
        column("sa.Integer", 'comment="x"'),
        column("sa.Integer"),
        on=SERVERS,
    ),
    Case("table comment", t(), t(options='    comment="new",\n'), on=SERVERS),
    Case("table comment dropped", t(options='    comment="old",\n'), t(), on=SERVERS),
)


def enum(*labels: str, more: str = "", type_: str = "sa.Enum") -> str:
    """Return the source of an enum type."""
    return f"{type_}({', '.join(map(repr, labels))}, name='mood'{more})"


ENUMS = (
    changed(
        "label at the end",
        column(enum("a", "b")),
        column(enum("a", "b", "c")),
        "a",
        absent=(SQLITE,),
    ),
    changed(
        "label at the start",
        column(enum("a", "b")),
        column(enum("z", "a", "b")),
        "a",
        absent=(SQLITE,),
    ),
    changed(
        "label in the middle",
        column(enum("a", "b")),
        column(enum("a", "m", "b")),
        "a",
        absent=(SQLITE,),
    ),
    changed(
        "label removed", column(enum("a", "b", "c")), column(enum("a", "b")), "a", absent=(SQLITE,)
    ),
    changed(
        "labels with a default",
        column(enum("a", "b"), 'server_default="a"'),
        column(enum("a", "c"), 'server_default="c"'),
        "a",
    ),
    changed(
        "label added with a default",
        column(enum("a", "b"), 'server_default="a"'),
        column(enum("a", "b", "c"), 'server_default="a"'),
        "a",
        absent=(SQLITE,),
    ),
    changed(
        "label removed with check and partial index",
        column(enum("a", "b", "c"), 'server_default="a"'),
        column(enum("a", "b"), 'server_default="a"'),
        "a",
        'sa.Column("n", sa.Integer)',
        'sa.CheckConstraint("a <> \'b\'", name="ck_a")',
        'sa.Index("ix_a", "n", postgresql_where=sa.text("a = \'a\'"))',
        on=(POSTGRESQL,),
    ),
    changed(
        "not native",
        column(enum("a", "b", more=", native_enum=False, create_constraint=True")),
        column(enum("a", "b", "c", more=", native_enum=False, create_constraint=True")),
        "a",
    ),
    Case(
        "label removed beside an array of them",
        t(column(enum("a", "b", "c")), column(f"pg.ARRAY({enum('a', 'b', 'c')})", name="many")),
        t(column(enum("a", "b")), column(f"pg.ARRAY({enum('a', 'b')})", name="many")),
        ({"id": 1, "a": "a", "many": ["a", "b"]},),
        on=(POSTGRESQL,),
    ),
    Case(
        "shared by two tables",
        t(
            column(enum("a", "b")),
            behind=f"sa.Table('u', metadata, sa.Column('m', {enum('a', 'b')}))",
        ),
        t(
            column(enum("a", "b", "c")),
            behind=f"sa.Table('u', metadata, sa.Column('m', {enum('a', 'b', 'c')}))",
        ),
        ({"id": 1, "a": "a"},),
        absent=(SQLITE,),
    ),
)

COMPUTED = (
    Case(
        "computed expression",
        t(
            column("sa.Integer"),
            column("sa.Integer", 'sa.Computed("a * 2", persisted=True)', name="b"),
        ),
        t(
            column("sa.Integer"),
            column("sa.Integer", 'sa.Computed("a * 3", persisted=True)', name="b"),
        ),
        ({"id": 1, "a": 3},),
    ),
    Case(
        "beside a computed column",
        t(
            column("sa.Integer"),
            column("sa.Integer", 'sa.Computed("a * 2", persisted=True)', name="b"),
            column("sa.String(5)", name="c"),
        ),
        t(
            column("sa.Integer"),
            column("sa.Integer", 'sa.Computed("a * 2", persisted=True)', name="b"),
            column("sa.String(9)", name="c"),
        ),
        ({"id": 1, "a": 3, "c": "x"},),
    ),
    changed(
        "identity start",
        column("sa.Integer", "sa.Identity(start=1)"),
        column("sa.Integer", "sa.Identity(start=100)"),
        on=(POSTGRESQL,),
    ),
    changed(
        "identity increment and always",
        column("sa.Integer", "sa.Identity()"),
        column("sa.Integer", "sa.Identity(always=True, increment=5)"),
        on=(POSTGRESQL,),
    ),
    Case(
        "serial to identity",
        't = sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True))',
        't = sa.Table("t", metadata, sa.Column("id", sa.Integer, sa.Identity(), primary_key=True))',
        on=(POSTGRESQL,),
    ),
)

TWO = (column("sa.Integer"), column("sa.Integer", name="b"))
ROWS = ({"id": 1, "a": 1, "b": 2}, {"id": 2, "a": 3, "b": 4})
PARENT = "parent = sa.Table('parent', metadata, sa.Column('id', sa.Integer, primary_key=True))"


def inside(name: str, before: tuple[str, ...], after: tuple[str, ...], **stated: Any) -> Case:
    """Return a change of what stands beside the columns `a` and `b`."""
    return Case(
        name, t(*TWO, *before, before=PARENT), t(*TWO, *after, before=PARENT), ROWS, **stated
    )


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

COLUMNS = (
    Case("column added", t(), t(column("sa.String(10)"))),
    Case("column dropped", t(column("sa.String(10)")), t(), ({"id": 1, "a": "x"},)),
    Case(
        "not null column with a default added",
        t(),
        t(column("sa.Integer", "nullable=False", 'server_default=sa.text("3")')),
    ),
    Case("enum column added", t(), t(column(enum("a", "b")))),
    Case("enum column dropped", t(column(enum("a", "b"))), t()),
    Case(
        "computed column added",
        t(*TWO),
        t(*TWO, column("sa.Integer", 'sa.Computed("a + b", persisted=True)', name="c")),
        ROWS,
    ),
    Case(
        "computed column dropped",
        t(*TWO, column("sa.Integer", 'sa.Computed("a + b", persisted=True)', name="c")),
        t(*TWO),
        ROWS,
    ),
    Case(
        "column with foreign key added",
        t(before=PARENT),
        t(column("sa.Integer", 'sa.ForeignKey("parent.id", name="fk_a")'), before=PARENT),
    ),
    Case(
        "column with foreign key dropped",
        t(column("sa.Integer", 'sa.ForeignKey("parent.id", name="fk_a")'), before=PARENT),
        t(before=PARENT),
    ),
    Case("column with index dropped", t(column("sa.Integer"), 'sa.Index("ix_a", "a")'), t()),
    Case(
        "column renamed",
        t(
            column("sa.String(10)"),
            'sa.Index("ix_a", "a")',
            'sa.CheckConstraint("length(a) > 0", name="ck")',
        ),
        t(
            column("sa.String(10)", 'info={"renamed_from": "a"}', name="z"),
            'sa.Index("ix_a", "z")',
            'sa.CheckConstraint("length(z) > 0", name="ck")',
        ),
        ({"id": 1, "a": "x"},),
    ),
    Case(
        "hard names",
        t(column("sa.Integer", name="order")),
        t(
            column("sa.Integer", name="order"),
            column("sa.String(10)", 'server_default="it\'s"', name="Größe 100%"),
        ),
    ),
)

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

CASES = (
    *KEYS,
    *TYPES,
    *NULLS,
    *DEFAULTS,
    *COMMENTS,
    *ENUMS,
    *COMPUTED,
    *CONSTRAINTS,
    *INDEXES,
    *COLUMNS,
    *TABLES,
)
