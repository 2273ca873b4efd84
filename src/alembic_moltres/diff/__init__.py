"""What differs between tables, as plain values; the order in which they are made. Pure."""

from .order import added_later, creation_order

__all__ = ["added_later", "creation_order"]
