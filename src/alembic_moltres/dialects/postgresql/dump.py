"""The DDL of a whole database as `pg_dump` writes it: more than reflection and `stored_objects`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

from sqlalchemy.engine import URL

HEADING = re.compile(r"^--.*$|^\\(?:un)?restrict .*$|^SET .*$|^SELECT pg_catalog.*$", re.MULTILINE)


def dump(url: URL) -> list[str]:
    """Return the statements of `pg_dump -s`; nothing if it is not installed."""
    program = shutil.which("pg_dump")
    if program is None:
        return []
    where = url.set(drivername=url.get_backend_name(), password=None).render_as_string()
    environment = os.environ | ({"PGPASSWORD": url.password} if url.password else {})
    command = [program, "-s", "--no-owner", where]
    done = subprocess.run(  # noqa: S603 - of the machine, on the user's own database
        command, env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode:
        return []  # older than the server
    statements = re.split(r";\n", HEADING.sub("", done.stdout))
    return [" ".join(each.split()) for each in statements if each.strip()]
