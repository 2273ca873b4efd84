"""A pytest plugin: Alembic's tests compare with our comparator wherever they compare.

It also notes how each test ended, in the file that MOLTRES_SUITE_OUTCOMES names. Loaded with
`-p benchmarks.suites.alembic_in_place`, before anything of the tests is imported.
"""

from __future__ import annotations

from typing import Any

from alembic.autogenerate.api import AutogenContext

from benchmarks.suites.outcomes import pytest_runtest_logreport, pytest_sessionfinish

__all__ = ["pytest_runtest_logreport", "pytest_sessionfinish"]

OURS = "alembic_moltres"
STOCK = ("alembic.autogenerate.*",)
_make = AutogenContext.__init__


def _make_with_ours(self: Any, migration_context: Any, *args: Any, **kwargs: Any) -> None:
    """Make a context with the plugins that a test wants, and with ours."""
    opts = migration_context.opts
    wanted = opts.get("autogenerate_plugins", STOCK)
    ours = {"moltres": {"empty_models": True}, "autogenerate_plugins": [*wanted, OURS]}
    migration_context.opts = {**opts, **ours}
    try:
        _make(self, migration_context, *args, **kwargs)
    finally:
        migration_context.opts = opts


AutogenContext.__init__ = _make_with_ours  # type: ignore[method-assign]
