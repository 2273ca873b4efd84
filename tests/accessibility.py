"""Pages of a site in Chromium, checked by axe-core on a phone's screen, in light and in dark.

axe-core's rules are those of WCAG 2.1 A and AA (contrast, alternative texts, language, ...) and its
own of good practice (the order of headings, landmarks).
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.npm import PackageUnavailableError, install, run

PACKAGES = ("axe-core@4", "puppeteer-core@24")
SCRIPT = """
import puppeteer from "puppeteer-core";
import { readFileSync } from "fs";
import { pathToFileURL } from "url";
const [chromium, ...pages] = process.argv.slice(2);
const axe = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
const args = ["--no-sandbox", "--disable-gpu"];
const browser = await puppeteer.launch({ executablePath: chromium, args });
const page = await browser.newPage();
await page.setViewport({ width: 390, height: 844 });
const found = [];
for (const file of pages) {
  const add = (scheme, rule, where) => found.push([file, scheme, rule, where]);
  await page.setJavaScriptEnabled(false);
  await page.goto(pathToFileURL(file).href);
  const shown = await page.evaluate(() => document.querySelector("article").innerText.length);
  if (shown < 20) add("without scripts", "nothing to read", "");
  await page.setJavaScriptEnabled(true);
  for (const scheme of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.goto(pathToFileURL(file).href);
    await page.evaluate(axe);
    const runOnly = scheme == "light" ? TAGS : ["color-contrast"];
    const { violations } = await page.evaluate(
      (runOnly) => axe.run(document, { runOnly }), runOnly);
    for (const each of violations) add(scheme, each.id, each.nodes[0].html.slice(0, 200));
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > 390) add(scheme, "wider than a phone", String(width));
  }
}
await browser.close();
process.stdout.write(JSON.stringify(found));
"""


def violations(pages: list[Path]) -> list[list[str]]:
    """Return what is wrong: page, colours, rule, and the element.

    Raises:
        PackageUnavailableError: Chromium or an npm package is not to be had.
    """
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise PackageUnavailableError("Chromium is not installed: apt-get install chromium")
    folder = install("accessibility", PACKAGES, SCRIPT)
    done = run(folder, "node", "run.mjs", chromium, *map(str, pages))
    assert done.returncode == 0, done.stderr
    found: list[list[str]] = json.loads(done.stdout)
    return found
