"""The words of the models' tables, once the database has answered, or has not."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...messages import get_logger
from ..words import ColumnWords, ItemWords, Words
from .asking import Answers
from .constraints import check_words, exclude_words
from .drafts import ColumnDraft, ItemDraft, TableDraft
from .indexes import definition_words
from .named import ByOid
from .questions import Kind, Question
from .tokens import Unasked, constant

log = get_logger(__name__)


class Answered:
    """Puts answers into drafts; without one, the text is compared token by token."""

    def __init__(self, answers: Answers, named: ByOid) -> None:
        self._answers = answers
        self._named = named
        self._columns: dict[ColumnDraft, ColumnWords] = {}

    def table(self, draft: TableDraft) -> Words:
        """Return the words of a table."""
        return Words(
            {name: self._column(column) for name, column in draft.columns.items()},
            self._items(draft.constraints),
            self._items(draft.indexes),
            draft.comment,
            draft.options,
        )

    def log_silence(self) -> None:
        """Say once what was compared token by token, and why."""
        if self._answers.silent is not None:
            log.warning(
                "The database could not be asked how it spells what the models say (%s). "
                "Expressions are compared token by token, and what cannot be told is held for "
                "unchanged; to compare all, let the user of this connection make temporary tables.",
                self._answers.silent,
            )
        refused = {
            f"{question.table and f'{question.table}: '}{question.text} ({reason})"
            for question, reason in self._answers.refused.items()
            if question not in self._answers.given
        }
        if refused:
            log.warning(
                "The database refuses what the models say, so it is compared token by token: %s",
                "; ".join(sorted(refused)),
            )

    def _column(self, draft: ColumnDraft) -> ColumnWords:
        found = self._columns.get(draft)
        if found is None:
            found = self._columns[draft] = ColumnWords(
                draft.type if isinstance(draft.type, str) else self._type(draft.type),
                draft.nullable,
                None if draft.default is None else self._default(draft.default),
                self._generated(draft),
                draft.comment,
            )
        return found

    def _type(self, question: Question) -> str:
        answer = self._answers.given.get(question)
        if answer is None or answer.text is None:
            return Unasked(question.text, certain=True)
        if answer.named is not None and answer.named in self._named:
            array = "[]" if answer.text.endswith("[]") else ""
            return self._named[answer.named].words + array
        return answer.text

    def _default(self, question: Question) -> str | None:
        answer = self._answers.given.get(question)
        if answer is not None:
            return None if answer.text is None else constant(answer.text) or answer.text
        if question.text.upper() == "NULL":
            return None
        return constant(question.text) or self._unasked(question.text)

    def _generated(self, draft: ColumnDraft) -> str | None:
        if not isinstance(draft.generated, Question):
            return draft.generated
        answer = self._answers.given.get(draft.generated)
        if answer is None:
            return self._unasked(f"{draft.kind} {draft.generated.text}")
        return f"{draft.kind} {answer.text}"

    def _items(self, drafts: Iterable[ItemDraft | None]) -> tuple[ItemWords | None, ...]:
        return tuple(None if draft is None else self._item(draft) for draft in drafts)

    def _item(self, draft: ItemDraft) -> ItemWords:
        text = draft.text if isinstance(draft.text, str) else self._text(draft, draft.text)
        return ItemWords(draft.name, text, folded=draft.folded)

    def _text(self, draft: ItemDraft, question: Question) -> str:
        answer = self._answers.given.get(question)
        said = _unqualified(question) if answer is None or answer.text is None else answer.text
        match question.kind:
            case Kind.CHECK:
                text = check_words(said, draft.comment)
            case Kind.EXCLUDE:
                text = exclude_words(said, draft.comment)
            case _ if answer is None:
                text = f"{question.kind.upper()} {said}"
            case _:
                text = definition_words(said, draft.tablespace)
        return text if answer is not None else self._unasked(text, named=draft.name is not None)

    def _unasked(self, text: str, *, named: bool = True) -> Unasked:
        """Return a text without an answer; what was refused is known not to be in the database."""
        return Unasked(text, certain=self._answers.silent is None or not named)


def _unqualified(question: Question) -> str:
    """Return a text without its own table's name before columns, as the server keeps it."""
    return re.sub(rf'(?<![\w".])"?{re.escape(question.table)}"?\.(?=[\w"])', "", question.text)
