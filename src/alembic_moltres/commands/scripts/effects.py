"""What each line of a script does: to tables, to rows, or to objects kept as SQL text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from alembic.script import Script
from sqlalchemy.types import TypeDecorator, UserDefinedType

from ...history.catalogue.database import Catalogue
from ...history.observer import Observer
from ...history.recording import Recorder
from ...history.replay import Replay
from ...history.scripts import script_frames
from ...history.statements import built_ddl
from ...history.text.cursor import statements
from ...history.text.statements import WITHOUT_DDL
from ...sqltext import Cursor, Syntax, after_name, tokens
from ...types.registry import types
from .renamed_items import DropObserver, RenamedItem, RenameObserver

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
        renames: how many of `Effects.renamed` were done before it; 0 in `downgrade()`.
        python: the type or default in Python that its rows go through, if a value lacks it.
    """

    kind: EffectKind
    line: int
    text: str
    tables: Catalogue | None = field(default=None, compare=False, repr=False)
    renames: int = field(default=0, compare=False, repr=False)
    python: str | None = field(default=None, compare=False, repr=False)


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
        renamed: what `upgrade()` renames, and the tables and columns that it drops, in order.
        names: of all tables, columns and types that existed at any time.
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
    with replay.recorder.restoring():
        add_downgrade_effects(replay, effects)
    return effects


def add_downgrade_effects(replay: Replay, effects: Effects) -> None:
    """Run a script's `downgrade()`, and add the effects of its lines; the replay stays there."""
    observer = _EffectObserver(replay.recorder, effects, effects.downgrade)
    with replay.recorder.observed_by(observer):
        replay.run_downgrade(effects.script)
    effects.raised_at = replay.raised_at


def upgrade_effects_of(replay: Replay, script: Script, database: str = "") -> Effects:
    """Run a script, and return what its lines do on the way up only; see `effects_of`."""
    effects = Effects(script, database)
    recorder = replay.recorder
    observers = (
        _EffectObserver(recorder, effects, effects.upgrade),
        DropObserver(recorder, effects.renamed),
        RenameObserver(recorder, effects.renamed),
        _NameObserver(recorder, effects.names),
    )
    with recorder.observed_by(*observers):
        replay.run(script)
    effects.raises = replay.raised is not None
    return effects


class _EffectObserver(Observer):
    """Adds the effects of one direction of a script."""

    def __init__(self, recorder: Recorder, effects: Effects, recorded: list[Effect]) -> None:
        self._recorder, self._effects, self._recorded = recorder, effects, recorded

    def before(self) -> None:
        self._before, self._texts = self._recorder.catalogue.copy(), len(self._recorder.texts)

    def after_operation(self, operation: Any, *, own: bool) -> None:
        if own:
            self._recorded.append(Effect(EffectKind.TABLES, self._line(), repr(operation)))
        else:
            self._effects.plain.add(self._line())

    def after_statement(self, sql: str, context: Any) -> None:
        texts = [each.text for each in self._recorder.texts[self._texts :]]
        is_kept = texts == [sql.strip("; \n")]  # an index of a materialized view, too
        if not is_kept and _changes_tables(self._before, self._recorder, sql, context):
            self._recorded.append(Effect(EffectKind.TABLES, self._line(), sql))
            self._add(EffectKind.ROWS, _of_rows(self._recorder, sql))
        elif not texts:
            self._add(EffectKind.ROWS, [sql], _only_in_python(context))
        self._add(EffectKind.TEXT, texts)

    def _add(self, kind: EffectKind, texts: Iterable[str], python: str | None = None) -> None:
        """Add effects on rows or on kept text, with the tables before them."""
        line = self._line()
        before = None if self._recorder.uncertainties() else self._before
        is_back = self._recorded is self._effects.downgrade
        renames = 0 if is_back else len(self._effects.renamed)
        self._recorded.extend(Effect(kind, line, text, before, renames, python) for text in texts)

    def _line(self) -> int:
        return line_of(self._effects.script, self._effects.database)


class _NameObserver(Observer):
    """Adds the names of all tables, columns and types to a set."""

    def __init__(self, recorder: Recorder, names: set[str]) -> None:
        self._recorder, self._names = recorder, names

    def after_change(self) -> None:
        self._names |= {name for _, name in self._recorder.catalogue.types}
        for each in staying(self._recorder.catalogue).values():
            self._names |= {str(each.name), *(str(column.name) for column in each.columns)}


def _is_of_tables(sql: str, context: Any, syntax: Syntax) -> bool:
    """Tell whether it is DDL that a state knows completely, even if it changes nothing here.

    `DROP INDEX IF EXISTS` of no index is, and `SET NOT NULL` of a column that is. ALTER TABLE as
    text is not, except for that: values have no owner.
    """
    if built_ddl(context) is not None:
        return True
    keywords = [token.upper for token in tokens(sql, syntax)[:2]]
    if keywords == ["ALTER", "TABLE"]:
        return all(_is_of_values(each, syntax) for each in statements(sql, syntax))
    return keywords[:1] == ["DROP"] and not DROPPED.isdisjoint(keywords[1:])


def _is_of_values(sql: str, syntax: Syntax) -> bool:
    """Tell whether each action of an ALTER TABLE changes what values have, if anything.

    >>> from alembic_moltres.sqltext import POSTGRESQL
    >>> _is_of_values("ALTER TABLE t DROP CONSTRAINT IF EXISTS a, DROP IF EXISTS b", POSTGRESQL)
    True
    >>> _is_of_values("ALTER TABLE t ALTER a SET NOT NULL, ALTER COLUMN b TYPE INT", POSTGRESQL)
    True
    >>> _is_of_values("ALTER TABLE t DROP IF EXISTS a, OWNER TO b", POSTGRESQL)
    False
    """
    cursor = Cursor(sql, tokens(sql, syntax))
    if not cursor.accept("ALTER", "TABLE"):
        return False
    cursor.accept("IF", "EXISTS")
    cursor.accept("ONLY")
    cursor.at = after_name(cursor.tokens, cursor.at)
    cursor.accept("*")
    while any(cursor.accept(*each) for each in _CONDITIONAL) or _alters_column(cursor):
        cursor.skip(",")
        if not cursor.accept(","):
            return True
    return False


_CONDITIONAL = (
    ("DROP", "IF", "EXISTS"),
    ("DROP", "CONSTRAINT", "IF", "EXISTS"),
    ("DROP", "COLUMN", "IF", "EXISTS"),
    ("ADD", "IF", "NOT", "EXISTS"),
    ("ADD", "COLUMN", "IF", "NOT", "EXISTS"),
)


def _alters_column(cursor: Cursor) -> bool:
    """Read the start of an action that alters what the value of a column has."""
    if not cursor.accept("ALTER"):
        return False
    cursor.accept("COLUMN")
    cursor.at = after_name(cursor.tokens, cursor.at)
    return any(cursor.accept(*each) for each in _OF_COLUMN)


_OF_COLUMN = (
    ("SET", "NOT", "NULL"),
    ("DROP", "NOT", "NULL"),
    ("SET", "DEFAULT"),
    ("DROP", "DEFAULT"),
    ("SET", "DATA", "TYPE"),
    ("TYPE",),
)


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


_DEFAULTS = {"isinsert": "default", "isupdate": "onupdate"}
"""The attribute of a column with the default that a statement uses, by that of the compiler."""


def _only_in_python(context: Any) -> str | None:
    """Return a type or default that converts or makes a statement's values in Python.

    The table of a value has neither: its types are the database's. `None` if there is none.

    Args:
        context: SQLAlchemy's execution context, `None` for a statement of a bare cursor.
    """
    compiled = getattr(context, "compiled", None)
    kind = next((each for each in _DEFAULTS if getattr(compiled, each, False)), None)
    if compiled is not None and kind is not None:
        given = compiled.column_keys or ()
        for column in compiled.statement.table.columns:
            default = getattr(column, _DEFAULTS[kind])
            if default is not None and not default.is_sequence and column.key not in given:
                return f"the default of {str(column)!r}"
    for bind in getattr(compiled, "binds", {}).values():
        cls = type(bind.type)
        if issubclass(cls, TypeDecorator | UserDefinedType) and types.of(cls) is None:
            return f"the type {cls.__name__}"
    return None


def staying(catalogue: Any) -> dict[Any, Any]:
    """Return the tables that are not temporary."""
    return {key: each for key, each in catalogue.tables.items() if not each.temporary}


def function_names(name: str, database: str) -> tuple[str, str]:
    """Return the names that the script's function for a database may have, the specific one first.

    >>> function_names("upgrade", "engine1")
    ('upgrade_engine1', 'upgrade')
    """
    return f"{name}_{database}", name


def line_of(script: Script, database: str = "") -> int:
    """Return the line of the script's function that is running."""
    names = {*function_names("upgrade", database), *function_names("downgrade", database)}
    frames = list(script_frames(script.path))
    outermost = frames[-1][1] if frames else 0
    return next((line for name, line in frames if name in names), outermost)
