"""The options of the runner: in env.py, with -x, and what is refused."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from alembic_moltres.errors import OptionError
from alembic_moltres.runtime.settings import Settings, settings_of


def settings(given: Any, *x: str) -> Settings:
    """Return the settings of a run with these options."""
    config = Config(cmd_opts=Namespace(x=list(x)))
    environment = EnvironmentContext(config, ScriptDirectory("."))
    with sa.create_engine("sqlite://").connect() as connection:
        opts = {"moltres": given}
        context = MigrationContext.configure(connection, environment_context=environment, opts=opts)
        return settings_of(context)


@pytest.mark.parametrize(
    ("given", "x", "expected"),
    [
        (None, (), Settings()),
        ({"runner": False}, (), Settings(runner=False)),
        ({"runner": {"wait": 5}}, (), Settings(wait=5)),
        ({"wait": 5, "retry_for": 0}, (), Settings(wait=5, retry_for=0)),
        ({"wait": 5}, ("moltres.wait=7", "tenant=a"), Settings(wait=7)),
        ({"runner": False}, ("moltres.runner=on",), Settings()),
        (
            {},
            ("moltres.runner=off", "moltres.lock_timeout=0.5"),
            Settings(runner=False, lock_timeout=0.5),
        ),
    ],
)
def test_x_goes_before_env_py(given: Any, x: tuple[str, ...], expected: Settings) -> None:
    assert settings(given, *x) == expected


@pytest.mark.parametrize(
    ("given", "x", "message"),
    [
        (
            {"runner": {"zzz": 1}},
            (),
            r"'runner': {'zzz': \.\.\.}}\) is not an option; write one of wait",
        ),
        ({"runner": {"wiat": 1}}, (), r"is not an option; did you mean 'wait'\?"),
        ({"strict": "no"}, (), r"moltres={'strict': 'no'}\) is not True or False"),
        ({"wait": "long"}, (), r"moltres={'wait': 'long'}\) is not seconds; write seconds"),
        ({}, ("moltres.wait=-1",), r"-x moltres.wait=-1 is not seconds"),
        ({}, ("moltres.runner=maybe",), r"-x moltres.runner=maybe is not True or False"),
        ({}, ("moltres.wate=1",), r"did you mean 'wait'\?"),
    ],
)
def test_what_is_no_option_is_refused(given: Any, x: tuple[str, ...], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        settings(given, *x)
