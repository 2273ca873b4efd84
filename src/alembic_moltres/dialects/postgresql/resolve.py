"""The words of the models' tables, once the database has answered, or has not."""

from __future__ import annotations

from collections.abc import Iterable

from ...messages import get_logger
from ...sqltext import POSTGRESQL, unqualified
from ..base.signatures import ColumnSignature, ItemSignature, TableSignature
from .constraints import check_signature, exclude_signature
from .indexes import definition_signature
from .named_types import ByOid
from .probes import Kind, Probe
from .run_probes import ProbeResults
from .unconfirmed import UnconfirmedText, constant
from .unresolved import UnresolvedColumn, UnresolvedItem, UnresolvedTable

log = get_logger(__name__)


class Resolver:
    """Puts answers into drafts; without one, the text is compared token by token."""

    def __init__(self, answers: ProbeResults, named: ByOid) -> None:
        self._answers = answers
        self._named = named
        self._columns: dict[UnresolvedColumn, ColumnSignature] = {}

    def table(self, draft: UnresolvedTable) -> TableSignature:
        """Return the words of a table."""
        return TableSignature(
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

    def _column(self, draft: UnresolvedColumn) -> ColumnSignature:
        found = self._columns.get(draft)
        if found is None:
            found = self._columns[draft] = ColumnSignature(
                draft.type if isinstance(draft.type, str) else self._type(draft.type),
                draft.nullable,
                None if draft.default is None else self._default(draft.default),
                self._generated(draft),
                draft.comment,
            )
        return found

    def _type(self, question: Probe) -> str:
        answer = self._answers.given.get(question)
        if answer is None or answer.text is None:
            return UnconfirmedText(question.text, certain=True)
        if answer.named is not None and answer.named in self._named:
            array = "[]" if answer.text.endswith("[]") else ""
            return self._named[answer.named].signature + array
        return answer.text

    def _default(self, question: Probe) -> str | None:
        answer = self._answers.given.get(question)
        if answer is not None:
            return None if answer.text is None else constant(answer.text) or answer.text
        if question.text.upper() == "NULL":
            return None
        return constant(question.text) or self._unasked(question.text)

    def _generated(self, draft: UnresolvedColumn) -> str | None:
        if not isinstance(draft.generated, Probe):
            return draft.generated
        answer = self._answers.given.get(draft.generated)
        if answer is None:
            return self._unasked(f"{draft.kind} {draft.generated.text}")
        return f"{draft.kind} {answer.text}"

    def _items(self, drafts: Iterable[UnresolvedItem | None]) -> tuple[ItemSignature | None, ...]:
        return tuple(None if draft is None else self._item(draft) for draft in drafts)

    def _item(self, draft: UnresolvedItem) -> ItemSignature:
        text = draft.text if isinstance(draft.text, str) else self._text(draft, draft.text)
        return ItemSignature(draft.name, text, folded=draft.folded)

    def _text(self, draft: UnresolvedItem, question: Probe) -> str:
        answer = self._answers.given.get(question)
        said = _unqualified(question) if answer is None or answer.text is None else answer.text
        match question.kind:
            case Kind.CHECK:
                text = check_signature(said, draft.comment)
            case Kind.EXCLUDE:
                text = exclude_signature(said, draft.comment)
            case _ if answer is None:
                text = f"{question.kind.upper()} {said}"
            case _:
                text = definition_signature(said, draft.tablespace)
        return text if answer is not None else self._unasked(text, named=draft.name is not None)

    def _unasked(self, text: str, *, named: bool = True) -> UnconfirmedText:
        """Return a text without an answer; what was refused is known not to be in the database."""
        return UnconfirmedText(text, certain=self._answers.silent is None or not named)


def _unqualified(question: Probe) -> str:
    """Return a text without its own table's name before columns, as the server keeps it."""
    return unqualified(question.text, question.table, POSTGRESQL)
