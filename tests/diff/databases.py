"""The tables of two databases and renames between them, from a seed.

Names come from small pools, so that two databases have much in common. Every foreign key to a table
of the database refers to columns that are there, an enum type has one set of labels, a sequence one
set of options, and expressions name columns of their own table. They are made with `random` and not
drawn one by one: a law needs thousands of tables, and Hypothesis takes 0.1 s for a database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from random import Random
from typing import Any, TypeVar

from hypothesis import strategies as st

from alembic_moltres.diff import ColumnRename, Rename, TableKey, TableRename, as_renamed
from alembic_moltres.diff.autoincrement import autoincrement_column
from alembic_moltres.diff.changes.base import table_key
from alembic_moltres.diff.changes.constraints import immediate
from alembic_moltres.diff.changes.enums_and_sequences import named_enum, type_with_enums
from alembic_moltres.schema import (
    SQL,
    ColumnDef,
    Constraint,
    ForeignKeyConstraint,
    Index,
    Sequence,
    TableSchema,
    UniqueConstraint,
    check,
    column,
    computed,
    ddl,
    exclude,
    foreign_key,
    identity,
    index,
    primary_key,
    sequence,
    sql,
    unique,
)
from alembic_moltres.schema.named_types import NATIVE, PORTABLE

T = TypeVar("T")
Columns = dict[TableKey, list[str]]

TABLES: tuple[TableKey, ...] = ((None, "a"), (None, "b"), (None, "c"), ("s", "a"), ("s", "d"))
COLUMNS = ("id", "x", "y", "w", "Zz")
LABELS = ("sad", "ok", "it's", "mo:od")
TYPES = ("INTEGER", "BIGINT", "TEXT", "VARCHAR(5)", "DECIMAL(10,2)", "TIMESTAMP(timezone=True)")
DEFAULTS = (None, 1, True, 1.0, "x", b"x", sql.now(), sql("lower('A')", mysql="'a'"))
OPTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"},
    {"mysql_engine": "Aria"},
    {"postgresql_inherits": ["p", "q"]},
)
EXPRESSIONS = ("{} > 0", "length({}) > 1", "{0} <> 'x' OR {0} IS NULL", "{} + 1")


@dataclass(frozen=True)
class Pair:
    """Two databases, and what has another name in the second."""

    current: tuple[TableSchema, ...]
    desired: tuple[TableSchema, ...]
    renames: tuple[Rename, ...] = ()

    def current_renamed(self) -> list[TableSchema]:
        return as_renamed(self.current, self.renames)


def pairs(*, renamed: bool = False) -> st.SearchStrategy[Pair]:
    """Give two databases, with renames as models declare them; the first has been reflected."""

    def made(seed: int, size: int) -> Pair:
        random = Random(seed)
        current = database(random, size, NATIVE)
        desired = with_some_of(random, current, database(random, size))
        names = renames(random, current, desired) if renamed else ()
        return Pair(current, desired, tuple(names))

    return st.builds(made, st.integers(0, 2**32), st.integers(1, 4))


databases = st.builds(
    lambda seed, size: database(Random(seed), size), st.integers(0, 2**32), st.integers(1, 4)
)


def database(random: Random, size: int, enum: str = PORTABLE) -> tuple[TableSchema, ...]:
    every = {key: some(random, COLUMNS, 4) for key in some(random, TABLES, size)}
    enums = [*enum_types(random, enum), *TYPES]
    numbers = [sequence(name, start=random.choice((None, 5))) for name in "pq"]
    return tuple(table(random, key, every, enums, numbers) for key in every)


def with_some_of(
    random: Random, current: tuple[TableSchema, ...], desired: tuple[TableSchema, ...]
) -> tuple[TableSchema, ...]:
    """Return the desired tables with some columns and constraints as they are already."""
    before = {table_key(each): each for each in current}
    columns = {table_key(each): {column.name for column in each.columns} for each in desired}
    return tuple(
        with_some_of_table(random, before[table_key(each)], each, columns)
        if table_key(each) in before
        else each
        for each in desired
    )


def with_some_of_table(
    random: Random, current: TableSchema, desired: TableSchema, names: dict[TableKey, set[str]]
) -> TableSchema:
    own = names[table_key(desired)]
    kept = {
        each.name: each
        for each in current.columns
        if each.name in own
        and named_enum(each) is None
        and each.sequence is None
        and each.computed is None
        and random.random() < 0.5
    }
    taken = {each.name for each in desired.constraints}
    constraints = [
        each
        for each in current.constraints
        if isinstance(each, UniqueConstraint | ForeignKeyConstraint)
        and own >= {*each.columns}
        and (each.name is None or each.name not in taken)
        and (isinstance(each, UniqueConstraint) or is_valid(each, names))
        and random.random() < 0.7
    ]
    return replace(
        desired,
        columns=tuple(kept.get(each.name, each) for each in desired.columns),
        constraints=(*desired.constraints, *constraints),
    )


def is_valid(key: ForeignKeyConstraint, names: dict[TableKey, set[str]]) -> bool:
    referred = (key.references_schema, key.references_table)
    return referred == (None, "elsewhere") or names.get(referred, set()) >= {
        *key.references_columns
    }


def some(random: Random, items: Iterable[T], most: int) -> list[T]:
    pool = list(items)
    return random.sample(pool, random.randint(1, min(most, len(pool))))


def enum_types(random: Random, prefix: str) -> list[str]:
    """Return PostgreSQL's enum types and arrays of them; each has one set of labels."""
    enums = []
    for name in ("name='mood'", "name='mode',schema='s'"):
        labels = ",".join(map(repr, some(random, LABELS, 4)))
        enums.append(f"{prefix}({labels},{name})")
    return [*enums, *(f"postgresql.ARRAY({enum})" for enum in enums)]


def table(
    random: Random, key: TableKey, every: Columns, types: list[str], numbers: list[Sequence]
) -> TableSchema:
    schema, name = key
    own = every[key]
    return TableSchema(
        name,
        table_columns(random, own, types, numbers),
        constraints=constraints(random, own, every),
        indexes=indexes(random, own),
        schema=schema,
        comment=random.choice((None, "it's")),
        dialect_options=random.choice(OPTIONS),
        ddl=[ddl("after_create", "ANALYZE %(table)s")] if random.random() < 0.1 else [],
    )


def expression(random: Random, names: list[str]) -> str:
    name = random.choice(names)
    return random.choice(EXPRESSIONS).format(f'"{name}"' if " " in name else name)


def table_columns(
    random: Random, own: list[str], types: list[str], numbers: list[Sequence]
) -> list[ColumnDef]:
    """Return columns; computed ones are of others than these, as PostgreSQL has it."""
    split = random.randint(1, len(own))
    plain = [table_column(random, name, [], types, numbers) for name in own[:split]]
    return [
        *plain,
        *(table_column(random, name, own[:split], types, numbers) for name in own[split:]),
    ]


def table_column(
    random: Random, name: str, others: list[str], types: list[str], numbers: list[Sequence]
) -> ColumnDef:
    said: dict[str, Any] = {"autoincrement": random.choice(("auto", "auto", "ignore_fk", True))}
    match random.choice(("plain", "computed", "default", "computed", "identity", "sequence")):
        case "plain":
            said["autoincrement"] = random.choice(("auto", False, True))
        case "default":
            said["default"] = random.choice(DEFAULTS)
        case "computed" if others:
            said["computed"] = computed(expression(random, others), random.choice((None, True)))
        case "identity":
            said["identity"] = identity(start=random.choice((None, 5)))
        case "sequence":
            said["sequence"] = random.choice(numbers)
    if random.random() < 0.2:
        said["constraints"] = [check(expression(random, [name]))]
    comment, type_ = random.choice((None, None, "it's")), random.choice(types)
    if type_ in {"TEXT", "VARCHAR(5)"} and random.random() < 0.3:
        named = {"postgresql": random.choice(types)}
        said["type_variants"] = random.choice((named, {"mysql": "mysql.LONGTEXT"}))
    return column(name, type_, random.random() < 0.5, comment=comment, **said)


def constraints(random: Random, own: list[str], every: Columns) -> list[Constraint]:
    names = ["k1", "k2", "k3", None, None]
    random.shuffle(names)
    found: list[Constraint] = [
        replace(constraint(random, own, every), name=name) for name in names[: random.randint(0, 3)]
    ]
    if random.random() < 0.6:
        found.insert(0, primary_key(some(random, own, 2), name=random.choice((None, "pk"))))
    return found


def constraint(random: Random, own: list[str], every: Columns) -> Constraint:
    match random.choice(("unique", "check", "exclude", "key", "key", "key")):
        case "unique":
            options = {"postgresql_include": [own[0]]} if random.random() < 0.3 else {}
            return unique(some(random, own, 2), dialect_options=options)
        case "check":
            return check(expression(random, own))
        case "exclude":
            element: str | SQL = random.choice(own)
            if random.random() < 0.3:
                element = sql(expression(random, own))
            where = sql(expression(random, own)) if random.random() < 0.5 else None
            return exclude((element, "="), where=where)
        case _:
            return key(random, own, every)


def key(random: Random, own: list[str], every: Columns) -> Constraint:
    """Return a foreign key to a table of the database, to its own or to one elsewhere."""
    referred = random.choice([*every, (None, "elsewhere")])
    theirs = every.get(referred, ["id", "x"])
    size = random.randint(1, min(len(own), len(theirs), 2))
    return foreign_key(
        random.sample(own, size),
        referred[1],
        random.sample(theirs, size),
        references_schema=referred[0],
        on_delete=random.choice((None, "CASCADE")),
        use_alter=random.random() < 0.3,
    )


def indexes(random: Random, own: list[str]) -> list[Index]:
    options: tuple[dict[str, Any], ...] = (
        {},
        {"postgresql_where": sql(expression(random, own))},
        {"mysql_length": {own[0]: 5}, "postgresql_include": own},
        {"mysql_length": 5},
    )
    names = random.sample(("i1", "i2", "k1"), random.randint(0, 2))
    return [
        index(
            name,
            [random.choice((each, sql(expression(random, own)))) for each in some(random, own, 2)],
            random.random() < 0.3,
            dialect_options=random.choice(options),
        )
        for name in names
    ]


def renames(
    random: Random, current: tuple[TableSchema, ...], desired: tuple[TableSchema, ...]
) -> list[Rename]:
    """Return renames as models declare them: the old name is gone, the new one was not there."""
    before, after = ({table_key(each): each for each in side} for side in (current, desired))
    former = {key: key for key in before if key in after}
    gone = [key for key in before if key not in after]
    found: list[Rename] = []
    for schema, name in (key for key in after if key not in before):
        same = [key for key in gone if key[0] == schema]
        if same and random.random() < 0.8:
            gone.remove(same[0])
            former[schema, name] = same[0]
            found.append(TableRename(same[0][1], name, schema))
    for (schema, name), key in former.items():
        old = [each.name for each in before[key].columns]
        new = [each.name for each in after[schema, name].columns]
        came, went = (
            [each for each in one if each not in two] for one, two in ((new, old), (old, new))
        )
        found += [
            ColumnRename(name, *pair, schema)
            for pair in zip(went, came, strict=False)
            if random.random() < 0.8
        ]
    return found


def normal(tables: Iterable[TableSchema]) -> dict[TableKey, TableSchema]:
    """Return tables without what is no difference.

    The order of columns, how a column says that it counts by itself, when a key is added, DDL of
    events, PostgreSQL's own word for an enum.
    """
    return {table_key(each): _normal(each) for each in tables}


def _normal(table: TableSchema) -> TableSchema:
    counting = autoincrement_column(table)
    told = [_told(each, counting) for each in table.columns]
    return replace(
        table,
        columns=tuple(sorted(told, key=lambda each: each.name)),
        constraints=tuple(map(immediate, table.constraints)),
        ddl=(),
    )


def _told(column: ColumnDef, counting: str | None) -> ColumnDef:
    portable = column
    if named_enum(column) is not None:  # whatever it is on other databases
        type_name = type_with_enums(column).replace("postgresql.ENUM", "ENUM")
        portable = replace(column, type_name=type_name, type_variants={})
    if column.identity is not None:
        return portable
    return replace(portable, autoincrement=column.name == counting)
