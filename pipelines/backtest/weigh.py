"""How much each member of the pool of deaths counts: learned on what had come by 2017, and checked year by year.

The protocol: every October the hurdle learns from what was known, and every member forecasts 14 months from that month
and from the January, April and July after it. The weights that the package carries are the best of all these forecasts
whose months are over by 2017-12, those of war totals aside. How good such weights are is told by weights of the years
before, on each year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from ...features.blocks.build import build_features
from ...features.errors import CoverageError
from ...features.panels.build import panel_of
from ...features.tables.snapshot import load_snapshot
from ...features.targets.build import targets_of
from ...models.distributions.hurdle import HURDLE
from ...models.distributions.pool import MEMBERS, member_deaths
from ...models.distributions.pool_weights import (
    LEADS,
    LEVELS,
    WEIGHTS_FILE,
    PoolWeights,
    best_weights,
    crps_gram,
    far,
    strata,
)
from ...models.rows.death_rows import deaths_of
from ...models.rows.recent_deaths import recent_deaths
from ...models.scores.samples import IGNORANCE_BINS
from ..base.csv_files import csv_text, in_place_of_older
from ..base.markdown import table_lines
from ..base.whole import write_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from ...models.distributions.hurdle import Hurdle
    from ..base.progress import Progress
    from ..base.settings import Settings

__all__ = ["LAST", "Weighed", "weigh", "weigh_panel", "weights_page", "write_weights"]

#: Last month that anything is learned from: what came later is locked.
LAST = pd.Period("2017-12", "M")
#: First year that is forecast, and first one that is scored by the weights of the years before.
FIRST, FIRST_CHECKED = 1997, 2001
_MONTHS = 14
#: Months after October from which forecasts start.
_STARTS = (0, 3, 6, 9)
#: Levels at which each member's distribution is read.
_LEVELS = (np.arange(150) + 0.5) / 150
#: The rival, whose scores the weights' are shares of.
_RIVAL = MEMBERS.index("12 months")
_REMEDY = "Learn the weights from a panel that begins earlier."


@dataclass(frozen=True)
class _Forecasts:
    """n forecasts by M members: year, `far`, stratum (n,), the CRPS's quadratic (n, M, M), shares of the bin (n, M)."""

    year: NDArray[np.int64]
    distant: NDArray[np.float64]
    stratum: NDArray[np.int64]
    gram: NDArray[np.float32]
    share: NDArray[np.float64]

    def only(self, rows: NDArray[np.bool_]) -> _Forecasts:
        return _Forecasts(self.year[rows], self.distant[rows], self.stratum[rows], self.gram[rows], self.share[rows])


@dataclass(frozen=True)
class Weighed:
    """Weights of one level and outcome, and how such weights did on later years.

    Attributes
    ----------
    checked
        One row a year and forecaster (each member and the pool with the weights of the years before): ``year``,
        ``forecaster``, ``n``, mean ``crps`` and ``ign``.
    """

    level: str
    outcome: str
    weights: PoolWeights
    checked: pd.DataFrame


def weigh_panel(
    panel: Panel, features: FeatureArrays, *, outcome: str, seed: int = 0, done: Callable[[], None] = lambda: None
) -> Weighed:
    """Learn the weights of one outcome.

    Parameters
    ----------
    panel, features
        T months x U units; nothing after `LAST` is looked at.
    done
        Called after each year.

    Raises
    ------
    CoverageError
        If no year can be forecast, or none is left to check.
    """
    parts: list[_Forecasts] = []
    for year in range(FIRST, LAST.year + 1):
        october = (pd.Period(f"{year - 1}-10", "M") - panel.months[0]).n
        try:
            hurdle = HURDLE.fit(panel, features, outcome=outcome, last=october, horizons=_MONTHS, seed=seed, threads=1)
        except CoverageError:
            hurdle = None  # too early: history is too short
        if hurdle is not None:
            for start in _STARTS:
                parts += _forecasts(panel, features, hurdle, origin=october + start, year=year)
        done()
    if not parts:
        msg = f"{outcome} of {panel.level} up to {LAST}: too little history to forecast a single year."
        raise CoverageError(msg, remedy=_REMEDY)
    every = _Forecasts(*(np.concatenate([getattr(part, name) for part in parts]) for name in _FIELDS))
    years = [year for year in np.unique(every.year) if year >= FIRST_CHECKED and (every.year < year).any()]
    if not years:
        msg = f"{outcome} of {panel.level} up to {LAST}: too little history to check the weights on a later year."
        raise CoverageError(msg, remedy=_REMEDY)
    checked = [_checked(every.only(every.year == year), _weights(every.only(every.year < year))) for year in years]
    return Weighed(panel.level, outcome, _weights(every), pd.concat(checked, ignore_index=True))


_FIELDS = ("year", "distant", "stratum", "gram", "share")


def _forecasts(panel: Panel, features: FeatureArrays, hurdle: Hurdle, *, origin: int, year: int) -> list[_Forecasts]:
    """All members' forecasts of each month from an origin, as far as the month is over."""
    last = min(panel.shape[0] - 1, (LAST - panel.months[0]).n)
    if origin > last:
        return []
    deaths, out = deaths_of(panel, hurdle.outcome), []
    for ahead in range(1, min(_MONTHS, last - origin) + 1):
        # a war total is no month's deaths: a few of them would choose the weights by themselves
        comes = panel.observed[origin + ahead] & ~panel.war_total[origin + ahead]
        unit = np.flatnonzero(panel.observed[origin] & comes)
        recent = recent_deaths(panel, hurdle.outcome, month=np.full(len(unit), origin), unit=unit)
        x = features.values[origin, unit]  # noqa: PD011  # an array of ours
        y = deaths[origin + ahead, unit].astype(np.float64)
        drawn = np.stack(
            [member_deaths(name, hurdle, ahead - 1, x=x, recent=recent, levels=_LEVELS) for name in MEMBERS], axis=1
        )
        out.append(
            _Forecasts(
                np.full(len(unit), year),
                np.full(len(unit), far(ahead)),
                strata(recent),
                crps_gram(y, drawn).astype(np.float32),
                _share(y, drawn),
            )
        )
    return out


def _share(y: NDArray[np.float64], drawn: NDArray[np.float32]) -> NDArray[np.float64]:
    """Probability of the bin that came, by each member (n, M): as the challenge's ignorance counts 1,000 samples."""
    edges = np.array(IGNORANCE_BINS)
    at = np.clip(np.searchsorted(edges, y, side="right") - 1, 0, None)[:, None, None]
    hits = ((drawn >= edges[at]) & (drawn < np.append(edges, np.inf)[at + 1])).mean(axis=2)
    return (1_000 * hits + 1) / (1_000 + len(edges))


def _weights(rows: _Forecasts) -> PoolWeights:
    """Best weights of every stratum; those of all rows where there are none of it."""
    rival = (float(rows.gram[:, _RIVAL, _RIVAL].mean()), float(-np.log2(rows.share[:, _RIVAL]).mean()))
    values = np.empty((len(LEADS), len(LEVELS), len(MEMBERS)))
    for stratum in range(len(LEVELS)):
        own = rows.stratum == stratum
        some = rows.only(own) if own.any() else rows
        values[:, stratum] = best_weights(some.gram.astype(np.float64), some.share, some.distant, rival=rival)
    return PoolWeights(values)


def _checked(rows: _Forecasts, weights: PoolWeights) -> pd.DataFrame:
    near, distant = weights.table[:, rows.stratum]
    w = near + rows.distant[:, None] * (distant - near)
    crps = {"pool": np.einsum("ni,nij,nj->n", w, rows.gram, w)}
    ign = {"pool": -np.log2((w * rows.share).sum(axis=1))}
    for place, name in enumerate(MEMBERS):
        crps[name], ign[name] = rows.gram[:, place, place], -np.log2(rows.share[:, place])
    found: list[dict[str, Any]] = [
        {"year": int(rows.year[0]), "forecaster": name, "n": len(w), "crps": float(each.mean())}
        | {"ign": float(ign[name].mean())}
        for name, each in crps.items()
    ]
    return pd.DataFrame(found)


def weigh(
    settings: Settings, progress: Progress, *, level: str = "country", targets: tuple[str, ...] | None = None
) -> list[Weighed]:
    """Learn the weights of a level's targets of deaths, all of them by default, from the snapshot.

    Raises
    ------
    UnknownNameError
        If there is no such target.
    CoverageError
        If there is too little history.
    """
    snapshot = load_snapshot(settings.snapshot)
    panel = panel_of(snapshot, level)
    chosen = targets_of(panel.level, targets, kind="deaths")
    features, found = build_features(panel), []
    for outcome in (target.counts for target in chosen):
        stage = f"Weighing the pool ({level}, {outcome})"
        with progress.stage(stage, LAST.year + 1 - FIRST) as done, threadpool_limits(1):
            found.append(weigh_panel(panel, features, outcome=outcome, seed=settings.seed, done=done))
    return found


def write_weights(weighed: list[Weighed], file: Path = WEIGHTS_FILE) -> pd.DataFrame:
    """Put weights into the file that the pool reads, in place of older ones of the same level and outcome.

    Returns
    -------
    The whole table: ``level``, ``outcome``, ``month_ahead``, ``stratum_from_deaths``, ``position``, ``member``,
    ``weight``.
    """
    rows: list[dict[str, Any]] = [
        {"level": each.level, "outcome": each.outcome, "month_ahead": LEADS[lead]}
        | {"stratum_from_deaths": LEVELS[stratum], "position": place, "member": name}
        | {"weight": round(float(each.weights.table[lead, stratum, place]), 4)}
        for each in weighed
        for lead in range(len(LEADS))
        for stratum in range(len(LEVELS))
        for place, name in enumerate(MEMBERS)
    ]
    keys = ["level", "outcome"]
    order = [*keys, "month_ahead", "stratum_from_deaths", "position"]
    table = in_place_of_older(pd.DataFrame(rows), file, keys).sort_values(order, ignore_index=True)
    write_text(file, csv_text(table))
    return table


def weights_page(weighed: list[Weighed]) -> str:
    """Show the weights, and how weights of the years before did on each year, as Markdown."""
    lines = [
        "# The pool of deaths: what its members weigh",
        "",
        f"Learned on what had come by {LAST}. Made by `faultline weigh`.",
        "",
    ]
    for each in weighed:
        lines += [f"## `{each.outcome}`, {each.level}", ""]
        lines += table_lines(
            ("month ahead", "deaths a month, last 12", *MEMBERS),
            (
                (
                    *(f"{LEADS[lead]}{' and on' if lead else ''}", f"from {LEVELS[stratum]:g}"),
                    *(f"{100 * share:.0f} %" for share in each.weights.table[lead, stratum]),
                )
                for lead in range(len(LEADS))
                for stratum in range(len(LEVELS))
            ),
        )
        lines += ["", "Weights of the years before, on each year:", ""]
        crps, ign = (each.checked.pivot_table(index="year", columns="forecaster", values=v) for v in ("crps", "ign"))
        n = each.checked.groupby("year")["n"].first().to_numpy(np.float64)
        order = ["pool", *MEMBERS]
        lines += table_lines(
            ("year", *(f"CRPS, {name}" for name in order)),
            [
                *((year, *(f"{crps.loc[year, name]:.2f}" for name in order)) for year in crps.index),
                ("all", *(f"{np.average(crps[name], weights=n):.2f}" for name in order)),
                ("all, IGN", *(f"{np.average(ign[name], weights=n):.3f}" for name in order)),
            ],
        )
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"
