"""How the tests of a run ended: written by pytest's process, read by ours."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

VARIABLE = "MOLTRES_SUITE_OUTCOMES"
"""The environment variable with the file's name."""

_outcomes: dict[str, str] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note a test: empty if it passed, else the last line of why not; skipped ones are left out."""
    if report.failed:
        _outcomes[report.nodeid] = _reason(report)
    elif report.when == "call" and report.passed:
        _outcomes.setdefault(report.nodeid, "")


def pytest_sessionfinish() -> None:
    """Write the file."""
    Path(os.environ[VARIABLE]).write_text(json.dumps(_outcomes), encoding="utf-8")


def _reason(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    text = str(crash.message if crash else report.longrepr).strip()
    return text.splitlines()[-1] if text else "failed"


def read_outcomes(path: Path) -> dict[str, str]:
    """Return why each test failed, by its name; an empty text for those that passed."""
    outcomes: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return outcomes
