"""Graphviz's DOT: one graph for a whole picture; `dot` lays out its parts."""

from __future__ import annotations

from html import escape

from ..messages import one_line
from .elements import Attribute, Entity, Mark, Picture, Relation

FILLS = {
    Mark.SAME: "#eaeef2",
    Mark.ADDED: "#dafbe1",
    Mark.REMOVED: "#ffebe9",
    Mark.CHANGED: "#fff8c5",
}
LINES = {
    Mark.SAME: "#57606a",
    Mark.ADDED: "#1a7f37",
    Mark.REMOVED: "#cf222e",
    Mark.CHANGED: "#9a6700",
}
HEAD = (
    'graph [rankdir="LR", nodesep="0.4", ranksep="0.8", fontname="Helvetica"]',
    'node [shape="plain", fontname="Helvetica", fontsize="11"]',
    'edge [dir="both", fontname="Helvetica", fontsize="9"]',
)


def dot(picture: Picture) -> str:
    """Return a graph in DOT; every text is escaped for it.

    >>> print(dot(Picture((Entity("users", (Attribute("INTEGER", "id", ("PK",)),)),))))
    digraph erd {
        graph [rankdir="LR", nodesep="0.4", ranksep="0.8", fontname="Helvetica"];
        node [shape="plain", fontname="Helvetica", fontsize="11"];
        edge [dir="both", fontname="Helvetica", fontsize="9"];
        "users" [label=<<table border="0" ... color="#57606a">
            <tr><td colspan="4" bgcolor="#eaeef2"><b>users</b></td></tr>
            <tr><td align="left" port="c0">id</td><td align="left">INTEGER</td><td>PK</td>...</tr>
        </table>>];
    }
    """
    lines = [f"{each};" for each in HEAD]
    ports = {each.key: _ports(each) for each in picture.entities}
    lines += [line for each in picture.entities for line in _entity(each)]
    lines += [f"{_relation(each, ports[each.child])};" for each in picture.relations]
    return "\n".join(["digraph erd {", *(f"    {line}" for line in lines), "}"])


def _ports(entity: Entity) -> dict[str, str]:
    return {each.name: f"c{number}" for number, each in enumerate(entity.attributes)}


def _entity(entity: Entity) -> list[str]:
    shown = _text(entity.title())
    table = (
        '<table border="0" cellborder="1" cellspacing="0" cellpadding="4" '
        f'color="{LINES[entity.mark]}">'
    )
    style = ' style="dashed"' if entity.note else ""
    head = f'<tr><td colspan="4" bgcolor="{FILLS[entity.mark]}"{style}><b>{shown}</b></td></tr>'
    rows = [_row(each, f"c{number}") for number, each in enumerate(entity.attributes)]
    return [
        f"{_id(entity.key)} [label=<{table}",
        *(f"    {row}" for row in [head, *rows]),
        "</table>>];",
    ]


def _row(attribute: Attribute, port: str) -> str:
    fill = "" if attribute.mark is Mark.SAME else f' bgcolor="{FILLS[attribute.mark]}"'
    was = f"{attribute.was} → " if attribute.was else ""
    name = _text(f"{attribute.mark.value} {was}{attribute.name}".strip())
    cells = (
        f'<td align="left" port="{port}"{fill}>{name}</td>',
        f'<td align="left"{fill}>{_text(attribute.type)}</td>',
        f"<td{fill}>{_text(', '.join(attribute.keys))}</td>",
        f'<td align="left"{fill}>{_text("; ".join(attribute.notes))}</td>',
    )
    return f"<tr>{''.join(cells)}</tr>"


def _relation(relation: Relation, ports: dict[str, str]) -> str:
    port = ports.get(relation.columns[0])
    child = f"{_id(relation.child)}:{port}" if port else _id(relation.child)
    options = {
        "arrowtail": "teeodot" if relation.is_optional else "teetee",
        "arrowhead": "teeodot" if relation.is_unique else "crowodot",
        "color": LINES[relation.mark],
    }
    if relation.mark is not Mark.SAME:
        options["label"] = relation.mark.value
        options["style"] = "dashed" if relation.mark is Mark.REMOVED else "bold"
    written = ", ".join(f'{name}="{value}"' for name, value in options.items())
    return f"{_id(relation.parent)} -> {child} [{written}]"


def _id(key: str) -> str:
    r"""Return a name in quotes.

    >>> print(_id('a "b" \\'))
    "a \"b\" \\"
    """
    shown = one_line(key).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{shown}"'


def _text(shown: str) -> str:
    """Return a text for a label, which must not begin with `]` or be blank."""
    line = one_line(shown)
    return escape(line).replace("]", "&#93;") if line.strip() else "&#160;"
