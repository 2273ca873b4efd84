"""The statements of a range that are not about tables: which are copied, and where to."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ...errors import HistoryError
from ...history.kept_objects import FIRST, object_of
from ...messages import one_line
from ...sqltext import Syntax
from ..scripts.effects import Effect, EffectKind, Effects, function_names
from ..scripts.moltres_calls import used_names
from ..scripts.renamed_items import BATCH
from ..scripts.source import Function, ScriptSource
from .inspected_conditions import InspectedConditions
from .mapped_names import mapped_names, names_in_texts

DDL = frozenset(
    """create_table drop_table add_column drop_column alter_column create_index drop_index
    rename_table create_unique_constraint create_check_constraint create_foreign_key
    create_primary_key drop_constraint batch_alter_table create_table_comment drop_table_comment
    create_exclude_constraint""".split()  # noqa: SIM905
)
"""Alembic's operations on tables."""


@dataclass(slots=True)
class CopiedStatement:
    """A statement to copy.

    Attributes:
        source: of its script.
        statement: the statement.
        is_first: it runs before the tables are created (in `downgrade()`: after they are dropped).
        effects: what it does.
    """

    source: ScriptSource
    statement: ast.stmt
    is_first: bool
    effects: list[Effect]


@dataclass(slots=True)
class Part:
    """The copied statements of one function of one script.

    Attributes:
        source: of the script.
        function: `upgrade()` or `downgrade()`.
        made: the variables that hold tables created in the function, by name.
        statements: to copy.
        queries: assignments of query results, copied if they are used.
        idle: statements that are left out, because they find no rows.
        refused: why statements cannot be copied, each with its line.
    """

    source: ScriptSource
    function: Function
    made: dict[str, str] = field(default_factory=dict)
    statements: list[CopiedStatement] = field(default_factory=list)
    queries: list[CopiedStatement] = field(default_factory=list)
    idle: list[ast.stmt] = field(default_factory=list)
    refused: list[HistoryError] = field(default_factory=list)


def part_of(
    effects: Effects,
    source: ScriptSource,
    name: str,
    left_out: Collection[str],
    idle: Collection[int],
    syntax: Syntax,
) -> Part | None:
    """Return the statements to copy of a script's `upgrade()` or `downgrade()`.

    Args:
        effects: of the script.
        source: of the script.
        name: of the function.
        left_out: statements to omit, as `FILE:LINE`.
        idle: the identities of effects that change nothing; see `EmptyTables`.
        syntax: of the database.
    """
    named = {each.name: each for each in source.functions()}
    function = next((named[e] for e in function_names(name, effects.database) if e in named), None)
    if function is None:
        return None
    selection = _Selection(effects, Part(source, function), name == "downgrade", idle, syntax)
    file = Path(effects.script.path).name
    for statement in function.body[1:] if ast.get_docstring(function) else function.body:
        lines = {f"{file}:{line}" for line in lines_of(statement)}
        if not isinstance(statement, ast.Pass) and lines.isdisjoint(left_out):
            try:
                selection.add(statement)
            except HistoryError as err:
                selection.part.refused.append(err)
    part = selection.part
    _leave_out_last_commit(part, function)
    if all(is_query(effect) for each in part.statements for effect in each.effects):
        part.statements = [each for each in part.statements if not _is_enforcement(each)]
    return part


def _leave_out_last_commit(part: Part, function: Function) -> None:
    """Leave out a commit of the connection if all that followed it is not copied.

    It let them run outside of the transaction (`CREATE INDEX CONCURRENTLY`); the new script makes
    with its tables what they made.
    """
    match part.statements:
        case [*_, CopiedStatement(statement=last)] if (
            _is_commit(last) and last is not function.body[-1]
        ):
            part.statements.pop()


def _is_commit(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="commit"), args=[], keywords=[])):
            return True
    return False


def lines_of(statement: ast.stmt) -> range:
    """Return the lines of a statement."""
    return range(statement.lineno, (statement.end_lineno or 0) + 1)


class _Selection:
    """Selects the statements of one function.

    Args:
        effects: of the script.
        part: to fill.
        is_back: it is `downgrade()`.
        idle: see `part_of`.
        syntax: see `part_of`.
    """

    def __init__(
        self, effects: Effects, part: Part, is_back: bool, idle: Collection[int], syntax: Syntax
    ) -> None:
        self.part = part
        self._effects, self._is_back, self._idle, self._syntax = effects, is_back, idle, syntax
        self._happened = effects.downgrade if is_back else effects.upgrade
        self._results = QueryResults()

    def add(self, statement: ast.stmt) -> None:
        """Add a statement to the part, unless the new script does not need it."""
        own = [each for each in self._happened if each.line in lines_of(statement)]
        if self._is_back and not own and _is_unreached(statement, self._effects):
            return
        active = [each for each in own if id(each) not in self._idle]
        if any(each.kind is EffectKind.TABLES for each in own):
            _note_table(self.part, statement, without_dropped(active, self._syntax))
        elif _is_auxiliary(statement, own):
            if own:
                self.part.queries.append(self._copied(statement, own, is_first=False))
            self._results.note(statement, is_query=bool(own), is_idle=not active)
        elif not active and (own or self._results.are_empty(statement)):
            self.part.idle.append(statement)
        elif not own and self._conditions.decide(statement):
            return
        elif own or not _has_ddl(statement):
            first = _comes_first(own, self._syntax, is_back=self._is_back)
            self.part.statements.append(self._copied(statement, own, is_first=first))
        elif self._effects.plain.isdisjoint(lines_of(statement)):
            raise self.part.source.error(
                statement,
                "it does nothing on this database and changes tables on another; pass it with "
                "--leave-out",
            )

    @cached_property
    def _conditions(self) -> InspectedConditions:
        return InspectedConditions(self.part.source)

    def _copied(self, statement: ast.stmt, own: list[Effect], *, is_first: bool) -> CopiedStatement:
        return CopiedStatement(self.part.source, statement, is_first, own)


class QueryResults:
    """The variables of a function that hold results of queries, or what is made of them."""

    def __init__(self) -> None:
        self._empty: set[str] = set()
        self._other: set[str] = set()

    def note(self, statement: ast.stmt, *, is_query: bool, is_idle: bool) -> None:
        """Note what an assignment makes of a query or of its results."""
        used, bound = used_names(statement), bound_names(statement)
        if (is_query and not is_idle) or not used.isdisjoint(self._other):
            self._other |= bound
        elif is_query or not used.isdisjoint(self._empty):
            self._empty |= bound

    def are_empty(self, statement: ast.stmt) -> bool:
        """Tell whether a statement uses results, and all of them are empty."""
        used = used_names(statement)
        return not used.isdisjoint(self._empty) and used.isdisjoint(self._other)


def _is_unreached(statement: ast.stmt, effects: Effects) -> bool:
    """Tell whether a statement changes tables, or raises, where `downgrade()` has raised before.

    The new script's way back is made of values, so it needs neither.
    """
    reached = (statement.end_lineno or 0) < effects.raised_at or not effects.raised_at
    return not reached and (isinstance(statement, ast.Raise) or _has_ddl(statement))


def _note_table(part: Part, statement: ast.stmt, own: list[Effect]) -> None:
    """Check that a statement changes only tables; note the variable it assigns."""
    other = [
        each
        for each in own
        if each.kind is not EffectKind.TABLES
        and not is_query(each)
        and not _is_setting(each)
        and BATCH not in each.text
    ]
    if other:
        raise part.source.error(
            statement,
            f"it changes tables and does something else ({one_line(other[0].text.strip()[:60])}); "
            "split it, or pass it with --leave-out",
        )
    match statement:
        case ast.Assign(
            targets=[ast.Name(id=name)],
            value=ast.Call(func=ast.Attribute(attr=method), args=[first, *_]),
        ) if method.endswith("create_table"):
            part.made[name] = ast.unparse(first)


def without_dropped(own: Sequence[Effect], syntax: Syntax) -> list[Effect]:
    """Return the effects of a statement without the objects that it creates and drops again."""
    created: dict[tuple[str, str], Effect] = {}
    dropped: list[Effect] = []
    for each in own:
        kept = object_of(each.text, syntax) if each.kind is EffectKind.TEXT else None
        if kept is None or not kept.kind:
            continue
        if kept.action == "CREATE":
            created[kept.key] = each
        elif kept.action == "DROP" and (key := kept.among(created)) is not None:
            dropped += [created.pop(key), each]
    return [each for each in own if all(each is not one for one in dropped)]


def is_query(effect: Effect) -> bool:
    """Tell whether it is a query, such as SQLAlchemy's own on the catalogue."""
    return effect.text.lstrip().upper().startswith(("SELECT", "SHOW", "PRAGMA", "WITH"))


def _is_setting(effect: Effect) -> bool:
    """Tell whether it only changes a setting of the session, such as a timeout."""
    keywords = effect.text.upper().split(maxsplit=2)
    return keywords[:1] in (["SET"], ["RESET"]) and not {*keywords[1:2]} & {
        "GLOBAL",
        "PERSIST",
        "PASSWORD",
    }


def _is_enforcement(copied: CopiedStatement) -> bool:
    """Tell whether a statement only switches SQLite's foreign keys off or on.

    Changes of tables need that in Alembic's batch mode; the new script's need it never.
    """
    texts = [each.text.lower().split() for each in copied.effects]
    return bool(texts) and all(
        first == "pragma" and "".join(rest).startswith("foreign_keys") for first, *rest in texts
    )


def _is_auxiliary(statement: ast.stmt, own: list[Effect]) -> bool:
    """Tell whether it only serves other statements: an assignment, an import, a function."""
    if [each for each in own if not is_query(each)]:
        return False
    return isinstance(
        statement,
        ast.Assign | ast.AnnAssign | ast.Import | ast.ImportFrom | Function | ast.ClassDef,
    )


def _has_ddl(statement: ast.stmt) -> bool:
    called = {
        node.func.attr
        for node in ast.walk(statement)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    return any(name in DDL or name.removeprefix("moltres_") in DDL for name in called)


def _comes_first(own: list[Effect], syntax: Syntax, *, is_back: bool) -> bool:
    """Tell whether a statement only makes what tables may need, or drops that on the way back.

    What the way back makes again may be used by what follows.
    """
    objects = [object_of(each.text, syntax) for each in own if each.kind is EffectKind.TEXT]
    if is_back and any(each.action == "CREATE" for each in objects):
        return False
    return len(objects) == len(own) > 0 and all(each.kind in FIRST for each in objects)


def used_queries(part: Part, copied: CopiedStatement) -> list[CopiedStatement]:
    """Return the queries whose results a copied statement uses."""
    used = used_names(copied.statement)
    return [each for each in part.queries if not used.isdisjoint(bound_names(each.statement))]


def needed(part: Part, chosen: list[ast.stmt]) -> tuple[list[ast.stmt], list[ast.stmt], set[str]]:
    """Return what chosen statements need: of the function, of the module, and created tables."""
    body = part.function.body
    names = {name for each in chosen for name in used_names(each)}
    local = [each for each in body if each not in chosen and bound_names(each)]
    inside: list[ast.stmt] = []
    tables: set[str] = set()
    for each in reversed(local):
        bound = bound_names(each)
        if bound & names and each.lineno < max(one.lineno for one in chosen):
            if bound & set(part.made):
                tables |= bound & set(part.made) & names
                continue
            if _has_ddl(each):
                continue  # a loop over tables or columns, which the changes of tables replace
            inside.insert(0, each)
            names |= used_names(each)
    return inside, _of_module(part, names), tables


def _of_module(part: Part, names: set[str]) -> list[ast.stmt]:
    top = [each for each in part.source.tree.body if each is not part.function]
    mapped = {id(each): mapped_names(each) for each in top}
    needed: list[ast.stmt] = []
    in_texts: set[str] = set()
    while more := [
        each
        for each in top
        if each not in needed
        and not (names.isdisjoint(bound_names(each)) and in_texts.isdisjoint(mapped[id(each)]))
    ]:
        needed += more
        names |= {name for each in more for name in used_names(each)}
        in_texts |= {name for each in more if mapped[id(each)] for name in names_in_texts(each)}
    return [each for each in top if each in needed]


def bound_names(statement: ast.stmt) -> set[str]:
    """Return the names that a statement binds."""
    match statement:
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return {each.asname or each.name.partition(".")[0] for each in names}
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
