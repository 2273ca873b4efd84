"""Moltres DataFrames over SQLAlchemy models, those that the migrations are made from.

Needs the extra `moltres`. `Database` and `AsyncDatabase` extend Moltres' own; nothing else of the
package imports this or the `moltres` package.

databases, async_databases, connecting        Moltres' databases, which accept models
model_database                                what both have in common
connections, async_connections                their connections
transactions                                  the open one
creating                                      tables from models
handles, reading, scans                       sources of queries
named_tables                                  tables without a model, read from the database
frames, joins, paths                          queries, and the paths between models
expressions, checking, compiler               expressions, checked and compiled
changing                                      INSERT, UPDATE and DELETE
requirements                                  which `pip install` is missing
"""

from . import requirements as _requirements  # noqa: F401 - first: it reports a missing package
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
