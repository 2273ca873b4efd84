"""What the tests of diagrams share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tests.diagrams import mermaid_parser
from tests.npm import PackageUnavailableError


@pytest.fixture(scope="session")
def mermaid_errors() -> Callable[[Sequence[str]], list[tuple[str, str]]]:
    """Return the texts that Mermaid's own parser does not accept."""
    try:
        mermaid_parser.install()
    except PackageUnavailableError as err:
        pytest.skip(f"Mermaid's parser cannot be run: {err}")
    return mermaid_parser.errors
