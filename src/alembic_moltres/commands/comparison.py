"""Runs autogenerate's comparison: with the database, or without one, with the scripts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from alembic.autogenerate.api import RevisionContext
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

from .uncertain import refuse_unfinished

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

    from ..autogenerate.questions.inquiry import Ask
    from ..diff.summary import Row
    from ..history.state import Uncertain

Begin: TypeAlias = Callable[[ScriptDirectory], RevisionContext]
"""Makes the context of a command that writes a script, or of `check`."""

NOT_SAID: dict[str, Any] = {
    "message": None,
    "autogenerate": True,
    "sql": False,
    "head": "head",
    "splice": False,
    "branch_label": None,
    "version_path": None,
    "rev_id": None,
    "depends_on": None,
}
"""What `alembic revision` is given; Alembic's `check` gives this."""


@dataclass(slots=True)
class Comparison:
    """A comparison of every database that `env.py` migrates.

    Attributes:
        revision_context: has the scripts that are to be written, not written yet.
        uncertain: what replay cannot know; its tables are left out.
    """

    revision_context: RevisionContext
    uncertain: list[Uncertain] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Is there nothing to do for any script?"""
        from ..autogenerate.empty_revisions import is_empty

        return all(map(is_empty, self.revision_context.generated_revisions))

    def rows(self, *, whole: bool = False) -> dict[str, list[Row]]:
        """Return what differs, by the names of the databases; see `script_rows`.

        Args:
            whole: leave long expressions as they are.
        """
        from ..autogenerate.operation_rows import script_rows
        from ..diff.summary import SHORT

        scripts = self.revision_context.generated_revisions
        return script_rows(scripts, None if whole else SHORT.longest)


def compare(
    config: Config, *, offline: bool, process: Any = None, ask: Ask | None = None, **stated: Any
) -> Comparison:
    """Compare the models through the project's `env.py`.

    Args:
        config: the project's.
        offline: with the scripts instead of the database; nothing is connected to.
        process: Alembic's `process_revision_directives`.
        ask: asks a person what the models cannot say.
        stated: what `alembic revision` is given; see `NOT_SAID`.

    Raises:
        CommandError: the comparison is not possible.
    """
    from ..autogenerate.questions.inquiry import open_inquiry

    def begin(directory: ScriptDirectory) -> RevisionContext:
        context = RevisionContext(config, directory, {**NOT_SAID, **stated}, process)
        open_inquiry(context, ask)
        return context

    return _with_scripts(config, begin) if offline else _online(config, begin)


def _with_scripts(config: Config, begin: Begin) -> Comparison:
    from ..history.directory import scripts_until
    from ..history.states import (
        EmptyDatabase,
        project_scripts,
        run_from_anchors,
        use_empty_databases,
    )

    with project_scripts(config) as (directory, own):
        context = begin(directory)
        found = Comparison(context)
        scripts = scripts_until(directory)
        heads = tuple(directory.get_heads())
        with_tables = context.command_args["autogenerate"]
        run = context.run_autogenerate if with_tables else context.run_no_autogenerate

        def use(database: EmptyDatabase) -> None:
            state = run_from_anchors(directory, database.first_replay(), scripts)
            refuse_unfinished(state.uncertain)
            found.uncertain += state.uncertain
            run(heads, database.context)

        template_args = context.template_args
        use_empty_databases(
            config, directory, own, use, template_args=template_args, revision_context=context
        )
    return found


def _online(config: Config, begin: Begin) -> Comparison:
    directory = ScriptDirectory.from_config(config)
    context = begin(directory)

    def retrieve_migrations(revision: Any, migration_context: MigrationContext) -> list[Any]:
        context.run_autogenerate(revision, migration_context)
        return []

    with EnvironmentContext(
        config,
        directory,
        fn=retrieve_migrations,
        as_sql=False,
        template_args=context.template_args,
        revision_context=context,
    ):
        directory.run_env()
    return Comparison(context)
