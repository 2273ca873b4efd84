"""The scripts of a project in the order in which they run, with one-line errors.

A database may be at a revision that was squashed into another one; the error says what to do.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from warnings import catch_warnings, simplefilter

from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError

from ..alembic_compat import relative_revision, version_folders
from ..errors import HistoryError
from ..messages import first_line
from .environment import run_env
from .isolation import OutsideError, isolated
from .live_tables import ScriptTables

RELATIVE: Final = re.compile(r"(?:.+@)?\w*[+-]\d+")
"""Relative identifiers of Alembic's tutorial: `head-1`, `ae1027+2`, `+1`."""

TWICE: Final = re.compile("Revision (.+) is present more than once")
"""Alembic's warning about two scripts with one identifier."""


def open_directory(config: Config) -> ScriptDirectory:
    """Return a project's script directory, with all scripts loaded.

    Raises:
        HistoryError: a script cannot be loaded, names a missing revision, or there is a
            cycle.
    """
    directory = script_directory(config)
    load(directory)
    return directory


def script_directory(config: Config) -> ScriptDirectory:
    """Return a project's script directory, with the `version_locations` that `env.py` sets.

    Alembic's commands load the scripts after `env.py` has run.
    """
    directory = ScriptDirectory.from_config(config)
    env = Path(directory.env_py_location)
    if env.is_file() and b"version_locations" in env.read_bytes():
        run_env(config, directory, ScriptTables([]), lambda *_: None)
    return directory


def load(directory: ScriptDirectory) -> None:
    """Load all scripts.

    Raises:
        HistoryError: see `open_directory`.
    """
    _check_folders(directory)
    with _in_one_line(directory), isolated(imports=version_folders(directory)):
        _load(directory)


def loading_error(config: Config) -> HistoryError | None:
    """Return why a project's scripts cannot be loaded; `None` if they can.

    Args:
        config: the project's.

    Raises:
        CommandError: the project has no folder of scripts.
    """
    directory = ScriptDirectory.from_config(config)
    try:
        with _in_one_line(directory):
            _load(directory)
    except HistoryError as err:
        return err
    return None


def scripts_until(directory: ScriptDirectory, revision: str = "heads") -> list[Script]:
    """Return the scripts up to a revision, in the order in which they run.

    Args:
        directory: the project's.
        revision: anything that `alembic upgrade` takes; several by commas.

    Raises:
        HistoryError: there is no such revision.
    """
    names = (each.strip() for each in revision.split(","))
    with _in_one_line(directory):
        wanted = tuple(
            relative_revision(directory, each) if RELATIVE.fullmatch(each) else each
            for each in names
        )
        scripts = directory.iterate_revisions(wanted, "base", implicit_base=True)
        return list(scripts)[::-1]


def revisions_of(directory: ScriptDirectory, names: Iterable[str]) -> list[Script]:
    """Return the scripts with these names; none for `base`.

    Args:
        directory: the project's.
        names: anything that `alembic stamp` takes.

    Raises:
        HistoryError: there is no such revision.
    """
    with _in_one_line(directory):
        return [each for name in names for each in directory.get_revisions(name)]


def _check_folders(directory: ScriptDirectory) -> None:
    """Refuse a `version_locations` without its folder: its scripts would be missing."""
    for folder in version_folders(directory) if directory.version_locations else ():
        if not Path(folder).is_dir():
            raise HistoryError(
                f"version_locations names {folder}, which is not a folder; correct it, or create "
                "the folder",
                directory,
            )


def _load(directory: ScriptDirectory) -> None:
    """Load all scripts.

    Raises:
        HistoryError: two have one identifier; Alembic only warns, and takes the last one.
    """
    with catch_warnings(record=True) as warned:
        simplefilter("always")
        directory.revision_map.heads  # noqa: B018 - loads them all
    for each in warned:
        if twice := TWICE.fullmatch(str(each.message)):
            files = " and ".join(_files_with(directory, "revision", twice[1]))
            raise HistoryError(
                f"{files}: both have the revision identifier {twice[1]!r}; change one of them",
                directory,
            )


@contextmanager
def _in_one_line(directory: ScriptDirectory) -> Iterator[None]:
    try:
        with catch_warnings(action="ignore"):  # an error follows each of them
            yield
    except OutsideError as err:
        raise HistoryError(_not_loaded(directory, err), directory) from err
    except HistoryError:
        raise
    except Exception as err:
        linking = isinstance(err, RevisionError | CommandError | KeyError)
        if linking and (isinstance(err, CommandError) or _line_of_script(directory, err) is None):
            raise HistoryError(_broken_link(directory, err), directory) from err
        raise HistoryError(_not_loaded(directory, err), directory) from err


def _not_loaded(directory: ScriptDirectory, err: Exception) -> str:
    if isinstance(err, SyntaxError) and err.filename:
        line = f":{err.lineno}" if err.lineno else ""
        return f"{Path(err.filename).name}{line}: the script cannot be loaded, {err.msg}"
    place = _line_of_script(directory, err) or _loading(err)
    if isinstance(err, OutsideError) and place:
        return f"{place}: {err.args[0]} when it is loaded; move that into upgrade()"
    subject = f"{place}: the script" if place else f"the scripts of {directory.dir}"
    return f"{subject} cannot be loaded, {type(err).__name__}: {err}"


def _line_of_script(directory: ScriptDirectory, err: Exception) -> str | None:
    """Return `file:line` of the script that raised it while it was loaded."""
    folders = {Path(each).resolve() for each in version_folders(directory)}
    if isinstance(err, OutsideError):
        lines = list(err.lines)
    else:
        frames = traceback.extract_tb(err.__traceback__)
        lines = [(frame.filename, frame.lineno or 0) for frame in reversed(frames)]
    for file, line in lines:
        if not folders.isdisjoint(Path(file).resolve().parents):
            return f"{Path(file).name}:{line}"
    return None


def _loading(err: Exception) -> str | None:
    """Return the script that Alembic could not take, by the variables of its frames."""
    for frame, _ in reversed(list(traceback.walk_tb(err.__traceback__))):
        for value in frame.f_locals.values():
            path = Path(value.path) if isinstance(value, Script) else value
            if isinstance(path, Path) and path.suffix == ".py":
                return path.name
    return None


def _broken_link(directory: ScriptDirectory, err: Exception) -> str:
    message = first_line(err)
    if isinstance(err, KeyError):
        missing = str(err.args[0])
        message = f"it follows the revision {missing!r}, which has no script"
        files = _files_with(directory, "(?:down_revision|depends_on)", missing)
    else:
        named = getattr(err, "revisions", None) or re.findall(r"[^\s',()]+", message)
        files = [each for name in named for each in _files_with(directory, "revision", name)]
    return f"{files[0]}: {message}" if files else f"{message} (in {directory.dir})"


def _files_with(directory: ScriptDirectory, variable: str, revision: str) -> list[str]:
    """Return the names of the scripts that name a revision in a variable."""
    assigned = re.compile(
        rf"^{variable}\b[^=\n]*=[^=:#)\]]*?[\"']{re.escape(revision)}[\"']", re.MULTILINE
    )
    return [file.name for file, text in _texts(directory).items() if assigned.search(text)]


def _texts(directory: ScriptDirectory) -> dict[Path, str]:
    """Return the text of each script by file, as far as it is UTF-8."""
    pattern = "**/*.py" if directory.recursive_version_locations else "*.py"
    files = (each for folder in version_folders(directory) for each in Path(folder).glob(pattern))
    return {each: each.read_text(encoding="utf-8", errors="replace") for each in sorted(files)}


__all__ = ["OutsideError", "open_directory", "scripts_until"]


def explain_squashed(directory: ScriptDirectory, missing: str) -> str | None:
    """Return what to do about a revision without a script; `None` if no script names it.

    The squashed script names it in `squashed_revisions`.
    """
    for script in directory.walk_revisions():
        if missing in getattr(script.module, "squashed_revisions", ()):
            release = getattr(script.module, "squashed_release", None)
            last = script.revision
            where = f"release {release}" if release else "a release that still has its script"
            return (
                f"the revision {missing!r} has been squashed into {last!r}: upgrade this database "
                f"to {last} with {where} first"
            )
    return None
