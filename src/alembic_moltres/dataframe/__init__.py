"""Beside Moltres: its DataFrames on the models that the migrations are made of.

Needs the extra `moltres`. `Database` and `AsyncDatabase` extend Moltres' own; nothing else of the
package imports this or the `moltres` package.

databases, async_databases, connecting        Moltres' own, which know models
connections, async_connections                their connections
transactions                                  which one is open
creating                                      tables from models
handles, reading, scans                       what can be read from
named_tables                                  what the database is asked of a table without a model
frames, joins, paths                          queries, and the ways between models
expressions, checking, compiler               what they are made of, checked and compiled
changing                                      INSERT, UPDATE and DELETE
requirements                                  which `pip install` is missing
"""

from . import requirements as _requirements  # noqa: F401 - first: it says what is missing
from .async_databases import AsyncDatabase
from .connecting import async_connect, connect
from .databases import Database
from .expressions import col
from .frames import AsyncDataFrame, DataFrame
from .handles import AsyncTableHandle, TableHandle

__all__ = [
    "AsyncDataFrame",
    "AsyncDatabase",
    "AsyncTableHandle",
    "DataFrame",
    "Database",
    "TableHandle",
    "async_connect",
    "col",
    "connect",
]
