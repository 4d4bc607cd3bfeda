"""Tables of a backtest of deaths: scores by stratum, thresholds, differences, and the page that shows them."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...models.distributions.distribution import THRESHOLDS
from ...models.kinds import DISTRIBUTIONS
from ...models.scores.comparison import codes, how_sure
from ...models.scores.probabilities import expected_calibration_error, skill
from ...models.scores.samples import COVERAGES, MEANS
from ...models.scores.strata import SHOWN
from ..base.markdown import table_lines
from ..base.whole import write_parquet, write_text
from .breaches import believable_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .deaths import DeathsBacktest

__all__ = [
    "calibration_table",
    "deaths_differences",
    "deaths_markdown",
    "deaths_scores",
    "threshold_scores",
    "write_deaths_tables",
]

#: Whom the others are compared with: the challenge's hardest benchmark.
OPPONENT = "conflictology"
#: The field guide's persistence of a probability: the last 12 months' share, one success and one failure added.
PERSISTENCE = "persistence (12 months, add-one)"


def _with_and_without(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """All rows, and those whose month is no war total if some are: a few of them make a third of a mean."""
    yield "with", rows
    marked = rows["war_total"].to_numpy(bool)
    if marked.any() and not marked.all():
        yield "without", rows[~marked]


def deaths_scores(result: DeathsBacktest) -> pd.DataFrame:
    """Mean scores of every forecaster in every stratum; at risk is who has not had twelve months without a death.

    Returns
    -------
    One row a protocol, target, stratum, value, ``war_totals`` (``with``, and ``without`` where there are any) and
    forecaster: ``n``, mean ``crps``, ``crps_log``, ``ign``, ``mis``, ``bias_mean``, ``mae_mean``,
    ``covered_50``, ``covered_80``, ``covered_90``, and ``crps_skill`` against conflictology.
    """
    out: list[dict[str, Any]] = []
    for (protocol, target), rows in result.rows.groupby(["protocol", "target"], sort=False):
        for stratum, value, inside in DISTRIBUTIONS.strata(rows):
            for which, some in _with_and_without(rows[inside]):
                means: Any = some.groupby("forecaster", sort=False)[list(MEANS)].mean().astype(float).to_dict("index")
                count: Any = some.groupby("forecaster", sort=False).size().to_dict()
                out += [
                    {"protocol": protocol, "target": target, "stratum": stratum, "value": value}
                    | {"war_totals": which, "forecaster": name, "n": int(count[name]), **mean}
                    | {"crps_skill": skill(mean["crps"], means[OPPONENT]["crps"])}
                    for name, mean in means.items()
                ]
    return pd.DataFrame(out)


def calibration_table(result: DeathsBacktest) -> pd.DataFrame:
    """How well intervals and probabilities hold, over all horizons and at each.

    The intervals of counts end on whole numbers and hold more than their name says: wherever nothing happens the 50 %
    interval is 0 to 0, and holds all. ``pit_50`` is free of that: the share of randomised PITs in the middle half.

    Returns
    -------
    One row a protocol, target, value (``all horizons`` or ``h=3``), ``war_totals`` (``with`` or ``without``) and
    forecaster: ``n``, ``covered_50`` to ``covered_90``, ``pit_50`` to ``pit_90``, and ``calibration_error_1``,
    ``calibration_error_25`` of reaching 1 and 25 deaths.
    """
    out: list[dict[str, Any]] = []
    for (protocol, target), rows in result.rows.groupby(["protocol", "target"], sort=False):
        whole = [("all horizons", rows), *((f"h={horizon}", some) for horizon, some in rows.groupby("horizon_months"))]
        parts = [(value, which, part) for value, every in whole for which, part in _with_and_without(every)]
        for value, which, part in parts:
            for name, some in part.groupby("forecaster", sort=False):
                apart = np.abs(some["pit"].to_numpy(np.float64) - 0.5)
                y = some["y"].to_numpy(np.float64)
                line: dict[str, Any] = {"protocol": protocol, "target": target, "value": value, "war_totals": which}
                line |= {"forecaster": name, "n": len(some)}
                for level in COVERAGES:
                    percent = round(100 * level)
                    line[f"covered_{percent}"] = float(some[f"covered_{percent}"].mean())
                    line[f"pit_{percent}"] = float((apart <= level / 2).mean())
                for threshold in THRESHOLDS:
                    share = some[f"p_{threshold}"].to_numpy(np.float64)
                    happened = (y >= threshold).astype(np.float64)
                    line[f"calibration_error_{threshold}"] = expected_calibration_error(happened, share)
                out.append(line)
    return pd.DataFrame(out)


def threshold_scores(result: DeathsBacktest) -> pd.DataFrame:
    """Brier score and calibration of the samples' shares at each threshold, months and horizons pooled.

    Returns
    -------
    One row a protocol, target, threshold, ``war_totals`` (``with`` or ``without``) and forecaster, with the field
    guide's persistence of a probability added: ``base_rate``, ``brier``, ``skill_climatology``, ``skill_persistence``,
    ``calibration_error``.
    """
    out: list[dict[str, Any]] = []
    for (protocol, target), rows in result.rows.groupby(["protocol", "target"], sort=False):
        for threshold, (which, part) in product(THRESHOLDS, tuple(_with_and_without(rows))):
            share = {str(name): some for name, some in part.groupby("forecaster", sort=False)}
            forecasts = {name: some[f"p_{threshold}"].to_numpy(np.float64) for name, some in share.items()}
            forecasts[PERSISTENCE] = (12 * forecasts[OPPONENT] + 1) / 14
            y = (share[OPPONENT]["y"].to_numpy() >= threshold).astype(np.float64)
            brier = {name: float(np.mean((p - y) ** 2)) for name, p in forecasts.items()}
            out += [
                {"protocol": protocol, "target": target, "threshold": threshold, "war_totals": which}
                | {"forecaster": name, "base_rate": float(y.mean()), "brier": brier[name]}
                | {"skill_climatology": skill(brier[name], brier["climatology"])}
                | {"skill_persistence": skill(brier[name], brier[PERSISTENCE])}
                | {"calibration_error": expected_calibration_error(y, p)}
                for name, p in forecasts.items()
            ]
    return pd.DataFrame(out)


def deaths_differences(result: DeathsBacktest, *, seed: int = 0) -> pd.DataFrame:
    """CRPS of every forecaster less that of conflictology, all horizons pooled.

    Returns
    -------
    One row a protocol, target, ``war_totals`` (``with`` or ``without``) and forecaster: ``difference`` (negative:
    better), its 90 % interval over countries ``low``, ``high``, and the Diebold-Mariano ``statistic`` and ``p`` of the
    monthly means.
    """
    out: list[dict[str, Any]] = []
    for (protocol, target), rows in result.rows.groupby(["protocol", "target"], sort=False):
        for which, part in _with_and_without(rows):
            keyed = part.set_index(["origin", "unit", "horizon_months"])
            opponent = keyed[keyed["forecaster"] == OPPONENT]["crps"]
            for name in (name for name in part["forecaster"].unique() if name != OPPONENT):
                mine = keyed[keyed["forecaster"] == name]
                difference = (mine["crps"] - opponent.reindex(mine.index)).to_numpy(np.float64)
                month = mine["month"].to_numpy(np.int64)
                where = {"protocol": protocol, "target": target, "war_totals": which, "forecaster": name}
                out.append(where | how_sure(difference, codes(mine["country"]), month, horizon=12, seed=seed))
    return pd.DataFrame(out)


def deaths_markdown(
    scores: pd.DataFrame,
    thresholds: pd.DataFrame,
    differences: pd.DataFrame,
    calibration: pd.DataFrame,
    *,
    title: str,
) -> str:
    """Show the strata, each horizon and year, calibration, thresholds and differences as a page."""
    lines = [f"# {title}", ""]
    lines += [
        "Rows without war totals stand where a month that is one was forecast. Mean: of the samples; bias: the mean"
    ]
    lines += ["less the outcome. CRPS of logs: of log(1 + deaths).", ""]
    for (protocol, target), some in scores.groupby(["protocol", "target"], sort=False):
        lines += [f"## `{target}`, {protocol}", "", *_scores_table(some), ""]
    lines += ["## Calibration by horizon", ""]
    lines += ["In 50 %: share of months inside the interval, whose ends are whole numbers and count as inside."]
    lines += [
        "PIT 50 %: share of randomised PITs in the middle half, which is 50 % where the forecasts are calibrated."
    ]
    lines += ["Calibration error: of the probability of 1 and of 25 deaths.", "", *_calibration_lines(calibration)]
    lines += ["", "## Probability that a month reaches a threshold", ""]
    lines += ["Read from the samples, horizons pooled.", "", *_thresholds_table(thresholds)]
    lines += ["", "## Differences of CRPS from conflictology", ""]
    lines += ["Negative: better. 90 % intervals by bootstrap over countries; p: Diebold-Mariano.", ""]
    return "\n".join([*lines, *_differences_table(differences)]).rstrip() + "\n"


def _scores_table(scores: pd.DataFrame) -> list[str]:
    shown = scores[scores["stratum"].isin(SHOWN)]
    return table_lines(
        (
            *("stratum", "", "war totals", "forecaster", "n", "CRPS", "skill, conflictology", "CRPS of logs"),
            *("bias of the mean", "absolute error of the mean", "IGN", "MIS", "in 50 %", "80 %", "90 %"),
        ),
        (
            (
                *(row.stratum, row.value, row.war_totals, row.forecaster, f"{row.n:,}", f"{row.crps:.2f}"),
                *(f"{row.crps_skill:+.1%}", f"{row.crps_log:.3f}", f"{row.bias_mean:+.2f}", f"{row.mae_mean:.2f}"),
                *(f"{row.ign:.3f}", f"{row.mis:.1f}"),
                *(f"{share:.1%}" for share in (row.covered_50, row.covered_80, row.covered_90)),
            )
            for row in shown.itertuples()
        ),
    )


def _calibration_lines(calibration: pd.DataFrame) -> list[str]:
    return table_lines(
        (
            *("protocol", "target", "", "war totals", "forecaster"),
            *("in 50 %", "80 %", "90 %", "PIT 50 %", "80 %", "90 %"),
            *(f"calibration error, {threshold}" for threshold in THRESHOLDS),
        ),
        (
            (
                *(row["protocol"], row["target"], row["value"], row["war_totals"], row["forecaster"]),
                *(f"{row[f'{what}_{round(100 * level)}']:.1%}" for what in ("covered", "pit") for level in COVERAGES),
                *(f"{row[f'calibration_error_{threshold}']:.4f}" for threshold in THRESHOLDS),
            )
            for _, row in calibration.iterrows()
        ),
    )


def _thresholds_table(thresholds: pd.DataFrame) -> list[str]:
    return table_lines(
        (
            *("protocol", "target", "deaths", "war totals", "forecaster", "base rate", "Brier"),
            *("skill, climatology", "skill, persistence", "calibration error"),
        ),
        (
            (
                *(row.protocol, row.target, row.threshold, row.war_totals, row.forecaster),
                *(f"{row.base_rate:.3f}", f"{row.brier:.4f}"),
                *(f"{row.skill_climatology:+.1%}", f"{row.skill_persistence:+.1%}", f"{row.calibration_error:.4f}"),
            )
            for row in thresholds.itertuples()
        ),
    )


def _differences_table(differences: pd.DataFrame) -> list[str]:
    return table_lines(
        ("protocol", "target", "war totals", "forecaster", "difference (90 %)", "statistic", "p"),
        (
            (
                *(row.protocol, row.target, row.war_totals, row.forecaster),
                *(f"{row.difference:+.3f} ({row.low:+.3f} to {row.high:+.3f})", f"{row.statistic:.2f}", f"{row.p:.4f}"),
            )
            for row in differences.itertuples()
        ),
    )


def write_deaths_tables(result: DeathsBacktest, *, title: str, seed: int = 0) -> Path:
    """Write scores, thresholds, differences and calibration as Parquet, and ``backtest.md``; give the last."""
    tables = {
        "scores": deaths_scores(result),
        "thresholds": threshold_scores(result),
        "differences": deaths_differences(result, seed=seed),
        "calibration": calibration_table(result),
    }
    for name, table in tables.items():
        write_parquet(table, result.folder / f"{name}.parquet")
    text = deaths_markdown(*tables.values(), title=title)
    return write_text(result.folder / "backtest.md", text + believable_markdown(result.rows))
