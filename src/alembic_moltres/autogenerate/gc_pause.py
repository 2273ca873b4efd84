"""Pauses Python's garbage collector while tables are compared.

A comparison makes many values that live until its end. Each full collection traverses them and the
models and frees nothing: half of the processor time (0.6 s instead of 0.3 s for 500 tables,
measured). The values should end inside the block: what is left is collected once as the youngest
generation. Otherwise a full collection would begin with the block's end, whenever one was due.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def gc_paused() -> Iterator[None]:
    """Pause the garbage collector in the block.

    >>> with gc_paused():
    ...     gc.isenabled()
    False
    >>> gc.isenabled()
    True
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.collect(0)
        gc.enable()
