"""What revision did to UCDP's candidate counts, and what it may do to months that are provisional still.

A count of provisional months is set beside the runs of as many months of the year that was revised, in all countries
with like counts: the 5th and 95th percentiles of the logarithms of final to candidate deaths (one added to each),
with the correction of split conformal prediction for finite samples (Lei et al. 2018,
doi:10.1080/01621459.2017.1307116).
``docs/revision.md`` measures it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ...features.sources.revisions import read_revisions

if TYPE_CHECKING:
    from ...features.tables.snapshot import Snapshot

__all__ = ["LIKE", "MONTH_COUNTS", "REVISED", "log_range", "revised_counts", "runs", "whole_year", "year_by_country"]

#: Candidate deaths a month from which on counts are of the next class: below 10, 10 to 99, 100 and more.
LIKE: Final = (10, 100)
#: Candidate deaths from which on the ratio of a single month is told.
MONTH_COUNTS: Final = 10
#: Columns of `revised_counts`.
REVISED: Final = (
    *("location_code", "year", "first", "later", "month_low", "month_high"),
    *("start", "end", "months", "deaths", "low", "high"),
)
_EACH_SIDE: Final = 0.05


def whole_year(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the last year of which every month has a final count.

    Parameters
    ----------
    table
        From `~faultline.features.sources.revisions.read_revisions`.
    """
    final = table[table["final"]]
    year = final["month"].dt.year
    months = final["month"].groupby(year).nunique()
    return final[year == months.index[months == 12].max()]  # noqa: PLR2004  # months of a year


def year_by_country(year: pd.DataFrame) -> pd.DataFrame:
    """Deaths of a year by ISO3: ``first, later``, and ``month_low, month_high``, the ratios of its single months.

    Months with fewer than `MONTH_COUNTS` candidate deaths have no ratio; NaN where there is none.
    """
    sums = year.groupby("iso3")[["first", "later"]].sum()
    told = year[year["first"] >= MONTH_COUNTS]
    ratio = (told["later"] / told["first"]).groupby(told["iso3"])
    return sums.assign(month_low=ratio.min(), month_high=ratio.max())


def runs(year: pd.DataFrame, months: int) -> pd.DataFrame:
    """Every run of so many months on end within a year, by country, with candidate deaths.

    Returns
    -------
    DataFrame
        ``end, iso3, first, later, like, ratio``: the last month, deaths, the class of `LIKE`, and the logarithm of
        final to candidate deaths with one added to each.
    """
    span = pd.period_range(year["month"].min(), year["month"].max(), freq="M", name="end")
    first, later = (
        year.pivot_table(index="month", columns="iso3", values=name, aggfunc="sum")
        .reindex(span)
        .fillna(0)
        .rolling(months)
        .sum()
        .iloc[months - 1 :]
        .melt(value_name=name, ignore_index=False)
        for name in ("first", "later")
    )
    table = first.assign(later=later["later"].to_numpy()).reset_index()
    table = table[table["first"] > 0]
    return table.assign(
        like=np.digitize(table["first"] / months, LIKE), ratio=np.log((table["later"] + 1) / (table["first"] + 1))
    )


def log_range(ratios: pd.Series) -> tuple[float, float]:
    """Bounds that hold nine of ten further ratios, for ratios that are exchangeable with these."""
    place = min(1.0, (1 - _EACH_SIDE) * (len(ratios) + 1) / len(ratios))
    values = ratios.to_numpy(float)
    return float(np.quantile(values, 1 - place, method="lower")), float(np.quantile(values, place, method="higher"))


def revised_counts(snapshot: Snapshot, origin: pd.Period, table: pd.DataFrame | None = None) -> pd.DataFrame:
    """Say what revision did to each country's candidates, and the range of its final count of provisional months.

    Parameters
    ----------
    snapshot
        Data; if they hold no final count of the year that was revised, nothing is told: it was not known yet.
    origin
        Last month of data; the provisional months up to it are told.
    table
        Revisions; by default those that the package carries.

    Returns
    -------
    Columns `REVISED`, a row a country with deaths in the provisional months, which go from ``start`` to ``end``: in
    ``year`` the candidate and final deaths (zero where it had none), the lowest and highest ratio of a month, and of
    the provisional ``months`` the ``deaths`` so far with the 90 % range of the final count, ``low`` to ``high``.
    """
    year = whole_year(read_revisions() if table is None else table)
    counts = snapshot.country_month.assign(month=snapshot.country_month["month"].dt.to_period("M"))
    open_months = counts.loc[counts["provisional"] & (counts["month"] <= origin)]
    if year.empty or open_months.empty or open_months["month"].min() <= year["month"].max():
        return pd.DataFrame(columns=list(REVISED))
    start, end = open_months["month"].min(), open_months["month"].max()
    code = snapshot.countries.set_index("gwno")["iso3"]
    deaths = open_months.groupby(open_months["gwno"].map(code))["deaths"].sum()
    deaths = deaths[deaths > 0].rename("deaths").rename_axis("location_code")
    months = min((end - start).n + 1, 12)
    like = runs(year, months)
    bounds = {int(str(each)): log_range(own["ratio"]) for each, own in like.groupby("like")}
    own = np.digitize(deaths / months, LIKE)
    low, high = np.array([bounds.get(int(each), (np.nan, np.nan)) for each in own]).reshape(-1, 2).T
    told = deaths.to_frame().join(year_by_country(year), how="left").fillna({"first": 0, "later": 0})
    return told.assign(
        year=year["month"].max().year,
        start=start,
        end=end,
        months=(end - start).n + 1,
        low=np.maximum((told["deaths"] + 1) * np.exp(low) - 1, 0),
        high=(told["deaths"] + 1) * np.exp(high) - 1,
    ).reset_index()[list(REVISED)]
