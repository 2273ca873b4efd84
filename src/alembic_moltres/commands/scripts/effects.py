"""What each line of a script does: to tables, to rows, or to objects kept as SQL text."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from types import FrameType
from typing import Any

from alembic.script import Script
from sqlalchemy.schema import DDL, ExecutableDDLElement

from ...history.catalogue.database import Catalogue
from ...history.recording import Recorder
from ...history.replay import Replay
from ...history.text.cursor import statements
from ...history.text.statements import WITHOUT_DDL
from ...sqltext import Syntax, tokens
from .runs import overriding, restoring

DROPPED = frozenset({"TABLE", "INDEX", "TYPE", "SEQUENCE"})
"""What a state knows completely: dropping one that does not exist has no effect."""


class EffectKind(Enum):
    """What a statement changes."""

    TABLES = auto()
    TEXT = auto()
    ROWS = auto()


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect of a line.

    Attributes:
        kind: what it changes.
        line: of `upgrade()` or `downgrade()`.
        text: its SQL, or the operation.
        tables: before the line, if all of them are known; `None` for a change of tables.
        renames: how many renames of the script were done before it.
    """

    kind: EffectKind
    line: int
    text: str
    tables: Catalogue | None = field(default=None, compare=False, repr=False)
    renames: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RenamedItem:
    """A renamed table or column.

    Attributes:
        table: the schema and the name of the table.
        current: the name before.
        desired: the name after.
        is_column: it is a column.
        tables: before the rename, if known.
    """

    table: tuple[str | None, str]
    current: str
    desired: str
    is_column: bool
    tables: Catalogue | None = field(default=None, compare=False, repr=False)


@dataclass(slots=True)
class Effects:
    """The effects of a script.

    Attributes:
        script: the script.
        database: the name of the database it ran on.
        upgrade: effects of `upgrade()`.
        downgrade: effects of `downgrade()`.
        raises: whether `upgrade()` raised.
        raised_at: the line where `downgrade()` raised; 0 if it did not.
        plain: the lines of Alembic's own operations that ran, in both directions.
        renamed: what `upgrade()` renames, in order.
        names: of all tables and columns that existed at any time.
    """

    script: Script
    database: str = ""
    upgrade: list[Effect] = field(default_factory=list)
    downgrade: list[Effect] = field(default_factory=list)
    raises: bool = False
    raised_at: int = 0
    plain: set[int] = field(default_factory=set)
    renamed: list[RenamedItem] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


def effects_of(replay: Replay, script: Script, database: str = "") -> Effects:
    """Run a script's `upgrade()` and `downgrade()`, and return the effects of their lines.

    Args:
        replay: before the script.
        script: the script.
        database: its name, if `env.py` migrates several.
    """
    effects = upgrade_effects_of(replay, script, database)
    recorder = replay.recorder
    with restoring(recorder), _recording(recorder, effects, effects.downgrade):
        replay.run_downgrade(script)
        effects.raised_at = replay.raised_at
    return effects


def upgrade_effects_of(replay: Replay, script: Script, database: str = "") -> Effects:
    """Run a script, and return what its lines do on the way up only; see `effects_of`."""
    effects = Effects(script, database)
    recorder = replay.recorder
    with _recording(recorder, effects, effects.upgrade), recording_renames(recorder, effects):
        replay.run(script)
    effects.raises = replay.raised is not None
    return effects


@contextmanager
def _recording(recorder: Recorder, effects: Effects, recorded: list[Effect]) -> Iterator[None]:
    record, execute = recorder.record, recorder.execute

    def noted_operation(operation: Any) -> bool:
        ours = record(operation)
        line = line_of(effects.script, effects.database)
        if ours:
            recorded.append(Effect(EffectKind.TABLES, line, repr(operation)))
        else:
            effects.plain.add(line)
        return ours

    def executed(sql: str, context: Any) -> Any:
        before, texts = recorder.catalogue.copy(), len(recorder.texts)
        result = execute(sql, context)
        line = line_of(effects.script, effects.database)

        def noted(kind: EffectKind, text: str) -> Effect:
            known = not recorder.uncertainties()
            return Effect(kind, line, text, before if known else None, len(effects.renamed))

        if _changes_tables(before, recorder, sql, context):
            recorded.append(Effect(EffectKind.TABLES, line, sql))
            recorded.extend(noted(EffectKind.ROWS, each) for each in _of_rows(recorder, sql))
            recorded.extend(noted(EffectKind.TEXT, each.text) for each in recorder.texts[texts:])
        elif len(recorder.texts) > texts:
            recorded.extend(noted(EffectKind.TEXT, each.text) for each in recorder.texts[texts:])
        else:
            recorded.append(noted(EffectKind.ROWS, sql))
        if recorded is effects.upgrade:
            effects.renamed += copied_renames(sql)
        return result

    with overriding(recorder, record=noted_operation, execute=executed):
        yield


def _is_of_tables(sql: str, context: Any, syntax: Syntax) -> bool:
    """Is it DDL that a state knows completely, even if it changes nothing here?

    `DROP INDEX IF EXISTS` of no index is. ALTER TABLE as text is not, except for that: values have
    no owner.
    """
    statement = getattr(getattr(context, "compiled", None), "statement", None)
    if isinstance(statement, ExecutableDDLElement) and not isinstance(statement, DDL):
        return True
    words = [token.upper for token in tokens(sql, syntax)]
    if words[:2] == ["ALTER", "TABLE"]:
        return _is_conditional(" ".join(words[2:]))
    return words[:1] == ["DROP"] and words[1:2] != [] and words[1] in DROPPED


_CONDITIONAL = re.compile(r"(DROP (CONSTRAINT |COLUMN )?IF EXISTS|ADD (COLUMN )?IF NOT EXISTS) ")
_ACTION = re.compile(r"(ADD|DROP|ALTER|RENAME|SET|RESET|ENABLE|DISABLE|OWNER|VALIDATE|CLUSTER) ")


def _is_conditional(words: str) -> bool:
    """Does each action of an ALTER TABLE only happen if its item does, or does not, exist?"""
    return len(_CONDITIONAL.findall(words)) == len(_ACTION.findall(words)) > 0


def _of_rows(recorder: Recorder, sql: str) -> list[str]:
    """Return the statements about rows in a text of several statements."""
    return [
        each
        for each in statements(sql, recorder.syntax)
        if {token.upper for token in tokens(each, recorder.syntax)[:1]} & WITHOUT_DDL
    ]


def _changes_tables(before: Any, recorder: Recorder, sql: str, context: Any) -> bool:
    """Tell whether a statement is about tables that stay; a temporary one is there for rows."""
    after = recorder.catalogue
    if any(
        getattr(before, part) != getattr(after, part) for part in ("types", "sequences", "owned")
    ):
        return True
    if before.tables == after.tables:
        return _is_of_tables(sql, context, recorder.syntax)
    return staying(before) != staying(after)


def staying(catalogue: Any) -> dict[Any, Any]:
    """Return the tables that are not temporary."""
    return {key: each for key, each in catalogue.tables.items() if not each.temporary}


@contextmanager
def recording_renames(recorder: Recorder, effects: Effects) -> Iterator[None]:
    """Record renames, and all names of tables and columns, while the block runs."""
    catalogue: Any = recorder.catalogue
    rename_table, rename_column = catalogue.rename_table, catalogue.rename_column
    apply = catalogue.apply

    def noted(of: Any, current: str, desired: str, *, is_column: bool) -> None:
        before = None if recorder.uncertainties() else recorder.catalogue.copy()
        key = (of.schema, str(of.name))
        effects.renamed.append(RenamedItem(key, str(current), str(desired), is_column, before))

    def table(renamed: Any, name: str) -> None:
        noted(renamed, str(renamed.name), name, is_column=False)
        rename_table(renamed, name)

    def column(inside: Any, current: str, desired: str) -> None:
        noted(inside, current, desired, is_column=True)
        rename_column(inside, current, desired)

    def applied(change: Any) -> None:
        apply(change)
        for each in staying(catalogue).values():
            effects.names |= {str(each.name), *(str(column.name) for column in each.columns)}

    with overriding(catalogue, rename_table=table, rename_column=column, apply=applied):
        yield


_COPY = re.compile(
    r"""INSERT INTO ["`]?_alembic_tmp_(\w+)["`]? \((.*?)\) SELECT (.*)\sFROM\s""", re.DOTALL
)
_SOURCE = re.compile(r"""\.["`]?(\w+)["`]?""")


def copied_renames(sql: str) -> list[RenamedItem]:
    """Return the columns that Alembic's batch renames when it copies a table.

    >>> copied_renames("INSERT INTO _alembic_tmp_t (a, b) SELECT t.a, t.x AS anon FROM t")
    [RenamedItem(table=(None, 't'), current='x', desired='b', is_column=True)]
    """
    copied = _COPY.search(sql)
    if copied is None:
        return []
    into = [each.strip(' "`') for each in copied[2].split(",")]
    sources = _SOURCE.findall(copied[3])
    if len(into) != len(sources):
        return []
    key = (None, copied[1])
    pairs = zip(sources, into, strict=True)
    return [RenamedItem(key, old, new, is_column=True) for old, new in pairs if old != new]


def function_names(name: str, database: str) -> tuple[str, str]:
    """Return the names that the script's function for a database may have, the specific one first.

    >>> function_names("upgrade", "engine1")
    ('upgrade_engine1', 'upgrade')
    """
    return f"{name}_{database}", name


def line_of(script: Script, database: str = "") -> int:
    """Return the line of the script's function that is running."""
    names = {*function_names("upgrade", database), *function_names("downgrade", database)}
    frame: FrameType | None = inspect.currentframe()
    line = 0
    while frame is not None:
        if Path(frame.f_code.co_filename) == Path(script.path):
            line = frame.f_lineno
            if frame.f_code.co_name in names:
                return line
        frame = frame.f_back
    return line
