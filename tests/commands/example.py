"""The example application in a project of a test, so that its scripts may be rewritten."""

from __future__ import annotations

from pathlib import Path

from tests.alembic_project import AlembicProject, ProjectFactory

ROOT = Path(__file__).parents[2]
VERSIONS = sorted((ROOT / "migrations_example" / "versions").glob("*.py"))
NO_MODELS = "import sqlalchemy as sa\ntarget_metadata = sa.MetaData()\n"


def example(make: ProjectFactory, url: str) -> AlembicProject:
    """Return a project with the example's scripts and no models."""
    project = make(NO_MODELS, url)
    for script in VERSIONS:
        path = project.write_script(script.stem, script.read_text(encoding="utf-8"))
        path.rename(path.with_name(script.name))
    return project
