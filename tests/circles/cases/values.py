"""NULL, server defaults and comments."""

from __future__ import annotations

from .case import MARIADB, POSTGRESQL, SERVERS, Case, changed, column, enum, t

ENDS = "a\u2028b\x85c\x0cd\x1ce\u2029f\x0bg\nh"
"""What Python takes for the end of a line; a database only the last."""

NULLS = (
    changed("not null", column("sa.Integer"), column("sa.Integer", "nullable=False"), 5),
    changed("nullable again", column("sa.Integer", "nullable=False"), column("sa.Integer"), 5),
    changed(
        "not null with a default and NULLs there",
        column("sa.Integer"),
        column("sa.Integer", 'server_default=sa.text("7")', "nullable=False"),
        upgraded={"a": 7},
        downgraded={"a": 7},
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
        "text with every line end",
        column("sa.String(30)", f"server_default={ENDS!r}", f"comment={ENDS!r}"),
        column("sa.String(30)", f"server_default={ENDS + 'b'!r}", f"comment={ENDS + 'b'!r}"),
        "x",
        f'sa.CheckConstraint("a <> {chr(39)}" + {ENDS!r} + "{chr(39)}", name="ck_a")',
    ),
    changed(
        "labels with every line end",
        column(enum(ENDS, "b")),
        column(enum(ENDS, "b", "c")),
        "b",
        absent=("sqlite",),
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

BACK_AND_FORTH = (
    changed(
        "not null with a string default and NULLs there",
        column("sa.String(10)"),
        column("sa.String(10)", 'server_default="it\'s"', "nullable=False"),
        upgraded={"a": "it's"},
        downgraded={"a": "it's"},
    ),
    changed(
        "nullable again, and NULLs at the downgrade",
        column("sa.Integer", 'server_default=sa.text("7")', "nullable=False"),
        column("sa.Integer", 'server_default=sa.text("7")'),
        5,
        meanwhile=({"id": 3, "a": None},),
    ),
    changed(
        "default added", column("sa.Integer"), column("sa.Integer", 'server_default=sa.text("-1")')
    ),
    changed(
        "number default of decimals",
        column("sa.Numeric(10, 2)", 'server_default=sa.text("1.50")'),
        column("sa.Numeric(10, 2)", 'server_default=sa.text("2.50")'),
    ),
    changed(
        "expression to constant",
        column("sa.DateTime", "server_default=sa.func.now()"),
        column("sa.DateTime", "server_default=sa.text(\"'2026-01-01 00:00:00'\")"),
    ),
    changed(
        "default of two expressions",
        column("sa.Integer", 'server_default=sa.text("(1 + 1)")'),
        column("sa.Integer", 'server_default=sa.text("(abs(-3) + 1)")'),
    ),
    changed(
        "column comment changed",
        column("sa.Integer", 'comment="old"'),
        column("sa.Integer", 'comment="new"'),
        5,
        on=SERVERS,
    ),
    changed(
        "comment beside another change",
        column("sa.Integer", 'comment="old"'),
        column("sa.BigInteger", 'comment="new"', "nullable=False", 'server_default=sa.text("3")'),
        5,
        on=SERVERS,
    ),
    Case(
        "table comment changed",
        t(options='    comment="old",\n'),
        t(options='    comment="it\'s 100% :new",\n'),
        on=SERVERS,
    ),
    changed(
        "on update",
        column("mysql.TIMESTAMP", "nullable=False", 'server_default=sa.text("CURRENT_TIMESTAMP")'),
        column(
            "mysql.TIMESTAMP",
            "nullable=False",
            'server_default=sa.text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")',
        ),
        on=(MARIADB,),
    ),
)
