"""The base of the `with` blocks that translate exceptions."""

from __future__ import annotations


class Translation:
    """A `with` block that translates exceptions; a subclass overrides `translated`.

    A class, because a generator takes longer and each piece of a statement enters a block.
    """

    __slots__ = ()

    def translated(self, error: BaseException) -> Exception | None:
        """Return the exception to raise instead of an error, or `None` to let it pass."""
        raise NotImplementedError

    def __enter__(self) -> None:
        return None

    def __exit__(self, raised: object, error: BaseException | None, traceback: object) -> None:
        translated = None if error is None else self.translated(error)
        if translated is not None:
            raise translated from error
