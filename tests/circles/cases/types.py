"""Another type for a column."""

from __future__ import annotations

from datetime import date, datetime

from .case import MARIADB, POSTGRESQL, SERVERS, SQLITE, Case, changed, column, enum, t

TYPES = (
    changed("string longer", column("sa.String(10)"), column("sa.String(50)"), "x"),
    changed("string shorter", column("sa.String(50)"), column("sa.String(10)"), "x"),
    changed("string to text", column("sa.String(50)"), column("sa.Text"), "x"),
    changed("integer to bigint", column("sa.Integer"), column("sa.BigInteger"), 5),
    changed(
        "integer to string", column("sa.Integer"), column("sa.String(20)"), 5, upgraded={"a": "5"}
    ),
    changed(
        "string to integer", column("sa.String(20)"), column("sa.Integer"), "5", upgraded={"a": 5}
    ),
    changed(
        "string to integer with a default",
        column("sa.String(20)", 'server_default="1"'),
        column("sa.Integer", 'server_default=sa.text("2")'),
        "5",
        upgraded={"a": 5},
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

MOMENT = datetime.fromisoformat("2026-01-02 03:04:05")
FAMILIES = (
    changed(
        "string to boolean",
        column("sa.String(5)"),
        column("sa.Boolean"),
        "1",
        on=(POSTGRESQL,),
        upgraded={"a": True},
        downgraded={"a": "true"},
    ),
    changed(
        "integer to boolean", column("sa.Integer"), column("sa.Boolean"), 1, upgraded={"a": True}
    ),
    changed(
        "boolean to integer",
        column("sa.Boolean"),
        column("sa.Integer"),
        value=True,
        upgraded={"a": 1},
    ),
    changed(
        "boolean to integer with a default",
        column("sa.Boolean", "server_default=sa.true()"),
        column("sa.Integer", 'server_default=sa.text("1")'),
        value=True,
        upgraded={"a": 1},
    ),
    changed(
        "string to date",
        column("sa.String(10)"),
        column("sa.Date"),
        "2026-01-02",
        on=SERVERS,
        upgraded={"a": date(2026, 1, 2)},
    ),
    changed(
        "timestamp to date",
        column("sa.DateTime"),
        column("sa.Date"),
        MOMENT,
        on=SERVERS,
        downgraded={"a": datetime.fromisoformat("2026-01-02")},
        upgraded={"a": date(2026, 1, 2)},
    ),
    changed(
        "string to uuid",
        column("sa.String(36)"),
        column("pg.UUID(as_uuid=False)"),
        "6f1d9b7e-1b1f-4f0e-8a53-0f6d1b1a2c3d",
        on=(POSTGRESQL,),
    ),
    changed(
        "text to json",
        column("sa.Text"),
        column("sa.JSON"),
        '{"k": 1}',
        on=(POSTGRESQL,),
        upgraded={"a": {"k": 1}},
    ),
    changed("string to enum", column("sa.String(5)"), column(enum("x", "y")), "x", on=SERVERS),
    changed("enum to string", column(enum("x", "y")), column("sa.String(5)"), "x", on=SERVERS),
    changed(
        "enum to string with a default",
        column(enum("x", "y"), 'server_default="x"'),
        column("sa.String(5)", 'server_default="y"'),
        "x",
    ),
    changed("integer to decimal", column("sa.Integer"), column("sa.Numeric(10, 2)"), 5),
    changed("float to decimal", column("sa.Float"), column("sa.Numeric(10, 2)"), 1.5),
    changed(
        "array of text to array of integers",
        column("pg.ARRAY(sa.Text)"),
        column("pg.ARRAY(sa.Integer)"),
        ["1", "2"],
        on=(POSTGRESQL,),
        upgraded={"a": [1, 2]},
    ),
    changed(
        "time zone with a default",
        column("sa.DateTime", "server_default=sa.func.now()"),
        column("sa.DateTime(timezone=True)", "server_default=sa.func.now()"),
        MOMENT,
        on=(POSTGRESQL,),
    ),
    changed(
        "precision of seconds",
        column("mysql.DATETIME"),
        column("mysql.DATETIME(fsp=6)"),
        MOMENT,
        on=(MARIADB,),
    ),
    changed("precision of a float", column("sa.Float"), column("sa.Float(53)"), 1.5, on=(MARIADB,)),
    changed(
        "collation dropped",
        column('sa.String(10, collation="C")'),
        column("sa.String(10)"),
        "x",
        on=(POSTGRESQL,),
    ),
    changed(
        "binary to text",
        column("sa.LargeBinary"),
        column("sa.Text"),
        b"x",
        on=(MARIADB,),
        upgraded={"a": "x"},
    ),
    changed(
        "domain",
        column("sa.Integer"),
        column("pg.DOMAIN('positive', sa.Integer, check='VALUE > 0')"),
        5,
        on=(POSTGRESQL,),
    ),
)

CAST_DEFAULTS = tuple(
    changed(
        f"type and the cast in its default, {name}",
        column(before, f"server_default=sa.text({old!r})"),
        column(after, f"server_default=sa.text({new!r})"),
        value,
        on=(POSTGRESQL,),
    )
    for name, before, old, after, new, value in (
        (
            "enum",
            "sa.Enum('on', 'off', name='st1')",
            "'on'::st1",
            "sa.Enum('on', 'off', name='st2')",
            "'on'::st2",
            "off",
        ),
        (
            "text to enum",
            "sa.String(5)",
            "'on'",
            "sa.Enum('on', 'off', name='st')",
            "'on'::st",
            "off",
        ),
        ("json", "sa.JSON", "'{}'::json", "pg.JSONB", "'{}'::jsonb", {"a": 1}),
        (
            "array",
            "pg.ARRAY(sa.Integer)",
            "'{}'::integer[]",
            "pg.ARRAY(sa.BigInteger)",
            "'{}'::bigint[]",
            [1],
        ),
        ("number", "sa.Integer", "0", "sa.BigInteger", "0::bigint", 7),
        ("a cast number", "sa.BigInteger", "5::bigint", "sa.Numeric", "5", 7),
        ("a numeric literal", "sa.Numeric(10, 2)", "5.00::numeric(10,2)", "sa.Numeric(9)", "5", 7),
        ("a cast time", "sa.DateTime", "'2020-01-01'::timestamp", "sa.Date", "'2020-01-01'", None),
    )
)

BYTES = tuple(
    changed(
        f"{old} to {new}",
        column(f"sa.{old}"),
        column(f"sa.{new}"),
        before,
        on=(POSTGRESQL,),
        upgraded={"a": after},
    )
    for old, new, before, after in (
        ("Text", "LargeBinary", "a\\b'\u00e9", b"a\\b'\xc3\xa9"),
        ("LargeBinary", "Text", b"\\x61\xc3\xa9", "\\x61\u00e9"),
        ("String(9)", "LargeBinary", "\\x61", b"\\x61"),
    )
)
