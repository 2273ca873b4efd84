"""What the theme leaves out for those who read with a keyboard or hear a page.

Blocks of code and tables scroll, so they take the focus; captions of the navigation have a level,
and each landmark a name of its own.
"""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.application import Sphinx

MENDED = (
    (re.compile(r"<pre>"), '<pre tabindex="0">'),
    (re.compile(r'<div class="table-wrapper'), '<div tabindex="0" class="table-wrapper'),
    (re.compile(r'<p class="caption" role="heading">'), '<p class="caption">'),
    (
        re.compile(r'<aside class="sidebar-drawer">'),
        '<aside class="sidebar-drawer" aria-label="All pages">',
    ),
    (re.compile(r'<aside class="toc-drawer'), '<aside aria-label="This page" class="toc-drawer'),
)


def mend(app: Sphinx, exception: Exception | None) -> None:
    """Change the pages that have been written."""
    if exception is not None or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for pattern, replacement in MENDED:
            text = pattern.sub(replacement, text)
        page.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Listen to the end of a build."""
    app.connect("build-finished", mend)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
