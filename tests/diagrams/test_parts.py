"""The parts of a picture: what is connected, and how a long part is cut."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from alembic_moltres.diagrams import Attribute, Entity, Picture, Relation, picture_of
from alembic_moltres.diagrams.layout import estimated_width
from alembic_moltres.diagrams.mermaid import LONGEST, WIDEST, mermaid, pieces
from alembic_moltres.diagrams.parts import parts_of
from alembic_moltres.schema import TableSchema, column, foreign_key, primary_key

COLUMN = (Attribute("TEXT", "a"),)


def picture(keys: str, *relations: str) -> Picture:
    """Return tables of one letter each, and relations: "ab" is one of b that refers to a."""
    return Picture.of(
        [Entity(key, COLUMN) for key in keys],
        [Relation(pair[0], pair[1], ("x",)) for pair in relations],
    )


def keys(parts: list[Picture]) -> list[str]:
    """Return the tables of each part; in brackets those that are drawn by name only."""
    return [
        "".join(each.key if each.attributes else f"({each.key})" for each in part.entities)
        for part in parts
    ]


def cut(whole: Picture, longest: int) -> list[str]:
    return keys(
        parts_of(whole, lambda part: sum(bool(e.attributes) for e in part.entities), longest)
    )


def test_the_largest_part_comes_first_and_tables_without_relations_last() -> None:
    whole = picture("abcdefg", "ba", "cd", "de")
    assert cut(whole, 9) == ["cde", "ab", "fg"]


def test_a_long_part_is_cut_at_the_table_that_most_others_refer_to() -> None:
    whole = picture("abcdeh", "ha", "hb", "hc", "hd", "ab", "cd", "de")
    assert cut(whole, 3) == ["cde(h)", "abh"]


def test_a_table_is_whole_in_one_piece_only() -> None:
    whole = picture("abcdefgh", *(f"h{key}" for key in "abcdefg"))
    found = cut(whole, 4)
    assert found == ["abcd(h)", "efgh"]


def test_no_piece_is_too_long_and_each_table_is_drawn_whole_once() -> None:
    letters = "abcdefghij"

    @settings(deadline=None)
    @given(
        st.sets(st.tuples(st.sampled_from(letters), st.sampled_from(letters)), max_size=25),
        st.integers(1, 10),
    )
    def law(pairs: set[tuple[str, str]], longest: int) -> None:
        whole = picture(letters, *(f"{a}{b}" for a, b in sorted(pairs)))
        parts = parts_of(
            whole, lambda part: sum(bool(e.attributes) for e in part.entities), longest
        )
        drawn = [each.key for part in parts for each in part.entities if each.attributes]
        assert sorted(drawn) == list(letters)
        assert sorted(r for part in parts for r in map(repr, part.relations)) == sorted(
            map(repr, whole.relations)
        )
        for part in parts:
            assert sum(bool(each.attributes) for each in part.entities) <= longest

    law()


def test_a_schema_of_a_thousand_tables_is_drawn_in_pieces_that_mermaid_takes() -> None:
    columns = [column("id", "INTEGER", nullable=False), column("name_of_the_row", "VARCHAR(200)")]
    root = TableSchema("root", columns, constraints=[primary_key("id")])
    tables = [
        TableSchema(
            f"a_table_with_number_{number}",
            columns,
            constraints=[primary_key("id"), foreign_key("id", "root", "id")],
        )
        for number in range(1000)
    ]
    found = mermaid(picture_of([root, *tables]))
    assert len(found) == 51
    assert all(len(text) <= LONGEST for text in found)
    assert sum(text.count(" root {") for text in found) == 1


def test_of_a_table_that_is_too_long_the_first_columns_are_drawn() -> None:
    table = TableSchema("t", [column(f"{'c' * 50}{number}", "TEXT") for number in range(1500)])
    (text,) = mermaid(picture_of([table]))
    assert LONGEST / 2 < len(text) <= LONGEST
    assert text.splitlines()[-2:] == ['        and more "868 columns"', "    }"]


def test_a_part_that_would_be_wide_is_cut_although_it_is_short() -> None:
    columns = [column("id", "INTEGER", nullable=False), column("parent_id", "INTEGER")]
    tables = [TableSchema("table0", columns, constraints=[primary_key("id")])]
    for number in range(1, 12):
        key = foreign_key("parent_id", f"table{number - 1}", "id")
        tables.append(TableSchema(f"table{number}", columns, constraints=[primary_key("id"), key]))
    whole = picture_of(tables)
    assert estimated_width(whole) > WIDEST
    parts = pieces(whole)
    assert len(parts) > 1
    assert all(estimated_width(part) <= WIDEST for part in parts)
    drawn = [each.key for part in parts for each in part.entities if each.attributes]
    assert sorted(drawn) == sorted(each.key for each in tables)


def test_a_ring_of_keys_has_a_width() -> None:
    ring = picture("abc", "ab", "bc", "ca", "aa")
    assert estimated_width(ring) > estimated_width(picture("ab", "ab"))
