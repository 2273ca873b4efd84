"""Computed columns, identities and serials."""

from __future__ import annotations

from .case import MARIADB, POSTGRESQL, SERVERS, SQLITE, Case, changed, column, t

SEQUENCE = (
    's = sa.Sequence("numbers", metadata=metadata, {})\n'
    't = sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True), '
    'sa.Column("a", {}, s, server_default=s.next_value()))\n'
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

IDENTITIES = (
    *(
        Case(
            f"key of {name} that becomes an identity",
            f't = sa.Table("t", metadata, sa.Column("id", {type_}, primary_key=True, autoincrement=False))',
            't = sa.Table("t", metadata, sa.Column("id", sa.Integer, sa.Identity(), primary_key=True))',
            ({"id": "1"},),
            on=(MARIADB,),
            upgraded={"id": 1},
        )
        for name, type_ in (("text", "sa.String(20)"), ("a number", "sa.Numeric(5, 0)"))
    ),
    changed(
        "identity increment",
        column("sa.Integer", "sa.Identity()"),
        column("sa.Integer", "sa.Identity(increment=5)"),
        on=(POSTGRESQL,),
    ),
    changed(
        "identity always",
        column("sa.Integer", "sa.Identity()"),
        column("sa.Integer", "sa.Identity(always=True)"),
        on=(POSTGRESQL,),
    ),
    changed(
        "identity bounds and cycle",
        column("sa.Integer", "sa.Identity()"),
        column("sa.Integer", "sa.Identity(minvalue=1, maxvalue=999, cycle=True, cache=5)"),
        on=(POSTGRESQL,),
    ),
    changed(
        "identity added",
        column("sa.Integer", "nullable=False"),
        column("sa.Integer", "sa.Identity()"),
        5,
        on=(POSTGRESQL,),
    ),
    changed(
        "identity dropped",
        column("sa.Integer", "sa.Identity()"),
        column("sa.Integer", "nullable=False"),
        5,
        on=(POSTGRESQL,),
    ),
    *(
        changed(
            f"identity to {name}",
            column("sa.Integer", "sa.Identity()"),
            column(new, "nullable=False"),
            number,
            on=(POSTGRESQL,),
            upgraded={"a": value},
        )
        for name, new, number, value in (
            ("text", "sa.Text", 5, "5"),
            ("a number", "sa.Numeric(5)", 5, 5),
        )
    ),
    changed(
        "text to identity",
        column("sa.String(5)", "nullable=False"),
        column("sa.Integer", "sa.Identity()"),
        "5",
        on=(POSTGRESQL,),
        upgraded={"a": 5},
    ),
    changed(
        "identity of another type",
        column("sa.Integer", "sa.Identity()"),
        column("sa.BigInteger", "sa.Identity()"),
        5,
        on=(POSTGRESQL,),
    ),
    *(
        changed(
            f"identity {name}",
            column(old_type, f"sa.Identity({old})"),
            column(new_type, f"sa.Identity({new})"),
            number,
            on=(POSTGRESQL,),
        )
        for name, old_type, old, new_type, new, number in (
            ("turned up", "sa.Integer", "increment=-1", "sa.Integer", "", 5),
            ("turned down", "sa.Integer", "", "sa.Integer", "increment=-2", 5),
            ("without a range", "sa.Integer", "minvalue=5, maxvalue=100", "sa.Integer", "", 5),
            ("in a range", "sa.Integer", "", "sa.Integer", "minvalue=50, maxvalue=100", 55),
            (
                "of a wider type and range",
                "sa.SmallInteger",
                "maxvalue=30000",
                "sa.BigInteger",
                "maxvalue=30000000000, always=True",
                5,
            ),
        )
    ),
    *(
        Case(
            f"sequence {name}",
            SEQUENCE.format(old, old_type),
            SEQUENCE.format(new, new_type),
            on=(POSTGRESQL,),
        )
        for name, old_type, old, new_type, new in (
            ("turned up", "sa.Integer", "increment=-1", "sa.Integer", "increment=1"),
            ("turned down", "sa.Integer", "start=5", "sa.Integer", "increment=-2"),
            (
                "without a range",
                "sa.Integer",
                "minvalue=5, maxvalue=100",
                "sa.Integer",
                "cycle=True",
            ),
            (
                "of a wider type and range",
                "sa.SmallInteger",
                "maxvalue=30000, data_type=sa.SmallInteger",
                "sa.BigInteger",
                "maxvalue=30000000000, data_type=sa.BigInteger",
            ),
        )
    ),
    Case(
        "identity to serial",
        't = sa.Table("t", metadata, sa.Column("id", sa.Integer, sa.Identity(), primary_key=True))',
        't = sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True))',
        on=(POSTGRESQL,),
    ),
    Case(
        "serial to bigserial",
        t(),
        't = sa.Table("t", metadata, sa.Column("id", sa.BigInteger, primary_key=True))',
        on=SERVERS,
    ),
    Case(
        "drop, add and alter beside a computed column",
        t(
            column("sa.Integer"),
            column("sa.Integer", 'sa.Computed("a * 2", persisted=True)', name="b"),
            column("sa.Integer", name="c"),
        ),
        t(
            column("sa.Integer", "nullable=False", 'server_default=sa.text("1")'),
            column("sa.Integer", 'sa.Computed("a * 2", persisted=True)', name="b"),
            column("sa.String(5)", name="d"),
        ),
        ({"id": 1, "a": 3, "c": 4},),
        downgraded={"c": None},
    ),
    Case(
        "computed column of another type",
        t(
            column("sa.Integer"),
            column("sa.Integer", 'sa.Computed("a * 2", persisted=True)', name="b"),
        ),
        t(
            column("sa.Integer"),
            column("sa.BigInteger", 'sa.Computed("a * 2", persisted=True)', name="b"),
        ),
        ({"id": 1, "a": 3},),
    ),
    Case(
        "computed column not stored any more",
        t(
            column("sa.Integer"),
            column("sa.Integer", 'sa.Computed("a * 2", persisted=True)', name="b"),
        ),
        t(
            column("sa.Integer"),
            column("sa.Integer", 'sa.Computed("a * 2", persisted=False)', name="b"),
        ),
        ({"id": 1, "a": 3},),
        (SQLITE, MARIADB),
    ),
)


CHECK = 'sa.CheckConstraint("b > 0", name="ck_b")'
INDEX, UNIQUE = 'sa.Index("ix_b", "b", "id")', 'sa.UniqueConstraint("b", name="uq_b")'


def _under(item: str, a: str, computed: str, type_: str = "sa.Integer") -> str:
    return t(a, column(type_, f"sa.Computed({computed})", name="b"), item)


RETYPED = 'sa.Column("z", sa.BigInteger, info={"renamed_from": "a"})'
VIRTUAL, STORED = '"a * 2", persisted=False', '"a * 2", persisted=True'
CHECKED = tuple(
    Case(
        f"computed column with a CHECK becomes {words}",
        _under(CHECK, column("sa.Integer"), before),
        _under(CHECK, a, after),
        ({"id": 1, "a": 3},),
        (SQLITE, MARIADB),
    )
    for words, before, a, after in (
        ("virtual", STORED, column("sa.Integer"), VIRTUAL),
        ("stored", VIRTUAL, column("sa.Integer"), STORED),
        (
            "virtual beside a renamed and retyped column",
            '"1 + 2", persisted=True',
            RETYPED,
            '"z * 2", persisted=False',
        ),
    )
)
RETYPED_UNDER = tuple(
    Case(
        f"computed column with {kind} becomes {words} and wider",
        _under(item, column("sa.Integer"), before),
        _under(item, column("sa.Integer"), after, "sa.BigInteger"),
        ({"id": 1, "a": 3},),
        (SQLITE, MARIADB),
    )
    for words, before, after in (("virtual", STORED, VIRTUAL), ("stored", VIRTUAL, STORED))
    for kind, item in (("an index", INDEX), ("a UNIQUE", UNIQUE), ("a CHECK", CHECK))
)
_TWO_NAMELESS = 'sa.CheckConstraint("b > 0"), sa.CheckConstraint("b < 99")'
UNDER_NAMELESS = tuple(
    Case(
        f"computed column under two nameless CHECKs becomes {words}",
        _under(_TWO_NAMELESS, column("sa.Integer"), before),
        _under(_TWO_NAMELESS, a, after),
        ({"id": 1, "a": 3},),
        on,
    )
    for words, before, a, after, on in (
        ("virtual", STORED, column("sa.Integer"), VIRTUAL, (SQLITE, MARIADB)),
        ("stored", VIRTUAL, column("sa.Integer"), STORED, (SQLITE, MARIADB)),
        ("one of a wider column", STORED, column("sa.BigInteger"), STORED, (POSTGRESQL,)),
    )
)

_VIRTUAL = column("sa.Integer", 'sa.Computed("a * 2", persisted=False)', name="v")
_OTHER = column("sa.Integer", name="b")
_ANOTHER = column("sa.Integer", 'sa.Computed("a * 3", persisted=False)', name="w")
_INDEX_A, _UNIQUE_A = 'sa.Index("ix_a", "a")', 'sa.UniqueConstraint("a", name="uq_a")'
DROPPED_BESIDE_VIRTUAL = tuple(
    Case(
        f"{words} that has a virtual column",
        t(column("sa.Integer"), *before),
        t(column("sa.Integer"), *after, options=options),
        ({"id": 1, "a": 3},),
        (SQLITE, MARIADB),
    )
    for words, before, after, options in (
        ("the virtual column dropped, an index created, of a table", (_VIRTUAL,), (_INDEX_A,), ""),
        ("the virtual column dropped, a UNIQUE added, of a table", (_VIRTUAL,), (_UNIQUE_A,), ""),
        (
            "a column dropped, an index created, of a table",
            (_OTHER, _VIRTUAL),
            (_VIRTUAL, _INDEX_A),
            "",
        ),
        (
            "a column dropped, a comment set, of a table",
            (_OTHER, _VIRTUAL),
            (_VIRTUAL,),
            'comment="x"',
        ),
        ("a column dropped with its index, of a table", (_OTHER, _VIRTUAL, INDEX), (_VIRTUAL,), ""),
        (
            "a column dropped, a virtual one added, of a table",
            (_OTHER, _VIRTUAL),
            (_VIRTUAL, _ANOTHER),
            "",
        ),
    )
)
