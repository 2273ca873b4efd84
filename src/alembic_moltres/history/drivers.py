"""Guards the drivers of databases: those written in C connect without an audit event."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

_seen: set[str] = set()


def guard_drivers(check: Callable[[], None]) -> None:
    """Let `connect` of each driver that is loaded call `check` first.

    A driver is a module with `apilevel` and `connect` (PEP 249). Those of the standard library
    report their connections.
    """
    for name in sys.modules.keys() - _seen:
        _seen.add(name)
        module = sys.modules.get(name)
        content = getattr(module, "__dict__", {})
        if "apilevel" not in content or name.partition(".")[0] in sys.stdlib_module_names:
            continue
        if callable(content.get("connect")):
            setattr(module, "connect", _checked(content["connect"], check))  # noqa: B010 - of a module


def _checked(connect: Callable[..., Any], check: Callable[[], None]) -> Callable[..., Any]:
    @wraps(connect)
    def connect_checked(*args: Any, **kwargs: Any) -> Any:
        check()
        return connect(*args, **kwargs)

    return connect_checked
