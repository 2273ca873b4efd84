"""Run a command where only the standard library, SQLAlchemy, Alembic, drivers and we are.

It is started by path, in the application's environment, with the module of a command line
(`alembic.config` or `alembic_moltres.commands.command_line`) and its arguments.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType

ALLOWED = {
    *sys.stdlib_module_names,
    *("alembic", "alembic_moltres", "greenlet", "mako", "markupsafe", "sqlalchemy"),
    *("psycopg", "psycopg_binary", "pymysql", "typing_extensions", "env_py"),
}


class Refusal(MetaPathFinder):
    """Stands before every other finder and lets through only what is allowed."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - the protocol of finders
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> None:
        """Return nothing, so that the next finder is asked.

        Raises:
            ModuleNotFoundError: the module is not one of those allowed.
        """
        top = fullname.partition(".")[0]
        if top not in ALLOWED and not top.startswith("_sysconfigdata"):
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)


if __name__ == "__main__":
    sys.meta_path.insert(0, Refusal())
    command_line = importlib.import_module(sys.argv[1])
    sys.exit(command_line.main(sys.argv[2:]))
