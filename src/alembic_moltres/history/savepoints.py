"""`Savepoints`: what a script's rollback to a savepoint undoes."""

from __future__ import annotations

from ..sqltext import tokens
from .catalogue.database import Catalogue
from .state import ScriptSQL


class Savepoints:
    """Keeps the content of the database at each savepoint.

    Args:
        catalogue: the replayed database.
        texts: the statements that are kept.
    """

    def __init__(self, catalogue: Catalogue, texts: list[ScriptSQL]) -> None:
        self._catalogue = catalogue
        self._texts = texts
        self._kept: dict[str, tuple[Catalogue, int]] = {}

    def execute(self, sql: str) -> None:
        """Keep the content for SAVEPOINT, and restore it for ROLLBACK TO."""
        stream = tokens(sql, self._catalogue.impl.syntax)
        words = [each.upper for each in stream if each.text != ";"]
        if words[:1] == ["SAVEPOINT"]:
            self._kept[stream[1].value] = (self._catalogue.copy(), len(self._texts))
        elif words[:1] == ["ROLLBACK"] and "TO" in words:
            kept = self._kept.get(stream[len(words) - 1].value)
            if kept is not None:
                self._catalogue.restore(kept[0])
                del self._texts[kept[1] :]
