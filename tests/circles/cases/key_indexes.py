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


KEY_INDEXES = (
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
