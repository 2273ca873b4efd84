"""Hypothesis strategies: a module of models and what it is changed to, several kinds of change at once.

Both are drawn from the same few places (tables `t` and `u`, columns `a` to `d`, a computed one, keys,
constraints and indexes of known names), so that a place is often in both and says something else
in each. What is drawn are templates: `{a}` is what the column `a` is called, `{own}` what its table
was called at first, `{other}` what the other table is called, `{shared}` the type of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.circles.cases import MARIADB, POSTGRESQL, SQLITE

INTEGERS, TEXTS, OTHERS = "integers", "texts", "others"
PLACES = ("a", "b", "c", "d")
TABLES = ("t", "u")
SHARED = ("'x', 'y'", "'w', 'x', 'y'", "'y', 'x'")

TYPES: Mapping[str, tuple[str, ...]] = {
    INTEGERS: ("sa.Integer", "sa.BigInteger", "sa.SmallInteger"),
    TEXTS: (
        "sa.String(20)",
        "sa.String(40)",
        "sa.Enum('x', 'y', name='mood_{}')",
        "sa.Enum('w', 'x', 'y', 'z', name='mood_{}')",
        "{{shared}}",
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


KEYS = ("Integer", "BigInteger", "String(36)", "Text", "Uuid")
KEY = ", sa.Column('{}', sa.{}, unique=True{})"
RENAMED = ", info={'renamed_from': 'k'}"

Names = dict[str, str]


@dataclass(frozen=True)
class Column:
    """A column as it is drawn."""

    family: str
    type_: str
    more: tuple[str, ...]

    @property
    def said(self) -> tuple[str, ...]:
        """What stands behind its name."""
        return self.type_, *self.more


@st.composite
def _column(draw: st.DrawFn, place: str, database: str) -> Column:
    family = draw(st.sampled_from([INTEGERS, TEXTS, OTHERS]))
    own = OWN_TYPES[database] if family == OTHERS else ()
    type_ = draw(st.sampled_from([*TYPES[family], *own])).format(f"{{own}}_{place}")
    more = []
    if draw(st.booleans()):
        more.append("nullable=False")
    if family in DEFAULTS and draw(st.booleans()):
        more.append(f"server_default={draw(st.sampled_from(DEFAULTS[family]))}")
    comment = draw(st.sampled_from(["", "it's 100%", "two\nlines"]))
    if comment:
        more.append(f"comment={comment!r}")
    return Column(family, type_, tuple(more))


@dataclass(frozen=True)
class Side:
    """What all tables of one side share.

    `named`: their keys have names. `key`: the type of the key of `parent` that they refer to, if any.
    `by_hand`: storage parameters are set by hand, and not by the models.
    """

    database: str
    named: bool
    tables: tuple[str, ...]
    key: str = ""
    by_hand: bool = False


@st.composite
def _things(draw: st.DrawFn, columns: Mapping[str, Column], side: Side, own: str) -> list[str]:
    """Draw what stands behind the columns."""
    database = side.database
    integers = [place for place, column in columns.items() if column.family == INTEGERS]
    texts = [place for place, column in columns.items() if column.type_.startswith("sa.String")]
    keyed = [place for place, column in columns.items() if column.family != OTHERS]
    found: list[str] = []

    def sometimes(*choices: str) -> bool:
        choice = draw(st.sampled_from(["", *choices]))
        found.extend([choice] if choice else [])
        return bool(choice)

    if integers:
        one = draw(st.sampled_from(integers))
        persisted = "True" if database == POSTGRESQL else "False"
        computed = sometimes(
            f'sa.Column("e", sa.Integer, sa.Computed("{{{one}}} * 2", persisted=True))',
            f'sa.Column("e", sa.Integer, sa.Computed("{{{one}}} + id", persisted={persisted}))',
            f'sa.Column("e", sa.BigInteger, sa.Computed("{{{one}}} * 2", persisted=True))',
        )
        if computed:
            sometimes(
                'sa.Index("ix_{own}_e", "e", "id")',
                'sa.CheckConstraint("e > 0", name="ck_{own}_e")',
                'sa.UniqueConstraint("e", name="uq_{own}_e")',
            )
        if columns[one].type_ == "sa.Integer":
            itself = (f"{{{own}}}",) if database == POSTGRESQL else ()
            referred = ["parent", *itself, *(("{other}",) if set(side.tables) - {own} else ())]
            sometimes(
                *(
                    f'sa.ForeignKeyConstraint(["{{{one}}}"], ["{table}.id"], name="fk_{{own}}"{action})'
                    for table in referred
                    for action in ON_DELETE[database]
                )
            )
        sometimes(
            f'sa.CheckConstraint("{{{one}}} > 0", name="ck_{{own}}")',
            f'sa.CheckConstraint("{{{one}}} BETWEEN 1 AND 9", name="ck_{{own}}")',
        )
    sometimes(
        'sa.CheckConstraint("id > 7", name="ck_{own}_id")',
        # elsewhere its name stays on a rename
        *(() if side.named and database != POSTGRESQL else ('sa.CheckConstraint("id <> 7")',)),
    )
    if side.key:
        sometimes(f'sa.Column("f", sa.{side.key}, sa.ForeignKey("parent.{{key}}"))')
    for size in (1, 2):  # of two alike PostgreSQL makes one
        if len(keyed) >= size:
            some = draw(st.permutations(keyed))[:size]
            listed = ", ".join(f'"{{{place}}}"' for place in some)
            sometimes(f'sa.UniqueConstraint({listed}, name="uq_{{own}}_{size}")')
    for name in ("ix_{own}_1", "ix_{own}_2"):
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
            f'sa.Index("ix_{{own}}_lower", sa.text("lower({{{one}}})"))',
            f'sa.Index("ix_{{own}}_lower", sa.text("upper({{{one}}})"), unique=True)',
        )
    if database == POSTGRESQL and keyed:
        one = draw(st.sampled_from(keyed))
        sometimes(
            f'sa.Index("ix_{{own}}_pg", "id", postgresql_include=["{{{one}}}"])',
            f'sa.Index("ix_{{own}}_pg", "{{{one}}}", postgresql_using="hash")',
            *(
                (
                    f'sa.Index("ix_{{own}}_pg", "{{{one}}}", postgresql_with={{{{"fillfactor": 50}}}})',
                )
                if not side.by_hand
                else ()
            ),
        )
    sometimes('comment="ours"', 'comment="it\'s 100%"')
    return found


def _table(
    columns: Mapping[str, Column], things: list[str], side: Side, own: str, names: Names
) -> str:
    """Return the source of a table."""
    said = {**names, "own": own}
    parts = ['sa.Column("id", sa.Integer, primary_key=True)']
    if side.named:
        parts = [
            'sa.Column("id", sa.Integer, autoincrement=False)',
            f'sa.PrimaryKeyConstraint("id", name="pk_{own}")',
        ]
    for place, column in columns.items():
        info = () if names[place] == place else (f'info={{"renamed_from": "{place}"}}',)
        described = ", ".join((*(each.format(**said) for each in column.said), *info))
        parts.append(f'sa.Column("{names[place]}", {described})')
    parts += [each.format(**said) for each in things]
    if names[own] != own:
        parts.append(f'info={{"renamed_from": "{own}"}}')
    inside = "".join(f"    {part},\n" for part in parts)
    return f"sa.Table(\n    '{names[own]}',\n    metadata,\n{inside})\n"


KINDS = ("sa.Integer", "sa.BigInteger", "sa.String(9)", "sa.Text")
PARTITION = "CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (0) TO (10)"


@st.composite
def _of_postgresql(draw: st.DrawFn) -> str:
    """Draw the source of tables that inherit, and of a partitioned one with its partition."""
    source = ""
    if draw(st.booleans()):
        check = draw(st.sampled_from(["", ', sa.CheckConstraint("id > 1", name="ck_city")']))
        more = draw(
            st.sampled_from(["", ', sa.Column("c", sa.Integer)', ', sa.Index("ix_b", "b")'])
        )
        source += (
            f'sa.Table("city", metadata, sa.Column("id", sa.Integer), '
            f'sa.Column("n", {draw(st.sampled_from(KINDS))}){check})\n'
            f'sa.Table("aa_town", metadata, sa.Column("b", {draw(st.sampled_from(KINDS))}){more}, '
            "postgresql_inherits='city')\n"
        )
    if draw(st.booleans()):
        more = draw(
            st.sampled_from(
                ["", ', sa.Index("ix_p", "x")', ', sa.CheckConstraint("id > 0", name="ck_p")']
            )
        )
        source += (
            'p = sa.Table("p", metadata, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False), '
            f'sa.Column("x", {draw(st.sampled_from(KINDS))}){more}, postgresql_partition_by="RANGE (id)")\n'
            f'sa.event.listen(p, "after_create", sa.DDL("{PARTITION}"))\n'
        )
    return source


@st.composite
def changes(draw: st.DrawFn, database: str) -> tuple[str, str, dict[str, str]]:
    """Draw the source of models and of what they become.

    Also, by their old names, the new names of the tables that get a storage parameter by hand.
    """
    # on MariaDB no CHECK may name a column that counts
    named = database == MARIADB or draw(st.booleans())
    by_hand = database == POSTGRESQL and draw(st.booleans())
    keyed = database == POSTGRESQL and draw(st.booleans())
    sources = []
    before: dict[str, Mapping[str, Column]] = {}
    for renaming in (False, True):
        tables = draw(st.sampled_from([("t",), TABLES, TABLES]))
        key = draw(st.sampled_from(KEYS)) if keyed else ""
        side = Side(database, named, tables, key, by_hand)
        labels = draw(st.sampled_from(SHARED))
        columns: dict[str, Mapping[str, Column]] = {}
        key_name = "kk" if renaming and draw(st.booleans()) else "k"
        more = KEY.format(key_name, key, RENAMED if key_name == "kk" else "") if key else ""
        source = (
            f"sa.Table('parent', metadata, sa.Column('id', sa.Integer, primary_key=True){more})\n"
        )
        called = {table: table for table in TABLES}
        if renaming and (named or database == POSTGRESQL) and draw(st.booleans()):
            called[draw(st.sampled_from(sorted(set(before) & set(tables))))] = "v"
        for own in tables:
            places = draw(st.lists(st.sampled_from(PLACES), unique=True).map(sorted))
            columns[own] = {place: draw(_column(place, database)) for place in places}
            names = {place: place for place in PLACES}
            shared = sorted(set(before.get(own, ())) & set(places))
            if renaming and shared and draw(st.booleans()):
                names[draw(st.sampled_from(shared))] = "z"
            names |= called | {"shared": f"sa.Enum({labels}, name='shared')"}
            names |= {"other": called["u" if own == "t" else "t"], "key": key_name}
            things = draw(_things(columns[own], side, own))
            source += _table(columns[own], things, side, own, names)
        if database == POSTGRESQL:
            source += draw(_of_postgresql())
        sources.append(source)
        both = set(before) & set(columns) if by_hand else set()
        before = columns
    return sources[0], sources[1], {table: called[table] for table in sorted(both)}
