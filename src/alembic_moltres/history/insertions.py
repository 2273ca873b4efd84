"""The tables into which statements insert rows, themselves and through the triggers they fire."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..sqltext import Syntax, Token, tokens
from .kept_objects import object_of

QUIET = frozenset(
    """SET RESET SHOW PRAGMA LOCK UNLOCK ANALYZE ANALYSE VACUUM REINDEX CLUSTER REFRESH BEGIN START
    COMMIT ROLLBACK SAVEPOINT RELEASE""".split()  # noqa: SIM905
)
"""The first words of statements that change no rows."""

CHANGING = frozenset({"INSERT", "REPLACE", "UPDATE", "DELETE", "TRUNCATE", "WITH", "SELECT", "DO"})
"""The first words of statements that may change rows, and that are read here."""

DEFINING = frozenset({"CREATE", "ALTER", "DROP", "COMMENT", "GRANT", "REVOKE"})
"""The first words of statements that name functions and tables, and call and fire nothing."""

WRITING = frozenset({"INSERT", "REPLACE", "UPDATE", "DELETE", "TRUNCATE", "MERGE", "COPY"})
"""Words of statements that fire triggers."""

ROWLESS = frozenset(
    """coalesce nullif lower upper trim ltrim rtrim concat concat_ws replace substring substr left
    right length char_length now current_timestamp gen_random_uuid uuid_generate_v4 uuid md5 cast
    date_trunc to_char to_timestamp greatest least count exists in and or not as on using values
    case when then else end from join where limit offset""".split()  # noqa: SIM905
)
"""Words before brackets in a query that returns no row, or a count of 0, from an empty table."""

HARMLESS = ROWLESS | frozenset(
    """setval nextval currval lastval max min sum avg set_config any all some over filter by if
    elsif elseif while return returning is distinct between like ilike interval extract date_part
    age regexp_replace regexp_matches regexp_match split_part strpos position format quote_ident
    encode decode digest hmac crypt gen_salt sha256 sha512 abs round floor ceil ceiling mod power
    random array_agg string_agg json_agg jsonb_agg json_build_object jsonb_build_object to_json
    to_jsonb row_to_json array unnest generate_series array_length array_lower array_upper
    array_append array_remove cardinality to_tsvector to_tsquery setweight row_number rank
    dense_rank varchar char numeric decimal select set row lateral materialized with
    timestamp""".split()  # noqa: SIM905
)
"""Words before brackets in statements that insert no rows by what these call."""

UNKNOWN = frozenset({"MERGE", "COPY", "EXECUTE", "EXEC", "CALL", "PREPARE", "CREATE", "IMPORT"})
"""Words of statements that may insert rows into any table."""

ACTIVE = frozenset({"RULE", "EVENT"})
"""Objects that may insert rows when others are changed, and that are not read."""

READ_LANGUAGES = frozenset({"sql", "plpgsql"})


Body = Sequence[Token]


class Insertions:
    """The functions and triggers of scripts, while their statements are read in order.

    Args:
        syntax: of the database.
        is_harmless: tells of a function that no script creates that it inserts no rows.
    """

    def __init__(
        self, syntax: Syntax, is_harmless: Callable[[str], bool] = HARMLESS.__contains__
    ) -> None:
        self._syntax = syntax
        self._is_harmless = is_harmless
        self._functions: dict[str, list[Body | None]] = {}
        self._triggers: list[tuple[str, Body | str | None]] = []

    def note(self, sql: str) -> None:
        """Note a function or a trigger that a statement creates.

        One that is replaced or dropped is kept: the result may have too many tables, never too few.
        """
        kept = object_of(sql, self._syntax)
        if kept.action != "CREATE":
            return
        stream = tokens(sql, self._syntax)
        if kept.kind in {"FUNCTION", "PROCEDURE"}:
            own = self._functions.setdefault(kept.name.rpartition(".")[2], [])
            own += self._bodies(stream)
        elif kept.kind == "TRIGGER":
            table = kept.name.rpartition(" ON ")[2].rpartition(".")[2]
            self._triggers.append((table, _body_of_trigger(stream)))
        elif kept.kind in ACTIVE:
            self._triggers.append(("", None))

    def rename(self, table: str, name: str) -> None:
        """Let a table keep its triggers."""
        own = [body for each, body in self._triggers if each == table.lower()]
        self._triggers += [(name.lower(), body) for body in own]

    def of(self, sql: str) -> set[str] | None:
        """Return the tables into which a statement may insert rows; `None` for any."""
        stream = tokens(sql, self._syntax)
        word = stream[0].upper if stream else "SET"
        if word in QUIET and not (word == "ANALYZE" and _changes(stream)):  # MariaDB's
            return set()
        if word not in CHANGING:
            return None
        if word == "DO":
            return self._fired(_joined(*map(self._inserted, self._bodies(stream))))
        own = self._inserted(stream)
        changes = {"INSERT", "UPDATE", "DELETE"} & {each.upper for each in stream}
        return own if word == "SELECT" and not changes and own == set() else self._fired(own)

    @property
    def by_triggers(self) -> set[str] | None:
        """The tables into which any trigger may insert rows; `None` for any."""
        return _joined(*(self._of_body(body) for _, body in self._triggers))

    def beside(self, sql: str) -> set[str] | None:
        """Return the tables into which the functions and triggers of a statement insert rows.

        Returns:
            `None` for any: one of them is not read.
        """
        stream = tokens(sql, self._syntax)
        known = bool(self._functions or self._triggers)
        if not known or not stream or stream[0].upper in DEFINING:
            return set()
        names, found, writes = set[str](), list[set[str] | None](), False
        pending: list[Body] = [stream]
        triggers, functions = list(self._triggers), dict(self._functions)
        while pending:
            stream = tuple(pending.pop())
            names |= {each.value.lower() for each in stream if each.is_name}
            writes = writes or _changes(stream)
            texts = (each.value for each in stream if each.is_string and " " in each.value)
            pending += [tokens(each, self._syntax) for each in texts]
            for name in names & functions.keys():
                bodies = functions.pop(name)
                found += [self._inserted(each) for each in bodies]
                pending += [each for each in bodies if each is not None]
            for trigger in [each for each in triggers if writes and each[0] in {"", *names}]:
                triggers.remove(trigger)
                body = trigger[1]
                found.append(self._of_body(body))
                pending += [tokens(body, self._syntax)] if isinstance(body, str) else [body or ()]
        return _joined(*found)

    def _of_body(self, body: Body | str | None) -> set[str] | None:
        return self._called(body, frozenset()) if isinstance(body, str) else self._inserted(body)

    def _fired(self, own: set[str] | None) -> set[str] | None:
        return _joined(own, self.by_triggers)

    def _bodies(self, stream: Body) -> list[Body | None]:
        """Return the bodies of a function or a block; `None` for one that is not read."""
        upper = [each.upper for each in stream]
        at = upper.index("LANGUAGE") + 1 if "LANGUAGE" in upper else len(upper)
        if at < len(upper) and stream[at].value.lower() not in READ_LANGUAGES:
            return [None]
        strings = (each.value for each in stream if each.is_string)
        bodies: list[Body | None] = [tokens(each, self._syntax) for each in strings]
        begin = next((n for n, word in enumerate(upper) if word in {"BEGIN", "RETURN"}), None)
        bodies += [] if begin is None else [stream[begin:]]
        return bodies or [None]

    def _inserted(self, stream: Body | None, seen: frozenset[str] = frozenset()) -> set[str] | None:
        """Return the tables into which a statement, or the statements of a body, insert rows."""
        inserted: set[str] = set()
        at = 0
        while stream is not None and at < len(stream):
            word, following = stream[at].upper, [each.upper for each in stream[at + 1 : at + 4]]
            if word in {"INSERT", "REPLACE"} and "INTO" in following:
                name, at = _dotted(stream, at + following.index("INTO") + 2)
                inserted.add(name)
                continue
            called = stream[at].is_name and following[:1] == ["("]
            own = self._called(stream[at].value.lower(), seen) if called else set[str]()
            without_into = word == "INSERT" or (word == "REPLACE" and not called)
            if word in UNKNOWN or without_into or own is None:
                return None
            inserted |= own
            at += 1
        return None if stream is None else inserted

    def _called(self, name: str, seen: frozenset[str]) -> set[str] | None:
        """Return the tables into which a call inserts rows; `None` for any."""
        if name in seen:
            return set()
        if name in self._functions:
            own = self._functions[name]
            return _joined(*(self._inserted(each, seen | {name}) for each in own))
        return set() if self._is_harmless(name) else None


def _changes(stream: Body) -> bool:
    """Tell whether a statement, or one of a body, may fire triggers."""
    return not WRITING.isdisjoint(each.upper for each in stream)


def _body_of_trigger(stream: Body) -> Body | str | None:
    """Return the statements of a trigger, or the name of its function."""
    upper = [each.upper for each in stream]
    for word in ("PROCEDURE", "FUNCTION"):
        if "EXECUTE" in upper and word in upper:
            return _dotted(stream, upper.index(word) + 1)[0].lower()
    starts = (upper.index(word) for word in ("BEGIN", "ROW") if word in upper)
    start = next(starts, None)
    return None if start is None else stream[start + 1 :]


def _dotted(stream: Sequence[Token], at: int) -> tuple[str, int]:
    """Return the last part of a dotted name, and the position after it."""
    while at + 2 < len(stream) and stream[at + 1].upper == ".":
        at += 2
    return (stream[at].value if at < len(stream) else ""), at + 1


def _joined(*sets: set[str] | None) -> set[str] | None:
    """Return all of these tables; `None` if one of the sets is any table."""
    known = [each for each in sets if each is not None]
    return set[str]().union(*known) if len(known) == len(sets) else None
