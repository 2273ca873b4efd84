"""Formats a value in a script as `black` and `ruff format` do.

On one line if it fits into 88 columns, else one argument a line with a trailing comma. Not here:
which call makes a value; that is `Value.call`, which `repr` writes on one line.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, TypeAlias

from ...errors import SchemaError
from ...messages import one_line
from ...schema import FrozenMapping, Value, conv, quoted_name
from ...schema.base import Call, Pair

WIDTH = 88
"""The default line length of `black` and `ruff format`."""
INDENT = "    "


class Bracketed:
    """An expression that can be broken into lines: its opening, contents and closing.

    Attributes:
        flat: the expression on one line.
        function: the function that it calls; empty for a list, a tuple or a dict.
    """

    __slots__ = ("closing", "flat", "function", "inside", "opening")

    flat: str

    def __init__(
        self, opening: str, inside: list[Written], closing: str, function: str = ""
    ) -> None:
        self.opening = opening
        self.inside = inside
        self.closing = closing
        self.function = function
        self.flat = f"{opening}{', '.join([flat(part) for part in inside])}{closing}"

    def functions(self) -> Iterator[str]:
        """Yield the functions that are called in it, as they are imported."""
        if self.function:
            yield self.function.partition(".")[0]
        for part in self.inside:
            if not isinstance(part, str):
                yield from part.functions()


Written: TypeAlias = "str | Bracketed"
"""An expression as text; a `str` cannot be broken into lines."""


def write(content: object) -> Written:
    """Write a value, a call or a literal; `eval` of the text gives an equal value.

    >>> from alembic_moltres.schema import column
    >>> write(column("id", "INTEGER", nullable=False)).flat
    'column("id", "INTEGER", nullable=False)'

    Raises:
        SchemaError: it has no literal.
    """
    writer = _WRITERS.get(type(content))
    if writer is not None:
        return writer(content)
    if isinstance(content, Value):
        return _write_call(content.call())
    for base in type(content).__mro__[1:]:  # an enumeration of strings, SQLAlchemy's own names
        if base in _WRITERS:
            return _WRITERS[base](content)
    raise SchemaError(
        f"{content!r} cannot be written in a script; use a value, a literal, a list or a dict",
        content,
    )


def lay_out(written: Written, *, before: str = "", after: str = "", indent: str = "") -> str:
    """Return the text, broken into lines if it does not fit on one.

    Args:
        written: the expression.
        before: the text before it on its first line, such as `name = `.
        after: the text after it on its last line.
        indent: the indentation that the caller adds to every line.

    >>> from alembic_moltres.schema import check
    >>> print(lay_out(write(check("a > 0", name="positive")), indent=" " * 60))
    check(
        "a > 0",
        name="positive",
    )
    """
    lines: list[str] = []
    _break(written, "", before, after, WIDTH - len(indent), lines)
    return "\n".join(lines)


def flat(written: Written) -> str:
    """Return an expression on one line."""
    return written if isinstance(written, str) else written.flat


def literal(text: str) -> str:
    r"""Write a string as `repr` does, with the quotes that `black` prefers.

    >>> print(literal("name"), literal('say "no"'), literal("it's"), literal("100 %\n"))
    "name" 'say "no"' "it's" "100 %\n"
    """
    return _prefer_double_quotes(str.__repr__(text))


def comment(text: str) -> str:
    r"""Write a comment on one line, whatever is in the text. All comments use it.

    >>> print(comment("the name 'a\n\x0cb' is odd"))
    # the name 'a\n\x0cb' is odd
    """
    return f"# {one_line(text)}"


_QUOTE = re.compile(r'"(?="|\Z)')
"""A quote that another one, or the closing quotes, would follow."""


def docstring(text: str) -> str:
    r"""Write a text so that it can stand between the triple quotes of a template.

    Python reads the same text there, whatever is in it. Line breaks stay.

    >>> print(docstring('moves C:\\users to "home"'))
    moves C:\\users to "home\"
    """
    lines = text.replace("\\", r"\\").split("\n")
    return _QUOTE.sub(r'\\"', "\n".join(map(one_line, lines)))


def _break(
    written: Written, margin: str, before: str, after: str, width: int, lines: list[str]
) -> None:
    line = f"{margin}{before}{flat(written)}{after}"
    if isinstance(written, str) or not written.inside or _columns(line) <= width:
        lines.append(line)
        return
    lines.append(f"{margin}{before}{written.opening}")
    for part in written.inside:
        _break(part, margin + INDENT, "", ",", width, lines)
    lines.append(f"{margin}{written.closing}{after}")


def _columns(line: str) -> int:
    """Return the largest width of a line.

    The formatters disagree on some characters, never about more than two columns. They keep a line
    that is broken one too early, because of its trailing commas.
    """
    return len(line) if line.isascii() else sum(1 if c.isascii() else 2 for c in line)


def _prefer_double_quotes(written: str) -> str:
    """Use double quotes unless they need more backslashes; `written` is the text of `repr`."""
    start = written.index("'") if written[0] in "b'" and written[-1] == "'" else -1
    if start < 0:
        return written
    prefix, body = written[:start], written[start + 1 : -1]
    double = body.count('"')
    if not double:
        return f'{prefix}"{body}"'
    if double > body.count("'"):
        return written
    body = body.replace("\\'", "'").replace('"', '\\"')
    return f'{prefix}"{body}"'


def _write_call(call: Call) -> Written:
    inside = [write(arg) for arg in call.args]
    inside += [prefixed(f"{key}=", write(arg)) for key, arg in call.keywords()]
    unpacked = call.unpacked()
    if unpacked:
        inside.append(prefixed("**", _write_dict(FrozenMapping(unpacked))))
    return Bracketed(f"{call.function}(", inside, ")", call.function)


def prefixed(prefix: str, written: Written) -> Written:
    """Return an expression after a prefix, such as `fill=`."""
    if isinstance(written, str):
        return prefix + written
    opening = prefix + written.opening
    return Bracketed(opening, written.inside, written.closing, written.function)


def _write_list(entries: Iterable[object]) -> Written:
    return Bracketed("[", [write(entry) for entry in entries], "]")


def _write_tuple(entries: tuple[object, ...]) -> Written:
    written = Bracketed("(", [write(entry) for entry in entries], ")")
    if len(entries) == 1:
        written.flat = f"{written.flat[:-1]},)"
    return written


def _write_dict(entries: FrozenMapping[Any]) -> Bracketed:
    inside = [prefixed(f"{literal(key)}: ", write(entry)) for key, entry in entries.items()]
    return Bracketed("{", inside, "}")


def _write_float(number: float) -> Written:
    written = float.__repr__(number).replace("e+", "e")
    return written if math.isfinite(number) else Bracketed("float(", [literal(written)], ")")


def _write_bytes(text: bytes) -> Written:
    return _prefer_double_quotes(repr(text))


def _write_decimal(number: Decimal) -> Written:
    return Bracketed("Decimal(", [literal(str(number))], ")", "Decimal")


def _write_quoted_name(name: quoted_name) -> Written:
    return Bracketed("quoted_name(", [literal(name), repr(name.quote)], ")", "quoted_name")


def _write_conv(name: conv) -> Written:
    return Bracketed("conv(", [literal(name)], ")", "conv")


_WRITERS: dict[type, Callable[[Any], Written]] = {
    str: literal,
    bool: repr,
    int: int.__repr__,
    type(None): repr,
    float: _write_float,
    bytes: _write_bytes,
    Decimal: _write_decimal,
    quoted_name: _write_quoted_name,
    conv: _write_conv,
    tuple: _write_list,
    Pair: _write_tuple,
    FrozenMapping: _write_dict,
    Call: _write_call,
}
