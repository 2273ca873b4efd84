"""Says which `pip install` is missing, before anything here imports what it would bring."""

from importlib.util import find_spec

from ..errors import MissingPackageError

PACKAGES = ("moltres", "aiofiles", "greenlet")
"""What the extra brings; Moltres alone does not import without the last two."""

for _name in PACKAGES:
    if find_spec(_name) is None:
        raise MissingPackageError(
            f"the package {_name!r} is not installed (at alembic_moltres.dataframe); "
            'pip install "alembic-moltres[moltres]"',
            _name,
        )
