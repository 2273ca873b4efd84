"""The example application in a project of a test, so that its scripts may be rewritten."""

from __future__ import annotations

from pathlib import Path

from tests.alembic_project import AlembicProject, ProjectFactory

ROOT = Path(__file__).parents[2]
VERSIONS = sorted((ROOT / "migrations_example" / "versions").glob("*.py"))
BEFORE_THE_BRANCH = ("1f0c6b7a2d41", "8a94d2e7c5b3", "c27e51f09a6d")
NO_MODELS = "import sqlalchemy as sa\ntarget_metadata = sa.MetaData()\n"


def example(
    make: ProjectFactory, url: str, revisions: tuple[str, ...] | None = None
) -> AlembicProject:
    """Return a project with the example's scripts, or with some of them, and no models."""
    project = make(NO_MODELS, url)
    for script in VERSIONS:
        if revisions is not None and script.name.partition("_")[0] not in revisions:
            continue
        path = project.write_script(script.stem, script.read_text(encoding="utf-8"))
        path.rename(path.with_name(script.name))
    return project
