"""Canaries: each fails on the day Alembic changes a private name that we use, or what it does."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace

import alembic.command
import pytest
import sqlalchemy as sa
from alembic import op
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.operations import Operations
from alembic.operations.ops import CreateTableOp
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import HeadMaintainer, MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from alembic_moltres import alembic_compat
from alembic_moltres.operations.ops import MoltresCreateTableOp
from alembic_moltres.schema import TableSchema, column
from tests.test_sqla_compat import dialect_of, table, uncovered


def test_our_operation_has_every_attribute_of_alembics() -> None:
    ours = MoltresCreateTableOp(TableSchema("t", [column("a", "INTEGER")]))
    theirs = vars(CreateTableOp.from_table(table()))
    assert alembic_compat.NAMESPACE_METADATA in theirs
    assert [name for name in theirs if not hasattr(ours, name)] == []


def test_a_column_that_a_rewriter_makes_unique_brings_its_constraint() -> None:
    def keys(op: CreateTableOp) -> list[str]:
        op.columns = [sa.Column("a", sa.Integer, unique=True)]
        made = CreateTableOp.to_table(op)
        return [type(key).__name__ for key in made.constraints if key is not made.primary_key]

    included = CreateTableOp.from_table(table())
    assert keys(included) == []
    alembic_compat.leave_column_constraints_out(included)
    assert keys(included) == ["UniqueConstraint"]
    ours = MoltresCreateTableOp(TableSchema("t", [column("a", "INTEGER")]))
    assert keys(ours) == ["UniqueConstraint"]


def test_comparators_are_listed_and_belong_to_one_run() -> None:
    def compare(*_: object) -> None:
        called.append(True)

    def autogen() -> AutogenContext:
        return AutogenContext(MigrationContext.configure(connection), sa.MetaData())

    called: list[bool] = []
    with sa.create_engine("sqlite://").connect() as connection:
        context = autogen()
        context.comparators.dispatch_for("canary", qualifier="sqlite", subgroup="s")(compare)
        listed = alembic_compat.comparators(context)
        (entries,) = (found for (target, *_), found in listed.items() if target == "canary")
        assert entries == [(compare, "s")]
        context.comparators.dispatch("canary", qualifier="sqlite")()
        entries.clear()
        context.comparators.dispatch("canary", qualifier="sqlite")()
        assert called == [True]
        assert not any(target == "canary" for target, *_ in alembic_compat.comparators(autogen()))


def test_the_comparison_of_schemas_is_among_the_comparators() -> None:
    with sa.create_engine("sqlite://").connect() as connection:
        context = AutogenContext(MigrationContext.configure(connection), sa.MetaData())
    targets = {target for target, *_ in alembic_compat.comparators(context)}
    assert {"schema", "table"} <= targets


def test_the_version_table_is_the_one_that_is_stamped() -> None:
    with sa.create_engine("sqlite://").connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": "stamps"})
        version = alembic_compat.version_table(context)
        context.stamp(ScriptDirectory(Path(__file__).parent), "base")
        assert sa.inspect(connection).get_table_names() == [version.name] == ["stamps"]


@pytest.mark.parametrize("as_sql", [False, True])
def test_every_statement_is_checked_before_it_is_executed_or_written(*, as_sql: bool) -> None:
    seen: list[object] = []
    with sa.create_engine("sqlite://").connect() as connection:
        options = {"as_sql": as_sql, "output_buffer": io.StringIO()}
        context = MigrationContext.configure(connection, opts=options)
        version = alembic_compat.version_table(context)
        alembic_compat.before_each_statement(context.impl, seen.append)
        context.impl.execute("SELECT 1")
        context.impl.create_table(version)
        HeadMaintainer(context, ())._insert_version("a")
        assert len(seen) == 3
        assert getattr(seen[-1], "table", None) is version


def test_only_allowed_statements_are_executed() -> None:
    with sa.create_engine("sqlite://").connect() as connection:
        context = MigrationContext.configure(connection)
        alembic_compat.filter_statements(context.impl, lambda statement: " a " in str(statement))
        context.impl.execute("CREATE TABLE a (x INTEGER)")
        context.impl.execute("CREATE TEMP TRIGGER")
        assert sa.inspect(connection).get_table_names() == ["a"]


def test_alembic_asks_for_an_impl_that_it_does_not_have(monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic.ddl import impl

    dialect = dialect_of("named")
    monkeypatch.setattr(dialect, "name", "unheard_of")
    monkeypatch.setattr(impl, "_impls", dict(impl._impls))
    asked: list[str] = []

    def load(name: str) -> None:
        asked.append(name)
        if len(asked) > 1:
            type("Made", (impl.DefaultImpl,), {"__dialect__": name})

    alembic_compat.load_impls_on_demand(load)
    with pytest.raises(KeyError, match="unheard_of"):
        MigrationContext.configure(dialect=dialect)
    assert type(MigrationContext.configure(dialect=dialect).impl).__name__ == "Made"
    MigrationContext.configure(dialect=dialect)
    assert asked == ["unheard_of", "unheard_of"]


def test_the_operations_of_a_script_are_put_back() -> None:
    with sa.create_engine("sqlite://").connect() as connection:
        context = MigrationContext.configure(connection)
        with Operations.context(context) as outer:
            with Operations.context(context):
                assert op.get_context() is context
            with pytest.raises((NameError, AttributeError)):
                op.get_context()
            alembic_compat.install_proxy(outer)
            assert op.get_context() is context


def test_the_folders_of_scripts_are_known_without_loading_them(tmp_path: Path) -> None:
    usual = ScriptDirectory(str(tmp_path))
    assert [Path(each) for each in alembic_compat.version_folders(usual)] == [tmp_path / "versions"]
    given = ScriptDirectory(str(tmp_path), version_locations=[str(tmp_path / "a"), str(tmp_path)])
    assert [Path(each) for each in alembic_compat.version_folders(given)] == [
        tmp_path / "a",
        tmp_path,
    ]


def test_each_private_name_has_its_canary() -> None:
    assert uncovered(alembic_compat, Path(__file__)) == set()


def test_who_commits_is_known() -> None:
    with sa.create_engine("sqlite://").connect() as connection:
        context = MigrationContext.configure(connection)
        assert not alembic_compat.commits(context)
        assert not alembic_compat.callers_transaction(context)
        with context.begin_transaction(_per_migration=True):
            assert alembic_compat.commits(context)
            with context.autocommit_block():
                assert not alembic_compat.commits(context)
            assert alembic_compat.commits(context)
        connection.exec_driver_sql("SELECT 1")
        assert alembic_compat.callers_transaction(MigrationContext.configure(connection))


@pytest.mark.parametrize("per_migration", [False, True])
def test_a_script_has_a_transaction_where_each_has_one(*, per_migration: bool) -> None:
    with sa.create_engine("sqlite://").connect() as connection:
        opts = {"transaction_per_migration": per_migration, "transactional_ddl": True}
        context = MigrationContext.configure(connection, opts=opts)
        with alembic_compat.transaction_of_script(context):
            assert connection.in_transaction() is per_migration
        assert not connection.in_transaction()


def test_a_run_tells_what_its_environment_filters_and_compares() -> None:
    def keep(*_: object) -> bool:
        return True

    opts = {"include_object": keep, "include_name": keep, "compare_type": keep}
    with sa.create_engine("sqlite://").connect() as connection:
        context = MigrationContext.configure(connection, opts=opts)
        run = AutogenContext(context, sa.MetaData())
        assert ([keep], [keep]) == (
            alembic_compat.object_filters(run),
            alembic_compat.name_filters(run),
        )
        assert alembic_compat.compare_type(context) is keep
        assert alembic_compat.compare_server_default(context) is False


def test_a_script_shows_that_a_database_is_at_it(tmp_path: Path) -> None:
    (tmp_path / "versions").mkdir()
    source = '"""first"""\nrevision = "a1"\ndown_revision = None\n'
    (tmp_path / "versions" / "a1.py").write_text(source, encoding="utf-8")
    script = ScriptDirectory(str(tmp_path)).get_revision("a1")
    assert script is not None
    alembic_compat.mark_current(script, is_current=True)
    assert script.cmd_format(verbose=False) == "a1 (head) (current)"


def test_a_revision_that_is_missing_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "_catch_revision_errors"
    monkeypatch.setattr(ScriptDirectory, name, getattr(ScriptDirectory, name))
    known = {"a1": "it is gone"}
    alembic_compat.explain_missing_revisions(lambda _, missing: known.get(missing))
    (tmp_path / "versions").mkdir()
    directory = ScriptDirectory(tmp_path)
    with pytest.raises(CommandError, match=r"^it is gone$"):
        directory.get_revisions("a1")
    with pytest.raises(CommandError, match="Can't locate revision identified by 'c3'"):
        directory.get_revisions("c3")


def test_a_context_runs_the_step_that_it_is_given_in_a_transaction_of_its_own() -> None:
    with sa.create_engine("sqlite://").connect() as connection:
        context = MigrationContext.configure(connection, opts={"fn": lambda *_: []})
        alembic_compat.transaction_for_each_revision(context)
        assert context._transaction_per_migration
        ran: list[str] = []
        script = SimpleNamespace(
            revision="a1",
            module=SimpleNamespace(upgrade=lambda: ran.append("a1")),
            doc="",
            _normalized_down_revisions=(),
            _versioned_down_revisions=(),
        )
        alembic_compat.run_only(context, RevisionStep(None, script, is_upgrade=True))  # type: ignore[arg-type]
        context.run_migrations()
        assert (ran, context.get_current_heads()) == (["a1"], ("a1",))


def test_the_environment_of_a_command_is_prepared_and_later_ones_are_not(tmp_path: Path) -> None:
    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(tmp_path))
    (tmp_path / "versions").mkdir()
    (tmp_path / "env.py").write_text("", encoding="utf-8")
    prepared: list[object] = []
    with alembic_compat.each_environment(prepared.append):
        alembic.command.upgrade(config, "head")
    alembic.command.upgrade(config, "head")
    assert [type(each) for each in prepared] == [EnvironmentContext]
