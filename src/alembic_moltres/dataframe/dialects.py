"""What Moltres calls the dialect of a database."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from moltres.config import EngineConfig

MOLTRES_NAMES = {"mariadb": "mysql"}
"""Dialects of SQLAlchemy that are another one's in Moltres."""


def dialect_name(config: EngineConfig) -> str:
    """Return the name of a dialect: said, or that of what is connected to.

    >>> dialect_name(EngineConfig("mariadb+pymysql://localhost/shop"))
    'mysql'
    """
    name = config.dialect or _backend(config)
    return MOLTRES_NAMES.get(name, name)


def _backend(config: EngineConfig) -> str:
    source: Any = config.engine or config.session
    if source is None:
        return sa.make_url(config.dsn or "").get_backend_name()
    bind = source if hasattr(source, "dialect") else source.get_bind()
    name: str = bind.dialect.name
    return name
