"""How far the upper tail of deaths may reach: scores of the pool under several bounds, year by year.

``python benchmarks/tails.py --keep FOLDER``: countries, the hurdle learned to December of each year, the origins of
that month and of the March, June and September after it, 1 to 12 months ahead. The bounds were chosen on origins of
2008 to 2017; ``--first 2018 --last 2025`` tells the same of later years. Each outcome and year is kept in the folder,
so that a killed run goes on.
"""

from __future__ import annotations

import argparse
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from faultline.features.blocks.build import build_features
from faultline.features.panels.countries import country_panel
from faultline.features.tables.snapshot import load_snapshot
from faultline.features.targets.build import TARGETS, targets_of
from faultline.models.distributions import month_ahead as counts
from faultline.models.distributions.pool import SAMPLE_POOL
from faultline.models.distributions.tilting import SMALL_MEAN
from faultline.models.rows.death_rows import deaths_of
from faultline.models.scores.samples import sample_scores
from faultline.pipelines.base.markdown import table_lines

if TYPE_CHECKING:
    from collections.abc import Generator

    from faultline.features.blocks.build import FeatureArrays
    from faultline.features.panels.panel import Panel
    from faultline.models.distributions.pool import SamplePool

FIRST, LAST, MONTHS = 2008, 2017, 12
#: Months after December from which forecasts start.
STARTS = (0, 3, 6, 9)
#: Samples of each month: enough for a mean of 190 countries, and fast.
DRAWS = 300
RIVAL = "conflictology"


@dataclass(frozen=True)
class Bounds:
    """Most logs that an error lifts a forecast by, and most times its own worst month that a unit is forecast."""

    lift: float
    ceiling: float

    def __str__(self) -> str:
        """As the tables name it."""
        lift = "no bound" if np.isinf(self.lift) else f"{self.lift:.1f} logs"
        return f"{lift}, {self.ceiling:g} x"


SERVED = Bounds(counts.MOST_LIFT, counts.CEILING)
TRIED = (
    *(Bounds(lift, 2.0) for lift in (np.inf, 3.5, 3.0, 2.5, 2.0, 1.5)),
    Bounds(2.0, 10.0),
)


@contextmanager
def bounded(bounds: Bounds) -> Generator[None]:
    """Let the hurdle draw within other bounds than it has."""
    counts.MOST_LIFT, counts.CEILING = bounds.lift, bounds.ceiling
    try:
        yield
    finally:
        counts.MOST_LIFT, counts.CEILING = SERVED.lift, SERVED.ceiling


def year_scores(panel: Panel, features: FeatureArrays, outcome: str, year: int) -> pd.DataFrame:
    """Sums of scores of a year, one row a forecaster and whether the month forecast is a war total."""
    last = panel.position(pd.Period(f"{year - 1}-12", "M"))
    with threadpool_limits(1):
        pool = SAMPLE_POOL.fit(panel, features, outcome=outcome, last=last, horizons=MONTHS)
        rows = [
            origin_scores(panel, features, pool, last + start) for start in STARTS if last + start + 1 < panel.shape[0]
        ]
    return pd.concat(rows).groupby(["forecaster", "war total"], as_index=False, sort=False).sum().assign(year=year)


def origin_scores(panel: Panel, features: FeatureArrays, pool: SamplePool, origin: int) -> pd.DataFrame:
    """Scores of every forecaster at one origin, a row each of its months and countries."""
    at = np.full(panel.shape[1], origin)
    drawn = {RIVAL: pool.alone(RIVAL).samples(panel, features, at=at, draws=DRAWS, seed=origin)}
    for bounds in TRIED:
        with bounded(bounds):
            drawn[str(bounds)] = pool.samples(panel, features, at=at, draws=DRAWS, seed=origin)
    ahead = np.arange(1, min(MONTHS, panel.shape[0] - 1 - origin) + 1)
    horizon, unit = np.nonzero(panel.observed[origin + ahead] & panel.observed[origin])
    month = origin + 1 + horizon
    y = deaths_of(panel, pool.hurdle.outcome)[month, unit].astype(np.float64)
    parts: list[pd.DataFrame] = []
    for name, samples in drawn.items():
        some = samples[unit, horizon]
        mean = some.mean(axis=1, dtype=np.float64)
        scores = {
            "n": 1,
            "crps": sample_scores(y, some)["crps"],
            "absolute error": np.abs(mean - y),
            "error": mean - y,
            "too high": mean > np.maximum(np.quantile(some, 0.95, axis=1), SMALL_MEAN),
        }
        parts.append(pd.DataFrame(scores).assign(forecaster=name, **{"war total": panel.war_total[month, unit]}))
    return pd.concat(parts, ignore_index=True)


def means(sums: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Mean scores and the number of means that are too high, by forecaster and more."""
    total = sums.groupby(by, sort=False)[["n", "crps", "absolute error", "error", "too high"]].sum()
    scores = total[["crps", "absolute error", "error"]].div(total["n"], axis=0)
    return scores.assign(**{"too high": total["too high"].astype(int)})


def _scores(row: pd.Series) -> tuple[str, str, str]:
    return f"{row['crps']:.3f}", f"{row['absolute error']:.2f}", f"{row['error']:+.2f}"


def section(sums: pd.DataFrame, target: str) -> list[str]:
    """Lines of one target: every forecaster over all years, and the mean's error in each."""
    lines = [f"## `{target}`", ""]
    head = ("bounds", "CRPS", "MAE of the mean", "bias of the mean")
    names = {str(SERVED): f"**{SERVED}** (served)"}
    lines += table_lines(
        (*head, "means above their 95 % quantile"),
        (
            (names.get(str(name), str(name)), *_scores(row), f"{row['too high']:.0f}")
            for name, row in means(sums, ["forecaster"]).iterrows()
        ),
    )
    ordinary = means(sums[~sums["war total"]], ["forecaster"])
    if sums.loc[sums["war total"], "n"].any():
        lines += ["", "Without months of war totals:", ""]
        lines += table_lines(head, ((name, *_scores(row)) for name, row in ordinary.iterrows()))
    yearly = means(sums, ["forecaster", "year"])
    years = sorted(sums["year"].unique())
    for what, title in (("absolute error", "MAE of the mean"), ("crps", "CRPS")):
        wide = yearly.reset_index().pivot_table(what, "forecaster", "year", sort=False)
        rows = ((name, *(f"{value:.2f}" for value in row)) for name, row in wide.iterrows())
        lines += ["", *table_lines((title, *map(str, years)), rows)]
    return [*lines, ""]


def document(sums: pd.DataFrame) -> str:
    """The page of the docs."""
    first, last = sums["year"].min(), sums["year"].max()
    lines = [
        "# The tail of the forecasts of deaths: what bounds it, and what that costs",
        "",
        "The pool's hurdle is bounded by the logs that an error may lift a forecast, and by so many times the unit's",
        "own worst month of the last 60 or the worst that followed for its analogs, if that is more",
        "(`models/distributions/month_ahead.py`).",
        f"Countries, origins of {first} to {last}, four a year, 1 to 12 months ahead; deaths a month. Courses as they",
        "are drawn, before an issue brings them to its probabilities. Lower is better; bias is forecast less outcome.",
        f"Made by `python benchmarks/tails.py --keep FOLDER --first {first} --last {last} --write PAGE`.",
        "",
    ]
    for target in sums["target"].unique():
        lines += section(sums[sums["target"] == target], str(target))
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Measure what is not kept yet, and print the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, required=True, help="folder of what is measured already")
    parser.add_argument("--first", type=int, default=FIRST)
    parser.add_argument("--last", type=int, default=LAST)
    parser.add_argument("--write", type=Path, help="file to write the page to")
    given = parser.parse_args()
    given.keep.mkdir(parents=True, exist_ok=True)
    targets = [target.name for target in targets_of("country", kind="deaths")]
    wanted = [(target, year) for target in targets for year in range(given.first, given.last + 1)]
    files = {key: given.keep / f"tails-{key[0]}-{key[1]}.parquet" for key in wanted}
    if any(not file.exists() for file in files.values()):
        panel = country_panel(load_snapshot())
        features = build_features(panel)
        for (target, year), file in files.items():
            if not file.exists():
                rows = year_scores(panel, features, TARGETS[target].counts, year)
                rows.assign(target=target).to_parquet(file, index=False)
    page = document(pd.concat([pd.read_parquet(file) for file in files.values()], ignore_index=True))
    print(page)
    if given.write:
        given.write.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
