"""Queries that are typed into the search of the site, in Chromium."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from tests.accessibility import PACKAGES
from tests.npm import PackageUnavailableError, install, run

SCRIPT = """
import puppeteer from "puppeteer-core";
const [chromium, address] = process.argv.slice(2);
let input = "";
for await (const chunk of process.stdin) input += chunk;
const args = ["--no-sandbox", "--disable-gpu"];
const browser = await puppeteer.launch({ executablePath: chromium, args });
const page = await browser.newPage();
const found = [];
for (const query of JSON.parse(input)) {
  await page.goto(`${address}?q=${encodeURIComponent(query)}`);
  await page.waitForFunction(() =>
    /finished|did not match/.test(document.querySelector("#search-results")?.innerText ?? ""));
  found.push(await page.evaluate(() =>
    [...document.querySelectorAll("#search-results ul.search > li > a")]
      .map((each) => each.getAttribute("href").split(/[?#]/)[0].replace(/\\.html$/, ""))));
}
await browser.close();
process.stdout.write(JSON.stringify(found));
"""


def search(site: Path, queries: Sequence[str]) -> list[list[str]]:
    """Return the pages that each query finds, the best first.

    Raises:
        PackageUnavailableError: Chromium or an npm package is not to be had.
    """
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise PackageUnavailableError("Chromium is not installed: apt-get install chromium")
    folder = install("site-search", PACKAGES, SCRIPT)
    page = (site / "search.html").as_uri()
    done = run(folder, "node", "run.mjs", chromium, page, stdin=json.dumps(queries))
    assert done.returncode == 0, done.stderr
    found: list[list[str]] = json.loads(done.stdout)
    return found
