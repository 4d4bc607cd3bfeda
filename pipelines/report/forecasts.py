"""The scores as the brief reads them: one `Forecast` per unit, event and horizon."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ...features.targets.build import TARGETS, learned_as

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from .wording import Wording

__all__ = ["Forecast", "forecasts", "main_horizon", "main_target", "pick", "place", "targets_and_horizons"]

#: What the brief opens with, where it was scored.
MAIN_TARGET, MAIN_HORIZON = "violence_25", 3
#: Columns that a forecast is read from, and what they hold.
_COLUMNS: Final[dict[str, type]] = {
    **dict.fromkeys(("location_code", "location_name", "key", "admin1_name", "target", "top_drivers", "warning"), str),
    **dict.fromkeys(("effects_note", "deaths_note"), str),
    **dict.fromkeys(("admin_level", "horizon_months", "rank", "risk_class", "bridged_months"), int),
    "is_provisional": bool,
    **dict.fromkeys(("probability", "prob_low", "prob_high", "baseline_probability"), float),
    **dict.fromkeys(("q05", "q50", "q95", "change_since_last_issue"), float),
    **dict.fromkeys(("effects_share", "effects_low", "effects_high"), float),
    **dict.fromkeys(("deaths_share", "deaths_low", "deaths_high"), float),
    **dict.fromkeys(("reference_period_start", "reference_period_end", "data_through"), pd.Timestamp),
}


@dataclass(frozen=True)
class Forecast:
    """One probability and what belongs to it.

    Attributes
    ----------
    level
        0 country, 1 region.
    country
        ISO 3166-1 alpha-3.
    key
        Country code, or a region's own code: unique within a level.
    name, country_name
        Of the unit and of the country it is or lies in.
    probability, low, high, baseline
        Probability, its 90 % interval, and persistence's; NaN where not given.
    deaths
        5 %, 50 % and 95 % quantile of deaths in the same months; NaN where not given.
    rank
        Within level, event and horizon.
    risk_class
        1 to 5.
    change
        Of the probability since the last issue; NaN where there was none.
    drivers
        What moved the score most, in words.
    start, end
        First and last day that it speaks of.
    through
        Last day of the data it rests on.
    warnings
        Such as ``stale: ...``.
    bridged_months
        Months up to the origin not known of the region, of which its country's deaths were shared out; 0 if none.
    effects, effects_note
        What foreign forces and transitions add to the probability, with its 90 % interval, NaN where nothing is served;
        and the fact that adds most of it, or why nothing is added.
    deaths_effects, deaths_note
        The same of the deaths: by which part of them they are multiplied.
    """

    level: int
    country: str
    key: str
    name: str
    country_name: str
    target: str
    horizon: int
    probability: float
    low: float
    high: float
    baseline: float
    deaths: tuple[float, float, float]
    rank: int
    risk_class: int
    change: float
    drivers: tuple[str, ...]
    start: date
    end: date
    through: date
    provisional: bool
    warnings: tuple[str, ...]
    bridged_months: int = 0
    effects: tuple[float, float, float] = (math.nan, math.nan, math.nan)
    effects_note: str = ""
    deaths_effects: tuple[float, float, float] = (math.nan, math.nan, math.nan)
    deaths_note: str = ""

    @property
    def difference(self) -> float:
        """Probability less the baseline's."""
        return self.probability - self.baseline

    @property
    def stale(self) -> bool:
        """Whether its data ended long before the issue."""
        return any(warning.startswith("stale") for warning in self.warnings)


def forecasts(scores: pd.DataFrame, wording: Wording | None = None) -> tuple[Forecast, ...]:
    """Read the scores, likeliest first.

    Parameters
    ----------
    scores
        The table ``scores``. Ranks are taken over where given, else counted.
    wording
        Language of country names and drivers; as the scores have them by default.

    Returns
    -------
    tuple of Forecast
        One for each row with a probability, by falling probability; quantiles of deaths of the same unit and months
        are joined to it (``deaths_total``, or ``deaths`` where they speak of the whole window).
    """
    table = scores.assign(key=scores["admin1_code"].where(scores["admin_level"] == 1, scores["location_code"]))
    unit = ["admin_level", "location_code", "key", "reference_period_start", "reference_period_end"]
    of_deaths = [name for name in table["target"].unique() if learned_as(str(name)) == "deaths"]
    counted = table[table["target"].isin(of_deaths) & table["q50"].notna()].sort_values("target")
    told = {f"effects_{part}": f"deaths_{part}" for part in ("share", "low", "high", "note")}
    quantiles = counted.drop_duplicates(unit, keep="last").reindex(columns=[*unit, "q05", "q50", "q95", *told])
    table = table[table["probability"].notna()].drop(columns=["q05", "q50", "q95"])
    table = table.merge(quantiles.rename(columns=told), on=unit, how="left").sort_values(
        ["probability", "key"], ascending=[False, True]
    )
    counted = table.groupby(["admin_level", "target", "horizon_months"])["probability"].rank(
        method="first", ascending=False
    )
    table["rank"] = table["rank"].astype("Float64").fillna(counted.astype("Float64")).astype("int64")
    return tuple(_read(table.reindex(columns=list(_COLUMNS)), wording))


def _read(table: pd.DataFrame, wording: Wording | None) -> Iterator[Forecast]:
    """Read rows one by one; of what many of them share, each text and each driver's words once."""
    parts = cache(_parts)

    @cache
    def drivers(text: str) -> tuple[str, ...]:
        return parts(text) if wording is None else tuple(map(wording.driver, parts(text)))

    for values in zip(*(_plain(table[name], kind) for name, kind in _COLUMNS.items()), strict=True):
        row: dict[str, Any] = dict(zip(_COLUMNS, values, strict=True))
        level, key = row["admin_level"], row["key"]
        country = name = row["location_name"]
        if level == 1 and row["admin1_name"]:
            name = row["admin1_name"]
        if wording is not None:
            country = wording.country(row["location_code"], country)
            name = wording.region(key, name) if level else country
        yield Forecast(
            level=level,
            country=row["location_code"],
            key=key,
            name=name,
            country_name=country,
            target=row["target"],
            horizon=row["horizon_months"],
            probability=row["probability"],
            low=row["prob_low"],
            high=row["prob_high"],
            baseline=row["baseline_probability"],
            deaths=(row["q05"], row["q50"], row["q95"]),
            rank=row["rank"],
            risk_class=row["risk_class"],
            change=row["change_since_last_issue"],
            drivers=drivers(row["top_drivers"]),
            start=row["reference_period_start"],
            end=row["reference_period_end"],
            through=row["data_through"],
            provisional=row["is_provisional"],
            warnings=parts(row["warning"]),
            bridged_months=row["bridged_months"],
            effects=(row["effects_share"], row["effects_low"], row["effects_high"]),
            effects_note=row["effects_note"],
            deaths_effects=(row["deaths_share"], row["deaths_low"], row["deaths_high"]),
            deaths_note=row["deaths_note"],
        )


def _plain(column: pd.Series, kind: type) -> list[Any]:
    """Values of a column as Python's own; of a text or a whole number that is not given nothing, 0."""
    if kind is pd.Timestamp:
        return column.dt.date.tolist()
    if kind is str:
        return column.astype("str").to_numpy(object, na_value="").tolist()
    if kind is float:
        return column.to_numpy(np.float64, na_value=np.nan).tolist()
    return column.astype("Float64").fillna(0).to_numpy(np.float64).astype(kind).tolist()


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def pick(
    everything: Iterable[Forecast], *, level: int, target: str | None = None, horizon: int | None = None
) -> tuple[Forecast, ...]:
    """Forecasts of one level, event and horizon, in their order."""
    return tuple(
        f
        for f in everything
        if f.level == level and (target is None or f.target == target) and (horizon is None or f.horizon == horizon)
    )


def place(target: str) -> tuple[int, str]:
    """Where a target stands in the order in which targets are offered; one that is no more comes last."""
    return (list(TARGETS).index(target) if target in TARGETS else len(TARGETS), target)


def targets_and_horizons(everything: Iterable[Forecast]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Events and horizons that were scored, in the order in which they are offered."""
    pairs = {(f.target, f.horizon) for f in everything}
    return tuple(sorted({target for target, _ in pairs}, key=place)), tuple(sorted({horizon for _, horizon in pairs}))


def main_target(targets: tuple[str, ...]) -> str:
    """Event to show first."""
    return MAIN_TARGET if MAIN_TARGET in targets else targets[0]


def main_horizon(horizons: tuple[int, ...], *, wanted: int = MAIN_HORIZON) -> int:
    """Horizon to show first, the nearest to the one wanted."""
    return min(horizons, key=lambda horizon: (abs(horizon - wanted), horizon))
