"""`Hooks`: what each group of hooks of `DialectImpl` starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NoReturn

from ....errors import OperationError
from ....sqltext import GENERIC, Syntax
from ..features import Features

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


class Hooks:
    """What all groups of hooks of `DialectImpl` need; see there."""

    names: ClassVar[tuple[str, ...]] = ()
    features: Features = Features()
    syntax: Syntax = GENERIC

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    def unsupported(self, action: str) -> NoReturn:
        """Raise the error for an action that this database does not support."""
        raise OperationError(
            f"{self.dialect.name} cannot {action} here; use op.execute() with its own SQL",
            self.dialect.name,
        )
