"""Labels of enum types."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .case import ALL, POSTGRESQL, SERVERS, SQLITE, Case, changed, column, enum, t

TYPES = (
    changed(
        "label at the end",
        column(enum("a", "b")),
        column(enum("a", "b", "c")),
        "a",
        absent=(SQLITE,),
    ),
    changed(
        "label at the start",
        column(enum("a", "b")),
        column(enum("z", "a", "b")),
        "a",
        absent=(SQLITE,),
    ),
    changed(
        "label in the middle",
        column(enum("a", "b")),
        column(enum("a", "m", "b")),
        "a",
        absent=(SQLITE,),
    ),
    changed(
        "label removed", column(enum("a", "b", "c")), column(enum("a", "b")), "a", absent=(SQLITE,)
    ),
    changed(
        "labels with a default",
        column(enum("a", "b"), 'server_default="a"'),
        column(enum("a", "c"), 'server_default="c"'),
        "a",
    ),
    changed(
        "label added with a default",
        column(enum("a", "b"), 'server_default="a"'),
        column(enum("a", "b", "c"), 'server_default="a"'),
        "a",
        absent=(SQLITE,),
    ),
    changed(
        "label removed with check and partial index",
        column(enum("a", "b", "c"), 'server_default="a"'),
        column(enum("a", "b"), 'server_default="a"'),
        "a",
        'sa.Column("n", sa.Integer)',
        'sa.CheckConstraint("a <> \'b\'", name="ck_a")',
        'sa.Index("ix_a", "n", postgresql_where=sa.text("a = \'a\'"))',
        on=(POSTGRESQL,),
    ),
    changed(
        "not native",
        column(enum("a", "b", more=", native_enum=False, create_constraint=True")),
        column(enum("a", "b", "c", more=", native_enum=False, create_constraint=True")),
        "a",
    ),
    Case(
        "label removed beside an array of them",
        t(column(enum("a", "b", "c")), column(f"pg.ARRAY({enum('a', 'b', 'c')})", name="many")),
        t(column(enum("a", "b")), column(f"pg.ARRAY({enum('a', 'b')})", name="many")),
        ({"id": 1, "a": "a", "many": ["a", "b"]},),
        on=(POSTGRESQL,),
    ),
    Case(
        "shared by two tables",
        t(
            column(enum("a", "b")),
            behind=f"sa.Table('u', metadata, sa.Column('m', {enum('a', 'b')}))",
        ),
        t(
            column(enum("a", "b", "c")),
            behind=f"sa.Table('u', metadata, sa.Column('m', {enum('a', 'b', 'c')}))",
        ),
        ({"id": 1, "a": "a"},),
        absent=(SQLITE,),
    ),
)

RELABELLED = {
    "at the end": ("a", "b", "z"),
    "at the start": ("z", "a", "b"),
    "in the middle": ("a", "z", "b"),
    "removed": ("a",),
    "renamed": ("a", "z"),
}
"""What becomes of the labels a and b; the rows have a."""

NOT_NATIVE = ", native_enum=False, create_constraint=True, length=9"


def _beside(where: str, more: str) -> Callable[..., str]:
    """Return what makes the source of a table whose enum type is used in a certain way."""

    def source(*labels: str) -> str:
        type_ = enum(*labels, more=more)
        match where:
            case "a default":
                return t(column(type_, 'server_default="a"'))
            case "a check":
                return t(
                    column(type_),
                    'sa.CheckConstraint("a <> \'x\' OR a IS NULL", name="ck")'
                    if more
                    else 'sa.CheckConstraint("a = \'a\'", name="ck")',
                )
            case "a partial index":
                predicate = "sa.text(\"a = 'a'\")"
                return t(
                    column(type_),
                    f'sa.Index("ix", "id", postgresql_where={predicate}, sqlite_where={predicate})',
                )
            case "an array":
                return t(column(f"pg.ARRAY({type_})"))
            case "two tables":
                return t(column(type_), behind=f"sa.Table('u', metadata, sa.Column('m', {type_}))")
            case "NOT NULL":
                return t(column(type_, "nullable=False", 'server_default="a"'))
            case _:
                return t(column(type_))

    return source


def _everywhere() -> Iterator[Case]:
    """Give every change of labels in every place that a database knows."""
    other = ", schema='other'"
    places = [
        *(
            (where, "", SERVERS)
            for where in ("nothing", "a default", "a check", "two tables", "NOT NULL")
        ),
        *((where, "", (POSTGRESQL,)) for where in ("a partial index", "an array")),
        *(
            (f"another schema, {where}", other, (POSTGRESQL,))
            for where in ("a default", "an array")
        ),
        *(
            (f"not native, {where}", NOT_NATIVE, ALL)
            for where in ("nothing", "a default", "a check", "two tables")
        ),
        ("not native, a partial index", NOT_NATIVE, (SQLITE, POSTGRESQL)),
    ]
    for how, labels in RELABELLED.items():
        for place, more, on in places:
            source = _beside(place.rpartition(", ")[2], more)
            value = ["a", "a"] if place.endswith("array") else "a"
            yield Case(
                f"label {how} beside {place}",
                source("a", "b"),
                source(*labels),
                ({"id": 1, "a": value},),
                on,
                prepare=("CREATE SCHEMA other",) if more == other else (),
            )


LABELS = tuple(_everywhere())

GENERATED = {
    "of the type": "sa.Computed(\"CASE WHEN a = 'a' THEN 1 ELSE 0 END\", persisted=True)",
    "with the new label": "sa.Computed(\"CASE WHEN a = 'c' THEN 1 ELSE 0 END\", persisted=True)",
}
USES = {
    "a generated column": 'sa.Column("h", sa.Boolean, sa.Computed("a = \'c\'", persisted=True))',
    "a check": 'sa.CheckConstraint("a <> \'c\'", name="ck")',
    "a partial index": 'sa.Index("ix", "id", postgresql_where=sa.text("a = \'c\'"))',
    "a new column's default": 'sa.Column("h", sa.Enum("a", "b", "c", name="mood"), server_default="c")',
    "a new array's default": (
        'sa.Column("h", pg.ARRAY(sa.Enum("a", "b", "c", name="mood")), server_default="{c,a}")'
    ),
    "an exclude constraint": (
        'pg.ExcludeConstraint(("id", "="), where=sa.text("a = \'c\'"), using="btree", name="ex")'
    ),
}


def _used() -> Iterator[Case]:
    """Use a new label in the same revision, beside a generated column of the type."""
    beside = f'sa.Column("g", sa.Integer, {GENERATED["of the type"]})'
    row = ({"id": 1, "a": "a"},)
    for what, use in USES.items():
        yield Case(
            f"new label that {what} uses, beside a generated column",
            t(column(enum("a", "b")), beside),
            t(column(enum("a", "b", "c")), beside, use),
            row,
            on=(POSTGRESQL,),
            says="used=True",
        )
    yield Case(
        "new label that a generated column uses now",
        t(column(enum("a", "b")), beside),
        t(
            column(enum("a", "b", "c")),
            f'sa.Column("g", sa.Integer, {GENERATED["with the new label"]})',
        ),
        row,
        on=(POSTGRESQL,),
        says="used=True",
    )
    yield Case(
        "new label that a default uses now, beside a generated column",
        t(column(enum("a", "b"), 'server_default="a"'), beside),
        t(column(enum("a", "b", "c"), 'server_default="c"'), beside),
        row,
        on=(POSTGRESQL,),
        says="used=True",
    )
    yield Case(
        "new label that a new table uses, beside a generated column",
        t(column(enum("a", "b")), beside),
        t(
            column(enum("a", "b", "c")),
            beside,
            behind=f"sa.Table('u', metadata, sa.Column('m', {enum('a', 'b', 'c')}, server_default='c'))",
        ),
        row,
        on=(POSTGRESQL,),
        says="used=True",
    )
    yield Case(
        "new label that nothing uses, beside a generated column",
        t(column(enum("a", "b")), beside),
        t(column(enum("a", "b", "c")), beside),
        row,
        on=(POSTGRESQL,),
        omits="used=True",
    )
    yield Case(
        "removed label that a generated column used",
        t(
            column(enum("a", "b", "c")),
            f'sa.Column("g", sa.Integer, {GENERATED["with the new label"]})',
        ),
        t(column(enum("a", "b")), beside),
        row,
        on=(POSTGRESQL,),
        says="used=True",
    )


ENUMS = (*TYPES, *LABELS, *_used())

ARRAYS = tuple(
    Case(
        f"label at the end beside {array.format('it')}",
        t(column(array.format(enum("a", "b")))),
        t(column(array.format(enum("a", "b", "c")))),
        ({"id": 1, "a": None},),
        on=(POSTGRESQL,),
        omits="alter_column",
    )
    for array in ("sa.ARRAY({})", "pg.ARRAY({}, dimensions=2)")
)
