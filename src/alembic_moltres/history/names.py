"""Keys of tables, as a state has them."""

from __future__ import annotations


def key_of(name: str, schema: str | None) -> str:
    """Return the key of a table, as `MetaData.tables` has it.

    >>> key_of("users", None), key_of("users", "shop")
    ('users', 'shop.users')
    """
    return f"{schema}.{name}" if schema else str(name)
