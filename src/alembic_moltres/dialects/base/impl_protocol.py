"""`ImplProtocol`: the part of `DialectImpl` that `execution` and the errors of statements use.

These cannot import `DialectImpl`, whose module imports them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from ...sqltext import Syntax
    from .features import Features
    from .rejections import Rejection
    from .signatures import ReflectedTable
    from .statement import Statement


class ImplProtocol(Protocol):
    """A `DialectImpl`; see there for the contracts."""

    features: Features

    @property
    def syntax(self) -> Syntax: ...

    @property
    def reads(self) -> bool: ...

    def begin(self, connection: Connection, *, owned: bool) -> None: ...

    def check(self, statement: Statement, text: str) -> None: ...

    def rejection(self, code: str | None, message: str) -> Rejection | None: ...

    def cause(self, connection: Connection, code: str | None) -> str | None: ...

    def table_names(self, connection: Connection, schema: str | None) -> list[str]: ...

    def read(
        self, connection: Connection, schema: str | None, names: Collection[str]
    ) -> Sequence[ReflectedTable]: ...
