"""Made histories: random ones, always the same, with views, functions, extensions, triggers and rows."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tests.alembic_project import AlembicProject
from tests.history.scripts import write

MADE = 20
TYPES = ("INTEGER", "VARCHAR(20)", "BIGINT", "TEXT", "BOOLEAN", "TIMESTAMP")
FUNCTION = """op.execute(\"\"\"
    CREATE FUNCTION {name}() RETURNS integer LANGUAGE sql AS 'SELECT {number}'
\"\"\")"""
TRIGGERS = {
    "postgresql": """op.execute(\"\"\"
    CREATE FUNCTION {name}_fn() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RETURN NEW;
    END
    $$
\"\"\")
op.execute("CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}_fn()")""",
    "mariadb": """op.execute("CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW SET @x = 1")""",
    "sqlite": """op.execute("CREATE TRIGGER {name} BEFORE INSERT ON {table} BEGIN SELECT 1; END")""",
}


@dataclass
class History:
    """A history while it is made.

    Attributes:
        dice: what decides.
        database: the kind of database that it is for.
        tables: the columns of each table that there is.
        views: the table that each view reads.
        steps: of the script at hand: up and down.
    """

    dice: random.Random
    database: str
    tables: dict[str, dict[str, str]] = field(default_factory=dict)
    views: dict[str, str] = field(default_factory=dict)
    steps: list[tuple[str, str]] = field(default_factory=list)
    number: int = 0

    def name(self, prefix: str) -> str:
        """Return a new name."""
        self.number += 1
        return f"{prefix}{self.number}"

    def create_table(self) -> None:
        """Create a table, which may refer to another, and insert a row."""
        name, dice = self.name("t"), self.dice
        columns = {"id": "INTEGER", **{self.name("c"): dice.choice(TYPES) for _ in range(3)}}
        inside = ", ".join(f'column("{c}", "{t}"{self._null(c)})' for c, t in columns.items())
        keys = [f'primary_key("id", name="pk_{name}")']
        if self.tables and dice.random() < 0.5:
            columns["ref"] = "INTEGER"
            inside += ', column("ref", "INTEGER")'
            keys.append(
                f'foreign_key("ref", "{dice.choice(list(self.tables))}", "id", name="fk_{name}")'
            )
        value = f'TableSchema("{name}", [{inside}], constraints=[{", ".join(keys)}])'
        self.tables[name] = columns
        self.steps.append((f"op.moltres_create_table({value})", f"op.moltres_drop_table({value})"))

    def _null(self, column: str) -> str:
        return ", nullable=False" if column == "id" else ""

    def add_column(self) -> None:
        """Add a column, by this package or by plain Alembic."""
        table, name = self.dice.choice(list(self.tables)), self.name("c")
        self.tables[table][name] = "INTEGER"
        if self.dice.random() < 0.5 and self.database != "sqlite":
            up = f'with op.batch_alter_table("{table}") as batch:\n    batch.add_column(sa.Column("{name}", sa.Integer))'
            down = (
                f'with op.batch_alter_table("{table}") as batch:\n    batch.drop_column("{name}")'
            )
        else:
            opened = f'with op.moltres_alter_table("{table}") as t:\n    t.'
            up = f'{opened}add_column(column("{name}", "INTEGER"))'
            down = f'{opened}drop_column(column("{name}", "INTEGER"))'
        self.steps.append((up, down))

    def rename_column(self) -> None:
        """Rename a column that no view reads."""
        table = self.dice.choice(list(self.tables))
        free = [c for c in self.tables[table] if c not in {"id", "ref"}]
        if not free or table in self.views.values():
            return
        old, new = self.dice.choice(free), self.name("c")
        columns = self.tables[table]
        self.tables[table] = {new if c == old else c: t for c, t in columns.items()}
        opened = f'with op.moltres_alter_table("{table}") as t:\n    t.'
        up, down = f'rename_column("{old}", "{new}")', f'rename_column("{new}", "{old}")'
        self.steps.append((opened + up, opened + down))

    def create_view(self) -> None:
        """Create a view of a key, which no later step takes away."""
        name, table = self.name("v"), self.dice.choice(list(self.tables))
        self.views[name] = table
        self.steps.append(
            (
                f'op.execute("CREATE VIEW {name} AS SELECT id FROM {table}")',
                f'op.execute("DROP VIEW {name}")',
            )
        )

    def replace_view(self) -> None:
        """Drop a view and create another one of its name."""
        if not self.views:
            return
        name = self.dice.choice(list(self.views))
        drop = f'op.execute("DROP VIEW {name}")'
        new = f'op.execute("CREATE VIEW {name} AS SELECT id, id + {self.number} AS more FROM {self.views[name]}")'
        old = f'op.execute("CREATE VIEW {name} AS SELECT id FROM {self.views[name]}")'
        self.steps.append((f"{drop}\n{new}", f"{drop}\n{old}"))

    def create_function(self) -> None:
        """Create a function, or an extension now and then, where there are any."""
        name = self.name("f")
        if self.database == "sqlite":
            return
        if self.database == "postgresql" and self.dice.random() < 0.4:
            up, down = "CREATE EXTENSION IF NOT EXISTS pg_trgm", "DROP EXTENSION IF EXISTS pg_trgm"
            self.steps.append((f'op.execute("{up}")', f'op.execute("{down}")'))
        elif self.database == "postgresql":
            up = FUNCTION.format(name=name, number=self.number)
            self.steps.append((up, f'op.execute("DROP FUNCTION {name}()")'))
        else:
            up = f"CREATE FUNCTION {name}() RETURNS INT DETERMINISTIC RETURN {self.number}"
            self.steps.append((f'op.execute("{up}")', f'op.execute("DROP FUNCTION {name}")'))

    def create_trigger(self) -> None:
        """Create a trigger."""
        name, table = self.name("g"), self.dice.choice(list(self.tables))
        if self.database == "sqlite":
            return  # a later copy of the table by plain Alembic would lose it
        up = TRIGGERS[self.database].format(name=name, table=table)
        down = f"DROP TRIGGER {name}" + (f" ON {table}" if self.database == "postgresql" else "")
        drop = f'op.execute("{down}")'
        if self.database == "postgresql":
            drop += f'\nop.execute("DROP FUNCTION {name}_fn()")'
        self.steps.append((up, drop))

    def insert_rows(self) -> None:
        """Insert rows by a table of the script's own, whose name every script uses."""
        table, key = self.dice.choice(list(self.tables)), self.name("9")
        if any(f'sa.table("{table}"' in up for up, _ in self.steps):
            return
        up = f"""rows = [{{"id": {key}}}]
own = sa.table("{table}", sa.column("id", sa.Integer))
op.bulk_insert(own, rows)
# numbers of the constant
for number in NUMBERS:
    op.execute(own.insert().values(id=number))"""
        ids = f"{key}, *NUMBERS"
        down = f"""own = sa.table("{table}", sa.column("id", sa.Integer))
op.execute(own.delete().where(own.c.id.in_([{ids}])))"""
        self.steps.append((up, down))


STEPS = (
    *("create_table", "add_column", "add_column", "rename_column", "create_view", "replace_view"),
    *("create_function", "create_trigger", "insert_rows"),
)


def make_history(project: AlembicProject, number: int, database: str, length: int = 6) -> list[str]:
    """Write the scripts of a history, and return its revisions."""
    history = History(random.Random(number), database)
    revisions: list[str] = []
    for at in range(length):
        history.steps = []
        history.create_table() if not at else None
        for _ in range(history.dice.randint(1, 3)):
            getattr(history, history.dice.choice(STEPS))()
        revisions.append(f"r{at}")
        write(
            project,
            revisions[-1],
            "\n".join([up for up, _ in history.steps] or ["pass"]),
            down=revisions[-2] if at else None,
            downgrade="\n".join([down for _, down in history.steps[::-1]] or ["pass"]),
            before=f"NUMBERS = [{1000 + at * 10}, {1001 + at * 10}]\n",
        )
    return revisions
