"""What revision did to UCDP's candidate counts, a nowcast of final counts tried on them, and the ranges the brief says.

``python benchmarks/revision.py --count ../shared/data`` counts ``features/reference/revisions.csv`` from UCDP's files;
``python benchmarks/revision.py --write docs/revision.md`` makes the page from that table. Neither needs a network, both
take seconds.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from faultline.features.sources.ged_release import final_vintage
from faultline.features.sources.revisions import REVISIONS_COLUMNS, REVISIONS_FILE, read_revisions
from faultline.features.tables.snapshot import load_snapshot
from faultline.pipelines.base.markdown import fill, table_lines
from faultline.pipelines.issue.revisions import LIKE, log_range, runs, whole_year

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Way = Callable[[pd.DataFrame], tuple[pd.Series, float]]

FINAL, PROVISIONAL, YEAR = "26.1", "26.0.5", 2025
#: Candidate files of one month, by release.
SINGLE = {"23.0.10": "2023-10", "26.0.1": "2026-01", "26.0.2": "2026-02"}
#: Months of a country that its own ratio must have to weigh as much as the pooled one; deaths added to both counts;
#: candidate deaths from which on a month tells a ratio; the first month nowcast forward. Fixed beforehand.
SHRINK, ADDED, TELLS, FORWARD = 3, 5, 5, "2025-04"
SHOWN, HELD_LEVELS, GOAL = 15, (1, 3, 5, 12), 0.20
APART, ELSEWHERE = ("SDN", "UKR"), pd.Period("2023-10", "M")
TEXT = """# What revision did

UCDP's candidate events are provisional: the yearly release that follows replaces them.
`features/reference/revisions.csv` ([its rules](../features/reference/revisions.md)) sets candidate counts as first
published beside later ones, by country and month, as far as both are at hand: all of 2025 and October 2023 against
the final counts (26.1), January and February 2026 against the candidate events to May 2026, which are provisional
still. `python benchmarks/revision.py --write docs/revision.md` makes this page.
"""


def count(folder: Path) -> pd.DataFrame:
    """The table of revisions, counted from UCDP's files."""
    snapshot = load_snapshot()
    states = snapshot.countries.set_index("gwno")
    candidates = folder / "ucdp" / "candidate"
    year = pd.read_csv(candidates / "candidate-2025-no-place.csv", usecols=["country", "best", "date"])
    numbers = year["country"].map(states.reset_index().set_index("name")["gwno"])
    if numbers.isna().any():
        unknown = ", ".join(sorted(set(year.loc[numbers.isna(), "country"])))
        msg = f"no state is named {unknown}."
        raise ValueError(msg)
    month = year["date"].str[:7]
    parts = [pd.DataFrame({"gwno": numbers.astype(int), "month": month, "deaths": year["best"]})]
    for release, only in SINGLE.items():
        file = candidates / f"GEDEvent_v{release.replace('.', '_')}.csv"
        rows = pd.read_csv(file, usecols=["country_id", "best", "date_start"])
        rows = rows.assign(month=rows["date_start"].str[:7]).rename(columns={"country_id": "gwno", "best": "deaths"})
        parts.append(rows.loc[rows["month"] == only, ["gwno", "month", "deaths"]])
    first = pd.concat(parts).groupby(["gwno", "month"])["deaths"].sum().rename("first")
    now = snapshot.country_month.assign(month=snapshot.country_month["month"].dt.strftime("%Y-%m"))
    now = now[now["month"].isin(set(first.index.get_level_values("month")))]
    table = pd.concat([first, now.groupby(["gwno", "month"])["deaths"].sum().rename("later")], axis=1).fillna(0)
    table = table[(table > 0).any(axis=1)].astype(int).reset_index()
    release = table["month"].str[2:4] + ".0." + table["month"].str[5:].astype(int).astype(str)
    provisional = table["month"] > f"{YEAR}-12"
    return table.assign(
        iso3=table["gwno"].map(states["iso3"]),
        first_release=release,
        later_release=np.where(provisional, PROVISIONAL, FINAL),
    ).sort_values(["month", "iso3"])[list(REVISIONS_COLUMNS)]


def by_mean(train: pd.DataFrame) -> tuple[pd.Series, float]:
    """Mean log ratio by country, shrunk to that of all, and the latter."""
    told, ratio = log_ratios(train)
    own = ratio.groupby(told["iso3"]).agg(["sum", "count"])
    return (own["sum"] + SHRINK * ratio.mean()) / (own["count"] + SHRINK), float(ratio.mean())


def by_median(train: pd.DataFrame) -> tuple[pd.Series, float]:
    """Median log ratio by country, shrunk to that of all, and the latter."""
    told, ratio = log_ratios(train)
    own = ratio.groupby(told["iso3"]).agg(["median", "count"])
    return (own["median"] * own["count"] + SHRINK * ratio.median()) / (own["count"] + SHRINK), float(ratio.median())


def by_all(train: pd.DataFrame) -> tuple[pd.Series, float]:
    """One ratio for all: final deaths over candidate ones."""
    return pd.Series(dtype=float), float(np.log(train["later"].sum() / train["first"].sum()))


def log_ratios(train: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Months that tell a ratio, and its logarithm."""
    told = train[train["first"] >= TELLS]
    return told, np.log((told["later"] + ADDED) / (told["first"] + ADDED))


WAYS: dict[str, Way] = {
    "one ratio of sums for all": by_all,
    "mean log ratio by country, shrunk": by_mean,
    "median log ratio by country, shrunk": by_median,
}


def nowcast(year: pd.DataFrame, way: Way, *, forward: bool) -> pd.DataFrame:
    """Months held out, with the final count that was expected from the others, or from those before alone."""
    parts: list[pd.DataFrame] = []
    for month in sorted(year["month"].unique()):
        if forward and month < pd.Period(FORWARD, "M"):
            continue
        own, pooled = way(year[year["month"] < month] if forward else year[year["month"] != month])
        held = year[year["month"] == month]
        parts.append(held.assign(expected=held["first"] * np.exp(held["iso3"].map(own).astype(float).fillna(pooled))))
    return pd.concat(parts)


def in_hindsight(year: pd.DataFrame) -> pd.DataFrame:
    """The best constant ratio of each country, knowing the final counts: the median ratio, weighted by candidates."""
    best: dict[str, float] = {}
    for iso3, own in year[year["first"] > 0].groupby("iso3"):
        ordered = own.assign(ratio=own["later"] / own["first"]).sort_values("ratio")
        half = ordered["first"].cumsum() >= ordered["first"].sum() / 2
        best[str(iso3)] = float(ordered.loc[half, "ratio"].iloc[0])
    return year.assign(expected=year["first"] * year["iso3"].map(best).fillna(1.0))


def gain(told: pd.DataFrame) -> float:
    """Absolute error below that of taking candidates as final."""
    raw = (told["first"] - told["later"]).abs().sum()
    return 1 - (told["expected"] - told["later"]).abs().sum() / raw


def elsewhere(table: pd.DataFrame, year: pd.DataFrame) -> str:
    """Gain in a month of another year, by medians of this one."""
    own, pooled = by_median(year)
    other = table[table["month"] == ELSEWHERE]
    ratio = np.exp(other["iso3"].map(own).astype(float).fillna(pooled))
    return f"{gain(other.assign(expected=other['first'] * ratio)):+.1%}"


def nowcast_rows(year: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """Each way with its gains, with and without the two countries that decide them."""
    for name, way in WAYS.items():
        told = [nowcast(year, way, forward=forward) for forward in (False, True)]
        yield name, *(f"{gain(part):+.1%}" for each in told for part in (each, without(each)))
    best = in_hindsight(year)
    yield "best constant ratio by country, in hindsight", f"{gain(best):+.1%}", f"{gain(without(best)):+.1%}", "", ""


def without(table: pd.DataFrame) -> pd.DataFrame:
    """All but Sudan and Ukraine."""
    return table[~table["iso3"].isin(APART)]


def coverage(table: pd.DataFrame) -> pd.Series:
    """Of each run of months, whether the range from all other countries holds it."""
    held: list[pd.Series] = []
    for (iso3, like), own in table.groupby(["iso3", "like"]):
        others = table.loc[(table["like"] == like) & (table["iso3"] != iso3), "ratio"]
        low, high = log_range(others)
        held.append(own["ratio"].between(low, high))
    return pd.concat(held)


def coverage_rows(year: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """By length and class: ratios that range so, and how many of the runs of countries left out they hold."""
    names = (f"below {LIKE[0]}", f"{LIKE[0]} to {LIKE[1] - 1}", f"{LIKE[1]} and more")
    for months in HELD_LEVELS:
        table = runs(year, months)
        held = coverage(table)
        for like, own in table.groupby("like"):
            low, high = np.exp(log_range(own["ratio"]))
            counts = (str(own["iso3"].nunique()), str(len(own)))
            yield (
                str(months),
                names[int(str(like))],
                *counts,
                f"{low:.2f} to {high:.2f}",
                f"{held.loc[own.index].mean():.1%}",
            )
        yield str(months), "all", str(table["iso3"].nunique()), str(len(table)), "", f"{held.mean():.1%}"


def country_rows(year: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """Countries with the most deaths."""
    names = load_snapshot().countries.set_index("iso3")["name"]
    error = (year["first"] - year["later"]).abs()
    sums = year.assign(error=error).groupby("iso3")[["first", "later", "error"]].sum()
    for iso3 in sums.nlargest(SHOWN, "later").index.astype(str):
        worst = year.loc[error[year["iso3"] == iso3].idxmax()]
        month = f"{worst['month']}: {worst['first']:,} to {worst['later']:,}"
        yield str(names[iso3]), *sum_cells(sums.loc[iso3]), month


def month_rows(table: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """Months by their age when they were counted again."""
    out = final_vintage(FINAL).known_on.to_period("M")
    for (month, final), own in table.groupby(["month", "final"]):
        age = ((out if final else pd.Period("2026-06", "M")) - pd.Period(str(month), "M")).n
        sums = own.assign(error=(own["first"] - own["later"]).abs())[["first", "later", "error"]].sum()
        yield str(month), f"{age}", "final" if final else "provisional", *sum_cells(sums)


def sum_cells(sums: pd.Series) -> tuple[str, ...]:
    """Candidate and later deaths, their ratio, and the absolute error."""
    first, later = sums["first"], sums["later"]
    error = (f"{sums['error']:,.0f}",) if "error" in sums else ()
    return f"{first:,.0f}", f"{later:,.0f}", f"{later / first:.2f}", *error


def paragraph(text: str) -> list[str]:
    """A paragraph as lines of the page, apart from what stands around it."""
    return ["", *fill(text), ""]


def document() -> str:
    """The page of the docs."""
    table = read_revisions()
    year = whole_year(table)
    first, later = int(year["first"].sum()), int(year["later"].sum())
    error = (year["first"] - year["later"]).abs()
    ours = {name: int(error[year["iso3"] == name].sum()) for name in APART}
    largest = year[error == error.max()].iloc[0]
    told = list(nowcast_rows(year))
    ways = [row for row in told if row[3]]
    best = {
        column: max((row[column] for row in ways), key=lambda text: float(text.rstrip("%"))) for column in range(1, 5)
    }
    reached = float(best[1].rstrip("%")) >= 100 * GOAL
    ukraine = sum_cells(year[year["iso3"] == "UKR"][["first", "later"]].sum())[2]
    other = runs(table[table["month"] == ELSEWHERE], 1)
    low, high = zip(*(log_range(own["ratio"]) for _, own in runs(year, 1).groupby("like")), strict=True)
    held = other["ratio"].between(np.take(low, other["like"]), np.take(high, other["like"]))
    sizes = ("candidates", "later", "ratio", "absolute error")
    lines = [
        TEXT.rstrip(),
        *paragraph(
            f"In {YEAR} candidates counted {first:,} deaths and the final release {later:,}, {later / first:.2f} times "
            f"as many; the absolute error over country-months is {error.sum():,}. One month of one country makes "
            f"{error.max() / error.sum():.0%} of it (Sudan, {largest['month']}: {largest['first']:,} to "
            f"{largest['later']:,}); Sudan and Ukraine together make {sum(ours.values()) / error.sum():.0%}. In "
            f"Ukraine the year was revised little ({ukraine} times), but deaths moved between its months."
        ),
        "## By country",
        "",
        f"The {SHOWN} countries with the most deaths in {YEAR}; last stands the month that was revised the most.",
        "",
        *table_lines(("country", *sizes, "largest"), country_rows(year)),
        "",
        "## By month and its age",
        *paragraph(
            f"Age is in months from the month counted to the later count ({FINAL} came out in June 2026). Months of "
            f"{YEAR} were counted again by one release, so that age and calendar month cannot be told apart."
        ),
        *table_lines(("month", "age", "later count", *sizes), month_rows(table)),
        "",
        "## A nowcast of final counts, tried",
        *paragraph(
            f"Expected is the candidate count times a ratio learned from other months of {YEAR}: all others (a month "
            f"left out), or those before it alone (from {FORWARD} on; a test of stability, since no final count of "
            f"{YEAR} was known within {YEAR}). Ratios by country are shrunk to that of all as if it had {SHRINK} "
            "months more. The table is how far the absolute error lies below that of taking the candidates as final; "
            "below zero it is worse."
        ),
        *table_lines(
            ("way", "month left out", "the same without Sudan, Ukraine", "forward", "the same without Sudan, Ukraine"),
            told,
        ),
        *paragraph(
            f"The goal of {GOAL:.0%} was {'' if reached else 'not '}reached: the best is {best[1]} with a month left "
            f"out and {best[3]} forward. Even the best constant ratio of each country, chosen knowing the final "
            f"counts, gains no more than {told[-1][1]}: most of the error is one month of Sudan and deaths that moved "
            f"between months of Ukraine, which no ratio of a country tells. Without these two the best of each column "
            f"is {best[2]} and {best[4]}, on one year of data; on October 2023 the medians of {YEAR} give "
            f"{elsewhere(table, year)}. No nowcast is therefore put in place of the candidate count, and no score "
            "changes."
        ),
        "## The range of a final count",
        *paragraph(
            "What the brief says beside a provisional count is a range. Runs of as many months on end of all countries "
            "with like counts (candidate deaths a month) give the 5th and 95th percentiles of the logarithm of final "
            "to candidate deaths, one added to each, corrected for their number as in split conformal prediction. Held "
            "is the share of the runs of countries that were left out which the range of the others holds; the goal is "
            "90%. Runs overlap and countries are few, so that it is no more than an indication. Runs without a "
            "candidate death are left out."
        ),
        *table_lines(
            ("months", "candidates a month", "countries", "runs", "final / candidates", "held"), coverage_rows(year)
        ),
        *paragraph(
            f"It rests on one year; of the {len(other)} countries with a candidate death in October 2023, the range of "
            f"a month of {YEAR} holds {held.mean():.0%}. Provisional months of the bundled data have been mended in "
            "part since they were first counted (the rows of 2026 above), and the range has not been narrowed for that."
        ),
    ]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=Path, help="folder of UCDP's files to count the table of revisions from")
    parser.add_argument("--write", type=Path, help="file to write the page to")
    given = parser.parse_args()
    if given.count:
        count(given.count).to_csv(REVISIONS_FILE, index=False, lineterminator="\n")
    elif given.write:
        given.write.write_text(document(), encoding="utf-8")
    else:
        print(document())
