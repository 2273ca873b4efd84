"""What people search for, by page: `docs/search.toml` becomes entries of the general index.

Sphinx's search puts a page that an index entry names above those that only contain the words.
`docs/_static/search.js` is for queries that no page has all words of.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from docutils import nodes
from sphinx.addnodes import index
from sphinx.application import Sphinx
from sphinx.errors import ConfigError

FILE = "search.toml"
SCRIPT = "search.js"


def add_entries(app: Sphinx, doctree: nodes.document) -> None:
    """Add the words of a page that has been read to the index."""
    name = app.env.current_document.docname
    app.env.note_dependency(FILE)
    words = [("single", word, "", "main", None) for word in app.config.search_words.get(name, ())]
    doctree += index(entries=words)  # what the search reads; the general index has been filled
    app.env.domains.index_domain.entries.setdefault(name, []).extend(words)


def check_pages(app: Sphinx) -> None:
    """Read the file.

    Raises:
        ConfigError: it names a page that is not there.
    """
    found = tomllib.loads((Path(app.srcdir) / FILE).read_text(encoding="utf-8"))
    missing = sorted(set(found) - app.env.found_docs)
    if missing:
        raise ConfigError(f"{FILE} names pages that are not there: {', '.join(missing)}")
    app.config.search_words = found


def add_script(
    app: Sphinx, page: str, _template: str, _context: object, _doctree: nodes.document | None
) -> None:
    """Add the script to the page of the search only."""
    if page == "search":
        app.add_js_file(SCRIPT, defer="defer")


def setup(app: Sphinx) -> dict[str, bool]:
    """Listen to the steps of a build."""
    app.add_config_value("search_words", {}, "env")
    app.connect("env-before-read-docs", lambda app, _env, _names: check_pages(app))
    app.connect("doctree-read", add_entries)
    app.connect("html-page-context", add_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
