"""The tests of a project, from its source distribution on the package index."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
SUITES = ROOT / ".suites"


class SourceError(Exception):
    """A source distribution cannot be had; the message is pip's."""


def source(distribution: str) -> Path:
    """Return the unpacked source distribution of the installed version, downloading it once.

    Raises:
        SourceError: pip does not find it.
    """
    version = importlib.metadata.version(distribution)
    folder = SUITES / f"{distribution}-{version}"
    if not folder.is_dir():
        SUITES.mkdir(exist_ok=True)
        with tarfile.open(_download(distribution, version)) as archive:
            archive.extractall(SUITES, filter="data")
    return folder


def _download(distribution: str, version: str) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--no-binary", distribution, "--dest", str(SUITES)]
    ran = subprocess.run(  # noqa: S603 - our own command
        [*command, f"{distribution}=={version}"], capture_output=True, text=True, check=False
    )
    found = sorted(SUITES.glob(f"{distribution}-{version}.tar.gz"))
    if not found:
        raise SourceError(ran.stderr.strip())
    return found[0]
