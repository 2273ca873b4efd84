"""The directive `error-messages`: every message of the package's errors, read from its source.

A message is "what was found, where; what to do". What a database rejects has its code and remedy in
`dialects/*/errors.py` and `dialects/base/rejections.py`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import alembic_moltres
from alembic_moltres import errors

SOURCE = Path(alembic_moltres.__file__).parent
CLASSES = {
    name
    for name, each in vars(errors).items()
    if isinstance(each, type) and issubclass(each, errors.MoltresError)
}
DATABASES = {
    "postgresql": "SQLSTATE of PostgreSQL",
    "mysql": "number of MySQL and MariaDB",
    "sqlite": "code of SQLite",
}
NEAREST = (
    "correct the name: the message ends with the nearest one that there is, or with all of them"
)
OTHERWISE = "correct what the message names"
REMEDIES = {
    "which the models do not have": "import its module in env.py, or correct the name",
    "is no URL of a database": "write a URL as create_engine() takes it, such as sqlite://",
    "matches no difference": "leave the answer out, or correct its names",
    "cannot compile": "pass what the message ends with, or change the column that it names",
    "the driver refuses": "correct the value: the message has the driver's words",
    "got type_=": "pass the constraint itself, or one of unique, foreignkey, primary and check",
    "alter_column got": "write it as the message shows",
    "among its": "pass what the message asks for: columns, constraints or indexes",
    "register_type got": "correct the name of the argument: the message ends with the nearest one",
    "duckdb": "take the way that the message ends with; DuckDB's ALTER TABLE has few actions",
    "cannot be carried out": "take the way that the message ends with",
    "as one script it would raise": "end the range before the line, or leave it out",
    "as one script it would be uncertain": "end the range before the line, or leave it out",
    "env.py configures no connection": "call context.configure(connection=...) in env.py",
    "it never runs the migrations": "call run_migrations() or context.run_migrations() in env.py",
    "it has executed": "a loop waits for a database: say what it does in op.moltres_state_only()",
    "the script cannot be read": "correct the line",
    "neither a mapped class nor a Table": "pass one of the two",
    "cannot parse SQLite's text": "leave the table out with include_object, and report the text",
    "the text cannot be read": "leave the table out with include_object, and report the text",
    "is not a value of compare_to": "write database or history",
    "has no known database": "name some of those that the message lists",
    "is not a constraint of Moltres": "take the constraint from the Moltres library",
    "is registered already": "register another class, or under another name",
    "needs a name and a type for each field": "write duckdb.STRUCT('x',INTEGER,'y',VARCHAR)",
    "needs the type of keys": "write duckdb.MAP(VARCHAR,INTEGER)",
    "no such column": NEAREST,
    "there is no ": NEAREST,
    "has no ": NEAREST,
    "is not a": NEAREST,
    "no argument": NEAREST,
    "unknown argument": NEAREST,
    "no type is registered": NEAREST,
    "is not in this query": NEAREST,
}
"""What to do, by a part of the message, where the source has it in a variable."""


def remedied(text: str) -> tuple[str, str]:
    """Return what a message has found, and what to do."""
    found, _, remedy = text.partition("; ")
    if any(map(str.isalpha, remedy)):
        return found, remedy
    text = found
    for part, remedy in REMEDIES.items():
        if part in text:
            return text, remedy
    found, _, remedy = text.partition(": ")
    return (found, remedy) if any(map(str.isalpha, remedy)) else (text, OTHERWISE)


def messages() -> Iterator[tuple[str, str]]:
    """Give each error's class and its message; `...` stands for what is filled in."""
    found = set()
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        known = constants(tree)
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in CLASSES:
                    text = shown(first, known)
                    if len(text.strip(".…: ")) > 12:
                        found.add((name, text))
    yield from sorted(found, key=lambda each: (each[0], each[1].lower()))


def constants(tree: ast.Module) -> dict[str, str]:
    """Return the texts that a module names."""
    return {
        name: value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value, ast.Constant)
        for name, value in [(target.id, node.value.value)]
        if isinstance(value, str)
    }


def shown(node: ast.expr, known: Mapping[str, str]) -> str:
    """Return the text of an expression."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(shown(each, known) for each in values)
        case ast.FormattedValue(value=ast.Name(id=name)) | ast.Name(id=name):
            return known.get(name, "…")
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return shown(left, known) + shown(right, known)
        case ast.IfExp(body=body):
            return shown(body, known)
    return "…"


def rejections() -> Iterator[tuple[str, str, str]]:
    """Give what a database rejects: what happened, its codes, and the remedy."""
    base = import_module("alembic_moltres.dialects.base.rejections")
    tables = {
        name: import_module(f"alembic_moltres.dialects.{name}.errors").REJECTIONS
        for name in DATABASES
    }
    for rejection, remedy in base.REMEDIES.items():
        codes = [
            f"{DATABASES[name]}: {', '.join(found)}"
            for name, table in tables.items()
            if (found := [code for code, each in table.items() if each is rejection])
        ]
        yield rejection.name.replace("_", " ").lower(), "; ".join(codes) or "by its words", remedy


class ErrorMessages(SphinxDirective):
    """Writes both lists."""

    def run(self) -> list[nodes.Node]:
        """Return a section for each class, and one for what a database rejects."""
        sections: dict[str, nodes.section] = {}
        for name, text in messages():
            if name not in sections:
                sections[name] = section(name, first_line(getattr(errors, name)))
                sections[name] += nodes.definition_list()
            sections[name][-1].append(item(*remedied(text)))
        words = "The message has the database's own words, and ends with what to do."
        database = section("What a database rejects", words)
        database += nodes.definition_list()
        for what, codes, remedy in rejections():
            database[-1].append(item(f"{what} ({codes})", remedy))
        return [*sections.values(), database]


def first_line(each: Any) -> str:
    """Return the first line of a docstring."""
    return (each.__doc__ or "").splitlines()[0]


def section(title: str, text: str) -> nodes.section:
    """Return a section with a title and a paragraph."""
    made = nodes.section(ids=[nodes.make_id(title)])
    made += nodes.title(text=title)
    made += nodes.paragraph(text=text)
    return made


def item(term: str, definition: str) -> nodes.definition_list_item:
    """Return a message and its remedy."""
    made = nodes.definition_list_item()
    made += nodes.term("", "", nodes.literal(text=term))
    body = nodes.definition()
    body += nodes.paragraph(text=definition)
    made += body
    return made


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("error-messages", ErrorMessages)
    return {"parallel_read_safe": True}
