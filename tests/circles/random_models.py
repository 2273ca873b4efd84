"""Hypothesis strategies: a module of models and what it is changed to, several kinds of change at once.

Both are drawn from the same few places (columns `a` to `d`, a computed one, keys, constraints and
indexes of known names), so that a place is often in both and says something else in each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.circles.cases import MARIADB, POSTGRESQL, SQLITE

INTEGERS, TEXTS, OTHERS = "integers", "texts", "others"
PLACES = ("a", "b", "c", "d")

TYPES: Mapping[str, tuple[str, ...]] = {
    INTEGERS: ("sa.Integer", "sa.BigInteger", "sa.SmallInteger"),
    TEXTS: (
        "sa.String(20)",
        "sa.String(40)",
        "sa.Enum('x', 'y', name='mood_{}')",
        "sa.Enum('w', 'x', 'y', 'z', name='mood_{}')",
        "sa.Enum('x', 'y', name='kind_{}', native_enum=False, create_constraint=True)",
    ),
    OTHERS: (
        "sa.Boolean",
        "sa.Boolean(create_constraint=True, name='bool_{}')",
        "sa.Numeric(10, 2)",
        "sa.Numeric(12, 4)",
        "sa.DateTime",
        "sa.DateTime(timezone=True)",
        "sa.Date",
        "sa.JSON",
        "sa.Text",
        "sa.LargeBinary",
        "sa.Float",
        "sa.Uuid",
    ),
}
OWN_TYPES = {
    SQLITE: ("sa.String(9, collation='NOCASE')",),
    POSTGRESQL: ("pg.JSONB", "pg.ARRAY(sa.Integer)", "pg.INET", "pg.TSVECTOR"),
    MARIADB: ("mysql.INTEGER(unsigned=True)", "mysql.LONGTEXT", "mysql.DATETIME(fsp=3)"),
}
DEFAULTS = {
    INTEGERS: ("'0'", "'7'", "sa.text('(1 + 1)')"),
    TEXTS: ("'x'", "'y'"),
}
ON_DELETE = {
    SQLITE: ("", ", ondelete='CASCADE'", ", ondelete='SET NULL'"),
    POSTGRESQL: ("", ", ondelete='CASCADE'", ", ondelete='SET NULL'"),
    MARIADB: ("", ", ondelete='CASCADE'"),  # it takes no CHECK over a column that it may set
}


@dataclass(frozen=True)
class Column:
    """A column as it is drawn."""

    family: str
    type_: str
    more: tuple[str, ...]


@st.composite
def _column(draw: st.DrawFn, place: str, database: str) -> Column:
    family = draw(st.sampled_from([INTEGERS, TEXTS, OTHERS]))
    own = OWN_TYPES[database] if family == OTHERS else ()
    type_ = draw(st.sampled_from([*TYPES[family], *own])).format(place)
    more = []
    if draw(st.booleans()):
        more.append("nullable=False")
    if family in DEFAULTS and draw(st.booleans()):
        more.append(f"server_default={draw(st.sampled_from(DEFAULTS[family]))}")
    comment = draw(st.sampled_from(["", "it's 100%", "two\nlines"]))
    if comment:
        more.append(f"comment={comment!r}")
    return Column(family, type_, tuple(more))


@st.composite
def _things(draw: st.DrawFn, columns: Mapping[str, Column], database: str) -> list[str]:
    """Draw what stands behind the columns; `{a}` is the name of the column `a`."""
    integers = [place for place, column in columns.items() if column.family == INTEGERS]
    texts = [place for place, column in columns.items() if column.type_.startswith("sa.String")]
    keyed = [place for place, column in columns.items() if column.family != OTHERS]
    found: list[str] = []

    def sometimes(*choices: str) -> None:
        choice = draw(st.sampled_from(["", *choices]))
        if choice:
            found.append(choice)

    if integers:
        one = draw(st.sampled_from(integers))
        persisted = "True" if database == POSTGRESQL else "False"
        sometimes(
            f'sa.Column("e", sa.Integer, sa.Computed("{{{one}}} * 2", persisted=True))',
            f'sa.Column("e", sa.Integer, sa.Computed("{{{one}}} + id", persisted={persisted}))',
            f'sa.Column("e", sa.BigInteger, sa.Computed("{{{one}}} * 2", persisted=True))',
        )
        if found:
            sometimes(
                'sa.Index("ix_e", "e", "id")',
                'sa.CheckConstraint("e > 0", name="ck_e")',
                'sa.UniqueConstraint("e", name="uq_e")',
            )
        sometimes(
            *(
                f'sa.ForeignKeyConstraint(["{{{one}}}"], ["parent.id"], name="fk_one"{action})'
                for action in ON_DELETE[database]
                if columns[one].type_ == "sa.Integer"
            )
        )
        sometimes(
            f'sa.CheckConstraint("{{{one}}} > 0", name="ck_one")',
            f'sa.CheckConstraint("{{{one}}} BETWEEN 1 AND 9", name="ck_one")',
        )
    sometimes(
        'sa.CheckConstraint("id <> 7")',
        'sa.CheckConstraint("id > 7", name="ck_id")',
    )
    for name, size in (("uq_one", 1), ("uq_two", 2)):  # PostgreSQL makes one of two alike
        if len(keyed) >= size:
            some = draw(st.permutations(keyed))[:size]
            listed = ", ".join(f'"{{{place}}}"' for place in some)
            sometimes(f'sa.UniqueConstraint({listed}, name="{name}")')
    for name in ("ix_one", "ix_two"):
        if keyed:
            some = draw(st.lists(st.sampled_from(keyed), min_size=1, max_size=2, unique=True))
            listed = ", ".join(f'"{{{place}}}"' for place in some)
            sometimes(
                f'sa.Index("{name}", {listed})',
                f'sa.Index("{name}", {listed}, unique=True)',
                f'sa.Index("{name}", sa.text("{{{some[0]}}} DESC"))',
                *(
                    f'sa.Index("{name}", {listed}, {database}_where=sa.text("id > {number}"))'
                    for number in (1, 2)
                    if database != MARIADB
                ),
            )
    if texts and database != MARIADB:
        one = draw(st.sampled_from(texts))
        sometimes(
            f'sa.Index("ix_lower", sa.text("lower({{{one}}})"))',
            f'sa.Index("ix_lower", sa.text("upper({{{one}}})"), unique=True)',
        )
    if database == POSTGRESQL and keyed:
        one = draw(st.sampled_from(keyed))
        sometimes(
            f'sa.Index("ix_pg", "id", postgresql_include=["{{{one}}}"])',
            f'sa.Index("ix_pg", "{{{one}}}", postgresql_using="hash")',
            f'sa.Index("ix_pg", "{{{one}}}", postgresql_with={{{{"fillfactor": 50}}}})',
        )
    sometimes('comment="ours"', 'comment="it\'s 100%"')
    return found


def _source(
    columns: Mapping[str, Column], things: list[str], key: str, names: Mapping[str, str]
) -> str:
    parts = [
        f'sa.Column("id", sa.Integer{", autoincrement=False" if key else ""}, primary_key=True)'
    ]
    for place, column in columns.items():
        renamed = names[place] != place
        info = (f'info={{"renamed_from": "{place}"}}',) if renamed else ()
        parts.append(
            f'sa.Column("{names[place]}", {", ".join((column.type_, *column.more, *info))})'
        )
    inside = "".join(f"    {part},\n" for part in parts + [each.format(**names) for each in things])
    parent = "sa.Table('parent', metadata, sa.Column('id', sa.Integer, primary_key=True))"
    return f"{parent}\nsa.Table(\n    't',\n    metadata,\n{inside})\n"


@st.composite
def changes(draw: st.DrawFn, database: str) -> tuple[str, str]:
    """Draw the source of models and of what they become."""
    key = "autoincrement=False, " if database == MARIADB else ""  # else no CHECK may name it
    sources = []
    before: Mapping[str, Column] = {}
    for renaming in (False, True):
        places = draw(st.lists(st.sampled_from(PLACES), unique=True).map(sorted))
        columns = {place: draw(_column(place, database)) for place in places}
        names = dict(zip(PLACES, PLACES, strict=True))
        shared = sorted(set(before) & set(columns))
        if renaming and shared and draw(st.booleans()):
            names[draw(st.sampled_from(shared))] = "z"
        sources.append(_source(columns, draw(_things(columns, database)), key, names))
        before = columns
    return sources[0], sources[1]
