"""What a brief tells of a country beside its scores: forces, transition, armed actors, and how divided it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...features.blocks.actors import deadly_debuts
from ...features.facts.coverage import searched_until
from ...features.panels.actors import active_groups, effective_groups
from ...features.panels.control import STATE, contested, territory_holders, territory_index
from ...features.panels.countries import known_by
from ...features.panels.sides import sides_panel
from ...features.panels.territory import contested_share, people_of
from ...features.targets.build import TARGETS
from .armed_actors import ACTORS as RUNS
from .armed_actors import armed_actors
from .facts_in_words import SENDER_WORDS, stays, steps, without_place

if TYPE_CHECKING:
    from ...features.panels.panel import Panel
    from ...features.tables.snapshot import Snapshot

__all__ = ["ACTORS", "ANNOUNCED", "CODED", "FORCES", "PARTS", "STEPS", "WAR_TOTALS", "CountryFacts", "country_facts"]

FORCES = ("location_code", "force", "sender", "start", "end", "goes_on", "people", "counted_on")
ANNOUNCED = ("location_code", "force", "sender", "date", "announced_end", "called_off")
STEPS = ("location_code", "date", "step", "kind", "label")
WAR_TOTALS = ("location_code", "month", "events", "deaths")
ACTORS = ("location_code", *RUNS[1:])
CODED = ("location_code", "kind", "searched_until", "un_troops", "un_bases")
PARTS = (
    "location_code",
    "groups",
    "effective_groups",
    "new_groups",
    "regions",
    "contested",
    "contested_share_population",
    "regions_through",
    "leading_bloc",
    "leading_bloc_regions",
    "tfi",
    "sides_through",
)


@dataclass(frozen=True)
class CountryFacts:
    """Facts by country.

    Attributes
    ----------
    forces
        One row a stay of a foreign force: ``force``, ``sender`` (class of actor), ``start``, ``end``, ``goes_on``,
        ``people`` by the latest figure, and the day that it is of; empty where there is none.
    announced
        Withdrawals that were announced or demanded, or ``called_off`` again: ``force`` and ``sender`` as above,
        ``date``, and ``announced_end`` if one was named.
    steps
        Coups and steps of transition: ``date``, ``step``, ``kind``, ``label``.
    actors
        Armed actors, one row a run of months in which they fought: `~faultline.pipelines.issue.armed_actors`.
    parts
        What fragmentation is measured by, over the last 12 months: organised armed ``groups``, their effective number,
        ``new_groups`` that killed 25; where region events exist, at their end (``regions_through``), the number of
        ``regions``, those ``contested`` and, where populations are known, the share of people who live in these; and
        where it is known who fought, at the end of that (``sides_through``), the leading bloc with its regions, and
        ``tfi``.
    war_totals
        Months (``YYYY-MM``) with deaths of a longer time, dated by its first day, and the ``events`` and ``deaths`` of
        these totals alone (`~faultline.features.contracts.war_totals`).
    coded
        Until when ``deployments`` and ``transitions`` were searched for each country, one row each; empty where they
        are not coded: that no such fact is told then says nothing. ``un_troops`` and ``un_bases`` are known everywhere.
    at_risk
        Codes of the countries at risk of a new armed actor, as its target tells them.
    """

    forces: pd.DataFrame
    announced: pd.DataFrame
    steps: pd.DataFrame
    actors: pd.DataFrame
    parts: pd.DataFrame
    war_totals: pd.DataFrame
    coded: pd.DataFrame
    at_risk: frozenset[str]


def country_facts(
    snapshot: Snapshot, countries: Panel, regions: Panel, *, origin: pd.Period, years: int
) -> CountryFacts:
    """Gather the facts of every country, as known at the end of a month.

    Parameters
    ----------
    countries, regions
        Panels as of the origin.
    years
        Years up to the origin whose forces and steps are told.
    """
    start, stop = (origin - 12 * years).start_time, (origin + 12).end_time
    code = snapshot.countries[snapshot.countries["last_month"].isna()].set_index("gwno")[["iso3", "name"]]
    dated = {name: known_by(getattr(snapshot, name), origin) for name in ("coups", "transitions", "elections")}
    dated = {name: table[table["date"].between(start, stop)] for name, table in dated.items()}
    told = steps(dated["coups"], dated["transitions"], dated["elections"]).join(code, on="gwno", how="inner")
    deployments = known_by(snapshot.deployments, origin)
    forces = stays(deployments, stop).join(code, on="gwno", how="inner")
    forces = forces[(forces["end"] >= start) & (forces["start"] <= stop)]
    forces["force"] = _without_places(forces["force"], forces["name"])
    at_risk = TARGETS["new_armed_actor"].at_risk(countries)[-1]
    return CountryFacts(
        forces=forces.rename(columns={"iso3": "location_code"})[list(FORCES)].reset_index(drop=True),
        announced=_announced(deployments[deployments["date"] >= start].join(code["name"], on="gwno", how="inner")),
        steps=told.rename(columns={"iso3": "location_code"})[list(STEPS)].reset_index(drop=True),
        actors=_actors(snapshot, code, origin, years),
        parts=_parts(snapshot, countries, regions, sides_panel(snapshot, as_of=origin)),
        war_totals=_war_totals(snapshot, countries),
        coded=_coded(snapshot, countries, origin),
        at_risk=frozenset(countries.units["iso3"][at_risk]),
    )


def _announced(deployments: pd.DataFrame) -> pd.DataFrame:
    own = deployments[deployments["fact"].isin(["withdrawal_announced", "withdrawal_cancelled"])]
    table = pd.DataFrame(
        {
            "location_code": own["iso3"],
            "force": _without_places(own["mission"], own["name"]),
            "sender": own["actor_class"].map(SENDER_WORDS),
            "date": own["date"],
            "announced_end": own["announced_end"],
            "called_off": own["fact"] == "withdrawal_cancelled",
        }
    )
    return table[list(ANNOUNCED)].reset_index(drop=True)


def _actors(snapshot: Snapshot, code: pd.DataFrame, origin: pd.Period, years: int) -> pd.DataFrame:
    told = armed_actors(
        known_by(snapshot.actor_month, origin),
        known_by(snapshot.actor_lineage, origin),
        dict(zip(snapshot.actors["actor_id"], snapshot.actors["name"], strict=True)),
        first=origin - 12 * years + 1,
        last=origin,
    )
    told = told.join(code["iso3"], on="gwno", how="inner").rename(columns={"iso3": "location_code"})
    return told[list(ACTORS)].reset_index(drop=True)


def _without_places(forces: pd.Series, countries: pd.Series) -> list[str]:
    short = forces.astype("str")
    for name in countries.unique():
        own = countries == name
        short[own] = without_place(short[own], str(name))
    return short.tolist()


def _war_totals(snapshot: Snapshot, countries: Panel) -> pd.DataFrame:
    """Countries' months that hold war totals, as far as the panel knows them, with what is booked in these alone."""
    marked = snapshot.country_month[snapshot.country_month["war_total"]]
    sums = marked.groupby(["gwno", "month"], as_index=False)[["events", "deaths"]].sum()
    sums["location_code"] = sums["gwno"].map(countries.units.set_index("gwno")["iso3"])
    known = sums["location_code"].notna() & (sums["month"] <= countries.months[-1].start_time)
    return sums.loc[known, list(WAR_TOTALS)].assign(month=sums["month"].dt.strftime("%Y-%m")).reset_index(drop=True)


def _coded(snapshot: Snapshot, countries: Panel, origin: pd.Period) -> pd.DataFrame:
    end, values = origin.end_time.normalize(), countries.values  # noqa: PD011  # a dict of ours
    rows: list[tuple[object, ...]] = []
    for unit in np.flatnonzero(countries.observed[-1]):
        gwno, code = int(countries.units["gwno"].iloc[unit]), countries.units["iso3"].iloc[unit]
        un = (float(values[name][-1, unit]) for name in ("un_troops", "un_bases"))
        troops, bases = un if values["un_coded"][-1, unit] else (np.nan, np.nan)
        for kind in ("deployments", "transitions"):
            searched = values[f"{kind}_coded"][-1, unit] > 0
            until = searched_until(snapshot.facts_coverage, kind, gwno) if searched else None
            rows.append((code, kind, pd.NaT if until is None else min(until, end), troops, bases))
    return pd.DataFrame(rows, columns=list(CODED)).astype({"searched_until": "datetime64[s]"})


def _parts(snapshot: Snapshot, countries: Panel, regions: Panel, sides: Panel) -> pd.DataFrame:
    n_months, n_units = countries.shape
    active = active_groups(countries.actors, n_units)[-1]
    effective = effective_groups(countries.actors, n_units)[-1]
    new = np.zeros(countries.shape)
    np.add.at(new.T, countries.actors.unit, deadly_debuts(countries.actors).T)
    held = territory_holders(sides)
    index = territory_index(sides, held=held)
    lost, gwno_of = contested(regions), regions.units["gwno"].to_numpy()
    by_people = contested_share(regions, weight=people_of(regions))
    names = snapshot.actors.set_index("actor_id")["name"]
    rows: list[dict[str, object]] = []
    for unit in np.flatnonzero(countries.observed[-1]):
        gwno = int(countries.units["gwno"].iloc[unit])
        row: dict[str, object] = {
            "location_code": countries.units["iso3"].iloc[unit],
            "groups": int(active[unit]),
            "effective_groups": float(effective[unit]),
            "new_groups": int(new[max(n_months - 12, 0) :, unit].sum()),
        }
        if (own := gwno_of == gwno).any() and regions.observed[:, own].any():
            last = int(np.flatnonzero(regions.observed[:, own].all(axis=1))[-1])
            row |= {
                "regions": int(own.sum()),
                "contested": int(lost[last, own].sum()),
                "contested_share_population": float(by_people[gwno][last]),
                "regions_through": str(regions.months[last]),
            }
        if gwno in index and not np.isnan(index[gwno]).all():
            last = int(np.flatnonzero(~np.isnan(index[gwno]))[-1])
            mine = held[gwno][last]
            blocs, count = np.unique(mine[mine != STATE], return_counts=True)
            lead = int(np.argmax(count)) if len(blocs) else -1
            row |= {
                "leading_bloc": str(names.get(int(blocs[lead]), int(blocs[lead]))) if lead >= 0 else None,
                "leading_bloc_regions": int(count[lead]) if lead >= 0 else 0,
                "tfi": float(index[gwno][last]),
                "sides_through": str(sides.months[last]),
            }
        rows.append(row)
    return pd.DataFrame(rows).reindex(columns=list(PARTS))
