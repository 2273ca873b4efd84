"""Diagrams drawn by Mermaid in Chromium."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.npm import PackageUnavailableError, install, run

PACKAGES = ("mermaid@11", "puppeteer-core@24")
SCRIPT = """
import puppeteer from "puppeteer-core";
const [chromium] = process.argv.slice(2);
let input = "";
for await (const chunk of process.stdin) input += chunk;
const args = ["--no-sandbox", "--disable-gpu"];
const browser = await puppeteer.launch({ executablePath: chromium, args });
const page = await browser.newPage();
await page.setContent("<main></main>");
await page.addScriptTag({ path: "node_modules/mermaid/dist/mermaid.min.js" });
const found = [];
for (const text of JSON.parse(input)) {
  found.push(await page.evaluate(async (text) => {
    window.injected = 0;
    mermaid.initialize({ startOnLoad: false });
    const { svg } = await mermaid.render("diagram", text);
    const main = document.querySelector("main");
    main.innerHTML = svg;
    const drawn = main.querySelector("svg");
    const shown = [...main.querySelectorAll(".label, .edgeLabel")].map((each) => each.textContent);
    const markup = main.querySelectorAll("script, img, iframe, a[href], b").length;
    return [drawn.viewBox.baseVal.width, markup + window.injected, shown];
  }, text));
}
await browser.close();
process.stdout.write(JSON.stringify(found));
"""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What Chromium shows of a diagram.

    Args:
        width: in pixels.
        markup: the number of elements that its texts have made.
        texts: that are shown.
    """

    width: float
    markup: int
    texts: tuple[str, ...]


def installed() -> tuple[str, Path]:
    """Return Chromium, and the folder of a script that draws.

    Raises:
        PackageUnavailableError: Chromium or an npm package is not to be had.
    """
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise PackageUnavailableError("Chromium is not installed: apt-get install chromium")
    return chromium, install("browser", PACKAGES, SCRIPT)


def draw(texts: Sequence[str]) -> list[Drawing]:
    """Draw each text."""
    chromium, folder = installed()
    done = run(folder, "node", "run.mjs", chromium, stdin=json.dumps(texts))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return [Drawing(width, markup, tuple(shown)) for width, markup, shown in found]
