"""The site: `make docs`. Its pages are the Markdown files of this folder."""

import sys
from pathlib import Path

import alembic_moltres

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_extensions"))

project = "alembic-moltres"
copyright = "the alembic-moltres authors"  # noqa: A001 - Sphinx's name
release = version = alembic_moltres.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "accessible",
    "error_messages",
    "operation_signatures",
    "other_packages",
    "repository_pages",
    "search_words",
]
exclude_patterns = ["_build"]
default_role = "code"  # a single backtick in a docstring is code

html_theme = "furo"
html_title = "alembic-moltres"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_copy_source = False  # nor a button for it

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
napoleon_google_docstring = True
