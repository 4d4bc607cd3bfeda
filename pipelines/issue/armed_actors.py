"""Armed actors on the time axis of a country: the months in which each was party to a deadly event.

Read from the canonical table ``actor_month``, which rests on state-based and non-state dyads: who only ever
attacked civilians is not in it. UCDP's names are given in hindsight, and stand for one number each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from ...features.contracts.columns import EVERYWHERE
from ...features.panels.actors import lineage

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ACTORS", "MOST_ROWS", "armed_actors"]

ACTORS: Final = ("gwno", "row", "actor", "into", "start", "end", "months", "deaths")
#: Rows of a country at most, and groups told under the one that carries them on.
MOST_ROWS, _FORERUNNERS = 8, 3
#: Less is a share of a dyad that fights in several countries, and need not be a death here.
_DEADLY: Final = 0.5
#: A group that still fights later than so long after its heir's first deadly month goes on beside it.
_HANDOVER_MONTHS: Final = 12
_KEY: Final = ["gwno", "actor_id"]
#: Where UCDP has one number for what the country knows by another name: the CMA of 2014 keeps that of the MNLA (Actor
#: Dataset 22.1, ``NameChange``), and the Islamic State is one actor everywhere. By number and country.
_KNOWN_AS: Final[Mapping[tuple[int, int], str]] = {
    (1158, 432): "CMA (MNLA)",
    **dict.fromkeys(((234, gwno) for gwno in (432, 434, 439, 461)), "IS Sahel"),
    **dict.fromkeys(((234, gwno) for gwno in (471, 475, 483)), "ISWAP"),
}


def armed_actors(
    actor_month: pd.DataFrame,
    links: pd.DataFrame,
    names: Mapping[int, str],
    *,
    first: pd.Period,
    last: pd.Period,
) -> pd.DataFrame:
    """Tell when the deadliest armed actors of each country fought.

    Groups are ordered by deaths, those that went into another by rename or merger below it and counted with it.

    Parameters
    ----------
    actor_month, links
        The canonical tables ``actor_month`` and ``actor_lineage``, of one or more countries, or what of them was known.
    names
        UCDP's names by number.
    first, last
        Months shown, both included.

    Returns
    -------
    DataFrame
        One row a run of months with a deadly event, columns `ACTORS`: ``row``, place of the actor among its country's
        from 0; ``into``, who carries it on, or empty; ``start`` and ``end``, the run's first day and the day after its
        last; ``months`` and ``deaths``, all that the actor has in the months shown.
    """
    deadly = actor_month.groupby([*_KEY, "month"], as_index=False)["deaths"].sum()
    deadly = deadly[(deadly["deaths"] >= _DEADLY) & (deadly["month"] <= last.start_time)]
    deadly = deadly.assign(at=pd.PeriodIndex(deadly["month"], freq="M").asi8)
    shown = deadly[deadly["at"] >= first.ordinal]
    rows = shown.groupby(_KEY).agg(months=("at", "size"), deaths=("deaths", "sum"))
    rows = rows.join(deadly.groupby(_KEY)["at"].agg(["min", "max"]))
    special = set(links["gwno"]) - {EVERYWHERE}
    everywhere = lineage(links)
    placed = [
        _placed(own, lineage(links, gwno=gwno) if gwno in special else everywhere)
        for gwno, own in ((int(str(gwno)), own) for gwno, own in rows.reset_index().groupby("gwno"))
    ]
    told = pd.concat([*placed, _placed(rows.iloc[:0].reset_index(), {})]).merge(_runs(shown), on=_KEY)
    for column in ("actor", "into"):
        whose = zip(told[f"{column}_id"], told["gwno"], strict=True)
        told[column] = [_KNOWN_AS.get((who, gwno), names.get(who, str(who))) for who, gwno in whose]
    told["into"] = told["into"].where(told["into_id"] != told["actor_id"], "").astype("str")
    return told.sort_values(["gwno", "row", "start"], ignore_index=True)[list(ACTORS)]


def _placed(own: pd.DataFrame, carried_on: Mapping[int, Mapping[int, pd.Period]]) -> pd.DataFrame:
    """Choose and order the rows of one country: ``row``, and ``into_id``, who stands above an actor or itself."""
    first, last, deaths = (dict(zip(own["actor_id"], own[name], strict=True)) for name in ("min", "max", "deaths"))

    def heir(actor: int) -> int:
        later = [
            other
            for other in deaths
            if actor in carried_on.get(other, {})
            and last[actor] < last[other]
            and last[actor] <= first[other] + _HANDOVER_MONTHS
        ]
        return heir(max(later, key=deaths.__getitem__)) if later else actor

    own = own.assign(into_id=[heir(actor) for actor in own["actor_id"]])
    own["line"] = own.groupby("into_id")["deaths"].transform("sum")
    own["under"] = own["into_id"] != own["actor_id"]
    order = {"line": False, "into_id": True, "under": True, "deaths": False, "actor_id": True}
    own = own.sort_values(list(order), ascending=list(order.values()))
    own = own[own.groupby("into_id").cumcount() <= _FORERUNNERS].head(MOST_ROWS)
    return own.assign(row=range(len(own)))


def _runs(shown: pd.DataFrame) -> pd.DataFrame:
    """Months without a gap, as the first day of the first and the day after the last."""
    ordered = shown.sort_values([*_KEY, "at"])
    new = (ordered[[*_KEY, "at"]].diff() != [0, 0, 1]).any(axis=1)
    runs = ordered.groupby(new.cumsum()).agg(
        gwno=("gwno", "first"), actor_id=("actor_id", "first"), start=("month", "min"), end=("month", "max")
    )
    return runs.assign(end=runs["end"] + pd.offsets.MonthBegin(1))
