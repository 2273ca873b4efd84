"""Runs autogenerate's comparison: with the database, or with the scripts.

The scripts are replayed without a database, or run on a scratch database.
"""

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

    from ..autogenerate.questions.question import Question
    from ..autogenerate.questions.questioner import Ask
    from ..diff.summary import Row
    from ..history.state import Uncertain

Begin: TypeAlias = Callable[[ScriptDirectory], RevisionContext]
"""Makes the context of a command that writes a script, or of `check`."""

REVISION_DEFAULTS: dict[str, Any] = {
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
"""The arguments of `alembic revision`, as Alembic's `check` gives them."""


@dataclass(slots=True)
class ComparisonResult:
    """A comparison of every database that `env.py` migrates.

    Attributes:
        revision_context: has the scripts to write; no file is written yet.
        uncertain: what replay cannot know; its tables are skipped.
    """

    revision_context: RevisionContext
    uncertain: list[Uncertain] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether every script would be empty."""
        from ..autogenerate.empty_revisions import is_empty

        return all(map(is_empty, self.revision_context.generated_revisions))

    @property
    def questions(self) -> list[Question]:
        """The open questions that `revision` would ask."""
        from ..autogenerate.questions.open_questions import open_questions

        return list(dict.fromkeys(open_questions(self.revision_context)))

    def rows(self, *, whole: bool = False) -> dict[str, list[Row]]:
        """Return the differences, by database name; see `script_rows`.

        Args:
            whole: do not shorten long expressions.
        """
        from ..autogenerate.operation_rows import script_rows
        from ..diff.summary import SHORT

        scripts = self.revision_context.generated_revisions
        return script_rows(scripts, None if whole else SHORT.longest)


def compare(
    config: Config,
    *,
    offline: bool,
    scratch: str | None = None,
    process: Any = None,
    ask: Ask | None = None,
    **stated: Any,
) -> ComparisonResult:
    """Compare the models with the database or the scripts, through the project's `env.py`.

    Args:
        config: the project's.
        offline: compare with the scripts; nothing is connected.
        scratch: the URL of an empty database to run the scripts on and compare with; it is
            emptied again.
        process: Alembic's `process_revision_directives`.
        ask: asks the user what the models cannot say.
        stated: the arguments of `alembic revision`; see `REVISION_DEFAULTS`.

    Raises:
        CommandError: the comparison is not possible.
    """
    from ..autogenerate.questions.questioner import attach_questioner

    def begin(directory: ScriptDirectory) -> RevisionContext:
        context = RevisionContext(config, directory, {**REVISION_DEFAULTS, **stated}, process)
        attach_questioner(context, ask)
        return context

    if scratch is not None:
        return _on_scratch(config, begin, scratch)
    return _with_scripts(config, begin) if offline else _online(config, begin)


def _on_scratch(config: Config, begin: Begin, url: str) -> ComparisonResult:
    from ..autogenerate.sources import compare_scratch
    from ..history.directory import scripts_until
    from ..history.environment import run_env
    from ..history.scratch import run_on_scratch, scratch_database
    from ..history.states import project_scripts
    from .databases import check_only_one

    with project_scripts(config) as (directory, script_tables):
        context = begin(directory)
        scripts, heads = scripts_until(directory), tuple(directory.get_heads())
        run = _autogenerate_of(context)
        used: list[MigrationContext] = []

        def work(migration_context: MigrationContext, arguments: dict[str, Any]) -> None:
            used.append(migration_context)
            check_only_one(used)
            run_on_scratch(migration_context, scripts, arguments)
            compare_scratch(migration_context)
            run(heads, migration_context)

        given: Any = {"template_args": context.template_args, "revision_context": context}
        with scratch_database(url) as connection:
            run_env(config, directory, script_tables, work, scratch=connection, **given)
    return ComparisonResult(context)


def _autogenerate_of(context: RevisionContext) -> Callable[[Any, MigrationContext], None]:
    """Return the comparing function; without autogenerate only the hooks run."""
    with_models = context.command_args["autogenerate"]
    return context.run_autogenerate if with_models else context.run_no_autogenerate


def _with_scripts(config: Config, begin: Begin) -> ComparisonResult:
    from ..history.directory import scripts_until
    from ..history.states import (
        EmptyDatabase,
        project_scripts,
        run_from_anchors,
        use_empty_databases,
    )

    with project_scripts(config) as (directory, script_tables):
        context = begin(directory)
        result = ComparisonResult(context)
        scripts = scripts_until(directory)
        heads = tuple(directory.get_heads())
        run = _autogenerate_of(context)

        def use(database: EmptyDatabase) -> None:
            replay = database.first_replay()
            state = run_from_anchors(directory, replay, scripts)
            replay.recorder.version_rows = heads  # for the hooks of `env.py`
            refuse_unfinished(state.uncertain)
            result.uncertain += state.uncertain
            run(heads, database.context)

        template_args = context.template_args
        use_empty_databases(
            config,
            directory,
            script_tables,
            use,
            template_args=template_args,
            revision_context=context,
        )
    return result


def _online(config: Config, begin: Begin) -> ComparisonResult:
    from ..history.environment import never_migrates
    from .databases import check_version_rows

    directory = ScriptDirectory.from_config(config)
    context = begin(directory)
    compared: list[MigrationContext] = []

    def retrieve_migrations(revision: Any, migration_context: MigrationContext) -> list[Any]:
        compared.append(migration_context)
        check_version_rows(directory, revision)
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
    if not compared:
        raise never_migrates(directory)
    return ComparisonResult(context)
