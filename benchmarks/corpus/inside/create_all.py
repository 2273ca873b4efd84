"""Make or drop the tables of the models in the current folder: `create_all.py URL [drop]`."""

from __future__ import annotations

import sys

import sqlalchemy as sa


def main(url: str, *drop: str) -> None:
    """Make the tables, or drop them, or raise what the database says."""
    sys.path.insert(0, ".")
    from corpus_models import target_metadata  # type: ignore[import-not-found]

    engine = sa.create_engine(url)
    (target_metadata.drop_all if drop else target_metadata.create_all)(engine)
    engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
