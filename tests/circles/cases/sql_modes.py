"""MySQL's `sql_mode`, under which the models' text and the server's are written otherwise."""

from __future__ import annotations

from .case import MARIADB, PARENT, Case, t

MODES = (
    "ANSI_QUOTES",
    "ORACLE",
    "NO_BACKSLASH_ESCAPES",
    "ANSI_QUOTES,NO_BACKSLASH_ESCAPES",
    "NO_TABLE_OPTIONS,NO_FIELD_OPTIONS,NO_KEY_OPTIONS",
    "ANSI",
)
OLD = (
    r"""sa.Column("a", sa.String(50), server_default='it\'s \\ "', comment='c\\o"')""",
    r"""sa.Column("e", mysql.ENUM("a", "b\\s", 'q"'), server_default="b\\s")""",
    r"""sa.Column("order", sa.ForeignKey("parent.id", name="fk"))""",
    r"""sa.Column("g", sa.String(90), sa.Computed(sa.func.concat(sa.column("a"), 'x\\"\'')))""",
    r"""sa.CheckConstraint(sa.column("a") != 'x\\y"')""",
    r"""sa.CheckConstraint(sa.column("a") != "other", name="ck")""",
    r"""sa.Index("ix", "a", sa.text("e"))""",
)
NEW = (
    r"""sa.Column('new "a', sa.String(60), server_default="\\ new", info={"renamed_from": "a"})""",
    r"""sa.Column("e", mysql.ENUM("a", "b\\s", 'q"', "c\\"), server_default="c\\")""",
    r"""sa.Column("order", sa.ForeignKey("parent.id", name="fk", ondelete="CASCADE"))""",
    r"""sa.Column("g", sa.String(90), sa.Computed(sa.func.concat(sa.column('new "a'), 'x\\"\'')))""",
    r"""sa.CheckConstraint(sa.column('new "a') != 'x\\z"')""",
    r"""sa.CheckConstraint(sa.column('new "a') != "other", name="ck")""",
    r"""sa.Index("ix", 'new "a', sa.text("e"))""",
)

# SQLAlchemy 2.0.41 escapes a backslash in an ENUM's label and in its default in two ways: the server
# refuses the default
SQL_MODES = tuple(
    Case(
        f"everything changed under sql_mode {mode}",
        t(*OLD, before=PARENT, options=r"""comment='it\'s \\ "',"""),
        t(*NEW, before=PARENT, options=r"""comment="other \\","""),
        ({"id": 1, "a": "\\ it", "order": 1},),
        on=(MARIADB,),
        query={"sql_mode": mode},
        newest="NO_BACKSLASH_ESCAPES" not in mode,
    )
    for mode in MODES
)
