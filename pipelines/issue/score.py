"""From fitted models to the flat table of scores."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...features.months import last_day
from ...features.tables.schemas import SCHEMAS, validate
from ...features.targets.build import TARGETS
from ...models.probabilities.driver_words import usual
from ...models.probabilities.explain import block_texts, top_drivers
from ...models.rows.design import label
from ..learn.coherent_deaths import courses_of
from ..learn.deaths import deaths_rows
from ..learn.train import ModelVersion, inputs_at
from .agreement import agreed, chances, coherent
from .believable import precedents
from .classes import risk_class

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from ...features.panels.panel import Panel
    from ...features.targets.build import Target
    from ..learn.coherent_deaths import Courses
    from ..learn.deaths import LearnedDeaths
    from ..learn.train import Campaign

__all__ = ["MAX_AGE_MONTHS", "REST_CODE", "REST_NAME", "STALE_AFTER_DAYS", "Scored", "score_level"]

#: A level whose data end longer before the issue date than this is marked stale.
STALE_AFTER_DAYS = 45
#: Code and name of what lies outside all regions of a country whose regions' deaths add up to its own.
REST_CODE, REST_NAME = "-rest", "outside all regions"
#: Units whose data end longer before the origin than this serve to learn from and are not scored.
MAX_AGE_MONTHS = 120


@dataclass(frozen=True)
class Scored:
    """The flat table of a level, and the courses behind its rows of deaths, if it has any."""

    table: pd.DataFrame
    courses: Courses | None


def last_months(panel: Panel, target: Target) -> NDArray[np.int64]:
    """Position of the month from which each unit is scored, shape (U,); -1 where it is not."""
    covered = target.covered(panel)
    last = panel.shape[0] - 1 - np.argmax(covered[::-1], axis=0)
    last = np.where(covered.any(axis=0), last, -1).astype(np.int64)
    if target.only_at_risk:
        last[~target.at_risk(panel)[last, np.arange(len(last))]] = -1
    return last


def scored_units(panel: Panel, origin: pd.Period, *, last: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
    """Positions of the units that are scored: observed to within `MAX_AGE_MONTHS` of the origin and not gone.

    A state that left the state system is gone; a region whose event rows end is not, only its data are old.

    Parameters
    ----------
    last
        Position of the month from which each unit is scored, shape (U,); by default its last observed one.
    """
    if last is not None:
        gone = np.ones(panel.shape[1], bool)
        gone[scored_units(panel, origin)] = False
        age = origin.ordinal - (panel.months[0].ordinal + last)
        return np.flatnonzero((last >= 0) & (age <= MAX_AGE_MONTHS) & ~gone)
    last = panel.last_observed
    age = origin.ordinal - (panel.months[0].ordinal + last)
    allowed = 0 if panel.level == "country" else MAX_AGE_MONTHS
    newest = panel.months[-1].ordinal
    return np.flatnonzero((last >= 0) & (age - max(origin.ordinal - newest, 0) <= allowed))


def score_level(
    campaign: Campaign,
    *,
    origin: pd.Period,
    issue_date: dt.date,
    horizons: Iterable[int],
    versions: Mapping[str, ModelVersion],
    previous: pd.DataFrame | None = None,
    deaths: Mapping[str, LearnedDeaths] | None = None,
    countries: Courses | None = None,
) -> Scored:
    """Score every unit of a level from its own last month of data.

    Parameters
    ----------
    campaign
        Fitted models with their panel.
    origin
        Month as of which scores are asked for; a unit whose data end earlier is scored from there, and marked stale.
    issue_date
        Day of issue, against which the age of the data is measured.
    versions
        Registered model of each target.
    previous
        Scores of the issue before, for the change since.
    deaths
        Forecasters of deaths by target; their version has the same key in ``versions`` if they are registered.
    countries
        Courses of the countries, which are shared out to their regions.

    Returns
    -------
    Rows of the contract ``scores``: the targets' probabilities, made `coherent`; ``deaths`` of every month ahead and
    ``deaths_total`` of the windows asked for, from courses that agree with them.
    """
    panel = campaign.panel
    frames: list[pd.DataFrame] = []
    against = usual(campaign.features, panel.observed)
    for target, model in campaign.models.items():
        last = last_months(panel, TARGETS[target])
        unit = scored_units(panel, origin, last=last)
        month = last[unit]
        origins = _Origins(unit, month, issue_date)
        for horizon in (horizon for horizon in horizons if horizon in model.horizons):
            labelled = label(panel, TARGETS[target], horizon)
            inputs = inputs_at(campaign, labelled, month, unit)
            fitted = model.horizons[horizon]
            forecast = fitted.forecast(inputs)
            frame = _frame(panel, origins, target, horizon)
            frame["probability"] = forecast.probability
            frame["prob_low"] = forecast.low
            frame["prob_high"] = forecast.high
            frame["baseline_probability"] = forecast.baseline
            frame["risk_score_0_10"] = np.round(10 * forecast.probability, 2)
            frame["risk_class"] = risk_class(forecast.probability)
            frame["rank"] = (-frame["probability"]).rank(method="min")
            contributions = fitted.contributions(inputs)
            frame["top_drivers"] = top_drivers(contributions, inputs.x, campaign.features, against=against)
            frame["driver_blocks"] = block_texts(contributions, campaign.features)
            if target == "fragmentation":
                frame["warning"] = _joined(frame["warning"], parts(panel, unit, month))
            version = versions[target]
            frame["model_name"], frame["model_version"], frame["run_id"] = version.name, version.version, version.run_id
            frames.append(frame)
    table, courses = coherent(pd.concat(frames, ignore_index=True)), None
    if deaths:
        courses = courses_of(deaths, chances(panel, table), countries)
        unit = scored_units(panel, origin)
        everyone = _Origins(unit, panel.last_observed[unit], issue_date)
        table = coherent(agreed(table, panel, courses))
        for target in deaths:
            version = versions.get(target, ModelVersion(deaths[target].name, str(panel.months[-1]), ""))
            noted = replace(everyone, notes=precedents(deaths[target], courses, unit))
            rows = _deaths(target, courses, noted, horizons, version)
            table = pd.concat([table, *rows], ignore_index=True)
    table["change_since_last_issue"] = _change(table, previous)
    return Scored(to_contract(table), courses)


def parts(panel: Panel, unit: NDArray[np.int64], month: NDArray[np.int64]) -> list[str]:
    """Say on which parts `fragmentation` rests in each unit, n texts."""
    known = ~np.isnan(panel.values["tfi"])  # noqa: PD011  # a dict of ours
    texts: list[str] = []
    for u, m in zip(unit, month, strict=True):
        if known[m, u]:
            texts.append("rests on new_armed_actor and territorial_fragmentation")
        elif known[:, u].any():
            last = panel.months[np.flatnonzero(known[:, u])[-1]]
            texts.append(f"rests on new_armed_actor only: region events end {last}")
        else:
            texts.append("rests on new_armed_actor only: no region events")
    return texts


def _joined(first: pd.Series, second: list[str]) -> pd.Series:
    both = ["; ".join(text for text in pair if isinstance(text, str)) for pair in zip(first, second, strict=True)]
    return pd.Series(both, index=first.index, dtype="str")


def to_contract(table: pd.DataFrame) -> pd.DataFrame:
    """Put columns and types as the contract ``scores`` has them, in a fixed order of rows, and check it."""
    schema = SCHEMAS["scores"]
    columns: dict[str, pd.Series] = {}
    for name, column in schema.columns.items():
        values = table[name] if name in table.columns else pd.Series(np.nan, index=table.index)
        dtype: Any = str(column.dtype)
        columns[name] = values.astype("float64").astype(dtype) if dtype.startswith("Int") else values.astype(dtype)
    ordered = pd.DataFrame(columns).sort_values(
        ["admin_level", "target", "horizon_months", "rank", "gwno", "admin1_code"], kind="stable", ignore_index=True
    )
    return validate(ordered, "scores")


@dataclass(frozen=True)
class _Origins:
    """Units with the month that each is scored from, shape (n,), the day of issue, and what to note of a unit."""

    unit: NDArray[np.int64]
    month: NDArray[np.int64]
    issue_date: dt.date
    notes: Mapping[int, str] = field(default_factory=dict)


def _frame(panel: Panel, origins: _Origins, target: str, horizon: int) -> pd.DataFrame:
    unit, month, issue_date = origins.unit, origins.month, origins.issue_date
    units = panel.units.iloc[unit]
    months = panel.months[month]
    through = pd.DatetimeIndex([pd.Timestamp(last_day(origin)) for origin in months]).as_unit("s")
    ends = pd.DatetimeIndex([pd.Timestamp(last_day(origin + horizon)) for origin in months]).as_unit("s")
    age = (pd.Timestamp(issue_date) - through).days
    region = panel.level != "country"
    none = pd.Series(pd.NA, index=range(len(unit)), dtype="str")
    lately = np.array([panel.provisional[max(m - 11, 0) : m + 1].any() for m in month])
    return pd.DataFrame(
        {
            "location_code": units["iso3"].to_numpy(),
            "location_name": units["country_name"].to_numpy(),
            "admin_level": int(region),
            "admin1_code": units.index.to_numpy() if region else none,
            "admin1_name": units["name"].to_numpy() if region else none,
            "iso_3166_2": units["iso_3166_2"].to_numpy() if region else none,
            "gwno": units["gwno"].to_numpy(),
            "target": target,
            "horizon_months": horizon,
            "reference_period_start": through + pd.Timedelta(days=1),
            "reference_period_end": ends,
            "forecast_issue_date": pd.Timestamp(issue_date),
            "data_through": through,
            "boundary_version": units["boundary_version"].to_numpy() if region else "country",
            "is_provisional": lately,
            "warning": pd.Series(
                [
                    _warning(day, days, origins.notes.get(place))
                    for place, day, days in zip(unit.tolist(), through, age, strict=True)
                ],
                dtype="str",
            ),
        }
    )


def _warning(through: pd.Timestamp, age: int, note: str | None) -> str | None:
    stale = f"stale: data end {through:%Y-%m-%d}, {age:,} days before the issue date"
    return "; ".join([*([stale] if age > STALE_AFTER_DAYS else []), *([note] if note else [])]) or None


def _deaths(
    target: str, courses: Courses, origins: _Origins, horizons: Iterable[int], version: ModelVersion
) -> list[pd.DataFrame]:
    frames = _rows(target, courses.panel, courses.drawn[target], origins=origins, horizons=horizons, version=version)
    rest = courses.rest[target]
    number = courses.panel.units["gwno"].to_numpy(np.int64)[origins.unit]
    chosen = [gwno for gwno in rest if gwno in number]
    if not chosen:
        return frames
    # what lies outside all regions of a country: a region of it stands in for what it has of its country
    first = np.array([np.flatnonzero(number == gwno)[0] for gwno in chosen])
    there = _Origins(np.arange(len(first)), origins.month[first], origins.issue_date)
    units = courses.panel.units.iloc[origins.unit[first]].assign(name=REST_NAME, iso_3166_2=None)
    units.index = pd.Index([f"{iso3}{REST_CODE}" for iso3 in units["iso3"]], name=courses.panel.units.index.name)
    outside = replace(courses.panel, units=units)
    drawn = np.stack([rest[gwno] for gwno in chosen])
    outer = _rows(target, outside, drawn, origins=there, horizons=horizons, version=version)
    return frames + [frame.assign(rank=np.nan) for frame in outer]


def _rows(
    name: str,
    panel: Panel,
    drawn: NDArray[np.float32],
    *,
    origins: _Origins,
    horizons: Iterable[int],
    version: ModelVersion,
) -> list[pd.DataFrame]:
    frames: list[pd.DataFrame] = []
    for target, horizon, values in deaths_rows(name, drawn, horizons=horizons):
        frame = _frame(panel, origins, target, horizon)
        if TARGETS[target].total_of is None:  # the row of a month speaks of that month alone
            starts = [pd.Timestamp((month + horizon).start_time.date()) for month in panel.months[origins.month]]
            frame["reference_period_start"] = pd.DatetimeIndex(starts).as_unit("s")
        for column, numbers in values.items():
            frame[column] = numbers[origins.unit]
        # by what is likely; the mean, which a tail can make, only parts those that are alike
        order = np.lexsort((-frame["mean_deaths"], -frame["q50"]))
        frame["rank"] = _places(frame["q50"].to_numpy(np.float64)[order], frame["mean_deaths"].to_numpy()[order], order)
        frame["model_name"], frame["model_version"], frame["run_id"] = version.name, version.version, version.run_id
        frames.append(frame)
    return frames


def _places(median: NDArray[np.float64], mean: NDArray[np.float64], order: NDArray[np.int64]) -> NDArray[np.float64]:
    """Ranks of rows of which sorted medians and means are given, the same where both are, shape (n,)."""
    new = np.append(True, (np.diff(median) != 0) | (np.diff(mean) != 0))  # the first is new
    rank = np.empty(len(order))
    rank[order] = np.maximum.accumulate(np.where(new, np.arange(1, len(order) + 1), 0))
    return rank


_KEY = ["gwno", "admin1_code", "target", "horizon_months"]


def _change(table: pd.DataFrame, previous: pd.DataFrame | None) -> NDArray[np.float64]:
    if previous is None:
        return np.full(len(table), np.nan)
    keyed = [frame[_KEY].astype("str").fillna("").agg("|".join, axis=1) for frame in (table, previous)]
    before = pd.Series(previous["probability"].to_numpy(), index=keyed[1].to_numpy())
    return (table["probability"] - before.reindex(keyed[0].to_numpy()).to_numpy()).to_numpy(np.float64)
