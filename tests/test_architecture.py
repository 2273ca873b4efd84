"""The floors and limits of the design, proven from the source text: nothing of the package is imported here."""

from __future__ import annotations

import ast
import functools
import itertools
import re
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
    {"messages", "translation"},
    {"errors"},
    {"datatypes", "sqltext", "options"},
    {"schema"},
    {"sqla_compat", "alembic_compat"},
    {"types"},
    {"convert"},
    {"diff"},
    {"dialects", "diagrams"},
    {"operations"},
    {"history"},
    {"autogenerate", "runtime"},
    {"commands", "plugin", "dataframe"},
    {"pytest_plugin"},
    {""},
)
HEIGHT = {part: height for height, floor in enumerate(FLOORS) for part in floor}
# no SQLAlchemy, no Alembic, no connection; and nothing that imports them
PURE = {
    "messages",
    "translation",
    "errors",
    "datatypes",
    "options",
    "schema",
    "sqltext",
    "diff",
    "diagrams",
}
LIGHT = {"", "plugin"}  # loaded in the middle of `import alembic`
COMPAT = {  # the modules that may use private names: of SQLAlchemy the one, of Alembic the other
    f"{PACKAGE}.sqla_compat",
    f"{PACKAGE}.alembic_compat",
}
PUBLIC_BY_PYTHON = {  # documented
    *("_asdict", "_fields", "_getframe", "_make", "_replace", "_value_"),
}
MOLTRES = {  # Moltres' own, which `dataframe` extends
    *("_ensure_open", "_extract_column_names", "_extract_table_name", "_filter", "_is_async"),
    "_validate_connection_string",
}
BY_NAME = {"getattr", "hasattr", "setattr", "delattr", "attrgetter", "methodcaller"}
DIALECT = re.compile(
    r"(sqlite|postgresql|mysql|mariadb|mssql|oracle|cockroachdb|duckdb)(?:[._][\w.]*)?"
)
NAMING_DIALECTS = {  # beside dialects and types
    f"{PACKAGE}.schema.dialects",  # the one list of SQLAlchemy's own; what values know by name
    f"{PACKAGE}.sqltext.syntax",  # a variant of a text in a value has the name of its dialect only
}
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


def test_the_docstring_of_a_package_names_each_of_its_modules(module: Path) -> None:
    if module.stem != "__init__" or module_name(module) == PACKAGE:
        return
    described = set(re.findall(r"\w+", ast.get_docstring(parse(module)) or ""))
    inside = {path.stem for path in module.parent.iterdir() if path.suffix == ".py"}
    packages = {path.parent.name for path in module.parent.glob("*/__init__.py")}
    assert inside - {"__init__"} | packages <= described


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


def own_imports(path: Path) -> set[str]:
    """Return the modules of the package that a module imports, wherever in it."""
    names = {module_name(each) for each in modules()}
    found = {each.module for each in imports(path)}
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.ImportFrom):
            found |= {f"{m}.{a.name}" for m in imported_by(node, path) for a in node.names}
    return found & names - {module_name(path)}


def circles(graph: dict[str, set[str]]) -> dict[str, set[str]]:
    """Take away what imports nothing that is left, or is imported by nothing, until only circles stay."""
    while True:
        imported = set[str]().union(*graph.values())
        kept = {name for name, found in graph.items() if found & graph.keys() and name in imported}
        if kept == graph.keys():
            return graph
        graph = {name: graph[name] & kept for name in kept}


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Imports inside functions and under TYPE_CHECKING count; a package is no module of its own here."""
    packages = {module_name(path) for path in modules() if path.stem == "__init__"}
    graph = {module_name(path): own_imports(path) - packages for path in modules()}
    assert circles(graph) == {}


def test_a_circle_is_found() -> None:
    graph = {"a": {"b"}, "b": {"c", "d"}, "c": {"b"}, "d": set[str]()}
    assert circles(graph) == {"b": {"c"}, "c": {"b"}}


def test_only_what_knows_dialects_names_one(module: Path) -> None:
    """What is known of a database is in its folder: `DialectImpl` and its `Features` are asked."""
    name = module_name(module)
    base = name.startswith(f"{PACKAGE}.dialects.base")
    if (part_of(name) in {"dialects", "types"} and not base) or name in NAMING_DIALECTS:
        return
    allowed = {"sqlite_errorcode"}  # an attribute of Python's driver
    naming = [
        f"{at(module, line)} {text}"
        for line, text in written(module)
        if DIALECT.fullmatch(text) and text not in allowed
    ]
    assert naming == []


def test_a_dialects_folder_is_imported_by_its_own_family_only(module: Path) -> None:
    """`base` and all above find an impl through `registry`, so a database can be added or left out."""
    folders = {path.parent.name for path in (SRC / PACKAGE / "dialects").glob("*/__init__.py")}
    own = module_name(module)
    if part_of(own) == "dialects" and not own.startswith(f"{PACKAGE}.dialects.base"):
        return
    imported = [
        f"{at(module, found.line)} {found.module}"
        for found in imports(module)
        for folder in folders - {"base"}
        if found.module.startswith(f"{PACKAGE}.dialects.{folder}")
    ]
    assert imported == []


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


def written(path: Path) -> Iterator[tuple[int, str]]:
    """Give the texts of a module that are no docstrings, with their lines."""
    tree = parse(path)
    docstrings = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
        ):
            yield node.lineno, node.value


def test_comments_of_scripts_are_written_by_one_function(module: Path) -> None:
    if part_of(module_name(module)) != "autogenerate":
        return
    comments = [at(module, line) for line, text in written(module) if text.lstrip().startswith("#")]
    assert len(comments) == (module.name == "formatting.py"), (
        "use formatting.comment: text ends no comment then"
    )


def test_loggers_are_made_by_one_function(module: Path) -> None:
    made = [
        at(module, node.lineno)
        for node in ast.walk(parse(module))
        if isinstance(node, ast.Attribute | ast.Name | ast.alias)
        and "getLogger" in ast.unparse(node)
    ]
    assert len(made) == (module_name(module) == f"{PACKAGE}.messages"), "use messages.get_logger"


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


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name != "_"


def defined_names(tree: ast.AST) -> set[str]:
    """Return every name that a source gives something: by `def`, by assigning, as a field."""
    names = set()
    for node in ast.walk(tree):
        match node:
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                names.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                names.add(name)
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                names.add(name)
    return names


def is_own_object(node: ast.expr) -> bool:
    """Is it `self`, `cls` or `super()`, whose private names a class shares with its bases?"""
    match node:
        case ast.Name(id="self" | "cls") | ast.Call(func=ast.Name(id="super")):
            return True
    return False


def private_uses(tree: ast.AST) -> Iterator[tuple[str, int, bool]]:
    """Yield each private name that is taken from something: the name, its line, whether from `self`.

    Seen are attributes, imports, keywords of calls, and strings by which attributes are looked up.
    """
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=value, attr=name):
                yield name, node.lineno, is_own_object(value)
            case ast.ImportFrom(module=origin, names=aliases):
                names = [*(origin or "").split("."), *(alias.name for alias in aliases)]
                yield from ((name, node.lineno, False) for name in names)
            case ast.Call(keywords=keywords):
                yield from ((each.arg or "", node.lineno, False) for each in keywords)
                yield from ((name, node.lineno, False) for name in looked_up(node))
            case ast.Compare(left=ast.Constant(value=str(name)), ops=[ast.In() | ast.NotIn()]):
                yield name, node.lineno, False
            case ast.Subscript(value=ast.Call(), slice=ast.Constant(value=str(name))):
                yield name, node.lineno, False


def looked_up(call: ast.Call) -> list[str]:
    """Return the strings that a call looks attributes up by: `getattr(x, "_y")`, `vars(x).get("_y")`."""
    match call.func:
        case ast.Name(id=name) if name in BY_NAME:
            by_name = True
        case ast.Attribute(
            value=ast.Call(func=ast.Name(id="vars")) | ast.Attribute(attr="__dict__")
        ):
            by_name = True
        case _:
            by_name = False
    constants = (each.value for each in call.args if isinstance(each, ast.Constant))
    return [value for value in constants if by_name and isinstance(value, str)]


@functools.cache
def names_of_the_package() -> frozenset[str]:
    return frozenset().union(*(defined_names(parse(path)) for path in modules()))


def test_no_private_name_is_taken_from_another_module(module: Path) -> None:
    """Not from ours (only a class may use those of its bases), and not from SQLAlchemy's or Alembic's."""
    if module_name(module) in COMPAT:
        return
    tree = parse(module)
    own = defined_names(tree) | PUBLIC_BY_PYTHON
    if part_of(module_name(module)) == "dataframe":
        own |= MOLTRES
    taken = [
        f"{at(module, line)} {name}"
        for name, line, of_self in private_uses(tree)
        if is_private(name) and name not in (own | names_of_the_package() if of_self else own)
    ]
    assert taken == []


def test_only_sqltext_reads_quotes(module: Path) -> None:
    """`[^']` in a pattern is a second lexer of SQL in the making; `script.head` reads Python."""
    name = module_name(module)
    if part_of(name) == "sqltext" or name == "alembic_moltres.autogenerate.script.head":
        return
    patterns = [
        at(module, node.lineno)
        for node in ast.walk(parse(module))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and any(f"[^{quote}" in node.value for quote in "'\"`")
    ]
    assert patterns == []


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


def test_the_map_names_files_that_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?<![\w/])(?:[a-z_]+/)+[a-z_]+\.py", text))
    missing = {path for path in named if not (SRC / PACKAGE / path).exists()}
    assert {path for path in missing if not (ROOT / path).exists()} == set()
    assert len(named) > 30


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


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("item._ddl_if", [("_ddl_if", False)], id="attribute"),
        pytest.param("item._ddl_if = None", [("_ddl_if", False)], id="assigned"),
        pytest.param("self._x", [("_x", True)], id="self"),
        pytest.param("super()._x()", [("_x", True)], id="super"),
        pytest.param("self.y._x", [("_x", False)], id="of-an-attribute"),
        pytest.param("from .parse import _x", [("_x", False)], id="import"),
        pytest.param("from a._x import y", [("_x", False)], id="from-a-private-module"),
        pytest.param("f(_x=1)", [("_x", False)], id="keyword"),
        pytest.param("getattr(a, '_x', None)", [("_x", False)], id="getattr"),
        pytest.param("vars(a).pop('_x', None)", [("_x", False)], id="vars-pop"),
        pytest.param("a.__dict__.get('_x')", [("_x", False)], id="dict-get"),
        pytest.param("vars(a)['_x']", [("_x", False)], id="vars-item"),
        pytest.param("'_x' in vars(a)", [("_x", False)], id="in-vars"),
        pytest.param("f('_x')", [], id="a-string"),
        pytest.param("a.__dict__, a.x, _", [], id="public"),
    ],
)
def test_a_private_name_is_seen_in_any_spelling(
    source: str, expected: list[tuple[str, bool]]
) -> None:
    found = private_uses(ast.parse(source))
    assert expected == [(name, of_self) for name, _, of_self in found if is_private(name)]


def test_blocks_inside_one_another_are_counted() -> None:
    source = "def f():\n for x in y:\n  if x:\n   pass\n  elif z:\n   with x:\n    pass\n"
    assert depth(ast.parse(source).body[0]) == 3
