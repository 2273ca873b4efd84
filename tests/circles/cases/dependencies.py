"""Tables that must be created in an order that no foreign key tells."""

from __future__ import annotations

from .case import ALL, POSTGRESQL, Case, t

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

DEPENDENCIES = tuple(
    Case(f"{name} {how}", *sources, on=on)
    for name, body, on in (
        ("table that is dependent on another", COUNTED, ALL),
        ("table that is dependent on one that refers to it", IN_A_CYCLE, ALL),
        ("table that inherits from a later one", INHERITING, (POSTGRESQL,)),
    )
    for how, sources in (("added", (t(), t(behind=body))), ("removed", (t(behind=body), t())))
)
