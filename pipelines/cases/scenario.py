"""What if: change the facts of a country, rebuild what a forecaster is told, score again.

The answer is the model's association, not a causal effect: missions go where it is dangerous, and leave for reasons.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...features.blocks.build import build_features
from ...features.errors import COUNTRIES, ConfigError, UnknownNameError
from ...features.panels.build import panel_of
from ...features.targets.build import TARGETS
from ...models.probabilities.kept_blocks import dropped_blocks
from ...models.rows.design import Inputs, label
from ..learn.train import train_fragmentation, train_level

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ...features.panels.panel import Panel
    from ...features.tables.snapshot import Snapshot
    from ...models.probabilities.risk import RiskModel
    from ..base.progress import Progress
    from ..base.settings import Settings
    from ..learn.train import Campaign

__all__ = ["TRANSITIONS", "Changes", "apply_changes", "compare", "past_ends", "scenario"]

#: What may be said to happen to a transition, in the month of the origin.
TRANSITIONS = ("postponed", "ended")
#: Months by which a postponed transition is put off.
POSTPONED_BY = 24
#: Probability below which a score is said not to move.
_MOVED = 0.0005
_STATED = {"source": "scenario", "source_url": "https://example.org/scenario", "confidence": "low", "note": "stated"}


@dataclass(frozen=True)
class Changes:
    """What a scenario states.

    Attributes
    ----------
    ends
        Last month of a deployment, by the name of its mission.
    transition
        One of `TRANSITIONS`, or None.
    """

    ends: Mapping[str, pd.Period]
    transition: str | None = None


def apply_changes(snapshot: Snapshot, iso3: str, changes: Changes, *, origin: pd.Period) -> Snapshot:
    """Give the tables as they would stand under the changes.

    A deployment's own end and announcements of it are taken out and the stated end put in: known in its month, or,
    where it lies after the origin, announced in the month of the origin. Pictures of a UN mission's bases go on as the
    last one before its own end until the stated one.

    Raises
    ------
    UnknownNameError
        If the country, the mission or the step of the transition is not known.
    """
    known = set(snapshot.countries["iso3"])
    if iso3 not in known:
        raise UnknownNameError("country (ISO 3166-1 alpha-3)", iso3, known, listed_by=COUNTRIES)
    gwno = int(snapshot.countries.loc[snapshot.countries["iso3"] == iso3, "gwno"].iloc[-1])
    deployments, bases = snapshot.deployments, snapshot.un_bases
    for mission, last in changes.ends.items():
        deployments, ended = _end(deployments, iso3, mission, last, origin)
        bases = _carry_on(bases, gwno, mission, last, ended)
    transitions = snapshot.transitions
    if changes.transition is not None:
        fact = _step(changes.transition, iso3, gwno, origin)
        transitions = pd.concat([transitions, pd.DataFrame([fact])], ignore_index=True).astype(transitions.dtypes)
    return replace(snapshot, deployments=deployments, un_bases=bases, transitions=transitions)


def past_ends(snapshot: Snapshot, iso3: str, changes: Changes, *, origin: pd.Period) -> dict[str, pd.Period]:
    """Months in which missions that the changes end had left by the data already, at the origin, by their names."""
    here = snapshot.deployments[snapshot.deployments["iso3"] == iso3]
    left: dict[str, pd.Period] = {}
    for mission in changes.ends:
        named = _named(here, mission)
        gone = here[named & (here["fact"] == "departure") & (here["date"] <= origin.end_time)]["date"]
        later = here[named & (here["fact"] == "arrival") & (here["date"] > gone.max())] if len(gone) else gone
        if len(gone) and not len(later):
            left[mission] = pd.Period(gone.max(), "M")
    return left


def _named(here: pd.DataFrame, mission: str) -> pd.Series:
    """Rows of a mission's own name, or else of names that contain it."""
    named = here["mission"].str.casefold() == mission.casefold()
    return named if named.any() else here["mission"].str.contains(mission, case=False, regex=False)


def _end(
    table: pd.DataFrame, iso3: str, mission: str, last: pd.Period, origin: pd.Period
) -> tuple[pd.DataFrame, pd.Timestamp | None]:
    """The deployments with another end, and the day of the mission's own end."""
    here = table[table["iso3"] == iso3]
    named = _named(here, mission)
    if not named.any():
        raise UnknownNameError(f"deployment in {iso3}", mission, set(here["mission"]))
    mine = here[named]
    left = mine[mine["fact"] == "departure"]
    day = last.end_time.normalize().as_unit("ms")
    leaving = mine.index[mine["fact"].isin(("departure", "withdrawal_announced", "withdrawal_cancelled"))]
    kept = table.drop(index=leaving)
    rows = []
    for number, (_, first) in enumerate(mine.drop_duplicates("deployment").iterrows()):
        after = last > origin
        rows.append(
            {
                **first.to_dict(),
                **_STATED,
                "fact_id": f"scenario-{iso3}-{number}",
                "fact": "withdrawal_announced" if after else "departure",
                "date": origin.start_time if after else day,
                "known_on": origin.start_time if after else day,
                "date_precision": "month",
                "regions": None,
                "strength_low": np.nan,
                "strength_high": np.nan,
                "announced_end": day if after else pd.NaT,
            }
        )
    changed = pd.concat([kept, pd.DataFrame(rows).reindex(columns=table.columns)], ignore_index=True)
    # an end before the mission's later facts cuts them off
    late = changed["deployment"].isin(mine["deployment"]) & (changed["date"] > day)
    changed = changed[~late | changed["fact_id"].str.startswith("scenario-")].reset_index(drop=True)
    return changed.astype(table.dtypes), None if left.empty else left["date"].max()


def _carry_on(
    bases: pd.DataFrame, gwno: int, mission: str, last: pd.Period, ended: pd.Timestamp | None
) -> pd.DataFrame:
    mine = (bases["gwno"] == gwno) & (bases["mission"].str.casefold() == mission.casefold())
    if not mine.any():
        return bases
    stop = last.start_time
    before = bases[mine & (bases["month"] <= (stop if ended is None else min(stop, ended)))]
    if before.empty:
        return bases[~mine].reset_index(drop=True)
    newest = before["month"].max()
    picture = before[before["month"] == newest]
    years = pd.date_range(newest, stop, freq=pd.DateOffset(months=12))[1:]
    later = [
        picture.assign(month=month, known_on=month + pd.offsets.MonthEnd(0)).astype(bases.dtypes) for month in years
    ]
    return pd.concat([bases[~mine], before, *later], ignore_index=True)


def _step(step: str, iso3: str, gwno: int, origin: pd.Period) -> dict[str, object]:
    if step not in TRANSITIONS:
        raise UnknownNameError("step of a transition", step, TRANSITIONS)
    day = origin.start_time
    end = (origin + POSTPONED_BY).end_time.normalize()
    return {
        **_STATED,
        "fact_id": f"scenario-{iso3}-transition",
        "iso3": iso3,
        "gwno": gwno,
        "fact": "postponement" if step == "postponed" else "transition_ended",
        "date": day,
        "date_precision": "month",
        "announced_end": end if step == "postponed" else pd.NaT,
        "subject": "transition",
        "known_on": day,
    }


def scenario(
    settings: Settings,
    snapshot: Snapshot,
    progress: Progress,
    *,
    iso3: str,
    changes: Changes,
    origin: pd.Period | None = None,
    horizons: tuple[int, ...] = (3, 12),
    all_blocks: bool = False,
) -> pd.DataFrame:
    """Score a country as it is and under the changes, by the same models.

    Parameters
    ----------
    settings
        Seed and threads.
    snapshot, iso3, changes
        The facts as they are, the country, and what is stated of it.
    origin
        Month of which the country is scored; the last with country-months by default.
    all_blocks
        Learn from the blocks that the covariate gate refused too. They move the score then, but such models forecast
        no better than those without: the difference tells what went with such changes, and how little it helped.

    Returns
    -------
    One row a target and horizon: ``target``, ``horizon_months``, ``as_is``, ``low``, ``high``, ``scenario``,
    ``difference``, ``moved_by`` (the changed features that the score follows most, empty where it does not move),
    ``covariates`` (all that changed) and ``no_gain_from``: feature blocks that changed and that the covariate gate
    did not keep for the target, so that they cannot move its score, unless ``all_blocks``.

    Raises
    ------
    ConfigError
        If nothing is stated.
    UnknownNameError
        If a name is not known.
    CoverageError
        If the data do not reach the origin.
    """
    if not changes.ends and changes.transition is None:
        msg = "a scenario needs a change: give --end-deployment MISSION=YYYY-MM or --transition."
        raise ConfigError(msg)
    origin = origin or pd.Period(snapshot.country_month["month"].max(), "M")
    changed = apply_changes(snapshot, iso3, changes, origin=origin)
    as_is, what_if = (_panel(each, origin) for each in (snapshot, changed))
    rows: list[pd.DataFrame] = []
    for words, train in (("violence", _violence), ("fragmentation", train_fragmentation)):
        with progress.stage(f"Training ({words})"):
            campaign = train(
                as_is, horizons=horizons, seed=settings.seed, threads=settings.threads, all_blocks=all_blocks
            )
        rows.append(compare(campaign, what_if, iso3))
    return pd.concat(rows, ignore_index=True)


def _violence(panel: Panel, *, horizons: tuple[int, ...], seed: int, threads: int, all_blocks: bool) -> Campaign:
    return train_level(
        panel, horizons=horizons, targets=("violence_25",), seed=seed, threads=threads, all_blocks=all_blocks
    )


def _panel(snapshot: Snapshot, origin: pd.Period) -> Panel:
    return panel_of(snapshot, "country", as_of=origin, territory=True)


def compare(campaign: Campaign, what_if: Panel, iso3: str) -> pd.DataFrame:
    """Score a country in the campaign's own panel and in another, at their last month."""
    panel = campaign.panel
    changed = build_features(what_if, blocks=dict.fromkeys(campaign.features.block))
    unit = np.flatnonzero((panel.units["iso3"].to_numpy() == iso3) & panel.observed[-1])
    if not len(unit):
        raise UnknownNameError("country of the last month", iso3, set(panel.units["iso3"]))
    at = panel.shape[0] - 1
    rows: list[dict[str, object]] = []
    for name, model in campaign.models.items():
        target = TARGETS[name]
        if not target.covered(panel)[at, unit[0]]:
            continue
        for horizon, fitted in model.horizons.items():
            past = label(panel, target, horizon)
            told = [
                Inputs(
                    names=campaign.features.names,
                    x=features.values[at, unit],  # noqa: PD011  # an array of ours
                    climatology=past.climatology[at, unit],
                    persistence=past.persistence[at, unit],
                )
                for features in (campaign.features, changed)
            ]
            before, after = (fitted.forecast(inputs) for inputs in told)
            differs = told[0].x[0] != told[1].x[0]
            # SHAP gives features that did not change a share in what they interact with
            moved = np.where(differs, fitted.contributions(told[1])[0] - fitted.contributions(told[0])[0], 0.0)
            difference = float(after.probability[0] - before.probability[0])
            rows.append(
                {
                    "target": name,
                    "horizon_months": horizon,
                    "as_is": float(before.probability[0]),
                    "low": float(before.low[0]),
                    "high": float(before.high[0]),
                    "scenario": float(after.probability[0]),
                    "difference": difference,
                    "moved_by": _moved_by(moved, campaign) if abs(difference) >= _MOVED else "",
                    "covariates": _words(differs, campaign),
                    "no_gain_from": _no_gain_from(differs, campaign, model),
                }
            )
    return pd.DataFrame(rows)


def _moved_by(moved: NDArray[np.float64], campaign: Campaign, *, most: int = 2) -> str:
    order = [int(i) for i in np.argsort(-np.abs(moved))[:most] if abs(moved[i]) > _MOVED]
    return "; ".join(f"{campaign.features.features[i].words} ({moved[i]:+.2f})" for i in order)


def _words(differs: NDArray[np.bool_], campaign: Campaign) -> str:
    return "; ".join(campaign.features.features[i].words for i in np.flatnonzero(differs))


def _no_gain_from(differs: NDArray[np.bool_], campaign: Campaign, model: RiskModel) -> str:
    """Blocks that the scenario changes and that the gate did not keep, or that the model does not learn from."""
    block = dict(zip(campaign.features.names, campaign.features.block, strict=True))
    changed = dict.fromkeys(block[campaign.features.names[i]] for i in np.flatnonzero(differs))
    helpful = {block[name] for name in model.features} - set(dropped_blocks(model.level, model.target))
    return ", ".join(name for name in changed if name not in helpful)
