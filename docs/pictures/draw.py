"""Draws the pictures of the documentation: the HTML report of the shop, in a headless browser.

python docs/pictures/draw.py        # needs chromium on the PATH and casemate installed
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
SIZE = "1280,1500"


def main() -> int:
    """Write report.png beside this file."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        sys.stderr.write("chromium is not installed\n")
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.html"
        words = ["scan", "examples/shop", "--fail-on", "none", "--format", "html", "--output", str(report)]
        subprocess.run([sys.executable, "-m", "casemate", *words], check=True, cwd=HERE.parents[1])  # noqa: S603
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--window-size={SIZE}",
        ]
        picture = f"--screenshot={HERE / 'report.png'}"
        subprocess.run([browser, *options, picture, report.as_uri()], check=True, capture_output=True)  # noqa: S603
    return 0


if __name__ == "__main__":
    sys.exit(main())
