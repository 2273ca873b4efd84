"""Checks for an incomplete `env.py`, with which a comparison finds nothing or drops everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..alembic_compat import comparators
from ..errors import OptionError
from ..options import moltres_options
from .comparison_input import ComparisonInput

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

PLUGINS = '["alembic.autogenerate.*", "alembic_moltres"]'
"""The option that a project sets."""
SCHEMAS = "alembic.autogenerate.compare.schema"
"""The module of Alembic's comparator that finds the schemas and calls our comparator for them."""


def check_plugins(autogen_context: AutogenContext) -> None:
    """Check that Alembic's comparators are enabled; they call ours.

    Raises:
        OptionError: they are not, so nothing was compared.
    """
    for (target, *_), functions in comparators(autogen_context).items():
        if target == "autogenerate" and any(
            getattr(function, "__module__", "") == SCHEMAS for function, _ in functions
        ):
            return
    given = autogen_context.migration_context.opts.get("autogenerate_plugins")
    raise OptionError(
        f"autogenerate_plugins={given!r} lacks Alembic's own, which call ours, so nothing is "
        f"compared (at context.configure); write autogenerate_plugins={PLUGINS}",
        given,
    )


def check_models(given: ComparisonInput) -> None:
    """Check that there are models, unless nothing would be dropped.

    Raises:
        OptionError: the MetaData is empty, and tables of the database would be dropped.
    """
    if given.models or moltres_options(given.context.opts).get("empty_models"):
        return
    dropped = [key for key, each in given.database.items() if given.filters.removed_table(each)]
    if dropped:
        first = given.database[dropped[0]].reflected.table.key
        others = f" and {len(dropped) - 1} more" if dropped[1:] else ""
        raise OptionError(
            f"target_metadata has no tables, and the table {first!r}{others} of the database would "
            "be dropped (at context.configure); import the modules of the models in env.py, or "
            "pass moltres={'empty_models': True}",
            dropped,
        )
