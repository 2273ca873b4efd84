"""Domains, and the types and sequences of a MetaData that no column uses."""

from __future__ import annotations

from dataclasses import replace

from .case import POSTGRESQL, SERVERS, Case, changed, column, enum, t

ALONE = (POSTGRESQL,)
OWN = ", metadata=metadata"


def domain(definition: str = "", type_: str = "sa.Integer", *, more: str = "") -> str:
    """Return the source of a domain."""
    stated = f", {definition}" if definition else ""
    return f"pg.DOMAIN('pages', {type_}{stated}{more})"


def _defined(name: str, before: str, after: str, *more: str, type_: str = "sa.Integer") -> Case:
    """Return a change of the domain of the column `a`, up and down."""
    types = [column(domain(each, type_)) for each in (before, after)]
    return changed(name, types[0], types[1], 5, *more, on=ALONE)


POSITIVE, MORE = domain("check=sa.text('VALUE > 0')"), domain("check=sa.text('VALUE > 1')")

DOMAINS: tuple[Case, ...] = (
    _defined("domain gets a check", "", "check=sa.text('VALUE > 0')"),
    _defined("domain loses a check", "check=sa.text('VALUE > 0')", ""),
    _defined("domain, another check", "check=sa.text('VALUE > 0')", "check=sa.text('VALUE < 9')"),
    _defined(
        "domain, another check of another name",
        "check=sa.text('VALUE > 0'), constraint_name='positive'",
        "check=sa.text('VALUE < 9'), constraint_name='small'",
    ),
    _defined("domain gets a default", "", "default=sa.text('3')"),
    _defined("domain, another default", "default=sa.text('3')", "default=sa.text('4')"),
    _defined("domain loses a default", "default=sa.text('3')", ""),
    _defined("domain not null", "", "not_null=True"),
    _defined("domain null", "not_null=True", ""),
    changed(
        "domain of a text",
        column(domain("check=sa.text(\"VALUE <> '%:a'\"), default='a%'", "sa.Text")),
        column(domain("check=sa.text(\"VALUE <> '%:b'\"), default='it''s'", "sa.Text")),
        "x",
        on=ALONE,
    ),
    changed(
        "domain of another type",
        column(domain("check=sa.text('VALUE > 0'), default=sa.text('4')")),
        column(
            domain("check=sa.text('VALUE > 0'), default=sa.text('4')", "sa.BigInteger"),
        ),
        5,
        on=ALONE,
    ),
    Case(
        "domain in an array",
        t(column(POSITIVE), column(f"pg.ARRAY({POSITIVE})", name="many")),
        t(column(MORE), column(f"pg.ARRAY({MORE})", name="many")),
        ({"id": 1, "a": 5, "many": [2, 3]},),
        ALONE,
    ),
    Case(
        "domain changes, one column goes and another comes",
        t(column(MORE), column(MORE, name="b")),
        t(column(POSITIVE), column(POSITIVE, name="c")),
        ({"id": 1, "a": 7},),
        ALONE,
    ),
)


# SQLAlchemy 2.0 cannot compile an expression as the default of a domain
DOMAINS = tuple(
    replace(each, newest="default=sa.text" in each.before + each.after) for each in DOMAINS
)


def _of_metadata(name: str, before: str, after: str, *, finds: bool = True) -> Case:
    """Return a change of what only the MetaData has."""
    return Case(name, t(behind=before), t(behind=after), on=ALONE, finds=finds)


METADATA_OBJECTS = (
    _of_metadata("enum of the metadata", "", enum("a", "b", more=OWN)),
    _of_metadata(
        "enum of the metadata, a label more",
        enum("a", "b", more=OWN),
        enum("a", "c", "b", more=OWN),
    ),
    _of_metadata(
        "enum of the metadata, a label less", enum("a", "b", "c", more=OWN), enum("a", more=OWN)
    ),
    _of_metadata("domain of the metadata", "", domain("check=sa.text('VALUE > 0')", more=OWN)),
    _of_metadata(
        "domain of the metadata changes",
        domain(more=OWN),
        domain("check=sa.text('VALUE > 0')", more=OWN),
    ),
    Case(
        "sequence of the metadata", t(), t(behind="sa.Sequence('s', metadata=metadata)"), on=SERVERS
    ),
    _of_metadata(
        "sequence of the metadata changes",
        "sa.Sequence('s', metadata=metadata)",
        "sa.Sequence('s', start=5, increment=2, metadata=metadata)",
    ),
    Case(
        "enum of the metadata that a column takes",
        t(before=f"mood = {enum('a', 'b', more=OWN)}"),
        t(column("mood"), before=f"mood = {enum('a', 'b', more=OWN)}"),
        on=ALONE,
    ),
    Case(
        "enum of the metadata that no column has any more",
        t(column("mood"), before=f"mood = {enum('a', 'b', more=OWN)}"),
        t(before=f"mood = {enum('a', 'b', 'c', more=OWN)}"),
        on=ALONE,
    ),
)
