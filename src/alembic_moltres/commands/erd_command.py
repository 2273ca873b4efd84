"""`alembic-moltres erd`: a diagram of the tables of a revision, of the models, or of a database."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from alembic.config import Config

from ..errors import OptionError
from ..messages import one_line
from .command import Command, argument

if TYPE_CHECKING:
    from ..diagrams import Picture
    from .erd_sources import Source


def erd(
    config: Config,
    revision: str | None = None,
    *,
    models: bool = False,
    url: str | None = None,
    format: str = "mermaid",
) -> None:
    """Draw the tables of a revision, of the models or of a database as a diagram.

    Args:
        config: the project's.
        revision: anything that `alembic upgrade` takes, by default the heads; `A:B` draws what
            changed between two.
        models: draw the models that `env.py` gives Alembic; no database is needed.
        url: draw the database at this URL.
        format: "mermaid" or "dot".

    Raises:
        HistoryError: the scripts cannot be replayed, or the database cannot be read.
        OptionError: options that do not go together.
    """
    from .console import write

    _check_options(revision, models=models, url=url)
    for name, picture in _pictures(config, revision, models=models, url=url):
        for diagram in _diagrams(picture, name, format):
            write(config, f"{diagram}\n")


def _check_options(revision: str | None, *, models: bool, url: str | None) -> None:
    given = [
        name
        for name, is_given in (
            ("a revision", revision is not None),
            ("--models", models),
            ("--url", url is not None),
        )
        if is_given
    ]
    if len(given) > 1:
        raise OptionError(
            f"erd draws one thing, and {' and '.join(given)} are two; pass one", given
        )


def _pictures(
    config: Config, revision: str | None, *, models: bool, url: str | None
) -> list[tuple[str, Picture]]:
    from ..diagrams import picture_of, picture_of_changes
    from .erd_sources import of_database, of_models, of_revision

    start, colon, end = (revision or "heads").partition(":")
    if colon:
        before = {each.name: each for each in of_revision(config, start or "base")}
        after = of_revision(config, end or "heads")
        _tell_uncertain([*before.values(), *after])
        return [
            (
                each.name,
                picture_of_changes(
                    before[each.name].tables if each.name in before else (),
                    each.tables,
                    each.uncertain_tables,
                ),
            )
            for each in after
        ]
    if models:
        sources = of_models(config)
    else:
        sources = of_revision(config, start) if url is None else of_database(url)
    _tell_uncertain(sources)
    return [(each.name, picture_of(each.tables, each.uncertain_tables)) for each in sources]


def _tell_uncertain(sources: list[Source]) -> None:
    told = dict.fromkeys(one_line(each) for source in sources for each in source.uncertain)
    for line in told:
        sys.stderr.write(f"drawn by name only: {line}\n")


def _diagrams(picture: Picture, name: str, format: str) -> list[str]:
    if format == "dot":
        from ..diagrams.dot import dot

        return [dot(picture)]
    from ..diagrams.mermaid import mermaid

    return mermaid(picture)


COMMAND = Command(
    erd,
    (
        argument(
            "revision", nargs="?", help="a revision (default: heads), or A:B for what changed"
        ),
        argument("--models", action="store_true", help="the models, without a database"),
        argument("--url", metavar="URL", help="the database at this URL"),
        argument(
            "--format",
            choices=["mermaid", "dot"],
            default="mermaid",
            help="Mermaid's erDiagram (default), or Graphviz's DOT",
        ),
    ),
)
