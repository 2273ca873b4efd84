"""Which of the names in an expression are columns.

An expression is read as operands and the text between them. Where an operand is expected, a name is
a column unless it is called (`lower(`), qualifies another (`users.`), or is the type of a literal
(`date '2020-01-01'`); where one has just ended, a word is an operator, an alias, an operator class
or an order. So a column called `date`, `lower`, `key` or `desc` is distinguished from the type, the
function and the keyword, in quotes or not.
"""

from __future__ import annotations

from collections.abc import Sequence

from .lexer import Token, after_brackets, after_name, after_type, is_time_zone, tokens
from .reserved_words import word_set
from .syntax import Syntax

_PREFIXES = word_set("""
    not case when then else distinct all from select where and or in is on between
""")
"""Before an operand; reserved everywhere, so without quotes never a name."""

_CONSTANTS = word_set("""
    null true false default current_date current_time current_timestamp current_user localtime
    localtimestamp session_user current_role current_catalog current_schema
""")
_OPERATORS = word_set("""
    and or xor in is like ilike glob regexp rlike match between escape then else when where from for
    div mod overlaps by having select union values placing limit check
""")
"""Between two operands; any other word after an operand belongs to it."""

_CASTS = word_set("cast try_cast xmlcast xmlserialize")
_UNIT_FIRST = word_set("timestampdiff timestampadd dateadd datepart datename")
_UNITS = word_set("microsecond second minute hour day week month quarter year")
_ACTIONS = frozenset({"DELETE", "UPDATE", "CONFLICT"})


class Expression:
    """Reads the tokens of an expression once, and notes the columns and the tables."""

    def __init__(self, text: str, syntax: Syntax) -> None:
        self._syntax = syntax
        self._tokens: Sequence[Token] = tokens(text, syntax)
        self._at = 0
        self._due = True  # an operand is expected
        self._calls: list[str] = []
        self.columns: list[Token] = []
        self.tables: list[Token] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.kind == "operator":
                self._operator(token.text)
            elif not token.is_name:
                self._pass(1, due=False)
            elif self._due:
                self._operand(token)
            else:
                self._behind_operand(token.upper)

    def _pass(self, count: int, *, due: bool) -> None:
        self._at += count
        self._due = due

    def _upper(self, ahead: int) -> str:
        at = self._at + ahead
        return self._tokens[at].upper if 0 <= at < len(self._tokens) else ""

    def _is_name(self, ahead: int) -> bool:
        at = self._at + ahead
        return at < len(self._tokens) and self._tokens[at].is_name

    def _operator(self, mark: str) -> None:
        match mark:
            case "(":
                self._calls.append(self._upper(-1))
                self._pass(1, due=True)
            case ")":
                del self._calls[-1:]
                self._pass(1, due=False)
            case "]":
                self._pass(1, due=False)
            case "::":
                self._at = after_type(self._tokens, self._at + 1)
                self._due = False
            case "*" if self._due:  # count(*)
                self._pass(1, due=False)
            case "." if not self._due and self._is_name(1):  # a field: (address).city
                self._at = after_name(self._tokens, self._at + 1)
            case _:
                self._pass(1, due=True)

    def _operand(self, token: Token) -> None:
        behind = after_name(self._tokens, self._at)
        if behind == self._at + 1 and self._is_keyword(token.upper):
            return
        following = self._tokens[behind] if behind < len(self._tokens) else None
        if following is not None and following.upper == "(":
            self._at = behind
            return
        literal = after_type(self._tokens, self._at)
        if literal < len(self._tokens) and self._tokens[literal].is_string:
            self._at = literal
            return
        self.columns.append(self._tokens[behind - 1])
        self._at, self._due = behind, False

    def _is_keyword(self, upper: str) -> bool:
        """Skip a word that is not an operand, or an operand that is not a column."""
        if upper in _CONSTANTS or upper in self._syntax.constants:
            self._pass(1, due=False)
        elif upper in _PREFIXES:
            self._pass(1, due=True)
        elif (upper == "CONSTRAINT" and self._is_name(1)) or (
            upper in {"PRIMARY", "FOREIGN"} and self._upper(1) == "KEY"
        ):
            self._pass(2, due=True)
        elif (upper == "ARRAY" and self._upper(1) == "[") or (
            upper == "INTERVAL" and self._measures()
        ):
            self._pass(1, due=True)
        elif self._is_first_argument(upper):
            self._pass(1, due=upper not in _UNITS)
        else:
            return False
        return True

    def _measures(self) -> bool:
        """Tell whether a number or a name follows INTERVAL, as in MySQL."""
        at = self._at + 1
        if at >= len(self._tokens):
            return False
        following = self._tokens[at]
        is_operand = following.is_name and following.upper not in _OPERATORS | {"NOT", "COLLATE"}
        return following.kind == "number" or (is_operand and self._is_name(2))

    def _is_first_argument(self, upper: str) -> bool:
        """Tell whether it is the unit of EXTRACT or a similar function, or the BOTH of TRIM."""
        if not self._calls or self._upper(-1) != "(":
            return False
        call = self._calls[-1]
        if call == "EXTRACT":
            return self._upper(1) == "FROM"
        if call == "TRIM":
            return upper in {"BOTH", "LEADING", "TRAILING"} and self._upper(1) not in {")", ","}
        return call in _UNIT_FIRST and upper in _UNITS

    def _behind_operand(self, upper: str) -> None:
        match upper:
            case "AS" if self._calls and self._calls[-1] in _CASTS:
                self._pass_type()
            case "AS" | "COLLATE" | "USING" | "RETURNING":
                self._at = after_name(self._tokens, self._at + 1)
            case "REFERENCES" if self._is_name(1):
                self._at = after_name(self._tokens, self._at + 1)
                self.tables.append(self._tokens[self._at - 1])
            case "AT" if is_time_zone(self._tokens, self._at + 1):
                self._pass(3, due=True)
            case "WITH" | "WITHOUT" if is_time_zone(self._tokens, self._at + 1):
                self._pass(3, due=False)
            case "WITH" | "OPERATOR" if self._upper(1) == "(":
                self._at = after_brackets(self._tokens, self._at + 1)
                self._due = upper == "OPERATOR"
            case "IS":
                self._pass(2 if self._upper(1) == "NOT" else 1, due=True)
                if self._upper(0) in self._syntax.predicates:
                    self._pass(1, due=False)
            case "ON" if self._upper(1) in _ACTIONS:
                self._pass(3, due=False)
            case "ON":
                self._pass(1, due=True)
            case "TO" if self._upper(-1) == "SIMILAR":
                self._pass(1, due=True)
            case "MATCH" if self.tables:
                self._pass(2, due=False)
            case _:
                self._pass(1, due=upper in _OPERATORS)

    def _pass_type(self) -> None:
        """Go on at the bracket that closes the CAST."""
        self._at += 1
        while self._at < len(self._tokens) and self._upper(0) != ")":
            is_open = self._upper(0) in {"(", "["}
            self._at = after_brackets(self._tokens, self._at) if is_open else self._at + 1
