"""Mermaid's diagrams: what is drawn, and that Mermaid's own parser accepts it, whatever the names are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from alembic_moltres.diagrams import Entity, Picture, picture_of, picture_of_changes
from alembic_moltres.diagrams.mermaid import mermaid
from alembic_moltres.schema import (
    TableSchema,
    check,
    column,
    foreign_key,
    index,
    primary_key,
    unique,
)
from tests.diagrams.elements import WORDS, pictures, with_word

Errors = Callable[[Sequence[str]], list[tuple[str, str]]]

drawn_only = settings(
    max_examples=300,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def users(*more: object) -> TableSchema:
    constraints = [primary_key("id"), *more]
    columns = [column("id", "INTEGER", nullable=False), column("mail", "VARCHAR(50)")]
    return TableSchema("users", columns, constraints=constraints)  # type: ignore[arg-type]


def child(name: str, *columns: str, **options: object) -> TableSchema:
    """Return a table whose columns refer to users together with what else is said."""
    return TableSchema(
        name,
        [column("id", "INTEGER", nullable=False), *(column(each, "INTEGER") for each in columns)],
        **options,  # type: ignore[arg-type]
    )


def lines(*tables: TableSchema) -> list[str]:
    (text,) = mermaid(picture_of(tables))
    return [line.strip() for line in text.splitlines()]


@pytest.mark.parametrize(
    ("table", "line"),
    [
        pytest.param(
            child("t", "u", constraints=[foreign_key("u", "users", "id")]),
            "users |o--o{ t : u",
            id="nullable",
        ),
        pytest.param(
            child("t", constraints=[foreign_key("id", "users", "id")]),
            "users ||--o{ t : id",
            id="not null",
        ),
        pytest.param(
            child("t", constraints=[primary_key("id"), foreign_key("id", "users", "id")]),
            "users ||--o| t : id",
            id="primary key",
        ),
        pytest.param(
            child("t", "u", constraints=[foreign_key("u", "users", "id"), unique("u")]),
            "users |o--o| t : u",
            id="unique",
        ),
        pytest.param(
            child(
                "t",
                "u",
                constraints=[foreign_key("u", "users", "id")],
                indexes=[index("i", "u", unique=True)],
            ),
            "users |o--o| t : u",
            id="unique index",
        ),
        pytest.param(
            child(
                "t",
                "u",
                constraints=[foreign_key("u", "users", "id")],
                indexes=[
                    index("i", "u", unique=True, dialect_options={"postgresql_where": "u > 0"})
                ],
            ),
            "users |o--o{ t : u",
            id="unique index of some rows",
        ),
        pytest.param(
            child("t", "u", constraints=[foreign_key("u", "users", "id"), unique(["u", "id"])]),
            "users |o--o{ t : u",
            id="unique with another column",
        ),
        pytest.param(
            child("t", "u", "v", constraints=[foreign_key(["u", "v"], "users", ["id", "mail"])]),
            'users |o--o{ t : "u, v"',
            id="two columns",
        ),
    ],
)
def test_the_ends_of_a_relation_are_those_of_keys_uniqueness_and_null(
    table: TableSchema, line: str
) -> None:
    assert line in lines(users(), table)


def test_a_table_of_links_is_drawn_as_it_is() -> None:
    link = TableSchema(
        "links",
        [column("a", "INTEGER"), column("b", "INTEGER")],
        constraints=[
            primary_key(["a", "b"]),
            foreign_key("a", "users", "id"),
            foreign_key("b", "users", "id"),
        ],
    )
    found = lines(users(), link)
    assert "INTEGER a PK, FK" in found
    assert found[-2:] == ["users ||--o{ links : a", "users ||--o{ links : b"]


def test_an_enum_has_its_labels() -> None:
    table = TableSchema(
        "t", [column("mood", "ENUM('calm','wild \"\"',name='mood')", nullable=False)]
    )
    assert 'ENUM(mood) mood "calm, wild #34;#34;"' in lines(table)


def test_what_changed_is_marked_with_a_sign_and_a_colour() -> None:
    old = [users(unique("mail"), check("id > 0", name="positive")), child("gone"), child("same")]
    new = [
        TableSchema(
            "users",
            [column("id", "BIGINT", nullable=False), column("age", "INTEGER", nullable=False)],
            constraints=[primary_key("id")],
            indexes=[index("by_age", "age")],
        ),
        child("same"),
        child("new", "u", constraints=[foreign_key("u", "users", "id")]),
    ]
    changed, gone = mermaid(picture_of_changes(old, new))
    assert changed == (
        "erDiagram\n"
        "    accTitle: new and users\n"
        "    direction LR\n"
        '    new["+ new"]:::added {\n'
        "        INTEGER id\n"
        '        INTEGER u FK "null"\n'
        "    }\n"
        '    users["± users"]:::changed {\n'
        '        BIGINT id PK "± changed; was INTEGER"\n'
        '        VARCHAR(50) mail UK "- removed; null"\n'
        '        INTEGER age "+ added"\n'
        '        CHECK positive "- removed"\n'
        '        INDEX by_age "+ added"\n'
        '        UNIQUE mail "- removed"\n'
        "    }\n"
        '    users |o--o{ new : "+ u"\n'
        "    classDef added fill:#dafbe1,stroke:#1a7f37,color:#1f2328\n"
        "    classDef changed fill:#fff8c5,stroke:#9a6700,color:#1f2328"
    )
    assert gone == (
        "erDiagram\n"
        "    accTitle: gone\n"
        "    direction LR\n"
        '    gone["- gone"]:::removed {\n'
        "        INTEGER id\n"
        "    }\n"
        "    classDef removed fill:#ffebe9,stroke:#cf222e,color:#1f2328"
    )


def test_an_empty_schema_is_a_diagram(mermaid_errors: Errors) -> None:
    texts = mermaid(picture_of([])) + mermaid(picture_of_changes([users()], [users()]))
    assert texts == ["erDiagram\n    accTitle: no tables\n    direction LR"] * 2
    assert mermaid_errors(texts) == []


@pytest.mark.slow
def test_the_parser_finds_what_is_wrong(mermaid_errors: Errors) -> None:
    ((text, error),) = mermaid_errors(["erDiagram\n    a {", "erDiagram"])
    assert text == "erDiagram\n    a {"
    assert "Parse error" in error


@pytest.mark.slow
def test_mermaid_accepts_every_word_wherever_it_is(mermaid_errors: Errors) -> None:
    texts = [text for word in WORDS for text in mermaid(with_word(word))]
    assert mermaid_errors(texts) == []


@pytest.mark.slow
def test_mermaid_accepts_any_text(mermaid_errors: Errors) -> None:
    texts: list[str] = []

    @drawn_only
    @given(pictures)
    def draw(picture: Picture) -> None:
        texts.extend(mermaid(picture))

    draw()
    assert len(texts) > 100
    assert mermaid_errors(texts) == []


def test_the_order_of_the_tables_does_not_count() -> None:
    tables = [users(), child("a"), child("b", "u", constraints=[foreign_key("u", "users", "id")])]
    assert mermaid(picture_of(tables)) == mermaid(picture_of(tables[::-1]))


def test_a_table_that_others_refer_to_and_is_not_there_is_drawn_by_name() -> None:
    table = child("t", "u", constraints=[foreign_key("u", "app.x", "id", references_schema="o")])
    assert lines(table)[3] == '"o.app.x"'


def test_uncertain_tables_are_drawn_by_name() -> None:
    (text,) = mermaid(picture_of([], ["t"]))
    assert text.splitlines()[3:] == [
        '    t["t (uncertain)"]:::uncertain',
        "    classDef uncertain stroke-dasharray:4",
    ]
    assert Entity("t") not in picture_of([], ["t"]).entities
