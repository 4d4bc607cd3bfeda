"""Foreign forces in each country and region, as they were known at the end of each month.

The facts are replayed: whatever stands at month t follows from the facts known by its end alone, in the order of their
dates. A force is there from its arrival to its last day; a force that leaves on the last day of a month is gone
from the next one, so that a change of name overnight leaves no gap.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ..contracts.political import ACTOR_CLASSES, DEPLOYMENT_FACTS
from ..months import month_positions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

__all__ = ["FARTHEST_MONTHS", "FIGURE_LASTS_MONTHS", "FORCE_CLASSES", "Stage", "deployment_stages", "force_values"]

#: Classes counted from the curated facts alone; UN bases and troops come from Geo-PKO.
FORCE_CLASSES = tuple(name for name in ACTOR_CLASSES if name != "un")
#: Months to an announced end are cut off here; where none is announced, they stand here.
FARTHEST_MONTHS = 36
#: A figure that is older than this is marked, and no longer stands for what is there.
FIGURE_LASTS_MONTHS = 24
#: Missions without foreign soldiers of their own, by the start of their names: civilians, or mostly the host's army.
#: They count no people until a figure says otherwise.
WITHOUT_SOLDIERS = ("EUCAP", "G5 Sahel", "Multinational Joint Task Force")
_LONGEST_HANDOVER_DAYS = 31


@dataclass(frozen=True, slots=True)
class Stage:
    """What was known of one deployment from one month on, until the next stage.

    Attributes
    ----------
    start, stop
        Positions of its months, the last one not included; ``start`` may lie before the panel.
    present
        The force is in the country.
    bases
        Regions where it has bases.
    troops
        People, by the latest figure; NaN where none is known, 0 where it is not there.
    figure
        Position of the month of that figure, None where there is none.
    most
        The highest figure known of it by then; 0 where there is none.
    leaving
        A withdrawal is announced and not called off.
    end
        Position of the month in which it is to be gone, where a date was given.
    """

    start: int
    stop: int
    present: bool
    bases: frozenset[str]
    troops: float
    figure: int | None
    most: float
    leaving: bool
    end: int | None


class _Fact(NamedTuple):
    deployment: str
    mission: str
    position: int  # month from which it counts
    date: pd.Timestamp
    fact: str
    regions: tuple[str, ...]
    troops: float
    high: float
    dated: int  # month of its date
    end: int | None


def deployment_stages(deployments: pd.DataFrame, months: pd.PeriodIndex) -> Iterator[tuple[str, str, int, list[Stage]]]:
    """Replay every deployment.

    Parameters
    ----------
    deployments
        The canonical table.
    months
        The panel's months.

    Yields
    ------
    mission, actor class, Gleditsch-Ward number of the host, and the stages in order of time.
    """
    forces: dict[tuple[int, str], dict[str, list[_Fact]]] = {}
    for gwno, actor_class, fact in _facts(deployments, months):
        forces.setdefault((gwno, actor_class), {}).setdefault(fact.deployment, []).append(fact)
    for (gwno, actor_class), of_class in sorted(forces.items()):
        for facts in of_class.values():
            handed_over = _inherited(facts, [fact for others in of_class.values() for fact in others])
            yield facts[0].mission, actor_class, gwno, _stages([*handed_over, *facts], len(months))


def _facts(deployments: pd.DataFrame, months: pd.PeriodIndex) -> list[tuple[int, str, _Fact]]:
    """Facts in the order of their dates, each with its host and class."""
    leaves = deployments["fact"] == "departure"
    # The day of a departure is the last day there: it counts from the day after.
    since = deployments["date"].where(~leaves, deployments["date"] + pd.Timedelta(days=1))
    position = month_positions(pd.concat([since, deployments["known_on"]], axis=1).max(axis=1), months)
    end = month_positions(deployments["announced_end"].fillna(months[0].start_time), months)
    order = deployments["fact"].map({fact: rank for rank, fact in enumerate(DEPLOYMENT_FACTS)})
    table = deployments.assign(
        position=position,
        end=end,
        order=order,
        troops=deployments[["strength_low", "strength_high"]].mean(axis=1),
        dated=month_positions(deployments["date"], months),
        regions=deployments["regions"].fillna(""),
    ).sort_values(["date", "order", "fact_id"])
    columns = ("gwno", "actor_class", "deployment", "mission", "position", "date", "fact", "regions", "troops")
    columns = (*columns, "strength_high", "dated", "end")
    given = table["announced_end"].notna()
    return [
        (
            gwno,
            actor_class,
            _Fact(
                deployment,
                mission,
                position,
                date,
                fact,
                tuple(filter(None, regions.split(";"))),
                troops,
                high,
                dated,
                end if ends else None,
            ),
        )
        for (
            gwno,
            actor_class,
            deployment,
            mission,
            position,
            date,
            fact,
            regions,
            troops,
            high,
            dated,
            end,
        ), ends in zip(zip(*(table[name].tolist() for name in columns), strict=True), given, strict=True)
    ]


def _inherited(facts: list[_Fact], of_class: list[_Fact]) -> list[_Fact]:
    """Under a new name a force keeps its figure until the first one of its own."""
    arrival = next((fact for fact in facts if fact.fact == "arrival"), None)
    if arrival is None:
        return []
    others = [fact for fact in of_class if fact.deployment != arrival.deployment]
    handed_over = {
        fact.deployment
        for fact in others
        if fact.fact == "departure"
        and not fact.regions
        and abs((fact.date - arrival.date).days) <= _LONGEST_HANDOVER_DAYS
    }
    figures = [
        fact
        for fact in others
        if fact.fact == "strength" and fact.deployment in handed_over and fact.date <= arrival.date
    ]
    return [
        last._replace(
            position=max(arrival.position, last.position), date=arrival.date, mission=arrival.mission, regions=()
        )
        for last in figures[-1:]
    ]


def _stages(facts: list[_Fact], n_months: int) -> list[Stage]:
    # Only the figure handed over stands out of order: before a figure of its own on the same day.
    facts = sorted(facts, key=lambda fact: fact.date)
    starts = sorted({fact.position for fact in facts if fact.position < n_months})
    stops = [*starts[1:], n_months][: len(starts)]
    return [
        _replay([fact for fact in facts if fact.position <= start], start, stop)
        for start, stop in zip(starts, stops, strict=True)
    ]


def _replay(facts: list[_Fact], start: int, stop: int) -> Stage:
    present, bases, leaving, end = False, Counter[str](), False, None
    none = 0.0 if facts[0].mission.startswith(WITHOUT_SOLDIERS) else np.nan
    troops, figure, most = none, None, 0.0
    for fact in facts:
        match fact.fact:
            case "arrival":
                present = True
                bases.update(fact.regions)
            case "strength":
                troops, figure, most = fact.troops, fact.dated, max(most, fact.high)
            case "withdrawal_announced":
                leaving = True
                end = end if fact.end is None else fact.end  # a demand without a date takes back no date
            case "withdrawal_cancelled":
                leaving, end = False, None
            case _ if fact.regions:
                bases.subtract(fact.regions)
            case _:
                present, leaving, end = False, False, None
                bases.clear()
                troops, figure = none, None
    here = frozenset(region for region, count in bases.items() if count > 0)
    if not present:
        return Stage(start, stop, present, frozenset(), 0.0, None, most, leaving, end)
    return Stage(start, stop, present, here, troops, figure, most, leaving, end)


def force_values(
    deployments: pd.DataFrame, *, countries: pd.Index, months: pd.PeriodIndex
) -> Mapping[str, NDArray[np.float32]]:
    """Foreign forces by country, each array of shape (T, C).

    Parameters
    ----------
    deployments
        The canonical table.
    countries
        Gleditsch-Ward numbers, C of them.
    months
        T months.

    Returns
    -------
    dict
        For each class besides the UN ``<class>_forces``, the forces there, and ``<class>_troops``, their people, NaN
        where the strength of one of them is not known;
        ``withdrawals_announced``, the forces whose leaving is announced (the UN's too), and ``months_to_withdrawal``,
        the months until the first of them is to be gone, below 0 when overdue, `FARTHEST_MONTHS` where no date is set.
    """
    shape = (len(months), len(countries))
    names = [f"{name}_{what}" for name in FORCE_CLASSES for what in ("forces", "troops")]
    values = {name: np.zeros(shape, np.float32) for name in (*names, "withdrawals_announced")}
    to_go = np.full(shape, FARTHEST_MONTHS, np.float32)
    for _, actor_class, gwno, stages in deployment_stages(deployments, months):
        host = int(countries.get_indexer(pd.Index([gwno]))[0])
        if host < 0:
            continue
        for stage in stages:
            here = slice(max(stage.start, 0), max(stage.stop, 0))
            if not stage.present:
                continue
            if actor_class in FORCE_CLASSES:
                values[f"{actor_class}_forces"][here, host] += 1
                values[f"{actor_class}_troops"][here, host] += stage.troops
            values["withdrawals_announced"][here, host] += stage.leaving
            if stage.leaving and stage.end is not None:
                left = stage.end - np.arange(here.start, here.stop)
                to_go[here, host] = np.minimum(to_go[here, host], left)
    return {**values, "months_to_withdrawal": np.clip(to_go, -FARTHEST_MONTHS, FARTHEST_MONTHS)}
