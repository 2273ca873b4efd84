"""MariaDB: the index that a foreign key needs, when others over its columns come and go."""

from __future__ import annotations

from itertools import permutations

from .case import MARIADB, PARENT, ROWS, TWO, Case, t

KEYS = {
    "unnamed": ('sa.ForeignKeyConstraint(["a"], ["parent.id"])',),
    "named": ('sa.ForeignKeyConstraint(["a"], ["parent.id"], name="fk")',),
}
INDEXES = {
    "no index": (),
    "unique": ('sa.UniqueConstraint("a")',),
    "an index": ('sa.Index("ix_t_a", "a")',),
    "a wider index": ('sa.Index("ix_ab", "a", "b")',),
    "an index called as the key": ('sa.Index("fk", "a", unique=True)',),
}


def _with(key: str, index: str) -> str:
    return t(*TWO, *KEYS[key], *INDEXES[index], before=PARENT)


def _renamed(key: str, index: str) -> str:
    """Return the table with the column `a` as `z`."""
    items = (each.replace('"a"', '"z"') for each in (*KEYS[key], *INDEXES[index]))
    renamed = 'sa.Column("z", sa.Integer, info={"renamed_from": "a"})'
    return t(renamed, TWO[1], *items, before=PARENT)


RENAMED_KEYS = tuple(
    Case(
        f"{before} to {after} beside a {key} foreign key whose column is renamed",
        *(_with(key, before), _renamed(key, after)),
        ROWS,
        on=(MARIADB,),
        stays={"a": "z"} if key == "unnamed" and "no index" in {before, after} else {},
    )
    for key in KEYS
    for before, after in permutations(INDEXES, 2)
    if "no index" in {before, after} or (key == "named" and "unique" in {before, after})
)


def _keyed(key: str, *, goes: bool) -> str:
    """Return the table with a key to a UNIQUE, or without both, whose table comes before it."""
    unique = "" if goes else ", sa.UniqueConstraint('k', name='uq_k')"
    columns = "sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer)"
    items = () if goes else (f'sa.ForeignKeyConstraint(["a"], ["aa.k"]{key})',)
    return t(*TWO, *items, before=f"aa = sa.Table('aa', metadata, {columns}{unique})")


_CODES = 'sa.Table("codes", metadata, sa.Column("code", sa.String(20), primary_key=True))\n'
_CODED = ('sa.Column("a", sa.String(20))', 'sa.Column("b", sa.Text)')
_CODE_KEY = 'sa.ForeignKeyConstraint(["a"], ["codes.code"])'
PREFIXES = {
    "no index": (),
    "an index of a prefix": ('sa.Index("ix", "a", mariadb_length=5)',),
    "an index of a prefix as long as the column": ('sa.Index("ix", "a", mariadb_length=20)',),
    "a wider index of a prefix as long": ('sa.Index("ix", "a", "b", mariadb_length=20)',),
    "a wider index of another's prefix": ('sa.Index("ix", "a", "b", mariadb_length={"b": 9})',),
    "an index of a prefix on another database": ('sa.Index("ix", "a", mysql_length=5)',),
}
PREFIXED = tuple(
    Case(
        f"{before} to {after} beside a foreign key of strings",
        t(*_CODED, _CODE_KEY, *PREFIXES[before], before=_CODES),
        t(*_CODED, _CODE_KEY, *PREFIXES[after], before=_CODES),
        on=(MARIADB,),
    )
    for before, after in permutations(PREFIXES, 2)
    if "no index" in {before, after}
)

KEY_INDEXES = (
    *RENAMED_KEYS,
    *PREFIXED,
    *(
        Case(
            f"a {key} foreign key goes with the UNIQUE of another table that it refers to",
            _keyed(name, goes=False),
            _keyed(name, goes=True),
            on=(MARIADB,),
        )
        for key, name in {"named": ', name="fk"', "unnamed": ""}.items()
    ),
    *(
        Case(
            f"{before} to {after} beside a {key} foreign key",
            *(_with(key, before), _with(key, after)),
            ROWS,
            on=(MARIADB,),
        )
        for key in KEYS
        for before, after in permutations(INDEXES, 2)
        if "no index" in {before, after} or key == "named"
    ),
    *(
        Case(
            f"a named foreign key and its index of another kind ({index}) removed",
            *(_with("named", index), t(*TWO, before=PARENT)),
            ROWS,
            on=(MARIADB,),
        )
        for index in INDEXES
    ),
    Case(
        "a foreign key named, its index unique",
        *(_with("unnamed", "no index"), _with("named", "unique")),
        ROWS,
        on=(MARIADB,),
        stays={"t_ibfk_1": "a"},
    ),
)

_DESCENDING = {
    "descending": ('sa.Index("ix_d", sa.text("a DESC"))',),
    "descending wider": ('sa.Index("ix_d", sa.text("`a` desc"), "b")',),
    "wider, its second column descending": ('sa.Index("ix_d", "a", sa.text("b DESC"))',),
    "beginning with another column": ('sa.Index("ix_d", sa.text("b DESC"), "a")',),
}
DESCENDING_KEY_INDEXES = tuple(
    Case(
        f"index {kind} {change} beside a {key} foreign key",
        t(*TWO, *before, before=PARENT),
        t(*TWO, *after, before=PARENT),
        ROWS,
        on=(MARIADB,),
    )
    for kind, index in _DESCENDING.items()
    for key, keyed in KEYS.items()
    for change, before, after in (
        ("added", keyed, (*keyed, *index)),
        ("removed", (*keyed, *index), keyed),
        ("kept", (*keyed, *index), index),
    )
)


def _parent(*columns: str) -> str:
    key = 'sa.Column("id", sa.Integer, primary_key=True)'
    return f"sa.Table('parent', metadata, {', '.join((key, *columns))})\n"


DROPPED_BEFORE = tuple(
    Case(
        f"{name} removed with its column renamed and the referred table altered",
        t(*TWO, *KEYS["named"], *index, before=_parent('sa.Column("x", sa.Integer)')),
        t('sa.Column("z", sa.BigInteger, info={"renamed_from": "a"})', TWO[1], before=_parent()),
        ROWS,
        on=(MARIADB,),
    )
    for name, index in {
        "foreign key": (),
        "foreign key and its index": INDEXES["an index"],
        "foreign key and its descending index": _DESCENDING["descending"],
    }.items()
)

_REFERRED = (
    "sa.Table('u', metadata, sa.Column('r', sa.Integer, sa.ForeignKey('t.{}', name='fk_u')))\n"
)
_TEXT = 'sa.Column("b", sa.String(9))'
BESIDE_A_RENAMED_KEY = tuple(
    Case(
        f"column of a {kind} renamed, and {name}",
        t(key.format("a"), _TEXT, *items, before=PARENT) + behind.format("a"),
        t(renamed.format("z"), *changed, before=PARENT) + behind.format("z"),
        on=(MARIADB,),
    )
    for kind, key, renamed, behind in (
        (
            "foreign key",
            'sa.Column("{}", sa.ForeignKey("parent.id", name="fk"))',
            'sa.Column("{}", sa.ForeignKey("parent.id", name="fk"), info={{"renamed_from": "a"}})',
            "",
        ),
        (
            "key that a table refers to",
            'sa.Column("{0}", sa.Integer), sa.UniqueConstraint("{0}", name="uq")',
            'sa.Column("{0}", sa.Integer, info={{"renamed_from": "a"}}), sa.UniqueConstraint("{0}", name="uq")',
            _REFERRED,
        ),
    )
    for name, items, changed in (
        ("another one of another type", (), ('sa.Column("b", sa.Text)',)),
        ("a check added", (), (_TEXT, 'sa.CheckConstraint("z > 0", name="ck")')),
        (
            "a computed one added",
            (),
            (_TEXT, 'sa.Column("c", sa.Integer, sa.Computed("z + 1", persisted=True))'),
        ),
        ("not null", (), ('sa.Column("b", sa.String(9), nullable=False, server_default="x")',)),
    )
)
