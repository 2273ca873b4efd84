"""Graphviz's diagrams: that `dot` accepts them, whatever the names are, and draws each table."""

from __future__ import annotations

import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from alembic_moltres.diagrams import Entity, Mark, Picture, Relation, picture_of
from alembic_moltres.diagrams.dot import dot
from alembic_moltres.schema import TableSchema, column
from tests.diagrams.elements import WORDS, pictures, with_word

Draw = Callable[[str], str]


@pytest.fixture(scope="session")
def draw() -> Draw:
    """Return the function that makes SVG of DOT with Graphviz, and takes no warning."""
    program = shutil.which("dot")
    if program is None:
        pytest.skip("Graphviz is not installed: apt-get install graphviz")

    def drawn(text: str) -> str:
        done = subprocess.run(
            [program, "-Tsvg"], input=text, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, ""), text
        return done.stdout

    return drawn


@pytest.mark.slow
def test_graphviz_accepts_every_word_wherever_it_is(draw: Draw) -> None:
    """All in one graph: a process for each takes long."""
    found = [with_word(word) for word in WORDS]
    together = Picture.of(
        (each for picture in found for each in picture.entities),
        (each for picture in found for each in picture.relations),
    )
    svg = ET.fromstring(draw(dot(together)))
    nodes = [each for each in svg.iter() if each.get("class") == "node"]
    assert len(together.entities) == len(nodes)


@pytest.mark.slow
def test_graphviz_accepts_any_text(draw: Draw) -> None:
    @settings(
        max_examples=25,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(pictures)
    def accepted(picture: Picture) -> None:
        draw(dot(picture))

    accepted()


def test_what_changed_has_a_sign_beside_its_colour() -> None:
    picture = Picture.of(
        [Entity(mark.name, mark=mark) for mark in Mark],
        [Relation("SAME", "ADDED", ("x",), mark=Mark.REMOVED)],
    )
    found = dot(picture)
    for mark in Mark:
        assert f"<b>{f'{mark.value} {mark.name}'.strip()}</b>" in found
    assert '"SAME" -> "ADDED" [arrowtail="teetee", arrowhead="crowodot"' in found
    assert 'label="-", style="dashed"' in found


def test_the_order_of_the_tables_does_not_count() -> None:
    tables = [TableSchema("b", [column("x", "TEXT")]), TableSchema("a", [column("x", "TEXT")])]
    assert dot(picture_of(tables)) == dot(picture_of(tables[::-1]))
