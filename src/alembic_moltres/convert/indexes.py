"""Indexes of SQLAlchemy to values, and back."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex

from .. import sqla_compat
from ..errors import FreezeError
from ..schema import SQL, Index
from ..schema.dialects import COLUMNSTORE
from ..types.spatial import spatial_options
from .ddl_if import NEVER, freeze_condition, thaw_condition
from .dialect_options import freeze_options, thaw_options
from .expressions import FrozenText, freeze_texts, plain_text, thaw_expression
from .names import freeze_constraint_name, freeze_name, thaw_name

MARK = "moltres_marks_this"

OPERATOR_CLASSES = "_ops"
"""The ending of a dialect option that gives columns and expressions operator classes."""


def freeze_index(
    index: sa.Index, dialects: Sequence[Dialect], keys: Mapping[str, str]
) -> Index | None:
    """Return the value of an index; `None` if no dialect creates it.

    Args:
        keys: the table's column names by their keys.

    Raises:
        FreezeError: the index has no name, or the first dialect cannot compile an element.
    """
    table = index.table
    name = freeze_constraint_name(index, str(table), dialects)
    if name is None:
        raise FreezeError(
            f"an index on {elements_text(index)} has no name (at {table}); name it, "
            "or give the naming convention an 'ix'",
            index,
        )
    where = f"{table}, index {name}"
    condition = freeze_condition(index, dialects, where)
    if condition == NEVER:
        return None
    options = freeze_options(index, dialects, where, keys)
    elements = tuple(_element(index, item, dialects, where) for item in index.expressions)
    if not elements and not options.get(COLUMNSTORE):
        raise FreezeError(
            f"the index {name!r} has no elements (at {table}); name at least one", index
        )
    _drop_merged_operator_classes(index, options)
    options |= spatial_options(index, dialects[0].name) if dialects else {}
    return Index(name, elements, bool(index.unique), options, condition)


def elements_text(index: sa.Index) -> str:
    """Return the elements of an index as an error shows them."""
    return ", ".join(getattr(item, "name", None) or str(item) for item in index.expressions)


def _element(index: sa.Index, item: Any, dialects: Sequence[Dialect], where: str) -> str | SQL:
    if isinstance(item, sa.Column):
        return freeze_name(item.name)
    if isinstance(item, FrozenText) and isinstance(item.frozen, SQL):
        return item.frozen
    if (text := plain_text(item)) is not None:
        return SQL(text)
    return freeze_texts(dialects, lambda dialect: _written(index, item, dialect), where)


def _written(index: sa.Index, item: Any, dialect: Dialect) -> str:
    """Return the text of one element, cut out of a whole CREATE INDEX.

    Dialects differ in which expressions they put into parentheses there.
    """
    probe: Any = copy.copy(index)
    operators = {
        key: dict(value)
        for key, value in index.dialect_kwargs.items()
        if key.endswith(OPERATOR_CLASSES) and value
    }
    probe.__dict__.pop("dialect_options", None)  # recreated with defaults on next access
    probe.dialect_kwargs.update(operators)
    probe.name, probe.unique = "i", False
    sqla_compat.set_ddl_condition(probe, None)
    probe.expressions = [sa.text(MARK)]
    before, _, after = str(CreateIndex(probe).compile(dialect=dialect)).partition(MARK)
    probe.expressions = [item]
    whole = str(CreateIndex(probe).compile(dialect=dialect))
    return whole[len(before) : len(whole) - len(after)]


def _drop_merged_operator_classes(index: sa.Index, options: dict[str, Any]) -> None:
    """Leave out operator classes of expressions, whose own text has them."""
    columns = {freeze_name(item.name) for item in index.expressions if isinstance(item, sa.Column)}
    for key in [key for key in options if key.endswith(OPERATOR_CLASSES)]:
        kept = {name: operator for name, operator in options[key].items() if name in columns}
        options[key] = kept
        if not kept:
            del options[key]


def thaw_index(index: Index, table: sa.Table | sa.TableClause) -> sa.Index:
    """Attach an index of that value to `table` and return it."""
    elements: list[Any] = [
        thaw_expression(element) if isinstance(element, SQL) else table.c[element]
        for element in index.elements
    ]
    name: Any = thaw_name(index.name)
    made = sqla_compat.index(
        name,
        *elements,
        unique=index.unique,
        table=table,
        **thaw_options(index.dialect_options),
    )
    made.name = name  # whatever event listeners have set
    thaw_condition(made, index.ddl_if)
    return made
