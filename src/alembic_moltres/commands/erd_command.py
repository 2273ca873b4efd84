"""`alembic-moltres erd`: a diagram of the tables of a revision, of the models or of a database."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from alembic.config import Config

from ..errors import OptionError
from ..messages import one_line
from .command import Command, Status, argument

if TYPE_CHECKING:
    from ..diagrams import Picture
    from .drawing.sources import DiagramSource


def erd(
    config: Config,
    revision: str | None = None,
    *,
    models: bool = False,
    url: str | None = None,
    format: str | None = None,
    output: str | None = None,
    svg: str | None = None,
    check: str | None = None,
) -> Status:
    """Draw the tables of a revision, of the models or of a database as a diagram.

    Args:
        config: the project's.
        revision: anything that `alembic upgrade` takes, default: the heads; `A:B` draws what
            changed between two revisions.
        models: draw the models that `env.py` gives Alembic; no database is needed.
        url: draw the database at this URL.
        format: "mermaid" or "dot", for standard output.
        output: write this file instead; the suffix selects the format.
        svg: let Graphviz write this file.
        check: compare with this file instead of writing it.

    Returns:
        whether the file of `check` is up to date.

    Raises:
        HistoryError: the scripts cannot be replayed, or the database cannot be read.
        OptionError: options exclude each other, or a file cannot hold a diagram.
        MissingPackageError: `svg` without Graphviz.
    """
    from .drawing.files import diagrams, is_current, write_file, write_svg

    _check_one({"a revision": revision, "--models": models or None, "--url": url})
    _check_one({"--format": format, "--output": output, "--check": check})
    pictures = _pictures(config, revision, models=models, url=url)
    if svg is not None:
        write_svg(Path(svg), pictures)
    if output is not None:
        write_file(Path(output), pictures)
    elif check is not None:
        return _checked(config, check, is_current=is_current(Path(check), pictures))
    elif svg is None or format is not None:
        from .output.console import write

        for text in diagrams(pictures, format or "mermaid"):
            write(config, f"{text}\n")
    return Status.SAME


def _check_one(given: Mapping[str, object]) -> None:
    named = [name for name, value in given.items() if value is not None]
    if len(named) > 1:
        raise OptionError(f"erd takes one of {' and '.join(named)}; leave out the others", named)


def _checked(config: Config, file: str, *, is_current: bool) -> Status:
    from .output.console import write

    if is_current:
        write(config, one_line(f"{file}: the diagram is up to date"))
        return Status.SAME
    old = f"{file}: the diagram is out of date; run the same command with --output, not --check"
    write(config, one_line(old))
    return Status.DIFFERENT


def _pictures(
    config: Config, revision: str | None, *, models: bool, url: str | None
) -> list[tuple[str, Picture]]:
    from ..diagrams import picture_of
    from .drawing.sources import of_database, of_models, of_revision

    if revision is not None and ":" in revision:
        return _changes(config, *revision.split(":", 1))
    if models:
        sources = of_models(config)
    elif url is not None:
        sources = of_database(url)
    else:
        sources = of_revision(config, revision or "heads")
    _warn_uncertain(sources)
    return [(each.name, picture_of(each.tables, each.uncertain_tables)) for each in sources]


def _changes(config: Config, start: str, end: str) -> list[tuple[str, Picture]]:
    from ..diagrams import picture_of_changes
    from .drawing.sources import DiagramSource, of_revision, renames_between

    before = of_revision(config, start or "base")
    after = of_revision(config, end or "heads")
    _warn_uncertain([*before, *after])
    renames = renames_between(config, start or "base", end or "heads")
    pictures = []
    for each in after:
        old = next(
            (other for other in before if other.name == each.name), DiagramSource(each.name, ())
        )
        unknown = sorted({*old.uncertain_tables, *each.uncertain_tables})
        current = [table for table in old.tables if table.key not in unknown]
        desired = [table for table in each.tables if table.key not in unknown]
        renamed = renames.get(each.name, ())
        pictures.append((each.name, picture_of_changes(current, desired, unknown, renamed)))
    return pictures


def _warn_uncertain(sources: list[DiagramSource]) -> None:
    uncertain = dict.fromkeys(one_line(each) for source in sources for each in source.uncertain)
    for line in uncertain:
        sys.stderr.write(f"drawn by name only: {line}\n")


COMMAND = Command(
    erd,
    (
        argument(
            "revision", nargs="?", help="a revision (default: heads), or A:B for what changed"
        ),
        argument("--models", action="store_true", help="draw the models; needs no database"),
        argument("--url", metavar="URL", help="draw the database at this URL"),
        argument(
            "--format",
            choices=["mermaid", "dot"],
            help="Mermaid's erDiagram (default), or Graphviz's DOT",
        ),
        argument(
            "--output",
            metavar="FILE",
            help="write a .md, .mmd or .dot file; in .md only between markers, if there are any",
        ),
        argument("--svg", metavar="FILE", help="let Graphviz write an SVG file"),
        argument("--check", metavar="FILE", help="fail if --output would change this file"),
    ),
)
