"""A pytest plugin: Moltres' tests use our databases, and our columns for their tables.

It also notes how each test ended, in the file that MOLTRES_SUITE_OUTCOMES names. Loaded with
`-p benchmarks.suites.moltres_in_place`, before anything of the tests is imported.
"""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import moltres
import moltres.table.schema
import pytest

import alembic_moltres
from alembic_moltres import dataframe
from benchmarks.suites.outcomes import pytest_runtest_logreport, pytest_sessionfinish

__all__ = ["pytest_runtest_logreport", "pytest_sessionfinish"]

_package: Any = moltres
_package.connect = dataframe.connect
_package.async_connect = dataframe.async_connect
_package.col = dataframe.col
for _module in (moltres, moltres.table.schema):
    _place: Any = _module
    _place.column = alembic_moltres.column


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run an asynchronous test: Moltres' suite has another plugin for that."""
    test: Any = pyfuncitem.obj
    if not inspect.iscoroutinefunction(test):
        return None
    names = inspect.signature(test).parameters
    asyncio.run(test(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True
