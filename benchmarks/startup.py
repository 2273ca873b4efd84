"""Time `alembic --help` with and without the plugin: whole processes, in turns.

    python -m benchmarks.startup [runs]

The packages of this environment are linked into two folders, one without ours and its entry point;
nothing else differs. Of the processor's times of all processes that one counts below which a
quarter of them stays: the shortest is chance, the longest tell of the machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping
from importlib.metadata import distribution
from pathlib import Path
from statistics import quantiles

SRC = Path(__file__).parents[1] / "src"
COMMAND = (sys.executable, "-S", "-m", "alembic", "--help")
RUNS = 40
LIMIT = 15.0


def link_packages(folder: Path, *, ours: bool) -> dict[str, str]:
    """Link what is installed into a folder; return the environment that uses it."""
    folder.mkdir()
    for item in Path(sysconfig.get_path("purelib")).iterdir():
        if "alembic_moltres" not in item.name:
            (folder / item.name).symlink_to(item)
    paths = [str(folder)]
    if ours:
        metadata = distribution("alembic-moltres").locate_file("")
        for item in Path(str(metadata)).glob("alembic_moltres-*.dist-info"):
            (folder / item.name).symlink_to(item)
        for item in SRC.iterdir():
            if not (folder / item.name).exists():
                (folder / item.name).symlink_to(item)
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def seconds(environment: Mapping[str, str]) -> float:
    """Return the processor's time of one process."""
    process = subprocess.Popen(COMMAND, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, COMMAND)
    return usage.ru_utime + usage.ru_stime


def has_plugin(environment: Mapping[str, str]) -> bool:
    """Tell whether Alembic finds the plugin there."""
    source = "import alembic, sys; print('alembic_moltres.plugin' in sys.modules)"
    command = [*COMMAND[:2], "-c", source]
    said = subprocess.check_output(command, env=environment, text=True)  # noqa: S603 - our own
    return said.strip() == "True"


def main(runs: int) -> None:
    """Measure, and print what the plugin adds."""
    with tempfile.TemporaryDirectory() as place:
        without = link_packages(Path(place, "without"), ours=False)
        with_it = link_packages(Path(place, "with"), ours=True)
        if has_plugin(without) or not has_plugin(with_it):
            raise SystemExit("the two environments do not differ by the plugin")
        plain, ours = [], []
        for _ in range(runs):
            plain.append(seconds(without) * 1000)
            ours.append(seconds(with_it) * 1000)
    plain_ms, our_ms = (quantiles(times, n=4)[0] for times in (plain, ours))
    added = (our_ms / plain_ms - 1) * 100
    print(f"Python {sys.version.split()[0]}, `alembic --help`, {runs} runs each, in turns")
    print(
        f"with the plugin {our_ms:6.1f} ms   without {plain_ms:6.1f} ms"
        f"   it adds {added:4.1f} % (at most {LIMIT:.0f} %)"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
