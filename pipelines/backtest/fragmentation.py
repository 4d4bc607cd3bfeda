"""The backtest of fragmentation: at-risk rows first, spells beside rows, and what alarms were worth.

Scored over all units these targets mostly tell peaceful countries apart, so that every table here is of the at-risk
set. A spell (consecutive months with outcome 1 in one unit) is one event seen from several origins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...models.probabilities.learning import BURN_IN_MONTHS, FEWEST_COUNTRIES, evaluate, fit_members
from ...models.probabilities.risk import families_of
from ...models.rows.design import label
from ...models.scores.alarms import alarms, spells
from ...models.scores.comparison import codes
from ...models.scores.intervals import SCORES, score_draws, score_intervals
from ..base.markdown import table_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from ...features.targets.target import Target

__all__ = ["TOPS", "alarm_table", "at_risk_table", "forecasters_of", "leave_country_out", "sections", "too_few"]

#: Units called each month.
TOPS = (5, 10, 20)
#: Spells under which no score is printed: rows of one spell are one event, so that fewer tell nothing from chance.
FEWEST_SPELLS = 10
_HEADS = {
    "auc": "AUC",
    "average_precision": "average precision",
    "brier_skill_climatology": "Brier skill over climatology",
    "brier_skill_base_rate": "over the base rate",
    "calibration_error": "calibration error",
}


def leave_country_out(
    panel: Panel, features: FeatureArrays, target: Target, *, horizons: Iterable[int], seed: int = 0, threads: int = 1
) -> pd.DataFrame:
    """Forecast each country by models that learned from all others, at all times.

    Returns
    -------
    At-risk rows as of `~faultline.pipelines.backtest.engine.Backtest`.

    Raises
    ------
    CoverageError
        If the other countries hold too little to learn from.
    """
    parts: list[pd.DataFrame] = []
    for horizon in horizons:
        labelled = label(panel, target, horizon)
        known = labelled.training_rows(BURN_IN_MONTHS, panel.shape[0] - 1)
        for country in np.unique(labelled.country):
            here = labelled.country == country
            rows = known & here & labelled.at_risk
            if not rows.any():
                continue
            others = labelled.design(features, known & ~here)
            members = fit_members(others, families=families_of(target.name, panel.level), seed=seed, threads=threads)
            scored = evaluate(members, labelled.design(features, rows))
            design = scored.design
            parts.append(
                pd.DataFrame(
                    {
                        "target": target.name,
                        "horizon_months": horizon,
                        "origin": panel.months[design.month].astype(str),
                        "unit": panel.units.index.to_numpy()[design.unit],
                        "country": panel.units["iso3"].to_numpy(object)[design.unit],
                        "year": panel.months.year.to_numpy()[design.month],
                        "month": design.month,
                        "at_risk": True,
                        "y": design.y,
                        **scored.probabilities,
                    }
                )
            )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def at_risk_table(rows: pd.DataFrame, forecasters: Iterable[str], *, seed: int = 0) -> pd.DataFrame:
    """Scores on the at-risk set with 90 % intervals by bootstrap over countries.

    Parameters
    ----------
    rows
        As of `~faultline.pipelines.backtest.engine.Backtest`.

    Returns
    -------
    One row a target, horizon and forecaster: ``rows``, ``units``, ``spells``, ``base_rate``, then each of
    `~faultline.models.scores.intervals.SCORES` with ``_low`` and ``_high``, all NaN where there is `too_few`.
    """
    out: list[dict[str, Any]] = []
    for (target, horizon), some in rows[rows["at_risk"]].groupby(["target", "horizon_months"], sort=False):
        y, unit, month = some["y"].to_numpy(np.float64), codes(some["unit"]), some["month"].to_numpy(np.int64)
        cluster = codes(some["country"])
        few = too_few(some)
        opponent = some["climatology"].to_numpy(np.float64)
        place = {
            "target": target,
            "horizon_months": horizon,
            "rows": len(some),
            "units": len(np.unique(unit)),
            "spells": len(spells(y, unit, month)),
            "base_rate": float(y.mean()),
        }
        for name in forecasters_of(some, forecasters):
            if few:
                blank = {f"{score}{end}": np.nan for score in SCORES for end in ("", "_low", "_high")}
                out.append({**place, "forecaster": name, **blank})
                continue
            p = some[name].to_numpy(np.float64)
            scores = score_draws(y, p, opponent, np.ones((1, len(y))))
            line = {**place, "forecaster": name, **{score: float(values[0]) for score, values in scores.items()}}
            for score, (low, high) in score_intervals(y, p, opponent, cluster, seed=seed).items():
                line |= {f"{score}_low": low, f"{score}_high": high}
            out.append(line)
    return pd.DataFrame(out)


def too_few(rows: pd.DataFrame) -> bool:
    """Whether a target's rows hold too few events to score: few at-risk countries, or few spells at some horizon."""
    at_risk = rows[rows["at_risk"]]
    if at_risk["country"].nunique() < FEWEST_COUNTRIES:
        return True
    found = [
        len(spells(some["y"].to_numpy(np.float64), codes(some["unit"]), some["month"].to_numpy(np.int64)))
        for _, some in at_risk.groupby("horizon_months")
    ]
    return min(found) < FEWEST_SPELLS


def alarm_table(rows: pd.DataFrame) -> pd.DataFrame:
    """What calling the 5, 10 and 20 at-risk units to which the pool gave most each month was worth.

    Parameters
    ----------
    rows
        As of `~faultline.pipelines.backtest.engine.Backtest`.

    Returns
    -------
    One row a target, horizon and ``top``: ``false_per_true``, ``spells``, ``called`` and ``lead_months``, the median
    months from the first true call to the spell's end, when it had happened.
    """
    out: list[dict[str, Any]] = []
    for (target, horizon), some in rows[rows["at_risk"]].groupby(["target", "horizon_months"], sort=False):
        y, p = some["y"].to_numpy(np.float64), some["pool"].to_numpy(np.float64)
        for top in TOPS:
            found = alarms(y, p, codes(some["unit"]), some["month"].to_numpy(np.int64), top=top)
            out.append({"target": target, "horizon_months": horizon, **vars(found)})
    return pd.DataFrame(out)


def forecasters_of(rows: pd.DataFrame, forecasters: Iterable[str]) -> tuple[str, ...]:
    """Those of the forecasters that forecast these rows: targets have families of their own."""
    return tuple(name for name in forecasters if name in rows and rows[name].notna().all())


def sections(at_risk: pd.DataFrame, called: pd.DataFrame, apart: pd.DataFrame) -> list[str]:
    """Show the tables of one target, Markdown lines; ``apart`` holds the scores of countries left out, or nothing."""
    lines = [
        f"At-risk rows. In brackets 90 % intervals by bootstrap over countries. With under {FEWEST_SPELLS} spells, or",
        f"under {FEWEST_COUNTRIES} countries at risk, there is too little to score.",
        "Spells are runs of consecutive months with outcome 1 in one unit: rows of one spell are one event.",
        "",
        *_scores(at_risk),
        "Alarms of the pool: the at-risk units of highest probability each month.",
        "",
        *table_lines(("H", "top", "false per true alarm", "spells called", "median lead, months"), _alarms(called)),
    ]
    if len(apart):
        lines += ["", "With the country left out: learned from the other countries, at all times.", "", *_scores(apart)]
    return [*lines, ""]


def _alarms(called: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    for _, row in called.iterrows():
        false, lead = "none true", "-"
        if np.isfinite(row["false_per_true"]):
            false, lead = f"{row['false_per_true']:.1f}", f"{row['lead_months']:.0f}"
        yield row["horizon_months"], row["top"], false, f"{row['called']} of {row['spells']}", lead


def _scores(table: pd.DataFrame) -> list[str]:
    # where there is too little to score, one line stands for all forecasters
    shown = table[table["auc"].notna() | ~table.duplicated("horizon_months")]
    header = ("H", "rows", "spells", "base rate", "forecaster", *(_HEADS[score] for score in SCORES))
    return [*table_lines(header, (_cells(row) for _, row in shown.iterrows())), ""]


def _cells(row: pd.Series) -> list[str]:
    cells = [str(row["horizon_months"]), f"{row['rows']:,}", str(row["spells"]), f"{row['base_rate']:.3f}"]
    if np.isnan(row["auc"]):
        return [*cells, "all", "too few to score", *["-"] * (len(SCORES) - 1)]
    cells.append(row["forecaster"])
    for score in SCORES:
        spec = "+.1%" if "skill" in score else ".3f"
        value, low, high = (format(row[name], spec) for name in (score, f"{score}_low", f"{score}_high"))
        cells.append(f"{value} ({low} to {high})")
    return cells
