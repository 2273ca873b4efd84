"""`alembic-moltres init`: Alembic's templates with this package's lines in `env.py`.

The changes of `script.py.mako` are in `script_template`.
"""

from __future__ import annotations

import re
from pathlib import Path

import alembic.command
from alembic.config import Config

from ..errors import OperationError
from .command import Command

METADATA = re.compile(r"^target_metadata = .*\n", re.MULTILINE)
SHARED = re.compile(r"target_metadata=target_metadata(?=[,)\s])")
OF_EACH = re.compile(r"target_metadata=target_metadata\.get\(name\),")
RUN = re.compile(
    r"^( +)(?:with context\.begin_transaction\(\):\n +)?context\.(run_migrations\(.*\))$",
    re.MULTILINE,
)
IMPORT = "from alembic import context\n"
OPTIONS = """
# options for running migrations offline and online
options: dict[str, Any] = {{
{metadata}    "autogenerate_plugins": ["alembic.autogenerate.*", "alembic_moltres"],
}}
"""


def init(config: Config, directory: str, template: str = "generic", package: bool = False) -> None:
    """Initialize a new scripts directory.

    Its `env.py` has one dictionary of options for both of its branches, the plugin enabled, and
    runs migrations with `run_migrations()`. Its `script.py.mako` writes the constants of tables
    below `downgrade()`.

    Args:
        config: the project's.
        directory: the target.
        template: one of Alembic's.
        package: write `__init__.py` files, too.

    Raises:
        OperationError: we do not recognise the template's `env.py`; it is written without our
            lines.
    """
    from .scripts.template import with_constants_below

    alembic.command.init(config, directory, template=template, package=package)
    template_file = Path(directory) / "script.py.mako"
    text = template_file.read_text(encoding="utf-8")
    template_file.write_text(with_constants_below(text), encoding="utf-8")
    env = Path(directory) / "env.py"
    env.write_text(with_options(env.read_text(encoding="utf-8"), str(env)), encoding="utf-8")


def with_options(source: str, name: str) -> str:
    """Return an `env.py` of Alembic's with one dictionary of options, and with our runner.

    Args:
        source: the template's.
        name: of the file, for errors.

    Raises:
        OperationError: it lacks the lines to replace.
    """
    several = OF_EACH.search(source) is not None
    metadata = "" if several else '    "target_metadata": target_metadata,\n'
    options = OPTIONS.format(metadata=metadata)
    made, metadata_lines = METADATA.subn(lambda line: line[0] + options, source)
    if several:
        made, given = OF_EACH.subn(lambda text: f"{text[0]} **options,", made)
    else:
        made, given = SHARED.subn("**options", made)
    made, imported = re.subn(
        r"^(from logging\.config .*\n)", r"\1from typing import Any\n", made, flags=re.MULTILINE
    )
    made, run = RUN.subn(r"\1\2", made)
    made = made.replace(IMPORT, f"{IMPORT}from alembic_moltres import run_migrations\n", 1)
    if (metadata_lines, given, imported, run) != (1, 2, 1, 2):
        raise OperationError(
            f"alembic-moltres does not recognise this template of Alembic's (at {name}); pass "
            'autogenerate_plugins=["alembic.autogenerate.*", "alembic_moltres"] to both calls of '
            "context.configure()",
            name,
        )
    return made


COMMAND = Command(init)
