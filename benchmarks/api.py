"""How long a report waits for its predictions; prints a table, asserts nothing.

``python benchmarks/api.py [ISSUE]`` measures each in fresh processes: the clock's time and the processor's, medians of
five. ISSUE is what `faultline.load_scores` takes, the latest by default.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys

TIMES = 5
_CLOCK = "import time, sys, json\nwall, cpu = time.perf_counter(), time.process_time()\n"
_STOP = "\nprint(json.dumps([time.perf_counter() - wall, time.process_time() - cpu]))"
SCRIPTS = {
    "import faultline (at most 0.3 s)": _CLOCK + "import faultline" + _STOP,
    "load_scores after it (at most 0.5 s)": "import faultline\n"
    + _CLOCK
    + "faultline.load_scores({issue!r}, level='region', target='violence_25')"
    + _STOP,
    "load_scores again": "import faultline\nfaultline.load_scores({issue!r})\n"
    + _CLOCK
    + "faultline.load_scores({issue!r}, level='region', target='violence_25')"
    + _STOP,
}


def main() -> None:
    """Print the table."""
    issue = sys.argv[1] if len(sys.argv) > 1 else "latest"
    print(f"{'':<38} {'clock, s':>9} {'processor, s':>13}")
    for name, script in SCRIPTS.items():
        runs: list[list[float]] = []
        for _ in range(TIMES):
            command = [sys.executable, "-P", "-c", script.format(issue=issue)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  # our own words
            runs.append(json.loads(done.stdout.splitlines()[-1]))
        wall, cpu = (statistics.median(times) for times in zip(*runs, strict=True))
        print(f"{name:<38} {wall:>9.3f} {cpu:>13.3f}")


if __name__ == "__main__":
    main()
