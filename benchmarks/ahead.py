"""Windows that start months after the data end: how well what courses tell of them is calibrated, and by which choices.

``python benchmarks/ahead.py --keep FOLDER``: countries, models learned to December of each year, the origins of that
month and of the March, June and September after it; what was drawn then is kept in the folder, so that a killed run
goes on. Choices were made on windows that end by 2017; 2018 on is told, not chosen on. ``--spread FILE`` writes the
spread that intervals are made from.
"""

from __future__ import annotations

import argparse
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from faultline.features.blocks.build import build_features
from faultline.features.panels.build import panel_of
from faultline.features.tables.snapshot import load_snapshot
from faultline.features.targets.build import TARGETS, LabelHistory, label_history
from faultline.models.distributions.continued import NEAR, continued, successors
from faultline.models.distributions.events import climatology_share, event_probability
from faultline.models.distributions.pool import SAMPLE_POOL
from faultline.models.distributions.tilting import in_order, tempered, tilted
from faultline.models.learners.calibration import Calibration, fit_calibration
from faultline.models.scores.probabilities import binary_scores, calibration_error_by_chance, skill
from faultline.models.scores.samples import crps_of_logs
from faultline.pipelines.backtest.engine import CALIBRATED, forecast_year
from faultline.pipelines.base.markdown import table_lines
from faultline.pipelines.issue.agreement import VIOLENCE
from faultline.pipelines.issue.bridged import chance
from faultline.pipelines.learn.bridging import BEFORE, RECORD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from faultline.features.blocks.build import FeatureArrays
    from faultline.features.panels.panel import Panel

YEARS, CHOSEN_TO = range(2008, 2026), 2017
WINDOWS, GAPS, ESCALATION = (1, 3, 6, 12), (0, 3, 6), (3,)
#: How near a successor may be: alternatives measured beside the one that is served.
NEARNESS = (0.0, 0.05, NEAR, 0.4)
BINS = (0.0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
Labelled = tuple[NDArray[np.float64], LabelHistory]
TOLD = [*VIOLENCE, "escalation", *(name for name, target in TARGETS.items() if target.drawn)]


def year_draws(panel: Panel, features: FeatureArrays, year: int) -> dict[str, NDArray[Any]]:
    """Courses of a year's origins, brought to the probabilities of 1 and 25 deaths as they are served, by month."""
    last = panel.position(pd.Period(f"{year - 1}-12", "M"))
    told = {
        name: forecast_year(panel, features, TARGETS[name], year=year, horizons=WINDOWS, threads=2) for name in VIOLENCE
    }
    out: dict[str, NDArray[Any]] = {}
    with threadpool_limits(1):
        pool = SAMPLE_POOL.fit(panel, features, last=last, horizons=max(WINDOWS))
        for origin in range(last, min(last + 12, panel.shape[0] - 1), 3):
            draws = pool.samples(panel, features, at=np.full(panel.shape[1], origin), seed=origin)
            chances = np.full((len(VIOLENCE), panel.shape[1], len(WINDOWS)), np.nan)
            for place, rows in enumerate(told.values()):
                now = rows[rows["month"] == origin]
                unit = panel.units.index.get_indexer(pd.Index(now["unit"]))
                window = pd.Index(WINDOWS).get_indexer(pd.Index(now["horizon_months"]))
                chances[place, unit, window] = now[CALIBRATED]
            chances = in_order(chances)
            chances[0] = np.maximum(chances[0], chances[1])
            month = str(panel.months[origin])
            out[month] = tempered(tilted(draws[None], chances, WINDOWS), WINDOWS)[0]
            out[f"{month}-known"] = np.asarray(~np.isnan(chances).any(axis=(0, 2)))
    return out


def labels_of(panel: Panel) -> dict[tuple[str, int], Labelled]:
    """Labels and their history by target and window."""
    out: dict[tuple[str, int], Labelled] = {}
    for name in TOLD:
        for window in ESCALATION if name == "escalation" else WINDOWS:
            labels = TARGETS[name].label(panel, window)
            out[name, window] = labels, label_history(labels, window)
    return out


def origin_rows(
    panel: Panel,
    origin: int,
    draws: NDArray[np.float32],
    known: NDArray[np.bool_],
    labelled: Mapping[tuple[str, int], Labelled],
) -> Iterator[pd.DataFrame]:
    """Probabilities of every target, gap and window at an origin, beside what came."""
    long = continued(draws, max(GAPS), successors(draws, seed=0))
    counted = (panel.deaths * panel.observed)[: origin + 1].astype(np.float32)
    for gap in GAPS:
        parts = (counted[gap - RECORD : -BEFORE].max(axis=0)[None], counted[-BEFORE:])
        past = [np.repeat(part.T[:, :, None], draws.shape[2], axis=2) for part in parts]
        before = np.concatenate([*past, long[:, :gap]], axis=1)
        for (name, window), (labels, history) in labelled.items():
            if origin + gap + window >= panel.shape[0]:
                continue
            ahead, event = long[:, gap : gap + window], TARGETS[name].drawn
            if event is None:
                p = alone = np.asarray(chance(name, before, ahead, window))
            else:
                recalled = event.recalled(before, window)
                alone = event.chance(ahead, recalled)
                p = event_probability(event, ahead, recalled, history.climatology[origin])
            there = np.flatnonzero(known & ~np.isnan(labels[origin + gap]) & ~np.isnan(p))
            yield pd.DataFrame(
                {
                    "target": name,
                    "horizon_months": window,
                    "gap": gap,
                    "ends": str(panel.months[origin + gap + window]),
                    "country": panel.units["iso3"].to_numpy(object)[there],
                    "y": labels[origin + gap, there],
                    "pooled": p[there],
                    "drawn": alone[there],
                    "climatology": history.climatology[origin, there],
                    "persistence": history.persistence[origin, there],
                }
            )


def continuation_rows(panel: Panel, origin: int, draws: NDArray[np.float32], known: NDArray[np.bool_]) -> Iterator[Any]:
    """CRPS of log(1 + deaths) of a year that starts after a gap, by how near a successor may be."""
    for gap in GAPS[1:]:
        stop = origin + gap + 12
        if stop >= panel.shape[0]:
            continue
        there = np.flatnonzero(known & panel.observed[stop])
        came = panel.deaths[origin + gap + 1 : stop + 1, there].sum(axis=0)
        for near in NEARNESS:
            total = continued(draws, gap, successors(draws, seed=0, near=near))[there, gap : gap + 12].sum(axis=1)
            low, high = np.quantile(total, (0.05, 0.95), axis=1)
            inside = (came >= low) & (came <= high)
            yield {
                "gap": gap,
                "near": near,
                "ends": str(panel.months[stop]),
                "n": len(there),
                "crps": float(crps_of_logs(came, total).sum()),
                "inside": int(inside.sum()),
            }


def measured(panel: Panel, kept: Mapping[int, Path]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of all origins: of probabilities, and of the ways to go on."""
    rows, ways, labelled = list[pd.DataFrame](), list[dict[str, Any]](), labels_of(panel)
    for year, file in kept.items():
        with np.load(file) as draws:
            for month in [name for name in draws.files if "known" not in name]:
                asked = panel, panel.position(pd.Period(month, "M")), draws[month], draws[f"{month}-known"]
                rows += [some.assign(year=year) for some in origin_rows(*asked, labelled)]
                ways += [some | {"year": year} for some in continuation_rows(*asked)]
    return pd.concat(rows, ignore_index=True), pd.DataFrame(ways)


def early(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that may be chosen on."""
    return rows[(rows["year"] <= CHOSEN_TO) & (rows["ends"] <= f"{CHOSEN_TO}-12")]


def changes(target: str) -> bool:
    """Whether a target is told against what there was in the unit."""
    event = TARGETS[target].drawn
    return event is not None and event.changes


def recalibrations(rows: pd.DataFrame) -> dict[tuple[str, int], Calibration]:
    """Recalibration of each target and window after a gap, with its spread over bootstraps of countries."""
    out: dict[tuple[str, int], Calibration] = {}
    for (target, window), some in rows[rows["gap"] > 0].groupby(["target", "horizon_months"], sort=False):
        code = np.unique(some["country"].to_numpy(str), return_inverse=True)[1].astype(np.int64)
        p, y = some["pooled"].to_numpy(np.float64), some["y"].to_numpy(np.float64)
        out[str(target), int(str(window))] = fit_calibration(p, y, code, draws=200)
    return out


def with_served(rows: pd.DataFrame, found: Mapping[tuple[str, int], Calibration]) -> pd.DataFrame:
    """Rows with what is served after a gap in ``p``: what changes, recalibrated; all else as the courses tell it."""
    served = rows["pooled"].to_numpy(np.float64).copy()
    for (target, window), calibration in found.items():
        if changes(target):
            there = (rows["target"] == target) & (rows["horizon_months"] == window) & (rows["gap"] > 0)
            served[there] = calibration.probability(served[there])
    return rows.assign(p=served)


def recalibrated_lines(rows: pd.DataFrame) -> list[str]:
    """Lines of what recalibrating what changes does, gaps together."""
    lines: list[list[str]] = []
    some_change = rows["target"].map(changes).astype("bool") & (rows["gap"] > 0)
    for (target, window), some in rows[some_change].groupby(["target", "horizon_months"], sort=False):
        y = some["y"].to_numpy(np.float64)
        before, after = (binary_scores(y, some[name].to_numpy(np.float64)) for name in ("pooled", "p"))
        said = f"{some['pooled'].mean():.3f}, {some['p'].mean():.3f} / {y.mean():.3f}"
        numbers = [f"{each[name]:.4f}" for name in ("brier", "calibration_error") for each in (before, after)]
        chance = calibration_error_by_chance(some["p"].to_numpy(np.float64))
        lines.append([f"`{target}`", str(window), f"{len(some):,}", said, *numbers, f"{chance:.4f}"])
    head = ("target", "months", "n", "said: before, after / came", "Brier before", "Brier after")
    return table_lines((*head, "calibration error before", "calibration error after", "by chance"), lines)


def shares(rows: pd.DataFrame) -> list[str]:
    """Lines of the share of climatology in what changes, by the window's own months or by those to its end."""
    lines: list[list[str]] = []
    some_change = rows["target"].map(changes).astype("bool") & (rows["gap"] > 0)
    for (target, window, gap), some in rows[some_change].groupby(["target", "horizon_months", "gap"], sort=False):
        share = climatology_share(int(str(window)) + int(str(gap)))
        lead = (1 - share) * some["drawn"] + share * some["climatology"]
        errors = [binary_scores(some["y"].to_numpy(), p.to_numpy()) for p in (some["pooled"], lead)]
        lines.append([f"`{target}`", str(window), str(gap), *(f"{e['brier']:.4f}" for e in errors)])
    return table_lines(("target", "months", "between", "Brier, share of the window", "Brier, share to its end"), lines)


def table(rows: pd.DataFrame) -> list[str]:
    """Lines of the scores by target, window and gap."""
    lines: list[list[str]] = []
    for (target, window, gap), some in rows.groupby(["target", "horizon_months", "gap"], sort=False):
        if not 0 < some["y"].sum() < len(some):
            continue
        s = binary_scores(some["y"].to_numpy(np.float64), some["p"].to_numpy(np.float64))
        over = skill(s["brier"], float(np.mean((some["persistence"] - some["y"]) ** 2)))
        numbers = (f"{s[name]:.3f}" for name in ("auc", "average_precision", "calibration_error"))
        said = f"{some['p'].mean():.3f} / {some['y'].mean():.3f}"
        lines.append(
            [
                *(f"`{target}`", str(window), str(gap), f"{len(some):,}", said),
                f"{s['brier']:.4f}",
                f"{over:+.1%}",
                *numbers,
            ]
        )
    head = ("target", "months", "between", "n", "said / came", "Brier", "skill, persistence", "AUC")
    return table_lines((*head, "average precision", "calibration error"), lines)


def reliability(rows: pd.DataFrame, target: str = "violence_25") -> list[str]:
    """Lines of mean probability and share that came, by bins of the probability."""
    lines: list[list[str]] = []
    for (window, gap), some in rows[rows["target"] == target].groupby(["horizon_months", "gap"]):
        bins = some.groupby(pd.cut(some["p"], BINS, include_lowest=True), observed=False)[["p", "y"]].mean()
        cells = ["" if np.isnan(p) else f"{p:.2f} / {y:.2f}" for p, y in bins.itertuples(index=False)]
        lines.append([str(window), str(gap), *cells])
    edges = [f"{low:g} to {high:g}" for low, high in pairwise(BINS)]
    return table_lines(("months", "between", *edges), lines)


def calibrated(rows: pd.DataFrame, most: float = 0.02) -> str:
    """Say in a sentence how many are calibrated, and which not."""
    errors = {
        f"`{target}` at {window} after {gap}": (
            binary_scores(some["y"].to_numpy(), some["p"].to_numpy())["calibration_error"],
            some["p"].to_numpy(np.float64),
        )
        for (target, window, gap), some in rows[rows["gap"] > 0].groupby(
            ["target", "horizon_months", "gap"], sort=False
        )
    }
    above = [
        f"{name} ({error:.3f}, {calibration_error_by_chance(p):.3f})"
        for name, (error, p) in errors.items()
        if error > most
    ]
    return f"After a gap, the calibration error is at most {most:g} in {len(errors) - len(above)} of {len(errors)}" + (
        f"; not of {', '.join(above)}. The second number is the error by chance: what independent outcomes that came "
        "just as often as they are said to would show, of as many rows."
        if above
        else "."
    )


def ways_lines(ways: pd.DataFrame) -> list[str]:
    """Lines of how near a successor may be: score and coverage."""
    total = ways.groupby(["gap", "near"])[["n", "crps", "inside"]].sum()
    lines = [
        [str(gap), f"{near:g}", f"{row['crps'] / row['n']:.4f}", f"{row['inside'] / row['n']:.1%}"]
        for (gap, near), row in zip(total.index.tolist(), total.to_dict("records"), strict=True)
    ]
    return table_lines(("between", "near", "CRPS of log(1 + deaths), 12 months", "in 90 %"), lines)


def spread_rows(found: Mapping[tuple[str, int], Calibration]) -> pd.DataFrame:
    """What is served of recalibrations after a gap: of what changes itself, and the variances and covariance of all."""
    out: list[dict[str, Any]] = []
    for (target, window), calibration in found.items():
        (var_a, both), (_, var_b) = np.cov(np.array(calibration.draws).T)
        itself = (calibration.intercept, calibration.slope) if changes(target) else (0.0, 1.0)
        numbers = dict(zip(("a", "b"), (round(float(each), 5) for each in itself), strict=True))
        numbers |= {"variance_a": round(var_a, 5), "covariance": round(both, 5), "variance_b": round(var_b, 5)}
        out.append({"target": target, "horizon_months": window, **numbers})
    return pd.DataFrame(out)


def document(rows: pd.DataFrame, ways: pd.DataFrame) -> str:
    """The page of the docs."""
    chosen, later = early(rows), rows[rows["year"] > CHOSEN_TO]
    lines = [
        "# Windows from today",
        "",
        "Data end months before an issue is made. Beside the windows that follow on the data, an issue whose data end",
        "two months or more before its own has rows whose windows start in the month after the issue date, with the",
        "months that lie in between in `months_between`. They are read from the same courses of deaths, at the months",
        "further ahead; what a course does in the months between stands for what there was before the window, of a",
        "rise as of a crossing. Beyond its 12th month a course goes on with the last six months of another one of the",
        "same unit that had about as many deaths in them (`models/distributions/continued.py`): nothing more is",
        "learned. A country is the sum of its regions in them as well, since its regions go on as it does. They reach",
        "24 months beyond the data at most; an issue says which windows it leaves out. Units whose data end before",
        "those of the others have none. Contestation, fragmentation and new armed actors are not told by courses and",
        "have no such rows; drivers are told in the rows that follow on the data.",
        "",
        "Measured below on countries, with models learned to each December and origins every three months, from",
        "courses brought to the probabilities of 1 and 25 deaths as they are served. `between` 0 is the window that",
        "follows on the data, told by the same courses, for comparison. Of a rise, a fall or a crossing the rows are",
        "those where it turned out that it could happen, which was not known yet when it was said: too many falls are",
        "said of a month after a gap. What changes (a rise, a fall, a worst month) is therefore recalibrated after a",
        "gap, by its log-odds; what reaches a threshold is not, so that it agrees with the quantiles, and what follows",
        "on the data is told as in [outlook-skill.md](outlook-skill.md). Regions share out what is drawn of their",
        "country ([bridging.md](bridging.md) measures it); the interval of a probability is that of countries. Made by",
        "`python benchmarks/ahead.py --keep FOLDER --write docs/windows-from-today.md`.",
        "",
        "## Chosen: 2008 to 2017, windows that end by 2017-12",
        "",
        "How near a course's successor may be, as a share of all courses on either side (0: it repeats itself):",
        "",
        *ways_lines(early(ways)),
        "",
        f"Served is {NEAR:g}. {calibrated(chosen)}",
        "",
        *table(chosen),
        "",
        "Reliability of `violence_25`: mean probability / share that came, by bins of the probability.",
        "",
        *reliability(chosen),
        "",
        "What changes is pooled with the unit's climatology, by a share for the window's months; one for the months to",
        "its end was the other way:",
        "",
        *shares(chosen),
        "",
        "Recalibrated, on these windows themselves:",
        "",
        *recalibrated_lines(chosen),
        "",
        "## Told, not chosen on: 2018 to 2025",
        "",
        calibrated(later),
        "",
        "Recalibrated as windows up to 2017 had it:",
        "",
        *recalibrated_lines(later),
        "",
        *table(later),
        "",
        "Reliability of `violence_25`:",
        "",
        *reliability(later),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Draw the years that are not kept yet, and print the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, required=True, help="folder of the years that are drawn already")
    parser.add_argument("--write", type=Path, help="file to write the page to")
    parser.add_argument("--spread", type=Path, help="file to write the spread of the probabilities to")
    given = parser.parse_args()
    given.keep.mkdir(parents=True, exist_ok=True)
    panel = panel_of(load_snapshot(), "country")
    files = {year: given.keep / f"draws-{year}.npz" for year in YEARS}
    if any(not file.exists() for file in files.values()):
        features = build_features(panel)
        for year, file in files.items():
            if not file.exists():
                np.savez_compressed(file, allow_pickle=False, **year_draws(panel, features, year))
    rows, ways = measured(panel, files)
    found = recalibrations(early(rows))
    rows = with_served(rows, found)
    page = document(rows, ways)
    print(page)
    if given.write:
        given.write.write_text(page, encoding="utf-8")
    if given.spread:
        spread_rows(found).to_csv(given.spread, index=False)


if __name__ == "__main__":
    main()
