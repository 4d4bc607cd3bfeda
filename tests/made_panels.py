"""Small made panels for tests; the main job never sees one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from faultline.features.panels.panel import ActorArrays, Lineage, Panel

if TYPE_CHECKING:
    from faultline.features.arrays import Level

_COUNTS = ("sb_events", "sb_deaths", "ns_events", "ns_deaths", "os_events", "os_deaths")
_CLASSES = ("un", "regional", "eu", "french", "russian", "us", "other")
_OTHERS = (
    *("coup_attempts", "coups_successful", "un_bases", "unallocated_deaths", "regime"),
    *(f"{name}_{what}" for what in ("troops", "forces", "distance") for name in _CLASSES),
    *("withdrawals_announced", "months_to_withdrawal", "transition", "transition_age", "transition_left"),
    *("transition_postponements", "transition_slip", "election_pending", "months_to_election", "election_held"),
    *("sanctions", "bloc_exits_announced", "bloc_exits"),
    *("organised_events", "organised_deaths", "tfi", "host_exits", "sponsor_switches"),
)

_CODED = ("deployments_coded", "transitions_coded", "elections_coded", "un_coded")


def made_values(rng: np.random.Generator, shape: tuple[int, int]) -> dict[str, np.ndarray]:
    """Counts with many zeros and a long tail."""
    values = {}
    coded = rng.spawn(1)[0]  # a stream of its own: the counts stay as they are
    for name in _CODED:
        values[name] = (coded.random(shape) < 0.9).astype(np.float32)
    for name in (*_COUNTS, *_OTHERS):
        size = rng.negative_binomial(0.3, 0.02, shape) if name.endswith("deaths") else rng.poisson(0.3, shape)
        values[name] = (size * rng.integers(0, 2, shape)).astype(np.float32)
    values["contested_share"] = rng.integers(0, 5, shape).astype(np.float32) / 4
    return values


def counted(panel: Panel) -> Panel:
    """The panel as one of regions of which it is not known who fought: deaths of all types together, no actors."""
    told = {name: array for name, array in panel.values.items() if not name.endswith("_deaths") or "un" in name[:2]}  # noqa: PD011
    values = {name: array for name, array in told.items() if not name.startswith("organised")}
    return replace(panel, values={**values, "deaths": panel.deaths}, actors=ActorArrays.empty(panel.shape[0]))


def made_actors(rng: np.random.Generator, n_months: int, n_units: int, pairs: int = 7) -> ActorArrays:
    """Actors in random units, each active for a while and absent before, some of them the heirs of others there."""
    unit = np.sort(rng.integers(0, n_units, pairs)).astype(np.int64)
    since = np.arange(n_months)[:, None] - rng.integers(0, n_months, pairs)
    active = (since >= 0) & (since < 15)
    events = (rng.poisson(0.8, (n_months, pairs)) * active).astype(np.float32)
    deaths = events * rng.integers(0, 60, (n_months, pairs)).astype(np.float32)
    heir, forerunner = np.nonzero(
        (unit[:, None] == unit) & ~np.eye(pairs, dtype=bool) & (rng.random((pairs, pairs)) < 0.5)
    )
    lineage = Lineage(heir, forerunner, rng.integers(0, n_months, len(heir)))
    return ActorArrays(np.arange(pairs, dtype=np.int64), unit, events, deaths, lineage)


def made_panel(
    seed: int, *, n_months: int = 90, n_units: int = 6, level: Level = "region", n_countries: int = 3
) -> Panel:
    """A panel of made numbers with the shape of a real one."""
    rng = np.random.default_rng(seed)
    touching = np.triu(rng.integers(0, 2, (n_units, n_units)), 1).astype(np.float32)
    observed = np.ones((n_months, n_units), bool)
    observed[: rng.integers(0, n_months // 2), 0] = False
    country = np.arange(n_units) % n_countries if level != "country" else np.arange(n_units)
    codes = np.array([432, 436, 439, 475, 625, 483, 438, 433, 437, 404, 471, 490])
    gwno = codes[country % len(codes)] if n_units <= len(codes) else 400 + country
    units = pd.DataFrame(
        {
            "name": [f"unit {i}" for i in range(n_units)],
            "gwno": gwno.astype("int32"),
            "iso3": [f"A{chr(65 + c // 26)}{chr(65 + c % 26)}" for c in country],
            "country_name": [f"country {c}" for c in country],
            "lat": 10.0 + np.arange(n_units) % 60,
            "lon": 0.0 + np.arange(n_units) % 90,
            "iso_3166_2": None,
            "boundary_version": "made",
            "holds_others": False,
        },
        index=pd.Index([f"u{i}" for i in range(n_units)], name="unit"),
    )
    return Panel(
        level=level,
        units=units,
        months=pd.period_range("1990-01", periods=n_months, freq="M"),
        values=made_values(rng, (n_months, n_units)),
        observed=observed,
        neighbours=sparse.csr_array(touching + touching.T),
        actors=made_actors(rng, n_months, n_units),
        provisional=np.zeros(n_months, bool),
    )


def with_war_total(panel: Panel, month: int, unit: int, *, deaths: int = 114_614) -> Panel:
    """The panel with a war total of so many state-based deaths."""
    totals = panel.war_total.copy()
    totals[month, unit] = True
    values = dict(panel.values)
    values["sb_deaths"] = values["sb_deaths"].copy()
    values["sb_deaths"][month, unit] = deaths
    return replace(panel, values=values, war_total=totals)


def with_war_totals(panel: Panel, seed: int) -> Panel:
    """The panel with some months of it war totals."""
    return replace(panel, war_total=np.random.default_rng(seed).random(panel.shape) < 0.1)


def changed(panel: Panel, seed: int, rows: slice, *, lineage: bool = True) -> Panel:
    """The panel with other numbers, and other lineage found out, in the given months; nothing else is touched.

    If any month is a war total, so are others of the given months.
    """
    rng = np.random.default_rng(seed)
    fresh = made_values(rng, panel.shape)
    fresh["deaths"] = fresh["sb_deaths"] + fresh["ns_deaths"] + fresh["os_deaths"]
    changed_values = {}
    for name, array in panel.values.items():  # noqa: PD011  # a dict of ours
        changed_values[name] = array.copy()
        changed_values[name][rows] = fresh[name][rows]
    actors = panel.actors
    other = made_actors(rng, *panel.shape, pairs=len(actors.unit))
    parts = {name: getattr(actors, name).copy() for name in ("events", "deaths")}
    for name, array in parts.items():
        array[rows] = getattr(other, name)[rows]
    links = relinked(actors, rng, rows, panel.shape[0]) if lineage else actors.lineage
    totals = panel.war_total.copy()
    if totals.any():
        totals[rows] = (rng.random(panel.shape) < 0.1)[rows]
    return replace(panel, values=changed_values, war_total=totals, actors=replace(actors, **parts, lineage=links))


def relinked(actors: ActorArrays, rng: np.random.Generator, rows: slice, n_months: int) -> Lineage:
    """The actors' lineage with other links in place of those that became known in the given months."""
    inside = np.zeros(n_months, bool)
    inside[rows] = True
    kept = ~inside[actors.lineage.known]
    heir, forerunner = np.nonzero((actors.unit[:, None] == actors.unit) & ~np.eye(len(actors.unit), dtype=bool))
    drawn = rng.random(len(heir)) < 0.5
    heir, forerunner = heir[drawn], forerunner[drawn]
    known = rng.choice(np.flatnonzero(inside), len(heir)) if inside.any() else np.zeros(0, np.int64)
    links = actors.lineage
    return Lineage(
        np.r_[links.heir[kept], heir[: len(known)]],
        np.r_[links.forerunner[kept], forerunner[: len(known)]],
        np.r_[links.known[kept], known],
    )


def coded_in_part() -> Panel:
    """A panel of 24 countries from 1990 on, of the last four of which no facts are coded."""
    made = made_panel(3, n_months=437, n_units=24, level="country")
    coded = dict(made.values)  # a dict of ours
    for name in ("deployments_coded", "transitions_coded"):
        coded[name] = np.ones(made.shape, np.float32)
        coded[name][:, 20:] = 0
    return replace(made, values=coded)
