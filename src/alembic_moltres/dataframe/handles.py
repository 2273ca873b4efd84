"""Handles: a table of the database, by its name or by its model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import moltres.table.async_table as asynchronous
import moltres.table.table as synchronous
from moltres.dataframe.interfaces.async_pandas_dataframe import AsyncPandasDataFrame
from moltres.dataframe.interfaces.async_polars_dataframe import AsyncPolarsDataFrame
from moltres.dataframe.interfaces.pandas_dataframe import PandasDataFrame
from moltres.dataframe.interfaces.polars_dataframe import PolarsDataFrame
from moltres.logical import operators
from moltres.logical.plan import LogicalPlan

from .frames import AsyncDataFrame, DataFrame
from .scans import ModelScan


@dataclass(repr=False)
class TableHandle(synchronous.TableHandle):
    """A table, with its model if it was named by one; a DataFrame wherever one is expected."""

    scan: ModelScan | None = None

    @property
    def plan(self) -> LogicalPlan:
        """The plan that reads the whole table."""
        return self.scan or operators.scan(self.name)

    def select(self, *columns: Any) -> DataFrame:
        """Return a DataFrame of the columns named, or of all."""
        return DataFrame.from_table(self, columns=list(columns))

    def columns(self) -> list[str]:
        """Return the names of the columns: the model's, or those that the database has."""
        return self.scan.columns if self.scan else super().columns()

    def pandas(self, *columns: Any) -> PandasDataFrame:
        """Return the same with the interface of pandas."""
        return PandasDataFrame.from_dataframe(self.select(*columns))

    def polars(self, *columns: Any) -> PolarsDataFrame:
        """Return the same with the interface of Polars."""
        return PolarsDataFrame.from_dataframe(self.select(*columns))


@dataclass(repr=False)
class AsyncTableHandle(asynchronous.AsyncTableHandle):
    """A table, with its model if it was named by one; a DataFrame wherever one is expected."""

    scan: ModelScan | None = None

    @property
    def plan(self) -> LogicalPlan:
        """The plan that reads the whole table."""
        return self.scan or operators.scan(self.name)

    def select(self, *columns: Any) -> AsyncDataFrame:
        """Return a DataFrame of the columns named, or of all."""
        return AsyncDataFrame.from_table(self, columns=list(columns))

    def pandas(self) -> AsyncPandasDataFrame:
        """Return the same with the interface of pandas."""
        return AsyncPandasDataFrame.from_dataframe(self.select())

    def polars(self) -> AsyncPolarsDataFrame:
        """Return the same with the interface of Polars."""
        return AsyncPolarsDataFrame.from_dataframe(self.select())


def handle_of(scan: ModelScan, database: Any) -> TableHandle:
    """Return the handle of a model's table."""
    return TableHandle(_name(scan), database, cast(Any, scan.model), scan)


def async_handle_of(scan: ModelScan, database: Any) -> AsyncTableHandle:
    """Return the handle of a model's table, for an `AsyncDatabase`."""
    return AsyncTableHandle(_name(scan), database, cast(Any, scan.model), scan)


def _name(scan: ModelScan) -> str:
    """Return the name that Moltres' own INSERT, UPDATE and DELETE know: with the schema."""
    return scan.table if scan.source.schema is None else f"{scan.source.schema}.{scan.table}"
