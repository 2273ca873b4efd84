"""What each revision of a history does to the tables: a replay of its scripts, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from alembic.config import Config
from alembic.script import Script, ScriptDirectory

from ..commands.scripts.effects import effects_of
from ..commands.scripts.renamed_items import RenamedItem
from ..errors import HistoryError
from ..history.live_tables import ScriptTables
from ..history.state import State
from ..history.states import EmptyDatabase, use_empty_databases

Place = tuple[str, str]
"""A column: the key of its table, and its name."""


@dataclass(frozen=True, slots=True)
class WalkStep:
    """One revision, in the order in which they run.

    Attributes:
        script: the revision's.
        before: the tables when it runs, those of other branches too.
        after: the tables then.
        renamed: what its upgrade renames or drops, in order.
    """

    script: Script
    before: State
    after: State
    renamed: Sequence[RenamedItem]

    def table(self, key: str) -> str:
        """Return how a table is called after the upgrade."""
        return self._moved(key, None)[0]

    def column(self, key: str, name: str) -> Place:
        """Return how a column is called after the upgrade."""
        table, column = self._moved(key, name)
        return table, str(column)

    def _moved(self, key: str, column: str | None) -> tuple[str, str | None]:
        for each in self.renamed:
            schema, name = each.place
            prefix = f"{schema}." if schema else ""
            if key != f"{prefix}{name}" or each.kind == "type" or each.desired is None:
                continue
            if each.kind == "table":
                key = f"{prefix}{each.desired}"
            elif column == each.current:
                column = each.desired
        return key, column


def steps_of(
    config: Config,
    directory: ScriptDirectory,
    script_tables: ScriptTables,
    scripts: Sequence[Script],
    server: str | None,
) -> list[WalkStep]:
    """Return the steps of a history; no database is touched.

    Args:
        config: the project's.
        directory: the project's.
        script_tables: those that scripts define themselves.
        scripts: all of them, in order.
        server: whose version replay answers with.

    Raises:
        HistoryError: the scripts cannot be replayed, or `env.py` migrates several databases.
    """
    walks: list[list[WalkStep]] = []

    def use(database: EmptyDatabase) -> None:
        replay, steps = database.new_replay(server), []
        for script in scripts:
            before = replay.state
            renamed = effects_of(replay, script).renamed
            steps.append(WalkStep(script, before, replay.state, renamed))
        walks.append(steps)

    use_empty_databases(config, directory, script_tables, use, [server])
    if len(walks) > 1:
        raise HistoryError(
            f"env.py migrates {len(walks)} databases, and a walk takes one; "
            "give the fixture moltres_config a configuration with one",
            config,
        )
    return walks[0]


def described(script: Any) -> str:
    """Return a revision with the first line of its message."""
    message = str(script.doc or "").splitlines()
    return f"{script.revision} ({message[0]})" if message else str(script.revision)
