"""Fragmentation: how likely new armed groups are, among whom to compare, and what the number does not say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...features.targets.fragmentation import AT_RISK_DEATHS, AT_RISK_MONTHS, NEW_ACTOR_ABSENT
from .forecasts import Forecast, main_horizon, targets_and_horizons
from .tables import Row, unit_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from .histories import History
    from .wording import Wording

__all__ = ["Fragmentation", "lay_out_fragmentation"]

RANKED = 10
TARGET, HORIZON = "new_armed_actor", 12


@dataclass(frozen=True)
class Fragmentation:
    """Forecasts of new armed actors.

    Attributes
    ----------
    at_risk
        Forecasts for countries at risk, likeliest first.
    rows
        Ranked, with whether each country is at risk.
    texts
        What it means and what it does not.
    caption
        What the rows show.
    """

    at_risk: tuple[Forecast, ...]
    rows: tuple[tuple[Row, bool], ...]
    texts: tuple[str, ...]
    caption: str


def lay_out_fragmentation(
    everything: Sequence[Forecast],
    histories: Mapping[tuple[int, str], History],
    countries_at_risk: Collection[str],
    wording: Wording,
) -> Fragmentation | None:
    """Lay out the forecasts of new armed actors, None where there are none.

    Parameters
    ----------
    everything, histories
        All forecasts, and deaths by unit.
    countries_at_risk
        Codes of the countries at risk as the target tells them.
    wording
        Language.
    """
    countries = [f for f in everything if f.level == 0 and f.target == TARGET]
    if not countries:
        return None
    horizon = main_horizon(targets_and_horizons(countries)[1], wanted=HORIZON)
    shown = sorted((f for f in countries if f.horizon == horizon), key=lambda f: f.rank)
    at_risk = {f.key for f in shown} & set(countries_at_risk)
    rows = unit_rows(shown[:RANKED], histories, wording)
    question = wording.name("question", TARGET)
    return Fragmentation(
        at_risk=tuple(f for f in shown if f.key in at_risk),
        rows=tuple((row, row.forecast.key in at_risk) for row in rows),
        texts=(
            wording.say(
                "fragmentation.means",
                question=question,
                horizon=wording.say("horizon", n=horizon),
                absent=NEW_ACTOR_ABSENT,
            ),
            wording.say(
                "fragmentation.at_risk",
                deaths=AT_RISK_DEATHS,
                months=AT_RISK_MONTHS,
                n=len(at_risk),
                total=len(shown),
            ),
            wording.say("fragmentation.dyads"),
        ),
        caption=wording.say(
            "fragmentation.caption",
            n=len(rows),
            question=question,
            within=wording.within(shown[0].start, shown[0].end),
        ),
    )
