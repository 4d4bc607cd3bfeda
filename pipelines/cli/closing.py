"""What `run` and `score` print at their end: what to watch, where everything lies, how to look at the models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.table import Table

from ..issue.regional import rests_on_regions
from ..issue.selection import of_windows
from ..issue.watchlist import watchlist
from ..report.brief import brief_name

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from ..base.settings import Settings
    from ..issue.issue import Issued

__all__ = ["print_summary"]

#: Units of each list that are printed.
TOP = 5
#: What each list says, with ``{months}``; deaths by the median.
_SAID = {
    "most_deaths": "most deaths expected within {months}, and the change on as many months before",
    "rise": "most likely to see 30 % more deaths within {months} than in as many before",
    "fall": "most likely to see 30 % fewer deaths within {months} than in as many before",
    "quiet": "fewer than 25 deaths in 3 months, and likeliest to see 25 within {months}",
    "reach_1000": "could reach 1,000 deaths within {months}, where fewer died in as many before",
}


def print_summary(issued: Issued, settings: Settings, console: Console, *, bundle: Path | None = None) -> None:
    """Print what to watch, the lists of each level, and where everything lies.

    Parameters
    ----------
    bundle
        What the models came from, if not from a store.
    """
    scores = issued.scores
    listed = watchlist(of_windows(scores, "today"), top=TOP, record=issued.lists)
    for (level, name), rows in listed.groupby(["admin_level", "list"], sort=False):
        console.print(_table(rows, str(name), region=bool(level)))
        if pd.notna(rows["record_named"].iloc[0]):
            console.print(_record(rows.iloc[0]))
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
    for level, rows in scores.groupby(rests_on_regions(scores)):
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


def _table(rows: pd.DataFrame, name: str, *, region: bool) -> Table:
    months = int(rows["horizon_months"].iloc[0])
    said = _SAID[name].format(months="a month" if months == 1 else f"{months} months")
    stale = "  [yellow]stale data[/yellow]" if rows["warning"].notna().any() else ""
    first = rows["reference_period_start"].iloc[0]
    since = f", from {first:%Y-%m} on" if rows["months_between"].gt(0).any() else ""
    table = Table(title=f"{'regions' if region else 'countries'}: {said}{since}{stale}", title_justify="left")
    table.add_column("region" if region else "country", no_wrap=True, max_width=24)
    if region:
        table.add_column("country", no_wrap=True)
    chances = rows["probability"].notna().any()
    for column in (*(("prob.", "90 % range", "base rate") if chances else ()), "deaths", "90 % range", "change"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("data to", no_wrap=True)
    for row in rows.to_dict("records"):
        table.add_row(*_cells(row, region=region))
    return table


def _record(row: pd.Series) -> str:
    what = "were among the ten with the most deaths" if row["list"] == "most_deaths" else "saw it"
    named, happened, issues = (int(row[f"record_{name}"]) for name in ("named", "happened", "issues"))
    rate = f"{happened / named:.0%}, against {percent(row['record_base_rate'])} of all that could be named"
    nearer = "" if not row["months_between"] else "; those windows followed on their data, and are easier to tell"
    return f"  the same list of {issues} earlier issues: of {named} named, {happened} {what} ({rate}){nearer}"


def _cells(row: dict[Any, Any], *, region: bool) -> list[str]:
    counted, changed = pd.notna(row["q50"]), pd.notna(row["change"])
    ends = percent(row["prob_low"]), percent(row["prob_high"])
    chances = [percent(row["probability"]), " to ".join(dict.fromkeys(ends)), percent(row["base_rate"])]
    return [
        *([row["admin1_name"]] if region else []),
        row["location_name"],
        *(chances if pd.notna(row["probability"]) else []),
        f"{row['q50']:,.0f}" if counted else "",
        f"{row['q05']:,.0f} to {row['q95']:,.0f}" if counted else "",
        f"{round(row['change'], 2) + 0.0:+.0%}" if changed else "",  # no minus before a zero
        f"{row['data_through']:%Y-%m}",
    ]
