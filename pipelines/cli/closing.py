"""What `run` and `score` print at their end: the riskiest units, where everything lies, how to look at the models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from ...features.targets.build import told_from_regions
from ..report.brief import brief_name

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from rich.console import Console

    from ..base.settings import Settings
    from ..issue.issue import Issued

__all__ = ["print_summary"]

#: The target that units are ranked by at a glance, at the horizon nearest to this one.
HEADLINE_TARGET, HEADLINE_HORIZON = "violence_25", 3
TOP = 10


def headline_horizon(horizons: pd.Series) -> int:
    """Horizon shown at a glance: the one nearest to three months."""
    return min({int(horizon) for horizon in horizons}, key=lambda horizon: (abs(horizon - HEADLINE_HORIZON), horizon))


def print_summary(issued: Issued, settings: Settings, console: Console, *, bundle: Path | None = None) -> None:
    """Print the ten units at highest risk per level and where everything lies.

    Parameters
    ----------
    bundle
        What the models came from, if not from a store.
    """
    scores = issued.scores
    headline = scores[scores["target"] == HEADLINE_TARGET]
    for level, rows in headline.groupby("admin_level"):
        horizon = headline_horizon(rows["horizon_months"])
        top = rows[rows["horizon_months"] == horizon].nsmallest(TOP, "rank")
        console.print(_table(top, region=bool(level), horizon=horizon))
    console.print(f"issue {issued.issue}: {len(scores):,} scores from data through {_through(scores)}")
    for name in (brief_name(settings.lang), "scores.parquet", "scores.csv"):
        console.print(f"  {issued.folder / name}", soft_wrap=True)
    if bundle is not None:
        console.print(f"models and data are those of {bundle}", soft_wrap=True)
        return
    console.print("models and their scores, in MLflow's UI:")
    console.print(f"  faultline ui  ({settings.store_uri})", soft_wrap=True)


def _through(scores: pd.DataFrame) -> str:
    parts: list[str] = []
    # the division of a country's territory is told from its regions
    of_regions = (scores["admin_level"] == 1) | scores["target"].map(told_from_regions)
    for level, rows in scores.groupby(of_regions):
        first, last = rows["data_through"].min(), rows["data_through"].max()
        span = f"{last:%Y-%m-%d}" if first == last else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
        parts.append(f"{'regions' if level else 'countries'} {span}")
    return ", ".join(parts)


def percent(probability: float) -> str:
    """Write a probability so that it never claims certainty.

    Examples
    --------
    >>> percent(0.9991), percent(0.4321), percent(0.0004)
    ('>99%', '43%', '<1%')
    """
    if probability > 0.99:  # noqa: PLR2004  # what a whole percent can tell
        return ">99%"
    return "<1%" if probability < 0.01 else f"{probability:.0%}"  # noqa: PLR2004


def _table(top: pd.DataFrame, *, region: bool, horizon: int) -> Table:
    months = "month" if horizon == 1 else f"{horizon} months"
    what = "regions" if region else "countries"
    stale = "  [yellow]stale data[/yellow]" if top["warning"].notna().any() else ""
    table = Table(title=f"25 deaths or more within {months}: {what} at highest risk{stale}", title_justify="left")
    table.add_column("#", justify="right")
    table.add_column("region" if region else "country", no_wrap=True, max_width=24)
    if region:
        table.add_column("country", no_wrap=True)
    for column in ("prob.", "90 % range", "persistence"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("data to", no_wrap=True)
    for _, row in top.iterrows():
        cells = [str(row["rank"]), row["admin1_name"] if region else row["location_name"]]
        if region:
            cells.append(row["location_name"])
        cells += [
            percent(row["probability"]),
            " to ".join(dict.fromkeys((percent(row["prob_low"]), percent(row["prob_high"])))),
            percent(row["baseline_probability"]),
            f"{row['data_through']:%Y-%m}",
        ]
        table.add_row(*cells)
    return table
