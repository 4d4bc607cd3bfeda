"""Figures for other people's reports: what changed between issues, how issues did, and the fan of a unit's deaths.

Each is an altair chart whose ``data`` is the table that it shows; ``chart.save("figure.png")`` writes it without a
browser.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd

from ...features.errors import ConfigError, CoverageError
from ...features.tables.snapshot import load_snapshot
from .loading import load_scores

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...features.tables.snapshot import Snapshot

__all__ = ["BAND", "EARLIER", "LATER", "compare_issues", "plot_fan"]

#: Of ColorBrewer, safe for the colour-blind: earlier, later, and the ground of a fan.
EARLIER, LATER, BAND = "#8c96a0", "#993404", "#fe9929"
_UNIT = ["location_code", "admin1_code"]
_QUANTILES = ["q05", "q25", "q50", "q75", "q95"]


def compare_issues(
    a: str | Path,
    b: str | Path = "latest",
    *,
    level: str = "country",
    target: str = "violence_25",
    horizon: int = 3,
    units: str | Iterable[str] | None = None,
    top: int = 20,
    out: Path | str | None = None,
) -> alt.LayerChart:
    """Draw how probabilities moved from one issue to another, largest changes first.

    Parameters
    ----------
    a, b
        The earlier and the later issue, as `load_scores` takes them.
    level, target, horizon, units
        What to compare, as in `load_scores`.
    top
        Units to draw.
    out
        Folder of the issues.

    Returns
    -------
    A chart; its ``data`` has ``unit, before, after, change`` of the units drawn, which both issues score.

    Raises
    ------
    UnknownNameError, SourceError, SchemaError
        As `load_scores`.
    CoverageError
        If no unit is scored by both.
    """
    units = units if units is None or isinstance(units, str) else list(units)  # read twice
    before, after = (
        load_scores(issue, level=level, target=target, horizon=horizon, units=units, out=out) for issue in (a, b)
    )
    key = before[_UNIT].fillna("").agg("|".join, axis=1), after[_UNIT].fillna("").agg("|".join, axis=1)
    joined = pd.DataFrame({"unit": _names(after).to_numpy(), "after": after["probability"].to_numpy()}, index=key[1])
    joined["before"] = pd.Series(before["probability"].to_numpy(), index=key[0])
    table = joined.dropna(subset=["before", "after"]).assign(change=lambda t: t["after"] - t["before"])
    names = (before.attrs["issue"], after.attrs["issue"])
    if table.empty:
        msg = f"no unit has a probability of {target} in both {names[0]} and {names[1]}."
        raise CoverageError(msg, remedy="Choose a target that happens or not, and issues that share units.")
    order = table["change"].abs().sort_values(ascending=False, kind="stable").index[:top]
    shown = table.loc[order, ["unit", "before", "after", "change"]].reset_index(drop=True)
    rank = alt.Y("unit:N", sort=shown["unit"].tolist(), title=None)
    base = alt.Chart(shown).encode(y=rank, tooltip=["unit", *(_percent(n) for n in ("before", "after", "change"))])
    share = alt.Axis(format="%")
    lines = base.mark_rule(color=EARLIER).encode(x=alt.X("before:Q", axis=share, title="probability"), x2="after:Q")
    earlier = base.mark_point(color=EARLIER, filled=False, size=50).encode(x="before:Q")
    later = base.mark_point(color=LATER, filled=True, size=60, opacity=1).encode(x="after:Q")
    what = f"{target} within {horizon} months: from {names[0]} (open) to {names[1]} (filled)"
    chart: Any = alt.layer(lines, earlier, later)
    return chart.properties(title=what, width=420)


def _names(scores: pd.DataFrame) -> pd.Series:
    region = scores["admin1_name"].astype("str") + ", " + scores["location_code"].astype("str")
    return region.where(scores["admin_level"] == 1, scores["location_name"].astype("str"))


def _percent(name: str) -> alt.Tooltip:
    return alt.Tooltip(f"{name}:Q", format=".1%")


def plot_fan(
    unit: str,
    issue: str | Path = "latest",
    *,
    history_months: int = 36,
    out: Path | str | None = None,
    snapshot: Path | str | None = None,
) -> alt.LayerChart:
    """Draw a unit's recorded deaths by month and the forecast of those ahead, with 50 % and 90 % intervals.

    Parameters
    ----------
    unit
        A country (ISO 3166-1 alpha-3, or name) or a region (code, ISO 3166-2, or name).
    issue, out
        As in `load_scores`.
    history_months
        Months of record to draw before the forecast, none of them after the issue's data end.
    snapshot
        Folder of the data with the record; by default those that the package carries.

    Returns
    -------
    A chart; its ``data`` has ``month``, ``deaths`` (recorded) and ``q05`` .. ``q95`` (forecast).

    Raises
    ------
    UnknownNameError, SourceError, SchemaError
        As `load_scores`.
    CoverageError
        If the issue forecasts no single month's deaths of the unit.
    """
    scores = load_scores(issue, target="deaths", units=unit, out=out)
    scores = scores[scores["admin_level"] == scores["admin_level"].min()]  # a country's name also brings its regions
    keys = scores[_UNIT].drop_duplicates()
    if len(keys) > 1:
        msg = f"{unit!r} is the name of {len(keys)} units; give a code: {', '.join(keys['admin1_code'].astype('str'))}."
        raise ConfigError(msg)
    months = [scores[f"reference_period_{edge}"].dt.to_period("M") for edge in ("start", "end")]
    single = scores[(months[0] == months[1]) & scores["q50"].notna()].sort_values("reference_period_end")
    if single.empty:
        msg = f"the issue forecasts no single month's deaths of {unit!r}."
        raise CoverageError(msg, remedy="Make one with `faultline run`.")
    row = single.iloc[0]
    data = load_snapshot(None if snapshot is None else Path(snapshot))
    record = _record(data, row, history_months)
    ahead = single[_QUANTILES].assign(month=single["reference_period_end"].dt.to_period("M").dt.start_time)
    table = pd.concat([record, ahead], ignore_index=True)[["month", "deaths", *_QUANTILES]]
    name = _names(single).iloc[0]
    title = f"{name}: deaths by month to {row['data_through']:%Y-%m}, and forecast with 50 % and 90 % intervals"
    chart: Any = alt.layer(*_fan_and_record(table))
    return chart.properties(title=title, width=520, height=260)


def _fan_and_record(table: pd.DataFrame) -> tuple[alt.Chart, ...]:
    """Layers: the 90 % and 50 % intervals, the median in them, and the record before."""
    base = alt.Chart(table).encode(x=alt.X("month:T", title=None))
    deaths = alt.Y("deaths:Q", title="deaths in the month", scale=alt.Scale(type="symlog"))
    return (
        base.mark_area(color=BAND, opacity=0.3).encode(y=alt.Y("q05:Q", title="deaths in the month"), y2="q95:Q"),
        base.mark_area(color=BAND, opacity=0.5).encode(y="q25:Q", y2="q75:Q"),
        base.mark_line(color=LATER, point={"color": LATER}).encode(
            y="q50:Q", tooltip=["month:T", *(f"{q}:Q" for q in _QUANTILES)]
        ),
        base.mark_line(color=EARLIER).encode(y=deaths, tooltip=["month:T", "deaths:Q"]),
    )


def _record(data: Snapshot, row: pd.Series, months: int) -> pd.DataFrame:
    """Recorded deaths of the row's unit by month, the months to its ``data_through``."""
    if row["admin_level"] == 0:
        own = data.country_month[data.country_month["gwno"] == row["gwno"]]
    else:
        own = data.region_month[data.region_month["region_id"] == row["admin1_code"]]
    last = row["data_through"].to_period("M")
    counted = own.groupby(own["month"].dt.to_period("M"))["deaths"].sum()
    window = pd.period_range(last - months + 1, last, freq="M")
    deaths = counted.reindex(window, fill_value=0).to_numpy(np.float64)
    return pd.DataFrame({"month": window.to_timestamp(), "deaths": deaths})
