"""From fitted models to the flat table of scores."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...features.tables.schemas import SCHEMAS, validate
from ...features.targets.build import DRAWN_FROM, TARGETS, base_rate
from ...models.probabilities.driver_words import usual
from ...models.probabilities.explain import block_texts, top_drivers
from ...models.rows.design import label
from ..learn.bridging import bridge_regions
from ..learn.coherent_deaths import courses_of
from ..learn.train import ModelVersion
from .agreement import agreed, chances, coherent
from .believable import precedents
from .bridged import bridged_courses, bridged_months, bridged_notes, bridged_table, dated, drawn_past
from .classes import risk_class
from .effects import Facts, say_drawn
from .from_today import rows_from_today
from .outlook import rows_of_outlook
from .rows import Origins, frame_of, rows_of_deaths
from .selection import starts_later

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from ...features.panels.panel import Panel
    from ...features.targets.target import Target
    from ..learn.bridging import Bridges
    from ..learn.coherent_deaths import Courses
    from ..learn.deaths import LearnedDeaths
    from ..learn.train import Campaign

__all__ = ["MAX_AGE_MONTHS", "Scored", "score_level"]

#: Units whose data end longer before the origin than this serve to learn from and are not scored.
MAX_AGE_MONTHS = 36


@dataclass(frozen=True)
class _Asked:
    """What scores are asked for: as of which month and day, which windows, of which registered models by target."""

    origin: pd.Period
    issue_date: dt.date
    horizons: tuple[int, ...]
    versions: Mapping[str, ModelVersion]


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
    ``deaths_total`` of the windows asked for, from courses that agree with them, and what else is read from these.
    """
    panel, facts = campaign.panel, Facts.of(campaign.panel)
    asked = _Asked(origin, issue_date, tuple(horizons), versions)
    table, courses = coherent(pd.concat(_of_probabilities(campaign, facts, asked), ignore_index=True)), None
    times = facts.multiplied(deaths or (), np.maximum(panel.last_observed, 0))
    if deaths:
        factors = {target: each.factor for target, each in times.items()}
        courses = courses_of(deaths, chances(panel, table), countries, factors)
        bridges = None
        if countries is not None:
            bridges = bridge_regions(courses, countries, windows=asked.horizons, seed=deaths["deaths"].seed)
        courses = courses if bridges is None else bridged_courses(courses, bridges)
        table = _with_deaths(table, courses, deaths, asked, countries=countries, bridges=bridges)
    say_drawn(table, panel, times)
    table["change_since_last_issue"] = _change(table, previous)
    return Scored(to_contract(table), courses)


def _with_deaths(
    table: pd.DataFrame,
    courses: Courses,
    deaths: Mapping[str, LearnedDeaths],
    asked: _Asked,
    *,
    countries: Courses | None,
    bridges: Bridges | None,
) -> pd.DataFrame:
    """Rows of probabilities made to agree with the courses of deaths, and all that is read from these."""
    panel = courses.panel
    unit, month, notes, past = scored_units(panel, asked.origin), panel.last_observed, dict[int, str](), None
    of_deaths = {
        target: asked.versions.get(target, ModelVersion(learned.name, str(panel.months[-1]), ""))
        for target, learned in deaths.items()
    }
    if countries is not None and bridges is not None:
        notes, panel = bridged_notes(bridges), dated(panel, countries.panel, bridges)
        table, past = bridged_table(table, panel, bridges, asked.issue_date), drawn_past(panel, bridges)
        month[bridges.unit] = len(panel.months) - 1
    everyone = Origins(unit, month[unit], asked.issue_date, notes)
    if DRAWN_FROM in deaths:
        told = rows_of_outlook(courses, everyone, asked.horizons, of_deaths[DRAWN_FROM], past=past)
        table = pd.concat([table, *told], ignore_index=True)
    table = coherent(agreed(table, panel, courses))
    for target, version in of_deaths.items():
        noted = replace(everyone, notes=notes | precedents(deaths[target], courses, unit))
        rows = rows_of_deaths(target, replace(courses, panel=panel), noted, asked.horizons, version, past=past)
        table = pd.concat([table, *rows], ignore_index=True)
    del past  # as large as all courses; the next rows have another
    drawn = courses, everyone, asked.horizons, of_deaths
    later = rows_from_today(table, *drawn, panel=panel, countries=countries, bridges=bridges)
    table = table if later is None else pd.concat([table, later], ignore_index=True)
    if bridges is not None:
        table["bridged_months"] = bridged_months(table, panel, bridges)
    return table


def _of_probabilities(campaign: Campaign, facts: Facts, asked: _Asked) -> list[pd.DataFrame]:
    """Rows of every target and horizon, as the models give them."""
    panel, frames = campaign.panel, list[pd.DataFrame]()
    against = usual(campaign.features, panel.observed)
    for target, model in campaign.models.items():
        last = last_months(panel, TARGETS[target])
        unit = scored_units(panel, asked.origin, last=last)
        month = last[unit]
        origins, version = Origins(unit, month, asked.issue_date), asked.versions[target]
        for horizon in (horizon for horizon in asked.horizons if horizon in model.horizons):
            labelled = label(panel, TARGETS[target], horizon)
            inputs = labelled.inputs(campaign.features, month, unit)
            fitted = model.horizons[horizon]
            forecast, added = facts.added(fitted.forecast(inputs), target, horizon, month=month, unit=unit)
            frame = frame_of(panel, origins, target, horizon).assign(**added)
            frame["probability"] = forecast.probability
            frame["prob_low"] = forecast.low
            frame["prob_high"] = forecast.high
            frame["baseline_probability"] = forecast.baseline
            frame["base_rate"] = base_rate(labelled.labels, horizon)[month]
            frame["risk_score_0_10"] = np.round(10 * forecast.probability, 2)
            frame["risk_class"] = risk_class(forecast.probability)
            frame["rank"] = (-frame["probability"]).rank(method="min")
            contributions = fitted.contributions(inputs)
            frame["top_drivers"] = top_drivers(contributions, inputs.x, campaign.features, against=against)
            frame["driver_blocks"] = block_texts(contributions, campaign.features)
            if target == "fragmentation":
                frame["warning"] = _joined(frame["warning"], parts(panel, unit, month))
            frame["model_name"], frame["model_version"], frame["run_id"] = version.name, version.version, version.run_id
            frames.append(frame)
    return frames


def parts(panel: Panel, unit: NDArray[np.int64], month: NDArray[np.int64]) -> list[str]:
    """Say on which parts `fragmentation` rests in each unit, n texts."""
    known = ~np.isnan(panel.values["contested_share"])  # noqa: PD011  # a dict of ours
    texts: list[str] = []
    for u, m in zip(unit, month, strict=True):
        if known[m, u]:
            texts.append("rests on new_armed_actor and contested_share_rises")
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
        ["months_between", "admin_level", "target", "horizon_months", "rank", "gwno", "admin1_code"],
        kind="stable",
        ignore_index=True,
    )
    return validate(ordered, "scores")


_KEY = ["gwno", "admin1_code", "target", "horizon_months", "from_today"]


def _change(table: pd.DataFrame, previous: pd.DataFrame | None) -> NDArray[np.float64]:
    if previous is None:
        return np.full(len(table), np.nan)
    dated = (frame.assign(from_today=starts_later(frame)) for frame in (table, previous))
    keyed = [frame[_KEY].astype("str").fillna("").agg("|".join, axis=1) for frame in dated]
    before = pd.Series(previous["probability"].to_numpy(), index=keyed[1].to_numpy())
    return (table["probability"] - before.reindex(keyed[0].to_numpy()).to_numpy()).to_numpy(np.float64)
