"""How good the forecasts were on months that they had not seen: a table a level, and what it says in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from .forecasts import place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .wording import Wording

__all__ = ["SkillRow", "SkillTable", "skill_tables"]

#: Forecaster that the brief shows, the stratum of all units, and the order of the other forecasters.
POOL = "pool"
ALL = "all"
FORECASTER_ORDER = ("pool", "persistence", "climatology", "logit", "lightgbm", "hazard")
#: Rare events have a logit and a LightGBM of their own, and no event has both kinds: they share a column.
SAME_COLUMN = {"rare_logit": "logit", "rare_lightgbm": "lightgbm"}


class Case(NamedTuple):
    """What was forecast, on which stratum of units, how far ahead."""

    target: str
    stratum: str
    horizon: int


@dataclass(frozen=True)
class SkillRow:
    """One event and horizon.

    Attributes
    ----------
    event, horizon, n, base_rate
        What was forecast (and for which stratum), how often, and how often it happened.
    briers, best
        Brier score of each forecaster as text, and the position of the smallest.
    persistence, climatology
        The pool's skill against either; ``beaten`` is false where the pool did not beat persistence.
    auc, average_precision
        The pool's.
    """

    event: str
    horizon: int
    n: str
    base_rate: str
    briers: tuple[str, ...]
    best: int
    persistence: str
    beaten: bool
    climatology: str
    auc: str
    average_precision: str


@dataclass(frozen=True)
class SkillTable:
    """One level.

    Attributes
    ----------
    caption
        Level and origins.
    forecasters
        Names of the columns of Brier scores.
    rows
        By event and horizon.
    sentences
        What the rows say, and whether it speaks for the pool.
    """

    caption: str
    forecasters: tuple[str, ...]
    rows: tuple[SkillRow, ...]
    sentences: tuple[tuple[str, bool], ...]


def skill_tables(skill: pd.DataFrame, wording: Wording) -> tuple[SkillTable, ...]:
    """Lay out the scores out of sample, and say in words where the pool beats persistence and where it does not.

    Parameters
    ----------
    skill
        One row per level, target, horizon, stratum and forecaster, as in `BriefContents.skill`.
    wording
        Language.
    """
    levels = sorted(skill["level"].astype("str").unique(), key=lambda name: (name != "country", name))
    return tuple(_table(skill[skill["level"].astype("str") == level], level, wording) for level in levels)


def _rank(names: Sequence[str], name: str) -> tuple[int, str]:
    return (names.index(name) if name in names else len(names), name)


def _table(skill: pd.DataFrame, level: str, wording: Wording) -> SkillTable:
    skill = skill.assign(forecaster=skill["forecaster"].astype("str").replace(SAME_COLUMN))
    forecasters = sorted(skill["forecaster"].unique(), key=lambda name: _rank(FORECASTER_ORDER, name))
    groups = {
        Case(str(target), str(stratum), int(str(horizon))): {str(r["forecaster"]): r for r in rows.to_dict("records")}
        for (target, stratum, horizon), rows in skill.groupby(["target", "stratum", "horizon_months"])
    }
    cases = sorted(groups, key=lambda case: (place(case.target), case.stratum != ALL, *case[1:]))
    levels = wording.name("skill.level", level)
    return SkillTable(
        caption=wording.say(
            "skill.caption",
            levels=levels,
            first=_origin(skill["first_origin"].min(), wording),
            last=_origin(skill["last_origin"].max(), wording),
        ),
        forecasters=tuple(wording.name("forecaster", name) for name in forecasters),
        rows=tuple(_row(case, groups[case], forecasters, wording) for case in cases),
        sentences=_sentences({case: groups[case] for case in cases}, levels, wording),
    )


def _origin(value: object, wording: Wording) -> str:
    return wording.month(pd.Period(str(value)[:7], freq="M").start_time.date())


def _value(rows: dict[str, dict[Any, Any]], forecaster: str, column: str) -> float:
    value = rows.get(forecaster, {}).get(column)
    return float("nan") if value is None or pd.isna(value) else float(value)


def _event(case: Case, wording: Wording) -> str:
    event = wording.name("target", case.target)
    return (
        event
        if case.stratum == ALL
        else wording.say("skill.stratum", event=event, stratum=wording.name("stratum", case.stratum))
    )


def _row(case: Case, rows: dict[str, dict[Any, Any]], forecasters: Sequence[str], wording: Wording) -> SkillRow:
    briers = [_value(rows, name, "brier") for name in forecasters]
    persistence = _value(rows, POOL, "brier_skill_persistence")
    return SkillRow(
        event=_event(case, wording),
        horizon=case.horizon,
        n=wording.count(_value(rows, POOL, "n")),
        base_rate=wording.decimal(_value(rows, POOL, "base_rate")),
        briers=tuple(wording.decimal(brier, places=4) for brier in briers),
        best=min(range(len(briers)), key=lambda i: math.inf if math.isnan(briers[i]) else briers[i]),
        persistence=wording.decimal(persistence, signed=True),
        beaten=not persistence <= 0,
        climatology=wording.decimal(_value(rows, POOL, "brier_skill_climatology"), signed=True),
        auc=wording.decimal(_value(rows, POOL, "auc")),
        average_precision=wording.decimal(_value(rows, POOL, "average_precision")),
    )


def _sentences(
    groups: dict[Case, dict[str, dict[Any, Any]]], levels: str, wording: Wording
) -> tuple[tuple[str, bool], ...]:
    sentences: list[tuple[str, bool]] = []
    skills = {case: _value(rows, POOL, "brier_skill_persistence") for case, rows in groups.items()}
    for event in dict.fromkeys(_event(case, wording) for case in groups):
        here = {case.horizon: value for case, value in skills.items() if _event(case, wording) == event}
        known = {horizon: value for horizon, value in here.items() if not math.isnan(value)}
        good = [wording.say("horizon", n=horizon) for horizon, value in known.items() if value > 0]
        bad = [wording.say("horizon", n=horizon) for horizon, value in known.items() if value <= 0]
        verdict = "unknown" if not known else ("beats_some" if good and bad else "beats_all" if good else "beats_none")
        sentence = wording.say(
            f"skill.{verdict}",
            levels_capital=levels[:1].upper() + levels[1:],
            event=event,
            good=wording.listing(good),
            bad=wording.listing(bad),
            range=_range(list(known.values()), wording),
        )
        sentences.append((sentence, verdict == "beats_all"))
    sentences += _climatology(groups, levels, wording)
    better = sum(
        any(_value(rows, name, "brier") < _value(rows, POOL, "brier") for name in rows if name != POOL)
        for rows in groups.values()
    )
    if better:
        sentences.append((wording.say("skill.members", levels=levels, n=better, total=len(groups)), False))
    return tuple(sentences)


def _climatology(
    groups: dict[Case, dict[str, dict[Any, Any]]], levels: str, wording: Wording
) -> list[tuple[str, bool]]:
    """Name the events and horizons at which the unit's own long-run rate does as well as the pool."""
    worse: dict[str, list[str]] = {}
    for case, rows in groups.items():
        if _value(rows, POOL, "brier_skill_climatology") <= 0:
            worse.setdefault(_event(case, wording), []).append(wording.say("horizon", n=case.horizon))
    capital = levels[:1].upper() + levels[1:]
    return [
        (wording.say("skill.climatology.none", levels_capital=capital, event=event, bad=wording.listing(bad)), False)
        for event, bad in worse.items()
    ]


def _range(values: list[float], wording: Wording) -> str:
    if not values:
        return ""
    low, high = wording.percent(min(values)), wording.percent(max(values))
    return low if low == high else wording.say("interval", low=low, high=high)
