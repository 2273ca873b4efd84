"""What the tests of diagrams share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tests.diagrams import browser, mermaid_parser
from tests.npm import PackageUnavailableError


@pytest.fixture(scope="session")
def mermaid_errors() -> Callable[[Sequence[str]], list[tuple[str, str]]]:
    """Return the texts that Mermaid's own parser does not accept."""
    try:
        mermaid_parser.install()
    except PackageUnavailableError as err:
        pytest.skip(f"Mermaid's parser cannot be run: {err}")
    return mermaid_parser.errors


@pytest.fixture(scope="session")
def drawn_in_browser() -> Callable[[Sequence[str]], list[browser.Drawing]]:
    """Return what Chromium shows of Mermaid's texts."""
    try:
        browser.installed()
    except PackageUnavailableError as err:
        pytest.skip(f"Mermaid cannot be run in a browser: {err}")
    return browser.draw
