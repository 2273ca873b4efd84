"""New databases, as circles have them."""

from tests.circles.conftest import new_database, new_engine

__all__ = ["new_database", "new_engine"]
