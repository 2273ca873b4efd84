"""Names, both ways: quoting, and names made by a naming convention."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Index, MetaData, Table, exc
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import Constraint
from sqlalchemy.sql.elements import conv as sa_conv
from sqlalchemy.sql.elements import quoted_name as sa_quoted_name

from .. import sqla_compat
from ..errors import FreezeError
from ..schema import conv, quoted_name

NO_CONVENTION: Any = MetaData(naming_convention={"none": "-"}).naming_convention


def freeze_name(name: str) -> str:
    """Return a table's, column's or sequence's name with its quoting."""
    if type(name) is str:
        return name
    quote = getattr(name, "quote", None)
    return str(name) if quote is None else quoted_name(str(name), bool(quote))


def freeze_constraint_name(
    constraint: Constraint | Index, where: str = "", dialects: Sequence[Dialect] = ()
) -> str | None:
    """Return the name of a constraint or index, made by its naming convention if there is one.

    A name made by the convention is `conv` if one of `dialects` may have to shorten it.

    Raises:
        FreezeError: the convention needs a name (`%(constraint_name)s`), and there is none.
    """
    name: Any = constraint.name
    if name is None or type(name) is str:
        return name
    if name is sqla_compat.UNDECIDED_NAME:
        name = _decided(constraint, where)
    if isinstance(name, sqla_compat.CONVENTION_NAMES):
        limits = [dialect.max_identifier_length for dialect in dialects]
        if len(name) > min(conv.LIMIT, *limits, conv.LIMIT):
            return conv(name)
    return None if name is None else freeze_name(name)


def _decided(constraint: Constraint | Index, where: str) -> str | None:
    """Return the conventional name of a constraint that a type or a column adds."""
    table: Any = constraint.table
    try:
        decided = sqla_compat.convention_name(constraint, table)
    except exc.InvalidRequestError as err:
        raise FreezeError(
            f"a naming convention cannot name {type(constraint).__name__} (at {where}): {err}; "
            "give it a name",
            constraint,
        ) from err
    return decided


def kept_name(name: str, dialect: Dialect) -> str:
    """Return the name of a constraint or an index as a database has it: shortened if too long.

    >>> from sqlalchemy.dialects import mysql
    >>> kept_name(60 * "long", mysql.dialect())
    'longlonglonglonglonglonglonglonglonglonglonglonglonglong_7746'
    """
    limit = dialect.max_index_name_length or dialect.max_identifier_length
    return sqla_compat.truncated_name(dialect.identifier_preparer, name, limit)


def thaw_name(name: str) -> str:
    """Return SQLAlchemy's form of a frozen name."""
    if type(name) is str:
        return name
    if isinstance(name, quoted_name):
        return sa_quoted_name(str(name), name.quote)
    return sa_conv(str(name))


@contextmanager
def undecided_names(metadata: MetaData) -> Iterator[None]:
    """Disable the naming conventions of `metadata` inside: frozen names are final."""
    convention = metadata.naming_convention
    metadata.naming_convention = NO_CONVENTION
    try:
        yield
    finally:
        metadata.naming_convention = convention


def attach(constraint: Constraint, table: Table) -> None:
    """Append a constraint to a table; it keeps its name, or has none.

    Applications name every constraint in `after_parent_attach` of its class. Frozen names are
    final, so names that listeners set later are discarded.
    """
    name = constraint.name
    table.append_constraint(constraint)
    constraint.name = name


def thaw_optional(name: str | None) -> Any:
    """Return SQLAlchemy's form of a name that may be absent."""
    return None if name is None else thaw_name(name)
