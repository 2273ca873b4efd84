"""`alembic-moltres revision`: Alembic's, also without a database; never writes an empty script."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from typing import Any

import alembic.command
from alembic.config import Config
from alembic.script import Script
from alembic.util import asbool

from .command import SCRATCH, Command, argument
from .comparison import compare
from .output.console import write
from .questions import asker, refuse_open
from .uncertain import refuse_uncertain

OFFLINE = argument(
    "--offline",
    action="store_true",
    help="compare with the scripts, not with a database; needs no server and no driver",
)


def revision(
    config: Config,
    message: str | None = None,
    autogenerate: bool = False,
    sql: bool = False,
    head: str = "head",
    splice: bool = False,
    branch_label: str | Iterable[str] | None = None,
    version_path: str | PathLike[str] | None = None,
    rev_id: str | None = None,
    depends_on: str | Iterable[str] | None = None,
    process_revision_directives: Any = None,
    *,
    offline: bool = False,
    scratch: str | None = None,
) -> Script | list[Script | None] | None:
    """Create a new revision file.

    With `autogenerate`, no file is created if nothing differs. Uncertain tables are skipped. What
    the models cannot say, such as a rename, is asked at the terminal, or taken from `-x` without
    one.

    Args:
        config: the project's; other arguments are those of Alembic's own function.
        offline: compare with the scripts instead of the database.
        scratch: the URL of an empty database to run the scripts on and compare with; it is
            emptied again.

    Raises:
        UncertainError: tables were skipped; the file is created.
        UnansweredError: a question is open and there is no terminal; no file is created.
    """
    from ..autogenerate.script.formatting import docstring

    stated: dict[str, Any] = {
        "message": message and docstring(message),
        "sql": sql,
        "head": head,
        "splice": splice,
        "branch_label": branch_label,
        "version_path": version_path,
        "rev_id": rev_id,
        "depends_on": depends_on,
    }
    runs_env = asbool(config.get_alembic_option("revision_environment"))
    without_database = offline or scratch is not None
    if not sql and (autogenerate or (without_database and runs_env)):
        stated |= {"autogenerate": autogenerate, "process": process_revision_directives}
        return _compared(config, offline=offline, scratch=scratch, **stated)
    return alembic.command.revision(
        config,
        autogenerate=autogenerate,
        process_revision_directives=process_revision_directives,
        **stated,
    )


def _compared(config: Config, **stated: Any) -> Script | list[Script | None] | None:
    """Write the script of a comparison, unless nothing differs."""
    compared = compare(config, ask=asker(config), **stated)
    refuse_open(compared.revision_context)
    written: list[Script | None] = []
    if stated["autogenerate"] and compared.is_empty:
        from ..autogenerate.empty_revisions import NOT_CREATED

        write(config, NOT_CREATED)
    else:
        written = list(compared.revision_context.generate_scripts())
    refuse_uncertain(compared.uncertain, "and left out of the comparison")
    return written[0] if len(written) == 1 else written


COMMAND = Command(revision, (OFFLINE, SCRATCH))
