"""Canaries: each fails on the day SQLAlchemy changes a private name that we use, or what it does.

Those whose change would go unseen stand first: they are looked up by a string, or leave a default where they are gone.
"""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.dialects.postgresql.base import PGInspector
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import ArgumentError, InvalidRequestError, NoSuchModuleError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import registry
from sqlalchemy.schema import AddConstraint, CreateColumn, CreateIndex, CreateTable, conv
from sqlalchemy.types import UserDefinedType

from alembic_moltres import sqla_compat
from alembic_moltres.convert.dialects import ddl_compiler, shipped, writing
from alembic_moltres.dialects.base.as_connected import as_connected
from alembic_moltres.types.custom import is_compiled_by_hand
from tests.alembic_project import ProjectFactory

SQLITE: Dialect = shipped("sqlite")
POSTGRESQL: Dialect = shipped("postgresql")


MODELS = """
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase): ...
"""


def dialect_of(paramstyle: str) -> Dialect:
    """Return a dialect of PostgreSQL that nothing has used."""
    make: Any = postgresql.dialect
    made: Dialect = make(paramstyle=paramstyle)
    return made


def table(*items: Any, **stated: Any) -> sa.Table:
    return sa.Table("t", sa.MetaData(**stated), sa.Column("a", sa.Integer), *items)


def created(made: sa.Table, dialect: Dialect = SQLITE) -> str:
    return " ".join(str(CreateTable(made).compile(dialect=dialect)).split())


# Silent ones


def test_the_rule_that_add_constraint_leaves_behind_is_known_by_its_name() -> None:
    key = sa.CheckConstraint("a > 0", name="ck")
    made = table(key)
    assert "CHECK" in created(made)
    AddConstraint(key)
    assert "CHECK" not in created(made)
    assert sqla_compat.is_isolating(sqla_compat.create_rule(key))


def test_no_other_rule_is_held_for_that_one() -> None:
    made = table(sa.Column("b", sa.Boolean(create_constraint=True)))
    (of_type,) = (key for key in made.constraints if isinstance(key, sa.CheckConstraint))
    rule = sqla_compat.create_rule(of_type)
    assert rule is not None
    assert not sqla_compat.is_isolating(rule)
    assert sqla_compat.create_rule(sa.CheckConstraint("a > 0")) is None


def test_a_twin_does_not_remember_how_its_original_wrote_literals() -> None:
    dialect = dialect_of(paramstyle="pyformat")
    literal = sa.literal("5%", sa.String())

    def written(by: Dialect) -> str:
        return str(literal.compile(dialect=by, compile_kwargs={"literal_binds": True}))

    assert ("'5%%'", "'5%'", "'5%%'") == (
        written(dialect),
        written(writing(dialect)),
        written(dialect),
    )


def test_a_twin_does_not_remember_how_its_original_quoted_names() -> None:
    dialect = dialect_of(paramstyle="pyformat")

    def quoted(by: Dialect) -> str:
        return by.identifier_preparer.quote("a%b")

    assert ('"a%%b"', '"a%b"', '"a%%b"') == (
        quoted(dialect),
        quoted(writing(dialect)),
        quoted(dialect),
    )


def test_the_memories_are_emptied_and_what_they_are_copies_of_keeps_its_own() -> None:
    dialect = dialect_of(paramstyle="pyformat")
    assert dialect.identifier_preparer.quote("a%b") == '"a%%b"'
    sa.String().dialect_impl(dialect)
    preparer = dialect.identifier_preparer
    before = dict(vars(dialect)), dict(vars(preparer))
    sqla_compat.forget_compiled(dialect, preparer)
    emptied = {
        *(before[0].keys() - vars(dialect).keys()),
        *(name for name, now in vars(preparer).items() if now != before[1][name]),
    }
    assert len(emptied) == 2


def test_every_registry_of_the_orm_is_listed() -> None:
    mapping = registry()

    @mapping.mapped
    class Model:
        __table__ = table(sa.Column("id", sa.Integer, primary_key=True))

    (mapper,) = (
        mapper
        for each in sqla_compat.registries()
        for mapper in each.mappers
        if each is mapping and mapper.class_ is Model
    )
    assert mapper.local_table is Model.__table__


def test_there_are_no_registries_where_nobody_has_imported_the_orm() -> None:
    source = "from alembic_moltres import sqla_compat as s; import sys; print(list(s.registries()), 'sqlalchemy.orm' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", source], check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == ["[]", "False"]


class Plain(UserDefinedType[Any]):
    def get_col_spec(self, **_: object) -> str:
        return "PLAIN"


class ByHand(sa.Integer):
    pass


class OnSQLite(sa.Integer):
    pass


class ChildTable(ByHand):
    pass


@compiles(ByHand)
def _by_hand(*_: object, **__: object) -> str:
    return "BY_HAND"


@compiles(OnSQLite, "sqlite")
def _on_sqlite(*_: object, **__: object) -> str:
    return "ON_SQLITE"


@pytest.mark.parametrize(
    ("type_", "texts"),
    [
        (sa.Integer(), ("INTEGER", "INTEGER")),
        (Plain(), ("PLAIN", "PLAIN")),
        (ByHand(), ("BY_HAND", "BY_HAND")),
        (ChildTable(), ("BY_HAND", "BY_HAND")),
        (OnSQLite(), ("ON_SQLITE", "INTEGER")),
    ],
)
def test_compiles_is_seen_where_it_decides(type_: Any, texts: tuple[str, str]) -> None:
    cls = type(type_)
    named = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
    assert texts == tuple(type_.compile(dialect=dialect) for dialect in named.values())
    assert tuple(is_compiled_by_hand(cls, name) for name in named) == tuple(
        text not in {"INTEGER", "PLAIN"} for text in texts
    )
    assert sqla_compat.has_compiles(cls) == (cls not in {sa.Integer, Plain})
    assert sqla_compat.has_own_compiles(cls) == (cls in {ByHand, OnSQLite})
    assert sqla_compat.is_sqlalchemy_class(cls) == (cls is sa.Integer)


def test_compiles_tells_its_function_and_the_class_it_is_on() -> None:
    assert sqla_compat.compiles_function(ByHand, "oracle") is _by_hand
    assert sqla_compat.compiles_function(OnSQLite, "sqlite") is _on_sqlite
    assert sqla_compat.compiles_function(OnSQLite, "oracle") not in {None, _on_sqlite}
    decides = [cls for cls in ChildTable.__mro__ if sqla_compat.dispatches_itself(cls)]
    assert decides[:2] == [ByHand, sa.Integer]


SCRIPT = """
revision, down_revision = "bad", None

from alembic_moltres import TableSchema, column

T = TableSchema("t", [column("x", "INTEGER"), column("x", "INTEGER")])


def upgrade() -> None: ...
"""


def test_a_wrong_constant_of_a_script_fails_in_one_line(
    sqlite_url: str, alembic_project: ProjectFactory
) -> None:
    """`MoltresError` becomes a `CommandError` when Alembic loads the plugin, by its `__bases__`."""
    project = alembic_project(MODELS, sqlite_url, in_subprocess=True)
    project.write_script("bad", SCRIPT)
    done = subprocess.run(
        [sys.executable, "-m", "alembic", "upgrade", "head"],
        cwd=project.directory,
        check=False,
        capture_output=True,
        text=True,
    )
    shown = done.stdout + done.stderr
    assert done.returncode == 255
    assert "Traceback" not in shown
    (line,) = (line for line in shown.splitlines() if "FAILED: " in line)
    assert "'x'" in line


def test_the_same_error_is_a_plain_one_where_alembic_is_not_imported() -> None:
    source = (
        "import sys\nfrom alembic_moltres import SchemaError, column\n"
        "try: column('', 'TEXT')\nexcept SchemaError as err: print('alembic' in sys.modules, err.subject)"
    )
    done = subprocess.run(
        [sys.executable, "-c", source], check=True, capture_output=True, text=True
    )
    assert done.stdout == "False column('', 'TEXT')\n"


# Tables and constraints


def test_constraints_are_sorted_as_create_table_sorts_them() -> None:
    names = [f"ck_{number}" for number in range(20)]
    made = table(*(sa.CheckConstraint("a > 0", name=name) for name in names))
    ordered = sorted(made.constraints, key=sqla_compat.creation_order)
    assert names == [str(key.name) for key in ordered if key.name]
    assert names == [word for word in created(made).split() if word.startswith("ck_")]


def test_prefixes_are_read() -> None:
    made = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer), prefixes=["TEMPORARY"])
    assert sqla_compat.table_prefixes(made) == ["TEMPORARY"]


def test_dependencies_are_read() -> None:
    metadata = sa.MetaData()
    needed, made = sa.Table("n", metadata), sa.Table("t", metadata)
    made.add_is_dependent_on(needed)
    assert sqla_compat.dependencies(made) == {needed}


def test_the_sequences_of_a_metadata_are_read() -> None:
    metadata = sa.MetaData()
    alone = sa.Sequence("alone", metadata=metadata)
    of_column = sa.Sequence("of_column")
    sa.Table("t", metadata, sa.Column("id", sa.Integer, of_column, primary_key=True))
    assert [alone, of_column] == sqla_compat.sequences_of(metadata)


@pytest.mark.parametrize(("implicit", "keyed"), [(True, "(b, a)"), (False, "(a, b)")])
def test_an_implicit_primary_key_starts_with_the_column_that_counts(
    *, implicit: bool, keyed: str
) -> None:
    def columns(**stated: Any) -> list[sa.Column[Any]]:
        return [
            sa.Column("a", sa.Integer, autoincrement=False, **stated),
            sa.Column("b", sa.Integer, autoincrement=True, **stated),
        ]

    key = sqla_compat.primary_key("a", "b", implicit=implicit)
    made = sa.Table("t", sa.MetaData(), *columns(), key)
    assert f"PRIMARY KEY {keyed}" in created(made, POSTGRESQL)
    assert sqla_compat.has_implicit_columns(key) is implicit
    models = sa.Table("m", sa.MetaData(), *columns(primary_key=True))
    assert sqla_compat.has_implicit_columns(models.primary_key)


def test_an_index_of_text_is_put_on_a_table() -> None:
    made = table()
    index = sqla_compat.index("ix", sa.text("lower(a)"), table=made, unique=True)
    assert made.indexes == {index}
    assert (
        str(CreateIndex(index).compile(dialect=SQLITE)) == "CREATE UNIQUE INDEX ix ON t (lower(a))"
    )


def test_an_index_of_a_name_and_columns_can_be_compiled() -> None:
    column = sa.Column("a", sa.Integer)
    index = sqla_compat.index("ix", column, table=sa.table("t", column, schema="s"))
    assert str(CreateIndex(index).compile(dialect=SQLITE)) == "CREATE INDEX s.ix ON t (a)"


def test_the_elements_of_an_exclude_constraint_are_in_order() -> None:
    given = sa.Column("b", postgresql.INT4RANGE)
    expression = sa.text("abs(a)")
    key = postgresql.ExcludeConstraint((given, "&&"), (expression, "="), name="x")
    table(given, key)
    elements = sqla_compat.exclude_elements(key)
    assert [(element is given, operator) for element, _, operator in elements] == [
        (True, "&&"),
        (False, "="),
    ]
    assert str(elements[1][0]) == str(expression)


def test_the_check_of_a_type_is_told_from_others() -> None:
    made = table(
        sa.Column("b", sa.Boolean(name="of_type", create_constraint=True)),
        sa.CheckConstraint("a > 0", name="own"),
    )
    checks = {
        str(key.name): sqla_compat.is_made_by_type(key)
        for key in made.constraints
        if isinstance(key, sa.CheckConstraint)
    }
    assert checks == {"of_type": True, "own": False}
    copied = made.to_metadata(sa.MetaData())
    assert [created(each).count("CHECK") for each in (made, copied)] == [2, 2]


def test_a_rule_decides_where_a_check_is_and_goes_with_a_copy() -> None:
    key = sqla_compat.check("a > 0", rule=lambda compiler: compiler.dialect.name == "sqlite")
    made = table(key)
    for each in (made, made.to_metadata(sa.MetaData())):
        assert "CHECK (a > 0)" in created(each)
        assert "CHECK" not in created(each, POSTGRESQL)
    for dialect in (SQLITE, POSTGRESQL):
        assert sqla_compat.is_created(key, ddl_compiler(dialect)) == (dialect is SQLITE)
    rule: Any = sqla_compat.create_rule(key)
    assert rule(ddl_compiler(SQLITE))


def test_is_created_follows_ddl_if_too() -> None:
    key = sa.CheckConstraint("a > 0").ddl_if(dialect="sqlite")
    table(key)
    assert sqla_compat.is_created(key, ddl_compiler(SQLITE))
    assert not sqla_compat.is_created(key, ddl_compiler(POSTGRESQL))


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(lambda: sa.CheckConstraint("a > 0"), id="constraint"),
        pytest.param(lambda: sa.Index("ix", "a"), id="index"),
    ],
)
def test_a_condition_is_read_asked_moved_and_removed(item: Callable[[], Any]) -> None:
    given, other = item().ddl_if(dialect="sqlite"), item()
    made = table(given, other)

    def holding(each: Any) -> list[bool]:
        return [
            sqla_compat.condition_holds(each, each, made, ddl_compiler(dialect))
            for dialect in (SQLITE, POSTGRESQL)
        ]

    condition: Any = sqla_compat.ddl_condition(given)
    assert (condition.dialect, condition.callable_) == ("sqlite", None)
    assert sqla_compat.ddl_condition(other) is None
    assert (holding(given), holding(other)) == ([True, False], [True, True])
    sqla_compat.set_ddl_condition(other, condition)
    sqla_compat.set_ddl_condition(given, None)
    assert (holding(given), holding(other)) == ([True, True], [True, False])


def test_a_condition_in_python_gets_the_dialect_and_the_target() -> None:
    seen: list[tuple[Any, ...]] = []

    def asked(ddl: Any, target: Any, bind: Any, *, dialect: Dialect, **_: Any) -> bool:
        seen.append((ddl, target, bind, dialect))
        return False

    made = table()
    make: Any = sa.DDL
    statement = make("SELECT 1").execute_if(callable_=asked)
    assert not sqla_compat.condition_holds(statement, statement, made, ddl_compiler(SQLITE))
    assert seen == [(statement, made, None, SQLITE)]


# Foreign keys, columns, names


@pytest.mark.parametrize(
    ("target", "names"),
    [("u.id", (None, "u", "id")), ("s.u.id", ("s", "u", "id")), ("u", (None, "u", None))],
)
def test_the_names_that_a_foreign_key_refers_to(
    target: str, names: tuple[str | None, str, str | None]
) -> None:
    key = sa.ForeignKey(target)
    table(sa.Column("b", sa.Integer, key))
    assert tuple(sqla_compat.referred_names(key)) == names


def test_a_foreign_key_is_pointed_at_another_column() -> None:
    one, two = (sa.Table("u", sa.MetaData(), sa.Column("id", sa.Integer)) for _ in range(2))
    key = sa.ForeignKey(one.c.id)
    made = table(sa.Column("b", sa.Integer, key))
    assert key.column is one.c.id
    sqla_compat.refer_to(key, two.c.id)
    assert key.column is two.c.id
    assert made.c.b.references(two.c.id)


@pytest.mark.parametrize(
    ("default", "text"),
    [
        (sa.Computed("a + 1"), "b INTEGER GENERATED ALWAYS AS (a + 1)"),
        (sa.Identity(always=True), "b INTEGER GENERATED ALWAYS AS IDENTITY"),
    ],
)
def test_a_column_that_exists_is_given_what_fills_it(default: Any, text: str) -> None:
    made = sa.Column("b", sa.Integer)
    table(made)
    sqla_compat.attach_default(default, made)
    assert (made.computed or made.identity) is default
    assert str(CreateColumn(made).compile(dialect=POSTGRESQL)).startswith(text)


def test_the_name_that_a_convention_has_not_decided_yet() -> None:
    convention = {"ck": "ck_%(table_name)s_%(column_0_name)s", "ix": "ix_%(table_name)s"}
    made = table(
        sa.Column("b", sa.Boolean(create_constraint=True), index=True), naming_convention=convention
    )
    (key,) = (key for key in made.constraints if isinstance(key, sa.CheckConstraint))
    assert key.name is sqla_compat.UNDECIDED_NAME
    decided = sqla_compat.convention_name(key, made)
    assert decided == "ck_t_b"
    assert f"CONSTRAINT {decided} CHECK" in created(made)
    (index,) = made.indexes
    assert isinstance(index.name, sqla_compat.CONVENTION_NAMES)
    assert isinstance(conv("x"), sqla_compat.CONVENTION_NAMES)
    assert not isinstance(sa.quoted_name("x", quote=True), sqla_compat.CONVENTION_NAMES)


def test_a_convention_that_needs_a_name_raises() -> None:
    made = table(
        sa.Column("b", sa.Boolean(create_constraint=True)),
        naming_convention={"ck": "ck_%(constraint_name)s"},
    )
    (key,) = (key for key in made.constraints if isinstance(key, sa.CheckConstraint))
    with pytest.raises(InvalidRequestError):
        sqla_compat.convention_name(key, made)


def test_a_long_name_is_shortened_as_in_ddl() -> None:
    dialect, name = mysql.dialect(), 20 * "long "
    index = sa.Index(conv(name), table().c.a)
    kept = sqla_compat.truncated_name(dialect.identifier_preparer, name, 64)
    assert str(CreateIndex(index).compile(dialect=dialect)) == f"CREATE INDEX `{kept}` ON t (a)"
    assert sqla_compat.truncated_name(dialect.identifier_preparer, "a b", 64) == "a b"


@pytest.mark.parametrize(
    ("text", "expected"), [("a > :b", True), (r"a > '\:b'", False), ("1", False)]
)
def test_a_text_has_parameters_or_has_none(text: str, *, expected: bool) -> None:
    clause = sa.text(text)
    assert sqla_compat.has_parameters(clause) is expected
    assert bool(clause.compile().params) is expected


# Types


def test_the_type_that_sqlite_reflects() -> None:
    engine = sa.create_engine("sqlite://")
    texts = ("BINARY(16)", "VARCHAR(5)", "NUMERIC(4, 2)", "BOOLEAN", "point")
    with engine.connect() as connection:
        columns = ", ".join(f"c{number} {text}" for number, text in enumerate(texts))
        connection.exec_driver_sql(f"CREATE TABLE t ({columns})")
        found = [each["type"] for each in sa.inspect(connection).get_columns("t")]
    made = [sqla_compat.reflected_sqlite_type(engine.dialect, text) for text in texts]
    assert list(map(repr, found)) == list(map(repr, made))


@pytest.mark.parametrize(
    ("type_", "affinity"),
    [
        (sa.Integer(), sa.Integer),
        (sa.BigInteger(), sa.Integer),
        (sa.Numeric(10, 2), sa.Numeric),
        (sa.Float(), sa.Numeric),
        (sa.Text(), sa.String),
    ],
)
def test_the_affinity_by_which_a_key_autoincrements(type_: Any, affinity: type[Any]) -> None:
    found = sqla_compat.type_affinity(type_)
    assert found is affinity or (isinstance(type_, sa.Float) and found is sa.Float)
    made = sa.Table("t", sa.MetaData(), sa.Column("id", type_, primary_key=True))
    counts = made.autoincrement_column is not None
    assert counts == (isinstance(type_, sa.Integer) or (counts and affinity is sa.Numeric))


def test_variants_are_read_and_added_in_place() -> None:
    given = sa.String().with_variant(sa.Text(), "mysql")
    assert list(sqla_compat.variants_of(given)) == ["mysql"]
    assert not sqla_compat.variants_of(sa.String())
    sqla_compat.add_variants(given, {"sqlite": sa.BLOB()})
    assert list(sqla_compat.variants_of(given)) == ["mysql", "sqlite"]
    texts = [given.compile(dialect=shipped(name)) for name in ("mysql", "sqlite", "postgresql")]
    assert texts == ["TEXT", "BLOB", "VARCHAR"]
    assert not sqla_compat.variants_of(sa.String())


def test_the_storage_format_is_what_was_given() -> None:
    stated = "%(year)04d%(month)02d%(day)02d"
    make: Any = sqlite.DATE
    assert sqla_compat.storage_format(make(storage_format=stated)) == stated


# Dialects


def test_dialect_arguments_are_seen_where_they_are_given() -> None:
    made = table()
    plain, given = sa.Index("ix", made.c.a), sa.Index("iy", made.c.a, mysql_length=3)
    for index in (plain, given):  # compiling fills in defaults
        str(CreateIndex(index).compile(dialect=POSTGRESQL))
        assert bool(index.dialect_kwargs) is sqla_compat.has_dialect_arguments(index)
    assert [sqla_compat.has_dialect_arguments(each) for each in (plain, given)] == [False, True]
    plain.kwargs["postgresql_using"] = "gin"
    assert sqla_compat.has_dialect_arguments(plain)


def test_the_arguments_that_a_construct_takes_of_a_dialect() -> None:
    known, reflected = sqla_compat.dialect_arguments(sa.Index, "postgresql")
    assert {"where", "ops", "include", "using"} <= set(known)
    assert set(known).isdisjoint(reflected)
    assert "*" in sqla_compat.dialect_arguments(sa.Table, "mysql")[0]
    with pytest.raises(NoSuchModuleError):
        sqla_compat.dialect_arguments(sa.Index, "nosuch")


def test_an_argument_that_only_reflection_fills_is_told_apart() -> None:
    """`postgresql_invalid` is one since SQLAlchemy 2.1; before, there is none."""
    try:
        sa.Index("ix", "a", postgresql_invalid=True)
        taken = True
    except ArgumentError:
        taken = False
    known, reflected = sqla_compat.dialect_arguments(sa.Index, "postgresql")
    assert (set(reflected), "invalid" in known) == ({"invalid"} if taken else set(), False)


@pytest.mark.parametrize("paramstyle", ["pyformat", "format", "named", "qmark"])
def test_percent_signs_are_doubled_as_the_preparer_says(paramstyle: Any) -> None:
    dialect = dialect_of(paramstyle=paramstyle)
    preparer = dialect.identifier_preparer
    assert sqla_compat.doubles_percents(preparer) == (preparer.quote("a%") == '"a%%"')
    assert sqla_compat.doubles_percents(preparer) == (paramstyle in {"pyformat", "format"})


def test_as_connected_changes_what_is_doubled_and_changes_it_back() -> None:
    dialect = dialect_of(paramstyle="pyformat")

    def named() -> tuple[Any, Any]:
        return (
            getattr(dialect.identifier_preparer, sqla_compat.DOUBLES_PERCENTS),
            getattr(dialect, sqla_compat.ESCAPES_BACKSLASHES),
        )

    setattr(
        dialect, sqla_compat.ESCAPES_BACKSLASHES, True
    )  # as before it has met a server, in SQLAlchemy 2.0
    assert named() == (True, True)
    with as_connected(dialect):
        assert named() == (False, False)
        assert unseen_literal(dialect) == r"'5% \ '"
    assert named() == (True, True)
    assert unseen_literal(dialect) == r"'5%% \\ '"


def unseen_literal(dialect: Dialect) -> str:
    """Return what a dialect writes for a literal of a type that it has not seen."""
    literal = sa.literal(r"5% \ ", sa.String())
    return str(literal.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


# What a dialect asks a server by methods of its own


def asking(dialect: Dialect, name: str, answer: object) -> Dialect:
    """Return a dialect of the same class in which the method of that name answers so."""
    made: Dialect = type("Asking", (type(dialect),), {name: lambda *_, **__: answer})()
    assert hasattr(type(dialect), name)
    return made


def test_enum_types_and_domains_are_loaded_by_methods_of_the_dialect() -> None:
    enums = [{"name": "mood", "schema": "public", "labels": ["ok"], "visible": True}]
    for name, getter in (
        (sqla_compat.LOAD_ENUMS, "get_enums"),
        (sqla_compat.LOAD_DOMAINS, "get_domains"),
    ):
        engine = sa.create_mock_engine("postgresql://", lambda *_: None)
        dialect = asking(engine.dialect, name, enums)
        inspector = PGInspector.__new__(PGInspector)
        connection: Any = nullcontext()
        inspector.__dict__.update(bind=connection, dialect=dialect, info_cache={})
        inspector.__dict__["_operation_context"] = nullcontext
        assert getattr(inspector, getter)() == enums


def test_mysqls_dialect_tells_of_the_sql_mode() -> None:
    dialect = mysql.dialect()
    attributes = (sqla_compat.ANSI_QUOTES, sqla_compat.ESCAPES_BACKSLASHES)
    assert (False, True) == tuple(getattr(dialect, name) for name in attributes)
    setattr(dialect, sqla_compat.ESCAPES_BACKSLASHES, False)
    assert unseen_literal(dialect) == r"'5%% \ '"


def test_mysql_asks_its_driver_for_the_charset() -> None:
    class AskedError(Exception):
        pass

    def ask(*_: object) -> None:
        raise AskedError

    made = type("Asking", (mysql.dialect,), {sqla_compat.DETECT_CHARSET: ask})()
    assert hasattr(mysql.dialect, sqla_compat.DETECT_CHARSET)
    with pytest.raises(AskedError):
        made.initialize(None)


def test_the_names_that_a_result_has() -> None:
    select = sa.select(sa.literal(1).label("one"), sa.func.now().label("two"))
    with sa.create_engine("sqlite://").connect() as connection:
        named = tuple(connection.execute(select).keys())
        compiled = select.compile(connection)
        text = sa.text("SELECT 1").compile(connection)
    assert sqla_compat.result_columns(compiled) == named == ("one", "two")
    assert sqla_compat.result_columns(text) == ()


def test_a_block_that_ends_a_transaction_is_seen() -> None:
    with sa.create_engine("sqlite://").connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        assert not sqla_compat.is_in_block(connection)
        connection.commit()
        with connection.begin():
            assert sqla_compat.is_in_block(connection)
        assert not sqla_compat.is_in_block(connection)


def uncovered(module: ModuleType, canaries: Path) -> set[str]:
    """Return the public names of a module that no canary uses."""
    public = {
        name
        for name, found in vars(module).items()
        if not name.startswith("_")
        and (inspect.getmodule(found) is module or name.isupper())
        and name != "TYPE_CHECKING"
    }
    assert public
    used = {
        node.attr
        for node in ast.walk(ast.parse(canaries.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == module.__name__.rpartition(".")[2]
    }
    return public - used


def test_each_private_name_has_its_canary() -> None:
    assert uncovered(sqla_compat, Path(__file__)) == set()
