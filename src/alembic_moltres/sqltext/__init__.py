"""SQL text as tokens: the only lexer of SQL in the package.

- `syntax`: how a database quotes and folds; one `Syntax` value each
- `reserved_words`: the words that need quotes as a name
- `lexer`: a text as tokens; no text raises an error
- `cursor`: a position in these tokens, for parsers of statements
- `brackets`: brackets and separators outside of quotes
- `expression`: which of the names in an expression are columns
- `normal_form`: the forms in which expressions are compared
- `names`: renaming those, and names without their quotes and their table

Not here: the grammar of statements, which is in `dialects`. Pure: no SQLAlchemy, no connection.
"""

from __future__ import annotations

from .brackets import in_parentheses, marks, split, strip_parentheses
from .cursor import Cursor
from .lexer import (
    Token,
    after_brackets,
    after_name,
    after_type,
    comments,
    literal_value,
    tokens,
    without_casts,
)
from .names import columns, is_name, mentioned, rename_columns, unqualified, unquoted
from .normal_form import loose_form, normal_form
from .syntax import (
    GENERIC,
    MSSQL,
    MYSQL,
    MYSQL_ANSI_QUOTES,
    MYSQL_ANSI_QUOTES_BACKSLASHES,
    MYSQL_BACKSLASHES,
    ORACLE,
    POSTGRESQL,
    SQLITE,
    Syntax,
    syntax_of,
)

__all__ = [
    "GENERIC",
    "MSSQL",
    "MYSQL",
    "MYSQL_ANSI_QUOTES",
    "MYSQL_ANSI_QUOTES_BACKSLASHES",
    "MYSQL_BACKSLASHES",
    "ORACLE",
    "POSTGRESQL",
    "SQLITE",
    "Cursor",
    "Syntax",
    "Token",
    "after_brackets",
    "after_name",
    "after_type",
    "columns",
    "comments",
    "in_parentheses",
    "is_name",
    "literal_value",
    "loose_form",
    "marks",
    "mentioned",
    "normal_form",
    "rename_columns",
    "split",
    "strip_parentheses",
    "syntax_of",
    "tokens",
    "unqualified",
    "unquoted",
    "without_casts",
]
