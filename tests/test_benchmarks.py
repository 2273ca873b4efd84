"""docs/benchmarks.md shows what the benchmarks printed, and nothing else as a figure of theirs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FIGURES = sorted((ROOT / "benchmarks" / "figures").glob("*.txt"))
PAGE = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```text\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip("\n").splitlines()]


@pytest.mark.parametrize("printed", FIGURES, ids=lambda path: path.stem)
def test_the_page_shows_what_a_benchmark_printed(printed: Path) -> None:
    assert lines(printed.read_text(encoding="utf-8")) in list(map(lines, BLOCKS))


def test_each_block_of_the_page_is_of_a_benchmark_that_make_runs() -> None:
    (listed,) = re.findall(r"^BENCHES := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert sorted(listed.split()) == [path.stem for path in FIGURES]
    assert len(BLOCKS) == len(FIGURES)
