"""Mermaid's own parser, from its npm package, in a folder that git ignores.

It needs npm, a registry that npm is configured for, and Node 20 or newer.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

CACHE = Path(__file__).parents[2] / ".mermaid"
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


class ParserUnavailableError(Exception):
    """The parser cannot be run; the message says why."""


def install() -> Path:
    """Return the folder that has the parser; fetch it if it is not there yet.

    Raises:
        ParserUnavailableError: it cannot be fetched.
    """
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise ParserUnavailableError(f"{program} is not installed: install Node 20 or newer")
    if not (CACHE / "installed").exists():
        CACHE.mkdir(exist_ok=True)
        (CACHE / "package.json").write_text('{"private": true}', encoding="utf-8")
        (CACHE / "parse.mjs").write_text(SCRIPT, encoding="utf-8")
        done = _run("npm", "install", "--silent", "--no-audit", "--no-fund", *PACKAGES)
        if done.returncode:
            raise ParserUnavailableError(f"npm cannot install {PACKAGES}: {done.stderr[-300:]}")
        (CACHE / "installed").touch()
    return CACHE


def errors(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Return the texts that Mermaid does not accept, each with the error."""
    install()
    done = _run("node", "parse.mjs", stdin=json.dumps(texts))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return [(text, error) for text, error in zip(texts, found, strict=True) if error is not None]


def _run(*command: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=CACHE,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "npm_config_update_notifier": "false"},
    )
