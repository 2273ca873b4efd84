"""A model's table as the database has it, spelt as the model is wherever the two say the same."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from ..convert import model_to_schema
from ..convert.models import table_of
from ..dialects.base.align import align
from ..dialects.base.reflection import expected_tables, reader, reflect_table
from ..diff import diff
from ..schema import TableSchema


def reflect_model(connection: Connection, model: object) -> TableSchema:
    """Return the table of a model as the database has it now.

    What the database says the same of, however the model spells it, is spelt as in the model. So it
    equals `model_to_schema(model)` if, and only if, the table is up to date.

    Raises:
        NotAModelError: it is neither a mapped class nor a `Table`.
        OperationError: there is no such table, or the dialect cannot be read.
    """
    table, desired = table_of(model), model_to_schema(model)
    found = reader(connection).read(connection, table.schema, [table.name])
    if not found:
        return reflect_table(connection, table.name, table.schema)  # it says what is missing
    (expected,) = expected_tables(connection, [desired])
    current = align(found[0], expected)
    return current if diff([current], [expected.table]) else desired
