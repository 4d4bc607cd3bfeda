"""Skill of the forecasts of deaths on the years kept apart, read from the folders of backtests, as one page.

Run ``faultline backtest --targets deaths,deaths_sb --first 2018 --last 2025`` first, then
``python benchmarks/deaths.py backtest/country-deaths --write docs/deaths-skill.md``; the region's folder too, if made.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

POOL, OPPONENT = "pool", "conflictology"
TARGETS = {"deaths_sb": "state-based deaths", "deaths": "deaths of all types"}
PROTOCOLS = {
    "challenge": "learned to October, January to December of the next year",
    "rolling": "learned to December, twelve origins a year, 1 to 12 months ahead",
}
#: Central intervals, by the percentage that they should hold.
INTERVALS = ("50", "80", "90")


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    """Lines of a Markdown table."""
    return [
        "| " + " | ".join(head) + " |",
        "|" + " --- |" * len(head),
        *("| " + " | ".join(row) + " |" for row in rows),
    ]


def by_year(rows: pd.DataFrame) -> list[str]:
    """Mean CRPS of every forecaster in every year; the lowest of a row in bold."""
    crps = rows.pivot_table("crps", "year", "forecaster", "mean", observed=True, sort=False)
    crps.loc["all"] = rows.groupby("forecaster", sort=False)["crps"].mean()
    ign = rows.groupby("forecaster", sort=False)["ign"].mean()
    shown = [
        [str(year), *(f"**{value:.2f}**" if value == own.min() else f"{value:.2f}" for value in own)]
        for year, own in crps.iterrows()
    ]
    shown.append(["all, IGN", *(f"{ign[name]:.3f}" for name in crps.columns)])
    return table(["CRPS", *map(str, crps.columns)], shown)


def coverage(calibration: pd.DataFrame) -> list[str]:
    """Shares of the pool's intervals that held the outcome, as read and with ties broken at random, by horizon."""
    shown = [
        [
            row["value"].removeprefix("h="),
            *(f"{row[f'{what}_{name}']:.1%}" for what in ("covered", "pit") for name in INTERVALS),
        ]
        for _, row in calibration[calibration["forecaster"] == POOL].iterrows()
    ]
    return table(["months ahead", *(f"{n} %" for n in INTERVALS), *(f"{n} %, ties broken" for n in INTERVALS)], shown)


def against_conflictology(rows: pd.DataFrame, differences: pd.DataFrame) -> str:
    """Say how far the pool's CRPS is from conflictology's, and whether chance explains it."""
    means = rows.groupby("forecaster")["crps"].mean()
    found = differences[differences["forecaster"] == POOL].iloc[0]
    p = f"p = {found.p:.4f}" if found.p >= 1e-4 else "p < 0.0001"  # noqa: PLR2004  # where four digits end
    return (
        f"CRPS of the pool {means[POOL]:.2f}, of conflictology {means[OPPONENT]:.2f}: "
        f"{means[POOL] / means[OPPONENT] - 1:+.1%}; difference {found.difference:+.3f} "
        f"(90 % over countries {found.low:+.3f} to {found.high:+.3f}; Diebold-Mariano {p})."
    )


def thresholds(shares: pd.DataFrame) -> list[str]:
    """Skill of the pool's samples at the probability that a month reaches a threshold."""
    mine = shares[shares["forecaster"] == POOL]
    return table(
        ["protocol", "target", "deaths", "base rate", "over climatology", "over persistence", "calibration error"],
        [
            [
                *(str(row.protocol), f"`{row.target}`", str(row.threshold), f"{row.base_rate:.3f}"),
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
    for target, words in TARGETS.items():
        for protocol, how in PROTOCOLS.items():
            some = rows[(rows["target"] == target) & (rows["protocol"] == protocol)]
            own = differences[(differences["target"] == target) & (differences["protocol"] == protocol)]
            lines += ["", f"### `{target}` ({words}), {protocol}: {how}", "", against_conflictology(some, own)]
            held = calibration[(calibration["target"] == target) & (calibration["protocol"] == protocol)]
            lines += ["", *by_year(some), "", "Outcomes within the pool's intervals:", "", *coverage(held)]
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
        "broken at random (the randomised PIT, Czado et al. 2009) coverage can be read.",
        "",
    ]
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
