"""SQL text as tokens: what each database quotes, which names are columns, and that nothing raises."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from alembic_moltres.errors import ReflectError
from alembic_moltres.sqltext import (
    GENERIC,
    MSSQL,
    MYSQL,
    ORACLE,
    POSTGRESQL,
    SQLITE,
    Syntax,
    columns,
    comments,
    in_parentheses,
    is_name,
    marks,
    mentioned,
    rename_columns,
    split,
    strip_parentheses,
    syntax_of,
    tokens,
    unqualified,
    unquoted,
    without_casts,
)
from alembic_moltres.sqltext.cursor import Cursor

SYNTAXES = (SQLITE, POSTGRESQL, MYSQL, MSSQL, ORACLE, GENERIC)
BY_NAME = {syntax.name: syntax for syntax in SYNTAXES}


def kinds(text: str, syntax: Syntax) -> list[tuple[str, str]]:
    return [(token.kind, token.value) for token in tokens(text, syntax)]


@pytest.mark.parametrize(
    ("syntax", "text", "expected"),
    [
        pytest.param("postgresql", "'it''s'", [("string", "it's")], id="doubled-quote"),
        pytest.param("postgresql", r"'\'", [("string", "\\")], id="backslash-is-itself"),
        pytest.param(
            "postgresql",
            r"E'\'\n\x41\u0042\103\U00000044\q\\'",
            [("escaped", "'\nABCDq\\")],
            id="escape-string",
        ),
        pytest.param(
            "postgresql", r"e'\UFFFFFFFF'", [("escaped", r"\UFFFFFFFF")], id="no-character"
        ),
        pytest.param(
            "postgresql",
            r"""U&'d\0061t\+000061\\' u&"\0061" """,
            [("string", "data\\"), ("quoted", "a")],
            id="unicode-escapes",
        ),
        pytest.param(
            "postgresql",
            "$$a 'b'$$ $x$c $$ d$x$ $1",
            [("string", "a 'b'"), ("string", "c $$ d"), ("variable", "$1")],
            id="dollar-quotes",
        ),
        pytest.param("postgresql", "a$b$c$b$", [("word", "a$b$c$b$")], id="dollars-in-a-name"),
        pytest.param("postgresql", "$x$a", [("other", "$"), ("word", "x$a")], id="open-dollars"),
        pytest.param(
            "postgresql",
            "N'a' B'1' x'F'",
            [("string", "a"), ("blob", "B'1'"), ("blob", "x'F'")],
            id="prefixes",
        ),
        pytest.param("postgresql", '"a""b"', [("quoted", 'a"b')], id="quoted-name"),
        pytest.param(
            "postgresql",
            "a /* b /* c */ d */ e -- f",
            [("word", "a"), ("word", "e")],
            id="nested-comments",
        ),
        pytest.param("postgresql", "a /* b /* c */ d", [("word", "a")], id="open-nested-comment"),
        pytest.param("sqlite", "a /* b /* c */ d", [("word", "a"), ("word", "d")], id="not-nested"),
        pytest.param("sqlite", "a /* b", [("word", "a")], id="open-comment"),
        pytest.param(
            "sqlite",
            "\"a\" `b``c` [d e] x'0F' ?1 :x",
            [
                ("quoted", "a"),
                ("quoted", "b`c"),
                ("quoted", "d e"),
                ("blob", "x'0F'"),
                ("variable", "?1"),
                ("variable", ":x"),
            ],
            id="sqlite",
        ),
        pytest.param(
            "mysql",
            r"""`a``b` "it\"s" 'it\'s\Z\%' n'a' 1a 1e5""",
            [
                ("quoted", "a`b"),
                ("escaped", 'it"s'),
                ("escaped", "it's\x1a\\%"),
                ("escaped", "a"),
                ("word", "1a"),
                ("number", "1e5"),
            ],
            id="mysql",
        ),
        pytest.param(
            "mysql",
            "a--1 # b\n-- c\n+ d",
            [
                ("word", "a"),
                ("operator", "-"),
                ("operator", "-"),
                ("number", "1"),
                ("operator", "+"),
                ("word", "d"),
            ],
            id="mysql-comments",
        ),
        pytest.param(
            "mssql",
            "[a]]b] N'x' @v /* /* */ */ \"c\"",
            [("quoted", "a]b"), ("string", "x"), ("variable", "@v"), ("quoted", "c")],
            id="mssql",
        ),
        pytest.param(
            "generic",
            "[a b] `c` tags[1]",
            [
                ("quoted", "a b"),
                ("quoted", "c"),
                ("word", "tags"),
                ("operator", "["),
                ("number", "1"),
                ("operator", "]"),
            ],
            id="generic",
        ),
        pytest.param("oracle", "a 'b", [("word", "a"), ("open", "b")], id="open-string"),
        pytest.param("mysql", "'a\\'", [("open", "a\\'")], id="open-after-a-backslash"),
        pytest.param("sqlite", "'it''", [("open", "it'")], id="open-after-a-doubled-quote"),
    ],
)
def test_tokens_are_what_the_database_reads(
    syntax: str, text: str, expected: list[tuple[str, str]]
) -> None:
    assert expected == kinds(text, BY_NAME[syntax])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a=-1", ["a", "=", "-", "1"], id="sign"),
        pytest.param("a@>-b", ["a", "@>-", "b"], id="own-operator"),
        pytest.param("a->>'b'#>>c", ["a", "->>", "'b'", "#>>", "c"], id="json"),
        pytest.param("a<->b!~~*c", ["a", "<->", "b", "!~~*", "c"], id="distance-and-like"),
        pytest.param("a=/*b*/c||--d", ["a", "=", "c", "||"], id="comment-behind-operator"),
        pytest.param(
            "a::b:=c[1:2]", ["a", "::", "b", ":=", "c", "[", "1", ":", "2", "]"], id="cast"
        ),
    ],
)
def test_an_operator_ends_where_postgresql_ends_it(text: str, expected: list[str]) -> None:
    assert expected == [token.text for token in tokens(text, POSTGRESQL)]


@pytest.mark.parametrize(
    ("syntax", "text", "expected"),
    [
        pytest.param("postgresql", "CAST(created AS date) <> date", "created date", id="cast"),
        pytest.param("postgresql", "created::date <> date", "created date", id="double-colon"),
        pytest.param(
            "postgresql", "a::timestamp with time zone > time", "a time", id="with-time-zone"
        ),
        pytest.param(
            "postgresql", "a::character varying(9)[] = b::numeric(10,2)", "a b", id="type-arguments"
        ),
        pytest.param("postgresql", "a::public.mood <> mood", "a mood", id="qualified-type"),
        pytest.param("postgresql", "lower(lower) > upper", "lower upper", id="call"),
        pytest.param("postgresql", "pg_catalog.lower(a)", "a", id="qualified-call"),
        pytest.param("postgresql", "s.t.a > t.b", "a b", id="qualified"),
        pytest.param("postgresql", "(home).city = city", "home city", id="field"),
        pytest.param("postgresql", "(home).f(a)", "home a", id="field-call"),
        pytest.param("postgresql", "a + interval '1 day' > day", "a day", id="interval"),
        pytest.param("postgresql", "date '2020-01-01' < date", "date", id="date-literal"),
        pytest.param(
            "postgresql", "timestamp with time zone '2020' < timestamp", "timestamp", id="words"
        ),
        pytest.param("postgresql", "extract(year FROM ts) > year", "ts year", id="extract"),
        pytest.param("postgresql", "extract('year' FROM ts)", "ts", id="extract-string"),
        pytest.param("postgresql", "trim(both from a) || trim(both)", "a both", id="trim"),
        pytest.param("postgresql", "trim(leading 'x' from a)", "a", id="trim-characters"),
        pytest.param("postgresql", "a AT TIME ZONE zone > time", "a zone time", id="at-time-zone"),
        pytest.param("postgresql", "a IS NOT DISTINCT FROM b", "a b", id="distinct-from"),
        pytest.param("postgresql", "a IS NOT NULL AND b IS UNKNOWN OR c", "a b c", id="is"),
        pytest.param("sqlite", "a IS unknown", "a unknown", id="is-a-column"),
        pytest.param("postgresql", "tags[place] = ARRAY[a, 'b']", "tags place a", id="subscript"),
        pytest.param("postgresql", "array > 1", "array", id="array-alone"),
        pytest.param(
            "postgresql", 'a COLLATE "C" < b COLLATE pg_catalog."default"', "a b", id="collate"
        ),
        pytest.param("postgresql", "a text_pattern_ops DESC NULLS LAST", "a", id="operator-class"),
        pytest.param("postgresql", "a OPERATOR(pg_catalog.=) b", "a b", id="operator-call"),
        pytest.param("postgresql", "room WITH =, f(a, b) WITH &&", "room a b", id="exclude"),
        pytest.param("postgresql", "(a) WITH (fillfactor='70') WHERE b", "a b", id="storage"),
        pytest.param("postgresql", "a SIMILAR TO b", "a b", id="similar-to"),
        pytest.param("postgresql", "a::interval year to month", "a", id="interval-fields"),
        pytest.param("postgresql", "substring(a FROM 1 FOR n)", "a n", id="from-for"),
        pytest.param("postgresql", 'user = "user"', "user", id="constant"),
        pytest.param("postgresql", "count(*) * a > 2 * b", "a b", id="star"),
        pytest.param(
            "postgresql", 'CASE a WHEN b THEN c ELSE d END = "end"', "a b c d end", id="case"
        ),
        pytest.param(
            "sqlite", "desc > 1 AND end < 2 AND key IN (a)", "desc end key a", id="fallback"
        ),
        pytest.param("sqlite", "a NOTNULL AND b NOT LIKE c ESCAPE '!'", "a b c", id="postfix"),
        pytest.param("sqlite", '[a b] > `c` || "d" -- e', "a b|c|d", id="quotes"),
        pytest.param(
            "sqlite",
            "CONSTRAINT fk FOREIGN KEY (key) REFERENCES t (b) ON DELETE NO ACTION MATCH FULL",
            "key b",
            id="foreign-key",
        ),
        pytest.param("sqlite", "PRIMARY KEY (a) ON CONFLICT ROLLBACK", "a", id="primary-key"),
        pytest.param("sqlite", "a MATCH b", "a b", id="match"),
        pytest.param("sqlite", "b INT GENERATED ALWAYS AS (a + 1) STORED", "b a", id="generated"),
        pytest.param("sqlite", "SELECT a AS b FROM c JOIN d ON e", "a c e", id="select"),
        pytest.param("mysql", "a + INTERVAL n DAY > INTERVAL 1 HOUR + b", "a n b", id="measured"),
        pytest.param(
            "generic",
            "interval > 1 AND interval AND interval NOT IN (1)",
            "interval interval interval",
            id="interval-column",
        ),
        pytest.param("generic", "interval", "interval", id="interval-last"),
        pytest.param("mysql", "_utf8mb4'x' <> \"y\" + a", "a", id="introducer"),
        pytest.param("mysql", "timestampdiff(YEAR, year, b)", "year b", id="unit"),
        pytest.param("mysql", "CONVERT(a USING utf8mb4)", "a", id="using"),
        pytest.param(
            "mysql", "CAST(a AS CHAR(10) CHARACTER SET utf8mb4) > b", "a b", id="cast-words"
        ),
        pytest.param("mysql", "CAST(a AS", "a", id="cut"),
        pytest.param("sqlite", "a REFERENCES", "a", id="no-table"),
        pytest.param("postgresql", "a time with time zone, b", "a b", id="definition"),
    ],
)
def test_columns_are_told_from_other_names(syntax: str, text: str, expected: str) -> None:
    separator = "|" if "|" in expected else None
    found = [token.value for token in columns(text, BY_NAME[syntax])]
    assert expected.split(separator) == found


@pytest.mark.parametrize(
    ("syntax", "text", "names", "expected"),
    [
        pytest.param(
            "postgresql",
            "CAST(created AS date) <> date",
            {"date": "day"},
            "CAST(created AS date) <> day",
            id="cast-target",
        ),
        pytest.param(
            "postgresql",
            "lower(txt) <> lower",
            {"lower": "low"},
            "lower(txt) <> low",
            id="call",
        ),
        pytest.param("postgresql", "a > b", {"a": "b", "b": "a"}, "b > a", id="exchanged"),
        pytest.param("postgresql", "A > 'a'", {"a": "b"}, "b > 'a'", id="folded"),
        pytest.param("postgresql", '"A" > a', {"A": "b"}, "b > a", id="quotes-not-needed-any-more"),
        pytest.param("postgresql", '"a" > a', {"a": "b"}, '"b" > b', id="quotes-kept"),
        pytest.param("postgresql", "a > 1", {"a": "order"}, '"order" > 1', id="keyword"),
        pytest.param("postgresql", "a > 1", {"a": 'x "y"'}, '"x ""y""" > 1', id="quotes-needed"),
        pytest.param("postgresql", "A > 1", {"A": "b"}, "A > 1", id="another-column"),
        pytest.param("postgresql", r'U&"\0061" > 1', {"a": "b"}, '"b" > 1', id="unicode-name"),
        pytest.param("sqlite", "[A b] > 1", {"a B": "c]"}, '"c]" > 1', id="caseless"),
        pytest.param("sqlite", "`a` > 1", {"A": "b`c"}, "`b``c` > 1", id="backticks"),
        pytest.param("mysql", "`a` > 1", {"a": "order"}, "`order` > 1", id="mysql-keeps-quotes"),
        pytest.param("mysql", "a > 1", {"a": "order"}, "`order` > 1", id="mysql-keyword"),
        pytest.param(
            "mysql", r"a <> 'it\'s a' AND a > 0", {"a": "b"}, r"b <> 'it\'s a' AND b > 0",
            id="mysql-escapes",
        ),
        pytest.param("mssql", "[a] > a", {"a": "b]"}, "[b]]] > [b]]]", id="brackets"),
        pytest.param("generic", "Mail > mail", {"Mail": "x"}, "x > mail", id="as-it-is"),
        pytest.param("generic", "Mail > mail", {"mail": "x"}, "x > x", id="either"),
        pytest.param("generic", 'a > "a" OR [a] > `a`', {"a": "b"}, 'b > "b" OR [b] > `b`', id="any-quotes"),
    ],
)  # fmt: skip
def test_only_columns_are_renamed(
    syntax: str, text: str, names: dict[str, str], expected: str
) -> None:
    assert expected == rename_columns(text, names, BY_NAME[syntax])


def test_a_table_is_renamed_behind_references() -> None:
    renamed = rename_columns(
        "FOREIGN KEY (t) REFERENCES s.t (id)", {"t": "a"}, SQLITE, tables={"t": "people"}
    )
    assert renamed == "FOREIGN KEY (a) REFERENCES s.people (id)"


@pytest.mark.parametrize(
    ("syntax", "text", "expected"),
    [
        pytest.param("postgresql", "users.a > Users.b", "a > b", id="folded"),
        pytest.param("postgresql", '"users".a > "Users".b', 'a > "Users".b', id="quoted"),
        pytest.param(
            "postgresql", "s.users.a > 'users.b'", "s.users.a > 'users.b'", id="elsewhere"
        ),
        pytest.param("mysql", "`USERS`.`a` > 1", "`a` > 1", id="caseless"),
        pytest.param("generic", "users.a > users", "a > users", id="no-column"),
    ],
)
def test_the_own_table_is_left_out(syntax: str, text: str, expected: str) -> None:
    assert expected == unqualified(text, "users", BY_NAME[syntax])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a, f(b, c), ', ', \"d, e\"", ["a", "f(b, c)", "', '", '"d, e"'], id="quotes"),
        pytest.param("a /* , /* , */ , */, b", ["a /* , /* , */ , */", "b"], id="comments"),
        pytest.param("ARRAY[a, b], c", ["ARRAY[a, b]", "c"], id="brackets"),
        pytest.param("a), b", ["a)", "b"], id="closed-too-often"),
        pytest.param("a, (b, c", ["a", "(b, c"], id="not-closed"),
        pytest.param("a, /* b, c", ["a", "/* b, c"], id="open-comment"),
        pytest.param("", [""], id="empty"),
    ],
)
def test_a_list_is_parted_outside_of_quotes_and_brackets(text: str, expected: list[str]) -> None:
    assert expected == split(text, ", ", POSTGRESQL)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("((a > 0))", "a > 0", id="twice"),
        pytest.param("(a) > (b)", "(a) > (b)", id="two"),
        pytest.param("( ( a ) )", "a", id="space"),
        pytest.param("(')' <> a)", "')' <> a", id="string"),
        pytest.param("(a", "(a", id="not-closed"),
    ],
)
def test_only_parentheses_around_the_whole_are_taken_off(text: str, expected: str) -> None:
    assert expected == strip_parentheses(text, POSTGRESQL)


def test_the_first_parentheses_are_found() -> None:
    assert in_parentheses('"a(" [b] (c[1], (d)) e', SQLITE) == ("c[1], (d)", " e")
    assert in_parentheses(") a[(1)] (b) c", POSTGRESQL) == ("b", " c")
    assert in_parentheses("a (b", SQLITE) is None


def test_casts_are_left_out() -> None:
    found = without_casts(tokens("(a)::text[] = b::x.y(1) || c::", POSTGRESQL))
    assert [token.text for token in found] == ["(", "a", ")", "=", "b", "||", "c"]
    found = without_casts(tokens("cast(f(cast(a AS text) || b) as numeric(9, 2)) AS c", POSTGRESQL))
    assert "( f ( ( a ) || b ) ) AS c" == " ".join(token.text for token in found)


def test_a_cursor_reads_what_the_grammar_says() -> None:
    text = "PRIMARY KEY (a, f(b)) [c, (d)] ON x, rest"
    cursor = Cursor(text, tokens(text, SQLITE))
    assert (cursor.peek(), cursor.peek(1), cursor.peek(99)) == ("PRIMARY", "KEY", "")
    cursor.need("PRIMARY", "KEY")
    assert (cursor.accept("UNIQUE"), cursor.brackets()) == (False, "a, f(b)")
    assert (cursor.until("ON"), cursor.until(","), cursor.next().value) == ("[c, (d)]", "ON x", ",")
    assert (cursor.rest(), cursor.until(","), cursor.done) == ("rest", "rest", True)
    assert cursor.text(3, 3) == ""


def test_a_cursor_says_what_it_cannot_read() -> None:
    cursor = Cursor("a b", tokens("a b", SQLITE))
    with pytest.raises(ReflectError, match=r"CHECK is expected at 'a b' \(in 'a b'\)"):
        cursor.need("CHECK")
    cursor.skip()
    with pytest.raises(ReflectError, match="more is expected at the end"):
        cursor.next()


def test_a_bracket_that_is_not_closed_ends_with_the_text() -> None:
    found = without_casts(tokens("a::numeric(9", POSTGRESQL))
    assert [token.text for token in found] == ["a"]


def test_names_lose_their_quotes() -> None:
    assert is_name('"a b"', POSTGRESQL)
    assert is_name("a", POSTGRESQL)
    assert not is_name("a b", POSTGRESQL)
    assert not is_name(" a", POSTGRESQL)
    assert unquoted("[a b]", SQLITE) == "a b"
    assert unquoted("a + b", SQLITE) == "a + b"
    assert mentioned('a + "B" > `C`', SQLITE) == {"a", "b", "c"}
    assert mentioned('A + "B"', POSTGRESQL) == {"a", "B"}


def test_the_syntax_is_the_first_known_dialects() -> None:
    assert syntax_of(["timescale", "postgresql"]) is POSTGRESQL
    assert syntax_of(["firebird"]) is GENERIC


PIECES = st.sampled_from(
    [
        "'",
        "''",
        '"',
        "`",
        "[",
        "]",
        "(",
        ")",
        ",",
        ".",
        "::",
        "$",
        "$$",
        "$x$",
        "--",
        "/*",
        "*/",
        "#",
        "\\",
        "\\'",
        "E'",
        "N'",
        'U&"',
        "x'",
        "a",
        "B",
        "date",
        "lower",
        "DATE",
        "CAST",
        "AS\n",
        "",
        "",
        "",
        "mail",
        '"mail"',
        "`mail`",
        "'mail'",
        "[mail]",
        "t.mail",
        "REFERENCES",
        "INTERVAL",
        "IS",
        "NOT",
        "NULL",
        "TIME",
        "ZONE",
        "AT",
        "WITH",
        "1",
        "1e5\n",
        "",
        "",
        "",
        "=",
        "-",
        "<>",
        "@>",
        "?",
        ":x",
        "@y",
        "COLLATE",
        "EXTRACT(",
        "TRIM(",
        "ON",
        "DELETE",
        "MATCH",
        "é",
        "\x85",
        "\u2028",
        "\x1c",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(st.one_of(PIECES, st.just(" "), st.just("\n"))).map("".join))
IN_SYNTAX = st.sampled_from(SYNTAXES)
SPACE = re.compile(r"[ \t\n\v\f\r]*")


@given(TEXTS, IN_SYNTAX)
@example("a /* b /* c */", POSTGRESQL)
@example("a /* b */", POSTGRESQL)
@example("a /* b */ c", POSTGRESQL)
@example("'\\", MYSQL)
def test_tokens_and_space_are_the_whole_text(text: str, syntax: Syntax) -> None:
    found = sorted([*tokens(text, syntax), *comments(text, syntax)], key=lambda token: token.start)
    at = 0
    for token in found:
        assert text[token.start : token.end] == token.text != ""
        assert SPACE.fullmatch(text[at : token.start])
        at = token.end
    assert SPACE.fullmatch(text[at:])


@given(TEXTS, IN_SYNTAX)
def test_nothing_raises_and_columns_are_names_of_the_text(text: str, syntax: Syntax) -> None:
    assert all(token.is_name for token in columns(text, syntax))
    assert all(isinstance(token.value, str) for token in tokens(text, syntax))
    assert ", ".join(split(text, ", ", syntax)) == text
    assert strip_parentheses(text, syntax) in text
    assert unqualified(text, "mail", syntax) is not None
    without_casts(tokens(text, syntax))
    in_parentheses(text, syntax)


@given(TEXTS, IN_SYNTAX)
def test_brackets_and_separators_are_those_among_the_tokens(text: str, syntax: Syntax) -> None:
    among = [(t.text, t.start) for t in tokens(text, syntax) if t.text in set("()[],")]
    assert among == marks(text, ",", syntax)


@given(TEXTS, IN_SYNTAX)
def test_a_rename_to_itself_changes_nothing(text: str, syntax: Syntax) -> None:
    names = {token.value: token.value for token in tokens(text, syntax)}
    assert text == rename_columns(text, names, syntax)


@given(TEXTS, IN_SYNTAX)
def test_strings_comments_and_what_is_no_column_never_change(text: str, syntax: Syntax) -> None:
    renamed = rename_columns(text, {"mail": "fresh_1", "date": "a b", "lower": "x"}, syntax)
    positions = {token.start for token in columns(text, syntax)}
    before = [t.text for t in tokens(text, syntax) if t.start not in positions]
    positions = {token.start for token in columns(renamed, syntax)}
    after = [t.text for t in tokens(renamed, syntax) if t.start not in positions]
    assert before == after
    assert [t.text for t in comments(text, syntax)] == [t.text for t in comments(renamed, syntax)]


@given(TEXTS, IN_SYNTAX)
def test_a_rename_there_and_back_changes_nothing(text: str, syntax: Syntax) -> None:
    # what is folded comes back in lower case
    assume(not any(token.value == "DATE" for token in tokens(text, syntax)))
    there = rename_columns(text, {"mail": "fresh_1", "date": "fresh_2"}, syntax)
    assert rename_columns(there, {"fresh_1": "mail", "fresh_2": "date"}, syntax) == text


@given(st.text(), IN_SYNTAX)
def test_what_is_quoted_is_read_again(name: str, syntax: Syntax) -> None:
    [literal] = tokens(syntax.literal(name), syntax)
    assert literal.is_string
    assert literal.value == name
    [quoted] = tokens(syntax.quoted_name(name), syntax)
    assert (quoted.kind, quoted.value) == ("quoted", name)
    if name:
        [written] = tokens(syntax.written_name(name), syntax)
        assert written.is_name
        assert written.value == name
