"""`plan`: what revisions would do, as text, Markdown or JSON."""

from __future__ import annotations

from alembic.config import Config

from ..errors import OptionError
from .command import SCRATCH, Command, Status, argument
from .comparison import compare
from .differences import write_differences
from .output.console import write, write_json
from .revision_command import OFFLINE


def plan(
    config: Config,
    revisions: str | None = None,
    *,
    url: str | None = None,
    models: bool = False,
    offline: bool = False,
    scratch: str | None = None,
    format: str = "text",
) -> Status:
    """Show what revisions would do: changes, SQL, locks, rewrites, and lost data.

    Nothing is run. A range needs no database.

    Args:
        config: the project's.
        revisions: `[A]:[B]`, the revisions after A up to B, or one revision; default: from the
            database's revision to heads. A may be `current`.
        url: of the database; default: that of `env.py`.
        models: show what the database lacks of the models, instead of revisions.
        offline: only with `models`; see `check`.
        scratch: only with `models`; see `check`.
        format: "text", "markdown" or "json".

    Returns:
        with `models`: whether both sides are equal.

    Raises:
        HistoryError: the scripts cannot be replayed, there is no such range, or the database's
            revision has no script.
        OptionError: options exclude each other.
        UncertainError: tables of the comparison with the models were skipped; the differences of
            the others are written.
    """
    if models:
        if revisions is not None or url is not None:
            raise OptionError("plan --models takes no range and no --url; leave them out", models)
        compared = compare(config, offline=offline, scratch=scratch)
        return write_differences(config, compared, format=format, remarks=True)
    if offline or scratch is not None:
        raise OptionError("--offline and --scratch go with plan --models; add it", offline)
    _write_plans(config, revisions, url, format)
    return Status.SAME


def _write_plans(config: Config, revisions: str | None, url: str | None, format: str) -> None:
    from .planning.as_json import json_of_plan
    from .planning.counts import count_failing
    from .planning.databases import targets_of
    from .planning.markdown import markdown_of
    from .planning.revisions import CURRENT, plans_of
    from .planning.text import lines_of

    connects = url is not None or revisions is None or revisions.startswith(f"{CURRENT}:")
    targets = targets_of(config, url) if connects else {}
    plans = plans_of(config, revisions, targets)
    if targets:
        count_failing(config, url, plans)
    if format == "json":
        write_json(config, [json_of_plan(each) for each in plans])
        return
    lines = markdown_of if format == "markdown" else lines_of
    for number, each in enumerate(plans):
        if number:
            write(config)
        for line in lines(each):
            write(config, line)


COMMAND = Command(
    plan,
    (
        argument(
            "revisions",
            nargs="?",
            metavar="RANGE",
            help="one revision, or A:B, those after A up to B (default: what the database lacks)",
        ),
        argument("--url", metavar="URL", help="the database (default: that of env.py)"),
        argument(
            "--models",
            action="store_true",
            help="show what revision --autogenerate would write; no script is written",
        ),
        OFFLINE,
        SCRATCH,
        argument(
            "--format",
            choices=["text", "markdown", "json"],
            default="text",
            help="text for a person (default), Markdown for a pull request, or JSON",
        ),
    ),
)
