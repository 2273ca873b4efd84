"""`ByIdentity`: one result for each object.

Tables share equal columns (see `convert.columns`), and hashing a column takes longer than most of
what is asked about it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

V = TypeVar("V")
R = TypeVar("R")


class ByIdentity(Generic[V, R]):
    """Calls a function once for each object, and keeps both.

    Args:
        make: the function.

    >>> lengths = ByIdentity(len)
    >>> name = "users"
    >>> lengths(name), lengths(name)
    (5, 5)
    """

    def __init__(self, make: Callable[[V], R]) -> None:
        self._make = make
        self._results: dict[int, tuple[V, R]] = {}

    def __call__(self, given: V) -> R:
        """Return the result for this very object, which stays alive with it."""
        found = self._results.get(id(given))
        if found is None:
            found = self._results[id(given)] = (given, self._make(given))
        return found[1]
