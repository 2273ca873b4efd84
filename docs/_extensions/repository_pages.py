"""Pages of a repository on a site: no links out of `docs`, and pictures in the place of Mermaid.

A repository draws a block of Mermaid; a site would need a script for it. Each such block is
replaced by the picture in `docs/_static/NAME.svg`, NAME being the page's.
"""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.application import Sphinx

_MERMAID = re.compile(r"^```mermaid\n.*?accTitle: (.*?)\n.*?^```$", re.DOTALL | re.MULTILINE)
_UPWARDS = re.compile(r"\[([^]\n]+)\]\((\.\./[^)#\n]*)[^)\n]*\)")


def rewrite(app: Sphinx, name: str, content: list[str]) -> None:
    """Change a page's source before it is read."""
    root = Path(app.srcdir)
    folder = (root / name).parent

    def within(found: re.Match[str]) -> str:
        is_inside = (folder / found[2]).resolve().is_relative_to(root)
        return found[0] if is_inside else f"`{found[1]}`"

    text = _UPWARDS.sub(within, content[0])
    picture = root / "_static" / f"{name}.svg"
    if picture.exists():
        text = _MERMAID.sub(
            lambda found: (
                f'<a href="_static/{picture.name}">'
                f"![diagram of the tables {found[1]}](_static/{picture.name})</a>"
            ),
            text,
        )
    content[0] = text


def setup(app: Sphinx) -> dict[str, bool]:
    """Listen to the reading of pages."""
    app.connect("source-read", rewrite)
    return {"parallel_read_safe": True}
