"""Courses brought to the calibrated probabilities, or probabilities read from the courses: which scores better.

``python benchmarks/tilting.py --keep FOLDER``: countries, models learned to December of each year, the origins of that
month and of the March, June and September after it. What is served was chosen on windows that end by 2017; the same
table of 2018 on is marked as told, not chosen on. Each year is kept in the folder, so that a killed run goes on.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from faultline.features.blocks.build import build_features
from faultline.features.panels.countries import country_panel
from faultline.features.tables.snapshot import load_snapshot
from faultline.features.targets.build import TARGETS, targets_of
from faultline.models.distributions.distribution import THRESHOLDS, exceedance, window_samples
from faultline.models.distributions.pool import SAMPLE_POOL
from faultline.models.distributions.tilting import in_order, tempered, tilted
from faultline.models.rows.death_rows import deaths_of
from faultline.models.scores.comparison import bootstrap_mean
from faultline.models.scores.samples import sample_scores
from faultline.pipelines.backtest.engine import CALIBRATED, forecast_year
from faultline.pipelines.base.markdown import table_lines
from faultline.pipelines.issue.agreement import AGREEMENT, VIOLENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from faultline.features.blocks.build import FeatureArrays
    from faultline.features.panels.panel import Panel

FIRST, CHOSEN_TO, LAST = 2010, 2017, 2025
WINDOWS, MONTHS = (1, 3, 6, 12), 12
#: Months after December from which forecasts start.
STARTS = (0, 3, 6, 9)
#: A share of a thousand courses is never surer than this, or one surprise would make its log score infinite.
SURE = 0.0005
BROUGHT, READ = "brought", "read"
#: The panel's name of what each target of deaths counts.
DEATHS = {target.name: target.counts for target in targets_of("country", kind="deaths")}
#: Measures in the order of the table, by name.
MEASURES = {
    **{f"brier {target}": f"Brier of `{target}`" for target in VIOLENCE},
    **{f"log {target}": f"log score of `{target}`" for target in VIOLENCE},
    **{f"crps {target}": f"CRPS of `{target}`, the month" for target in DEATHS},
    **{f"crps {target}_total": f"CRPS of `{target}_total`, the window" for target in DEATHS},
    "crps log deaths_total": "CRPS of log(1 + deaths), the window",
}


def year_scores(panel: Panel, features: FeatureArrays, year: int) -> pd.DataFrame:
    """Scores of both ways at the origins of a year, one row an origin, unit and window."""
    last = panel.position(pd.Period(f"{year - 1}-12", "M"))
    told = pd.concat(
        forecast_year(panel, features, TARGETS[target], year=year, horizons=WINDOWS, threads=2) for target in VIOLENCE
    )
    with threadpool_limits(1):
        pools = {
            target: SAMPLE_POOL.fit(panel, features, outcome=outcome, last=last, horizons=MONTHS)
            for target, outcome in DEATHS.items()
        }
        parts: list[pd.DataFrame] = []
        for origin in (last + start for start in STARTS):
            chances = probabilities(told[told["month"] == origin], panel)
            unit = np.flatnonzero(~np.isnan(chances).any(axis=(0, 2)) & panel.observed[origin])
            if origin + MONTHS >= panel.shape[0] or not len(unit):
                continue
            at = np.full(panel.shape[1], origin)
            drawn = np.stack([pool.samples(panel, features, at=at, seed=origin) for pool in pools.values()])[:, unit]
            drawn[1:] = np.minimum(drawn[1:], drawn[:1])
            ways = {
                BROUGHT: tempered(tilted(drawn, chances[:, unit], WINDOWS), WINDOWS),
                READ: tempered(drawn, WINDOWS),
            }
            parts.extend(origin_scores(panel, origin, unit, chances[:, unit], ways))
    return pd.concat(parts, ignore_index=True).assign(year=year)


def probabilities(told: pd.DataFrame, panel: Panel) -> NDArray[np.float64]:
    """Calibrated probabilities of one origin, (2, U, n) in the order that an issue keeps; NaN where one is not told."""
    values = np.full((len(VIOLENCE), panel.shape[1], len(WINDOWS)), np.nan)
    for (target, horizon), rows in told.groupby(["target", "horizon_months"]):
        place = VIOLENCE.index(str(target)), panel.units.index.get_indexer(pd.Index(rows["unit"]))
        values[(*place, WINDOWS.index(int(str(horizon))))] = rows[CALIBRATED]
    values = in_order(values)
    values[0] = np.maximum(values[0], values[1])
    return values


def origin_scores(
    panel: Panel,
    origin: int,
    unit: NDArray[np.int64],
    chances: NDArray[np.float64],
    ways: dict[str, NDArray[np.float32]],
) -> Iterator[pd.DataFrame]:
    """Scores of both ways at one origin, a table a window; ``marked`` where a month of the window is a war total."""
    came = np.stack(
        [deaths_of(panel, outcome)[origin + 1 : origin + MONTHS + 1, unit] for outcome in DEATHS.values()]
    ).astype(np.float64)
    marked = panel.war_total[origin + 1 : origin + MONTHS + 1, unit].cumsum(axis=0) > 0
    for place, window in enumerate(WINDOWS):
        rows: dict[str, NDArray[np.float64]] = {}
        for way, courses in ways.items():
            totals = [window_samples(each, window) for each in courses]
            sums = came[:, :window].sum(axis=1)
            for kind, (target, threshold) in enumerate(zip(VIOLENCE, THRESHOLDS, strict=True)):
                share = exceedance(totals[0], threshold)
                p = chances[kind, :, place]
                off = np.abs(share - p) > AGREEMENT
                p = np.where(off, share, p) if way == BROUGHT else share  # as an issue says it
                rows[f"brier {target} {way}"] = (p - (sums[0] >= threshold)) ** 2
                sure = np.clip(p, SURE, 1 - SURE)
                rows[f"log {target} {way}"] = -np.log(np.where(sums[0] >= threshold, sure, 1 - sure))
                if way == BROUGHT:
                    rows[f"not met {target}"] = off.astype(np.float64)
            for kind, target in enumerate(DEATHS):
                month = sample_scores(came[kind, window - 1], courses[kind][:, window - 1])
                rows[f"crps {target} {way}"] = month["crps"]
                rows[f"crps {target}_total {way}"] = sample_scores(sums[kind], totals[kind])["crps"]
            rows[f"crps log deaths_total {way}"] = sample_scores(np.log1p(sums[0]), np.log1p(totals[0]))["crps"]
        yield pd.DataFrame(rows).assign(
            origin=origin,
            country=panel.units["iso3"].to_numpy(object)[unit],
            window=window,
            ends=str(panel.months[origin + window]),
            marked=marked[window - 1],
        )


def measured(rows: pd.DataFrame) -> pd.DataFrame:
    """Both ways' mean of each measure, by window and over all, with the difference's 90 % interval over countries."""
    code = np.unique(rows["country"].to_numpy(str), return_inverse=True)[1].astype(np.int64)
    out: list[dict[str, str | int | float]] = []
    for name in MEASURES:
        both = {way: rows[f"{name} {way}"].to_numpy(np.float64) for way in (BROUGHT, READ)}
        for window in (*WINDOWS, 0):
            some = np.ones(len(rows), bool) if window == 0 else rows["window"].to_numpy() == window
            found = bootstrap_mean((both[BROUGHT] - both[READ])[some], code[some])
            out.append(
                {"measure": name, "window": window, **{way: float(each[some].mean()) for way, each in both.items()}}
                | {"difference": found.mean, "low": found.low, "high": found.high}
            )
    return pd.DataFrame(out)


def number(value: float) -> str:
    """Four digits where they are needed."""
    return f"{value:.2f}" if abs(value) >= 10 else f"{value:.4f}"  # noqa: PLR2004  # deaths, or probabilities


def section(rows: pd.DataFrame, title: str) -> list[str]:
    """Lines of one block of years."""
    table = measured(rows)
    lines = [f"## {title}", ""]
    lines += [f"{rows['origin'].nunique()} origins, {len(rows):,} rows of an origin, country and window.", ""]
    lines += table_lines(
        ("score", "months", "brought", "read", "brought less read (90 %)"),
        (
            (
                *(MEASURES[str(row.measure)], "all" if row.window == 0 else row.window),
                *(number(float(str(row.brought))), number(float(str(row.read)))),
                f"{row.difference:+.4f} ({row.low:+.4f} to {row.high:+.4f})",
            )
            for row in table.itertuples()
        ),
    )
    off = {target: rows[f"not met {target}"].mean() for target in VIOLENCE}
    said = ", ".join(f"{share:.2%} of rows of `{target}`" for target, share in off.items())
    lines += ["", f"The courses could not be brought to within {AGREEMENT:g} in {said}; there the share is told.", ""]
    return [*lines, *verdict(table), ""]


def verdict(table: pd.DataFrame) -> list[str]:
    """Say which way is the better one by each measure over all windows, and where chance may have made it."""
    found: dict[str, list[str]] = {}
    for row in table[table["window"] == 0].itertuples():
        surely = float(str(row.high)) < 0 or float(str(row.low)) > 0
        way = "brought" if float(str(row.difference)) < 0 else "read"
        found.setdefault(f"{way} scores better{'' if surely else ', within chance'}", []).append(
            MEASURES[str(row.measure)]
        )
    return [f"- {what}: {', '.join(names)}." for what, names in sorted(found.items())]


def document(rows: pd.DataFrame) -> str:
    """The page of the docs."""
    chosen = rows[(rows["year"] <= CHOSEN_TO) & (rows["ends"] <= f"{CHOSEN_TO}-12")]
    later = rows[rows["year"] > CHOSEN_TO]
    lines = [
        "# Deaths and probabilities that agree: which is brought to which",
        "",
        "An issue tells the probability of 1 and of 25 deaths, and draws courses of deaths; the two must agree. Either",
        "the courses are *brought* to the calibrated probabilities (`models/distributions/tilting.py`), or the",
        "probabilities are *read* from the courses as they are drawn. Countries; models learned to December,",
        "four origins a year (that December, March, June, September). Lower is better; intervals by bootstrap over",
        "countries. Made by `python benchmarks/tilting.py --keep FOLDER --write docs/deaths-agreement.md`.",
        "",
    ]
    if len(chosen):
        lines += section(chosen, f"{chosen['year'].min()} to {CHOSEN_TO}, windows that end by {CHOSEN_TO}-12")
    if len(later):
        years = f"{later['year'].min()} to {later['year'].max()}"
        lines += section(later, f"{years}: told, not chosen on")
        lines += section(later[~later["marked"]], f"{years} without windows that hold a war total: told, not chosen on")
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Measure the years that are not kept yet, and print the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, required=True, help="folder of the years that are measured already")
    parser.add_argument("--first", type=int, default=FIRST)
    parser.add_argument("--last", type=int, default=LAST)
    parser.add_argument("--write", type=Path, help="file to write the page to")
    given = parser.parse_args()
    given.keep.mkdir(parents=True, exist_ok=True)
    files = {year: given.keep / f"tilting-{year}.parquet" for year in range(given.first, given.last + 1)}
    if any(not file.exists() for file in files.values()):
        panel = country_panel(load_snapshot())
        features = build_features(panel)
        for year, file in files.items():
            if not file.exists():
                year_scores(panel, features, year).to_parquet(file, index=False)
    page = document(pd.concat([pd.read_parquet(file) for file in files.values()], ignore_index=True))
    print(page)
    if given.write:
        given.write.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
