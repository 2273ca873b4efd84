"""The taken names of a schema."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator


class TakenNames(Collection[str]):
    """The taken names of a schema.

    Args:
        taken: the number of uses, by schema and name.
        schema: the schema.
    """

    def __init__(self, taken: Counter[tuple[str | None, str]], schema: str | None) -> None:
        self._taken = taken
        self._schema = schema

    def __contains__(self, name: object) -> bool:
        return self._taken[self._schema, str(name)] > 0

    def __iter__(self) -> Iterator[str]:
        return (name for (at, name), n in self._taken.items() if at == self._schema and n > 0)

    def __len__(self) -> int:
        return sum(1 for _ in self)
