"""Fixtures of pytest for a project's own suite: its history, walked with rows in the tables.

pytest loads this module in every project where the package is installed, so it imports nothing but
pytest; the rest is imported by the fixtures.

walking         the walk up and down, revision by revision
steps           what each revision does to the tables, from a replay
made_rows       rows for the tables of a revision; check_values: for their CHECKs
type_values     a value for every type
losses          rows and values lost by a revision
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from alembic.config import Config

    from ..history.state import State

GivenRows = Mapping[str, Iterable[Mapping[str, Any]]]
"""Rows by table; each may name some columns only, and columns that a revision lacks are ignored."""

IN_MEMORY = "sqlite://"
FILES = ("alembic.ini", "pyproject.toml")


@dataclass(frozen=True, slots=True)
class MigrationHistory:
    """The history of a project, as the fixture `moltres_history` gives it.

    Attributes:
        config: the project's.
        url: of an empty database.
        rows: those that the project gives itself.
    """

    config: Config
    url: str
    rows: GivenRows

    def walk(self, expected_losses: Mapping[str, Iterable[str]] | None = None) -> None:
        """Walk the history up and down, revision by revision, and fail if rows are lost.

        Before each revision its tables get rows. It is upgraded, downgraded, and upgraded again;
        each time every row must be there, with its values, under the new names.

        Args:
            expected_losses: what a revision loses or changes on purpose, by its id: tables, or
                columns as `users.nickname`, as they are called before it.
        """
        from ..errors import MoltresError
        from .walking import walk

        __tracebackhide__ = True
        try:
            failures = walk(self.config, self.url, self.rows, expected_losses or {})
            messages = list(map(str, failures))
        except MoltresError as err:
            messages = [str(err).replace("--scratch", "moltres_url")]
        if messages:
            pytest.fail("\n".join(messages), pytrace=False)

    def state_at(self, revision: str = "heads") -> State:
        """Return the tables of a revision; see `alembic_moltres.history.state_at`."""
        from ..history import state_at

        return state_at(self.config, revision)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options of `pytest.ini`."""
    parser.addini("moltres_config", "the alembic.ini or pyproject.toml of the history", default="")
    parser.addini("moltres_url", "an empty database on which it is walked", default=IN_MEMORY)


@pytest.fixture
def moltres_config(pytestconfig: pytest.Config) -> Config:
    """Return the configuration of the project's history: the ini option `moltres_config`.

    Without it, `alembic.ini` in pytest's root folder, or the `pyproject.toml` there.
    """
    from alembic.config import Config

    root = Path(pytestconfig.rootpath)
    named = str(pytestconfig.getini("moltres_config"))
    paths = [root / named] if named else [root / each for each in FILES if (root / each).is_file()]
    if not paths or not paths[0].is_file():
        pytest.fail(
            f"no {' and no '.join([named] if named else FILES)} in {root}; name it with the ini "
            "option moltres_config, or override the fixture moltres_config",
            pytrace=False,
        )
    is_toml = paths[0].suffix == ".toml"
    return Config(None if is_toml else paths[0], paths[0] if is_toml else None)


@pytest.fixture
def moltres_url(pytestconfig: pytest.Config) -> str:
    """Return the URL of an empty database, of the project's kind: the ini option `moltres_url`.

    Without it, one of SQLite in memory.
    """
    return str(pytestconfig.getini("moltres_url"))


@pytest.fixture
def moltres_rows() -> GivenRows:
    """Return rows by table, for tables that refuse the generated ones; override it.

    An empty list leaves a table empty.
    """
    return {}


@pytest.fixture
def moltres_history(
    moltres_config: Config, moltres_url: str, moltres_rows: GivenRows
) -> MigrationHistory:
    """Return the project's history."""
    return MigrationHistory(moltres_config, moltres_url, moltres_rows)
