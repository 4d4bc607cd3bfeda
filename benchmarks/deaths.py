"""Skill of the forecasts of deaths on the years kept apart, read from the folders of backtests, as one page.

Run ``faultline backtest --targets deaths,deaths_sb --first 2018 --last 2025`` first, then
``python benchmarks/deaths.py backtest/country-deaths --write docs/deaths-skill.md``; the region's folder too, if made.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from faultline.pipelines.base.markdown import table_lines

POOL, OPPONENT = "pool", "conflictology"
TARGETS = {"deaths_sb": "state-based deaths", "deaths": "deaths of all types"}
PROTOCOLS = {
    "challenge": "learned to October, January to December of the next year",
    "rolling": "learned to December, twelve origins a year, 1 to 12 months ahead",
}
#: Scores that are told of each year.
BY_YEAR = {
    "crps": "CRPS",
    "mae_mean": "absolute error of the mean",
    "bias_mean": "bias of the mean (forecast less outcome)",
}
#: Central intervals, by the percentage that they should hold.
INTERVALS = ("50", "80", "90")


def with_and_without(rows: pd.DataFrame, name: str) -> list[tuple[str, pd.DataFrame]]:
    """The rows by their name, and those whose month is no war total if some are."""
    marked = rows["war_total"]
    return [(name, rows), (f"{name}, no war totals", rows[~marked])] if marked.any() else [(name, rows)]


def by_year(rows: pd.DataFrame, column: str, words: str) -> list[str]:
    """Mean score of every forecaster in every year, with and without war totals; the nearest to 0 of a row in bold."""
    years = [part for year, some in rows.groupby("year") for part in with_and_without(some, str(year))]
    sign = "+" if column == "bias_mean" else ""
    names, shown = rows["forecaster"].unique().tolist(), []
    for name, some in [*years, *with_and_without(rows, "all")]:
        own = some.groupby("forecaster", sort=False)[column].mean().reindex(names)
        text = [f"{value:{sign}.2f}" for value in own]
        best = own.abs().min()
        shown.append([name, *(f"**{t}**" if abs(v) == best else t for t, v in zip(text, own, strict=True))])
    return table_lines([words, *map(str, names)], shown)


def overall(rows: pd.DataFrame) -> list[str]:
    """Mean CRPS of log(1 + deaths), IGN and MIS of every forecaster over all years."""
    names = rows["forecaster"].unique().tolist()
    shown: list[list[str]] = []
    for column, words in {"crps_log": "CRPS of log(1 + deaths)", "ign": "IGN", "mis": "MIS"}.items():
        for name, some in with_and_without(rows, words):
            own = some.groupby("forecaster", sort=False)[column].mean().reindex(names)
            shown.append([name, *(f"{value:.1f}" if column == "mis" else f"{value:.3f}" for value in own)])
    return table_lines(["all years", *map(str, names)], shown)


def coverage(calibration: pd.DataFrame) -> list[str]:
    """Shares of the pool's intervals that held the outcome, as read and with ties broken at random, by horizon."""
    mine = calibration[calibration["forecaster"] == POOL]
    mine = mine[(mine["war_totals"] == "with") | (mine["value"] == "all horizons")]
    shown = [
        [
            row["value"].removeprefix("h=") + (", no war totals" if row["war_totals"] == "without" else ""),
            *(f"{row[f'{what}_{name}']:.1%}" for what in ("covered", "pit") for name in INTERVALS),
        ]
        for _, row in mine.iterrows()
    ]
    return table_lines(
        ["months ahead", *(f"{n} %" for n in INTERVALS), *(f"{n} %, ties broken" for n in INTERVALS)], shown
    )


def against_conflictology(rows: pd.DataFrame, differences: pd.DataFrame) -> list[str]:
    """Say how far the pool's CRPS is from conflictology's, with and without war totals, and if chance explains it."""
    lines: list[str] = []
    mine = differences[differences["forecaster"] == POOL]
    # "with" comes first, "without" where a month is marked
    for (name, some), (_, found) in zip(with_and_without(rows, "all"), mine.iterrows(), strict=True):
        means = some.groupby("forecaster")["crps"].mean()
        p = f"p = {found.p:.4f}" if found.p >= 1e-4 else "p < 0.0001"  # noqa: PLR2004  # where four digits end
        said = (
            f"CRPS of the pool ({name}) {means[POOL]:.2f}, of conflictology {means[OPPONENT]:.2f}: "
            f"{means[POOL] / means[OPPONENT] - 1:+.1%}; difference {found.difference:+.3f} "
            f"(90 % over countries {found.low:+.3f} to {found.high:+.3f}; Diebold-Mariano {p})."
        )
        lines += ["", said]
    return lines


def thresholds(shares: pd.DataFrame) -> list[str]:
    """Skill of the pool's samples at the probability that a month reaches a threshold."""
    mine = shares[shares["forecaster"] == POOL]
    return table_lines(
        [
            "protocol",
            "target",
            "deaths",
            "war totals",
            "base rate",
            "over climatology",
            "over persistence",
            "calibration error",
        ],
        [
            [
                *(str(row.protocol), f"`{row.target}`", str(row.threshold), str(row.war_totals)),
                f"{row.base_rate:.3f}",
                *(f"{row.skill_climatology:+.1%}", f"{row.skill_persistence:+.1%}", f"{row.calibration_error:.4f}"),
            ]
            for row in mine.itertuples()
        ],
    )


def section(folder: Path) -> list[str]:
    """Lines of one level."""
    rows = pd.concat([pd.read_parquet(part) for part in sorted((folder / "parts").glob("*.parquet"))])
    differences = pd.read_parquet(folder / "differences.parquet")
    calibration = pd.read_parquet(folder / "calibration.parquet")
    first, last = rows["year"].min(), rows["year"].max()
    level = folder.resolve().name.removesuffix("-deaths")
    targets = ",".join(sorted(rows["target"].unique()))
    lines = [
        f"## {level.capitalize()} level, {first} to {last}",
        "",
        f"`faultline backtest --level {level} --targets {targets} --first {first} --last {last}`",
    ]
    there = set(rows["target"])
    for target, words in ((target, words) for target, words in TARGETS.items() if target in there):
        for protocol, how in PROTOCOLS.items():
            some = rows[(rows["target"] == target) & (rows["protocol"] == protocol)]
            own = differences[(differences["target"] == target) & (differences["protocol"] == protocol)]
            lines += ["", f"### `{target}` ({words}), {protocol}: {how}", *against_conflictology(some, own)]
            held = calibration[(calibration["target"] == target) & (calibration["protocol"] == protocol)]
            for column, score in BY_YEAR.items():
                lines += ["", *by_year(some, column, score)]
            lines += ["", *overall(some), "", "Outcomes within the pool's intervals:", "", *coverage(held)]
    lines += ["", "### Probability that a month reaches a threshold, read from the pool's samples", ""]
    return [*lines, *thresholds(pd.read_parquet(folder / "thresholds.parquet")), ""]


def document(folders: list[Path]) -> str:
    """Make the page."""
    lines = [
        "# Skill of the forecasts of deaths, out of sample",
        "",
        "The years were kept apart: members, bands and weights of the pool were chosen on what had come by 2017. Made",
        "by `python benchmarks/deaths.py FOLDERS --write PAGE` from the folders that the commands below write. Most",
        "outcomes are 0, and where a forecast is mostly 0 too its interval [0, 0] holds more than it says; with ties",
        "broken at random (the randomised PIT, Czado et al. 2009) coverage can be read. Mean: of the draws of a month.",
        "No war totals: without the months whose deaths are those of a longer war, dated by its first day",
        "([data.md](data.md)); told where there are any.",
        "",
    ]
    if not any(folder.resolve().name.startswith("region") for folder in folders):
        lines[-1:] = ["Regions, as an issue forecasts them, are scored in [bridging.md](bridging.md).", ""]
    return "\n".join([*lines, *(line for folder in folders for line in section(folder))])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", help="folder of a backtest of deaths")
    parser.add_argument("--write", type=Path, help="file to write the page to")
    given = parser.parse_args()
    page = document(given.folders)
    print(page)
    if given.write:
        given.write.write_text(page, encoding="utf-8")
