"""Tables of a backtest: scores by stratum with their intervals, differences, and the page that shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...features.targets.build import TARGETS
from ...models.kinds import PROBABILITIES
from ...models.scores.comparison import bootstrap_mean, codes, how_sure
from ...models.scores.probabilities import binary_scores, precision_recall_each_month, skill
from ...models.scores.strata import SHOWN
from ..base.markdown import table_lines
from ..base.whole import write_parquet, write_text
from .fragmentation import TOPS, alarm_table, at_risk_table, forecasters_of, sections, too_few

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .engine import Backtest

__all__ = ["OPPONENTS", "difference_table", "fragmentation_lines", "markdown", "score_table", "write_tables"]

#: Whom every other forecaster is compared with.
OPPONENTS = ("climatology", "persistence")
#: Units called at each origin whose hits the page shows.
SHOWN_TOP = 10
#: Of scores, what is counted and stays true of few events.
_COUNTED = ("n", "base_rate")


def score_table(result: Backtest, *, seed: int = 0) -> pd.DataFrame:
    """Scores of every forecaster in every stratum, with the 90 % interval of Brier over countries.

    Returns
    -------
    One row a target, stratum, value and forecaster: `binary_scores`, ``brier_low``,
    ``brier_high``, ``brier_skill_climatology``, ``brier_skill_persistence``, and, but for single countries,
    ``precision_5``, ``recall_5`` and so on of the units called at each origin, those of the 5, 10 and 20 highest
    forecasts of the stratum. Of a target of fragmentation with `too_few` events only ``n`` and ``base_rate`` are told.
    """
    out: list[dict[str, Any]] = []
    for target, rows in result.rows.groupby("target", sort=False):
        country = codes(rows["country"])
        y = rows["y"].to_numpy(np.float64)
        called_together = rows.groupby(["month", "horizon_months"]).ngroup().to_numpy().astype(np.int64)
        names = forecasters_of(rows, result.forecasters)
        few = TARGETS[str(target)].rare and too_few(rows)
        for stratum, value, inside in PROBABILITIES.strata(rows):
            scored = {name: binary_scores(y[inside], rows[name].to_numpy()[inside]) for name in names}
            if few:
                scored = {
                    name: {key: value if key in _COUNTED else np.nan for key, value in scores.items()}
                    for name, scores in scored.items()
                }
            for name, scores in scored.items():
                place = {"target": target, "stratum": stratum, "value": value, "forecaster": name}
                ends: dict[str, float] = {}
                if stratum != "country":
                    miss = (rows[name].to_numpy()[inside] - y[inside]) ** 2
                    interval = bootstrap_mean(miss, country[inside], seed=seed)
                    ends = {"brier_low": interval.low, "brier_high": interval.high}
                    for top in TOPS:
                        found = precision_recall_each_month(
                            y[inside], rows[name].to_numpy(np.float64)[inside], called_together[inside], top
                        )
                        ends |= dict(zip((f"precision_{top}", f"recall_{top}"), found, strict=True))
                if few:
                    ends = dict.fromkeys(ends, np.nan)
                skills = {f"brier_skill_{o}": skill(scores["brier"], scored[o]["brier"]) for o in OPPONENTS}
                out.append({**place, **scores, **ends, **skills})
    return pd.DataFrame(out)


def difference_table(result: Backtest, *, seed: int = 0) -> pd.DataFrame:
    """Brier of every forecaster less that of each opponent, over all units at each horizon.

    Returns
    -------
    One row a target, horizon, forecaster and opponent: ``difference`` (negative: better than the opponent), its 90 %
    interval over countries ``low``, ``high``, and the Diebold-Mariano ``statistic`` and ``p``.
    """
    out: list[dict[str, Any]] = []
    for (target, horizon), rows in result.rows.groupby(["target", "horizon_months"], sort=False):
        country, month = codes(rows["country"]), rows["month"].to_numpy(np.int64)
        y = rows["y"].to_numpy(np.float64)
        names = forecasters_of(rows, result.forecasters)
        miss = {name: (rows[name].to_numpy() - y) ** 2 for name in names}
        for opponent in OPPONENTS:
            for name in names:
                if name == opponent:
                    continue
                difference = miss[name] - miss[opponent]
                where = {"target": target, "horizon_months": horizon, "forecaster": name, "opponent": opponent}
                out.append(where | how_sure(difference, country, month, horizon=int(str(horizon)), seed=seed))
    return pd.DataFrame(out)


def markdown(
    scores: pd.DataFrame, differences: pd.DataFrame, *, title: str, first: Mapping[str, list[str]] | None = None
) -> str:
    """Show the strata over all horizons, each horizon and year, and the differences, as a page.

    Parameters
    ----------
    first
        Lines that come first, by target: those of fragmentation are told of the at-risk set before any other.
    """
    lines = [f"# {title}", ""]
    for target, some in scores.groupby("target", sort=False):
        ahead = (first or {}).get(str(target), [])
        lines += [f"## `{target}`", "", *ahead, *(["All strata.", ""] if ahead else [])]
        shown = some[some["stratum"].isin(SHOWN)]
        lines += table_lines(
            [
                *("stratum", "", "forecaster", "n", "base rate", "Brier (90 %)"),
                *("skill, climatology", "skill, persistence"),
                *("log score", "AUC", "average precision", "calibration error", "of the top 10: true", "of all true"),
            ],
            [
                [
                    *(row["stratum"], row["value"], row["forecaster"], f"{row['n']:,.0f}", f"{row['base_rate']:.3f}"),
                    f"{row['brier']:.4f} ({row['brier_low']:.4f} to {row['brier_high']:.4f})",
                    *(f"{row[f'brier_skill_{opponent}']:+.1%}" for opponent in OPPONENTS),
                    *(f"{row[name]:.4f}" for name in ("log_score", "auc", "average_precision", "calibration_error")),
                    *(f"{row[f'{what}_{SHOWN_TOP}']:.1%}" for what in ("precision", "recall")),
                ]
                for _, row in shown.iterrows()
            ],
        )
        lines.append("")
    lines += ["## Differences of Brier", "", "Negative: better than the opponent. p: Diebold-Mariano.", ""]
    lines += table_lines(
        ["target", "H", "forecaster", "opponent", "difference (90 %, over countries)", "p"],
        [
            [
                *(row["target"], str(row["horizon_months"]), row["forecaster"], row["opponent"]),
                f"{row['difference']:+.4f} ({row['low']:+.4f} to {row['high']:+.4f})",
                f"{row['p']:.3f}",
            ]
            for _, row in differences.iterrows()
        ],
    )
    return "\n".join([*lines, ""]).replace("nan", "-")


def write_tables(result: Backtest, *, title: str, seed: int = 0) -> Path:
    """Write ``scores.parquet``, ``differences.parquet`` and ``backtest.md`` beside the parts; gives the page.

    Targets of fragmentation get ``at_risk.parquet``, ``alarms.parquet`` and, of regions, ``left_out.parquet`` besides.
    """
    scores, differences = score_table(result, seed=seed), difference_table(result, seed=seed)
    write_parquet(scores, result.folder / "scores.parquet")
    write_parquet(differences, result.folder / "differences.parquet")
    first = fragmentation_lines(result, seed=seed)
    return write_text(result.folder / "backtest.md", markdown(scores, differences, title=title, first=first))


def fragmentation_lines(result: Backtest, *, seed: int) -> dict[str, list[str]]:
    """Write the tables of the targets of fragmentation beside the parts; gives the lines that show each target's."""
    rare = result.rows[result.rows["target"].isin([target.name for target in TARGETS.values() if target.rare])]
    if rare.empty:
        return {}
    at_risk = at_risk_table(rare, result.forecasters, seed=seed)
    called = alarm_table(rare)
    apart = pd.DataFrame(columns=["target"])
    if len(result.left_out):
        apart = at_risk_table(result.left_out, result.forecasters, seed=seed)
        write_parquet(apart, result.folder / "left_out.parquet")
    write_parquet(at_risk, result.folder / "at_risk.parquet")
    write_parquet(called, result.folder / "alarms.parquet")
    return {
        str(target): sections(*(table[table["target"] == target] for table in (at_risk, called, apart)))
        for target in rare["target"].unique()
    }
