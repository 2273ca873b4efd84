"""`ComparisonInput`: what a comparison reads; its steps pass it on unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..dialects.base.impl import DialectImpl
from ..dialects.base.reflection import Key
from ..dialects.base.registry import impl_of
from .filtering.filters import Filters
from .gather import CurrentTable, DesiredTable
from .sources import Source

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


@dataclass(frozen=True, slots=True)
class ComparisonInput:
    """The two sides of a comparison, before it begins.

    Attributes:
        context: Alembic's.
        source: what the models are compared with.
        filters: of the environment.
        models: the tables of the models.
        database: the current tables.
    """

    context: AutogenContext
    source: Source
    filters: Filters
    models: Mapping[Key, DesiredTable]
    database: Mapping[Key, CurrentTable]

    @property
    def impl(self) -> DialectImpl:
        """The impl of the connected dialect."""
        return impl_of(self.context.dialect)
