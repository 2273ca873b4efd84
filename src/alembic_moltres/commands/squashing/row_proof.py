"""The part of the proof about rows: each copied statement does in the new script what it did.

One that asks which tables and columns there are may get another answer at its new time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ...errors import HistoryError
from ...messages import one_line
from ...sqltext import Syntax, tokens
from ..scripts.effects import Effect, EffectKind
from .copied_statements import CopiedStatement, is_query

SHOWN = 60
"""How much of a statement an error shows."""


def check_rows(
    copied: Iterable[CopiedStatement] | None, effects: Sequence[Effect], syntax: Syntax
) -> None:
    """Check that a new script executes the statements about rows of the old ones, and no others.

    Args:
        copied: the statements of the old scripts; `None` if these raised, and nothing is checked.
        effects: of the new script.
        syntax: of the database.

    Raises:
        HistoryError: one is missing, or there is another one.
    """
    if copied is None:
        return
    waiting = Counter(_key(each, syntax) for each in effects if _is_about_rows(each))
    missing: list[tuple[CopiedStatement, Effect]] = []
    for statement in copied:
        for effect in filter(_is_about_rows, statement.effects):
            key = _key(effect, syntax)
            if not waiting[key]:
                missing.append((statement, effect))
            waiting[key] -= 1
    if missing:
        statement, effect = missing[0]
        raise statement.source.error(
            statement.statement,
            f"as one script it would not run {_shown(effect.text)}, because the tables are others "
            "when the script asks for them; end the range before the script that changes them, or "
            "pass the line with --leave-out, and do the same at the end",
        )
    for each in filter(_is_about_rows, effects):
        if waiting[_key(each, syntax)] > 0:
            raise HistoryError(
                f"as one script it would also run {_shown(each.text)}, because the tables are "
                "others when the script asks for them; end the range before the script that "
                "changes them",
                each,
            )


def _is_about_rows(effect: Effect) -> bool:
    return effect.kind is EffectKind.ROWS and not is_query(effect)


def _key(effect: Effect, syntax: Syntax) -> tuple[str, ...]:
    return tuple(each.value for each in tokens(effect.text, syntax))


def _shown(sql: str) -> str:
    return repr(one_line(sql.strip())[:SHOWN])
