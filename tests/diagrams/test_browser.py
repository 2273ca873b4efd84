"""What a person sees of a diagram: Mermaid draws it in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from alembic_moltres.diagrams import Entity, Picture, Relation, picture_of
from alembic_moltres.diagrams.layout import estimated_width
from alembic_moltres.diagrams.mermaid import diagram
from alembic_moltres.schema import TableSchema, column, foreign_key, primary_key
from tests.diagrams.browser import Drawing
from tests.diagrams.elements import with_word

pytestmark = pytest.mark.slow
Draw = Callable[[Sequence[str]], list[Drawing]]
HOSTILE = (
    "<script>injected = 1</script>",
    "<img src=x onerror='injected = 1'>",
    "<b>x</b>",
    "<a href='javascript:injected = 1'>x</a>",
    "`<b>x</b>`",
    "[x](javascript:alert(1))",
    "**x**",
    "&lt;b&gt;",
    "50% of 'a' \"b\"",
    "ü" * 63,
    "end",
    "o{",
    "--",
)


def test_no_name_becomes_markup_and_each_is_shown_as_it_is(drawn_in_browser: Draw) -> None:
    texts = [diagram(with_word(name)) for name in HOSTILE]
    for name, drawing in zip(HOSTILE, drawn_in_browser(texts), strict=True):
        assert drawing.markup == 0, name
        assert any(name in shown for shown in drawing.texts), (name, drawing.texts)


def chain(length: int) -> Picture:
    columns = [
        column("id", "INTEGER", nullable=False),
        column("name_of_it", "VARCHAR(100)"),
        column("parent_id", "INTEGER", nullable=False),
    ]
    tables = [TableSchema("table0", columns, constraints=[primary_key("id")])]
    for number in range(1, length):
        key = foreign_key("parent_id", f"table{number - 1}", "id")
        tables.append(TableSchema(f"table{number}", columns, constraints=[primary_key("id"), key]))
    return picture_of(tables)


def star(points: int) -> Picture:
    return Picture.of(
        [Entity("the_hub")], [Relation("the_hub", f"t{n}", ("x",)) for n in range(points)]
    )


@pytest.mark.parametrize(
    "picture", [chain(1), chain(2), chain(4), star(5)], ids=["one", "two", "four", "star"]
)
def test_the_estimated_width_is_near_the_one_drawn(
    drawn_in_browser: Draw, picture: Picture
) -> None:
    (drawing,) = drawn_in_browser([diagram(picture)])
    assert 0.75 < estimated_width(picture) / drawing.width < 1.34
