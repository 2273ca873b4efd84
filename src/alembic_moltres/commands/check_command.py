"""`alembic-moltres check`: Alembic's, also without a database."""

from __future__ import annotations

from alembic.config import Config

from .command import FORMAT, Command, Status
from .comparison import compare
from .console import write_json
from .differences import rows_for_json, write_rows
from .revision_command import OFFLINE
from .uncertain import json_of_uncertain, refuse_uncertain


def check(config: Config, *, offline: bool = False, format: str = "text") -> Status:
    """Check if revision command with autogenerate has pending upgrade ops.

    Args:
        config: the project's.
        offline: compare with the scripts instead of the database.
        format: "text" or "json".

    Returns:
        whether the models and what they are compared with are the same.

    Raises:
        UncertainError: tables have been left out; the others have been told of.
    """
    compared = compare(config, offline=offline)
    if format == "json":
        rows = compared.rows(whole=True)
        uncertain = json_of_uncertain(compared.uncertain)
        write_json(config, {"differences": rows_for_json(rows), "uncertain": uncertain})
    else:
        rows = compared.rows()
        write_rows(config, rows)
    refuse_uncertain(compared.uncertain, "and left out of the comparison")
    return Status.DIFFERENT if any(rows.values()) else Status.SAME


COMMAND = Command(check, (OFFLINE, FORMAT))
