"""Diagrams in files: Markdown beside other text, Mermaid, DOT, and SVG by Graphviz."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import MissingPackageError, OperationError, OptionError
from ...messages import one_line

if TYPE_CHECKING:
    from ...diagrams import Picture

    Pictures = Sequence[tuple[str, Picture]]

BEGIN, END = "<!-- erd: begin -->", "<!-- erd: end -->"
"""The lines of a Markdown file around the diagram."""

_MARKERS = re.compile(f"^(?:{BEGIN}|{END})$", re.MULTILINE)
_BETWEEN = re.compile(rf"(?<=^{BEGIN}\n).*?(?=^{END}$)", re.DOTALL | re.MULTILINE)


def diagrams(pictures: Pictures, format: str) -> list[str]:
    """Return the text of each diagram; of several databases each has a comment with its name.

    Args:
        pictures: by the names of databases.
        format: "mermaid" or "dot".
    """
    if format == "dot":
        from ...diagrams.dot import dot

        texts = [(name, dot(picture)) for name, picture in pictures]
    else:
        from ...diagrams.mermaid import mermaid

        texts = [(name, text) for name, picture in pictures for text in mermaid(picture)]
    if len(pictures) == 1:
        return [text for _, text in texts]
    mark = COMMENTS[format]
    return [f"{mark} {one_line(name)}\n{text}" if name else text for name, text in texts]


COMMENTS = {"mermaid": "%%", "dot": "//"}
"""What begins a comment, by the format."""


def write_file(path: Path, pictures: Pictures) -> None:
    """Write diagrams to a file; in Markdown with markers, only between them.

    Raises:
        OptionError: the suffix is unknown, or the markers are not a pair.
    """
    content = _content(path, pictures)
    old = _read(path) if path.exists() else ""
    line_break = "\r\n" if "\r\n" in old else "\n"
    text = _placed(path, old.replace("\r\n", "\n"), content)
    with path.open("w", encoding="utf-8", newline=line_break) as file:
        file.write(text)


def is_current(path: Path, pictures: Pictures) -> bool:
    """Tell whether a file equals what `write_file` would write.

    Raises:
        OptionError: there is no such file, or see `write_file`.
        OSError: the file cannot be read.
    """
    if not path.exists():
        raise OptionError(
            f"there is no file {path}; write it with --output, not --check", str(path)
        )
    old = _read(path).replace("\r\n", "\n")
    return old == _placed(path, old, _content(path, pictures))


def _read(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def _placed(path: Path, old: str, content: str) -> str:
    """Return a file's text with the diagram inserted."""
    markers = _MARKERS.findall(old) if path.suffix.lower() in MARKDOWN else []
    if not markers:
        return content
    if markers != [BEGIN, END]:
        raise OptionError(
            f"{path} has no pair of markers; write a line '{BEGIN}', and below it a line '{END}'",
            str(path),
        )
    return _BETWEEN.sub(lambda _: content, old)


def _content(path: Path, pictures: Pictures) -> str:
    suffix = path.suffix.lower()
    if suffix not in CONTENTS:
        raise OptionError(
            f"{path} has no suffix of a diagram; use one of {', '.join(CONTENTS)}",
            str(path),
        )
    if suffix not in MARKDOWN and len(pictures) > 1:
        raise OptionError(
            f"{path} can hold one diagram, and env.py migrates {len(pictures)} databases; write "
            "a .md file",
            str(path),
        )
    return CONTENTS[suffix](path, pictures)


def _markdown(path: Path, pictures: Pictures) -> str:
    blocks = []
    for name, picture in pictures:
        blocks += [f"Database `{name}`:"] if name and len(pictures) > 1 else []
        blocks += _blocks(picture)
    return "\n\n".join(blocks) + "\n"


def _blocks(picture: Picture) -> Iterator[str]:
    """Yield each diagram; above it its tables if there are several, since a picture has no text."""
    from ...diagrams.mermaid import diagram, pieces, whole
    from ..planning.markdown import code_span

    parts = pieces(picture)
    for number, part in enumerate(parts, 1):
        if len(parts) > 1:
            yield f"{number} of {len(parts)}: {', '.join(map(code_span, whole(part)))}"
        yield f"```mermaid\n{diagram(part)}\n```"


def _mermaid(path: Path, pictures: Pictures) -> str:
    from ...diagrams.mermaid import LONGEST, diagram

    text = diagram(pictures[0][1])
    if len(text) > LONGEST:
        raise OptionError(
            f"{path} would have {len(text)} characters, and Mermaid draws at most {LONGEST}; "
            "write a .md file, which takes several diagrams",
            str(path),
        )
    return f"{text}\n"


def _dot(path: Path, pictures: Pictures) -> str:
    return f"{diagrams(pictures, 'dot')[0]}\n"


MARKDOWN = frozenset({".md", ".markdown"})
CONTENTS: dict[str, Callable[[Path, Pictures], str]] = {
    ".md": _markdown,
    ".markdown": _markdown,
    ".mmd": _mermaid,
    ".mermaid": _mermaid,
    ".dot": _dot,
    ".gv": _dot,
}
"""What is written to a file, by its suffix."""


def write_svg(path: Path, pictures: Pictures) -> None:
    """Draw a diagram as SVG with Graphviz.

    Raises:
        MissingPackageError: Graphviz is not installed.
        OptionError: there are several databases.
        OperationError: Graphviz fails.
    """
    program = shutil.which("dot")
    if program is None:
        raise MissingPackageError(
            "--svg needs Graphviz, and its program 'dot' is not on the PATH; install Graphviz, or "
            "write a .dot file with --output and draw it elsewhere",
            "dot",
        )
    if len(pictures) > 1:
        raise OptionError(
            f"--svg draws one database, and env.py migrates {len(pictures)}; write DOT with "
            "--format dot",
            "--svg",
        )
    done = subprocess.run(  # noqa: S603 - Graphviz, with our own text
        [program, "-Tsvg"],
        input=diagrams(pictures, "dot")[0],
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise OperationError(
            f"Graphviz cannot draw {path}: {done.stderr.strip()}; check the text with --format dot",
            str(path),
        )
    path.write_text(done.stdout, encoding="utf-8")
