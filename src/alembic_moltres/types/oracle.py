"""The names of Oracle's own types."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy.dialects import oracle

from .registration import ABSENT, Registration, line, newer
from .standard import STRING


def storage_format(vector: Any) -> str | None:
    """Return the name of the format: FLOAT32, ..."""
    return None if vector.storage_format is None else str(vector.storage_format.name)


def storage_type(vector: Any) -> str | None:
    """Return the name of the storage: DENSE or SPARSE."""
    storage = getattr(vector, "storage_type", None)
    return None if storage is None else str(storage.name)


def use_blob(json: Any) -> object:
    """Return the stated storage; by default the version of the database decides."""
    return json.use_blob if isinstance(json.use_blob, bool) else ABSENT


def make_vector(dim: int | None = None, **arguments: Any) -> Any:
    """Make a vector from the names of its format and storage."""
    for key, enum in {
        "storage_format": "VectorStorageFormat",
        "storage_type": "VectorStorageType",
    }.items():
        if arguments.get(key) is not None:
            arguments[key] = getattr(oracle, enum)[arguments[key]]
    vector: Any = oracle.VECTOR
    return vector(dim, **arguments)


_DIALECT: Final = "sqlalchemy.dialects.oracle"
_VECTOR: Final = {"storage_format": None, "storage_type": None}
_READ_VECTOR: Final = {"storage_format": storage_format, "storage_type": storage_type}

TABLE: Final = (
    line("oracle.BFILE", oracle.BFILE, "length"),
    line("oracle.BINARY_DOUBLE", oracle.BINARY_DOUBLE, "precision"),
    line("oracle.BINARY_FLOAT", oracle.BINARY_FLOAT, "precision"),
    line("oracle.DATE", oracle.DATE, timezone=False),
    line("oracle.FLOAT", oracle.FLOAT, "binary_precision"),
    line("oracle.INTERVAL", oracle.INTERVAL, day_precision=None, second_precision=None),
    Registration(
        "oracle.JSON",
        newer(_DIALECT, "JSON"),
        (),
        {"use_blob": ABSENT},
        read={"use_blob": use_blob},
    ),
    line("oracle.LONG", oracle.LONG, "length", **STRING),
    line("oracle.NCLOB", oracle.NCLOB, "length", **STRING),
    line("oracle.NUMBER", oracle.NUMBER, "precision", "scale"),
    line("oracle.RAW", oracle.RAW, "length"),
    line("oracle.ROWID", oracle.ROWID),
    line("oracle.TIMESTAMP", oracle.TIMESTAMP, timezone=False, local_timezone=False),
    line("oracle.VARCHAR2", oracle.VARCHAR2, "length", **STRING),
    Registration(
        "oracle.VECTOR",
        newer(_DIALECT, "VECTOR"),
        ("dim",),
        _VECTOR,
        read=_READ_VECTOR,
        make=make_vector,
    ),
)
