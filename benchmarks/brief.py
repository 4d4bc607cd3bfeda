"""Seconds, bytes and first paint of the brief of an issue: a table.

    .venv/bin/python -P benchmarks/brief.py --out predictions [--chromium chromium]

reads the latest issue in the folder (make one with `faultline run`), makes its brief anew three times in each language,
and opens it three times in a headless Chromium, if there is one.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

from faultline.pipelines.progress import Progress
from faultline.pipelines.rebrief import rebrief
from faultline.pipelines.report.catalogues import LANGUAGES
from faultline.pipelines.settings import Settings

MOST_SECONDS, MOST_BYTES, MOST_PAINT = 20.0, 4_000_000, 2.0
#: Written into a copy of the page: the browser's own word on when it first painted, in milliseconds.
PROBE = """<script>addEventListener("load", () => setTimeout(() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  document.body.append(`PAINTED ${paint ? paint.startTime : -1} END`);
}, 500));</script>"""


def first_paint(chromium: str, file: Path, folder: Path) -> float:
    """Seconds from the start of navigation to the first content that the browser paints."""
    page = file.read_text(encoding="utf-8")
    # the copy lets the probe run beside the page's own scripts
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page).replace("<head>", f"<head>{PROBE}", 1)
    copy = folder / "brief.html"
    copy.write_text(page, encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--timeout=8000", f"--user-data-dir={folder / 'profile'}"]
    done = subprocess.run([chromium, *flags, "--dump-dom", copy.as_uri()], capture_output=True, text=True, check=True)  # noqa: S603  # the browser that the caller names
    found = re.search(r"PAINTED ([\d.]+) END", done.stdout)
    return float(found[1]) / 1000 if found else float("nan")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("predictions"))
    parser.add_argument("--chromium", default="chromium")
    options = parser.parse_args()
    chromium: str | None = shutil.which(str(options.chromium))
    print(f"{'language':<10}{'seconds':>10}{'limit':>8}{'bytes':>12}{'limit':>12}{'paint, s':>10}{'limit':>8}")
    for lang in LANGUAGES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            settings = Settings(out=options.out, lang=lang)
            seconds: list[float] = []
            file = folder / f"{lang}.html"
            for _ in range(3):
                start = time.perf_counter()
                rebrief(settings, Progress.on_stderr(quiet=True), to=file)
                seconds.append(time.perf_counter() - start)
            size = file.stat().st_size
            paint = median(first_paint(chromium, file, folder) for _ in range(3)) if chromium else float("nan")
        print(
            f"{lang:<10}{median(seconds):>10.1f}{MOST_SECONDS:>8.0f}{size:>12,}{MOST_BYTES:>12,}"
            f"{paint:>10.2f}{MOST_PAINT:>8.0f}"
        )


if __name__ == "__main__":
    main()
