"""Column types of the shop's own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

CENT = Decimal("0.01")


class Money(sa.TypeDecorator[Decimal]):
    """An amount of money, kept as whole cents: exact on every database, SQLite included."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Return the amount in cents; an amount with fractions of a cent is refused."""
        if value is None:
            return None
        if value != value.quantize(CENT):
            raise ValueError(f"{value} has fractions of a cent")
        return int(value / CENT)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Return the amount in units."""
        return None if value is None else int(value) * CENT
