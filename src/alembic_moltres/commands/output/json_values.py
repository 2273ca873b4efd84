"""Values as JSON; attributes with their default are left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any, cast

from ...schema import Value
from ...schema.base import distinct


def json_of(content: object) -> Any:
    """Return a value, or a part of one, for `json.dumps`.

    A value becomes an object whose `"is"` is the name of its constructor function.

    >>> from alembic_moltres.schema import column
    >>> json_of(column("n", "INTEGER", nullable=False, default=0))
    {'is': 'column', 'name': 'n', 'type_name': 'INTEGER', 'nullable': False, 'default': 0}
    """
    if isinstance(content, Value):
        return {"is": content.function} | {
            each.name: json_of(getattr(content, each.name))
            for each in fields(cast(Any, content))
            if distinct(getattr(content, each.name)) != distinct(each.default)
        }
    if isinstance(content, Mapping):
        return {str(key): json_of(each) for key, each in content.items()}
    if isinstance(content, list | tuple):
        return [json_of(each) for each in content]
    if isinstance(content, bytes):
        return {"is": "bytes", "hex": content.hex()}
    if isinstance(content, Decimal):
        return {"is": "Decimal", "text": str(content)}
    return content
