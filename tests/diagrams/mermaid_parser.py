"""Mermaid's own parser, from its npm package."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from tests.npm import install as install_packages
from tests.npm import run

PACKAGES = ("mermaid@11", "jsdom@26")
SCRIPT = """
import { JSDOM } from "jsdom";
const { window } = new JSDOM("<!DOCTYPE html><body></body>");
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import("mermaid");
let input = "";
for await (const chunk of process.stdin) input += chunk;
const errors = [];
for (const text of JSON.parse(input)) {
  try { await mermaid.parse(text); errors.push(null); }
  catch (error) { errors.push(String(error.message ?? error)); }
}
process.stdout.write(JSON.stringify(errors));
"""


def install() -> Path:
    """Return the folder that has the parser; fetch it if it is not there yet.

    Raises:
        PackageUnavailableError: it cannot be fetched.
    """
    return install_packages("mermaid", PACKAGES, SCRIPT)


def errors(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Return the texts that Mermaid does not accept, each with the error."""
    done = run(install(), "node", "run.mjs", stdin=json.dumps(texts))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return [(text, error) for text, error in zip(texts, found, strict=True) if error is not None]
