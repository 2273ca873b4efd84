"""Columns added, dropped and renamed."""

from __future__ import annotations

from datetime import date

from .case import PARENT, POSTGRESQL, ROWS, TWO, Case, column, enum, t

COLUMNS = (
    Case("column added", t(), t(column("sa.String(10)"))),
    Case(
        "column dropped",
        t(column("sa.String(10)")),
        t(),
        ({"id": 1, "a": "x"},),
        downgraded={"a": None},
    ),
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

ADDED = column("sa.Integer", 'sa.Computed("a * 2", persisted=True)', name="b")
GONE = {"a": None}
DECORATOR = "class Upper(sa.TypeDecorator):\n    impl = sa.String(20)\n    cache_ok = True\n"
BELONGING = (
    Case("custom type added", t(before=DECORATOR), t(column("Upper"), before=DECORATOR)),
    Case(
        "custom type dropped",
        t(column("Upper"), before=DECORATOR),
        t(before=DECORATOR),
        ({"id": 1, "a": "x"},),
        downgraded=GONE,
    ),
    Case(
        "domain added",
        t(),
        t(column("pg.DOMAIN('positive', sa.Integer, check='VALUE > 0')")),
        on=(POSTGRESQL,),
    ),
    Case(
        "domain dropped",
        t(column("pg.DOMAIN('positive', sa.Integer, check='VALUE > 0')")),
        t(),
        ({"id": 1, "a": 4},),
        (POSTGRESQL,),
        downgraded=GONE,
    ),
    Case(
        "sequence added",
        t(),
        t(
            column(
                "sa.Integer",
                'sa.Sequence("numbers")',
                'server_default=sa.Sequence("numbers").next_value()',
            )
        ),
        on=(POSTGRESQL,),
    ),
    Case(
        "not null column with a default dropped",
        t(column("sa.Integer", "nullable=False", 'server_default=sa.text("3")')),
        t(),
        ({"id": 1, "a": 4},),
        downgraded={"a": 3},
    ),
    Case(
        "not null column without a default dropped",
        t(column("sa.Integer", "nullable=False")),
        t(),
        (),
        says="is NOT NULL without a default",
    ),
    Case(
        "not null column without a default added",
        t(),
        t(column("sa.Integer", "nullable=False")),
        (),
        says="is NOT NULL without a default",
    ),
    Case(
        "not null enum added",
        t(),
        t(column(enum("a", "b"), "nullable=False", 'server_default="a"')),
    ),
    Case(
        "column with its index and computed column dropped",
        t(column("sa.Integer"), ADDED, 'sa.Index("ix_b", "b")', 'sa.Index("ix_a", "a")'),
        t(),
        ({"id": 1, "a": 4},),
        downgraded=GONE,
    ),
    Case(
        "column with its index and computed column added",
        t(),
        t(column("sa.Integer"), ADDED, 'sa.Index("ix_b", "b")', 'sa.Index("ix_a", "a")'),
    ),
    Case(
        "column with its check and unique dropped",
        t(
            column("sa.Integer"),
            'sa.CheckConstraint("a > 0", name="ck")',
            'sa.UniqueConstraint("a", name="uq")',
        ),
        t(),
        ({"id": 1, "a": 4},),
        downgraded=GONE,
    ),
    Case(
        "column with its check and unique added",
        t(),
        t(
            column("sa.Integer"),
            'sa.CheckConstraint("a > 0", name="ck")',
            'sa.UniqueConstraint("a", name="uq")',
        ),
    ),
    Case(
        "columns in one key dropped",
        t(*TWO, 'sa.UniqueConstraint("a", "b", name="uq")'),
        t(TWO[1]),
        ROWS,
        downgraded=GONE,
    ),
    Case(
        "column with self reference added",
        t(),
        t(column("sa.Integer", 'sa.ForeignKey("t.id", name="fk_self")')),
    ),
    Case(
        "column with self reference dropped",
        t(column("sa.Integer", 'sa.ForeignKey("t.id", name="fk_self")')),
        t(),
        ({"id": 1, "a": 1},),
        downgraded=GONE,
    ),
)


RENAMED = (
    Case(
        "column renamed with its keys",
        t(
            column("sa.Integer"),
            'sa.UniqueConstraint("a", name="uq_a")',
            'sa.ForeignKeyConstraint(["a"], ["parent.id"], name="fk_a")',
            before=PARENT,
        ),
        t(
            column("sa.Integer", 'info={"renamed_from": "a"}', name="z"),
            'sa.UniqueConstraint("z", name="uq_z")',
            'sa.ForeignKeyConstraint(["z"], ["parent.id"], name="fk_z")',
            before=PARENT,
        ),
        ({"id": 1, "a": 1},),
    ),
    Case(
        "column renamed under a computed column",
        t(column("sa.Integer"), ADDED),
        t(
            column("sa.Integer", 'info={"renamed_from": "a"}', name="z"),
            column("sa.Integer", 'sa.Computed("z * 2", persisted=True)', name="b"),
        ),
        ({"id": 1, "a": 1},),
    ),
    Case(
        "column renamed and of another type",
        t(column("sa.Integer")),
        t(
            column(
                "sa.BigInteger",
                'info={"renamed_from": "a"}',
                "nullable=False",
                'server_default=sa.text("2")',
                name="z",
            )
        ),
        ({"id": 1, "a": None},),
        upgraded={"a": 2},
        downgraded={"a": 2},
    ),
    Case(
        "referred column renamed",
        t(
            column("sa.Integer", "nullable=False"),
            'sa.UniqueConstraint("a", name="uq_a")',
            behind="sa.Table('u', metadata, sa.Column('r', sa.ForeignKey('t.a', name='fk_r')))",
        ),
        t(
            column("sa.Integer", 'info={"renamed_from": "a"}', "nullable=False", name="z"),
            'sa.UniqueConstraint("z", name="uq_a")',
            behind="sa.Table('u', metadata, sa.Column('r', sa.ForeignKey('t.z', name='fk_r')))",
        ),
        ({"id": 1, "a": 1},),
    ),
    Case(
        "enum column renamed",
        t(column(enum("a", "b"))),
        t(column(enum("a", "b"), 'info={"renamed_from": "a"}', name="z")),
        ({"id": 1, "a": "a"},),
    ),
    Case(
        "enum column renamed, its labels other",
        t(column(enum("a", "b"))),
        t(column(enum("a", "c"), 'info={"renamed_from": "a"}', name="z")),
        ({"id": 1, "a": "a"},),
    ),
    Case(
        "one of two columns renamed",
        t(*TWO),
        t(
            column("sa.Integer", 'info={"renamed_from": "a"}', name="c"),
            column("sa.Integer", name="b"),
        ),
        ROWS,
    ),
    Case(
        "column renamed that a cast is called like",
        t(
            column("sa.Date", name="created"),
            column("sa.Date", name="date"),
            'sa.CheckConstraint("CAST(created AS date) <> date", name="ck_date")',
        ),
        t(
            column("sa.Date", name="created"),
            column("sa.Date", 'info={"renamed_from": "date"}', name="day"),
            'sa.CheckConstraint("CAST(created AS date) <> day", name="ck_date")',
        ),
        ({"id": 1, "created": date(2020, 1, 1), "date": date(2020, 1, 2)},),
        omits="_constraint(",
    ),
    Case(
        "column renamed that a function is called like",
        t(
            column("sa.String(20)", name="txt"),
            column("sa.String(20)", name="lower"),
            'sa.CheckConstraint("lower(txt) <> lower", name="ck_lower")',
        ),
        t(
            column("sa.String(20)", name="txt"),
            column("sa.String(20)", 'info={"renamed_from": "lower"}', name="low"),
            'sa.CheckConstraint("lower(txt) <> low", name="ck_lower")',
        ),
        ({"id": 1, "txt": "A", "lower": "b"},),
        omits="_constraint(",
    ),
    Case(
        "column renamed beside a string with quotes",
        t(
            column("sa.String(20)"),
            """sa.CheckConstraint("a <> 'it''s a' AND length(a) > 0", name="ck_a")""",
        ),
        t(
            column("sa.String(20)", 'info={"renamed_from": "a"}', name="z"),
            """sa.CheckConstraint("z <> 'it''s a' AND length(z) > 0", name="ck_a")""",
        ),
        ({"id": 1, "a": "x"},),
        omits="_constraint(",
    ),
    Case(
        "hard names of everything",
        t(
            column("sa.Integer", name="Größe 100%"),
            'sa.UniqueConstraint("Größe 100%", name="uq Ä")',
            'sa.Index("ix Ü", "Größe 100%")',
        ),
        t(
            column("sa.BigInteger", 'info={"renamed_from": "Größe 100%"}', name="select"),
            'sa.UniqueConstraint("select", name="uq Ä")',
            'sa.Index("ix order", "select")',
        ),
        ({"id": 1, "Größe 100%": 3},),
    ),
)
