"""Draws the pictures of the documentation: pages about the shop, in a headless browser.

python docs/pictures/draw.py [report] [access] [network]   # needs chromium on the PATH and casemate
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
PICTURES = {
    "report": (("scan", "examples/shop", "--fail-on", "none"), "1280,1500", ""),
    "access": (("who-can", "examples/shop", "get", "secrets", "--allow-unreadable"), "1280,720", ""),
    "network": (("reach", "examples/shop-repaired"), "1440,800", "#map?of=data%2Fpostgres%5BStatefulSet%5D"),
}
"""Each picture's command, the size of its window, and what of the page is asked for."""


def main() -> int:
    """Write the pictures beside this file: those that are named, or all."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        sys.stderr.write("chromium is not installed\n")
        return 1
    for name in sys.argv[1:] or PICTURES:
        _draw(browser, name)
    return 0


def _draw(browser: str, name: str) -> None:
    words, size, part = PICTURES[name]
    with tempfile.TemporaryDirectory() as scratch:
        page = Path(scratch) / f"{name}.html"
        command = [sys.executable, "-m", "casemate", *words, "--format", "html", "--output", str(page)]
        subprocess.run(command, check=True, cwd=HERE.parents[1])  # noqa: S603
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--window-size={size}",
        ]
        picture = f"--screenshot={HERE / f'{name}.png'}"
        subprocess.run([browser, *options, picture, page.as_uri() + part], check=True, capture_output=True)  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
