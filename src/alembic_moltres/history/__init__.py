"""The state of any revision, from its scripts, without a database.

state.py             what it is
states.py            `state_at`: the state of a project's revision, through its own env.py
directory.py         a project's scripts; environment.py: its env.py
replay.py            running the scripts; scripts.py: what their source says
operations.py        `op` meanwhile; own_operations.py: what this package's operations do
recording.py         what records and answers in a database's place
standin.py           an engine without a driver; driver.py, inspection.py, answers.py are its parts
catalogue.py         what the replayed database has; table_catalogue.py: its tables
statements.py        what statements of SQLAlchemy do; alembic_statements.py: those of Alembic
by_name.py           constraints and indexes that a statement names
text/                statements of text
named_types.py       enum types and domains; names.py
catalogue_queries.py queries of the database's own tables
live_tables.py       which tables are a script's own
isolation.py         what a replayed script must not reach
anchor.py            op.moltres_anchor(); anchors.py, anchor_check.py: what it means for a
                     replay, for a database
ops.py               op.moltres_state_only() and op.moltres_tables(); tables_at_line.py,
                     thawed.py, stop.py, state_only.py
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
    """Import what is asked for: this folder is imported whenever Alembic is."""
    from importlib import import_module

    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_MODULES[name]}", __name__), name)
