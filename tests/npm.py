"""Programs of npm packages, in folders that git ignores. They need npm, a registry, and Node 20."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

CACHE = Path(__file__).parents[1] / ".npm"


class PackageUnavailableError(Exception):
    """A package cannot be installed; the message says why."""


def install(name: str, packages: Sequence[str], script: str) -> Path:
    """Return the folder that has packages, and a script as `run.mjs`; fetch what is missing.

    Args:
        name: of the folder.
        packages: what to install, as for `npm install`.
        script: of Node.

    Raises:
        PackageUnavailableError: they cannot be fetched.
    """
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise PackageUnavailableError(f"{program} is not installed: install Node 20 or newer")
    folder = CACHE / name
    if not (folder / "installed").exists():
        folder.mkdir(exist_ok=True, parents=True)
        (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
        done = run(folder, "npm", "install", "--silent", "--no-audit", "--no-fund", *packages)
        if done.returncode:
            raise PackageUnavailableError(f"npm cannot install {packages}: {done.stderr[-300:]}")
        (folder / "installed").touch()
    (folder / "run.mjs").write_text(script, encoding="utf-8")
    return folder


def run(folder: Path, *command: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command in a folder."""
    return subprocess.run(
        command,
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "npm_config_update_notifier": "false"},
    )
