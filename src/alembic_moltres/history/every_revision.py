"""The tables of every revision: the scripts run once, and the tables are saved after each.

If scripts of another branch have run before, the tables at that point are not the revision's: then
its own ancestors are run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from alembic.config import Config
from alembic.script import Script, ScriptDirectory

from ..diff import TableKey, Tables, apply, diff
from ..diff.changes.base import by_key
from ..errors import SchemaError
from ..schema import TableSchema
from .anchors.replayed import from_anchors, is_anchor
from .directory import scripts_until
from .replay import Replay
from .state import Uncertain
from .states import EmptyDatabase, project_scripts, use_empty_databases


@dataclass(frozen=True, slots=True)
class RevisionTables:
    """The tables of a revision; unchanged tables are the same objects.

    Attributes:
        revision: its id.
        ancestors: the revision and all that run before it, `depends_on` included.
        tables: by schema and name, uncertain ones too.
        uncertain: what is unknown.
    """

    revision: str
    ancestors: frozenset[str]
    tables: Mapping[TableKey, TableSchema]
    uncertain: tuple[Uncertain, ...] = ()


def every_revision(
    config: Config, servers: Iterable[str | None] = ()
) -> dict[str, list[RevisionTables]]:
    """Return the revisions of each database that `env.py` migrates, oldest first.

    Revisions before an anchor are left out, since they are not replayed.

    Args:
        config: the project's.
        servers: see `run_env`.

    Raises:
        HistoryError: the scripts cannot be replayed.
    """
    servers = list(servers)
    revisions_by_database: dict[str, list[RevisionTables]] = {}
    with project_scripts(config) as (directory, script_tables):

        def use(database: EmptyDatabase) -> None:
            server = (
                servers[len(revisions_by_database)]
                if len(revisions_by_database) < len(servers)
                else None
            )
            revisions_by_database[database.name] = _revisions(
                directory, lambda: database.new_replay(server)
            )

        use_empty_databases(config, directory, script_tables, use, servers)
    return revisions_by_database


def _revisions(
    directory: ScriptDirectory, new_replay: Callable[[], Replay]
) -> list[RevisionTables]:
    scripts = scripts_until(directory)
    ancestors = _ancestors(directory, scripts)
    known = [each.revision for each in from_anchors(directory, scripts)]
    tables: dict[str, RevisionTables] = {}
    for revision in reversed(known):
        if revision not in tables:
            _run(directory, new_replay(), revision, ancestors, tables)
    return [tables[each.revision] for each in scripts if each.revision in known]


def _run(
    directory: ScriptDirectory,
    replay: Replay,
    until: str,
    ancestors: Mapping[str, frozenset[str]],
    tables: dict[str, RevisionTables],
) -> None:
    """Run the scripts up to a revision, and save the tables of those whose ancestors alone ran."""
    run: set[str] = set()
    for script in from_anchors(directory, scripts_until(directory, until)):
        replay.run(script)
        run |= ancestors[script.revision] if is_anchor(script) else {script.revision}
        revision = script.revision
        if revision not in tables and run == ancestors[revision]:
            recorder = replay.recorder
            tables[revision] = RevisionTables(
                revision,
                ancestors[revision],
                {key: t for key, t in recorder.catalogue.tables.items() if not t.temporary},
                recorder.uncertainties(),
            )


def _ancestors(directory: ScriptDirectory, scripts: Iterable[Script]) -> dict[str, frozenset[str]]:
    ancestors: dict[str, frozenset[str]] = {}
    for script in scripts:  # after its own ancestors
        names = [*_listed(script.down_revision), *_listed(script.dependencies)]
        before = [each.revision for name in names for each in directory.get_revisions(name)]
        ancestors[script.revision] = frozenset({script.revision}).union(
            *(ancestors[b] for b in before)
        )
    return ancestors


def _listed(names: str | Iterable[str] | None) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names or ())


def merged_tables(
    revisions: Sequence[RevisionTables], known: Iterable[RevisionTables]
) -> RevisionTables:
    """Return the tables of a database at all these revisions.

    The changes of each branch are applied to the tables of the others, as the scripts do.

    Args:
        revisions: one of each branch; none for an empty database.
        known: all revisions of the history.
    """
    if not revisions:
        return RevisionTables("", frozenset(), {})
    known = list(known)
    first, *others = revisions
    tables, ancestors, uncertain = first.tables, first.ancestors, first.uncertain
    for each in others:
        common = ancestors & each.ancestors
        base = next((r.tables for r in known if r.ancestors == common), {})
        tables = _merged(base, tables, each.tables)
        ancestors |= each.ancestors
        uncertain = tuple(dict.fromkeys((*uncertain, *each.uncertain)))
    return RevisionTables(", ".join(r.revision for r in revisions), ancestors, tables, uncertain)


def _merged(base: Tables, ours: Tables, theirs: Tables) -> Tables:
    changed = [key for key in {**base, **theirs} if base.get(key) != theirs.get(key)]
    before, after = ([side[key] for key in changed if key in side] for side in (base, theirs))
    try:
        merged = apply(diff(before, after), ours.values())
    except SchemaError:  # both branches have the same change; only one can run
        return {**ours, **{key: theirs[key] for key in changed if key in theirs}}
    return by_key(merged)
