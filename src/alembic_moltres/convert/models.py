"""Mapped classes: which table is theirs, and its value.

The ORM is imported inside functions: a script of values runs without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeGuard

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from ..errors import NotAModelError
from ..schema import ForeignKeyConstraint, TableSchema
from .dialects import dialects_for
from .tables import freeze_table


def is_sqlalchemy_model(model: object) -> TypeGuard[type[Any]]:
    """Tell whether it is a mapped class, however it was mapped.

    >>> is_sqlalchemy_model(int)
    False
    """
    inspected: Any = sa.inspect(model, raiseerr=False) if isinstance(model, type) else None
    if inspected is None:
        return False
    from sqlalchemy.orm import Mapper

    return isinstance(inspected, Mapper)


def table_of(model: object) -> sa.Table:
    """Return the table that a class adds to the database, or the table itself.

    Joined inheritance gives the class's own table, single-table inheritance the shared one.

    Raises:
        NotAModelError: it is neither a mapped class nor a table, or is mapped to a selectable.
    """
    if isinstance(model, sa.Table):
        return model
    if not is_sqlalchemy_model(model):
        raise NotAModelError(
            f"{model!r} is neither a mapped class nor a Table{_reason(model)}", model
        )
    from sqlalchemy.orm import class_mapper

    table = class_mapper(model, configure=False).local_table
    if not isinstance(table, sa.Table):
        raise NotAModelError(
            f"{model!r} is mapped to {type(table).__name__}, not to a Table; pass the Tables", model
        )
    return table


def _reason(model: object) -> str:
    if not isinstance(model, type):
        mapped = is_sqlalchemy_model(type(model))
        named = f": it is an instance; pass the class {type(model).__name__}"
        return named if mapped else "; pass one of the two"
    if getattr(model, "__abstract__", False):
        return ": it is an abstract base; pass a class that has a table"
    if hasattr(model, "metadata") and hasattr(model, "registry"):
        return ": it is a declarative base; pass a class that has a table"
    if hasattr(model, "__tablename__"):
        return ": it has a __tablename__ but is not mapped; derive it from a declarative base"
    return "; pass one of the two"


def model_to_schema(model: object, *, dialects: Sequence[Dialect] = ()) -> TableSchema:
    """Return the value of a mapped class's table, or of a `Table`. Changes nothing.

    Args:
        model: an ORM class or a Core table.
        dialects: connected dialects; what is built in Python is written for them first, then for
            those that SQLAlchemy ships.

    Raises:
        NotAModelError: it has no table.
        UnregisteredTypeError: a column's type has no name; `register_type` gives it one.
        FreezeError: something else in it cannot be frozen.

    >>> table = sa.Table("tags", sa.MetaData(), sa.Column("name", sa.String(20), primary_key=True))
    >>> model_to_schema(table)
    TableSchema('tags', [column('name', 'VARCHAR(20)', nullable=False)],
        constraints=[primary_key('name')])
    """
    return freeze_table(table_of(model), dialects_for(dialects))


def get_model_table_name(model: object) -> str:
    """Return the name of a model's table, without its schema.

    Raises:
        NotAModelError: it has no table.

    >>> get_model_table_name(sa.Table("tags", sa.MetaData(), schema="shop"))
    'tags'
    """
    return str(table_of(model).name)


def extract_foreign_keys(model: object) -> list[ForeignKeyConstraint]:
    """Return the foreign keys of a model: its table's, then those of its `secondary` tables.

    Raises:
        NotAModelError: it has no table.

    >>> extract_foreign_keys(sa.Table("tags", sa.MetaData()))
    []
    """
    tables = [table_of(model)]
    if is_sqlalchemy_model(model):
        from sqlalchemy.orm import class_mapper

        relationships = class_mapper(model).relationships
        secondaries = [relationship.secondary for relationship in relationships]
        tables += [table for table in secondaries if isinstance(table, sa.Table)]
    frozen = (freeze_table(table, dialects_for()) for table in tables)
    return list(dict.fromkeys(key for table in frozen for key in table.foreign_keys))
