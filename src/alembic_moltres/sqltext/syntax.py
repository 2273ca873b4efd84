"""How a database quotes, escapes, comments and folds: one `Syntax` value for each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from . import reserved_words

# Possessive throughout: an unclosed quote is detected at once, without backtracking.
_SINGLE = r"'(?:[^']++|'')*+'"
_DOUBLE = r'"(?:[^"]++|"")*+"'
_BACKTICKS = r"`(?:[^`]++|``)*+`"
_ESCAPED_SINGLE = r"'(?:[^'\\]++|''|\\.)*+'"
_ESCAPED_DOUBLE = r'"(?:[^"\\]++|""|\\.)*+"'
_BRACKETS = r"\[[^\]]*+\]"
_DOUBLED_BRACKETS = r"\[(?:[^\]]++|\]\])*+\]"
# `tags[1]` is a subscript, and `ARRAY['a']` is none either
_BRACKETS_OR_SUBSCRIPT = r"""(?<![\w\])"'`])\[[^\[\]"'`]*+\]"""

# A name has letters, `_` and all from U+0080 on, behind the first place digits and `$` as well.
# Written as what it has not: `re` takes ten times as long to compile a range up to U+10FFFF.
_START = r"[^\x00-@\[-^`{-\x7f]"
_START_OR_DOLLAR = r"[^\x00-#%-@\[-^`{-\x7f]"
_REST = r"[^\x00-#%-/:-@\[-^`{-\x7f]"
_REST_OF_TAG = r"[^\x00-/:-@\[-^`{-\x7f]"
_DOLLARS = rf"(?<![\w$])\$(?P<tag>(?:{_START}{_REST_OF_TAG}*)?)\$.*?\$(?P=tag)\$"
_WORD = rf"{_START}{_REST}*+"
# a name may begin with digits there, a number may not be followed by a letter
_MYSQL_WORD = rf"[0-9]*+{_START_OR_DOLLAR}{_REST}*+"
_NUMBER = r"0[xX][0-9a-fA-F]+|(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?"
_MYSQL_NUMBER = rf"(?:{_NUMBER})(?!{_START_OR_DOLLAR})"

# An operator does not end in + or -, or these begin what follows, unless one of ~!@#%^&|`? is in it
# (PostgreSQL's manual, "Operators"), and it ends before a comment.
_SIGN, _ANY_SIGN = r"(?!--|/\*)[-+*/<>=]", r"(?!--|/\*)[-+*/<>=~!@#%^&|`?]"
_POSTGRESQL_OPERATOR = (
    rf"::|:=|(?:{_SIGN})*+[~!@#%^&|`?](?:{_ANY_SIGN})*"
    rf"|(?:{_SIGN})*(?!/\*)[*/<>=]|[-+(),.;:\[\]]"
)
_OPERATOR = (
    r"->>|->|\|\||&&|<=>|<<|>>|<=|>=|<>|==|!=|!~~\*|!~~|~~\*|~~|!~\*|!~|~\*|@>|<@|::|:="
    r"|[-+*/%&|^~!<>=(),.;:\[\]{}?@#]"
)
_SQLITE_OPERATOR = r"->>|->|\|\||<<|>>|<=|>=|<>|==|!=|[-+*/%&|~<>=(),.;]"


@dataclass(frozen=True, slots=True, eq=False)
class Syntax:
    """The lexical rules of a database; the patterns are regular expressions.

    Args:
        quote: the characters around a name, as this database writes it.
        quoted: a name in quotes.
        strings: a string; `escaped`: one in which a backslash escapes.
        blobs: a string of bytes or bits.
        comments: a comment; `nested`: comments nest.
        folding: an unquoted name is in lower case, or names are caseless; `either`: an unquoted
            name is as written or in lower case, for a text of an unknown database.
        canonical: the database's own text has quotes only where a name needs them.
        reserved: the words that need quotes.
        longest: the server silently cuts a longer name to so many bytes of UTF-8.
        constants: the words that are values.
        predicates: the words after IS that are no operand.
    """

    name: str
    quote: tuple[str, str] = ('"', '"')
    quoted: tuple[str, ...] = (_DOUBLE,)
    strings: tuple[str, ...] = (_SINGLE,)
    escaped: tuple[str, ...] = ()
    blobs: tuple[str, ...] = ()
    comments: tuple[str, ...] = (r"--[^\n]*+", r"/\*.*?(?:\*/|\Z)")
    nested: bool = False
    space: str = r"[ \t\n\v\f\r]++"
    word: str = _WORD
    number: str = _NUMBER
    variable: str = r"@@?\w+"
    operator: str = _OPERATOR
    unclosed: str = r"""['"`].*"""
    folding: Literal["lower", "caseless", "either"] = "lower"
    canonical: bool = False
    reserved: frozenset[str] = reserved_words.EVERY
    longest: int | None = None
    constants: frozenset[str] = frozenset()
    predicates: frozenset[str] = frozenset({"UNKNOWN", "DOCUMENT", "NORMALIZED", "JSON"})

    def quoted_name(self, name: str) -> str:
        """Return a name in quotes, which is always valid.

        >>> print(POSTGRESQL.quoted_name('a "b" c'), MYSQL.quoted_name("a`b"))
        "a ""b"" c" `a``b`
        """
        start, end = self.quote
        return f"{start}{name.replace(end, end * 2)}{end}"

    def needs_quotes(self, name: str) -> bool:
        """Tell whether a name changes or is invalid without quotes.

        >>> [POSTGRESQL.needs_quotes(name) for name in ("mail", "Mail", "order", "date")]
        [False, True, True, False]
        """
        plain = _LOWER if self.folding == "lower" else _PLAIN
        return not plain.fullmatch(name) or name.upper() in self.reserved

    def written_name(self, name: str) -> str:
        """Return a name with quotes if it needs them."""
        return self.quoted_name(name) if self.needs_quotes(name) else name

    def literal(self, text: str) -> str:
        r"""Return a string literal.

        >>> print(POSTGRESQL.literal("it's \\"), MYSQL.literal("it's \\"))
        'it''s \' 'it''s \\'
        """
        if any(pattern == _ESCAPED_SINGLE for pattern in self.escaped):
            text = text.replace("\\", "\\\\")
        return "'" + text.replace("'", "''") + "'"


_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")
_LOWER = re.compile(r"[a-z_][a-z0-9_$]*")

SQLITE = Syntax(
    "sqlite",
    quoted=(_DOUBLE, _BACKTICKS, _BRACKETS),
    blobs=(r"[xX]'[0-9a-fA-F]*'",),
    space=r"[ \t\n\f\r]++",
    variable=r"\?[0-9]*|[:@$#](?:\w|\$|::)+",
    operator=_SQLITE_OPERATOR,
    folding="caseless",
    canonical=True,
    reserved=reserved_words.SQLITE,
    predicates=frozenset(),
)
"""SQLite's manual, "SQLite Keywords", "Literal Values", and section 8 of "Quirks"."""

POSTGRESQL = Syntax(
    "postgresql",
    quoted=(r'(?<![\w$])[uU]&"(?:[^"]++|"")*+"', _DOUBLE),
    strings=(rf"(?<![\w$])(?:[nN]|[uU]&){_SINGLE}", _SINGLE, _DOLLARS),
    escaped=(rf"(?<![\w$])[eE]{_ESCAPED_SINGLE}",),
    blobs=(rf"(?<![\w$])[bBxX]{_SINGLE}",),
    comments=(r"--[^\n]*+",),
    nested=True,
    variable=r"\$[0-9]+",
    operator=_POSTGRESQL_OPERATOR,
    unclosed=r"""['"].*""",
    canonical=True,
    reserved=reserved_words.POSTGRESQL,
    longest=63,
    constants=frozenset({"USER"}),
)
"""PostgreSQL's manual, "Lexical Structure", with standard_conforming_strings on."""

MYSQL = Syntax(
    "mysql",
    quote=("`", "`"),
    quoted=(_BACKTICKS,),
    strings=(),
    escaped=(rf"(?<![\w$])[nN]{_ESCAPED_SINGLE}", _ESCAPED_SINGLE, _ESCAPED_DOUBLE),
    blobs=(rf"(?<![\w$])[bBxX]{_SINGLE}",),
    comments=(r"--(?=[\s\x00-\x1f]|\Z)[^\n]*+", r"\#[^\n]*+", r"/\*.*?(?:\*/|\Z)"),
    word=_MYSQL_WORD,
    number=_MYSQL_NUMBER,
    folding="caseless",
)
"""MySQL's and MariaDB's manuals, "Language Structure", without ANSI_QUOTES."""

_NATIONAL = rf"(?<![\w$])[nN]{_SINGLE}"

MYSQL_ANSI_QUOTES = replace(
    MYSQL,
    quoted=(_BACKTICKS, _DOUBLE),
    escaped=(rf"(?<![\w$])[nN]{_ESCAPED_SINGLE}", _ESCAPED_SINGLE),
)
"""The sql_mode ANSI_QUOTES, which ORACLE and others bring: double quotes are around names."""

MYSQL_BACKSLASHES = replace(MYSQL, escaped=(), strings=(_NATIONAL, _SINGLE, _DOUBLE))
"""The sql_mode NO_BACKSLASH_ESCAPES: a backslash is a letter."""

MYSQL_ANSI_QUOTES_BACKSLASHES = replace(MYSQL_ANSI_QUOTES, escaped=(), strings=(_NATIONAL, _SINGLE))
"""Both."""

MSSQL = Syntax(
    "mssql",
    quote=("[", "]"),
    quoted=(_DOUBLE, _DOUBLED_BRACKETS),
    strings=(rf"(?<![\w$])[nN]{_SINGLE}", _SINGLE),
    comments=(r"--[^\n]*+",),
    nested=True,
    folding="caseless",
)
"""SQL Server's manual, "Database Identifiers" and "Constants"."""

ORACLE = Syntax("oracle", strings=(rf"(?<![\w$])[nN]{_SINGLE}", _SINGLE), folding="caseless")
"""Oracle's manual, "Basic Elements"; a name in lower case is SQLAlchemy's for an unquoted one."""

GENERIC = Syntax(
    "generic",
    quoted=(_DOUBLE, _BACKTICKS, _BRACKETS_OR_SUBSCRIPT),
    strings=(rf"(?<![\w$])(?:[nN]|[uU]&){_SINGLE}", _SINGLE),
    escaped=(rf"(?<![\w$])[eE]{_ESCAPED_SINGLE}",),
    blobs=(rf"(?<![\w$])[bBxX]{_SINGLE}",),
    folding="either",
)
"""A text that may be for any database: accepts each database's quotes around names."""

_BY_DIALECT = {
    "sqlite": SQLITE,
    "postgresql": POSTGRESQL,
    "cockroachdb": POSTGRESQL,
    "mysql": MYSQL,
    "mariadb": MYSQL,
    "mssql": MSSQL,
    "oracle": ORACLE,
}


def syntax_of(dialects: Iterable[str]) -> Syntax:
    """Return the syntax of a dialect.

    Args:
        dialects: its name, then those of the dialects that it extends.

    >>> syntax_of(["mariadb", "mysql"]).name, syntax_of(["firebird"]).name
    ('mysql', 'generic')
    """
    return next((_BY_DIALECT[name] for name in dialects if name in _BY_DIALECT), GENERIC)
