"""A dialect's state after it has connected, for `--sql`, which does not connect.

Otherwise `--sql` would write other text than is executed online: percent signs doubled (for a
driver's parameters), backslashes too (although PostgreSQL's `standard_conforming_strings` is on
since 9.1), and no sequences on MariaDB (which has them since 10.3).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ...sqla_compat import DOUBLES_PERCENTS
from .registry import impl_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


@contextmanager
def as_connected(dialect: Dialect) -> Iterator[None]:
    """Let `dialect` compile as it does when it is connected; afterwards it is as it was."""
    known: list[tuple[Any, str, bool]] = [(dialect.identifier_preparer, DOUBLES_PERCENTS, False)]
    connected = impl_of(dialect).features.when_connected
    known += [(dialect, attribute, value) for attribute, value in connected.items()]
    before = [(target, attribute, getattr(target, attribute)) for target, attribute, _ in known]
    try:
        for target, attribute, value in known:
            setattr(target, attribute, value)
        yield
    finally:
        for target, attribute, value in before:
            setattr(target, attribute, value)
