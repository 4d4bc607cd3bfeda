"""The case of Mali by region: what was said of Mopti, Ségou, Gao, Ménaka, Timbuktu and Kidal, beside what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ...features.errors import CoverageError
from ...features.panels.build import panel_of
from ...features.panels.control import contested
from ...features.targets.build import TARGETS, label_history
from ...models.rows.design import label
from ..base.markdown import table_lines
from ..learn.train import train_level

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ...features.arrays import BoolArray
    from ...features.panels.panel import Panel
    from ...features.tables.snapshot import Snapshot
    from ..base.progress import Progress
    from ..base.settings import Settings

__all__ = ["REGIONS", "REGION_ORIGINS", "REGION_QUESTIONS", "region_forecasts", "region_section"]

#: Regions that are told of, in the order in which they are.
REGIONS: Final = ("ML-8", "ML-6", "ML-7", "ML-9", "ML-5", "ML-4")
#: Quarters of the rebellion in the north and of the departures since 2021.
REGION_ORIGINS: Final = tuple(
    pd.Period(year=year, month=month, freq="M") for year in (2012, 2021, 2022, 2023, 2024) for month in (2, 5, 8, 11)
)
#: Target and horizon of each question asked of a region, with the words for it.
REGION_QUESTIONS: Final = {
    ("violence_25", 3): "at least 25 deaths within 3 months",
    ("contestation", 12): "control, uncontested for a year, contested within 12 months",
}
_YES_NO: Final = {1.0: "yes", 0.0: "no"}


def region_forecasts(
    settings: Settings,
    snapshot: Snapshot,
    progress: Progress,
    *,
    origins: Iterable[pd.Period] = REGION_ORIGINS,
) -> pd.DataFrame:
    """Learn from all regions as of each quarter, score those of Mali, and look up what happened.

    Returns
    -------
    One row a quarter, question and region: ``origin``, ``target``, ``horizon_months``, ``region``, ``probability`` (NaN
    where there was too little history to learn from, or where the region was contested already), ``baseline`` (NaN too
    where no window had ended yet), ``contested``, ``at_risk`` and ``outcome``.
    """
    today = panel_of(snapshot, "region")
    lost = contested(today)
    asked = tuple(origins)
    rows: list[dict[str, object]] = []
    with progress.stage("Learning from the regions as of each quarter", len(asked)) as done:
        for origin in asked:
            panel = panel_of(snapshot, "region", as_of=origin)
            units = panel.units.index.get_indexer(pd.Index(REGIONS))
            for name, horizon in REGION_QUESTIONS:
                target = TARGETS[name]
                asked_of = target.at_risk(panel)[-1, units] if target.only_at_risk else np.ones(len(units), bool)
                probability, baseline = _told(panel, (name, horizon), units, asked_of, settings)
                outcome = target.label(today, horizon)[today.position(origin)]
                about = {"origin": str(origin), "target": name, "horizon_months": horizon}
                for unit, p, b, at_risk in zip(units, probability, baseline, asked_of, strict=True):
                    told = {
                        "region": panel.units["name"].iloc[unit],
                        "probability": p,
                        "baseline": b,
                        "contested": bool(lost[today.position(origin), unit]),
                        "at_risk": bool(at_risk),
                        "outcome": float(outcome[unit]),
                    }
                    rows.append({**about, **told})
            done()
    return pd.DataFrame(rows)


def _told(
    panel: Panel, question: tuple[str, int], units: NDArray[np.int64], asked: BoolArray, settings: Settings
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Probability of each unit as its model gives it, and by persistence; NaN where it cannot be told."""
    name, horizon = question
    target, at = TARGETS[name], panel.shape[0] - 1
    labels = target.label(panel, horizon)
    persistence = label_history(labels, horizon).persistence[at, units]
    probability = np.full(len(units), np.nan)
    # where no window has ended yet, persistence is one half for want of anything to tell it from
    told = asked & (~np.isnan(labels[: at + 1 - horizon, units])).any(axis=0)
    persistence = np.where(told, persistence, np.nan)
    if asked.any():
        try:
            campaign = train_level(
                panel, horizons=(horizon,), targets=(name,), seed=settings.seed, threads=settings.threads
            )
        except CoverageError:  # the counts by region begin in 2010
            return probability, persistence
        inputs = label(panel, target, horizon).inputs(campaign.features, np.full(int(asked.sum()), at), units[asked])
        probability[asked] = campaign.models[name].horizons[horizon].forecast(inputs).probability
    return probability, persistence


def region_section(table: pd.DataFrame) -> list[str]:
    """Lines of Markdown: each question as quarters by regions, and how far what was said went with what happened."""
    lines = [
        "## By region",
        "",
        "The regions are counted from January 2010 on, so that in 2012 there was too little to learn from: there,",
        "persistence stands alone, marked by an asterisk. A cell is the probability and, after the stroke, whether it",
        "happened. A region that is contested already cannot become so: it is marked as contested.",
    ]
    for (name, horizon), words in REGION_QUESTIONS.items():
        rows = table[(table["target"] == name) & (table["horizon_months"] == horizon)]
        regions = list(dict.fromkeys(rows["region"]))
        lines += ["", f"### {words[0].upper()}{words[1:]} (`{name}`, H = {horizon})", ""]
        cells = {(row["origin"], row["region"]): _cell(row) for _, row in rows.iterrows()}
        lines += table_lines(
            ("as of", *regions),
            ((origin, *(cells[origin, region] for region in regions)) for origin in dict.fromkeys(rows["origin"])),
        )
        lines += ["", _agreement(rows)]
    return lines


def _cell(row: pd.Series) -> str:
    happened = _YES_NO.get(row["outcome"], "not known yet")
    if not np.isnan(row["probability"]):
        return f"{row['probability']:.0%} / {happened}"
    if not np.isnan(row["baseline"]):
        return f"{row['baseline']:.0%}* / {happened}"
    if not row["at_risk"]:
        return "contested" if row["contested"] else "contested within the year"
    return f"nothing to tell it from / {happened}"


def _agreement(rows: pd.DataFrame) -> str:
    known = rows[rows["outcome"].notna() & rows["probability"].notna()]
    if known.empty:
        return "Nothing can be compared."
    came = known["outcome"] == 1
    brier = ((known["probability"] - known["outcome"]) ** 2).mean()
    base = ((known["baseline"] - known["outcome"]) ** 2).mean()
    scores = f"Brier score {brier:.3f}, persistence {base:.3f}."
    told = f"Forecasts: {len(known)}, of which {int(came.sum())} came true; {scores}"
    if came.all() or not came.any():
        return told
    yes, no = (known.loc[which, "probability"].mean() for which in (came, ~came))
    return f"{told} The mean forecast was {yes:.0%} where it happened and {no:.0%} where it did not."
