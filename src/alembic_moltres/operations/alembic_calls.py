"""Alembic's own operations, called with our values: one line that shows what to write.

Alembic takes a value for a name, or leaves it out: it would create a table without columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from sqlalchemy.schema import SchemaItem

from ..errors import OperationError
from ..messages import argument_text
from ..schema import TableSchema
from ..schema.base import Value
from .script_line import place_in_script

BLOCK: Final = "with op.moltres_alter_table('users') as users: users."
REMEDIES: Final[Mapping[str, str]] = {
    "create_table": "op.moltres_create_table(User), with everything in TableSchema('users', [...])",
    "drop_table": "op.moltres_drop_table(User)",
    "rename_table": "op.moltres_rename_table(User, 'people')",
    "add_column": f"{BLOCK}add_column(column('age', 'INTEGER'))",
    "drop_column": f"{BLOCK}drop_column(column('age', 'INTEGER'))",
    "alter_column": f"{BLOCK}alter_column(column('a', 'INTEGER'), column('a', 'BIGINT'))",
    "create_index": f"{BLOCK}create_index(index('ix_users_age', 'age'))",
    "drop_index": f"{BLOCK}drop_index(index('ix_users_age', 'age'))",
    "create_unique_constraint": f"{BLOCK}add_constraint(unique('age', name='uq_age'))",
    "create_check_constraint": f"{BLOCK}add_constraint(check('age > 0', name='ck_age'))",
    "create_primary_key": f"{BLOCK}add_constraint(primary_key('id', name='pk_users'))",
    "create_foreign_key": f"{BLOCK}add_constraint(foreign_key('a', 'teams', 'id', name='fk_a'))",
    "drop_constraint": f"{BLOCK}drop_constraint(unique('age', name='uq_age'))",
    "create_table_comment": f"{BLOCK}set_comment('new', 'old')",
    "drop_table_comment": f"{BLOCK}set_comment(None, 'old')",
    "batch_alter_table": "with op.moltres_alter_table(User) as users:",
    "bulk_insert": "op.bulk_insert(op.moltres_tables()['users'], [{'id': 1}])",
    "execute": "the SQL as text: op.execute('UPDATE ...')",
}
"""What to write in the place of each operation of Alembic's."""


def refuse_values(name: str, args: Sequence[object], kwargs: Mapping[str, object]) -> None:
    """Check the arguments of an operation of Alembic's.

    Raises:
        OperationError: one of them is a value of ours, or a name or a column where Alembic takes a
            type or a table.
    """
    value = next(_values((*args, *kwargs.values())), None)
    if value is not None:
        raise _error(name, value)
    if name == "alter_column":
        _refuse_type(name, kwargs)
    if name == "execute" and len(args) > 1:
        raise OperationError(
            f"op.execute() of Alembic got {argument_text(args[1])} after the statement "
            f"(at {place_in_script()}); write op.get_bind().execute(sa.text('...'), {{...}}), or "
            "op.execute(sa.text('...').bindparams(...))",
            args[1],
        )
    if name == "bulk_insert":
        table = next(iter(args), kwargs.get("table"))
        if isinstance(table, str):
            raise OperationError(
                f"op.bulk_insert() of Alembic got the name {table!r} (at {place_in_script()}); "
                f"write {REMEDIES[name].replace('users', table)}",
                table,
            )


def _refuse_type(name: str, arguments: Mapping[str, object]) -> None:
    """Refuse a type's name, or a column, in the place of SQLAlchemy's type."""
    for argument in ("type_", "existing_type"):
        given = arguments.get(argument)
        if isinstance(given, str | SchemaItem):
            raise OperationError(
                f"op.{name}() of Alembic got {argument}={argument_text(given)} "
                f"(at {place_in_script()}); write {argument}=sa.Integer(), or {REMEDIES[name]}",
                given,
            )


def _values(arguments: Iterable[object]) -> Iterator[Value]:
    for each in arguments:
        inside = each if isinstance(each, list | tuple) else (each,)
        yield from (value for value in inside if isinstance(value, Value))


def _error(name: str, value: Value) -> OperationError:
    text = f"TableSchema({str(value.name)!r}, ...)" if isinstance(value, TableSchema) else value
    return OperationError(
        f"op.{name}() of Alembic got the value {text} (at {place_in_script()}); "
        f"write {REMEDIES[name]}",
        value,
    )
