"""The tests; what several of them assert shows its difference as a test's own assert does."""

import pytest

pytest.register_assert_rewrite("tests.lossless")
