"""The example's states: each is what its upgrade makes, and the last one is what the models say."""

from __future__ import annotations

import contextlib
import io
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

import alembic.command
import pytest
import sqlalchemy as sa
from alembic.config import Config

from alembic_moltres.history import state_at
from tests.history.agreement import differences

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "migrations_example"
GOLDEN = Path(__file__).parent / "golden_example.txt"
REVISIONS = (
    *("1f0c6b7a2d41", "8a94d2e7c5b3", "c27e51f09a6d"),
    *("d5b08f3c6e12", "90b1e4c2d7a5", "f4a6d2b9c813"),
)


@pytest.fixture(autouse=True)
def shop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(EXAMPLE)


def config(url: str) -> Config:
    return Config(
        ROOT / "alembic.ini",
        stdout=io.StringIO(),
        cmd_opts=Namespace(x=[f"url={url}"]),
        attributes={"configure_logger": False},
    )


@pytest.mark.parametrize("database", ["sqlite", "postgresql", "mariadb"])
def test_each_state_is_what_the_upgrade_makes(
    database: str, new_engine: Callable[[], sa.Engine]
) -> None:
    engine = new_engine()
    settings = config(engine.url.render_as_string(hide_password=False))
    for revision in REVISIONS:
        alembic.command.upgrade(settings, revision)
        state = state_at(settings, revision)
        assert state.uncertain == ()
        with engine.connect() as connection:
            assert differences(connection, state) == []


def test_the_states_are_written_as_they_were() -> None:
    """A change of how states are read shows here; the file is written anew by hand."""
    shown = []
    for revision in REVISIONS:
        state: Any = state_at(config("postgresql+psycopg://nobody@host.invalid/shop"), revision)
        shown.append(f"# {revision}")
        shown += map(repr, state.tables.values())
        shown += map(repr, (state.types, state.sequences, state.uncertain))
    text = "\n".join(shown) + "\n"
    with contextlib.suppress(FileNotFoundError):
        assert GOLDEN.read_text(encoding="utf-8") == text
        return
    GOLDEN.write_text(text, encoding="utf-8")
    pytest.fail("the file was not there, and is now; read it and commit it")
