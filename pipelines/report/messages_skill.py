"""What the brief says of how good the forecasts are, and how they are made, in English: see `messages`."""

from __future__ import annotations

from typing import Final

__all__ = ["SKILL_MESSAGES"]

SKILL_MESSAGES: Final[dict[str, str | tuple[str, ...]]] = {
    # Skill
    "skill": "How good are these numbers?",
    "skill.none": "No check out of sample was run for this issue, so nothing can be said about the forecasts' skill.",
    "skill.how": "The forecasts below were made for past months by models that had seen nothing later, and then "
    "compared with what happened. The pool is scored before its calibration, which is fitted on these same months. "
    "Skill is the part of the baseline's error that the forecast takes away: 0 is no better, below 0 is worse.",
    "skill.gloss": "The Brier score is the mean squared distance between probability and outcome: smaller is better. "
    "The baseline to beat is persistence, the share of the last 12 known windows in which the event happened.",
    "skill.caption": "Brier scores {levels}, origins {first} to {last}. The smallest of each row is bold. On the "
    "right, the pool's skill against each baseline, its area under the ROC curve (AUC) and its average precision.",
    "skill.level.country": "for countries",
    "skill.level.region": "for regions",
    "skill.stratum": "{event}, {stratum} only",
    "skill.event": "Event",
    "skill.horizon": "Months ahead",
    "skill.n": "Forecasts",
    "skill.base_rate": "Base rate",
    "skill.persistence": "Pool against persistence",
    "skill.climatology": "Pool against climatology",
    "skill.auc": "Pool's AUC",
    "skill.ap": "Pool's average precision",
    "skill.beats_all": "{levels_capital}, the pool beat persistence on \u201c{event}\u201d at every horizon checked: "
    "it took away {range} of persistence's Brier error.",
    "skill.beats_some": "{levels_capital}, the pool beat persistence on \u201c{event}\u201d at {good} ahead, but did "
    "NOT beat it at {bad} ahead.",
    "skill.beats_none": "{levels_capital}, the pool did NOT beat persistence on \u201c{event}\u201d at any horizon "
    "checked: the baseline is the better guide there.",
    "skill.unknown": "{levels_capital}, the pool was not compared with persistence on \u201c{event}\u201d.",
    "skill.climatology.none": "{levels_capital}, the pool did NOT beat climatology, each unit's own long-run "
    "rate, on \u201c{event}\u201d at {bad} ahead: the long-run rate is the better guide there.",
    "skill.members": "Of the {total} rows {levels}, {n} have a single forecaster that scored better than the "
    "pool, which is what this brief shows.",
    "skill.base": "Read average precision beside the base rate, which is what a forecast without skill would reach.",
    "forecaster.pool": "Pool",
    "forecaster.persistence": "Persistence",
    "forecaster.climatology": "Climatology",
    "forecaster.logit": "Logit",
    "forecaster.lightgbm": "LightGBM",
    "forecaster.hazard": "Hazard",
    "forecaster.rare_logit": "Logit for rare events",
    "forecaster.rare_lightgbm": "LightGBM for rare events",
    "forecaster.conflictology": "Last 12 months of the unit",
    "forecaster.6 months": "last 6 months",
    "forecaster.12 months": "last 12 months",
    "forecaster.12 months, halved": "last 12 months, halved",
    "forecaster.12 months, doubled": "last 12 months, doubled",
    "forecaster.24 months": "last 24 months",
    "forecaster.60 months": "last 60 months",
    "forecaster.last month": "last month",
    "forecaster.hurdle": "hurdle",
    "stratum.at risk": "at risk",
    # Method and limits
    "method": "Method and limits",
    "method.1": "For each unit, event and horizon the brief shows the probability that the event happens within "
    "the months after the last complete month of data. The table of models names the forecasters that it is made of, "
    "with their weights, and what each reads, as it was known at each past month. The 90% interval says how unsure "
    "the calibration and the forecasters leave the probability itself.",
    "method.2": "Deaths are the best estimate of the events' source (UCDP, unless the data are a user's own), from "
    "state-based, non-state and one-sided violence together.",
    "method.deaths.conflictology": "The median and range of deaths are those of the unit's own last 12 windows of the "
    "same length; they are a baseline, not a forecast.",
    "method.deaths.model": "The median and range of deaths are read from 1,000 simulated courses of the coming months.",
    "method.3": "Risk classes have fixed edges, so that two issues can be compared.",
    "limits": "Limits",
    "limits.1": "Events show where armed groups fight, not who controls a place: full control is quiet.",
    "limits.2": "What moves a score is associated with it in past data. It is not shown to cause it, and "
    "changing it need not change the risk.",
    "limits.3": "Reports of violence are incomplete and late, most of all where journalists cannot work. Recent "
    "months are revised.",
    "limits.4": "Events without precedent in the unit's own past, such as a war's first month, are seldom foreseen.",
    "limits.5": "A probability of 20% is right if the event happens one time in five. One outcome does not prove "
    "it right or wrong.",
    "sources": "Data and licences",
    "table_of": "Table: {name}",
    "sources.table": "Used in",
    "sources.source": "Source and version",
    "sources.licence": "Licence",
    "sources.coverage": "Months",
    "sources.rows": "{table} ({rows} rows)",
    "sources.version": "{source}; version {version}",
    "sources.none": "The sources were not recorded for this issue.",
    "models": "Models",
    "models.name": "Model",
    "models.version": "Version",
    "models.run": "MLflow run",
    "models.boundaries": "Boundaries",
    "models.for": "Used for",
    "models.parts": "Made of",
    "models.blocks": "Reads, beside its own past",
    "models.share": "{member} {share}",
    "models.part.events": "{made_of} ({ahead} months ahead)",
    "models.part.deaths": "{made_of} ({ahead} months ahead, from {least} deaths a month on)",
    "card": "Model card",
    "card.what": "What it is",
    "card.what.text": "For each level, event and horizon a forecaster of its own, most often a weighted pool of a "
    "logit and a small LightGBM. The table below names the parts of each and their weights.",
    "card.use": "Meant for",
    "card.use.text": "Early warning, planning and research: which countries and regions deserve attention, and how "
    "sure one can be. Rank by it, compare over time, and read it beside people who know the place.",
    "card.misuse": "Not meant for",
    "card.misuse.text": "Targeting of persons or groups, decisions on asylum or aid without other knowledge, trading "
    "on single numbers, or claims about what causes violence.",
    "card.data": "Learned from",
    "card.data.text": "UCDP's events since 1989, each as known at the end of each past month. No ACLED, no news text, "
    "no social media, nothing about persons.",
    "card.from.events": "Beside an event's own past, probabilities rest on {blocks}.",
    "card.from.deaths": "Deaths rest on the unit's own past deaths and on {blocks}.",
    "card.coded": "Where foreign forces or transitions are not coded, models are told so, and not that there are none.",
    "card.own_past": "nothing further",
    "block.history": "the unit's own violence",
    "block.neighbours": "violence around it",
    "block.deployments": "foreign forces",
    "block.transitions": "coups, elections, transitions and regimes",
    "block.armed_field": "its armed groups",
    "block.territory": "how contested its territory is",
    "card.tested": "Tested on",
    "card.tested.text": "Later origins held back with an embargo of the horizon; the scores are under \u201cHow good "
    "are these numbers?\u201d, and what became of earlier issues stands at the head.",
    "card.weak": "Where it is weak",
    "card.weak.text": "First months of a war in a quiet place; places where nobody can report; regions whose events "
    "are not bundled; rare events, where a low number is no all-clear.",
    "footer": "Made by faultline. The numbers of this brief are in the flat tables of the same issue.",
}
