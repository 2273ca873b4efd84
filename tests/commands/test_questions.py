"""What only a person knows is asked, or answered with `-x`; without an answer nothing is written."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.commands.command_line import Finished, run
from tests.operations.circle import execute, read

HEAD = """\
import sqlalchemy as sa
target_metadata = metadata = sa.MetaData()
"""
TABLE = """
sa.Table("{name}", metadata, sa.Column("id", sa.Integer, primary_key=True), {columns})
"""


def table(*columns: str, name: str = "users") -> str:
    """Return the source of a table with an `id` and columns."""
    return TABLE.format(name=name, columns=", ".join(columns))


def text(name: str, length: int = 20) -> str:
    return f'sa.Column("{name}", sa.String({length}))'


BEFORE = HEAD + table(text("mail"), 'sa.Column("age", sa.Integer)')
AFTER = BEFORE.replace('"mail", sa.String(20)', '"email", sa.String(30)')
ASKED = """\
users.mail → users.email: rename?
    -x moltres.rename=users.mail:email
    -x moltres.rename=none
"""


@pytest.fixture
def project(alembic_project: ProjectFactory, any_engine: sa.Engine) -> AlembicProject:
    """Give a project whose column is renamed in the models, with a row in the database."""
    project = alembic_project(BEFORE, any_engine.url.render_as_string(hide_password=False))
    project.revision("before", rev_id="a1")
    project.upgrade()
    execute(any_engine, "INSERT INTO users (id, mail, age) VALUES (1, 'a@b', 7)")
    project.write_models(AFTER)
    return project


def revision(project: AlembicProject, *x: str, options: tuple[str, ...] = ()) -> Finished:
    """Run `revision --autogenerate` with these answers."""
    answers = [word for each in x for word in ("-x", each)]
    return run(project, *answers, "revision", "--autogenerate", "-m", "after", *options)


def upgrade_of(project: AlembicProject) -> str:
    """Return what upgrade() of the newest script does."""
    script = project.scripts()[-1].read_text(encoding="utf-8")
    return script.partition("def upgrade")[2].partition("def downgrade")[0]


@pytest.mark.parametrize("options", [(), ("--offline",)])
def test_an_open_question_ends_with_2_and_the_lines_to_copy(
    project: AlembicProject, options: tuple[str, ...]
) -> None:
    done = revision(project, options=options)
    says = "a question is open, and nothing was written; pass answers before the command's name"
    assert (2, "", f"{ASKED}FAILED: {says}\n") == (done.status, done.out, done.err)
    assert 1 == len(project.scripts())


@pytest.mark.parametrize("options", [(), ("--offline",)])
def test_the_line_that_is_copied_makes_what_renamed_from_makes(
    project: AlembicProject, any_engine: sa.Engine, options: tuple[str, ...]
) -> None:
    _, option = ASKED.splitlines()[1].split()
    assert 0 == revision(project, option, options=options).status
    answered = upgrade_of(project)
    project.scripts()[-1].unlink()
    project.write_models(AFTER.replace("String(30)", 'String(30), info={"renamed_from": "mail"}'))
    assert 0 == revision(project, options=options).status
    assert answered == upgrade_of(project)
    project.upgrade()
    assert [(1, "a@b", 7)] == read(any_engine, "SELECT id, email, age FROM users")
    project.check()
    project.downgrade("a1")
    assert [(1, "a@b", 7)] == read(any_engine, "SELECT id, mail, age FROM users")


def test_none_drops_and_adds(project: AlembicProject) -> None:
    assert 0 == revision(project, "moltres.rename=none").status
    assert "rename_column" not in upgrade_of(project)
    assert "drop_column" in upgrade_of(project)


@pytest.mark.parametrize(
    "answer", ["users.mial:email", "users.mail:name", "user.mail:email", "users.mail:age", "a:b"]
)
def test_an_answer_that_fits_nothing_is_refused_with_what_there_is(
    project: AlembicProject, answer: str
) -> None:
    done = revision(project, f"moltres.rename={answer}")
    assert 2 == done.status
    assert f"FAILED: -x moltres.rename={answer} matches no difference" in done.err
    assert "-x moltres.rename=users.mail:email" in done.err
    assert 1 == len(project.scripts())


@pytest.mark.parametrize("answer", ["users.mail", "users.mail:", ":", "a:b:c"])
def test_an_answer_that_cannot_be_read_shows_the_form(project: AlembicProject, answer: str) -> None:
    done = revision(project, f"moltres.rename={answer}")
    assert 2 == done.status
    assert "is not a rename; write table.column:name, table:name, or none" in done.err


def test_stock_alembic_refuses_with_the_same_lines(project: AlembicProject) -> None:
    with pytest.raises(CommandError) as raised:
        project.revision("after")
    assert str(raised.value).endswith(ASKED.rstrip())
    assert 1 == len(project.scripts())
    project.run("-x", "moltres.rename=users.mail:email", "revision", "--autogenerate", "-m", "x")
    assert "rename_column" in upgrade_of(project)


@pytest.mark.parametrize("kind", ["rename=users.mail:email", "fill=users.age:0", "label=m.a:b"])
def test_without_a_difference_an_answer_is_refused_too(project: AlembicProject, kind: str) -> None:
    project.write_models(BEFORE)
    answer = f"moltres.{kind}"
    refused = f"-x {answer} matches no difference; leave it out"
    with pytest.raises(CommandError, match=refused):
        project.run("-x", answer, "revision", "--autogenerate", "-m", "x")
    done = revision(project, answer)
    assert (2, f"FAILED: {refused}\n") == (done.status, done.err)
    assert 1 == len(project.scripts())
    project.run("-x", "moltres.rename=none", "revision", "--autogenerate", "-m", "x")
    assert 2 == len(project.scripts())


@pytest.mark.slow
@pytest.mark.parametrize("program", ["alembic", "alembic-moltres"])
def test_the_whole_line_can_be_copied(
    alembic_project: ProjectFactory, sqlite_url: str, program: str
) -> None:
    project = alembic_project(BEFORE, sqlite_url)
    (project.directory / "alembic.ini").rename(project.directory / "my.ini")
    env = project.env.read_text(encoding="utf-8")
    project.env.write_text(f"{env}\nassert context.get_x_argument()[0].startswith('password=')\n")
    typed = ["-c", "my.ini", "-x", "password=a://b:c@d", "revision", "--autogenerate", "-m", "it's"]

    def process(words: list[str]) -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).parent / program), *words]
        return subprocess.run(
            command, cwd=project.directory, capture_output=True, text=True, check=False
        )

    assert 0 == process(typed).returncode
    assert 0 == process([*typed[:4], "upgrade", "head"]).returncode
    project.write_models(AFTER)
    asked = process(typed)
    says = asked.stdout + asked.stderr
    line = (
        f"    {program} -c my.ini -x 'password=a://b:***@d' -x moltres.rename=users.mail:email "
        "revision --autogenerate -m 'it'\"'\"'s'"
    )
    assert line in says.splitlines(), says
    assert 1 == len(project.scripts())
    copied = process(shlex.split(line)[1:])
    assert 0 == copied.returncode, copied.stderr
    assert "rename_column" in upgrade_of(project)


@pytest.mark.parametrize("words", [["python", "/x/bin/flask", "db", "revision"], ["python", "-c"]])
def test_another_program_has_no_whole_line(
    project: AlembicProject, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setattr(sys, "orig_argv", words)
    assert "with the first answer" not in revision(project).err


def test_a_column_that_follows_a_renamed_table_is_asked_about_in_the_same_round(
    alembic_project: ProjectFactory, any_engine: sa.Engine
) -> None:
    def models(people: str, key: str) -> str:
        key_column = f'sa.Column("{key}", sa.Integer, sa.ForeignKey("{people}.id"))'
        columns = (text("mail"), text("city"), 'sa.Column("born", sa.Date)')
        return HEAD + table(*columns, name=people) + table(key_column, name="orders")

    project = alembic_project(
        models("users", "uid"), any_engine.url.render_as_string(hide_password=False)
    )
    project.revision("before", rev_id="a1")
    project.upgrade()
    execute(any_engine, "INSERT INTO users (id, mail) VALUES (1, 'a@b')")
    execute(any_engine, "INSERT INTO orders (id, uid) VALUES (1, 1)")
    project.write_models(models("persons", "person_id"))
    done = revision(project)
    answers = [line.split()[1] for line in done.err.splitlines() if line.startswith("    -x")]
    expected = {"users:persons", "orders.uid:person_id", "none"}
    assert {f"moltres.rename={each}" for each in expected} == set(answers), done.err
    done = revision(project, *answers[:2])
    assert (0, "") == (done.status, done.err)
    project.upgrade()
    assert [(1, 1)] == read(any_engine, "SELECT id, person_id FROM orders")
    project.check()


def test_check_neither_asks_nor_fails_for_it(project: AlembicProject) -> None:
    with pytest.raises(CommandError, match="New upgrade operations detected"):
        project.check()
    done = run(project, "check")
    assert (1, "") == (done.status, done.err)


def test_without_questions_a_rename_is_a_drop_and_an_add(project: AlembicProject) -> None:
    env = project.env.read_text(encoding="utf-8")
    option = 'moltres={"questions": False},'
    project.env.write_text(env.replace('"alembic_moltres"],', f'"alembic_moltres"], {option}'))
    project.revision("after")
    ours = upgrade_of(project)
    assert 'if it became email, give that column info={"renamed_from": ' in ours
    project.scripts()[-1].unlink()
    assert 0 == revision(project).status
    assert ours == upgrade_of(project)


def test_what_a_hook_takes_out_is_not_asked_about(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    env = """
from alembic.autogenerate.rewriter import Rewriter
from alembic.operations.ops import DropColumnOp
keeping = Rewriter()
keeping.rewrites(DropColumnOp)(lambda context, revision, op: [])
"""
    configure = "process_revision_directives=keeping,"
    project = alembic_project(BEFORE, sqlite_url, env=env, configure=configure)
    project.revision("before", rev_id="a1")
    project.upgrade()
    project.write_models(AFTER)
    project.revision("after")
    assert "drop_column" not in upgrade_of(project)


def test_each_of_several_databases_has_its_questions(
    alembic_project: ProjectFactory, tmp_path: Path
) -> None:
    urls = {f"engine{n}": f"sqlite:///{tmp_path}/{n}.db" for n in (1, 2)}
    models = """
import sqlalchemy as sa
first, second = sa.MetaData(), sa.MetaData()
sa.Table("users", first, sa.Column("id", sa.Integer, primary_key=True), sa.Column("{}", sa.Text))
sa.Table("pets", second, sa.Column("id", sa.Integer, primary_key=True), sa.Column("{}", sa.Date))
target_metadata = {{"engine1": first, "engine2": second}}
"""
    project = alembic_project(models.format("mail", "born"), urls, template="multidb")
    assert 0 == revision(project).status
    project.upgrade()
    project.write_models(models.format("email", "birthday"))
    done = revision(project)
    assert 2 == done.status
    assert "-x moltres.rename=users.mail:email" in done.err
    assert "-x moltres.rename=pets.born:birthday" in done.err
    with pytest.raises(CommandError, match="2 questions are open"):
        project.revision("after")
    assert 2 == revision(project, "moltres.rename=users.mail:email").status
    assert 1 == len(project.scripts())
    both = "moltres.rename=users.mail:email,pets.born:birthday"
    done = revision(project, both)
    assert (0, "") == (done.status, done.err)
    script = project.scripts()[-1].read_text(encoding="utf-8")
    assert 4 == script.count("rename_column(")


def test_a_branch_is_written_on_its_head(project: AlembicProject) -> None:
    project.revision("other", autogenerate=False, rev_id="b2")
    project.run("revision", "-m", "branch", "--head", "a1", "--splice", "--rev-id", "c3")
    project.upgrade("heads")
    done = run(
        project,
        *("-x", "moltres.rename=users.mail:email", "revision", "--autogenerate"),
        *("-m", "after", "--head", "c3"),
    )
    assert (0, "") == (done.status, done.err)
    assert "rename_column" in upgrade_of(project)
    assert "'c3'" in project.scripts()[-1].read_text(encoding="utf-8")
