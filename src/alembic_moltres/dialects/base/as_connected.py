"""A dialect's state after it has connected, for `--sql`, which does not connect.

Otherwise `--sql` would differ from what is executed online: percent signs would be doubled (for a
driver's parameters), and backslashes too (although PostgreSQL's `standard_conforming_strings` is on
since 9.1), MariaDB would get no sequences (which it has since 10.3), and a computed column would
lack STORED (which only PostgreSQL 18 can do without).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Dialect

from ...sqla_compat import DOUBLES_PERCENTS
from .registry import impl_of


class as_connected:
    """Make a dialect compile as if it were connected; its state is restored at the end.

    Args:
        dialect: the dialect.
        server: the version that `moltres={"server": ...}` states.
    """

    __slots__ = ("_before", "_dialect", "_server")

    def __init__(self, dialect: Dialect, server: str | None = None) -> None:
        self._dialect, self._server = dialect, server
        self._before: list[tuple[Any, str, bool]] = []

    def __enter__(self) -> None:
        dialect = self._dialect
        self._set(dialect.identifier_preparer, DOUBLES_PERCENTS, value=False)
        for attribute, value in impl_of(dialect).when_connected(self._server).items():
            if hasattr(dialect, attribute):  # SQLAlchemy 2.0 has fewer of them
                self._set(dialect, attribute, value=value)

    def __exit__(self, *_: object) -> None:
        while self._before:
            target, attribute, value = self._before.pop()
            setattr(target, attribute, value)

    def _set(self, target: Any, attribute: str, *, value: bool) -> None:
        self._before.append((target, attribute, getattr(target, attribute)))
        setattr(target, attribute, value)
