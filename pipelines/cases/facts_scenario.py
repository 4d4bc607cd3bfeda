"""What if, by the effects layer: the facts of a country are changed, and an issue's scores moved by what facts add.

Nothing is learned: the scores are those of an issue, and each moves by the difference that the changes make in the
layer of its target, level and horizon, with the interval of that difference. Of deaths the median of each window is
multiplied. The answer is an association, not a causal effect: forces go where it is dangerous, and leave for reasons.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ...features.blocks.build import build_features
from ...features.blocks.effects import ONGOING_DEATHS, with_violence
from ...features.errors import ConfigError, CoverageError
from ...features.panels.countries import country_panel
from ...features.panels.ordinary import ordinary_deaths
from ...features.panels.regions import region_panel
from ...features.targets.build import TARGETS, learned_as
from ...features.transforms import rolling_sum
from ...models.learners.kept_effects import COURSE, effects_served, layer_at
from .changes import Changes, apply_changes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ...features.blocks.build import FeatureArrays
    from ...features.tables.snapshot import Snapshot

__all__ = ["facts_scenario", "not_moved"]

_LEVELS: Final = ("country", "region")
#: Deaths of a window, which are multiplied as each of its months is.
_TOTALS: Final = tuple(target.name for target in TARGETS.values() if target.total_of)
#: So many features are named, and none that moves the log-odds by less.
_MOST, _NAMED = 3, 0.005
_OF_COUNTRIES: Final = ("country_month", "actor_month", "un_bases", "region_month", "region_coverage", "regions")


def facts_scenario(
    snapshot: Snapshot, scores: pd.DataFrame, *, iso3: str, changes: Changes, origin: pd.Period
) -> pd.DataFrame:
    """Move the scores of a country and its regions by what the effects layer makes of the changes.

    The facts are those of the country at the origin, as it is and under the changes; whether violence is ongoing is
    each unit's own, by the last month of its data.

    Parameters
    ----------
    snapshot, iso3, changes
        The facts as they are, the country, and what is stated of it.
    scores
        Rows of the contract ``scores``, of an issue whose origin it is.

    Returns
    -------
    One row a score for which there is a layer: ``admin_level``, ``name``, ``admin1_code``, ``target``,
    ``horizon_months``, ``measure`` (``probability``, or ``deaths`` of which the median is told), ``as_is``,
    ``scenario``, ``difference`` with its 90 % interval ``low`` to ``high``, ``served`` (whether scores are made with
    this layer) and ``moved_by`` (what changed, in log-odds, or logs of deaths).

    Raises
    ------
    ConfigError
        If nothing is stated, or something that changes nothing.
    UnknownNameError
        If a name is not known.
    CoverageError
        If the facts are not coded, or there is no layer or score for any target.
    """
    if not any(changes.each()):
        msg = "a scenario needs a change: give --end-deployment, --arrival, --transition, --coup or another."
        raise ConfigError(msg)
    told = scores["probability"].notna()
    if "q50" in scores:
        told |= scores["target"].isin(_TOTALS) & scores["q50"].notna()
    mine = scores[(scores["location_code"] == iso3) & told]
    changed = apply_changes(snapshot, iso3, changes, origin=origin)
    before, names = _told(snapshot, iso3, origin)
    for words, alone in changes.each():
        _refuse_idle(words, _told(apply_changes(snapshot, iso3, alone, origin=origin), iso3, origin)[0], before, iso3)
    after, _ = _told(changed, iso3, origin)
    violent = _violent(snapshot, iso3, origin)
    rows = [
        row
        for each in mine.to_dict("records")
        if (row := _row({str(k): v for k, v in each.items()}, (before, after), violent, names, origin)) is not None
    ]
    if not rows:
        msg = f"no score of {iso3} in this issue has a layer that was learned by {origin}."
        raise CoverageError(msg, remedy="Make one with `faultline effects`, or score a later month.")
    return pd.DataFrame(rows)


def not_moved(scores: pd.DataFrame, table: pd.DataFrame) -> list[str]:
    """Targets of the scores that are not moved in the table; deaths of a window stand for those of a month."""
    moved = set(table["target"])
    months = {learned_as(target) for target in moved if target in _TOTALS}
    return sorted(set(scores["target"]) - moved - months)


def _refuse_idle(words: str, alone: NDArray[np.float64], before: NDArray[np.float64], iso3: str) -> None:
    if np.array_equal(alone, before, equal_nan=True):
        msg = f"{words}: this changes nothing that the effects layer is told of {iso3}"
        raise ConfigError(f"{msg}; `faultline data timeline {iso3}` shows the facts as they stand.")


def _told(snapshot: Snapshot, iso3: str, origin: pd.Period) -> tuple[NDArray[np.float64], FeatureArrays]:
    """What the layer is told of the country at the origin, shape (k,), and the features."""
    panel = country_panel(_of_country(snapshot, iso3), as_of=origin)
    features = build_features(panel, blocks=("effects",))
    unit = list(panel.units["iso3"]).index(iso3)
    return features.values[panel.position(origin), unit].astype(np.float64), features  # noqa: PD011  # an array of ours


def _violent(snapshot: Snapshot, iso3: str, origin: pd.Period) -> Mapping[str, bool]:
    """Whether violence is ongoing, by region of the country and, under its code, of the country."""
    small = _of_country(snapshot, iso3)
    out: dict[str, bool] = {}
    for panel in (country_panel(small, as_of=origin), region_panel(small, as_of=origin)):
        deaths = rolling_sum(ordinary_deaths(panel), 12)[panel.last_observed, np.arange(panel.shape[1])]
        keys = panel.units["iso3"] if panel.level == "country" else panel.units.index
        out |= {str(key): bool(n >= ONGOING_DEATHS) for key, n in zip(keys, deaths, strict=True)}
    return out


def _of_country(snapshot: Snapshot, iso3: str) -> Snapshot:
    """The tables of one country, which are quick to lay out; the months are those of all."""
    countries = snapshot.countries[snapshot.countries["iso3"] == iso3]
    last = snapshot.country_month["month"].max()
    kept = {}
    for name in _OF_COUNTRIES:
        table: pd.DataFrame = getattr(snapshot, name)
        own = table["gwno"].isin(countries["gwno"])
        kept[name] = table[own | (table["month"] == last)] if name == "country_month" else table[own]
    return replace(snapshot, countries=countries, **kept)


def _row(
    score: Mapping[str, object],
    told: tuple[NDArray[np.float64], NDArray[np.float64]],
    violent: Mapping[str, bool],
    features: FeatureArrays,
    origin: pd.Period,
) -> dict[str, object] | None:
    level, target = _LEVELS[int(str(score["admin_level"]))], str(score["target"])
    counts, model = target in _TOTALS, learned_as(target) if target in _TOTALS else target
    layer = layer_at(level, model, COURSE if counts else int(str(score["horizon_months"])), str(origin))
    region = str(score["admin1_code"]) if level == "region" else None
    key = region or str(score["location_code"])
    if layer is None or key not in violent:
        return None
    x0, x1 = (np.nan_to_num(with_violence(x, features.names, violent=violent[key])) for x in told)
    shift = layer.shift((x1 - x0)[None])
    as_is = np.array([score["q50" if counts else "probability"]], np.float64)
    times = shift.factors()
    moved, low, high = (as_is * each for each in times) if counts else (shift.moved(as_is), *shift.interval(as_is))
    parts = layer.parts((x1 - x0)[None])[0]
    order = [int(at) for at in np.argsort(-np.abs(parts))[:_MOST] if abs(parts[at]) >= _NAMED]
    return {
        "admin_level": score["admin_level"],
        "name": score["admin1_name"] if region else score["location_name"],
        "admin1_code": region,
        "target": target,
        "horizon_months": score["horizon_months"],
        "measure": "deaths" if counts else "probability",
        "as_is": as_is.item(),
        "scenario": moved.item(),
        "difference": (moved - as_is).item(),
        "low": (low - as_is).item(),
        "high": (high - as_is).item(),
        "served": bool(effects_served(level, model)),
        "moved_by": "; ".join(f"{features.features[at].what} ({parts[at]:+.2f})" for at in order),
    }
