"""Changes as lines that a person reads."""

from __future__ import annotations

import pytest

from alembic_moltres.diff import (
    AddColumn,
    AddConstraint,
    AddForeignKeys,
    AlterColumn,
    AlterEnum,
    AlterSequence,
    AlterTable,
    Change,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropForeignKeys,
    DropIndex,
    DropTable,
    RenameColumn,
    RenameGeneratedNames,
    RenameTable,
    SetComment,
    SetOptions,
)
from alembic_moltres.diff.summary import Row, lines, summary
from alembic_moltres.schema import (
    TableSchema,
    check,
    column,
    computed,
    exclude,
    foreign_key,
    identity,
    index,
    primary_key,
    sequence,
    sql,
    unique,
)
from alembic_moltres.schema.item_text import ItemText

NAME = column("name", "VARCHAR(50)")
CYCLE = TableSchema(
    "a",
    [column("b_id", "INTEGER")],
    constraints=[foreign_key("b_id", "b", "id", name="fk_a", use_alter=True)],
)


def inside(*changes: Change) -> list[str]:
    """Return the lines of changes inside `users`, below its name."""
    texts = [text for text, _ in lines(summary([AlterTable("users", None, changes)]))]
    assert texts[0] == "users"
    return [text.removeprefix("  ") for text in texts[1:]]


def written(*changes: Change) -> list[str]:
    return [text for text, _ in lines(summary(changes))]


def test_a_block_is_read_as_it_is_carried_out() -> None:
    assert written(
        AlterTable(
            "users",
            "shop",
            (
                DropIndex(index("ix_users_mail", "mail")),
                RenameColumn("mail", "email"),
                AddColumn(column("age", "INTEGER", nullable=False, default=0)),
                AlterColumn(NAME, column("name", "VARCHAR(100)", nullable=False)),
            ),
        )
    ) == [
        "shop.users",
        "  - index ix_users_mail (mail)",
        "  rename column mail -> email",
        "  + column age INTEGER not null default 0",
        "  ~ column name: VARCHAR(50) -> VARCHAR(100), not null",
    ]


def test_tables_and_what_is_outside_them_stand_at_the_margin() -> None:
    tags = TableSchema("tags", [column("id", "INTEGER"), column("a name", "TEXT")])
    assert written(
        CreateTable(tags),
        AlterTable("users", None, (DropColumn(NAME),)),
        RenameTable("person", "people", "app"),
        DropTable(tags),
    ) == [
        "+ table tags (id, 'a name')",
        "users",
        "  - column name VARCHAR(50)",
        "rename table app.person -> app.people",
        "- table tags (id, 'a name')",
    ]


@pytest.mark.parametrize(
    ("desired", "text"),
    [
        pytest.param(column("name", "TEXT"), "VARCHAR(50) -> TEXT", id="type"),
        pytest.param(
            column("name", "VARCHAR(50)", type_variants={"postgresql": "postgresql.CITEXT"}),
            "VARCHAR(50) -> VARCHAR(50) (postgresql: postgresql.CITEXT)",
            id="type of a dialect",
        ),
        pytest.param(column("name", "VARCHAR(50)", nullable=False), "not null", id="not null"),
        pytest.param(column("name", "VARCHAR(50)", default="x"), "default 'x'", id="default"),
        pytest.param(
            column("name", "VARCHAR(50)", default=sql.now()), "default now()", id="the time"
        ),
        pytest.param(
            column("name", "VARCHAR(50)", computed=computed("a || b", persisted=True)),
            "computed as (a || b) stored",
            id="computed",
        ),
        pytest.param(
            column("name", "VARCHAR(50)", identity=identity(always=True, start=5)),
            "always identity start 5",
            id="identity",
        ),
        pytest.param(
            column("name", "VARCHAR(50)", sequence=sequence("s")), "sequence s", id="sequence"
        ),
        pytest.param(
            column("name", "VARCHAR(50)", autoincrement=True),
            "autoincrement auto -> True",
            id="autoincrement",
        ),
        pytest.param(column("name", "VARCHAR(50)", comment="a"), "comment 'a'", id="comment"),
        pytest.param(
            column("name", "VARCHAR(50)", dialect_options={"mysql_x": 1}), "mysql_x 1", id="option"
        ),
        pytest.param(
            column("name", "VARCHAR(50)", constraints=[check("name <> ''")]),
            "none -> check (name <> '')",
            id="check of the column",
        ),
    ],
)
def test_of_an_altered_column_only_what_differs_is_told(desired: object, text: str) -> None:
    assert inside(AlterColumn(NAME, desired)) == [f"~ column name: {text}"]  # type: ignore[arg-type]


def test_what_a_column_loses_is_told_with_what_it_was() -> None:
    current = column("name", "TEXT", nullable=False, default="x", comment="c")
    (line,) = inside(AlterColumn(current, column("name", "TEXT")))
    assert line == "~ column name: null allowed, default 'x' -> none, comment 'c' -> none"
    current = column("name", "TEXT", computed=computed("1"))
    assert inside(AlterColumn(current, column("name", "TEXT"))) == [
        "~ column name: no longer computed as (1)"
    ]


def test_what_existing_rows_get_is_told() -> None:
    desired = column("name", "VARCHAR(50)", nullable=False, default="x")
    assert inside(AlterColumn(NAME, desired, fill_null=True), AddColumn(desired, "y")) == [
        "~ column name: not null, NULL becomes 'x', default 'x'",
        "+ column name VARCHAR(50) not null default 'x', 'y' in existing rows",
    ]


def test_each_kind_of_constraint_is_told_with_its_content() -> None:
    key = foreign_key(
        "a", "t", "id", name="fk", references_schema="s", on_delete="CASCADE", deferrable=True
    )
    assert inside(
        AddConstraint(primary_key("a", name="pk")),
        AddConstraint(unique(["a", "b"])),
        AddConstraint(check("a > 0", name="ck", ddl_if=("postgresql",))),
        AddConstraint(key),
        DropConstraint(exclude(("room", "="), (sql("lower(x)"), "&&"), name="ex")),
        CreateIndex(
            index(
                "ux",
                sql("lower(a)"),
                unique=True,
                dialect_options={"postgresql_where": sql("a > 0")},
            )
        ),
    ) == [
        "+ primary key pk (a)",
        "+ unique (a, b)",
        "+ check ck (a > 0) on postgresql only",
        "+ foreign key fk (a) references s.t(id) on delete CASCADE deferrable",
        "- exclude ex using gist (room with =, lower(x) with &&)",
        "+ unique index ux (lower(a)) postgresql_where a > 0",
    ]


def test_an_item_that_is_dropped_and_added_under_its_name_is_one_line() -> None:
    one, other = check("a > 0", name="ck"), check("a >= 0", name="ck")
    key = foreign_key("a", "t", "id", name="fk")
    assert inside(
        DropConstraint(one), DropConstraint(key), AddConstraint(key), AddConstraint(other)
    ) == [
        "~ foreign key fk: (a) references t(id), made again",
        "~ check ck: (a > 0) -> (a >= 0)",
    ]


def test_what_loses_values_or_uniqueness_is_two_lines() -> None:
    plain, unique_one = index("ix", "a"), index("ix", "a", unique=True)
    twice = [check("a > 0", name="ck", ddl_if=(name,)) for name in ("sqlite", "mysql")]
    assert inside(DropIndex(plain), DropColumn(NAME), AddColumn(NAME), CreateIndex(unique_one)) == [
        "- index ix (a)",
        "- column name VARCHAR(50)",
        "+ column name VARCHAR(50)",
        "+ unique index ix (a)",
    ]
    both = (*map(DropConstraint, twice), AddConstraint(twice[0]))
    assert [line[0] for line in inside(*both)] == ["-", "-", "+"]


def test_comments_options_and_kept_names_are_told() -> None:
    assert inside(
        SetComment(None, "all\nusers"),
        SetOptions({"mysql_engine": "InnoDB"}, {"mysql_engine": "MyISAM", "prefixes": ("X",)}),
        RenameGeneratedNames({"person_pkey": "users_pkey"}, {"person_id_seq": "users_id_seq"}),
    ) == [
        r"~ comment: 'all\nusers'",
        "~ option mysql_engine: 'InnoDB' -> 'MyISAM'",
        "~ option prefixes: 'X'",
        "rename constraint person_pkey -> users_pkey",
        "rename sequence person_id_seq -> users_id_seq",
    ]


@pytest.mark.parametrize(
    ("labels", "renamed", "text"),
    [
        pytest.param("'a','b','c'", {}, "+ 'c'", id="added"),
        pytest.param("'a'", {}, "- 'b'", id="removed"),
        pytest.param("'a','x'", {"b": "x"}, "rename 'b' -> 'x'", id="renamed"),
        pytest.param("'b','a'", {}, "order 'b', 'a'", id="moved"),
        pytest.param("'x','a'", {"b": "x"}, "rename 'b' -> 'x', order 'x', 'a'", id="both"),
    ],
)
def test_labels_are_told_one_by_one(labels: str, renamed: dict[str, str], text: str) -> None:
    change = AlterEnum(
        "ENUM('a','b',name='mood',schema='app')",
        f"ENUM({labels},name='mood',schema='app')",
        renamed,
    )
    assert written(change) == [f"~ enum type app.mood: {text}"]


def test_labels_of_a_type_without_a_name_are_told_too() -> None:
    change = AlterColumn(column("m", "ENUM('a','b')"), column("m", "ENUM('a','b','c')"))
    assert inside(change) == ["~ column m: ENUM + 'c'"]


def test_labels_and_names_of_a_type_that_differ_are_told_as_two_types() -> None:
    before, after = column("m", "ENUM('a',name='m')"), column("m", "ENUM('a','b',name='n')")
    assert inside(AlterColumn(before, after)) == [
        "~ column m: ENUM('a',name='m') -> ENUM('a','b',name='n')"
    ]


def test_a_type_that_differs_on_another_database_is_told_with_it() -> None:
    variant = column("m", "TEXT", type_variants={"mysql": "JSON"})
    change = AlterTable("users", None, (AlterColumn(column("m", "TEXT"), variant),))
    (row,) = summary([change], ItemText(("postgresql",)))
    assert row.text == "TEXT -> TEXT (mysql: JSON)"


def test_of_a_columns_options_only_those_that_differ_are_told() -> None:
    options = [{"mysql_x": each, "mysql_y": 1} for each in (1, 2)]
    before, after = (column("m", "TEXT", dialect_options=each) for each in options)
    assert inside(AlterColumn(before, after)) == ["~ column m: mysql_x 1 -> 2"]


def test_a_sequence_is_told_with_the_options_that_differ() -> None:
    change = AlterSequence(sequence("s", start=1), sequence("s", start=5, cycle=True))
    assert written(change) == ["~ sequence s: start 1 -> 5, cycle true"]


def test_keys_of_a_cycle_are_told_unless_their_table_is() -> None:
    key = "foreign key fk_a (b_id) references b(id)"
    assert written(AddForeignKeys(CYCLE)) == ["a", f"  + {key}"]
    assert written(DropForeignKeys(CYCLE)) == ["a", f"  - {key}"]
    assert written(CreateTable(CYCLE), AddForeignKeys(CYCLE)) == ["+ table a (b_id)"]
    assert written(DropForeignKeys(CYCLE), DropTable(CYCLE)) == ["- table a (b_id)"]


def test_an_expression_is_shortened_to_fit_in_a_line() -> None:
    (line,) = inside(AddConstraint(check(" AND ".join(["a > 0"] * 50), name="ck")))
    assert len(line) < 80
    assert line.endswith("...)")
    whole = AlterTable("users", None, (AddConstraint(check("a" * 500)),))
    assert len(summary([whole], ItemText())[0].text) == 502


def test_what_differs_by_dialect_is_told_for_the_connected_one() -> None:
    added = column(
        "key",
        "CHAR(32)",
        type_variants={"postgresql": "postgresql.UUID"},
        default=sql("a", postgresql="b"),
        dialect_options={"postgresql_compression": "lz4", "mysql_x": 1},
    )
    change = AlterTable("users", None, (AddColumn(added),))
    assert [row.text for row in summary([change], ItemText(("postgresql",)))] == [
        "postgresql.UUID default b compression 'lz4' mysql_x 1"
    ]


def test_no_text_from_outside_makes_a_second_line() -> None:
    hostile = "a\nDetected nothing\x1b[2J"
    changes = (
        RenameTable(hostile, hostile),
        AlterTable(hostile, hostile, (AddColumn(column(hostile, "TEXT", comment=hostile)),)),
    )
    for line in written(*changes):
        assert line.isprintable()


def test_rows_are_data() -> None:
    change = AlterTable("users", "app", (RenameColumn("mail", "email"),))
    assert summary([change]) == [Row("rename", "column", "mail", "email", "app.users")]
