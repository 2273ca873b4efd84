"""The state of any revision, from its scripts, without a database.

state.py             `State`
states.py            `state_at`: the state of a project's revision, through its own env.py
every_revision.py    the tables of every revision; merged_tables.py: those of several branches
scratch.py           a scratch database, on which scripts are run
directory.py         a project's scripts; environment.py: its env.py
replay.py            runs the scripts; scripts.py: inspects their source
operations.py        `op` during a replay; moltres_operations.py: the effect of our operations
recording.py         records statements in place of a database, and returns results
standin.py           an engine without a driver or a server, made of
                     driver.py, inspection.py, empty_results.py
catalogue.py         the content of the replayed database; table_catalogue.py: its tables
statements.py        the effect of SQLAlchemy's statements; alembic_statements.py: of Alembic's
by_name.py           drops and renames constraints and indexes by name;
                     key_indexes.py: the indexes of MySQL's foreign keys
text/                the effect of SQL text
kept_objects.py      the view, function or trigger that a statement creates or drops
named_types.py       enum types and domains; names.py: keys and names
catalogue_queries.py queries of pg_class, information_schema and the like;
                     catalogue_statements.py: SHOW and the like, as such queries
autoincrement.py     what a server keeps of columns that autoincrement;
                     owned_sequences.py: statements about the sequences that they own
pg_catalog.py        the rows of PostgreSQL's own tables
live_tables.py       tables that a script defines itself
isolation.py         stops a replayed script that reaches outside
anchor.py            op.moltres_anchor(); anchors.py: its effect on a replay,
                     anchor_check.py: the comparison with a database
squashed.py          the remedy for a database at a squashed revision
ops.py               op.moltres_state_only() and op.moltres_tables(); tables_at_line.py,
                     lazy_tables.py, stop.py, state_only.py
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .state import State, Uncertain
    from .states import state_at, states_at

__all__ = ["State", "Uncertain", "state_at", "states_at"]

_MODULES = {
    "State": "state",
    "Uncertain": "state",
    "state_at": "states",
    "states_at": "states",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use: this package is imported whenever Alembic is."""
    from importlib import import_module

    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_MODULES[name]}", __name__), name)
