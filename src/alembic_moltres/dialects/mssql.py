"""`MSSQLImpl`: SQL Server, altered with Alembic's DDL, not read."""

from __future__ import annotations

import re

from ..sqltext import MSSQL
from .base.features import Features
from .base.rejections import Rejection
from .generic import GenericImpl

REJECTIONS = {"2714": Rejection.EXISTS, "3701": Rejection.NO_TABLE, "515": Rejection.NULLS}
"""The kinds of errors, by error number."""


class MSSQLImpl(GenericImpl):
    """SQL Server (its manual: CREATE TABLE, ALTER TABLE, DROP SEQUENCE, CREATE SEQUENCE)."""

    names = ("mssql",)
    syntax = MSSQL
    features = Features(
        create_table_if_not_exists=False,
        create_index_if_not_exists=False,
        drop_sequence_if_exists=True,
        sequence_spellings={"CACHE 1": "CACHE"},
        generated_checks=re.compile("^CK__"),
        drop_column_options={"mssql_drop_default": True, "mssql_drop_check": True},
    )

    def rejection(self, code: str | None, message: str) -> Rejection | None:
        return REJECTIONS.get(code or "")


IMPL = MSSQLImpl
