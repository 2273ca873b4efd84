"""The state of any revision, from its scripts, without a database.

state                `State`; uncertainties: what a replay does not know so far
states               `state_at`: the state of a project's revision, through its own env.py
every_revision       the tables of every revision, and of several branches
scratch              a scratch database, on which scripts are run
directory            a project's scripts; environment: its env.py
replay               runs the scripts; scripts: inspects their source, and their running lines
recorded_operations  `op` during a replay; moltres_operations: the effect of our operations
recording            records statements in place of a database, and returns results
filled_tables        the tables with rows; row_conditions: the lines that depend on these
insertions           the tables into which functions and triggers insert rows
savepoints           what a rollback to a savepoint undoes
observer             what a command records beside the state
stand_in             an engine without a driver or a server
catalogue            the replayed database: tables, types, sequences
statements           the effect of SQLAlchemy's statements; alembic_statements: of Alembic's
text/                the effect of SQL text
kept_objects         the view, function or trigger that a statement creates or drops
live_tables          tables that a script defines itself
isolation            stops a replayed script that reaches outside; drivers: guards their connect
anchors              op.moltres_anchor(), its effect and its comparison with a database
ops                  op.moltres_state_only() and op.moltres_tables(); tables_at_line,
                     lazy_tables, state_only
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

# when they are imported they register those of `ops` and `anchors`, so not in the middle of these
from .. import operations as _  # noqa: F401

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
    """Import a public name on first use."""
    from importlib import import_module

    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_MODULES[name]}", __name__), name)
