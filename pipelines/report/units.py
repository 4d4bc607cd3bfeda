"""What the page tells of a unit when it is opened, for all units, in compact form."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...features.facts.coverage import OLD_AFTER_DAYS
from ...features.facts.deployments import FIGURE_LASTS_MONTHS
from .packing import zeros_in_runs
from .precedents import precedent_lines
from .revisions import revision_sentences
from .status import badges
from .unit_record import said_and_happened

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence
    from datetime import date

    from .contents import BriefContents
    from .forecasts import Forecast
    from .histories import History
    from .wording import Wording

__all__ = ["QUANTILES", "fans", "unit_data"]

QUANTILES = ("q05", "q25", "q50", "q75", "q95")


def unit_data(
    contents: BriefContents,
    everything: Sequence[Forecast],
    histories: Mapping[tuple[int, str], History],
    wording: Wording,
) -> dict[str, Any]:
    """Gather what is told of each unit.

    Parameters
    ----------
    contents
        Facts of the countries, and forecasts of deaths.
    everything, histories
        All forecasts, and deaths by unit.
    wording
        Language.

    Returns
    -------
    dict
        ``units``: by level and key (``0:MLI``), the name, country, state of the data (a position in ``states``),
        ``past`` (first month, then deaths a month) and ``ahead`` (first month, then `QUANTILES` of each month), both
        with zeros in runs.
        ``forces``, ``announced`` (each at the row of its force), ``steps``, ``parts``, ``precedents``: by country.
        ``coded``: countries of which an absence of facts may be told; ``searched``: by country, what was not searched,
        or not lately, as positions in ``sentences``. ``said``: by country, what was said and what happened
        (`said_and_happened`).
    """
    units, states = _units(contents, everything, histories, wording)
    sentences: dict[str, int] = {}
    return {
        "units": units,
        "states": states,
        "forces": _forces(contents.forces, contents.issue_date, wording),
        "announced": _announced(contents.announced, wording),
        "steps": _steps(contents.steps, wording),
        "parts": _parts(contents.parts, everything, wording),
        "precedents": precedent_lines(contents.precedents, wording),
        "coded": _all_coded(contents.coded),
        "searched": {
            country: [sentences.setdefault(sentence, len(sentences)) for sentence in told]
            for country, told in _searched(contents, {unit["country"] for unit in units.values()}, wording).items()
        },
        "sentences": list(sentences),
        "said": said_and_happened(contents.record, wording),
    }


def _units(
    contents: BriefContents,
    everything: Sequence[Forecast],
    histories: Mapping[tuple[int, str], History],
    wording: Wording,
) -> tuple[dict[str, dict[str, Any]], list[tuple[Any, ...]]]:
    """Units by level and key, and the states of the data that they are in."""
    states: dict[tuple[Any, ...], int] = {}
    units: dict[str, dict[str, Any]] = {}
    ahead = fans(contents.scores)
    revised = revision_sentences(contents.revised, wording)
    for f in everything:
        name = f"{f.level}:{f.key}"
        if name in units:
            continue
        notes = tuple(wording.warning(text) for text in f.warnings if not text.startswith("rests on"))
        notes += (wording.say("provisional"),) if f.provisional else ()
        notes += revised.get(f.key, ()) if f.level == 0 else ()
        history = histories.get((f.level, f.key))
        notes += () if history is None else tuple(sentence for _, sentence in history.totals)
        marks = tuple((badge.kind, badge.word) for badge in badges(f, wording) if badge.kind != "warning")
        state = (wording.say("unit.through", day=wording.day(f.through)), marks, notes)
        units[name] = {
            "name": f.name,
            "country": f.country,
            "within": f.country_name if f.level == 1 else "",
            "state": states.setdefault(state, len(states)),
            "past": _past(history),
            "ahead": _ahead(ahead.get((f.level, f.key))),
        }
    return units, list(states)


def _past(history: History | None) -> list[Any] | None:
    if history is None or history.deaths.empty:
        return None
    months = history.deaths.index.to_numpy().astype("datetime64[M]")
    at = months.astype(np.int64).tolist()
    known = {month: value for month, value in zip(at, history.deaths.tolist(), strict=True) if not math.isnan(value)}
    whole = [round(known[month]) if month in known else None for month in range(at[0], at[-1] + 1)]
    return [str(months[0]), zeros_in_runs(whole)]


def _ahead(fan: list[Any] | None) -> list[Any] | None:
    if fan is None:
        return None
    unknown = [None] * len(QUANTILES)
    return [fan[0], zeros_in_runs([value for quantiles in fan[1] for value in quantiles or unknown])]


def fans(scores: pd.DataFrame) -> dict[tuple[int, str], list[Any]]:
    """Quantiles of the deaths in single months ahead, by level and key: the first month, then one list a month."""
    rows = scores[(scores["target"] == "deaths") & scores["q50"].notna()]
    start, end = (rows[f"reference_period_{edge}"].dt.to_period("M") for edge in ("start", "end"))
    rows = rows.assign(month=start)[start == end].sort_values("month")
    key = rows["admin1_code"].where(rows["admin_level"] == 1, rows["location_code"]).astype("str")
    of_unit: dict[tuple[int, str], dict[int, list[float]]] = {}
    months = pd.PeriodIndex(rows["month"], freq="M").asi8.tolist()
    columns = (rows["admin_level"].tolist(), key.tolist(), months, rows[list(QUANTILES)].to_numpy(float).tolist())
    for level, unit, month, quantiles in zip(*columns, strict=True):
        of_unit.setdefault((level, unit), {}).setdefault(month, [_short(v) for v in quantiles])
    return {
        unit: [str(pd.Period(ordinal=min(own), freq="M")), [own.get(m) for m in range(min(own), max(own) + 1)]]
        for unit, own in of_unit.items()
    }


def _short(value: float) -> float:
    """A tenth is enough for a picture, and a whole number needs no point."""
    rounded = round(value, 1)
    return int(rounded) if rounded.is_integer() else rounded


def _forces(forces: pd.DataFrame, issue_date: date, wording: Wording) -> dict[str, list[dict[str, str]]]:
    """Stays by country: those of one force share a row."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in forces.sort_values(["start", "force"]).to_dict("records"):
        start, end = row["start"].date(), row["end"].date()
        span = wording.say("unit.since", first=wording.month(start))
        span = span if row["goes_on"] else wording.say("period", first=wording.month(start), last=wording.month(end))
        label = _force_label(row, wording)
        people = "" if pd.isna(row["people"]) else _people(row, min(end, issue_date), wording)
        when = wording.say("unit.counted", span=span, people=people) if people else span
        found.setdefault(str(row["location_code"]), []).append(
            {
                "label": label,
                "sender": str(row["sender"]),
                "from": str(start),
                "to": str(end),
                "words": wording.say("unit.fact", what=label, when=when),
            }
        )
    return found


def _people(row: Mapping[Hashable, Any], until: date, wording: Wording) -> str:
    """Say the latest figure of a stay; one that was old at a day is marked."""
    old = pd.Period(until, "M").ordinal - row["counted_on"].to_period("M").ordinal
    key = "unit.people_old" if old > FIGURE_LASTS_MONTHS else "unit.people"
    return wording.say(key, n=round(row["people"]), month=wording.month(row["counted_on"].date()))


def _announced(announced: pd.DataFrame, wording: Wording) -> dict[str, list[dict[str, str]]]:
    """Withdrawals by country, announced or called off, each with the label of the force's row."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in announced.sort_values(["date", "force"]).to_dict("records"):
        force = wording.mission(str(row["force"]))
        if row["called_off"]:
            what = wording.say("unit.called_off", force=force)
        elif pd.isna(row["announced_end"]):
            what = wording.say("unit.withdrawal", force=force)
        else:
            what = wording.say("unit.withdrawal_by", force=force, day=wording.day(row["announced_end"].date()))
        day = row["date"].date()
        found.setdefault(str(row["location_code"]), []).append(
            {
                "label": _force_label(row, wording),
                "shape": "cross" if row["called_off"] else "diamond",
                "at": str(day),
                "words": wording.say("unit.fact", what=what, when=wording.day(day)),
            }
        )
    return found


def _all_coded(coded: pd.DataFrame) -> list[str]:
    """Countries for which facts of every kind are coded."""
    whole = coded["searched_until"].notna().groupby(coded["location_code"]).all()
    return sorted(whole.index[whole.astype("bool")].astype("str"))


def _searched(contents: BriefContents, countries: set[str], wording: Wording) -> dict[str, list[str]]:
    """What was not searched in some countries, or not up to the issue, in sentences."""
    found: dict[str, list[str]] = {}
    for row in contents.coded[contents.coded["location_code"].isin(countries)].to_dict("records"):
        kind, told = str(row["kind"]), found.setdefault(str(row["location_code"]), [])
        if pd.isna(row["searched_until"]):
            told.append(wording.say(f"coded.not.{kind}"))
            if kind == "deployments" and row["un_bases"] > 0:
                troops, bases = (wording.count(row[name]) for name in ("un_troops", "un_bases"))
                told.append(wording.say("coded.un", troops=troops, bases=bases))
            continue
        until = row["searched_until"].date()
        age = (contents.issue_date - until).days
        if age >= OLD_AFTER_DAYS:
            told.append(wording.say(f"coded.old.{kind}", day=wording.day(until), n=age))
    return found


def _force_label(row: Mapping[Hashable, Any], wording: Wording) -> str:
    return wording.say(
        "unit.force", force=wording.mission(str(row["force"])), sender=wording.name("sender", str(row["sender"]))
    )


def _steps(steps: pd.DataFrame, wording: Wording) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in steps.sort_values(["date", "step"]).to_dict("records"):
        label = wording.name("step", str(row["step"]))
        whose = ", ".join(wording.name("subject", part) for part in str(row["label"]).split(", "))
        what = wording.say("unit.step_of", step=label, whose=whose) if whose else label
        day = row["date"].date()
        found.setdefault(str(row["location_code"]), []).append(
            {
                "label": label,
                "kind": str(row["kind"]),
                "at": str(day),
                "words": wording.say("unit.fact", what=what, when=wording.day(day)),
            }
        )
    return found


def _parts(parts: pd.DataFrame, everything: Sequence[Forecast], wording: Wording) -> dict[str, list[list[str]]]:
    """What fragmentation is made of in each country that has any of it, as label and value."""
    scored = {f.key for f in everything if f.level == 0}
    found: dict[str, list[list[str]]] = {}
    for row in parts.to_dict("records"):
        if row["location_code"] not in scored:
            continue
        told = [
            (wording.say("parts.groups"), wording.count(row["groups"])),
            (wording.say("parts.effective"), wording.decimal(row["effective_groups"], places=1)),
            (wording.say("parts.new"), wording.count(row["new_groups"])),
        ]
        if not pd.isna(row["regions"]):
            month = wording.month(pd.Period(row["regions_through"], "M").start_time.date())
            told.append(
                (
                    wording.say("parts.contested", month=month),
                    wording.say("parts.of", n=int(row["contested"]), total=int(row["regions"])),
                )
            )
        if not pd.isna(row["contested_share_population"]):
            told.append((wording.say("parts.people"), wording.share(row["contested_share_population"])))
        if not pd.isna(row["tfi"]):
            month = wording.month(pd.Period(row["sides_through"], "M").start_time.date())
            told.append((wording.say("parts.index", month=month), wording.decimal(row["tfi"], places=2)))
            if isinstance(row["leading_bloc"], str):
                bloc = wording.say("named", unit=row["leading_bloc"], value=wording.count(row["leading_bloc_regions"]))
                told.append((wording.say("parts.leading", month=month), bloc))
        found[str(row["location_code"])] = [list(pair) for pair in told]
    return found
