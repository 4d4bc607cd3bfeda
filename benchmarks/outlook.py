"""Targets of the outlook read from draws of deaths, or learned one by one: which scores better, and by how much.

``python benchmarks/outlook.py --keep FOLDER``: models learned to December of each year, all twelve origins from then
on. What is served was chosen on windows that end by 2017; 2018 on is told, not chosen on. Each year is kept in the
folder, so that a killed run goes on. ``--spread FILE`` writes the spread that intervals are made from.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from threadpoolctl import threadpool_limits

from faultline.features.blocks.build import build_features
from faultline.features.panels.build import panel_of
from faultline.features.tables.snapshot import load_snapshot
from faultline.features.targets.build import TARGETS, label_history
from faultline.features.transforms import rolling_sum
from faultline.models.distributions.distribution import DRAWS
from faultline.models.distributions.events import climatology_share
from faultline.models.distributions.pool import SAMPLE_POOL
from faultline.models.distributions.tilting import in_order, tempered, tilted
from faultline.models.learners.calibration import fit_calibration
from faultline.models.scores.comparison import bootstrap_mean
from faultline.models.scores.probabilities import (
    binary_scores,
    calibration_error_by_chance,
    precision_recall_each_month,
    skill,
)
from faultline.models.scores.strata import area_of, hard_onset
from faultline.pipelines.backtest.engine import CALIBRATED, forecast_year
from faultline.pipelines.base.markdown import table_lines
from faultline.pipelines.issue.agreement import VIOLENCE
from faultline.pipelines.issue.watchlist import LISTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from faultline.features.blocks.build import FeatureArrays
    from faultline.features.panels.panel import Panel

CHOSEN_TO = 2017
#: Regions are only told: what is served of them is what was chosen for countries.
YEARS = {"country": range(2010, 2026), "region": range(CHOSEN_TO + 1, 2025)}
WINDOWS, TOP = (1, 3, 6, 12), 10
#: Fewer of what is forecast make no stratum.
_FEWEST = 50
OUTLOOK = {name: target.drawn for name, target in TARGETS.items() if target.drawn}
#: Ways to a probability, by name in the table; ``learned`` is the calibrated pool of logit and LightGBM, ``blended``
#: lies half way between that and what is served, in log-odds.
WAYS = ("climatology", "persistence", "learned", "drawn", "brought", "served", "blended")
_LEAST = 0.5 / (DRAWS + 1)
#: What the issue asked of countries: target, months, score, at least.
ASKED = (
    ("violence_1000", 3, "skill", 0.40),
    ("violence_1000", 3, "auc_top", 0.85),
    ("crossing_25", 3, "average_precision", 0.40),
    ("crossing_100", 3, "average_precision", 0.42),
    ("rise_30", 6, "auc", 0.68),
    ("rise_30", 6, "skill_base", 0.08),
    ("fall_30", 6, "auc", 0.75),
    ("fall_30", 6, "skill_base", 0.17),
)
BY_CHANCE = "what independent outcomes that came just as often as they are said to would show, of as many rows."
SAID = {
    "skill": "Brier skill over persistence",
    "skill_base": "Brier skill over the base rate",
    "auc": "AUC",
    "auc_top": f"AUC inside the {TOP} highest of each month",
    "average_precision": "average precision",
    "calibration_error": "calibration error",
}


def year_rows(panel: Panel, features: FeatureArrays, year: int) -> pd.DataFrame:
    """Probabilities of every way at the twelve origins of a year, one row a target, window, origin and unit."""
    last = panel.position(pd.Period(f"{year - 1}-12", "M"))
    names = (*VIOLENCE, *(OUTLOOK if panel.level == "country" else ()))
    told = pd.concat([learned_rows(panel, features, name, year) for name in names], ignore_index=True)
    with threadpool_limits(1):
        pool = SAMPLE_POOL.fit(panel, features, last=last, horizons=max(WINDOWS))
        parts = [
            rows
            for origin in range(last, min(last + 12, panel.shape[0] - 1))
            for rows in origin_rows(
                panel, origin, pool.samples(panel, features, at=np.full(panel.shape[1], origin), seed=origin), told
            )
        ]
    rows = pd.concat(parts, ignore_index=True).assign(year=year)
    own = told.rename(columns={"p": "learned"})
    return rows.merge(own, on=["target", "horizon_months", "month", "unit"], how="left")


def learned_rows(panel: Panel, features: FeatureArrays, name: str, year: int) -> pd.DataFrame:
    """What the pool of logit and LightGBM says when it learns the target itself, as it is served at the level."""
    # it is asked like any other target: nothing in it is drawn
    target = replace(TARGETS[name], drawn=None, rises_with_violence=name.startswith(("violence", "crossing")))
    rows = forecast_year(panel, features, target, year=year, horizons=WINDOWS, threads=2)
    served = CALIBRATED if panel.level == "country" else "pool"
    return rows[["target", "horizon_months", "month", "unit", served]].rename(columns={served: "p"})


def origin_rows(panel: Panel, origin: int, draws: NDArray[np.float32], told: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Rows of one origin: shares of the draws, and of those brought to the probabilities of 1 and 25 deaths."""
    chances = np.full((len(VIOLENCE), panel.shape[1], len(WINDOWS)), np.nan)
    now = told[(told["month"] == origin) & told["target"].isin(VIOLENCE)]
    for (target, horizon), rows in now.groupby(["target", "horizon_months"]):
        unit = panel.units.index.get_indexer(pd.Index(rows["unit"]))
        chances[VIOLENCE.index(str(target)), unit, WINDOWS.index(int(str(horizon)))] = rows["p"]
    chances = in_order(chances)
    chances[0] = np.maximum(chances[0], chances[1])
    brought = tempered(tilted(draws[None], chances, WINDOWS), WINDOWS)[0]
    known, quiet = ~np.isnan(chances).any(axis=(0, 2)), hard_onset(panel)
    for name, event in OUTLOOK.items():
        for window in WINDOWS:
            labels, reference = event.label(panel, window), event.reference(panel, window)[origin]
            past, before = label_history(labels, window), rolling_sum(panel.deaths, window)
            unit = np.flatnonzero(~np.isnan(labels[origin]) & known)
            yield pd.DataFrame(
                {
                    "target": name,
                    "horizon_months": window,
                    "month": origin,
                    "ends": str(panel.months[origin + window]) if len(unit) else "",
                    "unit": panel.units.index.to_numpy()[unit],
                    "country": panel.units["iso3"].to_numpy(object)[unit],
                    "hard_onset": quiet[origin, unit],
                    "before": before[origin, unit],
                    "y": labels[origin, unit],
                    "climatology": past.climatology[origin, unit],
                    "persistence": past.persistence[origin, unit],
                    "drawn": event.chance(draws[unit, :window], reference[unit]),
                    "brought": event.chance(brought[unit, :window], reference[unit]),
                }
            )


def with_served(rows: pd.DataFrame) -> pd.DataFrame:
    """Shares as they count, and beside them what is served: changes are pooled with climatology."""
    out = rows.copy()
    for way in ("drawn", "brought"):
        out[way] = (rows[way] * DRAWS + 0.5) / (DRAWS + 1)
    share = rows["horizon_months"].map({window: climatology_share(window) for window in WINDOWS})
    share = share.where(rows["target"].map({name: event.changes for name, event in OUTLOOK.items()}), 0.0)
    out["served"] = (1 - share) * out["brought"] + share * rows["climatology"]
    near = out[["learned", "served"]].clip(_LEAST, 1 - _LEAST)  # log-odds of what is certain have no end
    return out.assign(blended=expit(logit(near.to_numpy(np.float64)).mean(axis=1)))


def scored(rows: pd.DataFrame, way: str) -> dict[str, float]:
    """Scores of one way, the area under the curve inside the highest of each month among them."""
    y, p = rows["y"].to_numpy(np.float64), rows[way].to_numpy(np.float64)
    base = float(y.mean())
    scores = binary_scores(y, p)
    highest = rows.assign(p=p).sort_values("p", ascending=False, kind="stable").groupby("month").head(TOP)
    inside = binary_scores(highest["y"].to_numpy(np.float64), highest["p"].to_numpy(np.float64))
    hits, _ = precision_recall_each_month(y, p, rows["month"].to_numpy(np.int64), TOP)
    return scores | {
        "skill": skill(scores["brier"], float(np.mean((rows["persistence"] - y) ** 2))),
        "skill_base": skill(scores["brier"], base * (1 - base)),
        "auc_top": inside["auc"],
        "top": hits,
    }


def table(rows: pd.DataFrame, ways: tuple[str, ...] = ("persistence", "learned", "served", "blended")) -> list[str]:
    """Lines of the scores of some ways."""
    lines: list[list[str]] = []
    for (target, window), some in rows.groupby(["target", "horizon_months"], sort=False):
        for way in ways:
            if some[way].isna().any() or not 0 < some["y"].sum() < len(some):
                continue
            s = scored(some, way)
            lines.append(
                [
                    *(f"`{target}`", str(window), way, f"{s['n']:,.0f}", f"{s['base_rate']:.3f}", f"{s['brier']:.4f}"),
                    *(f"{s[name]:+.1%}" for name in ("skill", "skill_base")),
                    *(f"{s[name]:.3f}" for name in ("log_score", "auc", "average_precision", "calibration_error")),
                    f"{s['top']:.0%}",
                ]
            )
    head = ("target", "months", "way", "n", "base rate", "Brier", "skill, persistence", "skill, base rate", "log score")
    return table_lines((*head, "AUC", "average precision", "calibration error", "of the ten highest: true"), lines)


def codes(rows: pd.DataFrame) -> NDArray[np.int64]:
    """The country of each row as a number."""
    return np.unique(rows["country"].to_numpy(str), return_inverse=True)[1].astype(np.int64)


def chosen(rows: pd.DataFrame) -> list[str]:
    """Lines of what is served less what was learned, in Brier, over countries, and how often each is better."""
    lines: list[list[str]] = []
    for (target, window), some in rows.groupby(["target", "horizon_months"], sort=False):
        y = some["y"].to_numpy(np.float64)
        code = codes(some)
        found = bootstrap_mean(((some["served"] - y) ** 2 - (some["learned"] - y) ** 2).to_numpy(np.float64), code)
        better = "served" if found.high < 0 else "learned" if found.low > 0 else "within chance"
        lines.append([f"`{target}`", str(window), f"{found.mean:+.4f} ({found.low:+.4f} to {found.high:+.4f})", better])
    won = [line[-1] for line in lines]
    said = (
        f"What is served scores better than what was learned in {won.count('served')} of {len(won)}, worse in "
        f"{won.count('learned')}; the others are within chance."
    )
    head = ("target", "months", "served less learned, Brier (90 %)", "better")
    return [said, "", *table_lines(head, lines)]


def asked(rows: pd.DataFrame) -> list[str]:
    """Lines of the figures that were asked for, and whether they are reached."""
    lines: list[list[str]] = []
    for target, window, score, least in ASKED:
        some = rows[(rows["target"] == target) & (rows["horizon_months"] == window)]
        ways = ("served", "learned", "blended")
        values = {way: scored(some, way)[score] for way in ways}
        form = "{:+.1%}" if score.startswith("skill") else "{:.3f}"
        shown = [form.format(values[way]) for way in ways]
        lines.append(
            [
                *(f"`{target}`", str(window), SAID[score], form.format(least), *shown),
                "yes" if values["served"] >= least else "no",
            ]
        )
    return table_lines(("target", "months", "score", "asked", "served", "learned", "blended", "reached"), lines)


def by_area(rows: pd.DataFrame) -> list[str]:
    """Lines of what is served in each area of the world with 50 of what is forecast."""
    lines: list[list[str]] = []
    areas = area_of(rows["country"].to_numpy(object))
    for (target, window, area), some in rows.groupby(["target", "horizon_months", areas], sort=True):
        if some["y"].sum() < _FEWEST or some["y"].all():
            continue
        s = scored(some, "served")
        lines.append(
            [
                *(f"`{target}`", str(window), str(area), f"{s['n']:,.0f}", f"{s['base_rate']:.3f}"),
                *(f"{s['brier']:.4f}", *(f"{s[name]:+.1%}" for name in ("skill", "skill_base"))),
                *(f"{s[name]:.3f}" for name in ("auc", "average_precision", "calibration_error")),
            ]
        )
    head = ("target", "months", "regions of", "n", "base rate", "Brier", "skill, persistence", "skill, base rate")
    return table_lines((*head, "AUC", "average precision", "calibration error"), lines)


def listed(rows: pd.DataFrame) -> list[str]:
    """Lines of what became of the units that each list would have named, of the last two years of origins."""
    lines: list[list[str]] = []
    for made in LISTS.values():
        own = rows[(rows["target"] == made.target) & (rows["horizon_months"] == made.months)]
        own = own[(own["before"] < made.below) & (own["month"] > own["month"].max() - 2 * 12)]
        if own.empty:
            continue
        named = own.sort_values("served", ascending=False, kind="stable").groupby("month").head(TOP)
        lines.append(
            [
                *(f"`{made.name}`", f"`{made.target}`", str(made.months), f"{named['month'].nunique()}"),
                *(f"{len(named):,}", f"{named['y'].mean():.0%}", f"{named['served'].mean():.0%}"),
                *(f"{own['y'].mean():.1%}", f"{named['y'].sum() / max(own['y'].sum(), 1):.0%}"),
            ]
        )
    head = ("list", "target", "months", "origins", "named", "happened", "said", "base rate", "of all that happened")
    return table_lines(head, lines)


def calibrated(rows: pd.DataFrame, most: float = 0.02) -> str:
    """Say in a sentence which targets have a calibration error above what was asked."""
    errors = {
        f"`{target}` at {window}": (scored(some, "served")["calibration_error"], some["served"].to_numpy(np.float64))
        for (target, window), some in rows.groupby(["target", "horizon_months"], sort=False)
    }
    above = [
        f"{name} ({error:.3f}, {calibration_error_by_chance(p):.3f})"
        for name, (error, p) in errors.items()
        if error > most
    ]
    return (
        f"Calibration error at most {most:g} was asked of each: {len(errors) - len(above)} of {len(errors)} are below"
        + (f", {', '.join(above)} are not. The second number is the error by chance: {BY_CHANCE}" if above else ".")
    )


def spread_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Variances and covariance of the recalibration of what is served, over bootstraps of countries."""
    out: list[dict[str, Any]] = []
    for (target, window), some in rows.groupby(["target", "horizon_months"], sort=False):
        code = codes(some)
        found = fit_calibration(some["served"].to_numpy(np.float64), some["y"].to_numpy(np.float64), code, draws=200)
        (a, both), (_, b) = np.cov(np.array(found.draws).T)
        measured = {"variance_a": round(a, 5), "covariance": round(both, 5), "variance_b": round(b, 5)}
        out.append({"target": target, "horizon_months": window, **measured})
    return pd.DataFrame(out)


def document(rows: dict[str, pd.DataFrame]) -> str:
    """The page of the docs."""
    lines = [
        "# The outlook: what changes, and how bad it can get",
        "",
        "`violence_100`, `violence_1000`, `crossing_25`, `crossing_100`, `rise_30`, `fall_30` and `worst_in_5_years`",
        "are *read from the draws* of deaths that stand behind every other row; a pool of logit and LightGBM that",
        "*learned* each of them, calibrated as any other, was the other way. `drawn` are the draws as the pool of",
        "deaths gives them, `brought` the same after they were brought to the probabilities of 1 and 25 deaths,",
        "`served` those with a share of the unit's climatology in what changes (rise, fall, worst month):",
        f"{', '.join(f'{climatology_share(window):g} at {window}' for window in WINDOWS)} months. `blended`, half way",
        "between what is served and what was learned, was tried last and is not served. Rolling origins,",
        "learned to each December. Rows are those at risk: units below the threshold for a crossing, with 25 deaths in",
        "as many months before for a rise or fall. To read them costs a run nothing to learn; to learn them for",
        "countries takes about 20 s of CPU time, seven models more, and they would contradict the quantiles of deaths.",
        "Made by `python benchmarks/outlook.py --keep FOLDER --write docs/outlook-skill.md`.",
        "",
        "## Chosen: countries, 2010 to 2017, windows that end by 2017-12",
        "",
        *chosen(early(rows["country"])),
        "",
        *table(early(rows["country"]), WAYS),
    ]
    later = rows["country"][rows["country"]["year"] > CHOSEN_TO]
    lines += ["", "## Told, not chosen on: countries, 2018 to 2025", "", *asked(later), "", calibrated(later), ""]
    lines += table(later)
    lines += ["", "### Hard onsets, 3 and 12 months: countries without a death in 12 months", ""]
    quiet = later["hard_onset"] & later["horizon_months"].isin([3, 12]) & ~later["target"].isin(["rise_30", "fall_30"])
    lines += table(later[quiet])
    lines += ["", f"### The lists: the {TOP} named by each, last 24 origins whose window is over", "", *listed(later)]
    regions = rows["region"][rows["region"]["year"] > CHOSEN_TO]
    if len(regions):
        regions_of = f"{regions['unit'].nunique()} regions of {regions['country'].nunique()} countries"
        years = f"{regions['year'].min()} to {regions['year'].max()}"
        lines += ["", f"## Told, not chosen on: {regions_of}, {years}", "", calibrated(regions), ""]
        lines += [
            "Nothing was learned here; what is served is what was chosen for countries. Draws are the regions' own,",
            "from the end of their data; where a country is known to a newer month, an issue shares out its draws.",
        ]
        lines += ["", *table(regions), "", "### Areas", "", *by_area(regions), ""]
        lines += [f"### The lists: the {TOP} named by each, last 24 origins whose window is over", "", *listed(regions)]
    return "\n".join(lines) + "\n"


def early(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that may be chosen on."""
    return rows[(rows["year"] <= CHOSEN_TO) & (rows["ends"] <= f"{CHOSEN_TO}-12")]


def main() -> None:
    """Measure the years that are not kept yet, and print the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, required=True, help="folder of the years that are measured already")
    parser.add_argument("--write", type=Path, help="file to write the page to")
    parser.add_argument("--spread", type=Path, help="file to write the spread of the probabilities to")
    given = parser.parse_args()
    given.keep.mkdir(parents=True, exist_ok=True)
    rows: dict[str, pd.DataFrame] = {}
    for level, years in YEARS.items():
        files = {year: given.keep / f"outlook-{level}-{year}.parquet" for year in years}
        if any(not file.exists() for file in files.values()):
            panel = panel_of(load_snapshot(), level)
            features = build_features(panel)
            for year, file in files.items():
                if not file.exists():
                    year_rows(panel, features, year).to_parquet(file, index=False)
        kept = pd.concat([pd.read_parquet(file) for file in files.values()], ignore_index=True)
        rows[level] = with_served(kept)
    page = document(rows)
    print(page)
    if given.write:
        given.write.write_text(page, encoding="utf-8")
    if given.spread:
        spread_rows(early(rows["country"])).to_csv(given.spread, index=False)


if __name__ == "__main__":
    main()
