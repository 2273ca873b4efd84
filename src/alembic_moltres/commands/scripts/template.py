"""`script.py.mako` of a new project: the constants of a script are below its functions.

A reader wants `upgrade()` first, and a function looks a constant up when it runs. The template
imports nothing of this package, so it also works without it.
"""

from __future__ import annotations

IMPORTS = '${imports if imports else ""}\n'
"""The line of Alembic's templates; our constants follow in `imports`, after their comment."""

MARK = "# Tables as this revision"
"""The start of `COMMENT` in `autogenerate.script.head`. Templates have it, so it never changes."""

HEAD = f"""\
## alembic-moltres: the constants of tables stand at the end of the script
<% _imports, _mark, _tables = (imports or "").partition("\\n\\n{MARK}") %>\\
${{_imports}}
"""

FOOT = """\
% if _tables:
{gap}
${{_mark.strip()}}${{_tables.rstrip()}}
% endif
"""


def has_constants_below(template: str) -> bool:
    """Tell whether a project's template writes the constants of tables below the functions."""
    return HEAD.partition("\n")[0] in template


def with_constants_below(template: str) -> str:
    r"""Return a template of Alembic's that writes the constants of tables below the functions.

    A template without the known line is returned unchanged; its constants stay among the imports.

    Args:
        template: the text of a `script.py.mako`.

    >>> print(with_constants_below('import sqlalchemy as sa\n${imports if imports else ""}\n'))
    import sqlalchemy as sa
    ## alembic-moltres: the constants of tables stand at the end of the script
    <% _imports, _mark, _tables = (imports or "").partition("\n\n# Tables as this revision") %>\
    ${_imports}
    % if _tables:
    <BLANKLINE>
    <BLANKLINE>
    ${_mark.strip()}${_tables.rstrip()}
    % endif
    <BLANKLINE>
    """
    above, imports, below = template.partition(IMPORTS)
    if not imports:
        return template
    rest = below.rstrip()
    gap = "" if rest.endswith("% endfor") else "\n"  # a loop over databases ends with a blank line
    return f"{above}{HEAD}{rest}\n{FOOT.format(gap=gap)}"
