"""Tables that must be created in an order that no foreign key tells, and tables that inherit."""

from __future__ import annotations

from .case import ALL, POSTGRESQL, Case, column, t

COUNTED = """
zz = sa.Table("zz", metadata, sa.Column("id", sa.Integer, primary_key=True))
aa = sa.Table("aa", metadata, sa.Column("id", sa.Integer, primary_key=True))
sa.event.listen(aa, "after_create", sa.DDL("INSERT INTO zz (id) VALUES (1)"))
sa.event.listen(aa, "before_drop", sa.DDL("DELETE FROM zz WHERE id = 1"))
aa.add_is_dependent_on(zz)
"""
IN_A_CYCLE = """
zz = sa.Table("zz", metadata, sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("a", sa.Integer, sa.ForeignKey("aa.id", name="fk_aa")))
aa = sa.Table("aa", metadata, sa.Column("id", sa.Integer, primary_key=True))
sa.event.listen(aa, "after_create", sa.DDL("INSERT INTO zz (id) VALUES (1)"))
sa.event.listen(aa, "before_drop", sa.DDL("DELETE FROM zz WHERE id = 1"))
aa.add_is_dependent_on(zz)
"""
INHERITING = """
city = sa.Table("zz_city", metadata, sa.Column("id", sa.Integer))
sa.Table("aa_town", metadata, sa.Column("b", sa.Integer), postgresql_inherits="zz_city")
sa.Table("aa_suburb", metadata, sa.Column("c", sa.Integer), postgresql_inherits=("aa_town",))
"""

CHILD_TABLES = """
sa.Table("child", metadata, sa.Column("b", sa.Integer), postgresql_inherits="t")
sa.Table("aa_child", metadata, sa.Column("c", sa.Integer, index=True), postgresql_inherits=("child",))
"""

DEPENDENCIES = tuple(
    Case(f"{name} {how}", *sources, on=on)
    for name, body, on in (
        ("table that is dependent on another", COUNTED, ALL),
        ("table that is dependent on one that refers to it", IN_A_CYCLE, ALL),
        ("table that inherits from a later one", INHERITING, (POSTGRESQL,)),
    )
    for how, sources in (("added", (t(), t(behind=body))), ("removed", (t(behind=body), t())))
)

A, KEPT = column("sa.Integer"), column("sa.Integer", name="kept")
OF_CHILD_TABLES = tuple(
    Case(
        f"table with child tables, {name}",
        t(KEPT, *before, behind=CHILD_TABLES),
        t(KEPT, *after, behind=CHILD_TABLES),
        on=(POSTGRESQL,),
    )
    for name, before, after in (
        ("column added", (), (A,)),
        ("column dropped", (A,), ()),
        ("column of another type", (A,), (column("sa.BigInteger"),)),
        ("column not null", (A,), (column("sa.Integer", "server_default='3'", "nullable=False"),)),
        ("column renamed", (A,), (column("sa.Integer", "info={'renamed_from': 'a'}", name="z"),)),
        ("check added", (A,), (A, "sa.CheckConstraint('a > 1', name='ck_a')")),
        ("nameless check dropped", (A, "sa.CheckConstraint('a > 1')"), (A,)),
        ("unique added", (A,), (A, "sa.UniqueConstraint('a')")),
    )
)
