"""Enum types and domains change once, whatever else changes in the columns that have them."""

from __future__ import annotations

from dataclasses import replace

from alembic_moltres.diff import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    AlterDomain,
    AlterEnum,
    AlterTable,
    AnyRename,
    Change,
    CreateSequence,
    CreateTable,
    CreateType,
    DropSequence,
    DropType,
    RenameTable,
    RenameType,
    TableRename,
    TypeRename,
    apply,
    diff,
)
from alembic_moltres.diff.changes.alter_table import RenameGeneratedNames
from alembic_moltres.diff.changes.enums_and_sequences import renamed_defaults
from alembic_moltres.diff.enum_renames import renamed_first
from alembic_moltres.diff.label_uses import uses
from alembic_moltres.diff.renames import in_sequence
from alembic_moltres.diff.summary import lines, summary
from alembic_moltres.schema import (
    ColumnDef,
    TableSchema,
    check,
    column,
    sequence,
    unique,
)

NAME, SCHEMA = (
    "postgresql.DOMAIN(VARCHAR(20),name='name')",
    "postgresql.DOMAIN(TEXT,name='t',schema='s')",
)
LONGER = NAME.replace("20", "40")
OUTER = f"postgresql.DOMAIN({NAME},name='outer')"
MOOD, NATIVE = "ENUM('a','b',name='mood')", "postgresql.ENUM('a','b',name='mood')"


def one(*types: str, default: str | None = None) -> list[TableSchema]:
    columns = [column(f"c{at}", each, default=default) for at, each in enumerate(types)]
    return [TableSchema("t", columns)]


def methods(changes: tuple[Change, ...]) -> list[str]:
    return [change.method for change in changes]


def texts(*changes: Change) -> list[str]:
    return [text for text, _ in lines(summary(changes))]


def test_a_domain_changes_once_for_all_its_columns() -> None:
    assert diff(one(NAME, NAME), one(LONGER, LONGER)) == (AlterDomain(NAME, LONGER),)
    array = "postgresql.ARRAY({})".format
    assert diff(one(NAME, array(NAME)), one(LONGER, array(LONGER))) == (
        AlterDomain(NAME, LONGER, in_arrays=True),
    )


def test_a_domain_over_another_changes_for_itself() -> None:
    assert diff(one(OUTER), one(OUTER.replace("20", "40"))) == (AlterDomain(NAME, LONGER),)
    constrained = OUTER.replace("name='outer'", "name='outer',not_null=True")
    assert diff(one(OUTER), one(constrained)) == (AlterDomain(OUTER, constrained),)


def test_a_column_that_gets_another_type_does_not_change_its_domain() -> None:
    assert methods(diff(one(NAME), one("TEXT"))) == ["moltres_alter_table"]
    assert methods(diff(one(NAME), one(SCHEMA))) == ["moltres_alter_table"]


def test_a_domain_changes_beside_the_rest_of_its_column() -> None:
    changes = diff(one(NAME), one(LONGER, default="x"))
    assert methods(changes) == ["moltres_alter_domain", "moltres_alter_table"]
    assert apply(changes, one(NAME)) == tuple(one(LONGER, default="x"))


def test_a_reflected_domain_has_the_type_name_of_the_model() -> None:
    variant = column("c0", "TEXT", type_variants={"postgresql": NAME}, comment="c")
    (change,) = diff(one(NAME), [TableSchema("t", [variant])])
    assert isinstance(change, AlterTable)
    (altered,) = change.altered_columns
    assert (altered.current.type_name, altered.current.type_variants) == (
        variant.type_name,
        variant.type_variants,
    )


def test_a_reflected_enum_type_has_the_type_name_of_the_model() -> None:
    assert diff(one(NATIVE), one(MOOD)) == ()
    assert methods(diff(one(NATIVE), one("ENUM('a','b',name='other')"))) == ["moltres_alter_table"]


def labels(*changes: Change) -> list[tuple[str, ...]]:
    """Return what the labels of the enum type become, change by change."""
    enums = [change for change in changes if isinstance(change, AlterEnum)]
    return [tuple(map(str, each.types()[1].args)) for each in enums]


def test_labels_change_before_the_tables_unless_an_old_one_is_used() -> None:
    after = one("ENUM('a','c',name='mood')")
    assert labels(*diff(one(NATIVE), after)) == [("a", "c")]
    gone = TableSchema("gone", [column("m", NATIVE)])
    assert labels(*diff([*one(NATIVE), gone], after)) == [("a", "c", "b"), ("a", "c")]
    fewer = one("ENUM('a',name='mood')")
    changes = diff([*one(NATIVE), gone], fewer)
    assert (labels(*changes), methods(changes)[-1]) == ([("a",)], "moltres_alter_enum")
    assert labels(
        *diff(one(NATIVE, default="b"), one("ENUM('a','c',name='mood')", default="c"))
    ) == [
        ("a", "c", "b"),
        ("a", "c"),
    ]


def test_a_label_that_the_same_revision_uses_is_marked() -> None:
    after = one("ENUM('a','b','c',name='mood')", default="c")
    enum = next(each for each in diff(one(NATIVE), after) if isinstance(each, AlterEnum))
    assert enum.used
    assert not uses([], ["c"])


def test_a_renamed_type_is_renamed_in_every_column_that_has_it() -> None:
    other = column("other", "ENUM('a',name='other')")
    arrays = column("x", "postgresql.ARRAY(ENUM('a',name='mood',schema='s'))")
    before = TableSchema("t", [*one("ENUM('a',name='mood')")[0].columns, other, arrays])
    after = TableSchema("t", [*one("ENUM('a',name='feel')")[0].columns, other, arrays])
    rename = TypeRename("mood", "feel")
    (change,) = diff([before], [after], [rename])
    assert RenameType("mood", "feel") == change
    assert {(None, "t"): after} == change.apply({(None, "t"): before})
    assert {(None, "t"): before} == change.reverse().apply({(None, "t"): after})
    assert texts(change, RenameType("a", "b", "s")) == [
        "rename type mood -> feel",
        "rename type s.a -> s.b",
    ]
    assert diff([after], [after], []) == ()
    both: list[AnyRename] = [TableRename("t", "u"), rename]
    assert methods(diff([before], [replace(after, name="u")], both)) == [
        "moltres_rename_table",
        "moltres_rename_type",
    ]


def test_a_renamed_type_gets_other_labels_under_its_new_name() -> None:
    current, desired = one(NATIVE), one("ENUM('a','b','c',name='feel')")
    rename, labels_ = diff(current, desired, [TypeRename("mood", "feel")])
    assert RenameType("mood", "feel") == rename
    assert isinstance(labels_, AlterEnum)
    assert labels_.types()[0].kwargs["name"] == "feel"


def test_what_stands_alone_is_told_as_what_it_is() -> None:
    numbers = sequence("numbers", schema="s")
    assert texts(CreateType(MOOD), DropType(SCHEMA)) == [
        "+ enum type mood ENUM('a','b')",
        "- domain s.t DOMAIN(TEXT)",
    ]
    assert texts(CreateSequence(numbers), DropSequence(numbers)) == [
        "+ sequence s.numbers",
        "- sequence s.numbers",
    ]
    assert texts(AlterDomain(NAME, LONGER)) == [
        "~ domain name: DOMAIN(VARCHAR(20)) -> DOMAIN(VARCHAR(40))"
    ]
    tables = tuple(one(MOOD))
    for change in (
        CreateType(MOOD),
        DropType(MOOD),
        CreateSequence(numbers),
        DropSequence(numbers),
    ):
        assert apply([change], tables) == tables
        assert change.reverse().reverse() == change
    assert CreateSequence(numbers).text == "added sequence 's.numbers'"
    assert AlterTable("t", None, ()).text == "moltres_alter_table"


def test_generated_names_follow_in_the_constraints() -> None:
    table = TableSchema("t", [column("a", "INTEGER")], constraints=[unique("a", name="x")])
    change = RenameGeneratedNames({"x": "y"}, {"s": "r"})
    assert dict(change.keywords()) == {"sequences": {"s": "r"}}
    assert (change.arguments(), dict(RenameGeneratedNames({"x": "y"}).keywords())) == (
        ({"x": "y"},),
        {},
    )
    (made,) = apply([AlterTable("t", None, (change,))], [table])
    assert made.constraints == (unique("a", name="y"),)
    assert apply([AlterTable("t", None, (change.reverse(),))], [made]) == (table,)


def test_a_renamed_table_is_followed_by_what_inherits_from_or_depends_on_it() -> None:
    child = TableSchema(
        "c", [column("a", "INTEGER")], dialect_options={"postgresql_inherits": ("p", "q")}
    )
    other = TableSchema("d", [column("a", "INTEGER")], depends_on=["p", ("s", "p")])
    parent = TableSchema("p", [column("a", "INTEGER")])
    made = apply([RenameTable("p", "r")], [parent, child, other])
    assert made[1].dialect_options == {"postgresql_inherits": ("r", "q")}
    assert list(made[2].depends_on) == ["r", ("s", "p")]


def test_an_exchange_of_names_takes_a_name_that_neither_side_has() -> None:
    assert in_sequence({"a": "b", "b": "a", "c": "a_"})[0] == ("c", "a_")
    assert in_sequence({"a": "b", "b": "a", "a_": "c", "c": "a_"})[0] == ("a", "a__")


OLD_LABELS = "postgresql.ENUM('a','k',name='m')"
BOTH_LABELS = "postgresql.ENUM('b','a','k',name='m')"
NEW_LABELS = "postgresql.ENUM('b','k',name='m')"


def with_labels(*between: Change, renamed: dict[str, str] | None = None) -> list[Change]:
    """Return the changes of an enum type whose label `a` becomes `b`, around others."""
    last = AlterEnum(BOTH_LABELS, NEW_LABELS, {"a": "b"} if renamed is None else renamed)
    return renamed_first([AlterEnum(OLD_LABELS, BOTH_LABELS), *between, last])


def inside(*changes: Change) -> AlterTable:
    return AlterTable("t", None, changes)


def labelled(labels: str, default: str) -> ColumnDef:
    return column("x", labels, default=default)


def test_a_renamed_label_is_renamed_before_all_that_has_it_as_a_default() -> None:
    altered = AlterColumn(labelled(BOTH_LABELS, "a"), labelled(BOTH_LABELS, "b"))
    other = column("o", "ENUM('z',name='other')", default="z")
    made = with_labels(
        inside(altered),
        inside(AddColumn(labelled(BOTH_LABELS, "a")), AddColumn(other)),
        CreateTable(TableSchema("n", [labelled(BOTH_LABELS, "a"), other])),
        CreateTable(TableSchema("p", [column("n", "INTEGER", default=1)])),
        RenameTable("q", "r"),
    )
    assert made == [
        AlterEnum(OLD_LABELS, NEW_LABELS, {"a": "b"}),
        inside(AddColumn(labelled(NEW_LABELS, "b")), AddColumn(other)),
        CreateTable(TableSchema("n", [labelled(NEW_LABELS, "b"), other])),
        CreateTable(TableSchema("p", [column("n", "INTEGER", default=1)])),
        RenameTable("q", "r"),
    ]


def test_a_renamed_label_that_a_check_uses_is_renamed_in_steps() -> None:
    check_of_it = inside(AddConstraint(check("x <> 'a'")))
    first, *between, last = with_labels(check_of_it)
    assert first == AlterEnum(OLD_LABELS, BOTH_LABELS, {"a": "b"})
    assert (between, last) == ([check_of_it], AlterEnum(BOTH_LABELS, NEW_LABELS, {}))


def test_labels_that_become_one_are_left_as_they_are() -> None:
    merged = with_labels(renamed={"a": "k"})
    assert merged == [
        AlterEnum(OLD_LABELS, BOTH_LABELS),
        AlterEnum(BOTH_LABELS, NEW_LABELS, {"a": "k"}),
    ]
    alone = AlterEnum(OLD_LABELS, NEW_LABELS, {"a": "b"})
    assert renamed_first([alone]) == [alone]


def test_defaults_are_renamed_with_the_labels_of_their_type_only() -> None:
    table = TableSchema("t", [labelled(OLD_LABELS, "a"), column("y", "TEXT", default="a")])
    identity = (None, "m")
    made = renamed_defaults(table, identity, {"a": "b"})
    assert [each.default for each in made.columns] == ["b", "a"]
    assert renamed_defaults(table, identity, {}) is table
    assert renamed_defaults(table, identity, {"k": "b"}) is table
