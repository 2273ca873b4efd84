"""The names of types of sqlite."""

from __future__ import annotations

from typing import Final

from .registry import Registration

TABLE: Final[tuple[Registration, ...]] = ()
