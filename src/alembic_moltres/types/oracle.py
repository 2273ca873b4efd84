"""The names of types of oracle."""

from __future__ import annotations

from typing import Final

from .registry import Registration

TABLE: Final[tuple[Registration, ...]] = ()
