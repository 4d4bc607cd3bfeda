"""How earlier issues did: hits, misses, the largest deviations, and skill against persistence since the first issue."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...features.targets.build import learned_as
from ..issue.track_record import running_skill
from ..issue.unit_record import kinds
from .forecasts import MAIN_TARGET, place
from .record_chart import skill_picture

if TYPE_CHECKING:
    from .record_chart import Picture
    from .wording import Wording

__all__ = ["Deviation", "Record", "RecordSkill", "lay_out_record"]

NAMED, DEVIATIONS = 8, 6


@dataclass(frozen=True)
class Deviation:
    """A forecast that was far from what happened.

    Attributes
    ----------
    key, name
        Country.
    said, baseline, happened
        Probability, persistence's, and what happened, as text.
    deaths, expected
        Deaths recorded, and the median and 90 % interval that were forecast.
    kind
        ``hit``, ``miss``, ``false_alarm`` or ``quiet``.
    """

    key: str
    name: str
    said: str
    baseline: str
    happened: str
    deaths: str
    expected: str
    kind: str


@dataclass(frozen=True)
class RecordSkill:
    """Running skill of one level, event and horizon, as text; ``beaten`` is false where persistence was better."""

    event: str
    horizon: int
    issues: str
    forecasts: str
    base_rate: str
    brier: str
    baseline_brier: str
    skill: str
    beaten: bool


@dataclass(frozen=True)
class Record:
    """How earlier issues did.

    Attributes
    ----------
    heading, sentences, notes
        What it says in words, and what to keep in mind beside it.
    counts
        Kind, number and name of hits, misses, false alarms and quiet countries; empty where nothing is settled.
    deviations, deaths
        Furthest from the event, and furthest outside the interval of deaths, each with its caption.
    skill, skill_caption
        Running skill.
    picture
        The same over time, None before a second month.
    """

    heading: str
    sentences: tuple[str, ...]
    notes: tuple[str, ...] = ()
    counts: tuple[tuple[str, str, str], ...] = ()
    deviations: tuple[Deviation, ...] = ()
    deviations_caption: str = ""
    deaths: tuple[Deviation, ...] = ()
    deaths_caption: str = ""
    skill: tuple[RecordSkill, ...] = ()
    skill_caption: str = ""
    picture: Picture | None = None


def lay_out_record(settled: pd.DataFrame, wording: Wording, *, issue: str) -> Record:
    """Lay out how earlier issues did.

    Parameters
    ----------
    settled
        From `faultline.pipelines.issue.track_record.settle`; may be empty.
    wording
        Language.
    issue
        Issue of the brief, ``YYYY-MM``.
    """
    heading = wording.say("record")
    events = settled[settled["outcome"].notna()]
    if events.empty:
        return Record(heading, (wording.say("record.first", issue=wording.month(_day(issue))),))
    last, sentences = _last(events), []
    counts, deviations, caption = (), (), ""
    deaths, deaths_caption = (), ""
    if len(last):
        heading = wording.say("record.of", month=_within(last, wording))
        last = last.assign(kind=kinds(last["probability"], last["outcome"]))
        names = {kind: [_name(row, wording) for row in rows.itertuples()] for kind, rows in _by_kind(last)}
        counts = tuple((kind, wording.count(len(names[kind])), wording.say(f"record.{kind}")) for kind in names)
        sentences += _told(last, names, wording)
        expected = _expected(settled, last)
        far = last.assign(size=(last["probability"] - last["outcome"]).abs()).nlargest(DEVIATIONS, "size")
        deviations = tuple(_deviation(row, expected, wording) for row in far.itertuples())
        caption = wording.say("record.deviations", question=_question(last, wording), within=_within(last, wording))
        deaths, deaths_caption, sentence = _outside(last, expected, wording)
        sentences += [sentence] if sentence else []
    skill = running_skill(settled)
    first = str(events["issue"].min())
    return Record(
        heading=heading,
        sentences=(*sentences[:1], " ".join(sentences[1:])) if sentences else (),
        notes=(*_unsettled(settled, wording), *_backfilled(events, wording)),
        counts=counts,
        deviations=deviations,
        deviations_caption=caption,
        deaths=deaths,
        deaths_caption=deaths_caption,
        skill=_skill_rows(skill, wording),
        skill_caption=wording.say("record.skill", first=wording.month(_day(first))),
        picture=skill_picture(skill, wording),
    )


def _day(month: str) -> pd.Timestamp:
    return pd.Period(month, "M").start_time


def _last(events: pd.DataFrame) -> pd.DataFrame:
    """Countries' forecasts of the main event with the latest window, the shortest of those."""
    own = events[(events["admin_level"] == 0) & (events["target"] == MAIN_TARGET)]
    own = own[own["reference_period_end"] == own["reference_period_end"].max()]
    own = own[own["horizon_months"] == own["horizon_months"].min()]
    return own[own["issue"] == own["issue"].max()]


def _by_kind(rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    ordered = rows.sort_values("probability", ascending=False)
    return [(kind, ordered[ordered["kind"] == kind]) for kind in ("hit", "miss", "false_alarm", "quiet")]


def _name(row: object, wording: Wording) -> str:
    country = wording.country(str(getattr(row, "location_code")), str(getattr(row, "location_name")))  # noqa: B009
    return wording.say("named", unit=country, value=wording.percent(float(getattr(row, "probability"))))  # noqa: B009


def _question(rows: pd.DataFrame, wording: Wording) -> str:
    return wording.name("question", str(rows["target"].iloc[0]))


def _within(rows: pd.DataFrame, wording: Wording) -> str:
    return wording.within(rows["reference_period_start"].iloc[0].date(), rows["reference_period_end"].iloc[0].date())


def _told(last: pd.DataFrame, names: dict[str, list[str]], wording: Wording) -> list[str]:
    hits, misses, alarms = (len(names[kind]) for kind in ("hit", "miss", "false_alarm"))
    sentences = [
        wording.say(
            "record.told",
            issue=wording.month(_day(str(last["issue"].iloc[0]))),
            total=len(last),
            n=hits + alarms,
            question=_question(last, wording),
            within=_within(last, wording),
            hits=hits,
            happened=hits + misses,
        )
    ]
    for kind in ("miss", "false_alarm"):
        shown = names[kind][:NAMED]
        rest = len(names[kind]) - len(shown)
        units = wording.listing([*shown, *([wording.say("record.others", n=rest)] if rest else [])])
        sentences.append(
            wording.say(f"record.{kind}.named", units=units) if shown else wording.say(f"record.no_{kind}")
        )
    return sentences


def _expected(settled: pd.DataFrame, last: pd.DataFrame) -> pd.DataFrame:
    """Forecasts of deaths in the same months by the same issue, by country."""
    counted = settled[settled["admin_level"] == 0]
    for column in ("issue", "reference_period_start", "reference_period_end"):
        counted = counted[counted[column] == last[column].iloc[0]]
    counted = counted[counted["target"].map(learned_as) == "deaths"]
    counted = counted.drop_duplicates("location_code", keep="last").set_index("location_code")
    return counted[["q05", "q50", "q95", "deaths"]]


def _deviation(row: object, expected: pd.DataFrame, wording: Wording) -> Deviation:
    value = {name: getattr(row, name) for name in ("location_code", "probability", "baseline_probability", "deaths")}
    code = str(value["location_code"])
    kind = str(getattr(row, "kind"))  # noqa: B009
    said = wording.say("none")
    if code in expected.index:
        low, median, high = expected.loc[[code], ["q05", "q50", "q95"]].to_numpy(np.float64)[0].tolist()
        span = wording.say("interval", low=wording.count(low), high=wording.count(high))
        said = wording.say("with_interval", value=wording.count(median), interval=span)
    return Deviation(
        key=code,
        name=wording.country(code, str(getattr(row, "location_name"))),  # noqa: B009
        said=wording.percent(float(value["probability"])),
        baseline=wording.percent(float(value["baseline_probability"])),
        happened=wording.say("yes" if kind in {"hit", "miss"} else "no"),
        deaths=wording.count(float(value["deaths"])),
        expected=said,
        kind=kind,
    )


def _outside(last: pd.DataFrame, expected: pd.DataFrame, wording: Wording) -> tuple[tuple[Deviation, ...], str, str]:
    """Countries whose deaths fell outside the interval, and how many fell inside."""
    if expected.empty:
        return (), "", ""
    out = (expected["deaths"] < expected["q05"]) | (expected["deaths"] > expected["q95"])
    sentence = wording.say(
        "record.inside", n=int((~out).sum()), total=len(out), share=wording.share(float((~out).mean()))
    )
    size = (((expected["deaths"] + 1) / (expected["q50"] + 1)).map(math.log).abs()).where(out).dropna()
    far = last.assign(size=last["location_code"].map(size)).dropna(subset="size").nlargest(DEVIATIONS, "size")
    rows = tuple(_deviation(row, expected, wording) for row in far.itertuples())
    return rows, wording.say("record.outside", within=_within(last, wording)), sentence


def _unsettled(settled: pd.DataFrame, wording: Wording) -> list[str]:
    return [] if (settled["admin_level"] == 1).any() else [wording.say("record.no_regions")]


def _backfilled(events: pd.DataFrame, wording: Wording) -> list[str]:
    """Say how many issues were made after the months that they speak of had begun to pass."""
    made = events.groupby("issue")["made_on"].first()
    later = [issue for issue, day in made.items() if pd.notna(day) and day > pd.Period(str(issue), "M").end_time]
    if not later:
        return []
    told = [wording.say("record.backfilled", n=len(later), total=len(made))]
    again = (events["admin_level"] == 1) & events["backfilled"].isin([True])
    return [*told, wording.say("record.regions_known")] if again.any() else told


def _skill_rows(skill: pd.DataFrame, wording: Wording) -> tuple[RecordSkill, ...]:
    rows: list[tuple[tuple[object, ...], RecordSkill]] = []
    for (level, target, horizon), own in skill.groupby(["admin_level", "target", "horizon_months"]):
        last = own.iloc[-1]
        gained = float(last["skill"])
        event = wording.name("target", str(target))
        row = RecordSkill(
            event=event if level == 0 else wording.say("record.regions", event=event),
            horizon=int(str(horizon)),
            issues=wording.count(float(last["issues"])),
            forecasts=wording.count(float(last["forecasts"])),
            base_rate=wording.decimal(float(last["base_rate"])),
            brier=wording.decimal(float(last["brier"]), places=4),
            baseline_brier=wording.decimal(float(last["baseline_brier"]), places=4),
            skill=wording.decimal(gained, signed=True),
            beaten=math.isnan(gained) or gained > 0,
        )
        rows.append(((level, place(str(target)), horizon), row))
    return tuple(row for _, row in sorted(rows, key=lambda pair: pair[0]))
