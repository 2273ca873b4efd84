"""The description of the package: README.md as a package index can show it.

An index does not resolve links to files of a repository. `files` and `pictures` in pyproject.toml
are the addresses before such a path; without them a link is its text, and a picture its
description.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

LINK = re.compile(r"(!?)\[([^]]*)\]\((?![a-z]+:|#)([^)]+)\)")


class Description(MetadataHookInterface):
    """Makes `readme`, which pyproject.toml leaves to it."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add the description."""
        readme = Path(self.root, "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": LINK.sub(self._link, readme)}

    def _link(self, found: re.Match[str]) -> str:
        mark, text, path = found.groups()
        address = self.config.get("pictures" if mark else "files")
        return f"{mark}[{text}]({address}{path})" if address else text
