"""`OracleImpl`: Oracle, written to in Alembic's own DDL, not read."""

from __future__ import annotations

from ..sqltext import ORACLE
from .base.features import Features
from .generic import GenericImpl


class OracleImpl(GenericImpl):
    """Oracle (its manual, SQL Language Reference: CREATE INDEX, CREATE SEQUENCE)."""

    names = ("oracle",)
    syntax = ORACLE
    features = Features(
        index_names_in_schema=True,
        keys_are_indexes=True,
        sequence_spellings={
            "NO MINVALUE": "NOMINVALUE",
            "NO MAXVALUE": "NOMAXVALUE",
            "NO CYCLE": "NOCYCLE",
        },
    )


IMPL = OracleImpl
