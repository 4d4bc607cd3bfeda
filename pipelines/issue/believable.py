"""What every issue is held to before it is written: no row contradicts another, no mean is made by a tail alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...features.errors import IncoherentError
from ...features.targets.build import TARGETS
from ...models.distributions.distribution import QUANTILES, THRESHOLDS
from ...models.distributions.far_draws import TIMES_RECORD, far_draws, whereabouts
from ...models.distributions.tilting import SMALL_MEAN
from ...models.rows.death_rows import deaths_of
from .agreement import AGREEMENT, HOLDS, OF_WINDOWS, VIOLENCE, WITHIN
from .selection import starts_later

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ...features.panels.panel import Panel
    from ..learn.coherent_deaths import Courses
    from ..learn.deaths import LearnedDeaths

__all__ = ["BEYOND", "check_believable", "faults", "precedents", "unlike_last_year"]

#: Countries' expected deaths of a year are within this factor of the last year's, or the issue says so.
FACTOR = 2.0
#: Words by which a note of a far draw is known.
BEYOND = "times its worst month"
_YEAR = 12
_UNIT = ["gwno", "admin1_code"]
#: What rounding to tables and whole courses may do.
_SLACK = 1e-6


def check_believable(scores: pd.DataFrame) -> None:
    """Refuse a table of scores that contradicts itself.

    Raises
    ------
    IncoherentError
        If a property does not hold; the message says which, and where first.
    """
    for what, rows in faults(scores):
        row = rows.iloc[0]
        name = row["location_name"] if pd.isna(row["admin1_name"]) else row["admin1_name"]
        msg = (
            f"no issue is written: {what} in {len(rows):,} rows, the first {name}, {row['target']}, "
            f"{row['horizon_months']} months."
        )
        raise IncoherentError(msg)


def faults(scores: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Properties that do not hold, in words, and the rows that break them; windows from today are held to the same."""
    for windows in (~starts_later(scores), starts_later(scores)):
        yield from _faults(scores[windows])


def _faults(scores: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    rows = scores.assign(admin1_code=scores["admin1_code"].astype("str").fillna(""))
    for what, bad in (
        ("a mean is above its 95 % quantile", _means(rows)),
        ("state-based deaths are above those of all types", _above(rows)),
        ("a probability and the quantiles of deaths disagree", _disagreeing(rows)),
        ("a longer window is less likely than a shorter one", _falling(rows)),
        ("an event is less likely than one that it holds", _below_parts(rows)),
    ):
        if len(bad):
            yield what, bad


def _means(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["mean_deaths"] > np.maximum(rows["q95"], SMALL_MEAN) + _SLACK]


def _above(rows: pd.DataFrame) -> pd.DataFrame:
    part = rows[rows["target"].str.startswith("deaths_sb")]
    whole = rows.assign(target=rows["target"].str.replace("deaths", "deaths_sb", n=1))
    both = part.merge(whole, on=[*_UNIT, "target", "horizon_months"], suffixes=("", "_all"))
    numbers = ["mean_deaths", *QUANTILES]
    over = [both[name] > both[f"{name}_all"] + _SLACK for name in numbers]
    return both[np.any(over, axis=0)]


def _disagreeing(rows: pd.DataFrame) -> pd.DataFrame:
    total = rows.loc[rows["target"] == "deaths_total", [*_UNIT, "horizon_months", *QUANTILES]]
    found: list[pd.DataFrame] = []
    for target, threshold in zip(VIOLENCE, THRESHOLDS, strict=True):
        asked = rows[rows["target"] == target].drop(columns=list(QUANTILES))
        both = asked.merge(total, on=[*_UNIT, "horizon_months"])
        for name, level in QUANTILES.items():
            reached = both[name] >= threshold
            # whole deaths: a quantile between two of them says nothing
            missed = both[name] <= threshold - 1
            low = reached & (both["probability"] < 1 - level - AGREEMENT - 0.001)
            high = missed & (both["probability"] > 1 - level + AGREEMENT + 0.001)
            found.append(both[low | high])
    return pd.concat(found, ignore_index=True)


def _falling(rows: pd.DataFrame) -> pd.DataFrame:
    asked = rows[rows["target"].isin(OF_WINDOWS)].sort_values("horizon_months")
    before = asked.groupby([*_UNIT, "target"])["probability"].cummax()
    return asked[asked["probability"] < before - _SLACK]


def _below_parts(rows: pd.DataFrame) -> pd.DataFrame:
    found = [
        rows[rows["target"] == upper].merge(
            rows.loc[rows["target"] == lower, [*_UNIT, "horizon_months", "probability"]],
            on=[*_UNIT, "horizon_months"],
            suffixes=("", "_part"),
        )
        for upper, lower in (*HOLDS, *WITHIN)
    ]
    both = pd.concat(found, ignore_index=True)
    return both[both["probability"] < both["probability_part"] - _SLACK]


def precedents(learned: LearnedDeaths, courses: Courses, unit: NDArray[np.int64]) -> dict[int, str]:
    """Name, for units that are drawn to have far more deaths than they ever had, the analog that had as many.

    Regions to which their country's deaths are shared out are drawn as their country is.

    Parameters
    ----------
    unit
        Positions of the units that are scored, shape (n,).

    Returns
    -------
    A sentence by position of the unit; most units have none.

    Raises
    ------
    IncoherentError
        If no analog had as many.
    """
    panel, target = courses.panel, learned.target
    outcome, drawn = TARGETS[target].counts, courses.drawn[target]
    own = set(unit[~np.isin(panel.units["gwno"].to_numpy(np.int64)[unit], list(courses.rest[target]))].tolist())
    found = far_draws(learned.forecaster, panel, learned.features, drawn, outcome=outcome, at=courses.at)
    names = panel.units["country_name" if panel.level == "country" else "name"].to_numpy(object)
    said: dict[int, str] = {}
    for far in sorted((far for far in found if far.unit in own), key=lambda far: -far.deaths):
        what = f"up to {far.deaths:,.0f} deaths a month drawn, over {TIMES_RECORD:g} {BEYOND}"
        if far.analog is None:
            msg = f"no issue is written: {names[far.unit]}, {target}: {what}, and no analog of it had as many."
            raise IncoherentError(msg)
        if far.unit in said:
            continue
        where = whereabouts(learned.forecaster, panel, outcome, far, last=panel.shape[0] - 1)
        if where is None:
            said[far.unit] = f"{what}: an analog had as many, in figures that were revised since"
        else:
            had = deaths_of(panel, outcome)[where[1], where[0]]
            said[far.unit] = f"{what}: {names[where[0]]} had {had:,.0f} in {panel.months[where[1]]} after a like past"
    return said


def unlike_last_year(scores: pd.DataFrame, panel: Panel) -> str | None:
    """Say so if the countries' expected deaths of a year are not within `FACTOR` of those of the last; else None.

    Parameters
    ----------
    panel
        Countries.
    """
    rows = scores[(scores["target"] == "deaths_total") & (scores["admin_level"] == 0) & ~starts_later(scores)]
    rows = rows[rows["horizon_months"] == _YEAR]
    there = np.isin(panel.units["gwno"].to_numpy(np.int64), rows["gwno"].to_numpy(np.int64))
    recorded, expected = float(panel.deaths[-_YEAR:, there].sum()), float(rows["mean_deaths"].sum())
    if rows.empty or not recorded or 1 / FACTOR <= expected / recorded <= FACTOR:
        return None
    ratio = (rows.set_index("location_name")["mean_deaths"] - _last_year(rows, panel)).abs().idxmax()
    return (
        f"deaths expected within a year ({expected:,.0f}) are not within a factor of {FACTOR:g} of the last year's "
        f"({recorded:,.0f}); {ratio} differs most"
    )


def _last_year(rows: pd.DataFrame, panel: Panel) -> pd.Series:
    recorded = pd.Series(panel.deaths[-_YEAR:].sum(axis=0), index=panel.units["gwno"].to_numpy(np.int64))
    return pd.Series(recorded.reindex(rows["gwno"].to_numpy(np.int64)).to_numpy(), index=rows["location_name"])
