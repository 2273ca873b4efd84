"""Reports a missing `pip install` before anything here imports the package."""

from importlib.util import find_spec

from ..errors import MissingPackageError

PACKAGES = ("moltres", "aiofiles", "greenlet")
"""The packages of the extra; Moltres itself needs the last two to be imported."""

for _name in PACKAGES:
    if find_spec(_name) is None:
        raise MissingPackageError(
            f"the package {_name!r} is not installed (at alembic_moltres.dataframe); "
            'pip install "alembic-moltres[moltres]"',
            _name,
        )
