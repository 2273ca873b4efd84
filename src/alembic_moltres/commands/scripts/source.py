"""The source of a script, and edits that leave the rest of it unchanged.

Positions are those of `ast`, whose columns count bytes of UTF-8; line ends stay as in the file.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from ...errors import HistoryError

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Edit:
    """A text that replaces the bytes from `start` to `end`."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class ScriptSource:
    """A script's text as read, its syntax tree, and the edits so far.

    Args:
        name: the file's name, for errors.
        text: the source.
        encoding: of the file.
        newline: of the file.
    """

    name: str
    text: str
    encoding: str = "utf-8"
    newline: str = "\n"
    tree: ast.Module = field(init=False)
    edits: list[Edit] = field(default_factory=list)
    _bytes: bytes = field(init=False)
    _starts: list[int] = field(init=False)
    _comments: dict[int, str] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.tree = ast.parse(self.text, self.name)
        self._bytes = self.text.encode()
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(self._bytes))]

    @classmethod
    def read(cls, path: Path) -> ScriptSource:
        """Read a script.

        Raises:
            HistoryError: it is not Python.
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
        except UnicodeDecodeError as err:
            raise HistoryError(
                f"{path.name}: the script cannot be read, it is not {encoding}; declare its "
                "encoding in its first line: # coding: latin-1",
                path,
            ) from err

    def encoded(self) -> bytes:
        """Return the bytes to write to the file."""
        return self.edited().encode(self.encoding)

    def error(self, node: ast.AST, reason: str) -> HistoryError:
        """Return an error with the line of a node."""
        return HistoryError(f"{self.name}:{getattr(node, 'lineno', 1)}: {reason}", self.name)

    def comments(self) -> Mapping[int, str]:
        """Return the comment of each line that has one, with its `#`."""
        if not self._comments and "#" in self.text:
            stream = tokenize.generate_tokens(io.StringIO(self.text).readline)
            comments = (each for each in stream if each.type == tokenize.COMMENT)
            self._comments = {each.start[0]: each.string for each in comments}
        return self._comments

    def start(self, node: ast.AST) -> int:
        """Return where a node begins, without a decorator or bracket around it."""
        return self._starts[_number(node, "lineno") - 1] + _number(node, "col_offset")

    def end(self, node: ast.AST) -> int:
        """Return where a node ends."""
        return self._starts[_number(node, "end_lineno") - 1] + _number(node, "end_col_offset")

    def line_start(self, line: int) -> int:
        """Return where a line begins; after the last line, the end of the text."""
        return self._starts[line - 1] if line <= len(self._starts) else len(self._bytes)

    def slice(self, start: int, end: int) -> str:
        """Return the text between two positions."""
        return self._bytes[start:end].decode()

    def segment(self, node: ast.AST) -> str:
        """Return the text of a node."""
        return self.slice(self.start(node), self.end(node))

    def indentation(self, node: ast.AST) -> str:
        """Return the indentation of a statement; empty if other text is before it on its line."""
        before = self.slice(self.line_start(_number(node, "lineno")), self.start(node))
        return before if not before.strip() else ""

    def replace(self, node: ast.AST, text: str) -> None:
        """Replace a node; further lines are indented like its statement."""
        self.edits.append(Edit(self.start(node), self.end(node), text))

    def insert(self, place: int, text: str) -> None:
        """Insert a text at a position."""
        self.edits.append(Edit(place, place, text))

    def insert_imports(self, text: str) -> None:
        """Insert lines after the last import of the module, or after its docstring."""
        body = self.tree.body
        imports = [each for each in body if isinstance(each, ast.Import | ast.ImportFrom)]
        has_docstring = ast.get_docstring(self.tree, clean=False) is not None
        before = imports[-1:] or (body[:1] if has_docstring else [])
        line = 1 + sum(_number(each, "end_lineno") for each in before)
        self.insert(self.line_start(line), text)

    def remove_statement(self, node: ast.stmt) -> None:
        """Remove a statement with its lines, and a comment on its last line."""
        start, end = self.start(node), self.end(node)
        first, next_line = (
            self.line_start(node.lineno),
            self.line_start(_number(node, "end_lineno") + 1),
        )
        alone = not self.slice(first, start).strip()
        rest = self.slice(end, next_line).strip()
        if alone and (not rest or rest.startswith("#")):
            self.edits.append(Edit(first, next_line, ""))
        else:
            self.edits.append(Edit(start, end, "pass"))

    def remove_lines(self, first: int, last: int) -> None:
        """Remove lines."""
        self.edits.append(Edit(self.line_start(first), self.line_start(last + 1), ""))

    def replace_statement(self, node: ast.stmt, lines: list[str]) -> None:
        """Replace a statement by lines, with its indentation."""
        indent = self.indentation(node)
        new_lines = "\n".join(lines).split("\n")
        text = "\n".join(
            [new_lines[0], *(f"{indent}{each}" if each else "" for each in new_lines[1:])]
        )
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
        """Yield the functions of the module."""
        return (each for each in self.tree.body if isinstance(each, Function))

    def name_of_module(self, module: str) -> str | None:
        """Return the name by which the script imports a module; `None` if it does not."""
        imports = (each for each in self.tree.body if isinstance(each, ast.Import))
        aliases = (alias for each in imports for alias in each.names if alias.name == module)
        return next((alias.asname or alias.name for alias in aliases), None)

    def names(self) -> set[str]:
        """Return every identifier in the source."""
        names = set()
        for node in ast.walk(self.tree):
            match node:
                case ast.Name(id=name) | ast.arg(arg=name) | ast.alias(asname=str(name)):
                    names.add(name)
                case ast.alias(name=name):
                    names.add(name.partition(".")[0])
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    names.add(name)
        return names


def _number(node: ast.AST, attribute: str) -> int:
    number: int = getattr(node, attribute)
    return number


def parents(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    """Return the parent of each node."""
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
