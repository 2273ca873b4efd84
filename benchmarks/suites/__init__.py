"""Other projects' own suites, run with this package in the place of theirs.

The tests are taken from the source distribution on the package index; none is kept here.

sources               the source distribution of the installed version
runs                  one run of a suite on one database
outcomes              how the tests of a run ended
known_failures        the tests that fail rightly, and why; `alembic.toml`, `moltres.toml`
alembic_in_place      the pytest plugin that puts our comparator into Alembic's tests
moltres_in_place      the one that puts our databases into Moltres' tests
"""
