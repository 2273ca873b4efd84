"""The lines written so far for a block: batches, and statements between them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property

from sqlalchemy.engine import Dialect

from .... import diff as changes
from ....autogenerate.script.formatting import INDENT, Written, literal
from ....dialects.base.registry import impl_of
from ....errors import SchemaError
from ....schema import Constraint, TableSchema
from .constraints import schema_keyword
from .fallback import statements, with_generated_names
from .statements import Lines, execute, live_table, under_dialect
from .writer import NoEquivalentError, Writer, lay_out_lines


@dataclass
class PlainBlock:
    """The lines written so far for one block.

    Args:
        writer: of the script.
        change: the block.
        tables: the tables before it; empty if they are unknown.
        generated: the names that the database gave to unnamed constraints.
    """

    writer: Writer
    change: changes.AlterTable
    tables: dict[changes.TableKey, TableSchema]
    generated: dict[object, str]
    lines: Lines = field(default_factory=list)
    executed: list[changes.Change] = field(default_factory=list)
    batch: Lines = field(default_factory=list)
    copies: bool = False
    is_lossy: bool = False
    start: TableSchema | None = None

    @cached_property
    def renamed(self) -> Mapping[Constraint, Constraint]:
        """The former constraint of each one that only gets a new name; see `DialectImpl`."""
        return impl_of(self.dialect).renamed_constraints(self.change)

    @property
    def dialect(self) -> Dialect:
        """The dialect of the database."""
        return self.writer.dialect

    @property
    def table(self) -> TableSchema | None:
        """The table at this line."""
        return self.tables.get(self.change.key)

    def add(self, method: str, *args: Written, **keywords: Written) -> None:
        """Add a call to the batch."""
        if not self.batch:
            self.start = self.table
        self.copies = self.copies or method not in {"add_column", "create_index", "drop_index"}
        call = self.writer.call(f"batch_op.{method}", *args, **keywords)
        self.batch += [f"    {line}" for line in lay_out_lines(call, indent=INDENT * 2)]

    def flush(self) -> None:
        """End the batch, if one is open."""
        if not self.batch:
            return
        keywords = schema_keyword(self.change.schema)
        if self.copies and self.start is not None and not self.dialect.supports_alter:
            keywords["copy_from"] = live_table(self.writer, self.start)
            columns = self.start.columns + (self.table or self.start).columns
            self.is_lossy = self.is_lossy or any(each.computed for each in columns)
        owner = literal(str(self.change.name))
        call = self.writer.call(f"{self.writer.op}.batch_alter_table", owner, **keywords)
        self.lines += lay_out_lines(call, before="with ", after=" as batch_op:")
        self.lines += self.batch
        self.batch, self.copies, self.start = [], False, None

    def between(self, lines: Lines) -> None:
        """Add lines after the current batch."""
        self.flush()
        self.lines += lines

    def raw(self, *inside: changes.Change) -> list[str]:
        """Return our own statements for changes.

        Raises:
            NoEquivalentError: they depend on the contents of the database.
        """
        block = with_generated_names(replace(self.change, changes=inside), self.generated)
        texts = statements(block, self.dialect)
        if texts is None:
            raise NoEquivalentError(f"{inside[0]!r} has no equivalent", inside)
        return texts

    def can_alter(self, change: changes.Change) -> bool:
        """Tell whether we can make a change without copying the table."""
        block = replace(self.change, changes=(change,))
        return bool(statements(block, self.dialect))

    def execute(self, *inside: changes.Change, otherwise: Lines | None = None) -> None:
        """Add our own statements for changes, on the dialect only.

        Args:
            inside: the changes.
            otherwise: the lines for other dialects.
        """
        texts = self.raw(*inside)
        self.executed += inside
        if texts:
            lines = [line for sql in texts for line in execute(self.writer, sql)]
            self.between(under_dialect(self.writer, lines, otherwise or []))

    def apply(self, change: changes.Change) -> None:
        """Apply a change that was written to the tables."""
        if self.change.key in self.tables:
            with suppress(SchemaError):  # an index that the database made for a key
                self.tables = dict(replace(self.change, changes=(change,)).apply(self.tables))
