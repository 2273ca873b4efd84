"""Several changes of one table that stand in each other's way."""

from __future__ import annotations

from collections.abc import Iterator

from .case import PARENT, POSTGRESQL, ROWS, SERVERS, TWO, Case, column, t

TWICE_A = column("sa.Integer", 'sa.Computed("a * 2", persisted=True)', name="c")
TWICE_B = column("sa.Integer", 'sa.Computed("b * 2", persisted=True)', name="c")
NOW_Z = 'info={"renamed_from": "a"}'
FK_A = 'sa.ForeignKeyConstraint(["a"], ["parent.id"], name="fk")'
FK_Z = 'sa.ForeignKeyConstraint(["z"], ["parent.id"], name="fk")'

TOGETHER = (
    Case(
        "computed of another column, the old one dropped",
        t(*TWO, TWICE_A),
        t(TWO[1], TWICE_B),
        ROWS,
        downgraded={"a": None},
    ),
    Case(
        "computed of another column, the old one dropped, a third filled",
        t(*TWO, column("sa.Integer", name="n"), TWICE_A),
        t(
            TWO[1],
            column("sa.Integer", "nullable=False", 'server_default="5"', name="n"),
            TWICE_B,
        ),
        ({"id": 1, "a": 3, "b": 4, "n": None},),
        upgraded={"n": 5},
        downgraded={"a": None, "n": 5},
    ),
    Case(
        "computed of a new column, another filled",
        t(TWO[0], column("sa.Integer", name="n"), TWICE_A),
        t(*TWO, column("sa.Integer", "nullable=False", 'server_default="5"', name="n"), TWICE_B),
        ({"id": 1, "a": 3, "n": None},),
        upgraded={"n": 5},
        downgraded={"n": 5},
    ),
    Case(
        "computed of another column, both of another type",
        t(*TWO, TWICE_A),
        t(
            column("sa.String(20)"),
            column("sa.BigInteger", "nullable=False", 'server_default="5"', name="b"),
            TWICE_B,
        ),
        ({"id": 1, "a": 3, "b": None},),
        upgraded={"a": "3", "b": 5},
        downgraded={"b": 5},
    ),
    Case(
        "computed with another comment, its column of another type",
        t(TWO[0], TWICE_A),
        t(
            column("sa.BigInteger"),
            column(
                "sa.Integer",
                'sa.Computed("a * 2", persisted=True)',
                'comment="twice"',
                name="c",
            ),
        ),
        ({"id": 1, "a": 3},),
    ),
    Case(
        "no longer computed, its column dropped",
        t(TWO[0], TWICE_A),
        t(column("sa.Integer", name="c")),
        ({"id": 1, "a": 3},),
        on=SERVERS,
        downgraded={"a": None},
    ),
    Case(
        "computed expression under an index and keys",
        t(
            *TWO,
            TWICE_A,
            'sa.Index("ix", "c")',
            'sa.UniqueConstraint("c", name="uq")',
            'sa.CheckConstraint("c <> b", name="ck")',
        ),
        t(
            *TWO,
            TWICE_B,
            'sa.Index("ix", "c")',
            'sa.UniqueConstraint("c", name="uq")',
            'sa.CheckConstraint("c <> b", name="ck")',
        ),
        ({"id": 1, "a": 3, "b": 2}, {"id": 2, "a": 5, "b": 4}),
    ),
    Case(
        "renamed and of another type under an indexed computed column",
        t(*TWO, TWICE_A, 'sa.Index("ix", "c", "a")'),
        t(
            column("sa.BigInteger", NOW_Z, name="z"),
            TWO[1],
            column("sa.Integer", 'sa.Computed("z * 2", persisted=True)', name="c"),
            'sa.Index("ix", "c", "z")',
        ),
        ROWS,
    ),
    Case(
        "renamed and of another type, its computed column dropped",
        t(*TWO, TWICE_A),
        t(column("sa.BigInteger", NOW_Z, name="z"), TWO[1]),
        ROWS,
    ),
    Case(
        "renamed and of another type, its foreign key dropped",
        t(column("sa.Integer"), FK_A, before=PARENT),
        t(column("sa.BigInteger", NOW_Z, name="z"), before=PARENT),
        ({"id": 1, "a": 1},),
    ),
    Case(
        "foreign key dropped with its column, the other table changed",
        t(column("sa.Integer"), FK_A, before=PARENT),
        t(
            before="parent = sa.Table('parent', metadata, sa.Column('id', sa.Integer, "
            "primary_key=True), sa.Column('more', sa.Integer))"
        ),
        ({"id": 1, "a": 1},),
        downgraded={"a": None},
    ),
    Case(
        "renamed and of another type, its foreign key dropped, the other table changed",
        t(column("sa.Integer"), FK_A, before=PARENT),
        t(
            column("sa.BigInteger", NOW_Z, name="z"),
            before="parent = sa.Table('parent', metadata, sa.Column('id', sa.Integer, "
            "primary_key=True), sa.Column('more', sa.Integer))",
        ),
        ({"id": 1, "a": 1},),
    ),
    Case(
        "both sides of a key renamed and of another type",
        t(column("sa.Integer"), FK_A, before=PARENT),
        t(
            column("sa.BigInteger", NOW_Z, name="z"),
            FK_Z.replace("parent.id", "parent.key"),
            before="parent = sa.Table('parent', metadata, sa.Column('key', sa.BigInteger, "
            "primary_key=True, info={'renamed_from': 'id'}))",
        ),
        ({"id": 1, "a": 1},),
        on=("mariadb",),
    ),
    Case(
        "JSON renamed beside another change",
        t(column("sa.JSON", "nullable=False"), column("sa.Integer", name="b")),
        t(column("sa.JSON", NOW_Z, "nullable=False", name="z"), column("sa.String(5)", name="b")),
        ({"id": 1, "a": {"k": 1}, "b": 2},),
        upgraded={"b": "2"},
    ),
    Case(
        "renamed in INCLUDE, its index otherwise the same",
        t(*TWO, 'sa.Index("ix", "b", postgresql_include=["a"])'),
        t(
            column("sa.Integer", NOW_Z, name="z"),
            TWO[1],
            'sa.Index("ix", "b", postgresql_include=["z"])',
        ),
        ROWS,
        on=(POSTGRESQL,),
    ),
    Case(
        "default of another width dropped",
        t(column("sa.BigInteger", 'server_default="0"')),
        t(),
        downgraded={"a": 0},
    ),
)

PARENT_OF = "m = sa.Table('m', metadata, {})\n"
CHILD_OF = (
    "c = sa.Table('{name}', metadata, sa.Column('id', sa.Integer, primary_key=True), "
    "sa.Column('p', sa.{type_}, sa.ForeignKey('m.{column}'{more})))\n"
)


def _key(
    name: str, before: str, after: str, types: tuple[str, str], column: str, *, more: str = ""
) -> Iterator[Case]:
    """Yield a change of what a foreign key refers to, from a table before and one behind it."""
    for child in ("a_child", "z_child"):
        yield Case(
            f"{name} that {child} refers to",
            t()
            + PARENT_OF.format(before)
            + CHILD_OF.format(name=child, type_=types[0], column=column, more=more),
            t()
            + PARENT_OF.format(after)
            + CHILD_OF.format(name=child, type_=types[1], column=column, more=more),
            on=(POSTGRESQL,),
        )


def _id(type_: str) -> str:
    return f"sa.Column('id', sa.{type_}, primary_key=True, autoincrement=False)"


NATURAL = "sa.Column('nat', sa.String(10), nullable=False), sa.Column('sur', sa.Integer, nullable=False), "
EVERYTHING_RENAMED = (
    (
        "m = sa.Table('m', metadata, sa.Column('id', sa.Integer, primary_key=True), "
        "sa.Column('k', sa.String(36), unique=True))\n"
        "c = sa.Table('c', metadata, sa.Column('id', sa.Integer, primary_key=True), "
        "sa.Column('f', sa.String(36), sa.ForeignKey('m.k')))\n"
    ),
    (
        "m = sa.Table('m2', metadata, sa.Column('id', sa.Integer, primary_key=True), "
        "sa.Column('kk', sa.Uuid, unique=True, info={'renamed_from': 'k'}), info={'renamed_from': 'm'})\n"
        "c = sa.Table('c2', metadata, sa.Column('id', sa.Integer, primary_key=True), "
        "sa.Column('ff', sa.Uuid, sa.ForeignKey('m2.kk'), info={'renamed_from': 'f'}), "
        "info={'renamed_from': 'c'})\n"
    ),
)
"""Models in which all around a foreign key gets another name, and its columns another type."""

KEYS_REFERRED_TO = (
    Case(
        "all around a foreign key renamed and retyped",
        t() + EVERYTHING_RENAMED[0],
        t() + EVERYTHING_RENAMED[1],
        on=(POSTGRESQL,),
    ),
    *_key("text key to uuid", _id("String(36)"), _id("Uuid"), ("String(36)", "Uuid"), "id"),
    *_key("number key to text", _id("Integer"), _id("Text"), ("Integer", "Text"), "id"),
    *_key("number key to big", _id("Integer"), _id("BigInteger"), ("Integer", "BigInteger"), "id"),
    *_key(
        "natural key replaced",
        NATURAL + "sa.PrimaryKeyConstraint('nat'), sa.UniqueConstraint('sur', name='uq_m')",
        NATURAL + "sa.PrimaryKeyConstraint('sur'), sa.UniqueConstraint('nat', name='uq_m')",
        ("String(10)", "String(10)"),
        "nat",
    ),
    *_key(
        "unique that gets a column",
        NATURAL + "sa.UniqueConstraint('nat', name='uq_m')",
        NATURAL + "sa.UniqueConstraint('nat', name='uq_m', postgresql_include=['sur'])",
        ("String(10)", "String(10)"),
        "nat",
        more=", name='fk_c'",
    ),
)
