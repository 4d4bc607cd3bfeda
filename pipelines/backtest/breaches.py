"""Forecasts of deaths in a backtest that an issue would not be written with, counted by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...models.distributions.far_draws import TIMES_RECORD
from ..base.markdown import table_lines

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["believable_markdown", "unbelievable"]

_KINDS = ("mean_too_high", "unheard_of")


def unbelievable(rows: pd.DataFrame) -> pd.DataFrame:
    """Count the forecasts of each year whose mean only a tail makes, or that draw what has no precedent.

    Parameters
    ----------
    rows
        Of `~faultline.pipelines.backtest.deaths.DeathsBacktest`.

    Returns
    -------
    One row a protocol, target, forecaster and year: ``n``, ``mean_too_high``, ``unheard_of``.
    """
    keys = ["protocol", "target", "forecaster", "year"]
    counted = rows.groupby(keys, sort=False, observed=True)[list(_KINDS)].agg("sum").astype(int)
    counted.insert(0, "n", rows.groupby(keys, sort=False, observed=True).size())
    return counted.reset_index()


def believable_markdown(rows: pd.DataFrame) -> str:
    """Show the counts as a section: each forecaster's years with such forecasts, and who has none."""
    counted = unbelievable(rows)
    bad = counted[counted[list(_KINDS)].any(axis=1)]
    lines = ["", "## Forecasts that are not to be believed", ""]
    lines += ["Mean too high: above the 95 % quantile and 25 deaths. Draws without precedent: one at least is above"]
    lines += [
        f"{TIMES_RECORD:g} times the worst month that the unit had by then, and 25, and no analog had as many.",
        "",
    ]
    if len(bad):
        lines += table_lines(
            ("protocol", "target", "forecaster", "year", "n", "mean too high", "draws without precedent"),
            (
                (
                    *(row.protocol, row.target, row.forecaster, row.year),
                    *(f"{row.n:,}", f"{row.mean_too_high:,}", f"{row.unheard_of:,}"),
                )
                for row in bad.itertuples()
            ),
        )
        lines.append("")
    clean = [str(name) for name in counted["forecaster"].unique() if name not in set(bad["forecaster"])]
    lines += [f"None in any year: {', '.join(clean)}."] if clean else []
    return "\n".join(lines).rstrip() + "\n"
