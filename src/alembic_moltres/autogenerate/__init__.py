"""What `alembic revision --autogenerate` finds, and the script that it writes.

`compare` finds and makes operations, `render` writes them, `constants` and `layout` are for the
text. The plugin registers them.
"""

import alembic as _alembic  # noqa: F401  # before ours: it loads its plugins, and they load us
