"""Out-of-sample skill of the fragmentation targets: learn to the end of year y-1, score the origins of year y.

Run ``python benchmarks/fragmentation.py`` to print the tables, ``--write docs/fragmentation-skill.md`` to put them
into the docs. ``--years 2003-2017`` is the era on which everything was chosen; 2018 to 2025 was kept apart.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from faultline.features.blocks import BLOCKS, FRAGMENTATION_BLOCKS, build_features
from faultline.features.country_panel import country_panel
from faultline.features.errors import CoverageError
from faultline.features.region_panel import region_panel
from faultline.features.snapshot import load_snapshot
from faultline.features.targets import TARGETS
from faultline.features.territory import with_territory
from faultline.models.alarms import alarms, spells
from faultline.models.design import label
from faultline.models.learning import clusters, evaluate, fit_members, learn
from faultline.models.metrics import binary_scores, skill
from faultline.models.risk import families_of
from faultline.pipelines.train import RARE_EVALUATION_MONTHS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from faultline.features.blocks import FeatureArrays
    from faultline.features.panel import Panel
    from faultline.models.design import Design, Labelled

#: Burn-in, months; draws of the bootstrap; units called each month.
FIRST_ORIGIN, DRAWS, TOPS = 24, 300, (5, 10, 20)
Scored = tuple["Design", dict[str, "NDArray[np.float64]"]]


def rolling(panel: Panel, features: FeatureArrays, labelled: Labelled, years: range) -> Scored:
    """Forecasts for all at-risk origins of the years, each year from what was known before it."""
    parts: list[Scored] = []
    for year in years:
        last = panel.position(pd.Period(f"{year - 1}-12", "M")) if f"{year - 1}-12" <= str(panel.months[-1]) else None
        rows = labelled.origins(last, last + 11) & labelled.at_risk if last is not None else np.zeros(1, bool)
        if last is None or not rows.any():
            continue
        try:
            months = RARE_EVALUATION_MONTHS[panel.level]
            fitted = learn(labelled, features, last=last, evaluation_months=months).model
        except CoverageError as error:
            print(f"{labelled.target} {year}: {error}")
            continue
        scored = evaluate(fitted.members, labelled.design(features, rows))
        parts.append((scored.design, dict(scored.probabilities)))
    return joined(parts)


def left_out(panel: Panel, features: FeatureArrays, labelled: Labelled) -> Scored:
    """Forecasts for each country from all others, at all times."""
    parts: list[Scored] = []
    known = labelled.training_rows(FIRST_ORIGIN, panel.shape[0] - 1)
    for country in np.unique(labelled.country):
        here = labelled.country == country
        members = fit_members(labelled.design(features, known & ~here), families=families_of(labelled.target))
        scored = evaluate(members, labelled.design(features, known & here & labelled.at_risk))
        parts.append((scored.design, dict(scored.probabilities)))
    return joined(parts)


def joined(parts: list[Scored]) -> Scored:
    """Put the parts behind one another."""
    first = parts[0][0]
    arrays = {
        field: np.concatenate([getattr(design, field) for design, _ in parts])
        for field in ("y", "month", "unit", "country", "at_risk")
    }
    names = parts[0][1]
    together = {name: np.concatenate([found[name] for _, found in parts]) for name in names}
    return type(first)(inputs=first.inputs, directions=first.directions, **arrays), together


def measured(y: NDArray[np.float64], p: NDArray[np.float64], climatology: NDArray[np.float64]) -> dict[str, float]:
    """The four scores of the tables."""
    scores = binary_scores(y, p)
    opponent = binary_scores(y, climatology)["brier"]
    return {
        "AUC": scores["auc"],
        "AP": scores["average_precision"],
        "Brier skill": skill(scores["brier"], opponent),
        "ECE": scores["calibration_error"],
    }


def intervals(design: Design, p: NDArray[np.float64], climatology: NDArray[np.float64]) -> dict[str, tuple[float, ...]]:
    """90 % intervals of the scores by drawing countries (units where there are few), never rows."""
    rng = np.random.default_rng(0)
    cluster = clusters(design)
    members = [np.flatnonzero(cluster == each) for each in np.unique(cluster)]
    draws = []
    for _ in range(DRAWS):
        rows = np.concatenate([members[i] for i in rng.integers(0, len(members), len(members))])
        if 0 < design.y[rows].sum() < len(rows):
            draws.append(measured(design.y[rows], p[rows], climatology[rows]))
    table = pd.DataFrame(draws)
    return {name: tuple(table[name].quantile([0.05, 0.95])) for name in table.columns}


def score_rows(what: str, horizon: int, scored: Scored) -> list[dict[str, str]]:
    """Lines of the table of scores, intervals beside the pool's."""
    design, forecasts = scored
    found = spells(design.y, design.unit, design.month)
    base = {"target": what, "H": str(horizon), "rows": f"{len(design):,}", "spells": str(len(found))}
    base["base rate"] = f"{design.y.mean():.3f}"
    lines: list[dict[str, str]] = []
    for name, p in forecasts.items():
        scores = measured(design.y, p, forecasts["climatology"])
        shown = {key: f"{value:+.1%}" if key == "Brier skill" else f"{value:.3f}" for key, value in scores.items()}
        if name == "pool":
            for key, (low, high) in intervals(design, p, forecasts["climatology"]).items():
                spec = "{:+.0%}" if key == "Brier skill" else "{:.2f}"
                shown[key] += f" ({spec.format(low)} to {spec.format(high)})"
        lines.append({**base, "forecaster": name, **shown})
    return lines


def alarm_rows(what: str, horizon: int, scored: Scored) -> list[dict[str, str]]:
    """Lines of the table of alarms."""
    design, forecasts = scored
    lines: list[dict[str, str]] = []
    for top in TOPS:
        found = alarms(design.y, forecasts["pool"], design.unit, design.month, top=top)
        lines.append(
            {
                "target": what,
                "H": str(horizon),
                "top": str(top),
                "false per true alarm": f"{found.false_per_true:.1f}",
                "spells called": f"{found.called} of {found.spells}",
                "median lead, months": f"{found.lead_months:.0f}",
            }
        )
    return lines


def markdown(rows: list[dict[str, str]]) -> str:
    """A table."""
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "|" + " --- |" * len(names)]
    return "\n".join(lines + ["| " + " | ".join(row[name] for name in names) + " |" for row in rows])


def document(years: range) -> str:
    """The page of the docs."""
    snapshot = load_snapshot()
    regions = region_panel(snapshot)
    panels = {"country": with_territory(country_panel(snapshot), regions), "region": regions}
    blocks = (*BLOCKS, *FRAGMENTATION_BLOCKS)
    features = {level: build_features(panel, blocks=blocks) for level, panel in panels.items()}
    plan = [("country", "new_armed_actor", h) for h in (3, 6, 12)]
    plan += [("country", "fragmentation", 12), ("country", "territorial_fragmentation", 12)]
    plan += [("region", "contestation", h) for h in (6, 12)]
    scores: list[dict[str, str]] = []
    called: list[dict[str, str]] = []
    apart: list[dict[str, str]] = []
    for level, name, horizon in plan:
        panel = panels[level]
        labelled = label(panel, TARGETS[name], horizon)
        found = rolling(panel, features[level], labelled, years)
        scores += score_rows(name, horizon, found)
        called += alarm_rows(name, horizon, found)
        if level == "region":
            apart += score_rows(name, horizon, left_out(panel, features[level], labelled))
    return "\n".join(
        [
            f"# Skill of the fragmentation targets, out of sample, {years[0]} to {years[-1]}",
            "",
            "At-risk rows only. Every forecaster learns from windows that ended by December of year y-1 and scores",
            f"the twelve origins from then on, y from {years[0]} to {years[-1]} as far as the data reach. Features,",
            "sizes and pool were chosen on 2003 to 2017. In brackets 90 % intervals by bootstrap over countries",
            "(regions where there are fewer than ten). Spells are runs of consecutive months with outcome 1 in one",
            "unit. Skill is against climatology. Made by `python benchmarks/fragmentation.py --write PAGE`.",
            "",
            markdown(scores),
            "",
            "## Alarms: the units of highest probability each month",
            "",
            markdown(called),
            "",
            "## Contestation with a country left out",
            "",
            "Learned from the other countries at all times, scored on the one left out at all times.",
            "",
            markdown(apart),
            "",
        ]
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="file to write the page to")
    parser.add_argument("--years", default="2018-2025", help="first and last year")
    given = parser.parse_args()
    first, last = (int(year) for year in given.years.split("-"))
    with threadpool_limits(1):
        page = document(range(first, last + 1))
    print(page)
    if given.write:
        given.write.write_text(page, encoding="utf-8")
