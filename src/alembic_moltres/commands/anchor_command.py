"""`anchor`: a revision with every table of a database as a value; replay begins at it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from alembic.autogenerate.api import RevisionContext
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import Script

from .command import Command, argument

if TYPE_CHECKING:
    from alembic.operations.ops import MigrationScript
    from alembic.runtime.migration import MigrationContext

UNSTATED: Final[Mapping[str, Any]] = {
    "head": "heads",
    "sql": False,
    **dict.fromkeys(("splice", "branch_label", "depends_on")),
}
"""The arguments of Alembic's `revision` that an anchor does not take."""


def anchor(
    config: Config,
    message: str | None = "anchor",
    *,
    strict: bool = False,
    rev_id: str | None = None,
    version_path: str | None = None,
) -> Script | None:
    """Write a revision with every table of the database as a value. It changes nothing.

    The tables are those that `env.py` lets autogenerate see. A table that equals its model is
    written as the model spells it.

    Args:
        config: the project's `alembic.ini` or `pyproject.toml`.
        message: the revision's.
        strict: its upgrade fails on a database that differs.
        rev_id: its identifier; a new one by default.
        version_path: the folder of its script.

    Returns:
        The script.

    Raises:
        CommandError: the database is not at head, or cannot be read.
    """
    from ..autogenerate.script.formatting import docstring
    from ..history.directory import script_directory
    from ..history.environment import never_migrates
    from .anchor_tables import anchor_operation
    from .databases import check_at_head, check_version_rows, names_of_databases

    directory = script_directory(config)
    stated = {"message": message and docstring(message), "rev_id": rev_id}
    arguments = {**UNSTATED, **stated, "version_path": version_path}

    def add(context: MigrationContext, _: Any, scripts: list[MigrationScript]) -> None:
        scripts[-1].upgrade_ops_list[-1].ops.append(anchor_operation(context, strict=strict))

    revision = RevisionContext(config, directory, arguments, process_revision_directives=add)

    def write(current: Any, context: MigrationContext) -> list[Any]:
        name = names[-1]
        check_version_rows(directory, current, name)
        check_at_head(directory, current, name, "or use a database that is at head")
        revision.run_no_autogenerate(current, context)
        return []

    environment = EnvironmentContext(
        config, directory, fn=write, as_sql=False, template_args=revision.template_args
    )
    names = names_of_databases(environment)
    with environment:
        directory.run_env()
    if not names:
        raise never_migrates(directory)
    return next(iter(revision.generate_scripts()))


COMMAND = Command(
    anchor,
    (
        argument("-m", "--message", default="anchor", help="the revision's message"),
        argument(
            "--strict",
            action="store_true",
            help="fail an upgrade if the database differs from the tables",
        ),
        argument("--rev-id", help="the revision's identifier (default: a new one)"),
        argument("--version-path", help="the folder of the script (default: the only one)"),
    ),
)
