"""The DDL of a whole database as `pg_dump` writes it: more than reflection and `stored_objects`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

from sqlalchemy.engine import URL

from ..base.dump import Dump

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
    return Dump(tuple(" ".join(each.split()) for each in statements if each.strip()))
