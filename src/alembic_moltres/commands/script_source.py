"""The source of a script, and edits of it that leave every other byte as it is.

Places are those of `ast`, whose columns count bytes of UTF-8; lines end as in the file.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from ..errors import HistoryError

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Edit:
    """A text in place of the bytes from `start` to `end`."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class ScriptSource:
    """A script's text as it was read, its syntax tree, and the edits so far.

    Args:
        name: the file's name, for errors.
        text: the source.
        encoding: of the file.
        newline: what ends its lines.
    """

    name: str
    text: str
    encoding: str = "utf-8"
    newline: str = "\n"
    tree: ast.Module = field(init=False)
    edits: list[Edit] = field(default_factory=list)
    _bytes: bytes = field(init=False)
    _starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.tree = ast.parse(self.text, self.name)
        self._bytes = self.text.encode()
        self._starts = [0, *(found.end() for found in _LINE_END.finditer(self._bytes))]

    @classmethod
    def read(cls, path: Path) -> ScriptSource:
        """Read a script.

        Raises:
            HistoryError: it is no Python.
        """
        content = path.read_bytes()
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
            text = content.decode(encoding)
            newline = "\r\n" if "\r\n" in text else "\n"
            return cls(path.name, text, encoding, newline)
        except SyntaxError as err:
            raise HistoryError(
                f"{path.name}:{err.lineno or 1}: the script cannot be read, {err.msg}", path
            ) from err

    def encoded(self) -> bytes:
        """Return what is written into the file."""
        return self.edited().encode(self.encoding)

    def error(self, node: ast.AST, reason: str) -> HistoryError:
        """Return an error about a line."""
        return HistoryError(f"{self.name}:{getattr(node, 'lineno', 1)}: {reason}", self.name)

    def start(self, node: ast.AST) -> int:
        """Return where a node begins, a decorator or bracket around it left out."""
        return self._starts[_number(node, "lineno") - 1] + _number(node, "col_offset")

    def end(self, node: ast.AST) -> int:
        """Return where a node ends."""
        return self._starts[_number(node, "end_lineno") - 1] + _number(node, "end_col_offset")

    def line_start(self, line: int) -> int:
        """Return where a line begins; the end of the text behind the last one."""
        return self._starts[line - 1] if line <= len(self._starts) else len(self._bytes)

    def slice(self, start: int, end: int) -> str:
        """Return the text between two places."""
        return self._bytes[start:end].decode()

    def segment(self, node: ast.AST) -> str:
        """Return the text of a node."""
        return self.slice(self.start(node), self.end(node))

    def indentation(self, node: ast.AST) -> str:
        """Return what stands before a statement on its line, if that is blank."""
        before = self.slice(self.line_start(_number(node, "lineno")), self.start(node))
        return before if not before.strip() else ""

    def replace(self, node: ast.AST, text: str) -> None:
        """Put a text in a node's place; its further lines are indented as the node's statement."""
        self.edits.append(Edit(self.start(node), self.end(node), text))

    def insert(self, place: int, text: str) -> None:
        """Put a text at a place."""
        self.edits.append(Edit(place, place, text))

    def remove_statement(self, node: ast.stmt) -> None:
        """Remove a statement with its lines; a comment on its last line goes with it."""
        start, end = self.start(node), self.end(node)
        first, behind = (
            self.line_start(node.lineno),
            self.line_start(_number(node, "end_lineno") + 1),
        )
        alone = not self.slice(first, start).strip()
        rest = self.slice(end, behind).strip()
        if alone and (not rest or rest.startswith("#")):
            self.edits.append(Edit(first, behind, ""))
        else:
            self.edits.append(Edit(start, end, "pass"))

    def remove_lines(self, first: int, last: int) -> None:
        """Remove lines."""
        self.edits.append(Edit(self.line_start(first), self.line_start(last + 1), ""))

    def replace_statement(self, node: ast.stmt, lines: list[str]) -> None:
        """Put lines in a statement's place, indented as it is."""
        indent = self.indentation(node)
        behind = "\n".join(lines).split("\n")
        text = "\n".join([behind[0], *(f"{indent}{each}" if each else "" for each in behind[1:])])
        self.replace(node, text)

    def edited(self) -> str:
        """Return the text with all edits.

        Raises:
            ValueError: two edits overlap.
        """
        done, last = bytearray(), 0
        for edit in sorted(self.edits, key=lambda each: (each.start, each.end)):
            if edit.start < last:
                raise ValueError(f"two edits of {self.name} overlap: {edit!r}")
            done += self._bytes[last : edit.start]
            done += edit.text.replace("\n", self.newline).encode()
            last = edit.end
        return bytes(done + self._bytes[last:]).decode()

    def functions(self) -> Iterator[Function]:
        """Give the functions of the module."""
        return (each for each in self.tree.body if isinstance(each, Function))

    def names(self) -> set[str]:
        """Return every identifier in the source."""
        found = set()
        for node in ast.walk(self.tree):
            match node:
                case ast.Name(id=name) | ast.arg(arg=name) | ast.alias(asname=str(name)):
                    found.add(name)
                case ast.alias(name=name):
                    found.add(name.partition(".")[0])
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    found.add(name)
        return found


def _number(node: ast.AST, attribute: str) -> int:
    found: int = getattr(node, attribute)
    return found


def parents(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    """Return the parent of each node."""
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
