"""Names with quoting, or made by a naming convention; a plain `str` does for nearly all others."""

from __future__ import annotations

from typing import Any, Self


class quoted_name(str):
    """A name that is always quoted (`quote=True`) or never (`quote=False`).

    It equals the plain string: quoting is how a name is written, not what it is.

    >>> quoted_name("order", False)
    quoted_name('order', False)
    >>> quoted_name("order", False) == "order"
    True
    """

    quote: bool
    __slots__ = ("quote",)

    def __new__(cls, value: str, quote: bool) -> Self:
        self = super().__new__(cls, value)
        self.quote = quote
        return self

    def __repr__(self) -> str:
        return f"quoted_name({str.__repr__(self)}, {self.quote})"

    def __reduce__(self) -> tuple[Any, ...]:
        return quoted_name, (str(self), self.quote)


class conv(str):
    """A name that a naming convention made, which a dialect may shorten to its limit.

    Only names longer than `LIMIT` stay `conv`; shorter ones fit every dialect.

    >>> conv("fk_a_very_long_name")
    conv('fk_a_very_long_name')
    """

    __slots__ = ()
    LIMIT = 63
    """PostgreSQL's limit, the smallest of the dialects that SQLAlchemy ships."""

    def __repr__(self) -> str:
        return f"conv({str.__repr__(self)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return conv, (str(self),)


def qualified_name(name: str, schema: str | None) -> str:
    """Return a name with its schema, as `MetaData.tables` has it.

    >>> qualified_name("users", None), qualified_name("users", "shop")
    ('users', 'shop.users')
    """
    return f"{schema}.{name}" if schema else str(name)
