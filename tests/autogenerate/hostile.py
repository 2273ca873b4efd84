"""Text that nobody should trust, and changes of tables that are full of it."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from alembic_moltres.diff import (
    AddColumn,
    AddConstraint,
    AddForeignKeys,
    AlterColumn,
    AlterEnum,
    AlterSequence,
    AlterTable,
    Change,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropTable,
    RenameColumn,
    RenameTable,
    SetComment,
    SetOptions,
)
from alembic_moltres.schema import (
    Constraint,
    Index,
    TableSchema,
    check,
    column,
    computed,
    conv,
    ddl,
    foreign_key,
    index,
    primary_key,
    quoted_name,
    sequence,
    sql,
    unique,
)

ATTACK = 'x\n    pass\n\x0copen("p","w")\n\x0cdef f():#'
"""Ends a comment; to Python, a form feed begins the line's indentation anew."""

LINE_BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
INVISIBLE = "\0\t\x1b\x7f\xa0\u200b\u202e\u2066\ufeff\ud800\udfff\U000e0001"
READ_OTHERWISE = (
    "\ufb01\uff4f\uff50\u0130\u0149\u1e9e\u0390\u212a"  # NFKC or case makes others of them
)

texts = st.one_of(
    st.text(
        [*LINE_BREAKS, *INVISIBLE, *READ_OTHERWISE, *"ab1 _'\"\\#:;(){}%$,=-"],
        min_size=1,
        max_size=9,
    ),
    st.text(st.characters(exclude_categories=()), min_size=1, max_size=5),
    st.sampled_from(
        [
            *(
                ATTACK,
                '"""\nopen("p")\n"""',
                "'''",
                "\\",
                "\\\n",
                "# -*- coding: utf-7 -*-",
                "${open('p')}",
            ),
            *(
                "%(x)s",
                "<%\nopen('p')\n%>",
                "a:",
                "a: # b",
                "\\N{BEL}",
                "\\x41",
                "{open('p')}",
                "\r#",
                "\n#",
            ),
            *(
                "elsewhere",
                "exceptions",
                "formats",
                "with_it",
                "try",
                "classes",
                "definitions",
                "If",
            ),
            *(
                "op",
                "\uff4f\uff50",
                "upgrade",
                "__debug__",
                "None",
                "column",
                "sa",
                "TableSchema",
                "_",
                "\u65e5\u672c",
            ),
        ]
    ),
).filter(str.strip)
names = st.one_of(texts, st.builds(quoted_name, texts, st.booleans()))
maybe = st.one_of(st.none(), texts)
expressions = st.builds(lambda text, other: sql(text, mysql=other, **{other: text}), texts, texts)
defaults = st.one_of(st.none(), texts, expressions)


def _literal(text: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return text.map(repr)


labels = st.lists(_literal(texts), min_size=1, max_size=3, unique=True).map(",".join)
enums = st.builds("ENUM({},name={})".format, labels, _literal(texts))
types = st.one_of(
    st.sampled_from(["INTEGER", "TIMESTAMP(timezone=True)"]),
    st.builds("VARCHAR(5,collation={})".format, _literal(texts)),
    st.builds("CUSTOM({})".format, _literal(texts)),
    st.builds(
        "postgresql.DOMAIN(INTEGER,name={},check={})".format, _literal(texts), _literal(texts)
    ),
    enums,
)


def columns(name: str) -> st.SearchStrategy[Any]:
    filled: st.SearchStrategy[dict[str, Any]] = st.one_of(
        st.fixed_dictionaries({"default": defaults}),
        st.fixed_dictionaries({"computed": st.builds(computed, expressions)}),
        st.fixed_dictionaries({"sequence": sequences}),
    )
    return st.builds(
        lambda type_, nullable, comment, variants, filling: column(
            name, type_, nullable, comment=comment, type_variants=variants, **filling
        ),
        types,
        st.booleans(),
        maybe,
        st.dictionaries(st.sampled_from(["postgresql", "mysql"]), types, max_size=1),
        filled,
    )


sequences = st.builds(sequence, names, schema=maybe, start=st.sampled_from([None, 5]))


@st.composite
def constraints(draw: st.DrawFn, own: list[str]) -> Constraint:
    name = draw(st.one_of(maybe, texts.map(conv)))
    inside = draw(st.lists(st.sampled_from(own), min_size=1, max_size=2, unique=True))
    return draw(
        st.one_of(
            st.just(unique(inside, name=name, comment=draw(maybe))),
            st.builds(check, expressions, name=st.just(name)),
            st.builds(
                lambda table, schema, later: foreign_key(
                    inside[:1], table, "id", name=name, references_schema=schema, use_alter=later
                ),
                texts.map("another table, {}".format),
                maybe,
                st.booleans(),
            ),
        )
    )


@st.composite
def indexes(draw: st.DrawFn, own: list[str]) -> Index:
    parts = draw(st.lists(st.one_of(st.sampled_from(own), expressions), min_size=1, max_size=2))
    options = st.fixed_dictionaries({"postgresql_where": expressions, "mysql_prefix": texts})
    return index(draw(names), parts, dialect_options=draw(options))


@st.composite
def tables(draw: st.DrawFn) -> TableSchema:
    own = [str(name) for name in draw(st.lists(names, min_size=1, max_size=3, unique_by=str))]
    return TableSchema(
        draw(names),
        [draw(columns(name)) for name in own],
        constraints=[
            primary_key(own[0], name=draw(maybe)),
            *draw(st.lists(constraints(own), max_size=2)),
        ],
        indexes=draw(st.lists(indexes(own), max_size=1)),
        schema=draw(maybe),
        comment=draw(maybe),
        dialect_options={"mysql_engine": draw(texts), "postgresql_inherits": [draw(texts)]},
        ddl=[ddl("after_create", draw(texts).replace("%", "%%"))],
    )


@st.composite
def blocks(draw: st.DrawFn) -> AlterTable:
    """Draw what happens to a table; each kind of change may stand there twice."""
    old, new, other = draw(st.lists(texts, min_size=3, max_size=3, unique=True))
    options = st.dictionaries(st.sampled_from(["mysql_engine", "mysql_charset"]), texts, max_size=2)
    inside: list[st.SearchStrategy[Change]] = [
        st.builds(AddColumn, columns(new)),
        st.builds(DropColumn, columns(old)),
        st.builds(RenameColumn, st.just(old), st.just(new)),
        st.builds(AlterColumn, columns(other), columns(other)),
        st.builds(AddConstraint, constraints([new, other])),
        st.builds(AddConstraint, constraints([old])).map(lambda change: change.reverse()),
        st.builds(CreateIndex, indexes([new])),
        st.builds(CreateIndex, indexes([other])).map(lambda change: change.reverse()),
        st.builds(SetComment, maybe, maybe),
        st.builds(SetOptions, options, options),
    ]
    changes = draw(st.lists(st.one_of(inside), min_size=1, max_size=4))
    return AlterTable(draw(names), draw(maybe), tuple(changes))


@st.composite
def altered_enums(draw: st.DrawFn) -> AlterEnum:
    name = draw(_literal(texts))
    current, desired = (f"ENUM({draw(labels)},name={name})" for _ in range(2))
    return AlterEnum(current, desired)


changes: st.SearchStrategy[list[Change]] = st.lists(
    st.one_of(
        st.builds(CreateTable, tables()),
        st.builds(DropTable, tables()),
        st.builds(AddForeignKeys, tables()),
        blocks(),
        blocks(),
        st.builds(RenameTable, names, names, maybe),
        altered_enums(),
        st.builds(AlterSequence, sequences, sequences),
    ),
    min_size=1,
    max_size=4,
)
"""What may stand in a script."""
