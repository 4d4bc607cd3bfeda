"""Seconds, bytes and first paint of the brief of an issue: a table.

    .venv/bin/python -P benchmarks/brief.py --out predictions

reads the latest issue in the folder (make one with `faultline run`), makes its brief anew three times in each language,
and opens it three times in a headless Chromium, if there is one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from faultline.pipelines.base.progress import Progress
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.jobs.rebrief import rebrief
from faultline.pipelines.report.catalogues import LANGUAGES

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from chromium import Browser, chromium_program  # the tests' own browser

MOST_SECONDS, MOST_BYTES, MOST_PAINT = 15.0, 4_000_000, 1.0
#: The browser's own word on when it first painted, in milliseconds since the start of navigation.
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


def first_paint(program: str, file: Path, profile: Path) -> float:
    """Seconds from the start of navigation to the first content that a new browser paints."""
    browser = Browser(program, profile)
    try:
        browser.open(file)
        painted = browser.run(PAINTED)
    finally:
        browser.close()
    return float("nan") if painted is None else float(painted) / 1000


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("predictions"))
    options = parser.parse_args()
    program = chromium_program()
    print(
        f"{'language':<10}{'seconds':>10}{'of these, processor':>22}{'limit':>8}"
        f"{'bytes':>12}{'limit':>12}{'paint, s':>10}{'limit':>8}"
    )
    for lang in LANGUAGES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            settings = Settings(out=options.out, lang=lang)
            seconds: list[float] = []
            processor: list[float] = []  # what other work on the machine moves far less
            file = folder / f"{lang}.html"
            for _ in range(3):
                start, worked = time.perf_counter(), time.process_time()
                rebrief(settings, Progress.on_stderr(quiet=True), to=file)
                seconds.append(time.perf_counter() - start)
                processor.append(time.process_time() - worked)
            size = file.stat().st_size
            paints = [first_paint(program, file, folder / f"profile-{i}") for i in range(3)] if program else []
            paint = median(paints) if paints else float("nan")
        print(
            f"{lang:<10}{median(seconds):>10.1f}{median(processor):>22.1f}{MOST_SECONDS:>8.0f}"
            f"{size:>12,}{MOST_BYTES:>12,}{paint:>10.2f}{MOST_PAINT:>8.0f}"
        )


if __name__ == "__main__":
    main()
