"""Each change: how a script writes it, what the log says, its reverse, and what it makes of tables."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from alembic_moltres.diff import (
    AddColumn,
    AddConstraint,
    AddForeignKeys,
    AlterColumn,
    AlterDomain,
    AlterEnum,
    AlterSequence,
    AlterTable,
    Change,
    CreateIndex,
    CreateSequence,
    CreateTable,
    CreateType,
    DropColumn,
    DropConstraint,
    DropForeignKeys,
    DropIndex,
    DropSequence,
    DropTable,
    DropType,
    RenameColumn,
    RenameTable,
    RenameType,
    SetComment,
    SetOptions,
    apply,
    diff,
)
from alembic_moltres.diff.autoincrement import added_autoincrement_columns
from alembic_moltres.diff.failures import OrphanRows, failures_of
from alembic_moltres.errors import MoltresError, OperationError, SchemaError, UnknownColumnError
from alembic_moltres.schema import (
    ForeignKeyConstraint,
    TableSchema,
    check,
    column,
    computed,
    exclude,
    foreign_key,
    identity,
    index,
    primary_key,
    quoted_name,
    sequence,
    sql,
    unique,
)
from alembic_moltres.schema.item_text import ItemText

MOODS, MORE = "ENUM('a','b',name='m')", "ENUM('a','c',name='m')"
PAGES = "postgresql.DOMAIN(INTEGER,name='pages')"
MORE_PAGES = "postgresql.DOMAIN(INTEGER,name='pages',not_null=True)"
A, B = column("a", "INTEGER"), column("a", "BIGINT", nullable=False, default=3, comment="c")
KEY = foreign_key("a", "t", "a", name="fk", use_alter=True)
INDEX = index("ix", "a")
TABLE = TableSchema(
    "t",
    [A, column("m", MOODS), column("n", "INTEGER", sequence=sequence("s"))],
    constraints=[unique("a", name="uq"), check("a > 0")],
    indexes=[INDEX],
)
KEYED = TableSchema("k", [A], constraints=[KEY])

# change, method, arguments, keywords, message
CHANGES: list[tuple[Change, str, tuple[Any, ...], dict[str, Any], str]] = [
    (AddColumn(A), "add_column", (A,), {}, "added column 's.t.a'"),
    (DropColumn(A), "drop_column", (A,), {}, "removed column 's.t.a'"),
    (
        AlterColumn(A, B, fill_null=True),
        "alter_column",
        (A, B),
        {"fill_null": True},
        "type, nullability, server default, comment changed on column 's.t.a'",
    ),
    (
        AlterColumn(B, A, fill_null=True),
        "alter_column",
        (B, A),
        {},
        "type, nullability, server default, comment changed on column 's.t.a'",
    ),
    (
        RenameColumn(quoted_name("a", quote=True), "b"),
        "rename_column",
        ("a", "b"),
        {},
        "column 's.t.a' renamed to 'b'",
    ),
    (
        AddConstraint(unique("a", name="uq")),
        "add_constraint",
        (unique("a", name="uq"),),
        {},
        "added unique constraint 'uq' on table 's.t'",
    ),
    (
        DropConstraint(check("a > 0")),
        "drop_constraint",
        (check("a > 0"),),
        {},
        "removed check constraint on (a > 0) on table 's.t'",
    ),
    (
        AddConstraint(KEY),
        "add_constraint",
        (KEY,),
        {},
        "added foreign key constraint 'fk' on table 's.t'",
    ),
    (
        DropConstraint(primary_key("a", name="pk")),
        "drop_constraint",
        (primary_key("a", name="pk"),),
        {},
        "removed primary key constraint 'pk' on table 's.t'",
    ),
    (
        CreateIndex(index("ix", "a")),
        "create_index",
        (index("ix", "a"),),
        {},
        "added index 'ix' on table 's.t'",
    ),
    (
        DropIndex(index("ix", "a")),
        "drop_index",
        (index("ix", "a"),),
        {},
        "removed index 'ix' on table 's.t'",
    ),
    (
        SetComment("old", None),
        "set_comment",
        (None, "old"),
        {},
        "changed comment of table 's.t'",
    ),
    (
        SetOptions({"mysql_engine": "Aria"}, {"mysql_charset": "utf8"}),
        "set_options",
        ({"mysql_charset": "utf8"}, {"mysql_engine": "Aria"}),
        {},
        "changed options of table 's.t': mysql_charset, mysql_engine",
    ),
    (CreateTable(TABLE), "moltres_create_table", (TABLE,), {}, "added table 't'"),
    (DropTable(TABLE), "moltres_drop_table", (TABLE,), {}, "removed table 't'"),
    (AddForeignKeys(KEYED), "moltres_add_foreign_keys", (KEYED,), {}, ""),
    (DropForeignKeys(KEYED), "moltres_drop_foreign_keys", (KEYED,), {}, ""),
    (
        RenameTable("t", "u", "s"),
        "moltres_rename_table",
        ("t", "u"),
        {"schema": "s"},
        "table 't' renamed to 'u'",
    ),
    (
        RenameTable("t", "u"),
        "moltres_rename_table",
        ("t", "u"),
        {},
        "table 't' renamed to 'u'",
    ),
    (
        AlterEnum(MOODS, MORE, {"b": "c"}),
        "moltres_alter_enum",
        (MOODS, MORE),
        {"renamed": {"b": "c"}},
        f"changed labels of an enum type: {MOODS} becomes {MORE}",
    ),
    (
        AlterEnum(MOODS, MORE),
        "moltres_alter_enum",
        (MOODS, MORE),
        {},
        f"changed labels of an enum type: {MOODS} becomes {MORE}",
    ),
    (
        AlterSequence(sequence("s"), sequence("s", start=5)),
        "moltres_alter_sequence",
        (sequence("s"), sequence("s", start=5)),
        {},
        "changed sequence 's'",
    ),
    (
        AlterDomain(PAGES, MORE_PAGES),
        "moltres_alter_domain",
        (PAGES, MORE_PAGES),
        {},
        f"changed domain: {PAGES} becomes {MORE_PAGES}",
    ),
    (
        AlterDomain(PAGES, MORE_PAGES, in_arrays=True),
        "moltres_alter_domain",
        (PAGES, MORE_PAGES),
        {"in_arrays": True},
        f"changed domain: {PAGES} becomes {MORE_PAGES}",
    ),
    (CreateType(MOODS), "moltres_create_type", (MOODS,), {}, "added type 'm'"),
    (DropType(MOODS), "moltres_drop_type", (MOODS,), {}, "removed type 'm'"),
    (RenameType("m", "n"), "moltres_rename_type", ("m", "n"), {}, "type 'm' renamed to 'n'"),
    (
        RenameType("m", "n", "s"),
        "moltres_rename_type",
        ("m", "n"),
        {"schema": "s"},
        "type 'm' renamed to 'n'",
    ),
    (
        CreateSequence(sequence("s", schema="x")),
        "moltres_create_sequence",
        (sequence("s", schema="x"),),
        {},
        "added sequence 'x.s'",
    ),
    (
        DropSequence(sequence("s")),
        "moltres_drop_sequence",
        (sequence("s"),),
        {},
        "removed sequence 's'",
    ),
    (
        AlterTable("t", "s", (AddColumn(A),)),
        "moltres_alter_table",
        ("t",),
        {"schema": "s"},
        "",
    ),
    (AlterTable("t", None, ()), "moltres_alter_table", ("t",), {}, ""),
]
NAMES = {name: value for name, value in globals().items() if not name.startswith("_")}


@pytest.mark.parametrize("given", CHANGES, ids=lambda given: type(given[0]).__name__)
def test_a_change_says_all_of_itself(given: tuple[Any, ...]) -> None:
    change, method, arguments, keywords, message = given
    assert (method, arguments, keywords) == (
        change.method,
        change.arguments(),
        dict(change.keywords()),
    )
    assert message == change.message("s.t")
    assert change == change.reverse().reverse()
    assert change != change.reverse() or change == AlterTable("t", None, ())
    assert change == eval(repr(change), dict(NAMES))


def test_a_block_has_the_messages_of_what_is_inside() -> None:
    inside = (AddColumn(A), RenameColumn("a", "b"))
    assert AlterTable("t", "s", inside).messages() == [
        "added column 's.t.a'",
        "column 's.t.a' renamed to 'b'",
    ]


LOSSES: list[tuple[Change, list[str]]] = [
    (DropTable(TABLE), ["the rows of t"]),
    (CreateTable(TABLE), []),
    (DropColumn(A), ["the values of s.t.a"]),
    (DropColumn(column("c", "INTEGER", computed=computed("a"))), []),
    (AlterColumn(column("a", "DECIMAL(9,2)"), A), ["the fractions of s.t.a"]),
    (AlterColumn(A, B, fill_null=True), ["which values of s.t.a were NULL"]),
    (AlterColumn(A, B), []),
    (AlterTable("t", "s", (AddColumn(A), DropColumn(B))), ["the values of s.t.a"]),
]


@pytest.mark.parametrize("given", LOSSES, ids=lambda given: repr(given[0])[:40])
def test_a_change_says_what_of_the_rows_it_loses(given: tuple[Change, list[str]]) -> None:
    change, losses = given
    assert losses == list(change.losses("s.t"))


NEEDY = column("a", "INTEGER", nullable=False)
GIVEN = column("a", "INTEGER", nullable=False, default=7)
FILLED: list[tuple[Change, tuple[Change, ...]]] = [
    (AddColumn(NEEDY), (AddColumn(NEEDY, 7),)),
    (
        AlterColumn(A, NEEDY),
        (AlterColumn(A, GIVEN, fill_null=True), AlterColumn(GIVEN, NEEDY)),
    ),
    (AddColumn(NEEDY, 7), ()),
    (AddColumn(A), ()),
    (AddColumn(GIVEN), ()),
    (AddColumn(column("a", "INTEGER", nullable=False, identity=identity())), ()),
    (AddColumn(column("a", "INTEGER", nullable=False, autoincrement=True)), ()),
    (AlterColumn(NEEDY, column("a", "BIGINT", nullable=False)), ()),
    (DropColumn(NEEDY), ()),
    (RenameColumn("a", "b"), ()),
]


@pytest.mark.parametrize("given", FILLED, ids=lambda given: repr(given[0])[:50])
def test_a_change_is_filled_that_needs_it(given: tuple[Any, tuple[Change, ...]]) -> None:
    change, filled = given
    assert bool(filled) == change.needs_fill
    if filled:
        assert filled == change.filled(7)


def test_a_column_is_replaced_by_another_one_or_made_anew() -> None:
    retyped = AlterColumn(A, column("a", "TEXT"))
    replaced = retyped.replaced("b", sql("CAST(a AS TEXT)"))
    assert table_after(*replaced).columns == table_after(retyped).columns
    assert table_after(*retyped.recreated()).columns == table_after(retyped).columns


def table_after(*changes: Change) -> TableSchema:
    (made,) = apply([AlterTable("t", None, changes)], [TableSchema("t", [A])])
    return made


def test_keys_of_a_cycle_are_changes_inside_their_table_and_fail_on_orphans() -> None:
    added, unchecked = AddForeignKeys(KEYED), replace(KEY, dialect_options={"x_not_valid": True})
    assert added.block == AlterTable("k", None, (AddConstraint(KEY),))
    assert added.reverse().block == added.block.reverse()
    assert list(failures_of(added, {})) == [((None, "k"), OrphanRows(KEY))]
    assert list(failures_of(AddForeignKeys(replace(KEYED, constraints=(unchecked,))), {})) == []


def altered(*changes: Change, table: TableSchema = TABLE) -> TableSchema:
    (made,) = apply([AlterTable(table.name, table.schema, changes)], [table])
    return made


def test_a_dropped_constraint_is_found_by_its_content_or_its_name() -> None:
    assert altered(DropConstraint(check("a > 0"))).constraints == (unique("a", name="uq"),)
    assert altered(DropConstraint(unique("m", name="uq"))).constraints == (check("a > 0"),)


def test_a_dropped_index_is_found_by_its_name() -> None:
    assert altered(DropIndex(index("ix", "m"))).indexes == ()


def test_options_and_comment_are_set() -> None:
    changes = (SetOptions({}, {"mysql_engine": "Aria"}), SetComment(None, "c"))
    made = altered(*changes)
    assert (made.dialect_options, made.comment) == ({"mysql_engine": "Aria"}, "c")
    assert TABLE == altered(*(change.reverse() for change in changes), table=made)


def test_prefixes_are_options_of_the_table() -> None:
    before, after = TABLE, replace(TABLE, prefixes=("UNLOGGED",))
    (change,) = diff([before], [after])
    assert change == AlterTable(
        "t", None, (SetOptions({"prefixes": ()}, {"prefixes": ("UNLOGGED",)}),)
    )
    assert apply([change], [before]) == (after,)


def test_a_renamed_column_is_followed_by_all_that_names_it() -> None:
    table = TableSchema(
        "t",
        [
            column("a", "INTEGER", constraints=[check("a <> 'a'")]),
            column("b", "INTEGER", computed=computed('"a" + 1')),
        ],
        constraints=[
            unique("a", dialect_options={"postgresql_include": ["a"]}),
            foreign_key("b", "t", "a"),
            exclude(("a", "="), (sql("lower(a)"), "="), where=sql("a > 0")),
        ],
        indexes=[
            index(
                "ix",
                ["a", sql("a + 1", mysql="(`a` + 1)")],
                dialect_options={
                    "postgresql_ops": {"a": "text_pattern_ops"},
                    "postgresql_where": sql("[a] > 0"),
                    "postgresql_using": "btree",
                    "mysql_length": 5,
                },
            )
        ],
    )
    other = TableSchema("o", [A], constraints=[foreign_key("a", "t", "a")])
    rename = AlterTable("t", None, (RenameColumn("a", "c"),))
    made, referring = apply([rename], [table, other])
    assert referring.constraints == (foreign_key("a", "t", "c"),)
    assert made == TableSchema(
        "t",
        [
            column("c", "INTEGER", constraints=[check("c <> 'a'")]),
            column("b", "INTEGER", computed=computed('"c" + 1')),
        ],
        constraints=[
            unique("c", dialect_options={"postgresql_include": ["c"]}),
            foreign_key("b", "t", "c"),
            exclude(("c", "="), (sql("lower(c)"), "="), where=sql("c > 0")),
        ],
        indexes=[
            index(
                "ix",
                ["c", sql("c + 1", mysql="(`c` + 1)")],
                dialect_options={
                    "postgresql_ops": {"c": "text_pattern_ops"},
                    "postgresql_where": sql("[c] > 0"),
                    "postgresql_using": "btree",
                    "mysql_length": 5,
                },
            )
        ],
    )
    assert (table, other) == apply([rename.reverse()], [made, referring])


def test_a_renamed_table_is_followed_by_the_keys_that_refer_to_it() -> None:
    own, other = foreign_key("a", "t", "a"), foreign_key("a", "t", "a", references_schema="s")
    table = TableSchema("t", [A], constraints=[own, other])
    (made,) = apply([RenameTable("t", "u")], [table])
    assert made == TableSchema("u", [A], constraints=[foreign_key("a", "u", "a"), other])


def test_labels_change_in_every_column_of_the_type() -> None:
    columns = [
        column("m", MOODS),
        column("array", f"postgresql.ARRAY({MOODS},dimensions=2)"),
        column("variant", "TEXT", type_variants={"postgresql": MOODS, "mysql": "JSON"}),
        column("other", "ENUM('a',name='other')"),
        column("text", "ENUM('a','b',name='m',native_enum=False)"),
        column("nameless", "ENUM('a','b')"),
    ]
    (made,) = apply([AlterEnum(MOODS, MORE)], [TableSchema("t", columns)])
    assert list(made.columns) == [
        column("m", MORE),
        column("array", f"postgresql.ARRAY({MORE},dimensions=2)"),
        column("variant", "TEXT", type_variants={"postgresql": MORE, "mysql": "JSON"}),
        *columns[3:],
    ]


def test_a_sequence_changes_in_every_column_that_has_it() -> None:
    other = TableSchema("o", [column("n", "INTEGER", sequence=sequence("s", schema="x"))])
    change = AlterSequence(sequence("s"), sequence("s", start=5))
    made, untouched = apply([change], [TABLE, other])
    assert made.column("n").sequence == sequence("s", start=5)
    assert untouched is other


def test_keys_of_a_cycle_come_and_go_by_themselves() -> None:
    created = CreateTable(KEYED), AddForeignKeys(KEYED)
    without, with_key = apply(created[:1], [TABLE]), apply(created, [TABLE])
    assert (without[1].constraints, with_key[1].constraints) == ((), (KEY,))
    assert without == apply([DropForeignKeys(KEYED)], with_key)
    inline = TableSchema("k", [A], constraints=[foreign_key("a", "t", "a", name="fk")])
    assert without == apply([DropForeignKeys(KEYED)], [TABLE, inline])


MISFITS: list[tuple[Change, type[MoltresError], str]] = [
    (AddColumn(A), SchemaError, "the column 'a' already exists in the table 't' .at add_column."),
    (DropColumn(column("aa", "TEXT")), UnknownColumnError, "'aa' in .* did you mean 'a'"),
    (DropColumn(A), SchemaError, "the unique constraint 'uq' of the table 't' uses the column 'a'"),
    (
        AlterColumn(column("zz", "TEXT"), B),
        SchemaError,
        "alter_column got the columns 'zz' and 'a'",
    ),
    (AlterColumn(column("z", "TEXT"), column("z", "INTEGER")), UnknownColumnError, "correct the"),
    (RenameColumn("z", "y"), UnknownColumnError, "no column 'z' .* .at rename_column."),
    (RenameColumn("a", "m"), SchemaError, "'m' already exists in the table 't' .at rename_column."),
    (AddConstraint(unique("m", name="uq")), SchemaError, "'uq' is in the table 't' already"),
    (AddConstraint(unique("z")), UnknownColumnError, "no column 'z'"),
    (DropConstraint(unique("m", name="uqq")), SchemaError, "no unique .* did you mean 'uq'"),
    (DropConstraint(unique("m")), SchemaError, "no unique constraint on .m. in .*; drop it as"),
    (CreateIndex(index("ix", "m")), SchemaError, "the index 'ix' is in the table"),
    (DropIndex(index("ixx", "a")), SchemaError, "no index 'ixx' .*; did you mean 'ix'"),
    (DropIndex(index("zzzz", "a")), SchemaError, "no index 'zzzz' .*; correct the name"),
]


@pytest.mark.parametrize(("change", "error", "message"), MISFITS)
def test_a_change_that_does_not_fit_is_an_error(
    change: Change, error: type[MoltresError], message: str
) -> None:
    with pytest.raises(error, match=message):
        altered(change)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (CreateTable(TABLE), "the table 't' already exists .at moltres_create_table."),
        (DropTable(KEYED), "there is no table 'k' .at moltres_drop_table.; create it first"),
        (RenameTable("t", "t"), "the table 't' already exists"),
        (RenameTable("tt", "u"), "there is no table 'tt' .*; did you mean 't'"),
        (AddForeignKeys(KEYED), "there is no table 'k'"),
        (AlterTable("t", "s", (AddColumn(A),)), "there is no table 's.t' .at add_column."),
        (AddColumn(A), "add_column is a change inside a table; apply its AlterTable"),
        (RenameColumn("a", "b"), "rename_column is a change inside a table"),
    ],
)
def test_a_change_of_what_is_not_there_is_an_error(change: Change, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        apply([change], [TABLE])


@pytest.mark.parametrize(
    ("current", "desired", "renamed", "message"),
    [
        ("ENUM('a')", "ENUM('a')", {}, "is not an enum type with a name"),
        (MOODS, "ENUM('a',name='other')", {}, "are different types"),
        (MOODS, MORE, {"c": "a"}, "the label 'c' is renamed 'a'"),
    ],
)
def test_labels_change_within_one_type_only(
    current: str, desired: str, renamed: dict[str, str], message: str
) -> None:
    with pytest.raises(OperationError, match=message):
        AlterEnum(current, desired, renamed)


@pytest.mark.parametrize(
    ("current", "desired", "message"),
    [
        (MOODS, PAGES, "is no domain"),
        ("postgresql.DOMAIN(INTEGER,name=None)", PAGES, "is no domain"),
        (PAGES, PAGES.replace("pages", "other"), "are different domains"),
    ],
)
def test_a_domain_changes_within_itself_only(current: str, desired: str, message: str) -> None:
    with pytest.raises(OperationError, match=message):
        AlterDomain(current, desired)


def test_only_a_sequence_changes_into_one() -> None:
    with pytest.raises(OperationError, match=r"got 's'; write op\.moltres_alter_sequence"):
        AlterSequence("s", sequence("s"))  # type: ignore[arg-type]


@pytest.mark.parametrize("type_", ["INTEGER", "ENUM('a')", "VARCHAR(5)"])
def test_only_a_type_with_a_name_is_created_alone(type_: str) -> None:
    with pytest.raises(OperationError, match="no enum type or domain with a name"):
        CreateType(type_)


def test_a_domain_changes_in_every_column_that_has_it() -> None:
    columns = [
        column("d", PAGES),
        column("array", f"postgresql.ARRAY({PAGES})"),
        column("variant", "INTEGER", type_variants={"postgresql": PAGES}),
        column("other", PAGES.replace("pages", "other")),
        column("none", "INTEGER"),
    ]
    (made,) = apply([AlterDomain(PAGES, MORE_PAGES)], [TableSchema("t", columns)])
    assert made.columns == (
        column("d", MORE_PAGES),
        column("array", f"postgresql.ARRAY({MORE_PAGES})"),
        column("variant", "INTEGER", type_variants={"postgresql": MORE_PAGES}),
        column("other", PAGES.replace("pages", "other")),
        column("none", "INTEGER"),
    )


def test_a_key_that_is_all_that_changes_keeps_its_place_before_what_it_refers_to() -> None:
    key = foreign_key("a", "t", "a", name="fk")
    before = [TableSchema("a", [A], constraints=[key]), TableSchema("t", [A])]
    after = [TableSchema("a", [A]), TableSchema("t", [B])]
    assert [change.arguments() for change in diff(before, after)] == [("a",), ("t",)]
    before = [TableSchema("z", [A], constraints=[key]), TableSchema("t", [A])]
    after = [TableSchema("z", [A]), TableSchema("t", [B])]
    assert [change.arguments() for change in diff(before, after)] == [("z",), ("t",)]


def counting(*constraints: Any, of: tuple[Any, ...] = ()) -> frozenset[str]:
    columns = of or tuple(column(name, "INTEGER") for name in ("a", "b"))
    changes = [*map(AddColumn, columns), *map(AddConstraint, constraints)]
    return added_autoincrement_columns(AlterTable("t", None, tuple(changes)))


def test_an_added_column_counts_by_itself_as_the_only_one_of_the_key() -> None:
    assert counting() == frozenset()
    assert counting(primary_key("a")) == {"a"}
    assert counting(primary_key(["a", "b"])) == frozenset()
    assert counting(primary_key("a"), foreign_key("a", "o", "id")) == frozenset()
    assert counting(primary_key("a"), foreign_key("b", "o", "id")) == {"a"}
    assert counting(primary_key("there_already")) == frozenset()
    numbered = column("a", "INTEGER", identity=identity())
    assert counting(primary_key("a"), of=(numbered,)) == {"a"}
    assert counting(primary_key("a"), of=(column("a", "TEXT"),)) == frozenset()


def test_a_key_with_use_alter_is_the_same_key() -> None:
    plain = ForeignKeyConstraint(("a",), "t", ("a",))
    later = ForeignKeyConstraint(("a",), "t", ("a",), use_alter=True)
    tables = [TableSchema("k", [A], constraints=[key]) for key in (plain, later)]
    assert diff(tables[:1], tables[1:]) == ()


def test_an_option_of_text_that_is_left_is_changed_beside_the_other_one_of_its_statement() -> None:
    without, having = (
        TableSchema("t", [column("id", "INTEGER")], dialect_options=options)
        for options in (
            {"mysql_charset": "utf8mb4", "mysql_engine": "InnoDB"},
            {"mysql_charset": "utf8mb4", "mysql_engine": "InnoDB", "mysql_collate": "utf8mb4_bin"},
        )
    )
    (block,) = diff([having], [without])
    assert block == AlterTable(
        "t",
        None,
        (
            SetOptions(
                {"mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin"},
                {"mysql_charset": "utf8mb4"},
            ),
        ),
    )
    assert block.messages() == ["changed options of table 't': mysql_collate"]


def test_a_column_that_is_stated_again_keeps_its_definition() -> None:
    same = AlterColumn(column("a", "TEXT"), column("a", "TEXT"))
    block = AlterTable("t", None, (same,))
    assert ["column 't.a' keeps its definition"] == block.messages()
    assert [] == list(same.lines(ItemText()))
    assert same == same.reverse()
