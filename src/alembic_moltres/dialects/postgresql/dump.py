"""The DDL of a whole database as `pg_dump` writes it: more than reflection and `stored_objects`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

from sqlalchemy.engine import URL

from ...sqltext import POSTGRESQL, Cursor, tokens
from ..base.dump import Dump
from .unconfirmed import constant

HEADING = re.compile(r"^--.*$|^\\(?:un)?restrict .*$|^SET .*$|^SELECT pg_catalog.*$", re.MULTILINE)


def dump(url: URL) -> Dump:
    """Return the statements of `pg_dump -s`."""
    program = shutil.which("pg_dump")
    if program is None:
        return Dump(missing="pg_dump is not installed")
    where = url.set(drivername=url.get_backend_name(), password=None).render_as_string()
    environment = os.environ | ({"PGPASSWORD": url.password} if url.password else {})
    command = [program, "-s", "--no-owner", where]
    done = subprocess.run(  # noqa: S603 - of the machine, on the user's own database
        command, env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode:  # older than the server, for example
        reason = done.stderr.strip() or f"exit status {done.returncode}"
        return Dump(missing=f"pg_dump failed ({reason.removeprefix('pg_dump: ')})")
    statements = re.split(r";\n", HEADING.sub("", done.stdout))
    return Dump(tuple(_uniform(" ".join(each.split())) for each in statements if each.strip()))


def _uniform(statement: str) -> str:
    """Return a statement whose constant defaults are written without casts.

    Which cast the server writes depends on the column's type when the default was set.

    >>> _uniform("CREATE TABLE t ( a text DEFAULT ''::character varying NOT NULL, b bigint )")
    "CREATE TABLE t ( a text DEFAULT '' NOT NULL, b bigint )"
    >>> _uniform("CREATE TABLE t ( a bigint DEFAULT '-1'::integer, b bigint DEFAULT 0 )")
    "CREATE TABLE t ( a bigint DEFAULT '-1', b bigint DEFAULT '0' )"
    """
    cursor = Cursor(statement, tokens(statement, POSTGRESQL))
    parts, copied = [], 0
    while not cursor.done:
        if cursor.next().upper == "DEFAULT" and not cursor.done:
            begin = cursor.tokens[cursor.at].start
            default = cursor.until("NOT", ",", ")")
            parts += [statement[copied:begin], constant(default) or default]
            copied = begin + len(default)
    return "".join([*parts, statement[copied:]])
