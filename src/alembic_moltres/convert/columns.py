"""Columns, both ways."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

from .. import sqla_compat
from ..errors import TypeNameError, UnregisteredTypeError
from ..messages import get_logger
from ..schema import ColumnDef, Default
from ..types import freeze_type, moltres_type_to_sqlalchemy_type, thaw_type
from .constraints import freeze_check, thaw_check
from .defaults import freeze_default, thaw_default
from .dialect_options import check_column_options, freeze_options, thaw_options
from .generated import (
    freeze_computed,
    freeze_identity,
    freeze_sequence,
    thaw_computed,
    thaw_identity,
    thaw_sequence,
)
from .names import freeze_name, thaw_name

log = get_logger(__name__)


class _Auto(str):
    """Marks `autoincrement="auto"` on thawed columns, so that freezing again gives the same value.

    Its meaning for a NUMERIC key depends on SQLAlchemy's version; a model's is decided.
    """

    __slots__ = ()


AUTO = _Auto("auto")


def freeze_column(
    column: sa.Column[Any], dialects: Sequence[Dialect], table: str = ""
) -> ColumnDef:
    """Return the value of a column.

    Raises:
        UnregisteredTypeError: its type has no name.
        TypeNameError: its type's arguments are no part of a name.
        FreezeError: the first dialect cannot compile a default or an expression.
    """
    where = f"{table}.{column.name}" if table else str(column.name)
    try:
        frozen = freeze_type(column.type, dialects, column)
    except (UnregisteredTypeError, TypeNameError) as err:
        raise type(err)(placed(err, where), column.type) from err
    for dialect, reason in frozen.left_out:
        log.info("%s: the type %r is left out for %s: %s", where, column.type, dialect, reason)
    name, default = freeze_name(column.name), column.server_default
    value = None if default is None else freeze_default(default, dialects, where)
    further = _further(column, dialects, where)
    if frozen.variants:
        further["type_variants"] = frozen.variants
    # quoted_name('a', True) == 'a' and Decimal('1.0') == Decimal('1.00'): do not share cached
    # values
    apart = type(name) is not str or isinstance(value, (float, Decimal))
    autoincrement = _autoincrement(column, frozen.type_name)
    stated = (name, frozen.type_name, bool(column.nullable), value, autoincrement, column.comment)
    return _column(*stated, **further) if further or apart else _plain_column(*stated)


def _further(column: sa.Column[Any], dialects: Sequence[Dialect], where: str) -> dict[str, Any]:
    """Return the fields that most columns do not have."""
    options = freeze_options(column, dialects, where)
    further: dict[str, Any] = {"dialect_options": options} if options else {}
    if column.default is not None or column.server_default is not None:
        further["sequence"] = freeze_sequence(column, dialects, where)
    if column.computed is not None:
        further["computed"] = freeze_computed(column.computed, dialects, where)
    if column.identity is not None:
        further["identity"] = freeze_identity(column.identity, dialects, where)
    if column.constraints:
        further["constraints"] = _checks(column, dialects, where)
    return {key: content for key, content in further.items() if content} if further else further


def _column(
    name: str,
    type_name: str,
    nullable: bool,
    default: Default | None,
    autoincrement: bool | str,
    comment: str | None,
    **further: Any,
) -> ColumnDef:
    stated: dict[str, Any] = {"autoincrement": autoincrement, "comment": comment, **further}
    return ColumnDef(name, type_name, nullable, default, **stated)


_plain_column = lru_cache(maxsize=4096, typed=True)(_column)
"""Makes the values of plain columns; equal columns of several tables share one value."""


def thaw_column(
    column: ColumnDef, keyed: Collection[str] = (), type_: TypeEngine[Any] | None = None
) -> sa.Column[Any]:
    """Return a new SQLAlchemy column of that value.

    Args:
        column: the value.
        keyed: the names of the columns in its table's primary key.
        type_: its type, if that is made already.

    Raises:
        UnknownTypeError: its type is not registered.
        ThawError: a dialect has no such option.
    """
    check_column_options(column, f"the column {column.name!r}")
    if type_ is None:
        type_ = thaw_type(column.type_name, column.type_variants)
    generated: list[Any] = [thaw_check(check) for check in column.constraints]
    if column.computed is not None:
        generated.append(thaw_computed(column.computed))
    if column.identity is not None:
        generated.append(thaw_identity(column.identity))
    if column.sequence is not None:
        generated.append(thaw_sequence(column.sequence))
    stated = {"server_default": thaw_default(column.default), **_hidden(column.autoincrement)}
    if column.computed is None or column.nullable is (column.name in keyed):
        stated["nullable"] = column.nullable  # else omitted: MariaDB rejects NOT NULL there
    return sa.Column(
        thaw_name(column.name),
        type_,
        *generated,
        comment=column.comment,
        **stated,
        **thaw_options(column.dialect_options),
    )


def placed(err: Exception, where: str) -> str:
    """Return an error's message with the place in it."""
    message = str(err)
    problem, separator, remedy = message.partition("; ")
    return message if "(at " in message else f"{problem} (at {where}){separator}{remedy}"


def _checks(column: sa.Column[Any], dialects: Sequence[Dialect], where: str) -> Any:
    checks: Any = column.constraints
    ordered = sorted(checks, key=sqla_compat.creation_order)
    return tuple(
        check
        for constraint in ordered
        if (check := freeze_check(constraint, dialects, where)) is not None
    )


def _autoincrement(column: sa.Column[Any], type_name: str) -> bool | str:
    """Return `autoincrement` so that the frozen column autoincrements exactly if this one does.

    Defaults made in Python or by a trigger also decide about SERIAL, and DDL does not show them.
    """
    given = column.autoincrement
    stated: bool | str = "auto" if isinstance(given, _Auto) else given
    default, server_default = column.default, column.server_default
    if stated is True and default is not None and not isinstance(default, sa.Sequence):
        return "client"
    if stated is True and type(server_default) is sa.FetchedValue:
        return "server"
    if not column.primary_key or isinstance(stated, bool) or column.identity is not None:
        return stated
    table: Any = column.table
    if table.autoincrement_column is column:
        return stated
    seen = column.foreign_keys or isinstance(server_default, sa.DefaultClause | sa.Computed)
    if seen or len(table.primary_key.columns) > 1:
        return stated
    affinity = sqla_compat.type_affinity(moltres_type_to_sqlalchemy_type(type_name))
    if affinity is sa.Numeric and isinstance(given, _Auto):
        return stated
    return False if affinity in {sa.Integer, sa.Numeric} else stated


def _hidden(autoincrement: bool | str) -> dict[str, Any]:
    """Return what `Column` takes for a default that DDL does not show."""
    if autoincrement == "client":
        return {"autoincrement": True, "default": sa.null()}
    if autoincrement == "server":
        return {"autoincrement": True, "server_default": sa.FetchedValue()}
    return {"autoincrement": AUTO if autoincrement == "auto" else autoincrement}
