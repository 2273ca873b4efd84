"""Autoincrement columns: an identity, a SERIAL with its own sequence, or neither.

A column's value does not show whether it is its table's key, so in `alter_column` it is a SERIAL
only with `autoincrement=True`. A DO block looks up the name of a SERIAL's sequence, online and
offline alike; numbering continues after the last number used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...schema import SQL, ColumnDef, Sequence, TableSchema
from ..base.statement import RawDDL
from .constraint_names import default_name
from .do_block import do_block, literal
from .sequence_options import GREATEST, change_of_numbers, first_unused, restart

if TYPE_CHECKING:
    from ..base.alter_table import AlterTableBuilder
    from ..base.ddl import ThawedColumn

IDENTITY, SERIAL = "identity", "serial"


def source(column: ColumnDef) -> str | None:
    """Return the source of a column's numbers: `"identity"`, `"serial"` or `None`.

    >>> from alembic_moltres.schema import column, identity
    >>> source(column("id", "INTEGER", autoincrement=True)), source(column("id", "INTEGER"))
    ('serial', None)
    """
    if column.identity is not None:
        return IDENTITY
    elsewhere = (column.default, column.computed, column.sequence)
    if column.autoincrement in {True, "ignore_fk"} and column.autoincrement != "auto":
        return SERIAL if all(item is None for item in elsewhere) else None
    return None


def serial_fields(table: TableSchema, column: ColumnDef) -> dict[str, object]:
    """Return the default and the sequence of a SERIAL column outside the primary key."""
    if column.identity is not None:
        return {}
    name = default_name(table.name, column.name, "seq")
    data_type = None if column.type_name == "BIGINT" else column.type_name
    return {
        "default": SQL(f"nextval('{name}'::regclass)"),
        "sequence": Sequence(name, table.schema, data_type=data_type),
        "autoincrement": "auto",
    }


class NumberSource:
    """Changes how a column autoincrements."""

    def __init__(
        self,
        builder: AlterTableBuilder,
        current: ThawedColumn,
        desired: ThawedColumn,
        *,
        blocks: bool,
    ) -> None:
        self.builder, self.ddl, self.made = builder, builder.ddl, desired
        self._before, self._blocks = current, blocks
        self.current, self.desired = current.value, desired.value
        self.before_, self.after_ = source(self.current), source(self.desired)
        self.column = desired.name
        self.of_column = f"the numbers of the column {self.desired.name!r} of {self.ddl.of_table}"

    def before(self) -> None:
        """Drop a SERIAL's default and sequence, if nothing replaces them."""
        if self.before_ == SERIAL and self.after_ is None:
            self._do(f"{DROP_OWNED}".format(**self._names()))
        if self.before_ == self.after_ == IDENTITY and self._type_narrows():
            self._alter_identity()

    def after(self) -> None:
        """Add the column's new identity or sequence."""
        match self.before_, self.after_:
            case ("identity", "identity"):
                if not self._type_narrows():
                    self._alter_identity()
            case ("serial", "serial") if self.current.type_name != self.desired.type_name:
                self._do(RETYPE_OWNED.format(**self._names(), type=self.made.type))
            case (_, "identity") | (None | "identity", "serial"):
                self._start(self.before_ == SERIAL)

    def _start(self, was_serial: bool) -> None:
        taken = REMEMBER_OWNED.format(**self._names()) if was_serial else ""
        self._do(taken + self._new() + CONTINUE.format(**self._names()))

    def _new(self) -> str:
        table, column = self.ddl.table, self.column
        alter = f"    ALTER TABLE {table} ALTER COLUMN {column}"
        if self.after_ == IDENTITY:
            identity = self.ddl.write(self.made.thawed.identity)
            return f"{alter} ADD {identity.strip()};\n"
        name = default_name(str(self.ddl.name), str(self.desired.name), "seq")
        sequence = self.ddl.qualified(name)
        return (
            f"    CREATE SEQUENCE {sequence} AS {self.made.type};\n"
            f"{alter} SET DEFAULT nextval({literal(sequence)});\n"
            f"    ALTER SEQUENCE {sequence} OWNED BY {table}.{column};\n"
        )

    def _alter_identity(self) -> None:
        current, desired = self.current.identity, self.desired.identity
        if current is None or desired is None or current == desired:
            return
        ddl = []
        if current.always != desired.always:
            ddl.append(f"SET GENERATED {'ALWAYS' if desired.always else 'BY DEFAULT'}")
        change = change_of_numbers(current, desired, self._types())
        ddl += [f"SET {option}" for option in change.options]
        if (change.narrows or change.turned) and self._blocks:
            table, last = self.ddl.table, change.desired
            alter = f"ALTER TABLE {table} ALTER COLUMN {self.column} {' '.join(ddl)}"
            first = first_unused(table, self.column, last) if change.turned else ""
            self._do(restart("owned", alter, last, first=first))
        elif ddl:
            self.builder.add(
                f"ALTER COLUMN {self.column} {' '.join(ddl)}",
                touching=("identity", self.desired.name),
            )
            if self._type_narrows():
                self.builder.flush()

    def _types(self) -> tuple[str, str]:
        return self._before.type.lower(), self.made.type.lower()

    def _type_narrows(self) -> bool:
        """Whether the sequence must fit the new type before the column is altered."""
        before, after = (GREATEST.get(each, 0) for each in self._types())
        return before > after

    def _names(self) -> dict[str, str]:
        return {
            "owned": f"pg_catalog.pg_get_serial_sequence({literal(self.ddl.table)}, "
            f"{literal(str(self.desired.name))})",
            "table": self.ddl.table,
            "column": self.column,
        }

    def _do(self, body: str) -> None:
        declared = (
            "DECLARE\n"
            f"    owned text := {self._names()['owned']};\n"
            "    used bigint; most bigint; first bigint; called boolean;\n"
        )
        short = f"DO /* alters the sequence of {self.ddl.table}.{self.column} */"
        block = RawDDL(do_block(f"{declared}BEGIN\n{body}END"), short)
        self.builder.separate(block, self.of_column)


DROP_OWNED = """\
    IF owned IS NOT NULL THEN
        ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT;
        EXECUTE 'DROP SEQUENCE ' || owned;
    END IF;
"""

REMEMBER_OWNED = """\
    IF owned IS NOT NULL THEN
        EXECUTE 'SELECT last_value, is_called FROM ' || owned INTO used, called;
        IF NOT called THEN used := NULL; END IF;
        ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT;
        EXECUTE 'DROP SEQUENCE ' || owned;
    END IF;
"""

RETYPE_OWNED = """\
    IF owned IS NOT NULL THEN
        EXECUTE 'ALTER SEQUENCE ' || owned || ' AS {type}';
    END IF;
"""

CONTINUE = """\
    owned := {owned};
    EXECUTE 'SELECT last_value FROM ' || owned INTO first;
    SELECT max({column}) INTO most FROM {table};
    IF greatest(used, most) >= first THEN
        PERFORM setval(owned, greatest(used, most));
    END IF;
"""
