"""`OracleImpl`: Oracle, altered with Alembic's DDL, not read."""

from __future__ import annotations

import re

from ..sqltext import ORACLE
from .base.features import Features
from .base.rejections import Rejection
from .generic import GenericImpl

REJECTIONS = {"955": Rejection.EXISTS, "942": Rejection.NO_TABLE, "904": Rejection.NO_COLUMN}
"""The kinds of errors, by error number."""


class OracleImpl(GenericImpl):
    """Oracle (its manual, SQL Language Reference: CREATE INDEX, CREATE SEQUENCE)."""

    names = ("oracle",)
    syntax = ORACLE
    features = Features(
        index_names_in_schema=True,
        keys_are_indexes=True,
        generated_checks=re.compile(r"^SYS_C\d+$"),
        sequence_spellings={
            "NO MINVALUE": "NOMINVALUE",
            "NO MAXVALUE": "NOMAXVALUE",
            "NO CYCLE": "NOCYCLE",
        },
    )

    def rejection(self, code: str | None, message: str) -> Rejection | None:
        return REJECTIONS.get(code or "")


IMPL = OracleImpl
