"""Hypothesis strategies of pictures with hostile text."""

from __future__ import annotations

from hypothesis import strategies as st

from alembic_moltres.diagrams import Attribute, Entity, Mark, Picture, Relation
from tests.strategies import odd_texts

WORDS = (
    *("accDescr", "accTitle", "class", "classDef", "click", "direction", "end", "END", "erDiagram"),
    *("pk", "fk", "uk", "many", "o", "one", "only", "optionally", "style", "subgraph", "title"),
    *("to", "u", "v", "zero", "0", "1", "1+", "1.5", "100", "1a", "many(0)", "optionally to"),
    *("TB", "LR", "direction TB", "a direction  LR", "only one", "one or more", "zero or one"),
    *("u-x", "u.x", "pk.x", "pk-x", "pk(1)", "pkß", "class-x", "style.a", "subgraph-x", "end "),
    *("%%", "%%{init: {}}%%", "a%%b", "---", "#35;", "#quot;", "a#b;", "style: #35;", "x;"),
    *("classDef x:#fff;", "style a:#fff;b", "accTitle: x", "accDescr {", "x:::y", "::", ":"),
    *('"', "'", "`", "`a`", "{", "}", "[", "]", "(", ")", "|", "||--o{", "\\", "\\n", "a\nb"),
    *("__proto__", "constructor", "toString", "hasOwnProperty", "_a_", "__a__", "*a*", "~a~"),
    *("<b>x</b>", "<script>", "&lt;", "a-b", " ", "  x", "é", "日本", "😀", "µ", "ª", "\u02c8"),
    *("\x00", "\u2028", "\u202e", "\ud800", "\ufeff", "\u00a0", "\u3000", "\r\n", "\t", "\x0b"),
)
"""What Mermaid, Graphviz or a browser reads as something else than a name."""

texts = st.one_of(st.sampled_from(WORDS), odd_texts, st.text(min_size=1, max_size=8))
marks = st.sampled_from(Mark)
attributes = st.builds(
    Attribute,
    texts,
    texts,
    st.sampled_from([(), ("PK",), ("PK", "FK", "UK")]),
    st.lists(texts, max_size=2).map(tuple),
    marks,
)
entities = st.builds(
    Entity,
    texts,
    st.lists(attributes, max_size=3).map(tuple),
    st.one_of(st.just(""), texts),
    marks,
)
relations = st.builds(
    Relation,
    texts,
    texts,
    st.lists(texts, min_size=1, max_size=2).map(tuple),
    st.booleans(),
    st.booleans(),
    marks,
)
pictures = st.builds(Picture.of, st.lists(entities, max_size=3), st.lists(relations, max_size=3))


def with_word(text: str) -> Picture:
    """Return a picture that has a text wherever a text can be."""
    attribute = Attribute(text, text, ("PK",), (text,))
    return Picture.of(
        [Entity(text, (attribute,)), Entity(f"{text}2", (attribute,), text, Mark.CHANGED)],
        [
            Relation(text, text, (text,)),
            Relation("a", text, (text, text)),
            Relation(text, "TB", ("x",)),
        ],
    )
