"""The public names: each is there, is told about, and shows an example that the suite runs."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import alembic_moltres
from alembic_moltres.schema import __all__ as of_schema

PUBLIC = alembic_moltres.__all__


def test_the_names_that_type_checkers_see_are_the_public_ones() -> None:
    source = ast.parse(Path(alembic_moltres.__file__).read_text(encoding="utf-8"))
    (block,) = (node for node in source.body if isinstance(node, ast.If))
    imported = [
        each.name for node in block.body if isinstance(node, ast.ImportFrom) for each in node.names
    ]
    assert sorted(imported) == sorted(PUBLIC)
    assert len(set(PUBLIC)) == len(PUBLIC)


def test_every_public_name_comes_from_where_the_door_says() -> None:
    assert alembic_moltres._ELSEWHERE.keys() <= set(PUBLIC)
    assert set(PUBLIC) - alembic_moltres._ELSEWHERE.keys() <= set(of_schema)


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_is_explained_with_an_example(name: str) -> None:
    explained = getattr(alembic_moltres, name).__doc__ or ""
    assert ">>> " in explained
