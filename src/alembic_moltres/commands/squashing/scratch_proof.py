"""The proof on a scratch database: the new script makes the database that the old scripts make."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from copy import copy, deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from ...dialects.base.dump import Dump
from ...dialects.base.impl import DialectImpl
from ...dialects.base.reflection import reflect_tables
from ...dialects.base.registry import impl_of
from ...errors import HistoryError
from ...history.directory import open_directory, scripts_until
from ...history.environment import run_env
from ...history.live_tables import ScriptTables
from ...history.scratch import run_on_scratch, scratch_database
from ...messages import first_line
from ...schema import SQL, TableSchema
from ...sqltext import normal_form
from ..scripts.replays import beside
from .copied_source import remedy_of_copied
from .squash_range import Range

Row = tuple[object, ...]


class Contents(NamedTuple):
    """What a database contains.

    Attributes:
        objects: as text.
        rows: of each table.
        generated: the contents of rows that the server may have made at random.
        dump: of the database's own tool.
    """

    objects: list[str]
    rows: dict[str, list[Row]]
    generated: set[object]
    dump: Dump


def prove_on_scratch(
    config: Config,
    url: str,
    squash_range: Range,
    new: Path,
    *,
    rows: bool = True,
    schemas: Collection[str] = (),
) -> str:
    """Run the old scripts and then the new one on a scratch database, and compare the results.

    Args:
        config: the project's.
        url: of an empty database; it is emptied again.
        squash_range: the scripts that it replaces.
        new: the script that replaces it.
        rows: whether rows must be equal, too.
        schemas: with tables, beside the default one.

    Returns:
        Why the database's own dump is not compared; empty if it is, or if there is none.

    Raises:
        HistoryError: the results differ.
    """
    with tempfile.TemporaryDirectory(prefix="moltres") as folder:
        before = _made(config, open_directory(config), squash_range, url, schemas)
        edited = _edited(config, squash_range, new, Path(folder))
        try:
            after = _made(edited, open_directory(edited), squash_range, url, schemas)
        except HistoryError as err:
            raise _failed(err, beside(Path(folder), new), squash_range) from err
    missing = before.dump.missing or after.dump.missing
    _compare_texts(squash_range, before.objects, after.objects)
    if not missing:
        _compare_texts(squash_range, before.dump.statements, after.dump.statements)
    kept = before.generated & after.generated
    for table, rows_before in before.rows.items() if rows else ():
        rows_after = after.rows.get(table, [])
        if _known(rows_before, before.generated - kept) != _known(
            rows_after, after.generated - kept
        ):
            raise _different(squash_range, f"the table {table!r} would have other rows")
    return missing


def _compare_texts(squash_range: Range, before: Iterable[str], after: Iterable[str]) -> None:
    """Compare what a database consists of, in any order.

    Raises:
        HistoryError: something differs; the message shows the first of it.
    """
    old, new = Counter(before), Counter(after)
    lost, made = sorted((old - new).elements()), sorted((new - old).elements())
    if lost and made:
        one, other = lost[0], made[0]
        pairs = enumerate(zip(one, other, strict=False))
        same = next((at for at, (a, b) in pairs if a != b), 0)
        raise _different(squash_range, f"{_around(one, same)!r} would be {_around(other, same)!r}")
    if lost:
        raise _different(squash_range, f"{_around(lost[0], 0)!r} would be missing")
    if made:
        raise _different(squash_range, f"there would also be {_around(made[0], 0)!r}")


def _failed(err: HistoryError, new: Path, squash_range: Range) -> HistoryError:
    """Return the error of a new script that fails, with the line that was copied if it is one."""
    raised = err.__cause__
    where = remedy_of_copied(new, raised, squash_range.inside)
    if raised is None or not where:
        return err
    return HistoryError(
        f"as one script {squash_range.last.revision} would raise "
        f"{type(raised).__name__}: {first_line(raised)}{where}; nothing was written",
        squash_range,
    )


def _around(text: str, at: int) -> str:
    """Return the beginning of a text, and the text around a position."""
    if at < 200:
        return text[:200]
    return f"{text[:60]} ... {text[at - 60 : at + 80]}"


def _different(squash_range: Range, how: str) -> HistoryError:
    return HistoryError(
        f"as one script {squash_range.last.revision} would make another database: {how}; nothing "
        "was written",
        squash_range,
    )


def _edited(config: Config, squash_range: Range, new: Path, folder: Path) -> Config:
    """Return a project's configuration with the new script instead of the range."""
    directory = open_directory(config)
    inside = {each.revision for each in squash_range.inside}
    copies = {beside(folder, new): new}
    for each in directory.walk_revisions():
        if each.revision not in inside:
            copies[beside(folder, Path(each.path))] = Path(each.path)
    for target, script in copies.items():
        target.parent.mkdir(exist_ok=True)
        shutil.copy(script, target)
    places = dict.fromkeys(str(each.parent) for each in copies)
    edited = copy(config)
    edited.__dict__["file_config"] = deepcopy(config.file_config)
    locations = os.pathsep.join(places).replace("%", "%%")
    edited.set_main_option("path_separator", "os")
    edited.set_main_option("version_locations", locations)
    return edited


def _made(
    config: Config,
    directory: ScriptDirectory,
    squash_range: Range,
    url: str,
    schemas: Collection[str],
) -> Contents:
    """Run the scripts up to the end of the range on a scratch database, through `env.py`."""
    scripts = scripts_until(directory, squash_range.last.revision)
    with scratch_database(url) as connection:

        def run(context: MigrationContext, arguments: dict[str, Any]) -> None:
            run_on_scratch(context, scripts, arguments)

        run_env(config, directory, ScriptTables([]), run, scratch=connection)
        connection.commit()
        return _contents(connection, schemas)


def _contents(connection: Connection, schemas: Collection[str]) -> Contents:
    """Return the structure of a database as its own DDL, and its rows."""
    impl = impl_of(connection.dialect)
    tables = [each for s in (None, *schemas) for each in reflect_tables(connection, schema=s)]
    rows = {each.key: _rows(connection, each) for each in tables}
    generated = {
        content for each in tables for row in rows[each.key] for content in _generated(each, row)
    }
    described = [_described(each, impl) for each in tables] + _objects(connection)
    dump = impl.dump(connection.engine.url)
    connection.rollback()
    return Contents(described, rows, generated, dump)


def _described(table: TableSchema, impl: DialectImpl) -> str:
    """Return a table as text, with its constraints and indexes sorted."""
    constraints = tuple(sorted(table.constraints, key=repr))
    columns = tuple(replace(each, default=_uniform(each.default, impl)) for each in table.columns)
    indexes = tuple(sorted(table.indexes, key=repr))
    return repr(replace(table, columns=columns, constraints=constraints, indexes=indexes))


def _uniform(default: object, impl: DialectImpl) -> Any:
    """Return a column's default in its normal form, without casts if it is a constant.

    Which cast a server adds depends on the column's type when the default was set. SQLite keeps the
    parentheses and the spaces of the statement, of which Alembic's batch mode adds some.
    """
    match default:
        case SQL(text=text, variants={}):
            pass
        case str():
            text = impl.syntax.literal(default)
        case bool() | int() | float() | Decimal():
            text = str(default).lower()
        case _:
            return default
    constant = impl.constant_default(text)
    return SQL(normal_form(text, impl.syntax) if constant is None else constant)


def _rows(connection: Connection, table: TableSchema) -> list[Row]:
    """Return the rows of a table, by the names of its columns; times of just now are equal."""
    names: list[Any] = [sa.column(each) for each in _column_names(table)]
    named = sa.table(str(table.name), schema=None if table.schema is None else str(table.schema))
    query: Any = sa.select(*names).select_from(named)
    return [tuple(map(_now, row)) for row in connection.execute(query).all()]


def _column_names(table: TableSchema) -> list[str]:
    return sorted(str(each.name) for each in table.columns)


def _generated(table: TableSchema, row: Row) -> Iterator[object]:
    """Yield the contents of a row that may have been made at random: identifiers, above all."""
    for name, content in zip(_column_names(table), row, strict=True):
        default = table.column(name).default
        is_random = isinstance(default, SQL) and RANDOM.search(default.text)
        if isinstance(content, UUID) or (is_random and _is_hashable(content)):
            yield content


RANDOM = re.compile(r"(?i)(?:random|uuid|newid)\w*\s*\(")
"""A call of a function whose results differ, such as `gen_random_uuid()`."""


def _known(rows: Iterable[Row], generated: Collection[object]) -> list[str]:
    """Return rows as text, without what was made at random."""
    return sorted(
        repr(["random" if _is_in(content, generated) else content for content in row])
        for row in rows
    )


def _is_in(content: object, generated: Collection[object]) -> bool:
    return _is_hashable(content) and content in generated


def _is_hashable(content: object) -> bool:
    try:
        hash(content)
    except (TypeError, ValueError):  # a list, PostgreSQL's multirange; a memoryview
        return False
    return True


def _now(content: object) -> object:
    if not isinstance(content, datetime):
        return content
    now = datetime.now(UTC) if content.tzinfo else datetime.now(UTC).replace(tzinfo=None)
    return "now" if abs(now - content) < timedelta(days=1) else content


def _objects(connection: Connection) -> list[str]:
    objects = impl_of(connection.dialect).stored_objects(connection)
    return [f"{each} {' '.join(each.definition.split())}" for each in objects]
