"""The names of a table's constraints, found by their content as the server normalises it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy.engine import Connection

from ...schema import Constraint
from .constraint_names import inspected_names
from .reflection import reader, reflect_expected
from .signatures import UnconfirmedText


def probed_names(
    connection: Connection, table: str, schema: str | None, constraint: Constraint
) -> Collection[str]:
    """Return the names of the constraints of a table whose content equals that of `constraint`.

    If the server cannot be probed, the texts are compared.
    """
    for reflected in reader(connection).read(connection, schema, [table]):
        wanted = replace(reflected.table, constraints=(constraint,), indexes=(), comment=None)
        (expected,) = reflect_expected(connection, [wanted])
        signature = expected.constraints[0].signature
        if signature is None or isinstance(signature.text, UnconfirmedText):
            continue
        signatures = (each.signature for each in reflected.constraints if each.signature)
        return {each.name for each in signatures if each.name and each.text == signature.text}
    return inspected_names(connection, table, schema, constraint)
