"""Out-of-sample skill of the fragmentation targets: the backtest of both levels, as one page.

Run ``python benchmarks/fragmentation.py --write docs/fragmentation-skill.md`` to put the tables into the docs. Years
2003 to 2017 are the era on which everything was chosen; 2018 to 2025 was kept apart.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from faultline.pipelines.backtest.engine import backtest
from faultline.pipelines.backtest.tables import fragmentation_lines
from faultline.pipelines.base.progress import Progress
from faultline.pipelines.base.settings import Settings

PLAN: dict[str, dict[str, Any]] = {
    "country": {"targets": ("new_armed_actor", "fragmentation", "territorial_fragmentation"), "horizons": (3, 6, 12)},
    "region": {"targets": ("contestation",), "horizons": (6, 12)},
}


def commands(first: int, last: int) -> list[str]:
    """The same from the command line."""
    years = "" if (first, last) == (2018, 2025) else f" --first {first} --last {last}"
    return [
        f"faultline backtest --level {level} --targets {','.join(plan['targets'])} "
        f"--horizons {','.join(map(str, plan['horizons']))}{years}"
        for level, plan in PLAN.items()
    ]


def document(first: int, last: int, out: Path) -> str:
    """The page of the docs."""
    settings, progress = Settings(), Progress.on_stderr()
    lines = [
        f"# Skill of the fragmentation targets, out of sample, {first} to {last}",
        "",
        "Every forecaster learns from windows that ended by December of year y-1 and scores the twelve origins from",
        f"then on, y from {first} to {last} as far as the data reach. Features, sizes and pool were chosen on 2003 to",
        "2017. Skill over the base rate is over the best constant in hindsight. Made by",
        "`python benchmarks/fragmentation.py --write PAGE`; the same tables, with all strata, are written by",
        "",
        "```sh",
        *commands(first, last),
        "```",
    ]
    for level, plan in PLAN.items():
        result = backtest(settings, progress, level=level, first=first, last=last, out=out, **plan)
        for target, shown in fragmentation_lines(result, seed=settings.seed).items():
            lines += ["", f"## `{target}`", "", *shown[:-1]]
    return "\n".join([*lines, ""]).replace("nan", "-")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="file to write the page to")
    parser.add_argument("--years", default="2018-2025", help="first and last year")
    parser.add_argument("--out", type=Path, default=Path("backtest/fragmentation"), help="folder of the parts")
    given = parser.parse_args()
    begin, end = (int(year) for year in given.years.split("-"))
    page = document(begin, end, given.out)
    print(page)
    if given.write:
        given.write.write_text(page, encoding="utf-8")
