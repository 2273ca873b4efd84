"""`script.py.mako` of a new project: the constants of a script stand below its functions.

A reader wants `upgrade()` first. Python does not mind: a function looks a constant up when it runs.
The template imports nothing of this package, so scripts are written without it, too.
"""

from __future__ import annotations

IMPORTS = '${imports if imports else ""}\n'
"""The line of Alembic's templates; `imports` ends with our constants, after their comment."""

MARK = "# Tables as this revision"
"""How `script_head.COMMENT` begins; the templates of users find the constants by it, for ever."""

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


def with_constants_below(template: str) -> str:
    r"""Return a template of Alembic's that writes the constants of tables below the functions.

    One without the known line is returned as it is: its scripts have them among the imports.

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
    above, found, below = template.partition(IMPORTS)
    if not found:
        return template
    rest = below.rstrip()
    gap = "" if rest.endswith("% endfor") else "\n"  # a loop over databases ends with a blank line
    return f"{above}{HEAD}{rest}\n{FOOT.format(gap=gap)}"
