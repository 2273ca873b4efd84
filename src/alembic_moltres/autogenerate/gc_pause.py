"""Python's garbage collector, paused while tables are compared.

A comparison makes many values that all stay until its end. Each full collection goes through them
and through the models again and finds nothing: that was half of the processor time (0.6 s against
0.3 s for 500 tables, measured).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def gc_paused() -> Iterator[None]:
    """Collect no garbage; afterwards it is collected as before.

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
        gc.enable()
