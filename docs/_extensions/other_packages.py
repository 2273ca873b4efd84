"""Links to the few classes of SQLAlchemy and Alembic that our signatures name.

Autodoc names a class by the module that defines it, SQLAlchemy's manual by the one that is to be
imported from: so their inventories would not help, and no network is needed.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

ALEMBIC = "https://alembic.sqlalchemy.org/en/latest/api"
CORE = "https://docs.sqlalchemy.org/en/20/core"
LINKS = {
    "alembic.config.Config": f"{ALEMBIC}/config.html#alembic.config.Config",
    "Config": f"{ALEMBIC}/config.html#alembic.config.Config",
    "sqlalchemy.engine.base.Connection": f"{CORE}/connections.html#sqlalchemy.engine.Connection",
    "sqlalchemy.engine.interfaces.Dialect": f"{CORE}/internals.html#sqlalchemy.engine.Dialect",
    "sqlalchemy.sql.schema.MetaData": f"{CORE}/metadata.html#sqlalchemy.schema.MetaData",
    "sqlalchemy.sql.schema.Table": f"{CORE}/metadata.html#sqlalchemy.schema.Table",
    "sqlalchemy.sql.type_api.TypeEngine": f"{CORE}/type_api.html#sqlalchemy.types.TypeEngine",
}


def link(
    _app: Sphinx, _env: BuildEnvironment, node: pending_xref, shown: nodes.TextElement
) -> nodes.reference | None:
    """Return a link to a class that this site does not have."""
    address = LINKS.get(node.get("reftarget", ""))
    if address is None:
        return None
    return nodes.reference("", "", shown, internal=False, refuri=address)


def setup(app: Sphinx) -> dict[str, bool]:
    """Listen to references that are not found."""
    app.connect("missing-reference", link)
    return {"parallel_read_safe": True}
