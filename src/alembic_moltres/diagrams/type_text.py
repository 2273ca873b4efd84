"""The short form of a type in a diagram, and the labels of an enum."""

from __future__ import annotations

from ..datatypes import Argument, DataType

WITH_TIME_ZONE = {"TIMESTAMP": "TIMESTAMPTZ", "TIME": "TIMETZ"}
NAMED = frozenset({"ENUM", "DOMAIN"})
LABELS = 60
"""The longest text for the labels of an enum, in characters."""


def short_type(type_name: str) -> str:
    """Return a type without its dialect, and only with arguments that change its size.

    >>> short_type("VARCHAR(100)"), short_type("sql.DECIMAL(10,2)"), short_type("postgresql.JSONB")
    ('VARCHAR(100)', 'DECIMAL(10,2)', 'JSONB')
    >>> short_type("TIMESTAMP(timezone=True)"), short_type("postgresql.ARRAY(INTEGER)")
    ('TIMESTAMPTZ', 'INTEGER[]')
    >>> short_type("ENUM('open','paid',name='status')"), short_type("CUSTOM('geometry(Point)')")
    ('ENUM(status)', 'geometry(Point)')
    """
    return _short(DataType.parse(type_name))


def _short(type_: DataType) -> str:
    name = type_.name.rpartition(".")[2]
    match name, type_.args:
        case "ARRAY", (DataType() as item, *_):
            return f"{_short(item)}[]"
        case "CUSTOM", (str(text), *_):
            return text
        case _ if name in NAMED:
            given = type_.kwargs.get("name")
            return f"{name}({given})" if isinstance(given, str) else name
        case _:
            pass
    if type_.kwargs.get("timezone") is True:
        name = WITH_TIME_ZONE.get(name, name)
    sizes = ",".join(str(each) for each in type_.args if _is_size(each))
    return f"{name}({sizes})" if sizes else name


def _is_size(argument: Argument) -> bool:
    return isinstance(argument, int) and not isinstance(argument, bool)


def labels(type_name: str) -> str:
    """Return the labels of an enum as one text, shortened if long; empty for other types.

    >>> labels("ENUM('open','paid',name='status')"), labels("INTEGER")
    ('open, paid', '')
    >>> labels(f"ENUM({','.join(repr('label' + str(n)) for n in range(30))})")
    'label0, label1, label2, label3, label4, label5, label6 and 23 more'
    """
    return shortened(label_names(type_name))


def label_names(type_name: str) -> list[str]:
    """Return the labels of an enum; none for other types."""
    type_ = DataType.parse(type_name)
    if type_.name.rpartition(".")[2] == "ARRAY" and isinstance(type_.args[0], DataType):
        type_ = type_.args[0]
    if type_.name.rpartition(".")[2] not in {"ENUM", "SET"}:
        return []
    return [each for each in type_.args if isinstance(each, str)]


def shortened(names: list[str]) -> str:
    """Return names as one text; only the first ones if it is long."""
    shown, length = 0, 0
    for name in names:
        length += len(name) + 2
        if shown and length > LABELS:
            break
        shown += 1
    rest = f" and {len(names) - shown} more" if shown < len(names) else ""
    return ", ".join(names[:shown]) + rest
