"""The floors and limits of the design, proven from the source text: nothing of the package is imported here."""

from __future__ import annotations

import ast
import itertools
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src"
PACKAGE = "alembic_moltres"

# Each part may import what stands left of it; parts on one floor do not know each other. The package itself, its
# public door, is above them all and may not be imported by any.
FLOORS = (
    {"errors"},
    {"datatypes"},
    {"schema"},
    {"types"},
    {"convert"},
    {"diff"},
    {"dialects"},
    {"operations"},
    {"history"},
    {"autogenerate"},
    {"plugin", "dataframe"},
    {""},
)
HEIGHT = {part: height for height, floor in enumerate(FLOORS) for part in floor}
# no SQLAlchemy, no Alembic, no connection; and nothing that imports them
PURE = {"errors", "datatypes", "schema", "diff"}
LIGHT = {"", "plugin"}  # loaded in the middle of `import alembic`
VAGUE = ("util", "helper", "manager", "handler", "common", "misc")

LONGEST_MODULE, MEDIAN_MODULE, LONGEST_FUNCTION, DEEPEST_NESTING = 400, 150, 40, 3
NESTING = (ast.For, ast.AsyncFor, ast.While, ast.If, ast.With, ast.AsyncWith, ast.Try, ast.Match)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Import:
    """One imported module: `alembic_moltres.schema.columns` in full, whatever way it was written."""

    module: str
    line: int
    when_loaded: bool  # at module level and not only under TYPE_CHECKING

    @property
    def distribution(self) -> str:
        return self.module.partition(".")[0]

    @property
    def part(self) -> str | None:
        """The part of our package that is imported, "" for the package itself, None for others."""
        return part_of(self.module) if self.distribution == PACKAGE else None


def part_of(module: str) -> str:
    return [*module.split("."), ""][1]


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__")


def modules() -> list[Path]:
    return sorted((SRC / PACKAGE).rglob("*.py"))


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path) -> list[Import]:
    """Return every import of a module, those inside functions and under TYPE_CHECKING included."""
    tree = parse(path)
    delayed = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, Function)
        or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))
        for inner in ast.walk(node)
    }
    return [
        Import(module, node.lineno, id(node) not in delayed)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Call)
        for module in imported_by(node, path)
    ]


def imported_by(node: ast.Import | ast.ImportFrom | ast.Call, path: Path) -> list[str]:
    match node:
        case ast.Import():
            return [alias.name for alias in node.names]
        case ast.ImportFrom(level=0, module=str(module)):
            return submodules(module, node.names)
        case ast.ImportFrom():
            package = module_name(path).split(".")
            below = package if path.stem == "__init__" else package[:-1]
            origin = below[: len(below) - node.level + 1] + ([node.module] if node.module else [])
            return submodules(".".join(origin), node.names)
        case ast.Call(
            func=ast.Attribute(attr=name) | ast.Name(id=name), args=[ast.Constant(str(module)), *_]
        ):
            return [module] if name in {"import_module", "__import__"} else []
    return []


def submodules(module: str, names: list[ast.alias]) -> list[str]:
    """`from alembic_moltres import schema` imports a part; `from alembic_moltres.schema import X` names it already."""
    if module != PACKAGE:
        return [module]
    return [f"{module}.{a.name}" if a.name in HEIGHT else module for a in names]


@pytest.fixture(params=modules(), ids=module_name)
def module(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def at(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def test_each_part_has_a_floor(module: Path) -> None:
    assert part_of(module_name(module)) in HEIGHT, (
        "give the new part a floor in the design, then here"
    )


def test_imports_go_down_only(module: Path) -> None:
    own = part_of(module_name(module))
    upwards = [
        f"{at(module, found.line)} {own or PACKAGE} imports {found.module}"
        for found in imports(module)
        if found.part is not None and found.part != own and HEIGHT[found.part] >= HEIGHT[own]
    ]
    assert upwards == []


def test_pure_parts_import_no_sqlalchemy_no_alembic_and_nothing_that_does(module: Path) -> None:
    if part_of(module_name(module)) not in PURE:
        return
    impure = [
        f"{at(module, found.line)} imports {found.module}"
        for found in imports(module)
        if found.distribution in {"sqlalchemy", "alembic"}
        or (found.part is not None and found.part not in PURE)
    ]
    assert impure == []


def test_only_dataframe_imports_moltres(module: Path) -> None:
    importing = [
        at(module, found.line) for found in imports(module) if found.distribution == "moltres"
    ]
    assert part_of(module_name(module)) == "dataframe" or importing == []


def test_the_door_and_the_plugin_load_neither_alembic_nor_sqlalchemy(module: Path) -> None:
    if module_name(module) not in {PACKAGE, f"{PACKAGE}.plugin"}:
        return
    loaded = [
        f"{at(module, found.line)} loads {found.module}"
        for found in imports(module)
        if found.when_loaded
        and (
            found.distribution in {"sqlalchemy", "alembic"}
            or (found.part is not None and found.part not in PURE | LIGHT)
        )
    ]
    assert loaded == []


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_module_is_long(module: Path) -> None:
    assert lines(module) <= LONGEST_MODULE


def test_half_of_the_modules_are_short() -> None:
    assert statistics.median(lines(path) for path in modules()) <= MEDIAN_MODULE


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(parse(path)) if isinstance(node, Function))


def length(function: Function) -> int:
    """Count the lines of a function, its contract (the docstring) left out."""
    total = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is None or len(function.body) == 1:
        return total
    return total - ((first.end_lineno or 0) - first.lineno + 1)


def test_no_function_is_long(module: Path) -> None:
    long = [
        f"{at(module, f.lineno)} {f.name}: {length(f)}"
        for f in functions(module)
        if length(f) > LONGEST_FUNCTION
    ]
    assert long == []


def depth(node: ast.AST) -> int:
    """Count the blocks inside one another; an `elif` is as deep as its `if`, an inner function starts anew."""
    deepest = 0
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function | ast.ClassDef | ast.Lambda):
            continue
        is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]
        deepest = max(deepest, depth(child) + (isinstance(child, NESTING) and not is_elif))
    return deepest


def test_no_function_is_deep(module: Path) -> None:
    deep = [
        f"{at(module, f.lineno)} {f.name}: {depth(f)}"
        for f in functions(module)
        if depth(f) > DEEPEST_NESTING
    ]
    assert deep == []


def test_every_file_name_says_something() -> None:
    folders = ("src", "tests", "migrations_example", "examples", "benchmarks")
    paths = itertools.chain.from_iterable((ROOT / folder).rglob("*.py") for folder in folders)
    vague = [
        path for path in paths if any(word in path.relative_to(ROOT).as_posix() for word in VAGUE)
    ]
    assert vague == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("import sqlalchemy as sa", ["sqlalchemy"], id="plain"),
        pytest.param(
            "from alembic_moltres.diff import changes", ["alembic_moltres.diff"], id="absolute"
        ),
        pytest.param(
            "from alembic_moltres import diff, column",
            ["alembic_moltres.diff", "alembic_moltres"],
            id="door",
        ),
        pytest.param("from . import names", ["alembic_moltres.schema"], id="sibling"),
        pytest.param("from ..convert import models", ["alembic_moltres.convert"], id="relative"),
        pytest.param("from .. import convert", ["alembic_moltres.convert"], id="relative-part"),
        pytest.param("if TYPE_CHECKING:\n    import alembic", ["alembic"], id="type-checking"),
        pytest.param("def f():\n    import alembic", ["alembic"], id="inside-a-function"),
        pytest.param("importlib.import_module('moltres')", ["moltres"], id="import_module"),
    ],
)
def test_an_import_is_seen_in_any_spelling(
    source: str, expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.test_architecture.SRC", tmp_path)
    path = tmp_path / PACKAGE / "schema" / "columns.py"
    path.parent.mkdir(parents=True)
    path.write_text(source)
    assert expected == [found.module for found in imports(path)]


def test_blocks_inside_one_another_are_counted() -> None:
    source = "def f():\n for x in y:\n  if x:\n   pass\n  elif z:\n   with x:\n    pass\n"
    assert depth(ast.parse(source).body[0]) == 3
