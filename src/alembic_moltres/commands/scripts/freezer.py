"""A script with values instead of an application's models and tables."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from ...autogenerate.script.class_names import class_names
from ...autogenerate.script.head import COMMENT, Constants, camel_case
from ...convert import is_sqlalchemy_model, model_to_schema
from ...diff import diff
from ...schema import TableSchema
from .live_names import EVERYTHING, Import, Use, bound_by, imports_of, package_of, uses
from .moltres_calls import used_names
from .source import ScriptSource, parents

OURS = frozenset(
    f"moltres_{each}"
    for each in ("create_table", "drop_table", "add_foreign_keys", "drop_foreign_keys")
)
OPTIONS = {"moltres_create_table": ", if_not_exists=True", "moltres_drop_table": ", if_exists=True"}
"""The option that makes an operation ignore a table that exists, or is missing."""

WRITING = frozenset({"insert", "bulk_insert", "update", "delete"})
"""The functions that take a table of rows; the first two would miss defaults set in Python."""


class Freezer:
    """Replaces an application's models, tables and metadata in one script by values.

    Args:
        source: of the script; it is edited.
        module: the loaded script.
        dialects: of the project's databases.
        below: whether the project has the constants of its scripts below the functions.

    Attributes:
        still_imported: names of the application that the script still needs.
    """

    def __init__(
        self,
        source: ScriptSource,
        module: ModuleType,
        dialects: Iterable[Dialect],
        *,
        below: bool = False,
    ) -> None:
        self.source, self.module, self.dialects = source, module, tuple(dialects)
        self.constants = Constants(source.names())
        self.lines: list[str] = []
        self.still_imported: list[str] = []
        self.imports_sqlalchemy = False
        self._listed: dict[ast.AST, Use] = {}
        self._values: dict[sa.Table, str] = {}
        self._tables: dict[sa.Table, str] = {}
        self._above = parents(source.tree)
        self._below = below

    def freeze(self) -> ScriptSource | None:
        """Return the script with values; `None` if it uses nothing of an application.

        Raises:
            HistoryError: an object is used where a value cannot be; the message has its line.
        """
        all_uses = list(uses(self.source, self.module))
        if not all_uses:
            return None
        self._listed = {use.node: use for use in all_uses if use.table is not None}
        metadata_first = sorted(all_uses, key=lambda use: not isinstance(use.live, sa.MetaData))
        for use in metadata_first:
            if use.table is None or use.node in self._listed:
                self._replace(use)
        self._remove_imports(all_uses)
        self._below = self._below and all(self._is_in_function(use.node) for use in all_uses)
        self._insert_constants()
        return ScriptSource(
            self.source.name, self.source.edited(), self.source.encoding, self.source.newline
        )

    def _replace(self, use: Use) -> None:
        parent = self._above[use.node]
        if use.name is not None:
            self.source.replace(use.node, repr(use.name))
        elif isinstance(use.live, sa.MetaData):
            self._replace_metadata(use, parent)
        elif isinstance(parent, ast.Attribute) and parent.attr in {"create", "drop"}:
            self._replace_method(use, parent)
        elif _called(parent) in OURS and isinstance(parent, ast.Call) and use.column is None:
            self.source.replace(use.node, self._value(_table(use)))
        elif use.column is not None:
            name = f"{self._live(use)}.c[{use.column.name!r}]"
            self.source.replace(use.node, name)
        elif is_sqlalchemy_model(use.live) and _called(parent) not in WRITING:
            raise self.source.error(
                use.node,
                f"the model {use.live.__name__} is used as a class; write the statement with "
                'op.moltres_tables()["' + str(_table(use).name) + '"]',
            )
        else:
            self._check_defaults(use, parent)
            self.source.replace(use.node, self._live(use))

    def _check_defaults(self, use: Use, parent: ast.AST) -> None:
        """Refuse inserts into a table with defaults that Python adds to the rows."""
        inserts = _called(parent) in {"insert", "bulk_insert"} or (
            isinstance(parent, ast.Attribute) and parent.attr == "insert"
        )
        for column in _table(use).columns if inserts else ():
            if column.default is not None or isinstance(column.type, TypeDecorator):
                raise self.source.error(
                    use.node,
                    f"rows of {_table(use).name!r} get a value of {column.name!r} from Python, "
                    "which a script does not keep; write the rows and the table out",
                )

    def _replace_method(self, use: Use, parent: ast.Attribute) -> None:
        """Replace `User.__table__.create(op.get_bind())`."""
        call: Any = self._above.get(parent)
        statement = self._statement(call, use)
        gently = self._checks_first(call, position=1, default=False)
        name = self._value(_table(use))
        method = f"moltres_{parent.attr}_table"
        line = f"op.{method}({name}{OPTIONS[method] if gently else ''})"
        self.source.replace_statement(statement, [line])

    def _replace_metadata(self, use: Use, parent: ast.AST) -> None:
        """Replace `Base.metadata.create_all(op.get_bind())`."""
        if not isinstance(parent, ast.Attribute) or parent.attr not in {"create_all", "drop_all"}:
            raise self.source.error(use.node, "a live MetaData is used; write out its tables")
        call: Any = self._above.get(parent)
        statement = self._statement(call, use)
        gently = self._checks_first(call, position=2, default=True)
        tables = self._chosen_tables(use, call)
        values = {self._schema(each).key: each for each in tables}
        creating = parent.attr == "create_all"
        changes = diff([], [self._schema(each) for each in tables])
        lines = []
        for change in changes if creating else [each.reverse() for each in reversed(changes)]:
            creation: Any = change
            option = OPTIONS.get(change.method, "") if gently else ""
            name = self._value(values[creation.table.key], creation.table)
            lines.append(f"op.{change.method}({name}{option})")
        self.source.replace_statement(statement, lines or ["pass"])

    def _chosen_tables(self, use: Use, call: ast.Call) -> list[sa.Table]:
        """Return the tables that `create_all` or `drop_all` is called for."""
        chosen = [each.value for each in call.keywords if each.arg == "tables"] or call.args[1:2]
        match chosen:
            case []:
                return list(use.live.tables.values())
            case [ast.List(elts=listed) | ast.Tuple(elts=listed)] if all(
                each in self._listed and self._listed[each].column is None for each in listed
            ):
                # the whole statement is replaced, with these uses in it
                return [_table(self._listed.pop(each)) for each in listed]
        raise self.source.error(
            use.node, "tables= of a live MetaData is no list of tables; write the tables out"
        )

    def _checks_first(self, call: ast.Call, *, position: int, default: bool) -> bool:
        """Return `checkfirst` of a call, which is a keyword or has that position."""
        given = [each.value for each in call.keywords if each.arg == "checkfirst"]
        match given or call.args[position : position + 1]:
            case []:
                return default
            case [ast.Constant(value=checks)]:
                return bool(checks)
        raise self.source.error(call, "checkfirst= is neither True nor False; write it out")

    def _statement(self, call: ast.AST | None, use: Use) -> ast.Expr:
        statement = self._above.get(call) if isinstance(call, ast.Call) else None
        if not isinstance(statement, ast.Expr):
            raise self.source.error(use.node, "a live table is part of an expression; write it out")
        return statement

    def _schema(self, table: sa.Table) -> TableSchema:
        return model_to_schema(table, dialects=self.dialects)

    def _value(self, table: sa.Table, schema: TableSchema | None = None) -> str:
        """Return the name of the constant that holds a table's value."""
        if table not in self._values:
            names = class_names([table])
            wanted = names.get(table) or camel_case(str(table.name))
            value = self._schema(table) if schema is None else schema
            self._values[table] = self.constants.table(value, f"Frozen{wanted}")
        return self._values[table]

    def _live(self, use: Use) -> str:
        """Return the name of the constant with the `Table` made from the value."""
        table = _table(use)
        if table not in self._tables:
            value = self._value(table)
            self._tables[table] = f"{value}Table"
            self.constants.use_function("schema_to_table")
            self.lines.append(f"{value}Table = schema_to_table({value}, {self._sa()}.MetaData())")
        return self._tables[table]

    def _sa(self) -> str:
        name = self.source.name_of_module("sqlalchemy")
        self.imports_sqlalchemy = name is None
        return name or "sa"

    def _remove_imports(self, replaced_uses: list[Use]) -> None:
        """Remove the application's imports that are no longer needed; note the others."""
        replaced = {each for use in replaced_uses for each in ast.walk(use.node)}
        remaining = {
            node.id
            for node in ast.walk(self.source.tree)
            if isinstance(node, ast.Name) and node not in replaced
        }
        live = {name for use in replaced_uses for name in used_names(use.node)}
        imports = imports_of(self.source, self.module)
        own = {package_of(e) for e, names in imports.items() if live & names.keys()}
        for statement, names in imports.items():
            if package_of(statement) in own:
                self._keep(statement, sorted(remaining & names.keys()))

    def _keep(self, statement: Import, needed: list[str]) -> None:
        """Keep the needed names of an import."""
        bound = {*needed, EVERYTHING} if needed else set()
        kept = [each for each in statement.names if bound_by(each) in bound]
        if not kept:
            self.source.remove_statement(statement)
        elif kept != statement.names:
            statement.names = kept
            self.source.replace(statement, ast.unparse(statement))
        self.still_imported += [f"{name} (line {statement.lineno})" for name in needed]

    def _is_in_function(self, node: ast.AST) -> bool:
        """Tell whether a node is evaluated when a function runs, so after the whole script."""
        above: ast.AST | None = self._above.get(node)
        while above is not None and not isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef):
            above = self._above.get(above)
        return above is not None and any(node in ast.walk(each) for each in above.body)

    def _insert_constants(self) -> None:
        """Insert the constants after the last import, or below the functions."""
        if not self._values:
            return
        head = self.constants.head()
        line, _, constants = head.partition(f"\n\n{COMMENT}\n")
        extra = "import sqlalchemy as sa\n" if self.imports_sqlalchemy else ""
        tables = f"{COMMENT}\n{constants}" + "".join(f"{each}\n" for each in self.lines)
        imports = f"{line.rstrip()}\n{extra}"
        if self._below:
            self.source.insert_imports(imports)
            gap = "\n\n" if self.source.text.endswith("\n") else "\n\n\n"
            self.source.insert(len(self.source.text.encode()), f"{gap}{tables}")
        else:
            self.source.insert_imports(f"{imports}\n{tables}")


def _table(use: Use) -> sa.Table:
    table: Any = use.table
    result: sa.Table = table
    return result


def _called(node: ast.AST) -> str:
    """Return the name of the function that a call calls."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return name
    return ""
